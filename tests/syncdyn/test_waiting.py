"""Waiting for a job: the flow driven by hand, and the waiters of the bundled API."""

from __future__ import annotations

import contextlib
from typing import Any

import httpx
import pytest

from syncdyn import (
    ApiError,
    ApiTimeoutError,
    JobFailedError,
    NotFoundError,
    RequestValidationError,
    ServiceUnavailableError,
    TooManyRequestsError,
    UnexpectedResponseError,
    WaitError,
    WaitTimeoutError,
    common,
)
from syncdyn.flow import Flow, Wait
from syncdyn.openapi.messages import Headers, Request
from syncdyn.response import RawResponse
from syncdyn.waiting import Progress, Waiter, wait
from tests.syncdyn.fakes import (
    BATCH,
    CREATE,
    GENERATION,
    GENERATION_ID,
    START,
    Clock,
    Connect,
    Service,
    answer,
    failure,
)
from tests.syncdyn.hands import Hands

JOB = Waiter(
    "wait",
    "/status",
    success=("DONE",),
    failure=("BROKEN",),
    interval_seconds=10,
    error=("/why",),
    error_code=("/code", "/errorCode"),
    done=("/good", "/bad"),
    total="/all",
)


def polled(*states: Any, headers: dict[str, str] | None = None) -> Any:
    """A poll that finds these states one after the other; an error among them is raised."""
    remaining = list(states)

    def poll(left: float | None) -> Flow[RawResponse[Any]]:
        yield from ()  # a flow that asks for nothing
        state = remaining.pop(0) if len(remaining) > 1 else remaining[0]
        if isinstance(state, Exception):
            raise state
        data = state if isinstance(state, dict) else {"status": state}
        return RawResponse(data, 200, Headers(headers or {}), Request("GET", "https://x.example.com"))

    return poll


def run(hands: Hands, poll: Any, **options: Any) -> Any:
    return hands.run(wait(JOB, "j-1", poll, **options))


def test_a_job_that_is_done_is_not_waited_for() -> None:
    hands = Hands()
    assert run(hands, polled("DONE")).data == {"status": "DONE"}
    assert hands.waits == []


def test_intervals_begin_short_and_grow_to_the_documents() -> None:
    hands = Hands()
    run(hands, polled(*["NEW"] * 8, "DONE"))
    assert hands.waits == pytest.approx([1, 1.6, 2.56, 4.096, 6.5536, 10, 10, 10])


def test_an_interval_of_the_callers_own_is_kept() -> None:
    hands = Hands()
    run(hands, polled("NEW", "NEW", "DONE"), interval=3)
    assert hands.waits == [3, 3]


def test_a_wish_of_the_service_counts_more_than_the_interval() -> None:
    hands = Hands()
    run(hands, polled("NEW", "DONE", headers={"Retry-After": "7"}), interval=3)
    assert hands.waits == [7]


def test_a_state_of_tomorrow_is_waited_out() -> None:
    assert run(Hands(), polled("PAUSED", None, "DONE")).data == {"status": "DONE"}


def test_a_failed_job_is_an_error_with_state_reason_code_and_result() -> None:
    found = {"status": "BROKEN", "why": "no face in it", "errorCode": "no_face"}
    with pytest.raises(JobFailedError, match="j-1 ended as BROKEN: no_face: no face in it") as caught:
        run(Hands(), polled("NEW", found))
    error = caught.value
    assert (error.state, error.result, error.body) == ("BROKEN", found, found)
    assert (error.error_code, error.status_code) == ("no_face", 200)


def test_a_job_that_fails_without_a_word_is_an_error_all_the_same() -> None:
    with pytest.raises(JobFailedError, match=r"j-1 ended as BROKEN$"):
        run(Hands(), polled("BROKEN"))


def test_at_the_deadline_the_error_says_how_to_go_on() -> None:
    hands = Hands()
    with pytest.raises(WaitTimeoutError, match=r"still NEW after 10 s; it goes on: .* wait\('j-1'\)") as caught:
        run(hands, polled("NEW"), interval=3, deadline=10)
    assert (caught.value.state, caught.value.result) == ("NEW", {"status": "NEW"})
    assert hands.waits == [3, 3, 3, 1]


def test_a_deadline_before_any_answer_has_no_result() -> None:
    with pytest.raises(WaitTimeoutError, match="still unknown") as caught:
        run(Hands(), polled(ServiceUnavailableError("away")), interval=3, deadline=1)
    assert (caught.value.state, caught.value.result) == (None, None)


def test_a_passing_fault_of_a_poll_is_waited_out() -> None:
    away = ServiceUnavailableError("away")
    hands = Hands()
    assert run(hands, polled(*[away] * 5, "NEW", *[away] * 5, "DONE"), interval=1).data == {"status": "DONE"}


def test_a_fault_that_does_not_pass_is_raised_after_five_more() -> None:
    hands = Hands()
    with pytest.raises(ServiceUnavailableError):
        run(hands, polled("NEW", ServiceUnavailableError("away")), interval=1)
    assert len(hands.waits) == 6


def test_another_fault_is_raised_at_once() -> None:
    with pytest.raises(NotFoundError):
        run(Hands(), polled(NotFoundError("gone")))


def test_progress_is_told_after_each_poll() -> None:
    seen: list[Progress] = []
    counts = {"status": "NEW", "good": 3, "bad": 1, "all": 9}
    run(Hands(), polled(counts, "DONE"), interval=2, progress=seen.append)
    assert seen == [Progress(counts, "NEW", 0, 4, 9), Progress({"status": "DONE"}, "DONE", 2)]


def test_progress_is_not_told_of_a_poll_that_failed() -> None:
    seen: list[Progress] = []
    run(Hands(), polled("NEW", ServiceUnavailableError("away"), "DONE"), interval=2, progress=seen.append)
    assert [progress.state for progress in seen] == ["NEW", "DONE"]


def test_a_waiter_is_read_from_the_document() -> None:
    stated = {"name": "wait", "state": "/s", "success": ["A"], "failure": ["B"]}
    assert Waiter.read(stated) == Waiter("wait", "/s", ("A",), ("B",))


PENDING = answer(200, {**GENERATION, "status": "PENDING"})
FAILED = answer(200, {**GENERATION, "status": "FAILED", "error": "no face", "errorCode": "generation_failed"})


def test_a_generation_is_waited_for_by_id_or_by_result(connect: Connect, clock: Clock) -> None:
    client = connect(Service(PENDING, answer(200, GENERATION)))
    assert client.generations.wait(GENERATION_ID).status == "COMPLETED"
    assert client.generations.wait(common.Generation.model_validate(GENERATION)).status == "COMPLETED"
    assert clock.naps == [1.0]


NO_IDENTIFIERS = {
    "none": (None, "wait.id: missing .required."),
    "number": (17, "wait.id: expected an identifier or a result that has one, found an int"),
    "empty": ("", "wait.id: expected an identifier or a result that has one, found ''"),
    "other": (common.Video(url="https://x.example.com"), "wait.id: expected .* found a Video"),
}


@pytest.mark.parametrize(("given", "told"), NO_IDENTIFIERS.values(), ids=NO_IDENTIFIERS.keys())
def test_without_an_identifier_there_is_nothing_to_wait_for(connect: Connect, given: Any, told: str) -> None:
    service = Service(PENDING)
    with pytest.raises(RequestValidationError, match=told):
        connect(service).generations.wait(given)
    assert service.requests == []


def test_a_failed_generation_carries_its_last_result(connect: Connect) -> None:
    with pytest.raises(WaitError) as caught:
        connect(Service(answer(201, GENERATION), FAILED)).generations.create_and_wait(**CREATE)
    assert isinstance(caught.value, ApiError)
    assert (caught.value.state, caught.value.error_code) == ("FAILED", "generation_failed")
    assert caught.value.result.error == "no face"


def test_a_batch_tells_how_far_it_is(connect: Connect) -> None:
    seen: list[Any] = []
    done = {**BATCH, "status": "COMPLETED"}
    connect(Service(answer(200, BATCH), answer(200, done))).batch.wait(BATCH["id"], progress=seen.append)
    assert [(progress.done, progress.total) for progress in seen] == [(3, 20)] * 2
    assert seen[0].result.metrics.pending_count == 17


def test_progress_may_be_awaited(connect: Connect) -> None:
    if not connect.is_async:
        pytest.skip("a blocking client has nothing to await with")
    seen: list[str] = []

    async def tell(progress: Progress) -> None:
        seen.append(str(progress.state))

    connect(Service(PENDING, answer(200, GENERATION))).generations.wait(GENERATION_ID, progress=tell)
    assert seen == ["PENDING", "COMPLETED"]


def test_an_error_of_the_callback_reaches_the_caller(connect: Connect) -> None:
    def refuse(progress: Progress) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        connect(Service(PENDING)).generations.wait(GENERATION_ID, progress=refuse)


def test_a_wait_survives_a_line_that_breaks(connect: Connect) -> None:
    dead = failure(httpx.ConnectError, "dead")
    service = Service(PENDING, *[dead] * 3, answer(200, GENERATION))
    assert connect(service).generations.wait(GENERATION_ID).status == "COMPLETED"


def noting(allowed: list[float | None], hands: Hands, takes: float = 0.0) -> Any:
    """A poll that never finds an end, takes its time, and notes how long it may."""

    def poll(left: float | None) -> Flow[RawResponse[Any]]:
        yield from ()
        allowed.append(left)
        hands.time += takes if left is None else min(takes, left)
        if left is not None and takes >= left:
            raise ApiTimeoutError("no answer in time")
        return RawResponse({"status": "NEW"}, 200, Headers(), Request("GET", "https://x.example.com"))

    return poll


def test_each_poll_may_take_what_is_left_of_the_deadline() -> None:
    allowed: list[float | None] = []
    hands = Hands()
    with pytest.raises(WaitTimeoutError):
        run(hands, noting(allowed, hands), interval=4, deadline=10)
    assert allowed == [10, 6, 2, 1]


def test_without_a_deadline_a_poll_has_no_bound() -> None:
    allowed: list[float | None] = []

    def poll(left: float | None) -> Flow[RawResponse[Any]]:
        allowed.append(left)
        answered: RawResponse[Any] = yield from polled("DONE")(left)
        return answered

    run(Hands(), poll)
    assert allowed == [None]


def test_a_poll_that_is_cut_off_by_the_deadline_ends_the_wait_with_it_as_cause() -> None:
    hands = Hands()
    with pytest.raises(WaitTimeoutError, match="after 5 s") as caught:
        run(hands, noting([], hands, takes=60), deadline=5)
    assert isinstance(caught.value.__cause__, ApiTimeoutError)
    assert sum(hands.waits) == 0


def test_a_pause_that_took_longer_than_asked_is_seen() -> None:
    """A laptop that slept through the deadline."""

    class Slept(Hands):
        def _wait(self, step: Any) -> None:
            self.time += 3600

    hands = Slept()
    hands._DO = {**hands._DO, Wait: Slept._wait}
    with pytest.raises(WaitTimeoutError, match="after 3600 s"):
        run(hands, polled("NEW", "DONE"), deadline=10)


def test_a_wish_in_a_refusal_is_kept_to() -> None:
    hands = Hands()
    busy = TooManyRequestsError("busy", headers=Headers({"Retry-After": "17"}))
    run(hands, polled("NEW", busy, "DONE"), interval=3)
    assert hands.waits == [3, 17]


@pytest.mark.parametrize(("deadline", "waits"), [(None, [120]), (1000, [300]), (50, [49, 1])], ids=str)
def test_a_long_wish_is_cut_to_the_time_left(deadline: float | None, waits: list[float]) -> None:
    hands = Hands()
    busy = TooManyRequestsError("busy", headers=Headers({"Retry-After": "300"}))
    states = [busy, "DONE"] if deadline != 50 else [busy]
    with contextlib.suppress(WaitTimeoutError):
        run(hands, polled(*states), deadline=deadline)
    assert hands.waits == waits


WRONG = {
    "interval": ({"interval": -1}, "wait.interval: expected seconds, from 0, found -1"),
    "interval-text": ({"interval": "5"}, "wait.interval: expected seconds, from 0, found '5'"),
    "interval-nan": ({"interval": float("nan")}, "wait.interval: expected seconds"),
    "deadline": ({"deadline": 0}, "wait.deadline: expected seconds, more than 0, found 0"),
    "progress": ({"progress": 3}, "wait.progress: expected a function, found an int"),
    "keyword": ({"intervall": 3}, "arguments.intervall: unknown argument .did you mean 'interval'"),
}


@pytest.mark.parametrize(("wrong", "told"), WRONG.values(), ids=WRONG.keys())
def test_impossible_arguments_are_told_of_before_anything_is_sent(
    connect: Connect, wrong: dict[str, Any], told: str
) -> None:
    service = Service(PENDING)
    client = connect(service)
    with pytest.raises(RequestValidationError, match=told):
        client.generations.wait(GENERATION_ID, **wrong)
    if "intervall" not in wrong:
        with pytest.raises(RequestValidationError, match=told):
            client.generations.create_and_wait(**CREATE, **wrong)
    assert service.requests == []


def test_all_faults_of_the_arguments_come_at_once(connect: Connect) -> None:
    with pytest.raises(RequestValidationError) as caught:
        connect(Service(PENDING)).generations.wait(interval=-1, deadline=0)
    assert [fault.where for fault in caught.value.violations] == ["wait.interval", "wait.deadline", "wait.id"]
    with pytest.raises(RequestValidationError, match="2 were given without a name; only id may be"):
        connect(Service(PENDING)).generations.wait("a", "b")


def test_one_clock_runs_for_making_and_waiting(connect: Connect, clock: Clock) -> None:
    service = Service(clock.passing(7, answer(201, {**GENERATION, "status": "PENDING"})), PENDING)
    with pytest.raises(WaitTimeoutError, match="still PENDING after 10 s"):
        connect(service).generations.create_and_wait(**CREATE, interval=2, deadline=10)
    assert clock.time == pytest.approx(START + 10)


@pytest.mark.parametrize(
    ("options", "client_options", "most"),
    [({}, {}, 9), ({"deadline": 3}, {}, 3), ({}, {"deadline": 4}, 4), ({"deadline": 99}, {}, 9)],
    ids=["waits", "calls", "clients", "longer"],
)
def test_a_poll_has_the_shortest_of_the_deadlines(
    connect: Connect, options: dict[str, Any], client_options: dict[str, Any], most: float
) -> None:
    seen: list[Any] = []

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"]["read"])
        return answer(200, GENERATION)(request)

    client = connect(note, **client_options)
    client.generations.wait(GENERATION_ID, deadline=9, request_options=options)
    assert seen == [pytest.approx(most)]


def test_faulty_options_are_told_of_by_the_call(connect: Connect) -> None:
    for options in ({"deadline": "x"}, "odd"):
        with pytest.raises(RequestValidationError, match="request_options"):
            connect(Service(PENDING)).generations.wait(GENERATION_ID, deadline=9, request_options=options)


ODD_ANSWERS = {
    "no-id": {key: value for key, value in GENERATION.items() if key != "id"},
    "empty-id": {**GENERATION, "id": ""},
    "number-id": {**GENERATION, "id": 17},
    "text": "6f1e2d3c",
    "list": [GENERATION],
}


@pytest.mark.filterwarnings("ignore::syncdyn.errors.ContractWarning")
@pytest.mark.parametrize("body", ODD_ANSWERS.values(), ids=ODD_ANSWERS.keys())
def test_an_answer_without_identifier_is_not_lost(connect: Connect, body: Any) -> None:
    service = Service(answer(201, body))
    with pytest.raises(UnexpectedResponseError, match="without an identifier at /id") as caught:
        connect(service).generations.create_and_wait(**CREATE)
    assert (caught.value.body, caught.value.status_code) == (body, 201)
    assert len(service.requests) == 1


def test_an_identifier_that_is_given_twice_is_told(connect: Connect) -> None:
    service = Service(answer(200, GENERATION))
    with pytest.raises(RequestValidationError, match="given twice"):
        connect(service).generations.wait(GENERATION_ID, id=GENERATION_ID)
    assert service.requests == []
