"""What classes are called: by component, title, property, or operation and place; always a name of Python."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn import Client
from syncdyn.class_names import class_name
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document, child

EMPTY: dict[str, Any] = {"type": "object", "properties": {"id": {"type": "integer"}}}
OWNED = {"type": "object", "properties": {"owner_info": EMPTY, "items": {"type": "array", "items": EMPTY}, "1": EMPTY}}


def content(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Names", "version": "1"},
    "servers": [{"url": "https://names.test"}],
    "paths": {
        "/repos": {
            "get": {"operationId": "repos/get", "responses": {"200": {"description": "", **content(OWNED)}}},
            "post": {
                "requestBody": content({"oneOf": [EMPTY, {**EMPTY, "title": "simple repo"}]}),
                "responses": {"default": {"description": "", **content({"type": "array", "items": EMPTY})}},
            },
        }
    },
    "components": {
        "schemas": {"Pet_item": OWNED, "full-repo": {"anyOf": [EMPTY]}, "1": EMPTY, "class": EMPTY, "§": EMPTY},
        "responses": {"not-found": content(EMPTY)},
    },
}
GET, POST = ("paths", "/repos", "get"), ("paths", "/repos", "post")
JSON = ("content", "application/json", "schema")
NAMES = {
    "component": (("components", "schemas", "Pet_item"), "Pet_item"),
    "component-no-identifier": (("components", "schemas", "full-repo"), "FullRepo"),
    "component-digit": (("components", "schemas", "1"), "_1"),
    "component-keyword": (("components", "schemas", "class"), "class_"),
    "component-sign": (("components", "schemas", "§"), "Value"),
    "branch": (("components", "schemas", "full-repo", "anyOf", "0"), "FullRepo"),
    "property": (("components", "schemas", "Pet_item", "properties", "owner_info"), "OwnerInfo"),
    "property-items": (("components", "schemas", "Pet_item", "properties", "items", "items"), "ItemsItem"),
    "property-digit": (("components", "schemas", "Pet_item", "properties", "1"), "_1"),
    "response": ((*GET, "responses", "200", *JSON), "ReposGetResponse"),
    "response-property": ((*GET, "responses", "200", *JSON, "properties", "owner_info"), "OwnerInfo"),
    "response-items": ((*POST, "responses", "default", *JSON, "items"), "PostReposResponseItem"),
    "request-branch": ((*POST, "requestBody", *JSON, "oneOf", "0"), "PostReposRequest"),
    "title": ((*POST, "requestBody", *JSON, "oneOf", "1"), "SimpleRepo"),
    "shared-response": (("components", "responses", "not-found", *JSON), "NotFound"),
}


@pytest.mark.parametrize(("steps", "expected"), NAMES.values(), ids=NAMES)
def test_a_class_has_the_name_of_what_it_is(steps: tuple[str, ...], expected: str) -> None:
    contract = Contract(Document(DOCUMENT))
    assert class_name(contract.shapes.at(child("#", *steps)), contract.operations) == expected


def test_a_result_shows_it() -> None:
    from tests.syncdyn.shop import Shop

    client = Shop().client(document=DOCUMENT)
    assert repr(client.repos.get()) == "ReposGetResponse(id=7, name='lamp')"


def test_a_document_without_operations_says_so() -> None:
    client: Any = Client({"openapi": "3.1.0", "info": {}, "components": {}}, base_url="https://names.test")
    assert list(client.operations) == []
    with pytest.raises(AttributeError, match="Client has no 'pets'; its document has no operations"):
        _ = client.pets
