"""Names for operations: the document's own words, then its ids, then method and path."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn.naming import method_names, stated_list
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.sync import bundled_types


def names(paths: dict[str, Any]) -> list[str]:
    root = {"openapi": "3.1.0", "info": {"title": "N", "version": "1"}, "paths": paths}
    found = method_names(Contract(Document(root)))
    return [f"{resource}.{name}" for resource, methods in found.items() for name in methods]


NAMED: dict[str, tuple[str, dict[str, Any], str]] = {
    "id-and-tag": ("/a", {"operationId": "listThings", "tags": ["Big Things", "more"]}, "big_things.list_things"),
    "id-alone": ("/v2/things/{id}", {"operationId": "getThing"}, "things.get_thing"),
    "id-with-slashes": ("/a", {"operationId": "things/get-one"}, "a.get_one"),
    "path-alone": ("/v1/things/{id}/parts", {}, "things.get_v1_things_id_parts"),
    "version-alone": ("/v1", {}, "v1.get_v1"),
    "root": ("/", {}, "root.get"),
    "keyword": ("/class", {"operationId": "import"}, "class_.import_"),
}


@pytest.mark.parametrize(("path", "operation", "name"), NAMED.values(), ids=NAMED.keys())
def test_an_operation_is_named(path: str, operation: dict[str, Any], name: str) -> None:
    assert names({path: {"get": {"responses": {}, **operation}}}) == [name]


def test_a_name_that_is_taken_gets_a_number() -> None:
    same = {"operationId": "do it", "responses": {}}
    assert names({"/a": {"get": same, "put": same, "post": same}}) == ["a.do_it", "a.do_it_2", "a.do_it_3"]


def test_the_documents_own_words_come_first() -> None:
    methods = [{"resource": "jobs", "name": "create"}, {"resource": "jobs", "name": "upload", "media-type": "x/y"}]
    operation = {"operationId": "post", "x-syncdyn-methods": methods, "responses": {}}
    assert names({"/a": {"post": operation}}) == ["jobs.create", "jobs.upload"]


def test_the_bundled_api_has_the_names_of_its_official_sdk() -> None:
    found = method_names(bundled_types().contract)
    assert {resource: set(methods) for resource, methods in found.items()} == {
        "generations": {"create", "create_with_files", "get", "list", "estimate_cost"},
        "batch": {"create", "get", "list"},
        "assets": {"list", "get"},
        "models": {"list"},
    }


def test_an_extension_may_be_one_entry_or_a_list() -> None:
    assert stated_list({"a": 1}) == [{"a": 1}]
    assert stated_list([{"a": 1}, "odd", {"b": 2}]) == [{"a": 1}, {"b": 2}]
    assert stated_list(None) == []
