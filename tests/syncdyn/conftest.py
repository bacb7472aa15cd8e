"""What the tests of the client are given."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.syncdyn.fakes import Clock, Connect


@pytest.fixture
def clock() -> Clock:
    """Time that passes only when somebody sleeps."""
    return Clock()


@pytest.fixture(params=["sync", "async"])
def connect(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Connect]:
    """Makes clients; each test that takes it runs with blocking and with awaited ones."""
    loop = asyncio.new_event_loop() if request.param == "async" else None
    yield Connect(clock, loop)
    if loop is not None:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
