"""Which webhook is sent on which occasion, without a word of overlay data or by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mockserver.behaviour.occasions import occasions
from mockserver.behaviour.wanted import nouns_of, wanted_of
from mockserver.posted import Subscriber
from mockserver.state import Resource, Stage, State
from tests.mockserver.webhooks.conftest import HOOK, Jobs, body_of


def _state(*resources: Resource) -> State:
    state = State()
    for resource in resources:
        state = state.with_resource("things", resource)
    return state


def _thing(id_: str = "a", stages: tuple[Stage, ...] = (), **members: Any) -> Resource:
    return Resource(id_, 1, 0.0, {"id": id_, **members}, stages)


def test_what_is_new_was_created_and_what_is_gone_was_deleted() -> None:
    found = [*occasions(_state(_thing("a")), _state(_thing("b")), 5.0)]
    assert [(one.kind, one.id, one.at) for one in found] == [("created", "b", 5.0), ("deleted", "a", 5.0)]


def test_a_deleted_thing_is_told_as_it_was() -> None:
    before = _state(_thing(color="red"))
    after = replace(before, collections={"things": before.collections["things"].without("a")})
    (one,) = occasions(before, after, 5.0)
    assert (one.kind, one.view) == ("deleted", {"id": "a", "color": "red"})


def test_a_change_has_its_news() -> None:
    (one,) = occasions(_state(_thing(color="red", size=1)), _state(_thing(color="blue", size=1)), 5.0)
    assert (one.kind, one.news) == ("changed", {"color": "blue"})


def test_what_looks_the_same_is_no_occasion() -> None:
    assert not [*occasions(_state(_thing(color="red")), _state(_thing(color="red")), 5.0)]


def test_each_stage_to_come_is_a_change_at_its_time() -> None:
    stages = (Stage(1.0, {"state": "old"}), Stage(7.0, {"state": "half"}), Stage(9.0, {"state": "done"}))
    created, *changes = occasions(State(), _state(_thing(stages=stages)), 5.0)
    assert (created.kind, created.view["state"]) == ("created", "old")
    assert [(one.at, one.news, one.is_last) for one in changes] == [
        (7.0, {"state": "half"}, False),
        (9.0, {"state": "done"}, True),
    ]


@pytest.mark.parametrize(
    ("name", "kinds", "nouns", "state"),
    [
        ("jobCreated", {"created"}, ("job",), None),
        ("job.created", {"created"}, ("job",), None),
        ("jobs/updated", {"changed"}, ("job",), None),
        ("newPet", {"created"}, ("pet",), None),
        ("onCompanyDeleted", {"deleted"}, ("company",), None),
        ("fine_tuning.job.succeeded", {"created", "changed"}, ("fine", "tuning", "job"), "succeeded"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-",
)
def test_a_name_says_what_a_webhook_tells_of(
    jobs: Jobs, name: str, kinds: set[str], nouns: tuple[str, ...], state: str | None
) -> None:
    wanted = wanted_of(name, jobs.contract.webhooks["ping"])
    assert wanted is not None
    assert ({*wanted.kinds}, wanted.nouns, wanted.state) == (kinds, nouns, state)


@pytest.mark.parametrize("name", ["ping", "event", "webhook"])
def test_a_name_of_one_word_says_nothing_sure(jobs: Jobs, name: str) -> None:
    assert wanted_of(name, jobs.contract.webhooks["ping"]) is None


@pytest.mark.parametrize("collection", ["fine_tuning/jobs", "/fine_tuning/jobs", "jobs", "/users/{id}/jobs"])
def test_a_collections_name_is_that_of_its_last_step_or_of_all(collection: str) -> None:
    assert ("job",) in {*nouns_of(collection)}


def test_a_job_is_told_when_it_is_made_and_when_it_is_done(jobs: Jobs) -> None:
    job = jobs.create(title="a")
    assert [one.webhook for one in jobs.due()] == ["jobCreated"]
    assert jobs.due(9.9) == ()
    (done,) = jobs.due(0.1)
    assert (done.webhook, done.url, done.method) == ("job.completed", HOOK, "POST")
    assert body_of(done)["data"] == {**job, "status": "completed"}


def test_a_job_that_fails_is_told_by_the_webhook_of_that_state(jobs: Jobs) -> None:
    jobs.create(title="bad")
    assert [one.webhook for one in jobs.due(20)] == ["jobCreated", "job_failed"]


def test_nobody_is_told_where_nobody_subscribed(open_jobs: Callable[..., Jobs]) -> None:
    jobs = open_jobs()
    jobs.create(title="a")
    assert jobs.due(20) == ()


def test_subscribers_get_the_webhooks_they_named_or_all(open_jobs: Callable[..., Jobs]) -> None:
    jobs = open_jobs()
    some = Subscriber("1", f"{HOOK}/some", ("job.completed",))
    jobs.state = replace(jobs.state, subscribers=(some, Subscriber("2", f"{HOOK}/all")))
    jobs.create(title="a")
    assert [(one.webhook, one.url[-4:]) for one in jobs.due(20)] == [
        ("jobCreated", "/all"),
        ("job.completed", "some"),
        ("job.completed", "/all"),
    ]


def test_overlay_data_says_what_when_where_and_with_which_members(open_jobs: Callable[..., Jobs]) -> None:
    def change(document: Any) -> None:
        document["webhooks"]["ping"]["post"]["x-mock-webhook"] = {
            "on": ["created", "changed"],
            "collection": "jobs",
            "when": "status == 'running' && before.status == 'queued'",
            "url": "join('/', ['http://127.0.0.1:9', title])",
            "members": {"job": "id", "nothing": "nowhere"},
        }

    jobs = open_jobs(change)
    job = jobs.create(title="x")
    (ping,) = jobs.due(20)
    assert (ping.webhook, ping.url, body_of(ping)) == ("ping", "http://127.0.0.1:9/x", {"job": job["id"]})


def test_a_stage_that_never_came_is_not_told(jobs: Jobs) -> None:
    job = jobs.create(title="a")
    resource = jobs.state.find("jobs", job["id"])
    assert resource is not None
    jobs.state = jobs.state.with_resource("jobs", replace(resource, stages=()))
    assert [one.webhook for one in jobs.due(20)] == ["jobCreated"]


def test_two_runs_send_the_same_bytes(open_jobs: Callable[..., Jobs]) -> None:
    def run() -> list[Any]:
        jobs = open_jobs(seed=5, webhook_urls=(HOOK,))
        jobs.create(title="a")
        jobs.create(title="bad", callbackUrl=HOOK)
        return [(one.id, one.webhook, one.body, one.headers.pairs) for one in jobs.due(20)]

    assert run() == run()


def test_a_webhook_of_the_end_is_sent_with_the_last_stage(open_jobs: Callable[..., Jobs]) -> None:
    def change(document: Any) -> None:
        document["webhooks"] = {"jobFinished": document["webhooks"]["jobCreated"]}

    jobs = open_jobs(change, webhook_urls=(HOOK,))
    jobs.create(title="bad")
    assert (jobs.due(9.9), [one.webhook for one in jobs.due(0.1)]) == ((), ["jobFinished"])


@pytest.mark.parametrize(
    ("collection", "noun"),
    [("companies", ("company",)), ("boxes", ("box",)), ("statuses", ("status",)), ("/news", ("new",))],
)
def test_things_are_called_by_their_singular(collection: str, noun: tuple[str, ...]) -> None:
    assert noun in {*nouns_of(collection)}
