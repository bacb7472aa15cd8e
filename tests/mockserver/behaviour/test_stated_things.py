"""What an overlay's author states of things is shown as it is; where that breaks the document, the mock says so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.behaviour.service import PET_REF, Service, content, pets, service

REX, TOM = {"name": "Rex"}, {"id": 50, "name": "Tom"}
BREACH = b'kind: \\"dgo\\" is not one of \\"dog\\", \\"cat\\" (did you mean \'dog\'?)'


def shop(data: dict[str, Any], *, is_wrapped: bool = False, **settings: Any) -> Service:
    """A mock of pets about which an overlay states `data`; their list has an envelope if it is wrapped."""
    root = {**pets(), "x-mock-collections": {"/pets": data}}
    if is_wrapped:
        things = {"type": "array", "items": PET_REF}
        members = {"items": things, "total": {"type": "integer"}, "next": {"type": "string"}}
        envelope = {"type": "object", "required": ["items", "total", "next"], "properties": members}
        root["paths"]["/pets"]["get"]["responses"]["200"] = content(envelope)
    return service(root, **settings)


SEEDED = {"seeded": [TOM, {"id": 51, "name": "Kim", "kind": "dgo"}]}
ENDING = {"default-outcome": "END", "outcomes": {"END": [{"after": 1, "set": {"kind": "'dgo'"}}]}}


@pytest.mark.parametrize("is_wrapped", [False, True], ids=["plain list", "list in an envelope"])
def test_a_list_with_a_seeded_thing_that_breaks_the_schema_names_the_violation(is_wrapped: bool) -> None:
    response = shop(SEEDED, is_wrapped=is_wrapped).ask("GET", "/pets")
    assert response.status == 500
    assert BREACH in response.body


def test_only_what_shows_the_broken_thing_fails() -> None:
    mock = shop(SEEDED)
    assert mock.json("GET", "/pets/50") == TOM
    response = mock.ask("GET", "/pets/51")
    assert response.status == 500
    assert BREACH in response.body


def test_a_stage_that_breaks_the_schema_is_told_when_it_has_come() -> None:
    mock = shop({**ENDING, "seeded": [TOM]}, job_seconds=10)
    mock.json("POST", "/pets", REX)
    assert [one["name"] for one in mock.json("GET", "/pets")] == ["Tom", "Rex"]
    mock.now += 11
    response = mock.ask("GET", "/pets")
    assert response.status == 500
    assert BREACH in response.body


@pytest.mark.parametrize("is_wrapped", [False, True], ids=["plain list", "list in an envelope"])
def test_where_answers_are_not_proven_all_is_shown_as_it_is_stated(is_wrapped: bool) -> None:
    found = shop(SEEDED, is_wrapped=is_wrapped, strict_responses=False).json("GET", "/pets")
    things = found.pop("items") if is_wrapped else found
    assert things == SEEDED["seeded"]
    if is_wrapped:
        assert found["total"] == len(things)
        assert isinstance(found["next"], str)


def test_a_collection_without_a_list_has_what_is_seeded() -> None:
    root = {**pets(), "x-mock-collections": {"/pets": {"seeded": [TOM]}}}
    del root["paths"]["/pets"]["get"]
    assert service(root).json("GET", "/pets/50") == TOM
