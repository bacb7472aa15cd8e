"""What is inferred from paths and methods, in the terms of `x-mock`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockserver.behaviour.inference import Inference
from mockserver.behaviour.naming import id_member, moments_of, singular
from mockserver.behaviour.patching import json_patched, merge_patched
from mockserver.behaviour.paths import filled, form_of_path, item_forms
from mockserver.problems import Refused
from syncdyn.openapi.contract import Contract, contract_of
from syncdyn.openapi.document import Document
from syncdyn.openapi.loading import load
from syncdyn.openapi.messages import Json
from tests.mockserver.behaviour.service import content, document

PETSTORE = {
    "POST /pet": {"create": "/pet"},
    "PUT /pet": {"update": "/pet", "by-member": "id", "how": "replace"},
    "GET /pet/findByStatus": {"list": "/pet"},
    "GET /pet/{petId}": {"read": "/pet", "by": "petId"},
    "POST /pet/{petId}": {"update": "/pet", "by": "petId", "how": "merge"},
    "DELETE /pet/{petId}": {"delete": "/pet", "by": "petId"},
    "POST /pet/{petId}/uploadImage": {"act": "/pet", "by": "petId"},
    "POST /store/order": {"create": "/store/order"},
    "POST /user/createWithList": {"create": "/user"},
    "PUT /user/{username}": {"update": "/user", "by": "username", "how": "replace"},
    "GET /user/login": None,
    "GET /store/inventory": None,
}


@pytest.mark.parametrize(("key", "expected"), PETSTORE.items(), ids=list(PETSTORE))
def test_the_operations_of_petstore_do_what_one_expects(key: str, expected: Any, corpus: Callable[[str], Path]) -> None:
    contract = contract_of(load(corpus("petstore.yaml")))
    found = Inference(contract, {}).behaviour(contract.operations[key])
    assert (found is None) is (expected is None)
    assert dict(found or {}).items() >= dict(expected or {}).items()


def test_one_path_alone_is_no_resource() -> None:
    """A pair is needed: what is only ever read may be anything."""
    thing = {"type": "object", "properties": {"id": {"type": "string"}}}
    contract = Contract(Document(document({"/weather/{city}": {"get": {"responses": {"200": content(thing)}}}})))
    assert Inference(contract, {}).behaviour(contract.operations["GET /weather/{city}"]) is None


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/users/{uid}/posts", "/users/{}/posts"),
        ("/a/{b}/", "/a/{}"),
        ("/Accounts/{Sid}.json", "/Accounts/{}"),
        ("/Accounts.json", "/Accounts"),
    ],
)
def test_the_form_of_a_path(path: str, form: str) -> None:
    assert form_of_path(path) == form


def test_a_path_leads_through_things() -> None:
    assert list(item_forms("/a/{}/b/{}/{}/c")) == ["/a/{}", "/a/{}/b/{}", "/a/{}/b/{}/{}"]
    assert filled("/a/{}/b", ("x/y", "more")) == "/a/x%2Fy/b"


@pytest.mark.parametrize(
    ("parameter", "types", "word", "fields", "member"),
    [
        ("petId", "integer", "pets", {"id": "integer", "name": "string"}, "id"),
        ("pet_id", "string", "pets", {"petID": "string", "id": "string"}, "petID"),
        ("username", "string", "users", {"id": "integer", "login": "string", "name": "string"}, "login"),
        ("repo", "string", "repos", {"id": "integer", "name": "string"}, "name"),
        ("issue_number", "integer", "issues", {"id": "integer", "number": "integer"}, "number"),
        ("team_slug", "string", "teams", {"id": "integer", "slug": "string"}, "slug"),
        ("customer", "string", "customers", {"id": "string", "name": "string"}, "id"),
        ("colour", "string", "paints", {"size": "integer"}, None),
    ],
)
def test_the_member_that_holds_the_id(
    parameter: str, types: str, word: str, fields: dict[str, str], member: str | None
) -> None:
    shape = shape_of({name: {"type": kind} for name, kind in fields.items()})
    assert id_member(shape.all_fields, parameter, frozenset({types}), word) == member


def shape_of(properties: dict[str, Any]) -> Any:
    contract = Contract(Document(document({}, schemas={"It": {"type": "object", "properties": properties}})))
    return contract.shapes.at("#/components/schemas/It")


def test_the_members_that_hold_moments() -> None:
    moment, number = {"type": "string", "format": "date-time"}, {"type": "integer"}
    shape = shape_of(
        {"created": number, "createdAt": moment, "date_updated": moment, "lastModified": moment, "recreated": moment}
        | {"created_by": {"type": "string"}, "updates": number}
    )
    assert moments_of(shape) == (("created", "createdAt"), ("date_updated", "lastModified"))


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("pets", "pet"),
        ("categories", "category"),
        ("boxes", "box"),
        ("dishes", "dish"),
        ("statuses", "status"),
        ("status", "status"),
        ("address", "address"),
        ("s", "s"),
    ],
)
def test_the_name_of_one(many: str, one: str) -> None:
    assert singular(many) == one


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ([{"op": "replace", "path": "/a", "value": 2}], {"a": 2, "b": [1]}),
        ([{"op": "add", "path": "/b/-", "value": 2}], {"a": 1, "b": [1, 2]}),
        ([{"op": "remove", "path": "/b"}], {"a": 1}),
        ([{"op": "move", "from": "/a", "path": "/c"}], {"b": [1], "c": 1}),
        ([{"op": "copy", "from": "/b", "path": "/c"}], {"a": 1, "b": [1], "c": [1]}),
        ([{"op": "test", "path": "/a", "value": 1}], {"a": 1, "b": [1]}),
    ],
    ids=lambda value: value[0]["op"] if isinstance(value, list) else "",
)
def test_a_json_patch(patch: Json, expected: Json) -> None:
    assert json_patched({"a": 1, "b": [1]}, patch) == expected


@pytest.mark.parametrize(
    "step",
    [
        {"op": "test", "path": "/a", "value": 2},
        {"op": "remove", "path": "/c"},
        {"op": "replace", "path": "/c", "value": 1},
        {"op": "remove", "path": "/b/7"},
    ],
    ids=["a test that fails", "nothing there", "nothing to replace", "past the end"],
)
def test_a_json_patch_that_does_not_fit_conflicts(step: Json) -> None:
    with pytest.raises(Refused) as refused:
        json_patched({"a": 1, "b": [1]}, [step])
    assert refused.value.fault.status == 409


def test_a_merge_patch() -> None:
    """The example of RFC 7396, section 1."""
    assert merge_patched({"a": "b", "c": {"d": "e", "f": "g"}}, {"a": "z", "c": {"f": None}}) == {
        "a": "z",
        "c": {"d": "e"},
    }
