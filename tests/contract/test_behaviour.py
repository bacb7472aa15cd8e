"""What a service does from call to call, by the client of the bundled API: for mock servers that are able to."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from syncdyn import NotFoundError, Sync, UnauthorizedError
from tests.contract.abilities import KEY, Engine

SPEECH: list[dict[str, Any]] = [
    {"type": "video", "url": "https://media.example.com/talk.mp4?seconds=4"},
    {"type": "audio", "url": "https://media.example.com/talk.wav?seconds=4"},
]


@pytest.fixture
def client(service: Engine) -> Any:
    with Sync(api_key=KEY, base_url=service.url, validate="strict", max_retries=0) as client:
        yield client


@pytest.mark.needs("state")
def test_what_is_created_is_found(client: Any) -> None:
    created = client.generations.create(model="lipsync-2", input=SPEECH)
    assert client.generations.get(created.id).id == created.id
    assert created.id in [one.id for one in client.generations.list()]


@pytest.mark.needs("state")
def test_what_nobody_created_is_not_found(client: Any) -> None:
    with pytest.raises(NotFoundError):
        client.generations.get("11111111-2222-4333-8444-555555555555")


@pytest.mark.needs("state", "jobs")
def test_a_job_ends(client: Any) -> None:
    created = client.generations.create(model="lipsync-2", input=SPEECH)
    assert created.status == "PENDING"
    assert client.generations.wait(created.id, deadline=20).status == "COMPLETED"


@pytest.mark.needs("keys")
def test_another_key_is_refused(service: Engine) -> None:
    with Sync(api_key="wrong-key", base_url=service.url, max_retries=0) as client, pytest.raises(UnauthorizedError):
        client.models.list()


@pytest.mark.needs("allow")
@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE"])
def test_a_method_that_is_not_there_is_told_with_those_that_are(service: Engine, method: str) -> None:
    """RFC 9110, section 15.5.6."""
    answer = httpx.request(method, f"{service.url}/v2/models", headers={"x-api-key": KEY})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
