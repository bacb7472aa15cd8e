from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from mockserver.app import Delivery
from mockserver.clock import VirtualClock
from mockserver.host import Host
from mockserver.serving.transport import AsyncHostTransport, HostTransport, WebhookSender
from tests.mockserver.fake_core import HOOK, FakeCore


@pytest.fixture
def host() -> Host:
    return Host(FakeCore(), clock=VirtualClock(0.0))


def test_a_client_calls_the_mock_without_a_socket(host: Host) -> None:
    with httpx.Client(transport=HostTransport(host), base_url="http://mock") as client:
        answer = client.post("/a%2Fb", params={"q": "é"}, content=b"abc", headers={"X-Name": "1"})
    assert answer.text == "0 POST http://mock/a%2Fb?q=%C3%A9 3"
    assert host.journal[0].request.headers["x-name"] == "1"


@pytest.mark.anyio
async def test_an_asynchronous_client_calls_the_mock_without_a_socket(host: Host) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"ab"
        yield b"c"

    async with httpx.AsyncClient(transport=AsyncHostTransport(host), base_url="http://mock") as client:
        answer = await client.post("/a", content=chunks())
    assert answer.text == "0 POST http://mock/a 3"


def test_a_streamed_body_arrives_whole(host: Host) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"ab"
        yield b"c"

    with httpx.Client(transport=HostTransport(host), base_url="http://mock") as client:
        assert client.post("/a", content=chunks()).text.endswith(" 3")


def test_head_tells_the_length_of_a_body_it_does_not_have(host: Host) -> None:
    with httpx.Client(transport=HostTransport(host), base_url="http://mock") as client:
        answer = client.head("/get-only")
    assert (answer.content, int(answer.headers["content-length"]) > 0) == (b"", True)


def test_due_webhooks_are_handed_over_after_the_request(host: Host) -> None:
    seen: list[Delivery] = []
    with httpx.Client(transport=HostTransport(host, seen.append), base_url="http://mock") as client:
        client.post("/hook")
        client.get("/a")
    assert [each.url for each in seen] == [HOOK.url]


def test_webhooks_stay_queued_where_nobody_takes_them(host: Host) -> None:
    with httpx.Client(transport=HostTransport(host), base_url="http://mock") as client:
        client.post("/hook")
    assert len(host.take_due()) == 1


@pytest.mark.anyio
async def test_a_webhook_is_a_post_that_follows_no_redirect() -> None:
    seen: list[httpx.Request] = []

    def receiver(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(307, headers={"location": "http://127.0.0.1/elsewhere"})

    sender = WebhookSender(httpx.MockTransport(receiver))
    assert await sender(HOOK) == 307
    (request,) = seen
    assert (request.method, str(request.url), request.content) == ("POST", HOOK.url, b"{}")
    assert request.headers["content-type"] == "application/json"
