from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver.journal import Entry
from mockserver.storing import shared_journal
from mockserver.storing.shared_journal import SharedJournal
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.messages import Headers, Request, Response


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[SharedJournal, SharedJournal]]:
    """The journal of two processes."""
    ticks = iter(range(1_000_000))
    journals = [SharedJournal(tmp_path / "journal.db", 5, lambda: float(next(ticks))) for _ in range(2)]
    yield journals[0], journals[1]
    for journal in journals:
        journal.close()


def entry(name: str = "a", body: bytes = b"") -> Entry:
    request = Request("POST", f"http://mock/{name}?q=1", Headers({"x-a": "1"}), body)
    violations = (Violation("body", ("a", 0), "is wrong", "type", found=None), Violation("query", (), "is missing"))
    return (request, Response(201, Headers({"x-b": "2"}), b"answer"), "POST /{x}", violations, 5.0, 0.25, "reset")


def test_an_exchange_is_read_as_it_was_by_every_process(pair: tuple[SharedJournal, SharedJournal]) -> None:
    one, other = pair
    one.add(entry(body=b"\0\xff"))
    (found,) = other.exchanges
    request, response, *rest = entry(body=b"\0\xff")
    assert (found.request, found.response) == (request, response)
    assert [found.operation, found.violations, found.at, found.seconds, found.fault] == rest
    assert (found.number, found.request_bytes, found.response_bytes) == (1, 2, 6)
    assert found.request.headers.pairs == (("x-a", "1"),)


def test_the_latest_are_kept_in_the_order_of_time_whoever_was_asked(pair: tuple[SharedJournal, SharedJournal]) -> None:
    for number in range(9):
        pair[number % 2].add(entry(str(number)))
    found = pair[0].exchanges
    assert [each.path for each in found] == ["/4", "/5", "/6", "/7", "/8"]
    assert [each.number for each in found] == [5, 6, 7, 8, 9]


def test_it_is_cleared_for_all(pair: tuple[SharedJournal, SharedJournal]) -> None:
    one, other = pair
    one.add(entry())
    other.clear()
    assert one.exchanges == ()
    one.add(entry("b"))
    assert [each.number for each in other.exchanges] == [1]


def test_who_has_died_is_waited_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_journal, "_WAIT_SECONDS", 0.5)
    one, other = (SharedJournal(tmp_path / "journal.db") for _ in range(2))
    with sqlite3.connect(tmp_path / "journal.db") as connection:
        connection.execute("INSERT INTO writers VALUES ('dead', 0)")
    connection.close()
    other.add(entry())
    began = time.monotonic()
    assert [len(one.exchanges), len(other.exchanges)] == [1, 1]
    assert 0.5 <= time.monotonic() - began < 1.0
    one.close()
    other.close()


def test_a_long_body_is_cut_and_its_length_told(pair: tuple[SharedJournal, SharedJournal]) -> None:
    pair[0].add(entry(body=b"x" * (3 * 2**20)))
    (found,) = pair[1].exchanges
    assert (found.is_cut, found.request_bytes, len(found.body)) == (True, 3 * 2**20, 2**20)


def test_what_waits_is_written_when_it_is_closed(tmp_path: Path) -> None:
    journal = SharedJournal(tmp_path / "journal.db")
    journal.add(entry())
    journal.close()
    other = SharedJournal(tmp_path / "journal.db")
    assert len(other.exchanges) == 1
    other.close()
