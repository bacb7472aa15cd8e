"""Retries: rows R1 to R10 of the official SDK's known faults, each as what this client does instead."""

from __future__ import annotations

import io
from typing import Any

import httpx
import pytest

from syncdyn import (
    ApiConnectionError,
    ApiTimeoutError,
    ConflictError,
    RequestValidationError,
    ServiceUnavailableError,
    TooManyRequestsError,
)
from tests.syncdyn.fakes import (
    BATCH,
    CREATE,
    GENERATION,
    GENERATION_ID,
    RECORD,
    Answer,
    Clock,
    Connect,
    Service,
    answer,
    failure,
    form_of,
)

READY = answer(200, GENERATION)
MADE = answer(201, GENERATION)
DEAD = "the line is dead"
BUSY = answer(429, {"statusCode": 429, "message": "slow down"})
AWAY = answer(503, {"statusCode": 503, "message": "maintenance"})


def test_a_call_is_tried_three_times_by_default(connect: Connect) -> None:
    """R1."""
    service = Service(AWAY)
    with pytest.raises(ServiceUnavailableError):
        connect(service).generations.get(GENERATION_ID)
    assert len(service.requests) == 3


@pytest.mark.parametrize("most", [0, 1, 2, 3, 5])
def test_max_retries_of_a_call_counts_the_tries_after_the_first(connect: Connect, most: int) -> None:
    """R1."""
    service = Service(AWAY)
    with pytest.raises(ServiceUnavailableError):
        connect(service).generations.get(GENERATION_ID, request_options={"max_retries": most})
    assert len(service.requests) == most + 1


def test_waits_begin_at_half_a_second_and_double_up_to_eight(connect: Connect, clock: Clock) -> None:
    """R2."""
    with pytest.raises(ServiceUnavailableError):
        connect(Service(AWAY), max_retries=6).generations.get(GENERATION_ID)
    assert clock.naps == [0.5, 1, 2, 4, 8, 8]


def test_jitter_takes_off_at_most_a_quarter(connect: Connect, clock: Clock) -> None:
    """R2."""
    connect(Service(AWAY, READY), random=lambda: 1.0).generations.get(GENERATION_ID)
    assert clock.naps == [0.375]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 529])
def test_passing_statuses_are_tried_again(connect: Connect, status: int) -> None:
    service = Service(answer(status, {"message": "later"}), READY)
    assert connect(service).generations.get(GENERATION_ID).id == GENERATION_ID


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 413, 422])
def test_other_statuses_are_final(connect: Connect, status: int) -> None:
    """R3: a conflict above all."""
    service = Service(answer(status, {"message": "no"}), READY)
    with pytest.raises(Exception, match="no") as caught:
        connect(service).generations.get(GENERATION_ID)
    assert len(service.requests) == 1
    assert isinstance(caught.value, ConflictError) is (status == 409)


def test_a_retried_upload_carries_every_field_again(connect: Connect) -> None:
    """R4."""
    service = Service(BUSY, BUSY, MADE)
    connect(service).generations.create_with_files(
        model="lipsync-2",
        video=("v.mp4", b"moving"),
        options={"temperature": 0.4},
        webhook_url="https://hooks.example.com/sync",
    )
    forms = [form_of(request) for request in service.requests]
    assert forms[0] == forms[1] == forms[2]
    assert {name: forms[2][name] for name in ("model", "video")} == {"model": b"lipsync-2", "video": b"moving"}
    assert set(forms[2]) == {"model", "video", "options", "webhookUrl"}


def test_a_retried_dry_run_stays_a_dry_run(connect: Connect) -> None:
    """R4."""
    service = Service(BUSY, answer(200, {"status": "VALIDATED"}))
    connect(service).batch.create(input=[RECORD], dry_run=True, webhook_url="https://hooks.example.com/batch")
    first, second = map(form_of, service.requests)
    assert first == second
    assert second["dry_run"] == b"true"


class Pipe(io.RawIOBase):
    """A file that can be read once only, as a socket or a pipe."""

    def __init__(self, content: bytes) -> None:
        self._source = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._source.readinto(buffer)


@pytest.mark.parametrize("make", [Pipe, io.BytesIO], ids=["pipe", "seekable"])
def test_a_file_is_sent_whole_on_every_try(connect: Connect, make: Any) -> None:
    """R5."""
    service = Service(BUSY, BUSY, MADE)
    connect(service).generations.create_with_files(model="lipsync-2", video=make(b"moving pictures"))
    assert [form_of(request)["video"] for request in service.requests] == [b"moving pictures"] * 3


LINE_FAULTS: list[type[Exception]] = [
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.ReadError,
    httpx.ReadTimeout,
    httpx.WriteError,
    httpx.PoolTimeout,
    httpx.RemoteProtocolError,
]


@pytest.mark.parametrize("kind", LINE_FAULTS, ids=lambda kind: kind.__name__)
def test_a_reading_call_survives_faults_of_the_line(connect: Connect, clock: Clock, kind: type[Exception]) -> None:
    """R6."""
    service = Service(failure(kind, DEAD), failure(kind, DEAD), READY)
    assert connect(service).generations.get(GENERATION_ID).status == "COMPLETED"
    assert clock.naps == [0.5, 1.0]


def test_a_url_that_no_client_can_reach_is_tried_once(connect: Connect) -> None:
    service = Service(failure(httpx.UnsupportedProtocol, DEAD), READY)
    with pytest.raises(ApiConnectionError):
        connect(service).generations.get(GENERATION_ID)
    assert len(service.requests) == 1


@pytest.mark.parametrize("asked", [30, 31, 120])
def test_a_wait_that_the_service_asks_for_is_kept_in_full(connect: Connect, clock: Clock, asked: int) -> None:
    """R7."""
    busy = answer(429, {"message": "later"}, headers={"Retry-After": str(asked)})
    connect(Service(busy, READY)).generations.get(GENERATION_ID)
    assert clock.naps == [asked]


def test_a_wait_beyond_all_patience_ends_the_call_instead_of_a_wrong_wait(connect: Connect, clock: Clock) -> None:
    """R7."""
    busy = answer(429, {"message": "tomorrow"}, headers={"Retry-After": "86400"})
    with pytest.raises(TooManyRequestsError) as caught:
        connect(Service(busy, READY)).generations.get(GENERATION_ID)
    assert clock.naps == []
    assert caught.value.headers["retry-after"] == "86400"


@pytest.mark.parametrize(
    ("name", "value", "seconds"),
    [
        ("retry-after-ms", "1500", 1.5),
        ("Retry-After", "1.5", 1.5),
        ("Retry-After", "Sat, 01 Jun 2024 00:00:04 GMT", 4.0),
        ("Retry-After", "soon", 0.5),
    ],
    ids=["milliseconds", "fraction", "date", "nonsense-is-no-wish"],
)
def test_every_spelling_of_a_wish_is_read(
    connect: Connect, clock: Clock, name: str, value: str, seconds: float
) -> None:
    """R8."""
    connect(Service(answer(503, {}, headers={name: value}), READY)).generations.get(GENERATION_ID)
    assert clock.naps == [seconds]


def test_a_create_has_one_idempotency_key_through_all_its_tries(connect: Connect) -> None:
    """R9."""
    service = Service(failure(httpx.ReadTimeout, DEAD), AWAY, MADE)
    connect(service).generations.create(**CREATE)
    keys = {request.headers["idempotency-key"] for request in service.requests}
    assert len(service.requests) == 3
    assert len(keys) == 1


def test_every_create_has_a_key_of_its_own(connect: Connect) -> None:
    """R9."""
    service = Service(MADE)
    client = connect(service)
    client.generations.create(**CREATE)
    client.generations.create(**CREATE)
    assert len({request.headers["idempotency-key"] for request in service.requests}) == 2


OWN_KEYS: dict[str, dict[str, Any]] = {
    "argument": {"idempotency_key": "order-17"},
    "header": {"request_options": {"additional_headers": {"Idempotency-Key": "order-17"}}},
}


@pytest.mark.parametrize("given", OWN_KEYS.values(), ids=OWN_KEYS.keys())
def test_the_callers_own_key_is_used(connect: Connect, given: dict[str, Any]) -> None:
    """R9."""
    service = Service(AWAY, MADE)
    connect(service).generations.create(**CREATE, **given)
    assert [request.headers["idempotency-key"] for request in service.requests] == ["order-17"] * 2


AMBIGUOUS: dict[str, tuple[Answer, type[Exception]]] = {
    "read-timeout": (failure(httpx.ReadTimeout, DEAD), ApiTimeoutError),
    "broken-line": (failure(httpx.RemoteProtocolError, DEAD), ApiConnectionError),
    "server-error": (AWAY, ServiceUnavailableError),
}


@pytest.mark.parametrize(("fault", "raised"), AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_a_post_without_a_key_is_not_repeated_when_it_may_have_worked(
    connect: Connect, fault: Answer, raised: type[Exception]
) -> None:
    """R9."""
    service = Service(fault, answer(201, BATCH))
    with pytest.raises(raised):
        connect(service).batch.create(input=[RECORD])
    assert len(service.requests) == 1
    assert "idempotency-key" not in service.last.headers


UNDONE = {"never-left": failure(httpx.ConnectError, DEAD), "429": BUSY, "408": answer(408)}


@pytest.mark.parametrize("fault", UNDONE.values(), ids=UNDONE.keys())
def test_a_post_without_a_key_is_repeated_when_it_certainly_did_nothing(connect: Connect, fault: Answer) -> None:
    """R9."""
    service = Service(fault, answer(201, BATCH))
    assert connect(service).batch.create(input=[RECORD]).id == BATCH["id"]
    assert len(service.requests) == 2


def test_retries_are_set_for_a_whole_client(connect: Connect) -> None:
    """R10."""
    service = Service(AWAY)
    with pytest.raises(ServiceUnavailableError):
        connect(service, max_retries=0).generations.get(GENERATION_ID)
    assert len(service.requests) == 1


@pytest.mark.parametrize("most", [-1, True, "2"])
def test_an_impossible_number_of_retries_is_refused(connect: Connect, most: Any) -> None:
    """R10."""
    client = connect(Service(READY))
    with pytest.raises(RequestValidationError, match="max_retries"):
        client.generations.get(GENERATION_ID, request_options={"max_retries": most})


def test_one_deadline_bounds_a_call_with_all_its_tries(connect: Connect, clock: Clock) -> None:
    service = Service(clock.passing(4, AWAY))
    with pytest.raises(ApiTimeoutError):
        connect(service, max_retries=9).generations.get(GENERATION_ID, request_options={"deadline": 10})
    assert len(service.requests) == 3
    assert clock.naps == [0.5, 1]


def test_each_try_may_take_what_is_left_of_the_deadline_and_no_more(connect: Connect, clock: Clock) -> None:
    service = Service(clock.passing(4, AWAY), READY)
    connect(service, deadline=10, timeout=30).generations.get(GENERATION_ID)
    read = [request.extensions["timeout"]["read"] for request in service.requests]
    assert read == [10, 5.5]
