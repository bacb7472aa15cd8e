"""Each mistake in `x-mock` data is found before a request meets it; and one that is met is told as what it is."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.behaviour.reviewing import data_mistakes
from mockserver.facade import Mock
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.messages import Json
from tests.mockserver.behaviour.service import PET, document, pets

TOM = {"id": 50, "name": "Tom"}
FEW: dict[str, Any] = {"rule": "refuse", "if": "body.age > `10`", "message": "too old", "status": 422}
KINDS = '"dgo" is not one of "dog", "cat" (did you mean \'dog\'?)'
COLLECTION = "x-mock-collections./pets"


def with_data(
    collection: Json = None, rule: Json = None, operation: Json = None, path: str = "/pets"
) -> dict[str, Any]:
    """A document of pets with data of their collection, with one rule, and with what is said of `POST /pets`."""
    root = {**pets(), "x-mock-collections": {path: collection or {}}, "x-mock-rules": {"few": [rule or FEW]}}
    root["paths"]["/pets"]["post"]["x-mock"] = {"rules": ["few"], **(operation or {})}
    return root


def ending(**stage: Any) -> dict[str, Any]:
    return {"default-outcome": "END", "outcomes": {"END": [{"after": 1, "set": {"age": "`9`"}, **stage}]}}


def mistakes(root: dict[str, Any]) -> list[str]:
    return list(data_mistakes(Contract(Document(root))))


@pytest.mark.parametrize(
    ("root", "told"),
    [
        (
            with_data(ending(after="soon")),
            f"{COLLECTION}.outcomes.END[0].after: the text 'soon' where a number from 0 is needed",
        ),
        (
            with_data(ending(), path="/pest"),
            "x-mock-collections./pest: no collection of things stands at /pest; did you mean '/pets'?",
        ),
        (
            with_data({**ending(), "default-outcome": "EDN"}),
            f"{COLLECTION}.default-outcome: no outcome 'EDN'; did you mean 'END'?",
        ),
        (
            with_data(ending(set={"knid": "'dog'"})),
            f"{COLLECTION}.outcomes.END[0].set.knid: the pet has no member 'knid'; did you mean 'kind'?",
        ),
        (with_data(ending(set={"kind": "'dgo'"})), f"{COLLECTION}.outcomes.END[0].set.kind: {KINDS}"),
        (with_data({"seeded": [TOM, {**TOM, "kind": "dgo"}]}), f"{COLLECTION}.seeded[1].kind: {KINDS}"),
        (
            with_data({"seeded": [{**TOM, "agee": 5}]}),
            f"{COLLECTION}.seeded[0].agee: the pet has no member 'agee'; did you mean 'age'?",
        ),
        (
            with_data(rule={**FEW, "if": "body.age >> `1`"}),
            "x-mock-rules.few[0].if: the expression 'body.age >> `1`' cannot be read: ",
        ),
        (
            with_data(rule={**FEW, "if": "lenght(body.name)"}),
            "x-mock-rules.few[0].if: the expression 'lenght(body.name)' cannot be read: there is no function 'lenght'; "
            "did you mean 'length'?",
        ),
        (with_data(rule={**FEW, "rule": "refus"}), "x-mock-rules.few[0].rule: 'refus' is not one of refuse, count, "),
        (with_data(rule={"rule": "refuse", "message": "m"}), "x-mock-rules.few[0]: it lacks 'if'"),
        (with_data(rule={**FEW, "status": "422"}), "x-mock-rules.few[0].status: the text '422' where a whole number"),
        (
            with_data(operation={"limits": [{"when": "a ||"}]}),
            "POST /pets: x-mock.limits[0].when: the expression 'a ||' cannot be read: ",
        ),
        (
            with_data(operation={"create": "/pest"}),
            "POST /pets: x-mock.create: no collection '/pest'; did you mean '/pets'?",
        ),
        (with_data(operation={"set": {"kind": "'dgo'"}}), f"POST /pets: x-mock.set.kind: {KINDS}"),
    ],
    ids=[
        "number", "path", "outcome", "member that is set", "value that is set", "seeded value", "seeded member",
        "expression", "function", "rule", "word that is needed", "status", "limit", "collection of an operation",
        "value that an operation sets",
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_what_was_meant(root: dict[str, Any], told: str) -> None:
    (line,) = mistakes(root)
    assert line.startswith(told)


@pytest.mark.parametrize(
    "root",
    [
        with_data({**ending(set={"kind": "body.kind", "age": "`9`"}), "seeded": [TOM]}),
        with_data({"seeded": [{**TOM, "colour": "red"}]}),
        with_data({"optional-members": {"age": None}}),
        with_data({"seeded": [TOM]}, path="/pets/"),
        {**document({}), "x-mock-collections": {"jobs": {**ending(), "members": {"id": "id", "age": "`1`"}}}},
    ],
    ids=["lifecycle", "member that no schema forbids", "member left out", "another spelling", "collection by name"],
)
def test_what_is_no_mistake_is_not_told(root: dict[str, Any]) -> None:
    assert mistakes(root) == []


@pytest.mark.parametrize(
    ("openness", "count"),
    [({}, 1), ({"additionalProperties": True}, 0), ({"additionalProperties": False}, 1)],
    ids=["silent", "open", "closed"],
)
def test_a_name_that_is_nearly_a_member_is_told_unless_the_schema_lets_other_names_in(
    openness: dict[str, Any], count: int
) -> None:
    root = with_data({"seeded": [{**TOM, "agee": 5}]})
    root["components"]["schemas"]["Pet"] = {**PET, **openness}
    assert len(mistakes(root)) == count


@pytest.mark.parametrize(
    ("root", "told"),
    [
        (with_data(ending(after="soon")), "outcomes.END[0].after: the text 'soon' where a number"),
        (with_data(rule={**FEW, "if": "body.age >> `1`"}), "'body.age >> `1`'"),
        (with_data(rule={**FEW, "rule": "refus"}), "no rule 'refus' in x-mock-rules; did you mean 'refuse'?"),
        (with_data(rule={**FEW, "rule": "count", "of": "`5`"}), "the rule 'count' in x-mock-rules: "),
        (with_data(rule={**FEW, "if": "matches(body.name, '(')"}), "the expression "),
        (with_data(rule={**FEW, "if": "`true`", "status": "soon"}), "x-mock-rules.few[0].status: the text 'soon'"),
        (
            with_data(operation={"idempotency": {"headr": "Key"}}),
            "x-mock.idempotency.headr: no such word; did you mean 'header'?",
        ),
    ],
    ids=["number", "expression", "rule", "no list", "pattern", "status", "idempotency"],
)
def test_a_mistake_that_is_met_is_told_by_the_answer(root: dict[str, Any], told: str) -> None:
    with Mock(root) as mock:
        response = mock.handle("POST", "/pets", json={"name": "Rex"})
    assert response.status == 500
    assert told in response.json["detail"]
