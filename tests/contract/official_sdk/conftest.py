"""Mocks over real sockets, once per module, and the SDK's two clients; each test is run with both."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

import pytest
import sync as sdk

from mockserver import Mock, VirtualClock
from tests.contract.official_sdk.calling import JOB_SECONDS, Caller, Service

#: How the mocks are set up that the tests call.
_SETTINGS: dict[str, dict[str, Any]] = {
    "open": {},
    "creator": {"plan": "creator"},
    "scale": {"plan": "scale"},
    "rated": {"rate_limit": True},
}


@pytest.fixture(scope="module")
def services() -> Iterator[dict[str, Service]]:
    with ExitStack() as stack:
        made = {}
        for name, settings in _SETTINGS.items():
            clock = VirtualClock()
            mock = Mock(clock=clock, job_seconds=JOB_SECONDS, **settings)
            made[name] = Service(mock, clock, stack.enter_context(mock.serve()))
        yield made


@pytest.fixture(autouse=True)
def _anew(services: dict[str, Service]) -> None:
    for service in services.values():
        service.mock.reset()


@pytest.fixture(scope="module", params=["sync", "async"])
def connect(request: pytest.FixtureRequest) -> Iterator[Callable[[str, str], Caller]]:
    """Makes callers, by address and key; the same one for the same two."""
    loop = asyncio.new_event_loop()
    closing: list[Callable[[], Any]] = []

    def blocking(url: str, key: str) -> Caller:
        client = sdk.Sync(base_url=url, api_key=key)
        closing.append(_httpx_of(client).close)
        return Caller(client, lambda result: result)

    def awaiting(url: str, key: str) -> Caller:
        client = sdk.AsyncSync(base_url=url, api_key=key)
        closing.append(lambda: loop.run_until_complete(_httpx_of(client).aclose()))
        return Caller(client, lambda result: loop.run_until_complete(_awaited(result)))

    yield cache({"sync": blocking, "async": awaiting}[request.param])
    for close in closing:
        close()
    loop.close()


def _httpx_of(client: Any) -> Any:
    # The SDK cannot be closed; its connections are its own affair, but a test has to tidy up.
    return client._client_wrapper.httpx_client.httpx_client


async def _awaited(result: Awaitable[Any]) -> Any:
    return await result


@pytest.fixture
def service(services: dict[str, Service]) -> Service:
    return services["open"]


@pytest.fixture
def call(connect: Callable[[str, str], Caller], service: Service) -> Caller:
    return connect(service.url, "sk-any")
