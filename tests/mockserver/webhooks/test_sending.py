"""Webhooks that are due: signed, harmed on purpose, tried again, remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.app import Trigger
from syncdyn.openapi.signatures import SignatureMismatch, verify
from tests.mockserver.webhooks.conftest import HOOK, Jobs, body_of


@pytest.fixture
def signed(open_jobs: Callable[..., Jobs]) -> Jobs:
    """The mock of a document whose webhooks are signed, with one job made."""

    def change(document: Any) -> None:
        document["x-syncdyn-webhook-signature"] = {"header": "X-Signature"}

    jobs = open_jobs(change, webhook_urls=(HOOK,), webhook_secret="s3")
    jobs.create(title="a")
    return jobs


def _verify(jobs: Jobs, delivery: Any) -> int:
    scheme = jobs.contract.signature_scheme
    assert scheme is not None
    return verify(scheme, delivery.body, delivery.headers, ["s3"], now=jobs.now)


def test_a_webhook_is_signed_when_it_is_due(signed: Jobs) -> None:
    created, completed = signed.due(10)
    assert _verify(signed, created) == signed.now - 10
    assert _verify(signed, completed) == signed.now


@pytest.mark.parametrize(
    ("fault", "message"),
    [("tampered", "no signature matches"), ("stale", "in the past"), ("unsigned", "X-Signature is missing")],
)
def test_a_harmed_webhook_does_not_verify(signed: Jobs, fault: str, message: str) -> None:
    signed.add_fault(webhook="jobCreated", do=fault)
    (delivery,) = signed.due()
    with pytest.raises(SignatureMismatch, match=message):
        _verify(signed, delivery)
    assert signed.state.posted[-1].faults == (fault,)
    assert body_of(delivery)["type"] == "job.created"


def test_a_dropped_webhook_is_in_the_log_alone(signed: Jobs) -> None:
    signed.add_fault(webhook="*", do="dropped", first=1)
    assert signed.due() == ()
    (entry,) = signed.state.posted
    assert (entry.webhook, entry.attempts, entry.is_pending, entry.faults) == ("jobCreated", (), False, ("dropped",))
    assert len(signed.due(10)) == 1


def test_a_duplicate_is_sent_twice_under_one_id(signed: Jobs) -> None:
    signed.add_fault(webhook="jobCreated", do="duplicate")
    first, second = signed.due()
    assert (first.id, first.body, first.headers.pairs) == (second.id, second.body, second.headers.pairs)
    assert len(signed.state.posted) == 1


@pytest.mark.parametrize(("words", "seconds"), [({}, 60), ({"latency": 7}, 7)], ids=["as it comes", "stated"])
def test_a_delayed_webhook_comes_later_signed_then(signed: Jobs, words: dict[str, Any], seconds: float) -> None:
    signed.add_fault(webhook="jobCreated", do="delayed", **words)
    assert signed.due() == ()
    late = next(one for one in signed.due(seconds) if one.webhook == "jobCreated")
    assert _verify(signed, late) == signed.now


def test_a_reordered_webhook_comes_after_the_next(signed: Jobs) -> None:
    signed.add_fault(webhook="jobCreated", do="reordered")
    assert signed.due() == ()
    assert [one.webhook for one in signed.due(10)] == ["job.completed", "jobCreated"]
    assert signed.due(100) == ()


def test_a_reordered_webhook_comes_by_itself_where_no_other_does(signed: Jobs) -> None:
    signed.add_fault(webhook="job.completed", do="reordered")
    assert [one.webhook for one in signed.due(10)] == ["jobCreated"]
    assert [one.webhook for one in signed.due(60)] == ["job.completed"]


def test_the_log_tells_what_was_sent_and_what_came_of_it(jobs: Jobs) -> None:
    jobs.create(title="a")
    (delivery,) = jobs.due()
    assert jobs.state.posted[0].is_pending
    jobs.told(delivery, 204)
    (entry,) = jobs.state.posted
    assert (entry.id, entry.body, entry.status, entry.is_success, entry.is_pending) == (
        delivery.id,
        delivery.body,
        204,
        True,
        False,
    )


def test_the_log_is_bounded(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.behaviour.webhooks._MOST_POSTED", 3)
    ids = []
    for _ in range(5):
        jobs.create(title="a")
        ids += [one.id for one in jobs.due()]
    assert [one.id for one in jobs.state.posted] == ids[2:]


def _attempts(jobs: Jobs, seconds: float, status: int | None = 500, error: str | None = None, **more: Any) -> list[int]:
    """The moments, after the first, at which a webhook that always fails is tried."""
    jobs.create(title="bad")
    start, moments = jobs.now, []
    for _ in range(int(seconds) + 1):
        for one in jobs.due():
            if one.webhook == "jobCreated":
                moments.append(round(jobs.now - start))
            jobs.told(one, status, error, **more)
        jobs.now += 1
    return moments


def test_a_webhook_that_is_not_taken_is_tried_again_later_and_later(open_jobs: Callable[..., Jobs]) -> None:
    jobs = open_jobs(webhook_urls=(HOOK,), webhook_retries=3)
    assert _attempts(jobs, 20) == [0, 1, 3, 7]
    entry = next(one for one in jobs.state.posted if one.webhook == "jobCreated")
    assert ([one.status for one in entry.attempts], entry.is_pending) == ([500] * 4, False)


def test_overlay_data_says_when_it_is_tried_again(open_jobs: Callable[..., Jobs]) -> None:
    jobs = open_jobs(
        lambda document: document.update({"x-mock-webhooks": {"retry-after": [5, 2]}}), webhook_urls=(HOOK,)
    )
    assert _attempts(jobs, 20, None, "nobody there") == [0, 5, 7]


def test_a_webhook_that_may_not_be_sent_is_not_tried_again(open_jobs: Callable[..., Jobs]) -> None:
    jobs = open_jobs(webhook_urls=(HOOK,), webhook_retries=3)
    assert _attempts(jobs, 20, None, "not allowed", is_refused=True) == [0]


def test_one_that_was_taken_is_not_tried_again(open_jobs: Callable[..., Jobs]) -> None:
    assert _attempts(open_jobs(webhook_urls=(HOOK,), webhook_retries=3), 20, 200) == [0]


def test_a_retry_is_signed_anew(signed: Jobs, open_jobs: Callable[..., Jobs]) -> None:
    (delivery,) = signed.due()
    signed.now += 1000
    signed.state = signed.core.webhooks.resent(signed.state, signed.now, signed.state.posted[0])
    again = next(one for one in signed.due() if one.id == delivery.id)
    assert (again.body, _verify(signed, again)) == (delivery.body, signed.now)


def test_a_triggered_webhook_is_made_of_the_document_and_what_is_given(jobs: Jobs) -> None:
    wish = Trigger("job.completed", (HOOK,), {"data": {"title": "T", "status": None}})
    jobs.state, (id_,) = jobs.core.webhooks.triggered(jobs.state, jobs.now, wish)
    (delivery,) = jobs.due()
    body = body_of(delivery)
    assert (delivery.id, body["type"], body["data"]["title"], "status" in body["data"]) == (
        id_,
        "job.completed",
        "T",
        False,
    )
    assert any("status" in told for told in jobs.state.posted[-1].violations)


def test_triggered_reordered_sends_two_the_later_one_first(jobs: Jobs) -> None:
    jobs.state, ids = jobs.core.webhooks.triggered(
        jobs.state, jobs.now, Trigger("ping", (HOOK,), faults=("reordered",))
    )
    assert [one.id for one in jobs.due()] == [*reversed(ids)]


def test_what_is_triggered_delayed_comes_later(jobs: Jobs) -> None:
    jobs.state, _ = jobs.core.webhooks.triggered(jobs.state, jobs.now, Trigger("ping", (HOOK,), faults=("delayed",)))
    assert (jobs.due(59), len(jobs.due(1))) == ((), 1)
