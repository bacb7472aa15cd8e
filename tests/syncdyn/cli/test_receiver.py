"""The receiver of webhooks, and the record of exchanges."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from syncdyn.cli.receiver import Receiver, receiving
from syncdyn.cli.recording import Noted, rows
from syncdyn.openapi.errors import Violation

FAULT = (Violation("body", (), "wrong"),)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def post(url: str, body: bytes, **headers: str) -> int:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    connection.request("POST", parts.path, body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_webhook_is_given_byte_for_byte_with_its_headers(receiver: Receiver) -> None:
    assert post(receiver.url, b'{ "a":1 }\n', Signature="t=1") == 204
    received = receiver.take(1)
    assert received is not None
    assert (received.body, received.headers["signature"]) == (b'{ "a":1 }\n', "t=1")


def test_where_none_comes_none_is_given(receiver: Receiver) -> None:
    assert receiver.take(0.01) is None


def test_what_is_too_large_is_refused(receiver: Receiver) -> None:
    assert post(receiver.url, b"", **{"Content-Length": "9999999"}) == 413
    assert receiver.take(0.01) is None


def test_calls_of_one_operation_and_status_are_one_row() -> None:
    noted = [Noted("get", 200, 1.0, (), ()), Noted("make", 201, 1.0, (), ()), Noted("get", 200, 3.0, (), ())]
    assert [(row.operation, row.count, row.seconds) for row in rows(noted)] == [("get", 2, 2.0), ("make", 1, 1.0)]


@pytest.mark.parametrize(
    ("found", "verdict"), [((), True), (FAULT, False), (None, None)], ids=["clean", "broken", "not looked at"]
)
def test_one_broken_exchange_breaks_its_row(found: tuple[Violation, ...] | None, verdict: bool | None) -> None:
    clean = () if found is not None else None
    (row,) = rows([Noted("get", 200, 1.0, clean, clean), Noted("get", 200, 1.0, found, found)])
    assert (row.is_request_good, row.is_response_good) == (verdict, verdict)
