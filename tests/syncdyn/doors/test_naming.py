"""Names for operations: the document's own words, then its ids, then method and path."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn.doors.naming import Names, method_names, naming_faults, stated_list
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.sync import bundled_types


def contract(paths: dict[str, Any]) -> Contract:
    return Contract(Document({"openapi": "3.1.0", "info": {"title": "N", "version": "1"}, "paths": paths}))


def names(paths: dict[str, Any]) -> list[str]:
    found = method_names(contract(paths))
    return [f"{resource}.{name}" for resource, methods in found.items() for name in methods]


NAMED: dict[str, tuple[str, dict[str, Any], str]] = {
    "id-and-tag": ("/a", {"operationId": "listThings", "tags": ["Big Things", "more"]}, "big_things.list_things"),
    "id-alone": ("/v2/things/{id}", {"operationId": "getThing"}, "things.get_thing"),
    "id-with-slashes": ("/a", {"operationId": "things/get-one"}, "a.get_one"),
    "path-alone": ("/v1/things/{id}/parts", {}, "things.get_v1_things_id_parts"),
    "version-alone": ("/v1", {}, "v1.get_v1"),
    "root": ("/", {}, "root.get"),
    "id-with-dots": ("/a", {"operationId": "v1.users.getOne"}, "a.get_one"),
    "id-with-colons": ("/a", {"operationId": "Users::get one."}, "a.get_one"),
    "beta-version": ("/v1beta2/things", {"operationId": "list"}, "things.list"),
    "no-version": ("/v2ray/things", {"operationId": "list"}, "v2ray.list"),
    "empty-id-and-tag": ("/a", {"operationId": " ", "tags": ["", "b"]}, "b.get_a"),
    "signs-alone": ("/a", {"operationId": "***", "tags": ["!"]}, "value.value"),
    "digits-first": ("/a", {"operationId": "2faLogin", "tags": ["3D secure"]}, "_3_d_secure._2fa_login"),
    "letters-of-others": ("/a", {"operationId": "größeHolen", "tags": ["ﬁle"]}, "file.größe_holen"),
    "fern": (
        "/a",
        {"operationId": "x", "x-fern-sdk-group-name": ["admin", "users"], "x-fern-sdk-method-name": "create"},
        "admin_users.create",
    ),
    "stainless": ("/a", {"x-stainless-group": "users", "x-stainless-method": "list"}, "users.list"),
    "speakeasy": ("/a", {"x-speakeasy-group": "users", "x-speakeasy-name-override": "list"}, "users.list"),
    "name-alone": ("/a", {"tags": ["t"], "operationId": "x", "x-cli-name": "make-it"}, "t.make_it"),
    "loopback": ("/a", {"x-controller-name": "TodoController", "x-operation-name": "count"}, "todo_controller.count"),
    "list-of-names": ("/a", {"x-linode-cli-command": "b", "x-linode-cli-action": ["list", "ls"]}, "b.list_ls"),
    "malformed": (
        "/a",
        {"operationId": "x", "tags": ["t"], "x-syncdyn-methods": [{"name": "y"}, 3], "x-fern-sdk-group-name": 3},
        "t.x",
    ),
    "ours-before-others": (
        "/a",
        {"x-syncdyn-methods": [{"resource": "r", "name": "n"}], "x-fern-sdk-method-name": "create"},
        "r.n",
    ),
    "reserved": ("/a", {"operationId": "with_raw_response", "tags": ["operations"]}, "operations_.with_raw_response_"),
    "keyword": ("/class", {"operationId": "import"}, "class_.import_"),
}


@pytest.mark.parametrize(("path", "operation", "name"), NAMED.values(), ids=NAMED.keys())
def test_an_operation_is_named(path: str, operation: dict[str, Any], name: str) -> None:
    assert names({path: {"get": {"responses": {}, **operation}}}) == [name]


def test_a_name_that_is_taken_gets_a_number() -> None:
    same = {"operationId": "do it", "responses": {}}
    assert names({"/a": {"get": same, "put": same, "post": same}}) == ["a.do_it", "a.do_it_2", "a.do_it_3"]


def test_a_number_that_is_taken_is_passed_over() -> None:
    paths = {f"/a/{name}": {"get": {"operationId": name, "tags": ["a"]}} for name in ("get_2", "a/get", "b/get")}
    assert names(paths) == ["a.get_2", "a.get", "a.get_3"]


def test_what_could_not_have_its_name_is_reported_with_the_reason() -> None:
    paths = {
        "/a": {"get": {"operationId": "x/get", "tags": ["a"]}},
        "/b": {"get": {"operationId": "y/get", "tags": ["A"]}},
        "/c": {"get": {"operationId": "get", "tags": ["request"]}},
    }
    found = [(fault.operation, fault.wanted, fault.given, fault.reason) for fault in naming_faults(contract(paths))]
    assert found == [
        ("GET /b", "a.get", "a.get_2", "taken by GET /a"),
        ("GET /c", "request.get", "request_.get", "a name of the client's own"),
    ]


def test_a_resource_is_found_by_the_words_of_the_document() -> None:
    found = Names(contract({"/a": {"get": {"tags": ["Big Things"]}}}).operations.heads)
    assert [found.resource_of(text) for text in ("big_things", "Big Things", "things")] == ["big_things"] * 2 + [None]


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
