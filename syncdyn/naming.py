"""Names for the operations of a document: which resource, which method.

The document's own words come first (`x-syncdyn-methods`), then its operationId, then method and path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import Json
from syncdyn.openapi.shapes import python_name


@dataclass(frozen=True, slots=True)
class MethodName:
    """A method of a resource: which operation it calls, with a body of which media type."""

    resource: str
    name: str
    operation: str
    media_type: str | None = None


def method_names(contract: Contract) -> dict[str, dict[str, MethodName]]:
    """The methods by resource and name, in document order; a name that is taken gets a number."""
    found: dict[str, dict[str, MethodName]] = {}
    for key in contract.operations:
        for method in _named(contract, key):
            methods = found.setdefault(method.resource, {})
            name, number = method.name, 2
            while name in methods:
                name, number = f"{method.name}_{number}", number + 1
            methods[name] = MethodName(method.resource, name, method.operation, method.media_type)
    return found


def _named(contract: Contract, key: str) -> Iterator[MethodName]:
    operation = contract.operations[key]
    stated = operation.extensions.get("x-syncdyn-methods")
    if isinstance(stated, list) and stated:
        for entry in stated:
            yield MethodName(entry["resource"], entry["name"], key, entry.get("media-type"))
        return
    words = operation.id.rpartition("/")[2] if operation.id else f"{operation.method} {_words(operation.path)}"
    name = python_name(words)
    yield MethodName(_group(operation.tags, operation.path), name, key)


def _group(tags: tuple[str, ...], path: str) -> str:
    if tags:
        return python_name(tags[0])
    steps = [step for step in path.split("/") if step and not step.startswith("{")]
    steps = [step for step in steps if not re.fullmatch(r"v\d+", step)] or steps
    return python_name(steps[0]) if steps else "root"


def _words(path: str) -> str:
    return re.sub(r"[{}]", "", path)


def stated_list(value: Json) -> list[Mapping[str, Json]]:
    """The entries of an extension that is one object or a list of them."""
    listed = value if isinstance(value, list) else [value]
    return [entry for entry in listed if isinstance(entry, Mapping)]
