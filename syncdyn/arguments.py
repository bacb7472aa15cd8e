"""Arguments -> values: what a caller gives, sorted by where it goes and turned into JSON.

Arguments go by their Python or their wire names. What is wrong with them is gathered, not raised.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, count
from os import PathLike
from pathlib import Path
from typing import Any

from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.files import File, as_file, holds_file, is_binary, is_binary_type, raw_content, replayable
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.hints import hint, kind_of
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import MediaType, Operation, Parameter
from syncdyn.openapi.schemas.shapes import Shape
from syncdyn.openapi.wire import to_wire
from syncdyn.options import option_for

#: So many names of arguments a message tells.
_MOST_TOLD = 6

_RESERVED = frozenset({"request_options", "self"})


@dataclass(frozen=True, slots=True)
class Slot:
    """One argument of a method: a parameter, a property of the body, or the body as a whole (no `wire`)."""

    name: str
    wire: str
    parameter: Parameter | None = None
    shape: Shape | None = None
    is_required: bool = False
    is_file: bool = False
    #: Whether it is a part of a form, which can be a file whatever the document says.
    is_part: bool = False
    #: Whether a list for it is written as JSON Lines.
    takes_records: bool = False

    @property
    def is_in_path(self) -> bool:
        return self.parameter is not None and self.parameter.location == "path"

    @property
    def location(self) -> str:
        return self.parameter.location if self.parameter else "body"

    @property
    def path(self) -> tuple[str, ...]:
        """Where its value stands below the location."""
        return (self.wire,) if self.wire else ()

    @property
    def takes_null(self) -> bool:
        """Whether null is among the types that the document names for it."""
        return self.shape is not None and "null" in self.shape.types and len(self.shape.types) < 7

    @property
    def takes_one_as_list(self) -> bool:
        """Whether a single value stands for a list of one: in a parameter it is written the same way."""
        return self.parameter is not None and self.shape is not None and self.shape.types == {"array"}

    @property
    def most_bytes(self) -> int | None:
        """The size that a file for it may have, where the document says."""
        stated = self.shape.schema.get("x-syncdyn-max-bytes") if self.shape else None
        return stated if isinstance(stated, int) else None


@dataclass(slots=True)
class Arguments:
    """The arguments of one call by where they go, and what is wrong with them so far."""

    parameters: dict[tuple[str, str], Json] = field(default_factory=dict)
    body: Json = MISSING
    faults: list[Violation] = field(default_factory=list)


def slots_of(contract: Contract, operation: Operation, media_type: MediaType | None) -> tuple[Slot, ...]:
    """The arguments that an operation takes with a body of one media type, those of the path first.

    A name that stands in several locations is told apart by them: `id__path`, `id__body`. One that is taken
    otherwise, or reserved, gets a `_` behind it; after eight of these, numbers.
    """
    found: list[Slot] = []
    taken = set(_RESERVED)
    every = [*_parameters(contract, operation), *_members(contract, operation, media_type)]
    shared = _in_several_locations(every)
    for slot in sorted(every, key=lambda slot: not slot.is_in_path):
        name = f"{slot.name}__{slot.location}" if slot.wire and slot.name in shared else slot.name
        name = _free(name, taken)
        taken.add(name)
        found.append(slot if name == slot.name else replace(slot, name=name))
    return tuple(found)


def _free(name: str, taken: Container[str]) -> str:
    if name not in taken:
        return name
    ends = chain(("_" * length for length in range(1, 9)), (f"_{number}" for number in count(9)))
    return next(free for end in ends if (free := f"{name}{end}") not in taken)


def _in_several_locations(slots: list[Slot]) -> set[str]:
    where: dict[str, set[str]] = {}
    for slot in slots:
        where.setdefault(slot.name, set()).add(slot.location)
    return {name for name, locations in where.items() if len(locations) > 1}


def _parameters(contract: Contract, operation: Operation) -> Iterator[Slot]:
    for parameter in operation.parameters:
        name = contract.shapes.name_of(parameter.name)
        yield Slot(name, parameter.name, parameter, contract.shape(parameter.schema), parameter.is_required)


def _members(contract: Contract, operation: Operation, media_type: MediaType | None) -> Iterator[Slot]:
    shape = contract.shape(media_type.schema) if media_type else None
    if shape is None or media_type is None:
        return
    if not shape.all_fields:
        yield Slot("body", "", None, shape, operation.is_body_required)
    for entry in shape.all_fields.values():
        stated = _encoding(media_type, entry.wire)
        yield Slot(
            entry.name,
            entry.wire,
            shape=entry.shape,
            is_required=entry.is_required,
            is_file=_is_file(entry.shape, media_type, stated),
            is_part=media_type.name.startswith("multipart/"),
            takes_records="x-syncdyn-item-schema" in entry.shape.schema or media.is_json_lines(stated),
        )


def _encoding(media_type: MediaType, wire: str) -> str:
    encoding = media_type.encoding.get(wire)
    return (encoding.content_type if encoding else None) or ""


def _is_file(shape: Shape, media_type: MediaType, stated: str) -> bool:
    """Whether a property of a form is sent as a file, or as several: by its schema, or by the type of its encoding."""
    is_form = media_type.name.startswith("multipart/")
    return is_form and (is_binary(shape) or is_binary(shape.items) or (stated != "" and is_binary_type(stated)))


class Collector:
    """Sorts the arguments of calls into slots; compiled once for a method."""

    def __init__(
        self, slots: tuple[Slot, ...], body_shape: Shape | None, *, has_body: bool, takes_iterators: bool = False
    ) -> None:
        self._takes_iterators = takes_iterators
        self._slots = slots
        self._body_shape = body_shape
        self._by_name = {name: slot for slot in reversed(slots) for name in (slot.wire, slot.name) if name}
        self._by_name.update({slot.name: slot for slot in slots})
        self._ambiguous = _ambiguous(slots)
        for name in self._ambiguous:
            self._by_name.pop(name, None)
        self._positional = tuple(slot for slot in slots if slot.is_in_path)
        #: The name for the body as a whole; None where there is none.
        self.whole_body = _whole_body(slots, self._by_name) if has_body else None
        self._hides_body = self.whole_body == "body_" and not _takes_objects(self._by_name["body"])

    def collect(self, positional: tuple[Any, ...], named: Mapping[str, Any]) -> Arguments:
        """The arguments by where they go, as JSON values."""
        arguments = Arguments()
        whole_body = self.whole_body
        if self._hides_body and _is_object(named.get("body")):
            told = "the member 'body' is meant by this name, and is no object"
            say = f"say {whole_body}=... for the whole body"
            arguments.faults.append(Violation("body", ("body",), told, "whole", hint=say))
            named = {name: value for name, value in named.items() if name != "body"}
        if whole_body is not None and whole_body in named and whole_body not in self._by_name:
            # First, wherever it stands: members given by name are put into it.
            self._put_body(arguments, named[whole_body])
            named = {name: value for name, value in named.items() if name != whole_body}
        for slot, value in zip(self._positional, positional, strict=False):
            self._put(arguments, slot, slot.name, value)
        if len(positional) > len(self._positional):
            arguments.faults.append(self._too_many(len(positional)))
        for name, value in named.items():
            slot_named = self._by_name.get(name)
            if slot_named is None:
                arguments.faults.append(self._unknown(name))
            else:
                self._put(arguments, slot_named, name, value)
        return arguments

    def _put_body(self, arguments: Arguments, value: Any) -> None:
        try:
            raw = raw_content(value, with_iterators=self._takes_iterators)
        except (OSError, TypeError) as error:
            arguments.faults.append(Violation("body", (), sentence(error), "file"))
            return
        if isinstance(value, Mapping) and any(map(holds_file, value.values())):
            self._put_form(arguments, value)
            return
        written = to_wire(value, self._body_shape, "body", arguments.faults) if raw is None else raw
        # A copy: a typed object that was given must not grow by what is put beside it.
        arguments.body = dict(written) if isinstance(written, dict) else written

    def _put_form(self, arguments: Arguments, fields: Mapping[str, Any]) -> None:
        """Puts the members of a body with files; what the document does not know of it goes as what it is."""
        slots = {name: slot for slot in self._slots if slot.location == "body" for name in (slot.name, slot.wire)}
        for name, value in fields.items():
            self._put(arguments, slots.get(name) or Slot(name, name, is_file=holds_file(value)), name, value)

    def _put(self, arguments: Arguments, slot: Slot, name: str, value: Any) -> None:
        if value is ... or (value is None and not slot.takes_null):
            return
        if slot.parameter is None and not slot.wire:
            self._put_body(arguments, value)
            return
        written = _written(arguments, slot, value)
        if written is MISSING:
            return
        if slot.parameter is not None:
            is_second = (slot.location, slot.wire) in arguments.parameters
            arguments.parameters[slot.location, slot.wire] = written
        else:
            is_second = self._put_member(arguments, slot.wire, written)
        if is_second:
            message = f"given twice, once as {name!r}"
            arguments.faults.append(Violation(slot.location, slot.path, message, "duplicate"))

    def _put_member(self, arguments: Arguments, wire: str, written: Json) -> bool:
        """Puts a member into the body; whether there was one already."""
        if arguments.body is MISSING:
            arguments.body = {}
        if not isinstance(arguments.body, dict):
            message = f"cannot be given beside a body that is {kind_of(arguments.body)}"
            arguments.faults.append(Violation("body", (wire,), message, "type"))
            return False
        is_second = wire in arguments.body
        arguments.body[wire] = written
        return is_second

    def _too_many(self, count: int) -> Violation:
        names = ", ".join(slot.name for slot in self._positional)
        taken = f"only {names} may be" if names else "none may be"
        others = sorted((slot for slot in self._slots if not slot.is_in_path), key=lambda slot: not slot.is_required)
        by_name = ", ".join(f"{slot.name}=..." for slot in others[:_MOST_TOLD])
        more = ", ..." if len(others) > _MOST_TOLD else ""
        taken += f"; by name: {by_name}{more}" if others else ""
        message = f"{count} {'were' if count > 1 else 'was'} given without a name; {taken}"
        return Violation("arguments", (), message, "positional")

    def _unknown(self, name: str) -> Violation:
        if name in self._ambiguous:
            meant = self._ambiguous[name]
            message = f"{name!r} stands in {' and in '.join(slot.location for slot in meant)}: which is meant?"
            say = f"say {' or '.join(slot.name for slot in meant)}"
            # At the first of the places: it is not told as missing then.
            return Violation(meant[0].location, meant[0].path, message, "ambiguous", hint=say)
        known = [*(slot.name for slot in self._slots), "request_options"]
        near = hint(name, known)
        option = None if near else option_for(name)
        known_text = "" if near or option else f"; it takes {', '.join(known)}"
        told = near or (option and f"say request_options={{{option!r}: ...}}")
        return Violation("arguments", (name,), f"unknown argument{known_text}", "unknown", None, tuple(known), told)


def _ambiguous(slots: tuple[Slot, ...]) -> dict[str, list[Slot]]:
    """The plain names that stand for arguments in several locations, with these."""
    found: dict[str, list[Slot]] = {}
    for slot in slots:
        plain, suffix, _ = slot.name.rpartition(f"__{slot.location}")
        if suffix:
            found.setdefault(plain, []).append(slot)
    return {name: meant for name, meant in found.items() if len(meant) > 1}


def _whole_body(slots: tuple[Slot, ...], taken: Mapping[str, Slot]) -> str:
    """The name of the slot that is the body; else `body`, with a `_` where a member of it is called so."""
    own = next((slot.name for slot in slots if slot.location == "body" and not slot.wire), None)
    return own or ("body" if "body" not in taken else "body_")


def _takes_objects(slot: Slot) -> bool:
    return slot.location != "body" or slot.shape is None or "object" in slot.shape.types


def _is_object(value: object) -> bool:
    return isinstance(value, Mapping) or hasattr(value, "__wire__")


def _written(arguments: Arguments, slot: Slot, value: Any) -> Json:
    if slot.is_file or (slot.is_part and holds_file(value)):
        return _file(arguments, slot, value)
    written = to_wire(value, slot.shape, slot.location, arguments.faults, slot.path)
    if slot.takes_one_as_list and written is not MISSING and not isinstance(written, list | dict):
        return [written]
    return written


def _file(arguments: Arguments, slot: Slot, value: Any) -> Json:
    if isinstance(value, list) and slot.takes_records and not any(_is_handed_over(item) for item in value):
        records = to_wire(value, None, "body", arguments.faults, slot.path)
        return File(f"{slot.wire}.jsonl", media.encode_lines(records))
    try:
        return [sendable(item) for item in value] if isinstance(value, list) else sendable(value, slot.most_bytes)
    except (OSError, TypeError, ValueError) as error:
        arguments.faults.append(Violation("body", slot.path, sentence(error), "file"))
        return MISSING


def _is_handed_over(value: object) -> bool:
    return isinstance(value, bytes | PathLike | tuple) or hasattr(value, "read")


def sendable(value: object, most_bytes: int | None = None) -> File:
    """The file that a value stands for, ready to be sent any number of times.

    Raises OSError for what cannot be read, TypeError for what is no file, ValueError for a path to a file that is
    larger than allowed: it is not read first.
    """
    if most_bytes is not None and isinstance(value, PathLike):
        size = Path(value).stat().st_size
        if size > most_bytes:
            raise ValueError(f"{size:,} bytes, more than the maximum, {most_bytes:,}")
    return replayable(as_file(value))


def sentence(error: Exception) -> str:
    """What an error of the system says, with the file that it is about."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)
