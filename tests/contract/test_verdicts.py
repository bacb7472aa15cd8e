"""openapi-core and our own checker on the same messages: valid ones by several seeds, and each of them changed.

Every change that a schema speaks of is made at every place of every message, in every media type; the two must
agree on each, or `DIFFERENCES` says why they do not. A row of it that no message shows any more fails the test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest
import yaml

from syncdyn.openapi import checking
from syncdyn.openapi.bundled import load_bundled
from syncdyn.openapi.coding import media
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.opinion.second_opinion import SecondOpinion
from syncdyn.openapi.records import Line
from tests.contract.cases import Case, requests, responses, thinned
from tests.travelling import read, unsecured

_OURS, _CORE = "ours", "openapi-core"
_ANY = "any keyword"


@dataclass(frozen=True)
class Difference:
    """What one judge alone finds: in which document, where in a message, of which media type, by which keyword."""

    document: str
    finder: str
    place: str
    media_type: str
    keyword: str
    reason: str

    def covers(self, document: str, finder: str, case: Case, found: Violation) -> bool:
        stated = (self.document, self.finder, self.place, self.media_type)
        return (document, finder, place_of(found), type_of(case, found)) == stated and self.keyword in (
            found.keyword,
            _ANY,
        )


def place_of(found: Violation) -> str:
    """Where a fault stands: its location, or that it is in a file of records."""
    is_record = found.keyword == "minRecords" or any(isinstance(step, Line) for step in found.path)
    return "record" if is_record else found.location


def type_of(case: Case, found: Violation) -> str:
    """The media type of the message; empty where it says none, or where the fault is in the URL."""
    content_type = None if found.location in ("query", "path") else (case.response or case.request).content_type
    return media.essence(content_type or "")


_XML = "application/xml"
_FORM, _PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
_NO_TYPE = "a body that does not say its type is taken for the only one that is promised"
_EMPTY = "openapi-core refuses an empty query value unless allowEmptyValue is set"
_NOTHING = "an array without items writes nothing into a form, so one that has to be there is empty (RFC 6570, 2.3)"
_FORMATS = "openapi-core asserts formats; with us they are annotation"
_OBJECTS = "an object in a form is JSON text (3.0.4, Encoding Object), which openapi-core does not read"
_RECORDS = "what stands in a file is checked by our extensions alone"
_UNDECLARED = "openapi-core drops a form's undeclared fields before it validates"
DIFFERENCES = (
    Difference("bundled", _OURS, "record", _PARTS, _ANY, _RECORDS),
    Difference("bundled", _OURS, "body", _PARTS, "additionalProperties", _UNDECLARED),
    Difference("bundled", _CORE, "header", "", "mediaType", _NO_TYPE),
    Difference("bundled", _CORE, "query", "", "malformed", _EMPTY),
    Difference("petstore", _CORE, "header", "", "mediaType", _NO_TYPE),
    Difference("petstore", _CORE, "query", "", "malformed", _EMPTY),
    Difference("petstore", _CORE, "body", _FORM, "malformed", _OBJECTS),
    Difference("petstore", _CORE, "body", _FORM, "type", _OBJECTS),
    Difference("petstore", _CORE, "body", _FORM, "required", _NOTHING),
    Difference("petstore", _CORE, "header", _XML, "format", _FORMATS),
)


@pytest.fixture(scope="module", params=["bundled", "petstore"])
def document(request: pytest.FixtureRequest) -> tuple[str, Contract]:
    """The name of a document and what it promises, credentials aside."""
    petstore = Path(__file__).parents[1] / "data" / "petstore.yaml"
    if request.param == "bundled":
        return "bundled", Contract(unsecured(load_bundled("sync", cache_folder=None)))
    return "petstore", Contract(unsecured(Document(yaml.safe_load(petstore.read_text(encoding="utf-8")))))


def own(case: Case) -> tuple[Violation, ...]:
    if case.response is not None:
        return checking.read_response(case.plan.contract, case.plan.operation, case.response).violations
    return read(case.plan, case.request).violations


def of_core(core: SecondOpinion, case: Case) -> tuple[Violation, ...]:
    if case.response is not None:
        return core.check_response(case.plan.operation, case.request, case.response)
    return core.check_request(case.plan.operation, case.request)


def faults(violations: tuple[Violation, ...]) -> tuple[Violation, ...]:
    return tuple(violation for violation in violations if not violation.is_tolerated)


def reasons(document: str, finder: str, case: Case, found: tuple[Violation, ...]) -> Iterator[Difference | None]:
    for fault in found:
        yield next((row for row in DIFFERENCES if row.covers(document, finder, case, fault)), None)


def test_the_verdicts_are_equal_or_the_reason_is_listed(document: tuple[str, Contract]) -> None:
    name, contract = document
    core = SecondOpinion(contract)
    verdicts: Counter[tuple[bool, bool]] = Counter()
    shown: set[Difference | None] = set()
    for case in thinned(chain(requests(contract), responses(contract))):
        ours, others = faults(own(case)), faults(of_core(core, case))
        verdicts[not ours, not others] += 1
        if bool(ours) != bool(others):
            rows = {*reasons(name, _OURS if ours else _CORE, case, ours or others)}
            assert None not in rows, (case.plan.operation.key, case.kind, case.request, case.response, ours, others)
            shown |= rows
    assert verdicts[True, True] > 500
    assert verdicts[False, False] > 500
    expected = {row for row in DIFFERENCES if row.document == name}
    assert shown == expected, "a difference that is none any more is struck from the list"
