"""Schemas put to use: those that cannot be compiled, and examples that break theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from syncdyn.openapi.coding.media_types import is_json
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import child, steps_of
from syncdyn.openapi.inspecting.finding import Finding
from syncdyn.openapi.inspecting.grammar import Node
from syncdyn.openapi.messages import Json
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.weight import MOST_LOOKS, is_too_heavy

#: So many examples are checked, the first of each kind of place; a schema may reach most of its document.
_MOST_EXAMPLES = 2000


def uncompilable(contract: Contract, nodes: Sequence[Node]) -> Iterator[Finding]:
    """The schemas of parameters, headers and bodies, and of components, for which there is no validator."""
    pointers = [node.pointer for node in nodes if node.kind == "schema" and _is_root(node.pointer)]
    if contract.schemas.can_compile(pointers):
        return
    for pointer in pointers:
        if not contract.schemas.can_compile([pointer]):
            yield Finding("schema", pointer, _why_uncompilable(contract, pointer))


def _why_uncompilable(contract: Contract, pointer: str) -> str:
    bundles = (contract.schemas.bundle(pointer, direction) for direction in (Direction.REQUEST, Direction.RESPONSE))
    if any(is_too_heavy(bundle["$defs"]) for bundle in bundles):
        return f"it leads to other schemas so often that one value would be looked at over {MOST_LOOKS:,} times"
    return "no validator can be made of it"


def _is_root(pointer: str) -> bool:
    """Whether a schema is used from outside of schemas, and is not a part of another."""
    steps = steps_of(pointer)
    return len(steps) == 3 if steps[:2] == ("components", "schemas") else steps[-1] in ("schema", "itemSchema")


def check_examples(contract: Contract, nodes: Sequence[Node]) -> Iterator[Finding]:
    """The examples of parameters, headers and JSON bodies that break their schema; the first thousands of them."""
    budget = _MOST_EXAMPLES
    for node in nodes:
        if node.kind not in ("parameter", "header", "media type") or "schema" not in node.value or budget <= 0:
            continue
        if node.kind == "media type" and not is_json(steps_of(node.pointer)[-1]):
            continue
        for pointer, value in _examples(contract, node):
            budget -= 1
            yield from _example(contract, node, pointer, value)


def _examples(contract: Contract, node: Node) -> Iterator[tuple[str, Json]]:
    if "example" in node.value:
        yield child(node.pointer, "example"), node.value["example"]
    named = node.value.get("examples")
    for name, raw in named.items() if isinstance(named, Mapping) else ():
        stated, pointer = contract.document.follow_object(raw, child(node.pointer, "examples", name))
        word = next((word for word in ("dataValue", "value") if word in stated), None)
        if word is not None:
            yield child(pointer, word), stated[word]


def _example(contract: Contract, node: Node, pointer: str, value: Json) -> Iterator[Finding]:
    direction = Direction.RESPONSE if "/responses/" in node.pointer else Direction.REQUEST
    found = contract.schemas.violations(child(node.pointer, "schema"), value, direction, "example")
    faults = [violation for violation in found if not violation.is_tolerated]
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        yield Finding("example", pointer, f"{faults[0]}{more}")
