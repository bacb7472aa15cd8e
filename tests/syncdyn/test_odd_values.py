"""Odd values, from the caller or from the service: each ends in an error of the API, never in another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from syncdyn import ApiError, ConfigurationError, DownloadError, RequestValidationError
from tests.syncdyn.fakes import CREATE, GENERATION, GENERATION_ID, Connect, Service, answer

HALF = "\ud800"
READY = answer(200, GENERATION)


def endless() -> dict[str, Any]:
    """An object that holds itself."""
    found: dict[str, Any] = {}
    found["a"] = found
    return found


def added(**options: Any) -> dict[str, Any]:
    return {"request_options": options}


ARGUMENTS: dict[str, Callable[[Any], Any]] = {
    "half-a-character-in-path": lambda client: client.generations.get(HALF),
    "in-query": lambda client: client.assets.list(search_query=HALF),
    "in-body": lambda client: client.generations.create(**CREATE, webhook_url=f"https://x.example.com/{HALF}"),
    "in-form": lambda client: client.generations.create_with_files(model="lipsync-2", webhook_url=f"https://x/{HALF}"),
    "in-more-query": lambda client: client.models.list(**added(additional_query_parameters={"a": HALF})),
    "in-more-body": lambda client: client.generations.create(**CREATE, **added(additional_body_parameters={"a": HALF})),
    "endless": lambda client: client.generations.create(**CREATE, options=endless()),
    "not-a-number": lambda client: client.generations.create(**CREATE, options={"temperature": float("nan")}),
    "no-json": lambda client: client.generations.create(**CREATE, **added(additional_body_parameters={"a": object()})),
    "field-name-with-umlaut": lambda client: client.models.list(**added(additional_headers={"Ü": "x"})),
    "field-name-with-line-break": lambda client: client.models.list(**added(additional_headers={"A\nB": "x"})),
    "no-field-name": lambda client: client.models.list(**added(additional_headers={"": "x"})),
    "deadline": lambda client: client.models.list(**added(deadline=object())),
}


@pytest.mark.parametrize("call", ARGUMENTS.values(), ids=ARGUMENTS.keys())
def test_what_has_no_wire_form_is_a_fault_of_the_arguments(connect: Connect, call: Callable[[Any], Any]) -> None:
    service = Service(READY)
    with pytest.raises(RequestValidationError):
        call(connect(service))
    assert service.requests == []


@pytest.mark.parametrize("target", ["https://[", "https://x:99999999/", "https://x:y/", "http://", "mailto:a@b.c"])
def test_a_redirect_to_no_address_is_not_followed(connect: Connect, target: str) -> None:
    service = Service(answer(302, headers={"Location": target}))
    with pytest.raises(ApiError):
        connect(service, max_retries=0).generations.get(GENERATION_ID)
    assert len(service.requests) == 1


@pytest.mark.parametrize("url", ["https://[", "https://x:99999999", "https://x:y", "https://", "x", "file:///etc"])
def test_a_base_url_that_is_none_is_refused(connect: Connect, url: str) -> None:
    with pytest.raises(ConfigurationError, match="is no absolute http"):
        connect(Service(), base_url=url)


@pytest.mark.parametrize("url", ["", "/a/b", "https://[", "file:///etc/passwd", "ftp://x.example.com/a"])
def test_a_download_from_no_address_is_refused(connect: Connect, tmp_path: Path, url: str) -> None:
    service = Service(READY)
    with pytest.raises(DownloadError, match="is no absolute http"):
        connect(service).download(url, tmp_path)
    assert service.requests == []


@pytest.mark.parametrize("bad", [b"no json", b"\xff\xfe", b"[" * 100_000], ids=["text", "bytes", "deep"])
def test_a_line_that_is_no_record_is_told_by_its_number(connect: Connect, bad: bytes) -> None:
    lines = b'{"request_id":"r1"}\n\n' + bad + b"\n"
    records = iter(connect(Service(answer(200, content=lines))).batch.results("https://f.example.com/r"))
    assert next(records).request_id == "r1"
    with pytest.raises(DownloadError, match="line 3 of the text cannot be read"):
        next(records)
