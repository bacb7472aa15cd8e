"""What `syncdyn inspect` tells, as plain JSON values: of a document as a whole, and of one operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from syncdyn.doors.naming import method_names, naming_faults
from syncdyn.examples import example_arguments
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import steps_of
from syncdyn.openapi.errors import UnknownOperation
from syncdyn.openapi.hints import hint_clause, quoted
from syncdyn.openapi.inspecting import KINDS, Finding, inspect
from syncdyn.openapi.inspecting.formalities import formalities
from syncdyn.openapi.inspecting.placing import place_all, text_of
from syncdyn.openapi.opening.sources import Fetch
from syncdyn.openapi.operations import MediaType, Operation, Parameter
from syncdyn.openapi.sampling import Unsampled
from syncdyn.request import Plan

Facts = dict[str, Any]


def document_facts(contract: Contract, source: str | bytes, overlays: Sequence[str], fetch: Fetch) -> Facts:
    """Version, servers, security schemes, operations and findings; each finding with its file, line and column."""
    root = contract.document.root
    info = root.get("info")
    stated = info if isinstance(info, Mapping) else {}
    return {
        "document": contract.document.origin,
        "openapi": str(root["openapi"]),
        "title": stated.get("title"),
        "version": stated.get("version"),
        "servers": [server.url for server in contract.servers],
        "security_schemes": [
            {"name": one.name, "type": one.type, "scheme": one.scheme, "in": one.location, "parameter": one.parameter}
            for one in contract.security_schemes.values()
        ],
        "operations": list(_operations(contract)),
        "findings": _placed(contract, source, overlays, fetch),
    }


def _operations(contract: Contract) -> Iterator[Facts]:
    methods = _methods(contract)
    for key, head in contract.operations.heads.items():
        summary = contract.operations[key].summary
        yield {
            "key": key,
            "operationId": head.id,
            "methods": methods.get(key, []),
            "tags": list(head.tags),
            "summary": summary,
        }


def _methods(contract: Contract) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for resource, named in method_names(contract).items():
        for name, method in named.items():
            found.setdefault(method.operation, []).append(f"{resource}.{name}")
    return found


def _placed(contract: Contract, source: str | bytes, overlays: Sequence[str], fetch: Fetch) -> list[Facts]:
    findings = (*inspect(contract), *formalities(contract, text_of(source, fetch)[1]), *_names(contract))
    places = place_findings(source, (each.pointer for each in findings), fetch, is_exact=bool(overlays))
    return [_finding(each, places.get(each.pointer)) for each in findings]


def _names(contract: Contract) -> Iterator[Finding]:
    for fault in naming_faults(contract):
        pointer = contract.operations[fault.operation].pointer
        message = f"{fault.operation} is {fault.given}, not {fault.wanted}: {fault.reason}"
        yield Finding("name", pointer, message)


def _finding(finding: Finding, place: Facts | None) -> Facts:
    kind = KINDS[finding.kind]
    return {
        "kind": finding.kind,
        "severity": kind.severity,
        "title": kind.title,
        "effect": kind.effect,
        "pointer": finding.pointer,
        "place": place,
        "message": finding.message,
    }


def place_findings(
    source: str | bytes, pointers: Iterable[str], fetch: Fetch, *, is_exact: bool = False
) -> dict[str, Facts]:
    """File, line and column of each pointer, or of what is nearest around it unless that `is_exact`."""
    return {
        pointer: place._asdict() for pointer, place in place_all(source, pointers, fetch, is_exact=is_exact).items()
    }


def key_of(contract: Contract, name: str) -> str:
    """The key of an operation by its key, operationId or method name (`pets.create`).

    Raises UnknownOperation, with what was perhaps meant.
    """
    by_method = {method: key for key, methods in _methods(contract).items() for method in methods}
    if name in by_method:
        return by_method[name]
    try:
        return contract.operations[name].key
    except UnknownOperation:
        names = dict.fromkeys((*by_method, *contract.operations.ids, *contract.operations))
        meant = hint_clause(name, names, 3)
        raise UnknownOperation(f"{contract.document.origin} has no operation {quoted(name)}{meant}") from None


def operation_facts(contract: Contract, key: str) -> Facts:
    """One operation: its parameters, body, responses, security and servers, and a call of it."""
    operation = contract.operations[key]
    body = operation.request_body
    methods = _methods(contract).get(key, [])
    return {
        "key": key,
        "operationId": operation.id,
        "methods": methods,
        "tags": list(operation.tags),
        "summary": operation.summary,
        "description": operation.description,
        "deprecated": operation.is_deprecated,
        "parameters": [_parameter(contract, parameter) for parameter in operation.parameters],
        "body": body and {"required": body.is_required, "content": _content(contract, body.content)},
        "responses": [
            {
                "status": status,
                "description": one.description or one.summary,
                "content": _content(contract, one.content),
            }
            for status, one in operation.responses.items()
        ],
        "security": [{name: list(scopes) for name, scopes in each.items()} for each in operation.security],
        "servers": [server.url for server in operation.servers],
        "example": _example(contract, operation, methods),
    }


def _parameter(contract: Contract, parameter: Parameter) -> Facts:
    return {
        "name": parameter.name,
        "in": parameter.location,
        "required": parameter.is_required,
        "type": _type(contract, parameter.schema),
        "style": parameter.media_type or parameter.style,
        "description": parameter.description,
    }


def _content(contract: Contract, content: Iterable[MediaType]) -> list[Facts]:
    return [{"media_type": one.name, "type": _type(contract, one.schema or one.item_schema)} for one in content]


def _type(contract: Contract, pointer: str | None) -> str:
    shape = contract.shape(pointer)
    if shape is None:
        return "anything"
    steps = steps_of(shape.pointer)
    if steps[:2] == ("components", "schemas") and len(steps) == 3:
        return steps[2]
    return " or ".join(sorted(shape.types)) if len(shape.types) < _EVERY_TYPE else "anything"


_EVERY_TYPE = 7


def _example(contract: Contract, operation: Operation, methods: Sequence[str]) -> str | None:
    """A call as it is written in Python, or None where no arguments are found."""
    with suppress(Unsampled):
        given = example_arguments(Plan(contract, operation))
        called = f"client.{methods[0]}" if methods else f"client.operations[{operation.name!r}]"
        return f"{called}({', '.join(f'{name}={value!r}' for name, value in given.items())})"
    return None
