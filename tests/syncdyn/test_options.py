"""Options of one call: read, checked, and used for that call alone."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn import ConfigurationError, RequestValidationError
from syncdyn.options import Options, Strictness, read_options, read_strictness
from tests.syncdyn.fakes import CREATE, GENERATION, GENERATION_ID, Connect, Service, answer

DEFAULT = Options(Strictness())
READY = answer(200, GENERATION)


def test_no_options_are_the_default_itself() -> None:
    assert read_options(None, DEFAULT) == read_options({}, DEFAULT) == (DEFAULT, ())


def test_every_option_is_read() -> None:
    given = {
        "timeout_in_seconds": 1.5,
        "max_retries": 0,
        "additional_headers": {"A": "b"},
        "additional_query_parameters": {"c": 1},
        "additional_body_parameters": {"d": None},
        "chunk_size": 7,
        "deadline": 30,
        "validate": "off",
        "content_type": "text/csv",
    }
    read, faults = read_options(given, DEFAULT)
    assert faults == ()
    assert read == Options(Strictness("off", "off"), 0, 1.5, 30, 7, "text/csv", {"A": "b"}, {"c": 1}, {"d": None})


def test_none_leaves_the_default() -> None:
    assert read_options({"max_retries": None, "deadline": None}, Options(Strictness(), 5))[0].max_retries == 5


FAULTY: dict[str, tuple[dict[str, Any], str]] = {
    "misspelt": ({"max_retrys": 1}, "unknown option (did you mean 'max_retries'?)"),
    "unknown": ({"colour": 1}, "unknown option"),
    "retries-text": ({"max_retries": "2"}, "expected a whole number from 0, found '2'"),
    "retries-bool": ({"max_retries": True}, "expected a whole number from 0, found True"),
    "retries-minus": ({"max_retries": -1}, "expected a whole number from 0, found -1"),
    "timeout-zero": ({"timeout_in_seconds": 0}, "expected seconds, more than 0, found 0"),
    "timeout-text": ({"timeout_in_seconds": "5"}, "expected seconds, more than 0, found '5'"),
    "deadline-bool": ({"deadline": True}, "expected seconds, more than 0, found True"),
    "chunk-zero": ({"chunk_size": 0}, "expected a number of bytes from 1, found 0"),
    "headers-list": ({"additional_headers": ["a"]}, "expected a mapping, found a list"),
    "validate": ({"validate": "strickt"}, '\'strickt\' is not one of "strict", "warn", "off"'),
}


@pytest.mark.parametrize(("given", "told"), FAULTY.values(), ids=FAULTY.keys())
def test_an_impossible_option_is_told_of(given: dict[str, Any], told: str) -> None:
    _, (fault,) = read_options(given, DEFAULT)
    assert fault.where == f"request_options.{next(iter(given))}"
    assert told in fault.message


def test_options_of_no_kind_are_a_fault_of_the_arguments(connect: Connect) -> None:
    with pytest.raises(RequestValidationError, match="request_options"):
        connect(Service(READY)).generations.get(GENERATION_ID, request_options=["max_retries"])


def test_all_faults_of_options_and_arguments_are_told_together(connect: Connect) -> None:
    with pytest.raises(RequestValidationError) as caught:
        connect(Service()).generations.get("", request_options={"max_retries": -1, "colour": 1})
    places = {violation.where for violation in caught.value.violations}
    assert places == {"path.id", "request_options.max_retries", "request_options.colour"}


STATED: dict[str, tuple[Any, Strictness]] = {
    "nothing": (None, Strictness("strict", "warn")),
    "word": ("off", Strictness("off", "off")),
    "one-direction": ({"response": "strict"}, Strictness("strict", "strict")),
    "both": ({"request": "warn", "response": "off"}, Strictness("warn", "off")),
}


@pytest.mark.parametrize(("stated", "read"), STATED.values(), ids=STATED.keys())
def test_strictness_is_stated_for_one_direction_or_both(stated: Any, read: Strictness) -> None:
    assert read_strictness(stated, Strictness()) == read


MISSTATED: dict[str, tuple[Any, str]] = {
    "direction": ({"answer": "off"}, "'answer' is not a direction"),
    "word": ({"response": "lax"}, "response: 'lax' is not one of"),
    "kind": (7, "found an int"),
}


@pytest.mark.parametrize(("stated", "told"), MISSTATED.values(), ids=MISSTATED.keys())
def test_misstated_strictness_is_refused(connect: Connect, stated: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_strictness(stated, Strictness())
    with pytest.raises(ConfigurationError, match=told):
        connect(Service(), validate=stated)


def test_additional_parameters_are_sent_unchecked(connect: Connect) -> None:
    service = Service(answer(201, GENERATION))
    options = {
        "additional_headers": {"X-Sync-Source": "tests", "X-Number": 7},
        "additional_query_parameters": {"debug": True, "tag": ["a b", "c&d"]},
        "additional_body_parameters": {"brandNew": {"x": 1}},
    }
    connect(service).generations.create(**CREATE, request_options=options)
    assert (service.last.headers["x-sync-source"], service.last.headers["x-number"]) == ("tests", "7")
    assert service.last.url.query == b"debug=true&tag=a%20b&tag=c%26d"
    assert service.sent == {**CREATE, "brandNew": {"x": 1}}


def test_additional_query_joins_the_declared(connect: Connect) -> None:
    service = Service(answer(200, []))
    connect(service).generations.list(
        status="FAILED", request_options={"additional_query_parameters": {"projectId": "p"}}
    )
    assert service.last.url.query == b"status=FAILED&projectId=p"


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\x00b"], ids=["line-break", "null"])
def test_a_header_cannot_be_broken_out_of(connect: Connect, value: str) -> None:
    service = Service(READY)
    with pytest.raises(RequestValidationError, match="header"):
        connect(service).generations.get(GENERATION_ID, request_options={"additional_headers": {"X-A": value}})
    assert service.requests == []


def test_options_hold_for_one_call_alone(connect: Connect) -> None:
    service = Service(READY)
    client = connect(service)
    client.generations.get(GENERATION_ID, request_options={"timeout_in_seconds": 1})
    client.generations.get(GENERATION_ID)
    assert [request.extensions["timeout"]["read"] for request in service.requests] == [1, 60]
