"""A nested value <-> pairs with bracketed names: `a[b][c]=1`, `a[]=1`, `a[0][b]=1`.

OpenAPI defines `deepObject` for flat objects alone and leaves the rest open. Here objects nest,
arrays of scalars repeat `a[]`, and arrays of anything else count, since `a[][b]` cannot tell
where an item ends. Reading takes all three.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from syncdyn.openapi.coding.texts import decode_several, decode_text, encode_text, is_only, member_shape, types_of
from syncdyn.openapi.errors import MISSING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from syncdyn.openapi.messages import Json
    from syncdyn.openapi.schemas.shapes import Shape

_STEP = re.compile(r"\[([^\[\]]*)\]")
_STEPS = re.compile(r"(?:\[[^\[\]]*\])*")
_MOST_STEPS = 32

#: What stands behind the name of an array, by the extension `x-syncdyn-array-keys`.
_ARRAY_KEYS: dict[str, Callable[[int], str]] = {
    "brackets": lambda _: "[]",
    "indices": "[{}]".format,
    "none": lambda _: "",
}


def encode_deep(name: str, value: Json, array_keys: str = "") -> Iterator[tuple[str, str]]:
    """The pairs of a value, not yet percent-encoded.

    `array_keys` says how the names of arrays end, where the document does: "brackets" `[]`, "indices" `[0]`, "none"
    not at all. An empty array is one pair with an empty text; an empty object is no pair.
    Raises ValueError for a member's name with brackets in it.
    """
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from encode_deep(f"{name}[{_bracketable(key)}]", member, array_keys)
    elif isinstance(value, list | tuple) and value:
        is_flat = not any(isinstance(item, Mapping | list | tuple) for item in value)
        ending = _ARRAY_KEYS.get(array_keys) or _ARRAY_KEYS["brackets" if is_flat else "indices"]
        for index, item in enumerate(value):
            yield from encode_deep(name + ending(index), item, array_keys)
    else:
        yield name, "" if isinstance(value, list | tuple) else encode_text(value)


def decode_deep(name: str, shape: Shape | None, pairs: Sequence[tuple[str, str]]) -> Json:
    """The value of one name, from pairs already percent-decoded; MISSING where no pair is its own."""
    root = _Node()
    for key, text in pairs:
        steps = _steps_below(name, key)
        if steps is not None:
            root.grow(steps).texts.append(text)
    return root.value(shape) if root.texts or root.children else MISSING


def owns(name: str, key: str) -> bool:
    """Whether a pair's name is the given one or below it."""
    return _steps_below(name, key) is not None


@dataclass(slots=True)
class _Node:
    texts: list[str] = field(default_factory=list)
    children: dict[str, _Node] = field(default_factory=dict)

    def grow(self, steps: Sequence[str]) -> _Node:
        node = self
        for step in steps:
            node = node.children.setdefault(step, _Node())
        return node

    def value(self, shape: Shape | None) -> Json:
        if not self.children:
            return decode_several(self.texts, shape)
        if not self._is_array(shape):
            return {key: node.value(member_shape(shape, key)) for key, node in self.children.items()}
        items = shape.items if shape else None
        found: list[Json] = []
        for _, node in sorted(self.children.items(), key=lambda pair: _index(pair[0])):
            texts = [decode_text(text, items) for text in node.texts]
            found += [node.value(items)] if node.children else texts
        return found

    def _is_array(self, shape: Shape | None) -> bool:
        if is_only(shape, "object") or "array" not in types_of(shape):
            return False
        return all(key == "" or _is_index(key) for key in self.children)


def _is_index(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) < 10


def _index(key: str) -> int:
    return int(key) if key else -1


def _steps_below(name: str, key: str) -> list[str] | None:
    rest = key[len(name) :]
    if not key.startswith(name) or not _STEPS.fullmatch(rest):
        return None
    steps = _STEP.findall(rest)
    return steps if len(steps) <= _MOST_STEPS else None


def _bracketable(key: str) -> str:
    if "[" in key or "]" in key or not key:
        raise ValueError(f"the member name {key!r} cannot stand in brackets, as the deepObject style needs")
    return key
