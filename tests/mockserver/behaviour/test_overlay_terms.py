"""What an overlay adds to inference, or says in its place: on an operation, and on a collection by its path."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.behaviour.inference import Inference
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import DocumentError
from tests.mockserver.behaviour.service import ID, content, document, parameter, pets, service

REX = {"name": "Rex"}


def with_collection(**data: Any) -> dict[str, Any]:
    return {**pets(), "x-mock-collections": {"/pets": data}}


def test_a_collection_begins_with_what_is_seeded() -> None:
    shop = service(with_collection(seeded=[{"id": 5, "name": "Tom"}]))
    assert [one["name"] for one in shop.json("GET", "/pets")] == ["Tom"]
    assert shop.json("GET", "/pets/5")["name"] == "Tom"


def test_what_is_unknown_is_told_as_stated() -> None:
    shop = service(with_collection(unknown={"status": 404, "message": "no such pet"}))
    response = shop.ask("GET", "/pets/5")
    assert response.status == 404
    assert b"no such pet" in response.body


def test_the_id_is_the_member_that_is_stated() -> None:
    root = with_collection(id="name")
    root["paths"]["/pets/{petId}"]["parameters"] = [parameter("petId", None, "path")]
    shop = service(root)
    shop.json("POST", "/pets", REX)
    assert shop.json("GET", "/pets/Rex")["name"] == "Rex"


def test_a_thing_lives_as_its_outcomes_say() -> None:
    life = {"default-outcome": "OLD", "outcomes": {"OLD": [{"after": 1, "set": {"age": "`9`"}}]}}
    shop = service(with_collection(members={"age": "`1`"}, **life), job_seconds=10)
    assert shop.json("POST", "/pets", REX).items() >= {"name": "Rex", "age": 1}.items()
    assert shop.json("GET", "/pets/1")["age"] == 1
    shop.now += 11
    assert shop.json("GET", "/pets/1")["age"] == 9


def test_rules_hold_for_what_is_inferred() -> None:
    root = pets()
    root["x-mock-rules"] = {"named": [{"rule": "refuse", "if": "body.name == 'X'", "message": "not X", "status": 422}]}
    root["paths"]["/pets"]["post"]["x-mock"] = {"rules": ["named"]}
    shop = service(root)
    assert shop.ask("POST", "/pets", {"name": "X"}).status == 422
    assert shop.json("GET", "/pets") == []
    assert shop.json("POST", "/pets", REX)["id"] == 1


def cancelling(**data: Any) -> dict[str, Any]:
    walk = {"/pets/{petId}/walk": {"parameters": [ID], "post": {"responses": {"200": content()}, "x-mock": data}}}
    return pets(**walk)


def test_an_act_sets_members_and_requires_a_state() -> None:
    stated = {"requires": "kind == 'dog'", "set": {"kind": "'cat'"}, "otherwise": {"message": "a cat will not"}}
    shop = service(cancelling(**stated))
    shop.json("POST", "/pets", REX)
    assert shop.json("POST", "/pets/1/walk")["kind"] == "cat"
    assert shop.json("GET", "/pets/1")["kind"] == "cat"
    refused = shop.ask("POST", "/pets/1/walk")
    assert refused.status == 409
    assert b"a cat will not" in refused.body


def named_jobs() -> dict[str, Any]:
    """A document of which the data alone says what its operations do."""
    job = {"type": "object", "properties": {"id": {"type": "string"}, "state": {"type": "string"}}}
    on_one = {"by": "id"}
    stop = {"act": "jobs", **on_one, "requires": "state == 'RUNNING'", "set": {"state": "'STOPPED'"}}
    operation = {"responses": {"200": content(job)}}
    name = parameter("id", None, "path")
    life = {"default-outcome": "DONE", "outcomes": {"DONE": [{"after": 1, "set": {"state": "'DONE'"}}]}}
    paths = {
        "/start": {"post": {**operation, "x-mock": {"create": "jobs", "status": 200}}},
        "/job/{id}": {
            "parameters": [name],
            "get": {**operation, "x-mock": {"read": "jobs", **on_one}},
            "put": {**operation, "x-mock": {"upsert": "jobs", **on_one}},
            "patch": {**operation, "x-mock": {"update": "jobs", **on_one, "set": {"state": "'CHANGED'"}}},
            "delete": {"responses": {"204": {"description": "d"}}, "x-mock": {"delete": "jobs", **on_one}},
        },
        "/stop/{id}": {"parameters": [name], "post": {**operation, "x-mock": stop}},
    }
    collections = {"jobs": {"members": {"id": "id", "state": "'RUNNING'"}, **life}}
    return document(paths, **{"x-mock-collections": collections})


def test_a_transition_ends_what_was_to_come() -> None:
    shop = service(named_jobs())
    job = shop.json("POST", "/start")
    assert shop.json("POST", f"/stop/{job['id']}")["state"] == "STOPPED"
    shop.now += 60
    assert shop.json("GET", f"/job/{job['id']}")["state"] == "STOPPED"
    assert shop.ask("POST", f"/stop/{job['id']}").status == 409


def test_named_collections_are_changed_and_emptied() -> None:
    shop = service(named_jobs())
    assert shop.json("PUT", "/job/mine") == {"id": "mine", "state": "RUNNING"}
    assert shop.json("PATCH", "/job/mine")["state"] == "CHANGED"
    assert shop.ask("DELETE", "/job/mine").status == 204
    assert shop.ask("GET", "/job/mine").status == 404
    assert shop.ask("DELETE", "/job/mine").status == 404


@pytest.mark.parametrize("name", ["x-mock-collections", "x-mock-rules"])
def test_data_that_is_no_object_is_told_at_once(name: str) -> None:
    with pytest.raises(DocumentError, match=f"{name} is to be an object, found 5"):
        service({**pets(), name: 5})


def test_an_operation_whose_data_is_no_object_does_what_is_inferred() -> None:
    root = pets()
    root["paths"]["/pets"]["post"]["x-mock"] = 5
    assert service(root).json("POST", "/pets", REX)["id"] == 1


@pytest.mark.parametrize("place", ["document", "path", "operation"])
def test_inference_is_switched_off_at_any_place(place: str) -> None:
    root = pets()
    at = {"document": root, "path": root["paths"]["/pets"], "operation": root["paths"]["/pets"]["post"]}[place]
    at["x-mock-state"] = False
    contract = Contract(Document(root))
    inference = Inference(contract, {})
    assert inference.behaviour(contract.operations["POST /pets"]) is None
