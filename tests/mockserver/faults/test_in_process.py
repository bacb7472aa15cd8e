"""Faults of the connection where there is none: httpx raises what it would raise."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockserver import Mock
from mockserver.errors import MockError
from mockserver.serving.transport import AsyncHostTransport, HostTransport
from tests.mockserver.faults.conftest import DOCUMENT


class Clients:
    """A client of either kind, whose sleeps are noted and not slept."""

    def __init__(self, mock: Mock, kind: str) -> None:
        self.kind, self.slept = kind, list[float]()

        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)

        self._sync = HostTransport(mock.host, sleep=self.slept.append)
        self._async = AsyncHostTransport(mock.host, sleep=sleep)

    def get(self, **options: Any) -> httpx.Response:
        if self.kind == "sync":
            with httpx.Client(transport=self._sync, base_url="http://mock") as client:
                return client.get("/orders", **options)
        return asyncio.run(self._get(options))

    async def _get(self, options: dict[str, Any]) -> httpx.Response:
        async with httpx.AsyncClient(transport=self._async, base_url="http://mock") as client:
            return await client.get("/orders", **options)


@pytest.fixture
def mock() -> Mock:
    return Mock(DOCUMENT)


@pytest.fixture(params=["sync", "async"])
def client(mock: Mock, request: pytest.FixtureRequest) -> Clients:
    return Clients(mock, request.param)


def test_a_reset_is_a_read_error(mock: Mock, client: Clients) -> None:
    with mock.faults.add(do="reset"), pytest.raises(httpx.ReadError, match="reset by peer"):
        client.get()
    assert client.get().status_code == 200


def test_a_truncated_body_is_a_protocol_error(mock: Mock, client: Clients) -> None:
    with mock.faults.add(do="truncated"), pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        client.get()


def test_a_slow_body_arrives_whole_after_its_time(mock: Mock, client: Clients) -> None:
    whole = client.get().content
    mock.faults.add(bytes_per_second=100)
    assert client.get().content == whole
    assert sum(client.slept) == pytest.approx(len(whole) / 100)


def test_latency_is_slept_unless_the_client_waits_for_less(mock: Mock, client: Clients) -> None:
    mock.faults.add(latency=3)
    assert client.get(timeout=5).status_code == 200
    with pytest.raises(httpx.ReadTimeout):
        client.get(timeout=1)
    assert [seconds for seconds in client.slept if seconds] == [3, 1]


def test_rules_can_be_taken_away_one_by_one_and_all(mock: Mock) -> None:
    first, second = (mock.faults.add(status=status) for status in (502, 503))
    assert mock.handle("GET", "/orders").status == 502
    mock.faults.remove(first)
    assert mock.handle("GET", "/orders").status == 503
    assert [rule.id for rule in mock.faults.rules] == [second]
    mock.faults.clear()
    assert mock.handle("GET", "/orders").status == 200


def test_a_rule_with_mistakes_is_an_error_that_tells_all(mock: Mock) -> None:
    with pytest.raises(MockError, match=r"(?s)nth: 0 is.*operation: .*listOrders"):
        mock.faults.add(operation="listOrder", nth=0, status=503)


def test_reset_begins_with_the_rules_of_the_start() -> None:
    mock = Mock(DOCUMENT, faults=[{"status": 503, "nth": 1}])
    mock.faults.add(status=500)
    assert [mock.handle("GET", "/orders").status for _ in range(2)] == [503, 500]
    mock.reset()
    assert [mock.handle("GET", "/orders").status for _ in range(2)] == [503, 200]


def test_a_file_of_rules_is_loaded_while_the_mock_runs(mock: Mock, tmp_path: Path) -> None:
    (tmp_path / "bad-day.yaml").write_text("faults: [{status: 503, nth: 1}, {latency: 1}]")
    assert mock.faults.load(tmp_path / "bad-day.yaml") == ("fault-1", "fault-2")
    assert mock.handle("GET", "/orders").status == 503


def test_a_rule_shows_what_it_says_and_nothing_else(mock: Mock) -> None:
    mock.faults.add(nth=2, status=503)
    assert repr(mock.faults.rules) == "(Rule('fault-1', nth=(2,), status=503),)"
