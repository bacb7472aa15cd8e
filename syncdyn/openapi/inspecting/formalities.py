"""What breaks the letter of the specification and costs nothing: the document works as if it were not so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.inspecting.finding import Finding
from syncdyn.openapi.inspecting.grammar import Node, walk
from syncdyn.openapi.opening.bare_keys import bare_keys, double_keys

_FULL_VERSION = re.compile(r"3\.[0-9]+\.[0-9]+(-.+)?")
_Findings = Iterator[Finding]


def formalities(contract: Contract, text: str = "") -> tuple[Finding, ...]:
    """What in a document is not by the book; `text` is what it was read from, where that is at hand."""
    nodes = walk(contract.document.plain())
    found = [finding for node in nodes if node.reference is None for finding in _node(contract, node)]
    double = (Finding("double-key", pointer, f"{_key(pointer)} stands here twice") for pointer in double_keys(text))
    bare = (
        Finding("bare-key", pointer, f"{_key(pointer)} is no text; put it in quotes") for pointer in bare_keys(text)
    )
    return (*found, *double, *bare)


def _key(pointer: str) -> str:
    return pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


def _node(contract: Contract, node: Node) -> _Findings:
    check = None if node.fault else _CHECKS.get(node.kind)
    return iter(()) if check is None else check(contract, node)


def _document(_: Contract, node: Node) -> _Findings:
    stated = node.value.get("openapi")
    if not isinstance(stated, str) or not _FULL_VERSION.fullmatch(stated):
        yield Finding("version", "#/openapi", f"openapi is {stated!r}, which is no version in full, such as '3.1.0'")
    if not any(member in node.value for member in ("paths", "webhooks", "components")):
        yield Finding("no-paths", "#", "no paths")


def _response(contract: Contract, node: Node) -> _Findings:
    if contract.document.version < (3, 2) and not isinstance(node.value.get("description"), str):
        yield Finding("no-description", node.pointer, "no description")


def _parameter(contract: Contract, node: Node) -> _Findings:
    if node.value.get("in") == "path" and node.value.get("required") is not True:
        yield Finding("path-required", node.pointer, f"{node.value.get('name')!r} is in the path, and not required")
    yield from _examples(contract, node)


def _examples(_: Contract, node: Node) -> _Findings:
    if "example" in node.value and "examples" in node.value:
        yield Finding("two-examples", node.pointer, "example and examples, which exclude each other")


_CHECKS: Mapping[str, Callable[[Contract, Node], _Findings]] = MappingProxyType(
    {
        "document": _document,
        "response": _response,
        "parameter": _parameter,
        "header": _examples,
        "media type": _examples,
    }
)
