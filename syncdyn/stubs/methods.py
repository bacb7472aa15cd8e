"""The methods of each resource as data for stubs: arguments, result, words of the document.

Blocking, awaited and raw variants are all made from this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from syncdyn.arguments import Slot
from syncdyn.doors.naming import MethodName, method_names, stated_list
from syncdyn.openapi.coding import media
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import steps_of
from syncdyn.openapi.operations import MediaType, Operation
from syncdyn.request import Plan
from syncdyn.stubs.spelling import FILE, Spelling, union, without_none
from syncdyn.stubs.text import Argument

_OPTIONS = Argument("request_options", "RequestOptions | None", "None", description="Options of this call alone.")
_WAITING = (
    Argument("interval", "float | None", "None", description="Seconds between polls; left out, they grow."),
    Argument("deadline", "float | None", "None", description="Seconds for the whole wait."),
    Argument("progress", "ProgressCallback | None", "None", description="Called after each poll."),
)
_MOST = Argument("max_items", "int | None", "None", description="Most items to give; left out, all.")


@dataclass(frozen=True, slots=True)
class MethodStub:
    """One method: its arguments, what it gives (of an iterator: each time), and what it is for."""

    name: str
    arguments: tuple[Argument, ...]
    returns: str
    summary: str = ""
    is_iterator: bool = False


def resource_methods(contract: Contract, spelling: Spelling) -> dict[str, tuple[MethodStub, ...]]:
    """The methods of each resource, those that extensions add included, by the resource's name."""
    found = {}
    for resource, named in method_names(contract).items():
        own = {name: _call(contract, spelling, entry) for name, entry in named.items()}
        extra = {method.name: method for method in _extras(contract, spelling, resource, named, own)}
        found[resource] = tuple(sorted({**extra, **own}.values(), key=lambda method: method.name))
    return found


def _call(contract: Contract, spelling: Spelling, entry: MethodName) -> MethodStub:
    operation = contract.operations[entry.operation]
    plan = Plan(contract, operation, entry.media_type)
    slots = sorted(plan.slots, key=lambda slot: (not _is_path(slot), not slot.is_required))
    arguments = tuple(_argument(spelling, plan, slot) for slot in slots)
    summary = operation.summary or operation.name
    return MethodStub(entry.name, (*arguments, _OPTIONS), answer_type(spelling, operation), _sentence(summary))


def _argument(spelling: Spelling, plan: Plan, slot: Slot) -> Argument:
    annotation = spelling.argument(slot.shape)
    if slot.is_file and FILE not in annotation:
        annotation = FILE
    if slot.parameter is not None and slot.shape is not None and slot.shape.items is not None:
        annotation = union([spelling.argument(slot.shape.items), annotation])
    if not slot.is_required:
        annotation = union([annotation, "None"])
    told = slot.parameter.description if slot.parameter else ""
    told = told or spelling.description(plan.body_shape, slot.wire, slot.shape)
    return Argument(slot.name, annotation, None if slot.is_required else "None", _is_path(slot), told)


def answer_type(spelling: Spelling, operation: Operation) -> str:
    """What a call of the operation gives: one type of those of all its answers of success."""
    promises = [promise for status, promise in operation.responses.items() if status.startswith("2")]
    bodies = [one for promise in promises for one in promise.content]
    shapes = [spelling.contract.shape(one.schema) if _is_json(one) else None for one in bodies]
    found = [spelling.result(shape) for shape in shapes]
    found += ["None" for promise in promises if not promise.content]
    covered = {spelling.result(branch) for shape in shapes if shape for branch in shape.branches}
    return union(text for text in found if text not in covered) or "Any"


def webhook_type(contract: Contract, spelling: Spelling) -> str:
    """Whichever event a webhook of the document brings."""
    bodies = (operation.request_body for operation in contract.webhooks.values())
    media_types = (one for body in bodies if body for one in body.content)
    return union(spelling.result(contract.shape(one.schema)) for one in media_types) or "Any"


def downloadable(spelling: Spelling) -> tuple[str, ...]:
    """The classes whose values offer something for download."""
    at = spelling.contract.shapes.at
    return tuple(name for pointer, name in spelling.names.items() if "x-syncdyn-download" in at(pointer).schema)


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What an extension's methods are made from: the method that it stands at, and the others of the resource."""

    spelling: Spelling
    method: MethodStub
    named: Mapping[str, MethodStub]


def _extras(
    contract: Contract,
    spelling: Spelling,
    resource: str,
    named: Mapping[str, MethodName],
    own: Mapping[str, MethodStub],
) -> Iterator[MethodStub]:
    for name, entry in named.items():
        extensions = contract.operations[entry.operation].extensions
        for word, make in _EXTENSIONS.items():
            for stated in stated_list(extensions.get(word)):
                if stated.get("resource") == resource:
                    yield from make(_Surroundings(spelling, own[name], own), stated)


def _waiters(around: _Surroundings, stated: Mapping[str, Any]) -> Iterator[MethodStub]:
    result = around.method.returns
    after = [(entry["name"], around.named[entry["method"]]) for entry in stated_list(stated.get("after"))]
    sources = union(["str", result, *(first.returns for _, first in after), "Mapping[str, Any]"])
    identifier = Argument("id", sources, None, is_positional=True, description="The id, or a result that has it.")
    succeeded = " or ".join(stated["success"])
    summary = f"Wait until it is {succeeded}; raises JobFailedError or WaitTimeoutError."
    yield MethodStub(stated["name"], (identifier, *_WAITING, _OPTIONS), result, summary)
    for name, first in after:
        summary = f"{first.summary.rstrip('.')}, then wait until it is {succeeded}."
        yield MethodStub(name, (*first.arguments[:-1], *_WAITING, _OPTIONS), result, summary)


def _iterators(around: _Surroundings, stated: Mapping[str, Any]) -> Iterator[MethodStub]:
    page = around.method
    shape = around.spelling.shape(page.returns)
    for step in steps_of("#" + stated["items"]):
        field = shape.all_fields.get(step) if shape is not None else None
        shape = field.shape if field is not None else None
    item = without_none(around.spelling.result(shape.items)) if shape is not None else "Any"
    arguments = (*page.arguments[:-1], _MOST, _OPTIONS)
    yield MethodStub(stated["name"], arguments, item, f"Every item of every page: {page.summary}", is_iterator=True)


def _records(around: _Surroundings, stated: Mapping[str, Any]) -> Iterator[MethodStub]:
    told = "The id, a result, or the URL of the output."
    source = Argument("source", union(["str", around.method.returns]), None, is_positional=True, description=told)
    record = around.spelling.result(around.spelling.contract.shapes.at(stated["schema"]))
    summary = "Every record of the output, read as it comes."
    yield MethodStub(stated["name"], (source, _OPTIONS), record, summary, is_iterator=True)


_EXTENSIONS: dict[str, Callable[[_Surroundings, Mapping[str, Any]], Iterator[MethodStub]]] = {
    "x-syncdyn-waiters": _waiters,
    "x-syncdyn-pagination": _iterators,
    "x-syncdyn-records": _records,
}


def _is_json(media_type: MediaType) -> bool:
    return media.is_json(media.essence(media_type.name))


def _is_path(slot: Slot) -> bool:
    return slot.parameter is not None and slot.parameter.location == "path"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
