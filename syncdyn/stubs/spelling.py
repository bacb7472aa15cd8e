"""Shapes as type annotations: what a result reads as, and what an argument may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from syncdyn.openapi.coding.files import is_binary
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import child
from syncdyn.openapi.errors import UnresolvedReference
from syncdyn.openapi.schemas.shapes import Shape
from syncdyn.stubs.text import choices_of, quoted

#: The alias under which the stubs know whatever can be sent as a file.
FILE = "_FileInput"
_DICT = "Mapping[str, Any]"
_DEEPEST = 8

_RESULT_TYPES = {
    "boolean": "bool",
    "integer": "int",
    "number": "float",
    "string": "str",
    "array": "list[Any]",
    "object": "dict[str, Any]",
}
_ARGUMENT_TYPES = {**_RESULT_TYPES, "array": "Sequence[Any]", "object": _DICT}
_FORMATS = {"date-time": "datetime", "date": "date"}


class Spelling:
    """How the shapes of one document are spelled as types.

    `names` are the components by pointer, each under the name that its class has; `others` are more names of
    the same components.
    """

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.names: dict[str, str] = {}
        self.others: dict[str, str] = {}
        for component, stated in contract.type_names.items():
            spellings = [re.sub(r"\W", "_", name) for name in stated or (component,)]
            pointer = contract.shapes.at(child("#/components/schemas", component)).pointer
            own = self.names.setdefault(pointer, spellings[-1])
            self.others.update({name: own for name in spellings if name != own})

    def shape(self, name: str) -> Shape | None:
        """The shape of a component by the name of its class."""
        pointer = next((pointer for pointer, own in self.names.items() if own == name), None)
        return self.contract.shape(pointer)

    def result(self, shape: Shape | None, depth: int = 0) -> str:
        """What a value of the shape is when it is read."""
        if shape is None or depth > _DEEPEST:
            return "Any"
        shape = _plain(shape)
        name = self.names.get(shape.pointer)
        if is_class(shape):
            return _or_none(name or "Any", shape)
        if name is not None and (shape.branches or shape.items is not None or _values(shape)):
            return _or_none(name, shape)
        return self.unnamed(shape, depth)

    def unnamed(self, shape: Shape, depth: int = 0) -> str:
        """What a value is when it is read, spelled without the shape's own name."""
        if values := _values(shape):
            return _or_none(f"Literal[{', '.join(values)}]", shape)
        if shape.branches:
            return union(self.result(branch, depth + 1) for branch in shape.branches)
        if shape.items is not None:
            return _or_none(f"list[{self.result(shape.items, depth + 1)}]", shape)
        if is_binary(shape):
            return _or_none("bytes", shape)
        return _scalar(shape, _RESULT_TYPES, _FORMATS.get(shape.format or ""))

    def argument(self, shape: Shape | None, depth: int = 0) -> str:
        """What may be passed for the shape; objects may be plain mappings, moments may be text."""
        if shape is None or depth > _DEEPEST:
            return "Any"
        shape = _plain(shape)
        name = self.names.get(shape.pointer)
        if is_class(shape):
            return _or_none(union([name, _DICT] if name else [_DICT]), shape)
        if _values(shape):
            return self.result(shape)
        if shape.branches:
            return self._choice(shape, name, depth)
        if is_binary(shape) and shape.items is None:
            return _or_none(self._file(shape), shape)
        if shape.items is not None:
            return _or_none(f"Sequence[{self.argument(shape.items, depth + 1)}]", shape)
        text = _FORMATS.get(shape.format or "")
        return _scalar(shape, _ARGUMENT_TYPES, f"{text} | str" if text else None)

    def _choice(self, shape: Shape, name: str | None, depth: int) -> str:
        if name is not None and all(is_class(branch) for branch in shape.branches):
            return _or_none(f"{name} | {_DICT}", shape)
        return union(self.argument(branch, depth + 1) for branch in shape.branches)

    def _file(self, shape: Shape) -> str:
        pointer = shape.schema.get("x-syncdyn-item-schema")
        if not isinstance(pointer, str):
            return FILE
        record = self.names.get(self.contract.shapes.at(pointer).pointer)
        return union([FILE, *([f"list[{record}]"] if record else []), "list[dict[str, Any]]"])

    def description(self, owner: Shape | None, wire: str, shape: Shape | None) -> str:
        """What the document says of a property: beside its `$ref` first, then in the schema itself."""
        if owner is not None:
            try:
                raw = self.contract.document.at(child(owner.pointer, "properties", wire))
            except UnresolvedReference:
                raw = None
            if isinstance(raw, Mapping) and isinstance(raw.get("description"), str):
                return str(raw["description"])
        stated = shape.schema.get("description") if shape is not None else None
        return stated if isinstance(stated, str) else ""


def is_class(shape: Shape) -> bool:
    """Whether values of the shape are objects with a class of their own."""
    return bool(shape.all_fields) and not shape.branches


def union(choices: Iterable[str]) -> str:
    """One type of several, each once, None last."""
    flat = [choice for stated in choices for choice in choices_of(stated)]
    found = dict.fromkeys(choice for choice in flat if choice != "None")
    if "Any" in found:
        return "Any"
    return " | ".join([*found, *(["None"] if "None" in flat else [])])


def without_none(annotation: str) -> str:
    """The annotation without its None."""
    return annotation.removesuffix(" | None")


def _plain(shape: Shape) -> Shape:
    """The schema that a lone `allOf` wraps, else the shape itself."""
    while len(shape.parts) == 1 and not ({"properties", "oneOf", "anyOf", "enum"} & shape.schema.keys()):
        shape = shape.parts[0]
    return shape


def _values(shape: Shape) -> list[str]:
    """The constants that an enum or const allows, as Python writes them."""
    stated = shape.schema.get("enum", [shape.schema["const"]] if "const" in shape.schema else [])
    plain = [value for value in stated if isinstance(value, str | int | None) and value is not None]
    return [quoted(value) if isinstance(value, str) else repr(value) for value in plain]


def _or_none(annotation: str, shape: Shape) -> str:
    return f"{annotation} | None" if "null" in shape.types and annotation != "Any" else annotation


def _scalar(shape: Shape, names: Mapping[str, str], own: str | None) -> str:
    if len(shape.types) == len(names) + 1:
        return "Any"
    found = {own or names[kind] if kind == "string" else names[kind] for kind in sorted(shape.types - {"null"})}
    return _or_none(union(sorted(found)) if found else "None", shape) if found else "None"
