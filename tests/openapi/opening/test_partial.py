"""The members of a big document are read when they are asked for, and each is one object for everybody."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from syncdyn.openapi.catalogue import Operations
from syncdyn.openapi.document import Document
from syncdyn.openapi.messages import Json
from syncdyn.openapi.opening.partial import Pieces, TextInMemory, root_of
from syncdyn.openapi.opening.spans import index_of

LONG = {"text": "x" * 1000}
ROOT: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {
        "/a": {"get": {"operationId": "readA", "x-short": 1, "x-long": LONG, "responses": {}}},
        "/b": {"$ref": "#/components/pathItems/B"},
        "/c": {"$ref": "#/nowhere"},
    },
    "components": {
        "pathItems": {"B": {"put": {"operationId": "writeB", "tags": ["t"]}}},
        "schemas": {"A": {"type": "object"}, "B": {}},
    },
}


class Watched(TextInMemory):
    """A text that says what was read from it; readers wait for each other where they are told to."""

    def __init__(self, data: bytes, together: int = 1) -> None:
        super().__init__(data)
        self.read: list[Json] = []
        self.barrier = Barrier(together)

    def value(self, start: int, end: int, _: int | None = None, /) -> Json:
        self.barrier.wait(timeout=10)
        self.read.append(super().value(start, end))
        return self.read[-1]


def watched(together: int = 1) -> tuple[Document, Watched]:
    data = json.dumps(ROOT).encode()
    index, text = index_of(data), Watched(data)
    assert index is not None
    document = Document(root_of(index, text))
    text.read.clear()
    text.barrier = Barrier(together)
    return document, text


def test_a_piece_alone_is_read() -> None:
    document, text = watched()
    assert document.at("#/components/schemas/A/type") == "object"
    assert text.read == [{"type": "object"}]


def test_a_piece_is_the_same_object_each_time() -> None:
    document, text = watched()
    schemas = document.root["components"]["schemas"]
    assert schemas["A"] is schemas["A"] is document.at("#/components/schemas/A")
    assert document.plain()["components"]["schemas"]["A"] is schemas["A"]
    assert text.read.count({"type": "object"}) == 1


def test_threads_that_read_at_once_get_one_object() -> None:
    document, text = watched(together=8)
    schemas = document.root["components"]["schemas"]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: schemas["A"], range(8)))
    assert len(text.read) == 8
    assert len({id(each) for each in found}) == 1


def test_names_are_there_without_reading() -> None:
    document, text = watched()
    schemas = document.root["components"]["schemas"]
    assert (list(schemas), len(schemas), "A" in schemas, "C" in schemas) == (["A", "B"], 2, True, False)
    assert schemas.get("C") is None
    assert text.read == []
    with pytest.raises(KeyError):
        schemas["C"]


def test_operations_are_told_apart_without_reading_them() -> None:
    document, text = watched()
    operations = Operations(document)
    heads = operations.heads
    assert list(operations) == ["GET /a", "PUT /b"]
    assert operations.ids == {"readA": "GET /a", "writeB": "PUT /b"}
    assert [(head.id, head.tags) for head in heads.values()] == [("readA", ()), ("writeB", ("t",))]
    assert set(heads["GET /a"].extensions) == {"x-short", "x-long"}
    assert len(heads["GET /a"].extensions) == 2
    assert heads["GET /a"].extensions["x-short"] == 1
    assert [heads["GET /a"].states(frozenset({word})) for word in ("x-short", "x-long", "x-none")] == [
        True,
        True,
        False,
    ]
    assert text.read == [ROOT["components"]["pathItems"]["B"]]


def test_a_long_extension_is_read_with_its_operation() -> None:
    document, text = watched()
    extensions = Operations(document).heads["GET /a"].extensions
    text.read.clear()
    assert extensions["x-long"] == LONG
    assert text.read == [ROOT["paths"]["/a"]]
    assert "x-none" not in extensions


def test_an_operation_is_built_from_its_piece() -> None:
    document, _ = watched()
    whole = Operations(Document(ROOT))
    part = Operations(document)
    assert [part[key] for key in part] == [whole[key] for key in whole]


def test_pieces_are_equal_to_the_mapping_they_are_of() -> None:
    document, _ = watched()
    assert isinstance(document.root, Pieces)
    assert document.root == ROOT
    assert type(document.plain()["components"]["schemas"]) is dict
