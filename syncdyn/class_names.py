"""What the class of a schema's objects is called: a Python name that says what the object is."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from syncdyn.openapi.document import FILES, steps_of
from syncdyn.openapi.operations import Operation
from syncdyn.openapi.schemas.shapes import Shape

#: Below these words stands a name, and it is what the object is called.
_NAMING = frozenset(
    {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "schemas", "headers", "callbacks"}
)
#: These say what the object is of the one around it.
_SUFFIXES = {
    "requestBody": "Request",
    "responses": "Response",
    "parameters": "Parameter",
    **dict.fromkeys(("items", "prefixItems", "itemSchema", "contains", "additionalProperties"), "Item"),
}
#: Below these words stands an index, a status or a media type, which name nothing.
_SKIPPING = frozenset({"allOf", "anyOf", "oneOf", "content", "responses", "parameters", "prefixItems"})


def class_name(shape: Shape, operations: Mapping[str, Operation]) -> str:
    """The component's name, the schema's title, else the property's name, or the operation's with what is of it.

    `repos/get` gives `ReposGetResponse`, its property `owner_info` `OwnerInfo`. `operations` are the
    document's, by key.
    """
    own = shape.schema.get("x-syncdyn-type-names")
    if isinstance(own, list) and own:
        return str(own[-1])
    steps = steps_of(shape.pointer)
    if steps[:2] == ("components", "schemas") and len(steps) == 3:
        return _identifier(steps[2])
    title = shape.schema.get("title")
    stated = _identifier(title) if isinstance(title, str) and re.search(r"[^\W\d]", title) else ""
    return stated or _identifier(_of_place(*_owner(steps, operations)))


def _owner(steps: tuple[str, ...], operations: Mapping[str, Operation]) -> tuple[str, Iterator[str]]:
    """What a schema belongs to, by name, and the steps from there to the schema."""
    if steps[:1] == (FILES,) and len(steps) > 1:
        return PurePosixPath(steps[1]).stem, iter(steps[2:])
    if steps[:1] == ("components",) and len(steps) > 2:
        return steps[2], iter(steps[3:])
    if steps[:1] == ("webhooks",) and len(steps) > 2:
        return steps[1], iter(steps[3:])
    if steps[:1] == ("paths",) and len(steps) > 2:
        key = f"{steps[2].upper()} {steps[1]}"
        return (operations[key].id if key in operations else None) or f"{steps[2]} {steps[1]}", iter(steps[3:])
    return "", iter(steps)


def _of_place(name: str, steps: Iterator[str]) -> str:
    for step in steps:
        if step in _NAMING:
            name = next(steps, name)
        elif step in _SUFFIXES:
            name = f"{_camel(name)}{_SUFFIXES[step]}"
        if step in _SKIPPING:
            next(steps, None)
    return name if name.isidentifier() and name[0].isupper() else _camel(name)


def _identifier(text: str) -> str:
    """A text as a name of Python; one that is such a name already stays."""
    name = text if text.isidentifier() else _camel(text)
    name = name if not name or name.isidentifier() else f"_{name}"
    return f"{name}_" if keyword.iskeyword(name) else name or "Value"


def _camel(text: str) -> str:
    pieces = re.split(r"[\W_]+", text)
    return "".join(piece[:1].upper() + piece[1:] for piece in pieces)
