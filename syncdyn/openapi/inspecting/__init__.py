"""A contract -> what in its document is degraded, or worth a note. Nothing is refused here."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import FILES, child, read_pointer
from syncdyn.openapi.inspecting import objects, schemas
from syncdyn.openapi.inspecting.finding import DEGRADED, KINDS, NOTE, Finding, Kind
from syncdyn.openapi.inspecting.grammar import Node, walk
from syncdyn.openapi.inspecting.values import check_examples, uncompilable
from syncdyn.openapi.messages import Json
from syncdyn.openapi.opening.bundling import faults_of

__all__ = ["DEGRADED", "KINDS", "NOTE", "Finding", "Kind", "inspect"]


def inspect(contract: Contract) -> tuple[Finding, ...]:
    """Everything found in the document, in its order, the faults that no single place has last."""
    nodes = tuple(_walk(contract.document.plain()))
    lost = {fault.pointer: fault.reason for fault in faults_of(contract.document.root)}
    found = [finding for node in nodes for finding in _node(contract, node, lost)]
    found += objects.check_paths(contract)
    found += uncompilable(contract, nodes)
    found += check_examples(contract, nodes)
    return tuple(dict.fromkeys(found))


def _walk(root: Json) -> Iterator[Node]:
    """Every object of the document, and of its other files each that something refers to."""
    waiting, seen = deque([(root, "document", "#")]), set[tuple[str, str]]()
    while waiting:
        for node in walk(*waiting.popleft()):
            yield node
            target = node.reference or ""
            if target.startswith(f"#/{FILES}/") and (node.kind, target) not in seen:
                seen.add((node.kind, target))
                value = read_pointer(root, unquote(target[1:]))
                waiting.extend([] if value is None else [(value, node.kind, target)])


def _node(contract: Contract, node: Node, lost: Mapping[str, str]) -> Iterator[Finding]:
    if node.fault:
        yield Finding("malformed", node.pointer, node.fault)
        return
    if node.reference is not None:
        fault = lost.get(node.pointer) or objects.reference_fault(contract, node.reference)
        if fault is not None:
            yield Finding("reference", child(node.pointer, "$ref"), fault)
    yield from objects.check_members(contract, node)
    for check in schemas.CHECKS if node.kind == "schema" else objects.CHECKS.get(node.kind, ()):
        yield from check(contract, node)
