"""A document's version, its pointers and references."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncdyn.openapi.document import Document, child, read_pointer, resource_of, steps_of
from syncdyn.openapi.errors import DocumentError, UnresolvedReference, UnsupportedVersion

NAMES = st.text(st.characters(codec="utf-8"), min_size=1)


def document(**members: Any) -> Document:
    return Document({"openapi": "3.1.0", **members}, "pets.yaml")


@pytest.mark.parametrize(
    ("stated", "version"),
    [("3.0.0", (3, 0)), ("3.0.4", (3, 0)), ("3.1.1", (3, 1)), ("3.2.0-rc1", (3, 2)), (3.1, (3, 1)), ("3.0", (3, 0))],
)
def test_versions_3_0_to_3_2_are_read(stated: object, version: tuple[int, int]) -> None:
    opened = Document({"openapi": stated}, "pets.yaml")
    assert opened.version == version
    assert repr(opened) == f"<Document pets.yaml, OpenAPI 3.{version[1]}>"


REFUSED: dict[str, tuple[Any, type[DocumentError], str]] = {
    "Swagger": (
        {"swagger": "2.0"},
        UnsupportedVersion,
        "pets.yaml: Swagger 2.0 is not read here; convert it to OpenAPI 3 first,"
        " with `npx swagger2openapi FILE` or editor.swagger.io",
    ),
    "another version": (
        {"openapi": "4.0.0"},
        UnsupportedVersion,
        "pets.yaml: OpenAPI 4.0.0 is not read here; 3.0, 3.1 and 3.2 are",
    ),
    "a version that only begins alike": (
        {"openapi": "3.10.0"},
        UnsupportedVersion,
        "pets.yaml: OpenAPI 3.10.0 is not read here; 3.0, 3.1 and 3.2 are",
    ),
    "no version": (
        {"info": {}},
        DocumentError,
        "pets.yaml: no `openapi` member at the top, so this is not an OpenAPI document",
    ),
    "no object": ([1], DocumentError, "pets.yaml: an OpenAPI document is an object, this is a list"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_openapi_3_is_refused_in_a_sentence(case: str) -> None:
    root, kind, message = REFUSED[case]
    with pytest.raises(kind) as caught:
        Document(root, "pets.yaml")
    assert str(caught.value) == message


#: Source: RFC 6901, section 6.
FRAGMENTS: dict[str, Any] = {
    "#": None,
    "#/foo": ["bar", "baz"],
    "#/foo/0": "bar",
    "#/": 0,
    "#/a~1b": 1,
    "#/c%25d": 2,
    "#/e%5Ef": 3,
    "#/g%7Ch": 4,
    "#/i%5Cj": 5,
    "#/k%22l": 6,
    "#/%20": 7,
    "#/m~0n": 8,
    "#/{id}": 9,
    "#/~01": 10,
}
ROOT: dict[str, Any] = {
    "openapi": "3.1.0",
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
    "{id}": 9,
    "~1": 10,
}
FRAGMENTS["#"] = ROOT


@pytest.mark.parametrize("pointer", FRAGMENTS)
def test_a_pointer_leads_to_its_value(pointer: str) -> None:
    opened = Document(ROOT)
    assert opened.at(pointer) == FRAGMENTS[pointer]
    assert opened.at(pointer) is opened.at(pointer)


@pytest.mark.parametrize("pointer", ["#/zzz", "#/foo/2", "#/foo/-1", "#/foo/x", "#/foo/01", "#/openapi/0", "#anchor"])
def test_a_pointer_to_nothing_is_refused(pointer: str) -> None:
    with pytest.raises(UnresolvedReference, match=f"the document: nothing stands at {pointer} "):
        Document(ROOT).at(pointer)


@pytest.mark.parametrize("pointer", ["pets.yaml", "https://example.org/a.json#/b", "/foo", "Pet"])
def test_a_reference_out_of_the_document_is_refused(pointer: str) -> None:
    with pytest.raises(UnresolvedReference, match="leads out of the document"):
        Document(ROOT).at(pointer)


@given(names=st.lists(NAMES, min_size=1, max_size=3))
def test_the_pointer_to_a_child_leads_back(names: list[str]) -> None:
    root: dict[str, Any] = {"openapi": "3.1.0", "x": 1}
    value: Any = "there"
    for name in reversed(names):
        value = {name: value}
    root["x"] = value
    pointer = child("#/x", *names)
    assert Document(root).at(pointer) == "there"
    assert steps_of(pointer) == ("x", *names)


def test_a_chain_of_references_is_followed_to_its_end() -> None:
    chain = document(a={"$ref": "#/b"}, b={"$ref": "#/c/0"}, c=[{"type": "string"}])
    assert chain.follow(chain.at("#/a"), "#/a") == ({"type": "string"}, "#/c/0")


def test_what_is_no_reference_is_its_own_end() -> None:
    plain = document(a={"$ref": {"type": "string"}}, b=[1])
    assert plain.follow(plain.at("#/a"), "#/a") == ({"$ref": {"type": "string"}}, "#/a")
    assert plain.follow(plain.at("#/b"), "#/b") == ([1], "#/b")


def test_references_in_a_circle_are_refused() -> None:
    circle = document(a={"$ref": "#/b"}, b={"$ref": "#/a"})
    with pytest.raises(UnresolvedReference, match=r"pets\.yaml: the \$ref at #/a leads in a circle"):
        circle.follow(circle.at("#/a"), "#/a")


def test_a_pointer_may_lead_through_references() -> None:
    through = document(a={"$ref": "#/b"}, b={"$ref": "#/c"}, c={"x": [{"$ref": "#/d"}]}, d={"y": 1})
    assert through.at("#/a/x/0/y") == 1


@pytest.mark.parametrize("reference", ["#/a/x", "#/a", "other.yaml"])
def test_a_pointer_through_a_reference_that_ends_nowhere_is_refused(reference: str) -> None:
    with pytest.raises(UnresolvedReference, match="nothing stands at #/a/x"):
        document(a={"$ref": reference}).at("#/a/x")


@pytest.mark.parametrize(
    ("pointer", "resource"),
    [
        ("#/components/schemas/A", "#/components/schemas/A"),
        ("#/components/schemas/A/properties/b/items", "#/components/schemas/A"),
        ("#/paths/~1a/get/parameters/0/schema", "#/paths/~1a/get/parameters/0/schema"),
    ],
)
def test_the_schema_that_a_lone_hash_means(pointer: str, resource: str) -> None:
    assert resource_of(pointer) == resource


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("", {"a": [{"b%20": 1, "~/": None}]}),
        ("/a/0/b%20", 1),
        ("/a/0/~0~1", None),
        ("/a/1", None),
        ("/a/x", None),
        ("/zzz/a", None),
        ("/a/0/b%20/c", None),
    ],
)
def test_a_plain_pointer_reads_a_value_or_none(pointer: str, found: Any) -> None:
    assert read_pointer({"a": [{"b%20": 1, "~/": None}]}, pointer) == found
