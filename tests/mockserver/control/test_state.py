from __future__ import annotations

import json
from copy import deepcopy

import pytest

from mockserver import Mock
from tests.mockserver.control.pets import PETS, pets, problem, told


def _name(mock: Mock, id_: int) -> object:
    response = mock.handle("GET", f"/pets/{id_}")
    return json.loads(response.body).get("name") if response.status == 200 else response.status


def test_what_was_created_is_in_the_state() -> None:
    mock = pets()
    made = json.loads(mock.handle("POST", "/pets", json={"name": "Rex"}).body)
    state = told(mock, "GET", "/state")
    assert state["collections"]["/pets"] == {str(made["id"]): made}
    assert told(mock, "GET", "/state/pets") == {str(made["id"]): made}
    assert told(mock, "GET", f"/state/pets/{made['id']}") == made


def test_a_test_puts_what_it_needs() -> None:
    mock = pets()
    assert told(mock, "PUT", "/state/pets/77", {"id": 77, "name": "Tom"})["warnings"] == []
    assert _name(mock, 77) == "Tom"
    told(mock, "PUT", "/state/pets/77", {"id": 77, "name": "Tim"})
    assert _name(mock, 77) == "Tim"


def test_what_was_put_goes_on_like_what_was_created() -> None:
    mock = pets()
    told(mock, "PUT", "/state/pets/77", {"id": 77, "name": "Tom"})
    mock.handle("DELETE", "/pets/77")
    assert _name(mock, 77) == 404
    told(mock, "PUT", "/state/pets/77", {"id": 77, "name": "Tom again"})
    assert _name(mock, 77) == "Tom again"


def test_a_resource_that_is_not_as_documented_is_taken_with_a_warning() -> None:
    mock = pets()
    warnings = told(mock, "PUT", "/state/pets/78", {"id": 77, "name": ""})["warnings"]
    assert warnings[0].startswith("/pets/78: body.name: ")
    assert warnings[1] == "/pets/78: body.id: it is 77, though the id is '78'"


@pytest.mark.parametrize("path", ["/pets/78", "/pets"])
def test_what_was_put_is_served_as_it_is(path: str) -> None:
    mock, odd = pets(), {"id": 78, "name": "", "ghost": True}
    told(mock, "PUT", "/state/pets/78", odd)
    response = mock.handle("GET", path)
    assert (response.status, json.loads(response.body)) == (200, odd if path.endswith("8") else [odd])


def test_what_was_put_is_as_documented_again_when_the_api_changes_it() -> None:
    document = deepcopy(PETS)
    document["paths"]["/pets/{petId}"]["patch"] = document["paths"]["/pets"]["post"] | {"operationId": "changePet"}
    document["paths"]["/pets/{petId}"]["patch"]["requestBody"] = {"content": {"application/json": {"schema": {}}}}
    mock = Mock(document)
    told(mock, "PUT", "/state/pets/78", {"id": 78, "name": "", "age": 3})
    changed = mock.handle("PATCH", "/pets/78", json={"age": 4}).json
    assert (changed["age"], bool(changed["name"])) == (4, True)
    assert mock.handle("GET", "/pets/78").json == changed


def test_a_deleted_resource_is_gone() -> None:
    mock = pets()
    told(mock, "PUT", "/state/pets/77", {"id": 77, "name": "Tom"})
    assert mock.handle("DELETE", "/_mock/state/pets/77").status == 204
    assert _name(mock, 77) == 404
    assert problem(mock, "DELETE", "/state/pets/77")[0] == 404


def test_a_collection_that_is_none_is_refused_with_those_there_are() -> None:
    status, detail = problem(pets(), "PUT", "/state/dogs/1", {})
    assert (status, detail) == (404, "no collection 'dogs'; there are /pets")


def test_a_resource_that_is_none_is_refused() -> None:
    assert problem(pets(), "GET", "/state/pets/1") == (404, "/pets has no resource '1'")


def test_what_the_state_gave_can_be_put_back() -> None:
    mock, other = pets(), pets()
    for name in ("Rex", "Tom"):
        mock.handle("POST", "/pets", json={"name": name})
    told(other, "PUT", "/state/pets/1000", {"id": 1000, "name": "gone soon"})
    state = told(mock, "GET", "/state")
    assert told(other, "POST", "/state", state) == {"resources": 2, "warnings": []}
    assert told(other, "GET", "/state") == state
    assert other.handle("GET", "/pets").body == mock.handle("GET", "/pets").body


def test_resources_of_overlay_collections_are_put_by_their_name() -> None:
    mock = Mock(clock="2030-01-01T00:00:00Z", speed=0)
    warnings = told(mock, "PUT", "/state/generations/abc", {"id": "abc"})["warnings"]
    assert any("body.status: missing" in each for each in warnings)
    assert told(mock, "GET", "/state/generations/abc") == {"id": "abc"}


def test_reset_forgets_resources_and_journal_but_in_parts_only_these() -> None:
    mock = pets()
    mock.advance(60)
    mock.handle("POST", "/pets", json={"name": "Rex"})
    assert mock.handle("POST", "/_mock/reset?only=journal").status == 204
    assert (len(mock.journal), len(mock.host.state.collections)) == (0, 1)
    mock.handle("POST", "/pets", json={"name": "Rex"})
    assert mock.handle("POST", "/_mock/reset?only=state").status == 204
    assert (len(mock.journal), len(mock.host.state.collections)) == (1, 0)
    assert told(mock, "GET", "/clock")["now"] == "2030-01-01T00:01:00.000Z"
    assert mock.handle("POST", "/_mock/reset").status == 204
    assert (len(mock.journal), told(mock, "GET", "/clock")["now"]) == (0, "2030-01-01T00:00:00.000Z")


def test_an_unknown_part_is_not_reset() -> None:
    assert problem(pets(), "POST", "/reset?only=jornal")[0] == 422


def test_the_document_is_never_changed() -> None:
    before = json.dumps(PETS)
    told(pets(), "PUT", "/state/pets/77", {"id": 77, "name": "Tom"})
    assert json.dumps(PETS) == before
