from __future__ import annotations

import json
import queue
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockserver import Delivery, Mock, MockError, VirtualClock, serve
from syncdyn.openapi.messages import Request
from tests.mockserver.control.pets import PETS, pets

VIDEO = {"type": "video", "url": "https://media.example/v.mp4"}
AUDIO = {"type": "audio", "url": "https://media.example/a.wav"}


def test_a_request_is_a_method_and_a_path_or_a_value() -> None:
    mock = pets()
    assert mock.handle("post", "/pets", json={"name": "Rex"}).status == 201
    assert mock.handle(Request("GET", "http://anywhere/pets")).status == 200
    assert mock.handle("GET", "http://elsewhere/pets").status == 200


def test_json_may_be_null_and_a_content_type_of_ones_own() -> None:
    mock = pets()
    mock.handle("POST", "/pets", json=None, headers={"content-type": "application/vnd.api+json"})
    request = mock.requests()[0].request
    assert (request.body, request.content_type) == (b"null", "application/vnd.api+json")


def test_a_setting_that_is_none_says_which_was_meant() -> None:
    with pytest.raises(MockError, match=r"no setting named sede; did you mean 'seed'\?"):
        Mock(PETS, sede=1)


@pytest.mark.parametrize("clock", ["2030-01-01T00:00:00Z", 1893456000, "2030-01-01T01:00:00+01:00"])
def test_time_begins_at_a_moment(clock: str | float) -> None:
    assert Mock(PETS, clock=clock, speed=0).now() == 1893456000


def test_time_is_that_of_a_clock_at_a_speed() -> None:
    clock = VirtualClock(100.0)
    mock = Mock(PETS, clock=clock, speed=60)
    clock.advance(2)
    assert mock.now() == 220


@pytest.mark.parametrize("options", [{"clock": "soon"}, {"speed": -1}, {"speed": float("nan")}], ids=repr)
def test_a_time_that_is_none_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(MockError, match=next(iter(options))):
        Mock(PETS, **options)


def test_one_seed_and_one_moment_give_the_same_bytes() -> None:
    calls = [("POST", "/pets"), ("GET", "/pets"), ("GET", "/_mock/state")]
    runs = [[one.handle(*call, json={"name": "Rex"}).body for call in calls] for one in (pets(seed=7), pets(seed=7))]
    assert runs[0] == runs[1]


def test_the_state_outlives_the_mock_in_a_file(tmp_path: Path) -> None:
    with pets(state=tmp_path / "state.db") as mock:
        made = json.loads(mock.handle("POST", "/pets", json={"name": "Rex"}).body)
        mock.advance(60)
    with pets(state=tmp_path / "state.db", clock="2000-01-01T00:00:00Z") as mock:
        assert json.loads(mock.handle("GET", f"/pets/{made['id']}").body) == made
        assert mock.now() == 1893456060


def test_time_goes_forward_only() -> None:
    with pytest.raises(ValueError, match="forward only"):
        pets().advance(-1)


@pytest.mark.anyio
async def test_it_is_an_asgi_application() -> None:
    mock = pets()
    transport = httpx.ASGITransport(mock.asgi())
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        assert (await client.post("/pets", json={"name": "Rex"})).status_code == 201
        assert (await client.get("/_mock/requests")).json()["count"] == 1


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/mock/pets", "/pets"], ids=["as now", "as before"])
async def test_it_may_be_mounted_below_a_path(path: str) -> None:
    mock = pets()
    transport = httpx.ASGITransport(mock.asgi(), root_path="/mock")
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        assert (await client.get(path)).status_code == 200


async def test_what_is_made_below_a_path_is_found_there() -> None:
    transport = httpx.ASGITransport(pets().asgi(), root_path="/mock")
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        made = await client.post("/mock/pets", json={"name": "Rex"})
        assert made.headers["location"].startswith("/mock/pets/")
        assert (await client.get(made.headers["location"])).json() == made.json()


def test_moving_the_time_has_webhooks_sent_at_once() -> None:
    sent: queue.Queue[Delivery] = queue.Queue()

    async def send(delivery: Delivery) -> int:
        sent.put(delivery)
        return 200

    mock = Mock(speed=0, job_seconds=3600, send_webhook=send)
    job = {"model": "lipsync-2", "webhookUrl": "http://127.0.0.1:9/hook", "input": [VIDEO, AUDIO]}
    with mock.serve() as url, httpx.Client(base_url=url, headers={"x-api-key": "key"}) as client:
        assert client.post("/v2/generate", json=job).status_code == 201
        assert sent.empty()
        client.post("/_mock/clock", json={"advance": 3600})
        assert sent.get(timeout=5).url == "http://127.0.0.1:9/hook"


def test_the_control_api_is_served_to_this_machine_only_by_its_own_names() -> None:
    mock = pets()
    with mock.serve() as url, httpx.Client(base_url=url) as client:
        assert client.get("/_mock/health").json()["status"] == "ok"
        assert client.get("/_mock/state", headers={"host": "evil.example"}).status_code == 403
        client.post("/_mock/clock", json={"advance": 60})
        assert client.get("/_mock/clock").json()["now"] == "2030-01-01T00:01:00.000Z"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"api_keys": "key"}, "api_keys: a list is needed, also of one: ['key']"),
        ({"webhook_hosts": "localhost"}, "webhook_hosts: a list is needed"),
        ({"faults": "day.yaml"}, "faults: a list is needed"),
        ({"unknown": "made up"}, "unknown: 'made up' is not one of 'made', 'refused'"),
        ({"job_seconds": -1}, "job_seconds: -1 is no number from 0 on"),
        ({"job_seconds": "3"}, "job_seconds: '3' is no number from 0 on"),
        ({"speed": "fast"}, "speed: 'fast' is no number from 0 to"),
        ({"webhook_urls": ["localhost"]}, "webhook_urls: 'localhost' is no absolute URL"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_setting_that_would_come_to_something_else_is_told(options: dict[str, Any], told: str) -> None:
    with pytest.raises(MockError) as caught:
        Mock(**options)
    assert str(caught.value).startswith(told)


def test_a_path_may_lack_its_slash() -> None:
    assert Mock(PETS).handle("GET", "_mock/health").status == 200


@pytest.mark.parametrize("url", ["here", "ftp://localhost/", "http://"])
def test_a_webhook_goes_to_a_url(url: str) -> None:
    with pytest.raises(MockError, match="is no absolute URL"):
        Mock(PETS).webhooks.subscribe(url)


def test_what_is_served_lets_go_of_its_file_at_the_end(tmp_path: Path) -> None:
    """A log beside the file is there while somebody has it open: sqlite.org/wal.html, "The WAL File"."""
    with serve(PETS, state=tmp_path / "state.db"):
        assert (tmp_path / "state.db-wal").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["state.db"]
