"""A document in several files, or with names for its schemas, becomes one with pointers alone."""

from __future__ import annotations

import json
import posixpath
from typing import Any

import pytest

from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import DocumentError, UnresolvedReference
from syncdyn.openapi.opening import bundling
from syncdyn.openapi.opening.bundling import bundle, faults_of, is_whole
from syncdyn.openapi.schemas.shapes import Shapes

FILES = "#/x-syncdyn-files"


class Files:
    """Files by path; what begins with `../` is refused, what begins with `urn:` is no place."""

    def __init__(self, **files: Any) -> None:
        self.files = {name.replace("__", "/").replace("_", "."): value for name, value in files.items()}
        self.read_paths: list[str] = []

    def locate(self, base: str, path: str) -> str:
        if path.startswith("urn:"):
            raise LookupError("no place")
        found = posixpath.normpath(posixpath.join(posixpath.dirname(base), path))
        if found.startswith(".."):
            raise UnresolvedReference("leads out")
        return found

    def read(self, location: str) -> bytes:
        self.read_paths.append(location)
        try:
            value = self.files[location]
        except KeyError:
            raise LookupError("no such file") from None
        return value if isinstance(value, bytes) else json.dumps(value).encode()


def bundled(schemas: Any = None, files: Files | None = None, version: str = "3.1.0", **members: Any) -> Document:
    root = {"openapi": version, **members, "components": {"schemas": schemas or {}}}
    bundle(root, json.dumps(root, indent=1), "main.json", files or Files())
    return Document(root)


def ends(document: Document, name: str) -> Any:
    """What stands where a component's reference leads."""
    pointer = f"#/components/schemas/{name}"
    return document.follow(document.at(pointer), pointer)[0]


PET = {"type": "object", "properties": {"owner": {"$ref": "owner.yaml"}}}

PLACES: dict[str, tuple[str, Any]] = {
    "a whole file": ("a.json", {"title": "a"}),
    "in a folder": ("b/c.json", {"title": "c"}),
    "by a roundabout way": ("./b/../a.json", {"title": "a"}),
    "a part of a file": ("b/defs.json#/A~1B", {"title": "A/B"}),
    "a part with an encoded name": ("b/defs.json#/C%20D", {"title": "C D"}),
    "an anchor in a file": ("b/defs.json#here", {"title": "anchored", "$anchor": "here"}),
    "through a reference in a file": ("b/defs.json#/Through", {"title": "c"}),
    "back to the main file": ("b/defs.json#/Back", {"title": "home"}),
    "the main file by its name": ("main.json#/components/schemas/Home", {"title": "home"}),
}


@pytest.mark.parametrize("case", PLACES)
def test_a_reference_leads_to_a_file_below_the_folder(case: str) -> None:
    reference, expected = PLACES[case]
    defs = {
        "A/B": {"title": "A/B"},
        "C D": {"title": "C D"},
        "E": {"title": "anchored", "$anchor": "here"},
        "Through": {"$ref": "c.json"},
        "Back": {"$ref": "../main.json#/components/schemas/Home"},
    }
    files = Files(a_json={"title": "a"}, b__c_json={"title": "c"}, b__defs_json=defs)
    document = bundled({"It": {"$ref": reference}, "Home": {"title": "home"}}, files)
    assert ends(document, "It") == expected
    assert faults_of(document.root) == ()


def test_a_file_is_read_once_and_stands_once() -> None:
    files = Files(a_json={"properties": {"b": {"$ref": "b.json"}}}, b_json={"items": {"$ref": "a.json"}})
    document = bundled({"A": {"$ref": "a.json"}, "B": {"$ref": "b.json"}, "Again": {"$ref": "./a.json#"}}, files)
    assert files.read_paths == ["a.json", "b.json"]
    assert document.at("#/components/schemas/Again") == {"$ref": f"{FILES}/a.json"}
    assert document.at(f"{FILES}/b.json") == {"items": {"$ref": f"{FILES}/a.json"}}


def test_in_another_file_a_pointer_is_meant_from_its_root() -> None:
    files = Files(a_yaml=b"$ref: '#/$defs/x'\n$defs: {x: {items: {$ref: '#'}}}\n")
    document = bundled({"It": {"$ref": "a.yaml"}}, files)
    assert ends(document, "It") == {"items": {"$ref": f"{FILES}/a.yaml"}}


def test_path_items_and_mappings_lead_to_files_as_well() -> None:
    union = {"discriminator": {"propertyName": "kind", "mapping": {"a": "a.json", "home": "Home", "no": 5}}}
    files = Files(a_json={}, paths__pets_json={"get": {"responses": {"200": {"$ref": "../a.json"}}}})
    document = bundled({"Union": union, "Home": {}}, files, paths={"/pets": {"$ref": "paths/pets.json"}})
    assert document.at("#/paths/~1pets/get/responses/200") == {"$ref": f"{FILES}/a.json"}
    mapping = document.at("#/components/schemas/Union/discriminator/mapping")
    assert mapping == {"a": f"{FILES}/a.json", "home": "Home", "no": 5}


def test_what_only_looks_like_a_reference_stays() -> None:
    schema = {
        "example": {"$ref": "../x"},
        "enum": [{"$ref": "../x"}],
        "examples": [{"$ref": "../x"}],
        "properties": {"$ref": {"type": "string"}, "default": {"items": {"$ref": "a.json"}}},
    }
    document = bundled({"It": schema}, Files(a_json={}))
    assert document.at("#/components/schemas/It/properties/default/items") == {"$ref": f"{FILES}/a.json"}
    assert document.at("#/components/schemas/It/examples") == [{"$ref": "../x"}]


NAMES: dict[str, tuple[Any, Any]] = {
    "an anchor": ({"A": {"$defs": {"x": {"$anchor": "x", "title": "x"}}}, "It": {"$ref": "#x"}}, "x"),
    "an anchor of old": ({"A": {"$id": "#x", "title": "x"}, "It": {"$ref": "#x"}}, "x"),
    "a dynamic anchor": ({"A": {"$dynamicAnchor": "x", "title": "x"}, "It": {"$ref": "#x"}}, "x"),
    "an identity": ({"A": {"$id": "https://a.example/a", "title": "a"}, "It": {"$ref": "https://a.example/a"}}, "a"),
    "an identity that is no place": ({"A": {"$id": "urn:a", "title": "a"}, "It": {"$ref": "urn:a"}}, "a"),
    "a relative identity": ({"A": {"$id": "x/a", "title": "a"}, "It": {"$ref": "x/a"}}, "a"),
    "relative to an identity": (
        {
            "A": {"$id": "https://example.org/s/a", "title": "a"},
            "It": {"$id": "https://example.org/s/it", "allOf": [{"$ref": "a"}], "$ref": "a"},
        },
        "a",
    ),
    "an anchor below an identity": (
        {"A": {"$id": "https://example.org/a", "$defs": {"x": {"$anchor": "x", "title": "x"}}},
         "It": {"$ref": "https://example.org/a#x"}},
        "x",
    ),
    "from the root of an identity": (
        {"It": {"$id": "https://example.org/a", "$ref": "#/$defs/x", "$defs": {"x": {"title": "x"}}}},
        "x",
    ),
    "from the root of the file in spite of an identity": (
        {"It": {"$id": "It", "$ref": "#/components/schemas/A"}, "A": {"title": "a"}},
        "a",
    ),
    "an identity in another file": ({"A": {"$ref": "a.json"}, "It": {"$ref": "https://example.org/far"}}, "far"),
}  # fmt: skip


@pytest.mark.parametrize("case", NAMES)
def test_a_schema_is_found_by_its_name(case: str) -> None:
    schemas, title = NAMES[case]
    document = bundled(schemas, Files(a_json={"$defs": {"far": {"$id": "https://example.org/far", "title": "far"}}}))
    assert ends(document, "It")["title"] == title
    assert faults_of(document.root) == ()


def test_in_3_0_schemas_have_no_names() -> None:
    document = bundled({"A": {"$id": "a.json"}, "It": {"$ref": "a.json"}}, Files(a_json={"title": "a"}), "3.0.3")
    assert ends(document, "It") == {"title": "a"}


def test_a_dynamic_reference_becomes_a_pointer_to_what_it_means_first() -> None:
    schemas = {"It": {"$id": "list", "items": {"$dynamicRef": "#T"}, "$defs": {"any": {"$dynamicAnchor": "T"}}}}
    assert bundled(schemas).at("#/components/schemas/It/items") == {"$dynamicRef": "#/components/schemas/It/$defs/any"}


GAPS = {
    "no file": ("gone.json", "no such file"),
    "a part of no file": ("gone.json#/a", "no such file"),
    "no such part": ("a.json#/b", "nothing stands there"),
    "no such anchor": ("a.json#b", "nothing stands there"),
    "no anchor here": ("#b", "nothing stands there"),
    "no place": ("urn:x", "no place"),
}


@pytest.mark.parametrize("case", GAPS)
def test_what_leads_nowhere_is_told_and_the_rest_read(case: str) -> None:
    reference, reason = GAPS[case]
    document = bundled({"It": {"$ref": reference}, "A": {"$ref": "a.json"}}, Files(a_json={"title": "a"}))
    (fault,) = faults_of(document.root)
    assert (fault.reference, fault.file, fault.line, fault.reason) == (reference, "main.json", 6, reason)
    assert fault.pointer == "#/components/schemas/It"
    with pytest.raises(UnresolvedReference):
        document.follow(document.at(fault.pointer), fault.pointer)
    assert ends(document, "A") == {"title": "a"}


def test_a_fault_says_where_and_why() -> None:
    (fault,) = faults_of(bundled({"It": {"$ref": "gone.json"}}).root)
    assert str(fault) == "main.json, line 6: the reference 'gone.json' is not followed: no such file"


@pytest.mark.parametrize("stated", [5, "odd", [5], {}])
def test_faults_that_a_document_brings_itself_are_none(stated: Any) -> None:
    assert faults_of({"x-syncdyn-faults": stated}) == ()


def test_all_that_is_refused_is_told_at_once() -> None:
    files = Files(a_yaml=b"a: 1\nitems:\n  $ref: '../up.json'\n")
    with pytest.raises(UnresolvedReference) as caught:
        bundled({"It": {"$ref": "a.yaml"}, "B": {"$ref": "../b.json"}}, files)
    assert str(caught.value).splitlines() == [
        "main.json, line 9: the reference '../b.json' leads out",
        "a.yaml, line 3: the reference '../up.json' leads out",
    ]


def test_credentials_in_a_reference_are_not_told() -> None:
    (fault,) = faults_of(bundled({"It": {"$ref": "https://me:secret@example.org/a?token=secret#/x"}}).root)
    assert "secret" not in str(fault)
    assert fault.reference == "https://example.org/a#/x"


def test_another_file_that_is_malformed_is_told_with_its_line() -> None:
    with pytest.raises(DocumentError, match=r"^a\.yaml, line 2, column 1"):
        bundled({"It": {"$ref": "a.yaml"}}, Files(a_yaml=b"a: [\n"))


def test_there_is_a_most_of_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundling, "MOST_FILES", 3)
    files = Files(**{f"f{n}_json": {"$ref": f"f{n + 1}.json"} for n in range(9)})
    with pytest.raises(DocumentError, match="more than 3 other files"):
        bundled({"It": {"$ref": "f0.json"}}, files)


def test_there_is_a_most_of_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """What aliases repeat counts each time: kept as JSON it would stand there each time."""
    monkeypatch.setattr(bundling, "MAX_VALUES", 1000)
    bomb = b"a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + b"".join(
        b"%c: &%c [%s]\n" % (key + 1, key + 1, b", ".join([b"*%c" % key] * 9)) for key in b"abcde"
    )
    with pytest.raises(DocumentError, match="more than 1,000 values"):
        bundled({"It": {"$ref": "bomb.yaml"}}, Files(bomb_yaml=bomb))


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ('{"$ref": "#/a"}', True),
        ('{"$ref":"#/a", "$id": {"type": "string"}}', True),
        ('{"$ref": "a.json"}', False),
        ('{"$ref": "#a"}', False),
        ('{"$id": "a"}', False),
        ('{"$dynamicRef": "#a"}', False),
    ],
)
def test_a_text_of_plain_pointers_needs_no_bundling(text: str, whole: bool) -> None:
    assert is_whole(text) is is_whole(text.encode()) is whole


@pytest.mark.parametrize(("schema", "name"), [({}, "pet"), ({"title": "Animal"}, "Animal")])
def test_a_schema_that_is_a_file_is_named_like_it(schema: dict[str, Any], name: str) -> None:
    document = bundled({"It": {"$ref": "parts/pet.yaml"}}, Files(parts__pet_yaml=schema))
    assert Shapes(document).at("#/components/schemas/It").name == name


def test_the_line_of_a_fault_is_that_of_its_own_place() -> None:
    other = b"info: see 'gone.json' and\na:\n  $ref: 'gone.json#/x'\nb:\n  $ref: 'gone.json'\n"
    faults = faults_of(bundled({"It": {"$ref": "a.yaml#/a"}}, Files(a_yaml=other)).root)
    assert [(fault.reference, fault.line) for fault in faults] == [("gone.json#/x", 3), ("gone.json", 5)]


def test_the_line_of_a_mapped_reference_is_its_own() -> None:
    other = b"a:\n  oneOf: []\n  discriminator:\n    propertyName: k\n    mapping:\n      x: gone.json\n"
    (fault,) = faults_of(bundled({"It": {"$ref": "a.yaml#/a"}}, Files(a_yaml=other)).root)
    assert (fault.pointer, fault.line) == ("#/x-syncdyn-files/a.yaml/a", 6)


def test_a_long_name_does_not_stand_in_a_million_places() -> None:
    """What lies below it has it in its own place, each time: half a megabyte would become gigabytes."""
    bomb = json.dumps({"k" * 500_000: [[]] * 100_000}).encode()
    with pytest.raises(DocumentError, match="more than 5,000,000 values"):
        bundled({"It": {"$ref": "bomb.json"}}, Files(bomb_json=bomb))
