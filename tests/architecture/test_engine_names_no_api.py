"""The document is the program: engine code names no operation, path or field of the bundled API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncdyn import ApiError
from syncdyn.openapi.messages import Json
from syncdyn.sync import bundled_types

ROOT = Path(__file__).parents[2]
DOCUMENT = bundled_types().contract.document

#: Programs for the bundled API alone, and what is generated from its document.
PROGRAMS = {"syncdyn/cli/demo.py", "syncdyn/cli/batch.py", "syncdyn/cli/order.py", "syncdyn/cli/stage.py"}


#: Attributes of our own errors, whatever an API calls its members; and a word of OpenAPI's runtime expressions.
OWN_WORDS = {*vars(ApiError()), "statusCode"}


def engine_files() -> Iterator[Path]:
    for package in ("syncdyn", "mockserver"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if path.relative_to(ROOT).as_posix() not in PROGRAMS:
                yield path


def property_names(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        properties = value.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for entry in value.values():
            yield from property_names(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from property_names(entry)


def api_names() -> set[str]:
    """What can only be of this API: operationIds, paths, and the property names that are no plain words."""
    root = DOCUMENT.root
    operations = {
        item[method]["operationId"]
        for item in root["paths"].values()
        for method in item
        if isinstance(item[method], dict) and "operationId" in item[method]
    }
    fields = {name for name in property_names(root["components"]) if re.search(r"[a-z][A-Z]|_", name)}
    return (operations | set(root["paths"]) | fields) - OWN_WORDS


NAMES = sorted(api_names())


def test_there_are_names_to_look_for() -> None:
    """An empty list would make the next test pass whatever the code says."""
    assert len(NAMES) > 60
    assert {"createGeneration", "/v2/generate", "outputFileName", "sync_mode"} <= set(NAMES)


@pytest.mark.parametrize("path", list(engine_files()), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_of_the_engine_names_nothing_of_the_api(path: Path) -> None:
    """Field and operation names stand in the document and in its overlays alone."""
    text = path.read_text("utf-8")
    found = [name for name in NAMES if re.search(rf"(?<![\w/]){re.escape(name)}(?![\w/])", text)]
    assert found == []
