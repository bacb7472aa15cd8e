"""Webhooks that really travel: sent by a served mock or from Python, set off by hand, seen in the log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from urllib.parse import quote

import httpx
import pytest

from mockserver import Delivery, Mock
from mockserver.errors import MockError
from tests.mockserver.webhooks.conftest import DOCUMENT
from tests.mockserver.webhooks.receiving import Received, receiver


@pytest.fixture
def received() -> Iterator[Received]:
    with receiver() as received:
        yield received


@pytest.fixture
def mock(received: Received) -> Mock:
    return Mock(DOCUMENT, seed=1, job_seconds=3600, webhook_urls=(received.url,))


@pytest.fixture
def url(mock: Mock) -> Iterator[str]:
    with mock.serve() as url:
        yield url


def _until(condition: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.005)


def test_webhooks_and_callbacks_travel_by_themselves(mock: Mock, url: str, received: Received) -> None:
    made = httpx.post(f"{url}/jobs", json={"title": "a", "callbackUrl": f"{received.url}/cb"}).json()
    _until(lambda: len(received.requests) == 2)
    assert {path for _, path, _, _ in received.requests} == {"/", f"/cb/{made['id']}"}
    mock.advance(3600)
    _until(lambda: len(received.requests) == 3)
    assert received.bodies[2]["data"]["status"] == "completed"


def test_a_trigger_over_http_answers_with_what_was_sent_and_answered(url: str, received: Received) -> None:
    received.status = 418
    answer = httpx.post(f"{url}/_mock/webhooks/{quote('job.completed')}/trigger", json={"payload": {"id": 7}})
    (delivery,) = answer.json()["deliveries"]
    assert (answer.status_code, delivery["status"], delivery["pending"]) == (200, 418, False)
    assert delivery["request"]["body"] == received.bodies[0]
    assert delivery["violations"] == ["body.id: 7 is not of type string"] or "body.id" in delivery["violations"][0]


def test_a_delivery_is_sent_again_and_its_log_grows(url: str, received: Received) -> None:
    trigger = httpx.post(f"{url}/_mock/webhooks/ping/trigger", json={"url": f"{received.url}/x"})
    (first,) = trigger.json()["deliveries"]
    again = httpx.post(f"{url}/_mock/webhooks/deliveries/{first['id']}/resend", json={"faults": ["duplicate"]})
    (told,) = again.json()["deliveries"]
    assert [len(first["attempts"]), len(told["attempts"]), len(received.requests)] == [1, 3, 3]
    assert httpx.get(f"{url}/_mock/webhooks/deliveries/{first['id']}").json() == told


def test_a_trigger_that_is_delayed_is_accepted_and_pending(url: str, received: Received) -> None:
    answer = httpx.post(f"{url}/_mock/webhooks/ping/trigger", json={"faults": ["delayed"]})
    assert (answer.status_code, answer.json()["deliveries"][0]["pending"], received.requests) == (202, True, [])


def test_a_callback_is_triggered_by_its_name_and_method(url: str, received: Received) -> None:
    answer = httpx.post(f"{url}/_mock/webhooks/onProgress/trigger", json={"url": f"{received.url}/p"})
    assert answer.json()["deliveries"][0]["of"] == "POST /jobs"
    assert received.requests[0][:2] == ("POST", "/p")
    assert set(received.bodies[0]) >= {"id", "status"}


def test_what_cannot_be_triggered_is_told(url: str) -> None:
    unknown = httpx.post(f"{url}/_mock/webhooks/pingg/trigger", json={})
    assert (unknown.status_code, "did you mean 'ping'" in unknown.json()["detail"]) == (404, True)
    assert httpx.post(f"{url}/_mock/webhooks/ping/trigger", json={"faults": ["odd"]}).status_code == 422
    assert httpx.post(f"{url}/_mock/webhooks/deliveries/none/resend").status_code == 404


def test_webhooks_subscribers_and_deliveries_are_listed(url: str, received: Received) -> None:
    added = httpx.post(f"{url}/_mock/webhooks", json={"url": f"{received.url}/s", "webhooks": ["ping"]})
    assert added.status_code == 201
    httpx.post(f"{url}/_mock/webhooks/ping/trigger")
    told = httpx.get(f"{url}/_mock/webhooks").json()
    assert [one["name"] for one in told["webhooks"]] == [
        "jobCreated",
        "job.completed",
        "job_failed",
        "ping",
        "onProgress",
    ]
    assert told["webhooks"][1]["on"] == ["changed", "created"]
    assert sorted(one["url"] for one in told["deliveries"]) == [received.url, f"{received.url}/s"]
    assert httpx.delete(f"{url}/_mock/webhooks/subscribers/{added.json()['id']}").status_code == 204
    assert httpx.get(f"{url}/_mock/webhooks").json()["subscribers"] == []


def test_a_redirect_is_not_followed(mock: Mock, received: Received) -> None:
    received.status = 307
    (posted,) = mock.webhooks.trigger("ping")
    assert (posted.status, posted.is_success, len(received.requests)) == (307, False, 1)


def test_another_machine_is_not_called_unless_it_is_allowed() -> None:
    called: list[str] = []

    async def send(delivery: Delivery) -> int:
        called.append(delivery.url)
        return 200

    closed = Mock(DOCUMENT, send_webhook=send)
    (refused,) = closed.webhooks.trigger("ping", url="http://example.com/x")
    assert "'example.com' may not be called" in (refused.error or "")
    (taken,) = Mock(DOCUMENT, send_webhook=send, webhook_hosts=["example.com"]).webhooks.trigger(
        "ping", url="http://example.com/x"
    )
    assert (taken.status, called) == (200, ["http://example.com/x"])


@pytest.mark.parametrize("name", ["hooks.localhost", "hooks.localhost."])
def test_a_name_of_this_machine_is_called_at_this_machine(mock: Mock, received: Received, name: str) -> None:
    port = received.url.rpartition(":")[2]
    (posted,) = mock.webhooks.trigger("ping", url=f"http://{name}:{port}/x")
    assert posted.status == 200
    assert received.requests[0][2]["host"] == f"{name}:{port}"


@pytest.mark.parametrize("name", ["evil.localhost", "evil.localhost."])
def test_a_name_of_this_machine_that_leads_elsewhere_is_refused(
    mock: Mock, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    elsewhere = [(2, 1, 6, "", ("192.0.2.1", 0)), (2, 1, 6, "", ("127.0.0.1", 0))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: elsewhere)
    (posted,) = mock.webhooks.trigger("ping", url=f"http://{name}:9/x")
    assert posted.error == f"the name {name!r} leads to an address that is not this machine's"


def test_python_triggers_and_resends_without_a_server(mock: Mock, received: Received) -> None:
    (posted,) = mock.webhooks.trigger("ping", payload={"a": 1}, faults=["duplicate"])
    assert (posted.webhook, [one.status for one in posted.attempts]) == ("ping", [200, 200])
    again = mock.webhooks.resend(posted.id)
    assert (len(again.attempts), received.bodies) == (3, [{"a": 1}] * 3)
    assert mock.webhooks.deliveries == (again,)
    with pytest.raises(MockError, match="did you mean 'ping'"):
        mock.webhooks.trigger("pin")


def test_what_is_due_in_process_goes_to_who_takes_it_and_into_the_log(mock: Mock) -> None:
    taken: list[Delivery] = []

    def take(delivery: Delivery) -> int:
        taken.append(delivery)
        return 503

    with httpx.Client(transport=mock.transport(take), base_url="http://mock") as client:
        client.post("/jobs", json={"title": "a"})
    assert [one.webhook for one in taken] == ["jobCreated"]
    assert [one.status for one in mock.webhooks.deliveries] == [503]


def test_python_sends_what_is_due_when_it_is_told_to(mock: Mock, received: Received) -> None:
    mock.handle("POST", "/jobs", json={"title": "a"})
    mock.advance(3600)
    assert [one.webhook for one in mock.webhooks.deliver()] == ["jobCreated", "job.completed"]
    assert [body["type"] for body in received.bodies] == ["job.created", "job.completed"]


def test_python_knows_what_came_of_it_also_where_a_server_sent_it(mock: Mock, url: str, received: Received) -> None:
    for _ in range(5):
        (posted,) = mock.webhooks.trigger("ping")
        assert (posted.status, posted.is_pending) == (200, False)


def test_who_gets_a_webhook_that_nobody_gets_is_asked_for() -> None:
    mock = Mock(DOCUMENT)
    with pytest.raises(MockError, match="nobody gets this webhook"):
        mock.webhooks.trigger("ping")
    with pytest.raises(MockError, match=r"no webhook 'pin'.*'ping'"):
        mock.webhooks.subscribe("http://127.0.0.1:9", "pin")
    one = mock.webhooks.subscribe("http://127.0.0.1:9", "ping")
    mock.webhooks.unsubscribe(one)
    with pytest.raises(MockError, match="there is no subscriber"):
        mock.webhooks.unsubscribe(one)


def test_faults_of_rules_strike_webhooks_and_callbacks_by_their_names(mock: Mock, received: Received) -> None:
    mock.faults.add(webhook="onProgress", do="dropped")
    mock.handle("POST", "/jobs", json={"title": "a", "callbackUrl": received.url})
    sent = mock.webhooks.deliver()
    assert {one.webhook: one.faults for one in sent} == {"jobCreated": (), "onProgress": ("dropped",)}
    assert len(received.requests) == 1
