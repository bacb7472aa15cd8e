"""A Python value as its JSON value: typed objects opened, Python names turned into wire names.

What a caller may pass is wider than JSON: dates, UUIDs, decimals, enum members, any mapping or sequence,
and objects that know their own JSON value by a method `__wire__`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timezone
from decimal import Decimal
from enum import Enum
from math import isfinite
from pathlib import PurePath
from uuid import UUID

from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.hints import kind_of
from syncdyn.openapi.messages import Json
from syncdyn.openapi.schemas.shapes import Shape

_PLAIN = frozenset({str, int, bool, type(None)})

Path = tuple[str | int, ...]


def to_wire(value: object, shape: Shape | None, location: str, faults: list[Violation], path: Path = ()) -> Json:
    """The JSON value of a Python value, laid out by a shape.

    A name that the shape knows in its Python form becomes the wire name. What has no JSON value is added
    to `faults` and stays out. A datetime without a zone is taken as UTC, whatever the zone of the machine.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is float:
        return _finite(value, location, faults, path)  # type: ignore[arg-type]
    if kind is dict:
        return _object(value, shape, location, faults, path)  # type: ignore[arg-type]
    if kind is list or kind is tuple:
        return _array(value, shape, location, faults, path)  # type: ignore[arg-type]
    if isinstance(value, type):
        faults.append(Violation(location, path, f"the class {value.__name__}, not an object of it", "type"))
        return MISSING
    if hasattr(value, "__wire__"):
        return value.__wire__()
    if isinstance(value, Enum):
        return to_wire(value.value, shape, location, faults, path)
    if isinstance(value, float | Decimal):
        return _finite(value, location, faults, path)
    for known, write in _WRITERS:
        if isinstance(value, known):
            return write(value)
    if isinstance(value, Mapping):
        return _object(value, shape, location, faults, path)
    if hasattr(value, "model_dump"):
        return _object(value.model_dump(), shape, location, faults, path)
    if isinstance(value, Iterable) and not isinstance(value, bytes | bytearray | memoryview):
        return _array(value, shape, location, faults, path)
    faults.append(Violation(location, path, f"{kind_of(value)} has no JSON value", "type", found=kind.__name__))
    return MISSING


def _object(
    value: Mapping[str, object], shape: Shape | None, location: str, faults: list[Violation], path: Path
) -> dict[str, Json]:
    found: dict[str, Json] = {}
    names, fields, others = _layout(value, shape)
    for key, entry in value.items():
        name = str(key)
        wire = names.get(name, name)
        field = fields.get(wire)
        if name != wire and wire in value and field is not None and name in field.also:
            wire = name  # a service that sends both spellings is read as it sends
        written = to_wire(entry, field.shape if field else others, location, faults, (*path, wire))
        if wire in found:
            faults.append(Violation(location, (*path, wire), f"given twice, once as {name!r}", "duplicate"))
        elif written is not MISSING:
            found[wire] = written
    return found


def _layout(value: Mapping[str, object], shape: Shape | None) -> tuple[Mapping[str, str], Mapping, Shape | None]:  # type: ignore[type-arg]
    if shape is None:
        return {}, {}, None
    branch = shape.branch_for(value) if shape.branches else shape
    if branch is shape or not shape.fields:
        return branch.wire_names, branch.all_fields, branch.values
    names = {**shape.wire_names, **branch.wire_names}
    return names, {**shape.fields, **branch.all_fields}, branch.values or shape.values


def _array(
    value: Iterable[object], shape: Shape | None, location: str, faults: list[Violation], path: Path
) -> list[Json]:
    items = shape.items if shape else None
    written = [to_wire(entry, items, location, faults, (*path, index)) for index, entry in enumerate(value)]
    return [entry for entry in written if entry is not MISSING]


def _instant(moment: datetime) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return aware.isoformat().replace("+00:00", "Z")


def _finite(value: float | Decimal, location: str, faults: list[Violation], path: Path) -> Json:
    """The number, a whole decimal as an int; JSON has none for NaN and the infinities."""
    if not (value.is_finite() if isinstance(value, Decimal) else isfinite(value)):
        faults.append(Violation(location, path, f"{value} has no JSON value", "type", found=str(value)))
        return MISSING
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else float(value)


_WRITERS: tuple[tuple[type, Callable[..., Json]], ...] = (
    (str, str),
    (bool, bool),
    (int, int),
    (datetime, _instant),
    (date, date.isoformat),
    (time, time.isoformat),
    (UUID, str),
    (PurePath, str),
)
