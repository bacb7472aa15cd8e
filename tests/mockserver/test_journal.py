from __future__ import annotations

import pytest

from mockserver.journal import Entry, Exchange, Journal
from syncdyn.openapi.messages import Headers, Request, Response


def entry(url: str = "http://m/a", sent: bytes = b"", got: bytes = b"", operation: str | None = None) -> Entry:
    return (Request("POST", url, Headers(), sent), Response(200, Headers(), got), operation, (), 5.0, 0.25, None)


def exchange(url: str, operation: str | None = None) -> Exchange:
    return Exchange(*entry(url, operation=operation))


def test_numbers_count_what_was_dropped_too() -> None:
    journal = Journal(size=2)
    for _ in range(5):
        journal.add(entry())
    assert [each.number for each in journal.exchanges] == [4, 5]


def test_clearing_begins_anew() -> None:
    journal = Journal()
    journal.add(entry())
    journal.clear()
    journal.add(entry())
    assert [each.number for each in journal.exchanges] == [1]


def test_the_oldest_go_when_bodies_are_too_many_bytes() -> None:
    journal = Journal(most_bytes=100)
    for length in (60, 30, 30):
        journal.add(entry(sent=b"x" * length))
    assert [each.request_bytes for each in journal.exchanges] == [30, 30]


def test_a_long_body_is_cut_and_its_length_kept() -> None:
    journal = Journal(most_body_bytes=10)
    journal.add(entry(sent=b"x" * 25, got=b"y" * 30))
    (kept,) = journal.exchanges
    assert (kept.body, kept.request_bytes, kept.is_cut) == (b"x" * 10, 25, True)
    assert (kept.response.body, kept.response_bytes) == (b"y" * 10, 30)
    with pytest.raises(ValueError, match="the body has 25 bytes, of which the journal kept 10"):
        _ = kept.json


def test_a_journal_of_no_size_keeps_nothing() -> None:
    journal = Journal(size=0)
    journal.add(entry())
    assert journal.exchanges == ()


@pytest.mark.parametrize(
    ("url", "operation", "found"),
    [
        ("http://m/pets/5", "GET /pets/{id}", {"id": "5"}),
        ("http://m/v1/api/pets/a%2Fb", "GET /pets/{id}", {"id": "a/b"}),
        ("http://m/a/b/files/x.json", "GET /{one}/files/{name}.{ending}", {"one": "b", "name": "x", "ending": "json"}),
        ("http://m/search?q=1", "GET /search?q={q}", {}),
        ("http://m/pets", None, {}),
    ],
)
def test_path_parameters_are_those_of_the_template(url: str, operation: str | None, found: dict[str, str]) -> None:
    assert exchange(url, operation).path_parameters == found


def test_the_query_has_texts_by_name_and_lists_of_those_sent_twice() -> None:
    assert exchange("http://m/a?a=1&b=&a=%202&a=3").query == {"a": ["1", " 2", "3"], "b": ""}
    assert exchange("http://[").query == {}


def test_a_request_to_no_operation_is_not_valid() -> None:
    assert exchange("http://m/pets", "GET /pets").is_valid
    assert not exchange("http://m/pets").is_valid
