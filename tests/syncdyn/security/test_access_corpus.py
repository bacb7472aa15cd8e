"""Real documents: where one secret goes, and to which servers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from syncdyn import Client, ConfigurationError
from tests.syncdyn.fakes import Clock, Connect, Service, answer

UPLOADS = "https://uploads.github.com"
UPLOAD = {"owner": "o", "repo": "r", "release_id": 1, "name": "a.zip"}


def sent(clock: Clock, path: Path, operation: str, arguments: dict[str, Any], **options: Any) -> httpx.Request:
    service = Service(answer(204))
    options = {"auth": "t0ken-s3cret", "validate": "off", **options}
    client: Any = Client(path, transport=Connect(clock).transport(Connect(clock).http(service)), **options)
    client.operations[operation](**arguments)
    return service.last


PLACES: dict[str, tuple[str, str, dict[str, Any], str, str]] = {
    "says-nothing": ("github.json", "repos/get", {"owner": "o", "repo": "r"}, "authorization", "Bearer t0ken-s3cret"),
    "basic-or-bearer": ("stripe.json", "GetBalance", {}, "authorization", "Bearer t0ken-s3cret"),
    "bearer": ("openai.yaml", "listModels", {}, "authorization", "Bearer t0ken-s3cret"),
    "key-or-oauth": ("petstore.yaml", "getPetById", {"pet_id": 1}, "api_key", "t0ken-s3cret"),
    "oauth": ("petstore.yaml", "deletePet", {"pet_id": 1, "api_key": "k"}, "authorization", "Bearer t0ken-s3cret"),
}


@pytest.mark.parametrize(("name", "operation", "arguments", "field", "value"), PLACES.values(), ids=PLACES.keys())
def test_one_secret_serves_them_all(
    clock: Clock,
    corpus: Callable[[str], Path],
    name: str,
    operation: str,
    arguments: dict[str, Any],
    field: str,
    value: str,
) -> None:
    assert sent(clock, corpus(name), operation, arguments).headers[field] == value


def test_a_server_of_an_operations_own_is_asked_with_leave_only(clock: Clock, corpus: Callable[[str], Path]) -> None:
    path, operation = corpus("github.json"), "repos/upload-release-asset"
    with pytest.raises(ConfigurationError, match=r"allowed_origins=\['https://uploads\.github\.com'\]"):
        sent(clock, path, operation, UPLOAD)
    request = sent(clock, path, operation, UPLOAD, allowed_origins=[UPLOADS])
    assert (request.url.host, "authorization" in request.headers) == ("uploads.github.com", True)
    assert sent(clock, path, operation, UPLOAD, base_url="https://ghe.example.com/api/v3").url.host == "ghe.example.com"
