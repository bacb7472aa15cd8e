"""Objects of an API as Python values: light views of JSON, with classes made from the document.

A result is not rebuilt: it keeps the JSON that came and reads a member when it is asked for.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date, datetime
from importlib import import_module
from typing import Any, ClassVar, Literal, TypeVar, Union

from syncdyn.brief import list_text, object_text
from syncdyn.class_names import class_name
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import child
from syncdyn.openapi.errors import SyncdynError, Violation, describe
from syncdyn.openapi.hints import hint_clause, kind_of
from syncdyn.openapi.messages import Json
from syncdyn.openapi.moments import with_microseconds
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.shapes import Field, Shape
from syncdyn.openapi.wire import to_wire

_M = TypeVar("_M", bound="Model")
#: Methods of a dict, which an object has not: they would hide members of these names.
_OF_DICTS = frozenset({"get", "items", "pop", "update", "values"})
#: Turns a JSON value into what Python reads.
Reader = Callable[[Json], Any]


class DataValidationError(SyncdynError, ValueError):
    """Data that does not fit the class it was to become; `violations` says where."""

    def __init__(self, name: str, violations: Sequence[Violation]) -> None:
        super().__init__(f"this is no {name}:\n{describe(violations)}")
        self.violations = tuple(violations)


class Model:
    """A JSON object of the API. Members are attributes by Python name and items by exact wire name.

    A declared member that is absent reads as None. Members that the document does not declare are kept:
    they are items. Date-times are read as `datetime`, as items they are the text that came.
    `violations` is what the answer that it came in broke of its contract.
    """

    __slots__ = ("__weakref__", "_data", "violations")

    __shape__: ClassVar[Shape]
    __types__: ClassVar[Types]
    __members__: ClassVar[Mapping[str, tuple[Field, Reader | None]]]

    _data: dict[str, Json]
    violations: tuple[Violation, ...]

    def __init__(self, /, **members: Any) -> None:
        faults: list[Violation] = []
        given = {name: value for name, value in members.items() if value is not None}
        data = to_wire(_by_member(type(self), given, faults), type(self).__shape__, "members", faults)
        if faults:
            raise DataValidationError(type(self).__name__, faults)
        for wire, constant in type(self).__shape__.constants.items():
            data.setdefault(wire, constant)
        _put(self, data, ())

    def __getattr__(self, name: str) -> Any:
        try:
            field, read = type(self).__members__[name]
        except KeyError:
            if name == "keys":
                # By this, and by items, dict() and ** read an object.
                return self._data.keys
            raise AttributeError(self._unknown(name), name=name, obj=self) from None
        data = self._data
        value = data.get(field.wire)
        if value is None:
            for other in field.also:
                value = data.get(other)
                if value is not None:
                    break
            else:
                return None
        return value if read is None else read(value)

    def __getitem__(self, wire: str) -> Json:
        value = self._data[wire]
        # A copy of what could be changed: the object itself does not.
        return deepcopy(value) if isinstance(value, dict | list) else value

    def __contains__(self, wire: object) -> bool:
        return wire in self._data

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{kind_of(self)} does not change; make another with .copy({name}=...)")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{kind_of(self)} does not change")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model):
            return NotImplemented
        return type(self) is type(other) and self._data == other._data

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        return True

    def __dir__(self) -> list[str]:
        own = [name for name in object.__dir__(self) if not name.startswith("_")]
        return sorted({*own, *(attribute_of(field.name) for field, _ in type(self).__members__.values())})

    def __repr__(self) -> str:
        return object_text(type(self).__name__, self._by_name())

    def __brief__(self, room: int) -> str:
        return object_text(type(self).__name__, self._by_name(), room)

    def _by_name(self) -> dict[str, Any]:
        # A member that came in two spellings is shown once.
        return {attribute_of(name): value for _, name, value in self._present()}

    def _repr_html_(self) -> str:
        from syncdyn.showing import members_of, object_table

        return object_table(type(self).__name__, members_of(self))

    def __copy__(self: _M) -> _M:
        return self

    def __deepcopy__(self: _M, _memo: Any) -> _M:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        origin = type(self).__types__.origin
        if not origin:
            name = type(self).__name__
            raise TypeError(f"a {name} cannot be pickled: its class was made from a document; pickle to_dict() of it")
        return _revive, (origin, type(self).__shape__.pointer, self._data, self.violations)

    def __wire__(self) -> dict[str, Json]:
        return self._data

    def to_dict(self) -> dict[str, Json]:
        """The plain JSON object, as it came or will go: wire names, unknown members included."""
        copied: dict[str, Json] = json.loads(json.dumps(self._data))
        return copied

    def json(self) -> str:
        """The JSON text, with wire names; json.dumps takes to_dict(), or dict() of it."""
        return json.dumps(self._data, ensure_ascii=False)

    def model_dump(
        self, *, mode: str = "python", by_alias: bool = True, exclude_none: bool = False, **_: Any
    ) -> dict[str, Any]:
        """The members as a dict: by wire name, or by Python name with `by_alias=False`.

        Mode "python" reads date-times as datetime, mode "json" keeps them as text.
        """
        dumped: dict[str, Any] = _dump(self, mode, by_alias, exclude_none)
        return dumped

    def model_dump_json(self, *, indent: int | None = None, by_alias: bool = True, exclude_none: bool = False) -> str:
        """The JSON text of model_dump()."""
        members = self.model_dump(mode="json", by_alias=by_alias, exclude_none=exclude_none)
        return json.dumps(members, ensure_ascii=False, indent=indent)

    def copy(self: _M, /, **changes: Any) -> _M:
        """Another one, with some members changed; None takes a member out."""
        faults: list[Violation] = []
        changed = to_wire(_by_member(type(self), changes, faults), type(self).__shape__, "members", faults)
        if faults:
            raise DataValidationError(type(self).__name__, faults)
        gone = {wire for wire, value in changed.items() if value is None}
        merged = {**self._data, **changed}
        return type(self)._view({wire: value for wire, value in merged.items() if wire not in gone})

    @classmethod
    def model_validate(cls: type[_M], data: object) -> _M:
        """One made from JSON data or another one; raises DataValidationError for data that does not fit."""
        if isinstance(data, cls):
            return data
        faults: list[Violation] = []
        written = to_wire(data, cls.__shape__, "data", faults)
        schemas = cls.__types__.contract.schemas
        found = schemas.violations(cls.__shape__.pointer, written, Direction.RESPONSE, "data")
        faults += [violation for violation in found if not violation.is_tolerated]
        if faults:
            raise DataValidationError(cls.__name__, faults)
        return cls._view(written)

    @classmethod
    def model_validate_json(cls: type[_M], text: str | bytes) -> _M:
        """One made from JSON text."""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise DataValidationError(
                cls.__name__, [Violation("data", (), f"not JSON: {error}", "malformed")]
            ) from None
        return cls.model_validate(data)

    parse_obj = model_validate

    @classmethod
    def _view(cls: type[_M], data: dict[str, Json], violations: tuple[Violation, ...] = ()) -> _M:
        view = cls.__new__(cls)
        _put(view, data, violations)
        return view

    def _present(self, *, is_text: bool = False) -> Iterator[tuple[str, str, Any]]:
        """Wire name, Python name and value of each member that is there; with `is_text`, dates as they came."""
        fields = type(self).__shape__.all_fields
        for wire, came in self._data.items():
            name = fields[wire].name if wire in fields else wire
            # Not getattr: a member may be called as a method is.
            value = self.__getattr__(name) if wire in fields else came
            yield wire, name, came if is_text and isinstance(value, date) else value

    def _unknown(self, name: str) -> str:
        owner = type(self).__name__
        wires = {type(self).__types__.contract.shapes.name_of(wire): wire for wire in self._data}
        if name in self._data or name in wires:
            wire = name if name in self._data else wires[name]
            return f"{owner} declares no {name!r}; the undeclared member that came is [{wire!r}]"
        meant = hint_clause(name, (field.name for field, _ in type(self).__members__.values()))
        return f"{owner} has no {name!r}" + (meant or ("; a dict of it is to_dict()" if name in _OF_DICTS else ""))

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            cls.model_validate,
            serialization=core_schema.plain_serializer_function_ser_schema(Model.to_dict),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: Any, _handler: Any) -> dict[str, Any]:
        return {"type": "object", "title": cls.__name__}


def attribute_of(name: str) -> str:
    """What a member is read by: a method hides one that is called as it is."""
    return f"{name}_" if hasattr(Model, name) else name


def _by_member(kind: type[Model], given: Mapping[str, Any], faults: list[Violation]) -> Mapping[str, Any]:
    """What was given by names of members; a hidden one, given by what it is read by, is under its own name."""
    known, members = kind.__shape__.wire_names, kind.__members__
    found: dict[str, Any] = {}
    for name, value in given.items():
        own = members[name][0].wire if name in members and name not in known else name
        if own in found:
            faults.append(Violation("members", (own,), f"given twice, once as {name!r}", "duplicate"))
        found[own] = value
    return found


def _put(view: Model, data: dict[str, Json], violations: tuple[Violation, ...]) -> None:
    object.__setattr__(view, "_data", data)
    object.__setattr__(view, "violations", violations)


def _dump(value: Any, mode: str, by_alias: bool, exclude_none: bool) -> Any:
    if isinstance(value, list):
        return [_dump(item, mode, by_alias, exclude_none) for item in value]
    if isinstance(value, date) and mode == "json":
        return value.isoformat().replace("+00:00", "Z")
    if not isinstance(value, Model):
        return value
    return {
        (wire if by_alias else name): _dump(member, mode, by_alias, exclude_none)
        for wire, name, member in value._present(is_text=mode == "json")
        if not (exclude_none and member is None)
    }


# The other spelling that scripts know; set here, since inside the class it would hide the type.
Model.dict = Model.to_dict  # type: ignore[attr-defined]


class Results(list[Any]):
    """A list that came as an answer, with what it broke of its contract in `violations`."""

    violations: tuple[Violation, ...] = ()

    def __repr__(self) -> str:
        return list_text(self)

    def _repr_html_(self) -> str:
        from syncdyn.showing import list_table

        return list_table(f"{len(self)} results", self)


def _with_violations(items: list[Any], violations: tuple[Violation, ...]) -> Results:
    results = Results(items)
    results.violations = violations
    return results


class Types:
    """The classes of one document's objects, each made on first use.

    `origin`, as `module:function`, names what gives them again in another process; without it nothing is pickled.
    """

    def __init__(self, contract: Contract, module: str = __name__, origin: str = "") -> None:
        self.contract = contract
        self.module = module
        self.origin = origin
        self._classes: dict[str, type[Model]] = {}
        self._readers: dict[str, Reader | None] = {}
        self._lock = threading.RLock()

    def named(self, name: str) -> Any:
        """The class, or for plain values the typing form, of a component schema; KeyError for an unknown name."""
        pointer = self._pointers[name]
        shape = self.contract.shapes.at(pointer)
        return self.annotation(shape)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that `named` knows."""
        return tuple(self._pointers)

    @property
    def _pointers(self) -> dict[str, str]:
        return {
            spelling: child("#/components/schemas", name)
            for name, others in self.contract.type_names.items()
            for spelling in (name, *others)
        }

    def class_for(self, shape: Shape) -> type[Model]:
        """The class of an object shape."""
        found = self._classes.get(shape.pointer)
        if found is None:
            with self._lock:
                found = self._classes.get(shape.pointer) or self._make(shape)
                self._classes[shape.pointer] = found
        return found

    def read(self, shape: Shape | None, value: Json, violations: tuple[Violation, ...] = ()) -> Any:
        """A JSON value as Python reads it: objects as views, arrays as lists, date-times as datetime."""
        if type(value) is dict and shape is not None:
            if shape.items is not None and not shape.all_fields:
                # One object where a list was promised: whoever goes through the list shall find it.
                return _with_violations([self.read(shape.items, value)], violations)
            chosen = shape.branch_for(value) if shape.branches else shape
            return self.class_for(chosen)._view(value, violations)
        reader = self.reader(shape) if shape is not None else None
        result = value if reader is None else reader(value)
        return _with_violations(result, violations) if type(result) is list else result

    def reader(self, shape: Shape) -> Reader | None:
        """How values of a shape are read; None where they are taken as they are."""
        try:
            return self._readers[shape.pointer]
        except KeyError:
            reader = self._readers[shape.pointer] = self._reader(shape)
            return reader

    def _reader(self, shape: Shape) -> Reader | None:
        if shape.items is not None:
            return self._array_reader(shape, shape.items)
        if shape.all_fields or shape.branches:
            return lambda value: self.read(shape, value) if type(value) is dict else value
        return _FORMAT_READERS.get(shape.format or "")

    def _array_reader(self, shape: Shape, items: Shape) -> Reader:
        def read(value: Json) -> Any:
            if type(value) is not list:
                return self.read(shape, value) if type(value) is dict and shape.all_fields else value
            item = self.reader(items)
            return value if item is None else [item(entry) for entry in value]

        return read

    def _make(self, shape: Shape) -> type[Model]:
        name = class_name(shape, self.contract.operations)
        body = {
            "__slots__": (),
            "__doc__": shape.schema.get("description") or f"{name} of {self.contract.document.origin}.",
            "__module__": self.module,
            "__shape__": shape,
            "__types__": self,
        }
        made: type[Model] = type(name, (Model,), body)
        members: dict[str, tuple[Field, Reader | None]] = {}
        for spelling, wire in shape.wire_names.items():
            field = shape.all_fields[wire]
            members[spelling] = (field, _LazyReader(self, field.shape))
            # One that a method hides is read under another name, or as an item.
            members.setdefault(attribute_of(spelling), members[spelling])
        made.__members__ = members
        return made

    def annotation(self, shape: Shape) -> Any:
        """The type of a shape's values, as Python writes it."""
        if shape.all_fields and not shape.branches:
            return self.class_for(shape)
        values = shape.schema.get("enum")
        if isinstance(values, list) and values and not any(isinstance(value, list | dict) for value in values):
            return Literal[tuple(values)]
        if shape.items is not None:
            return list[self.annotation(shape.items)]  # type: ignore[misc]
        if shape.branches:
            return Union[tuple(self.annotation(branch) for branch in shape.branches)]  # noqa: UP007
        if shape.format in _FORMAT_TYPES:
            return _FORMAT_TYPES[shape.format]
        return Union[tuple(_PYTHON_TYPES[name] for name in sorted(shape.types))]  # noqa: UP007


def types_of(contract: Contract) -> Types:
    """The classes of a contract's document: the same ones for all of its clients."""
    found = contract.document.compiled.setdefault("types", Types(contract))
    return found if isinstance(found, Types) and found.contract is contract else Types(contract)


class _LazyReader:
    """Reads by the shape's reader, looked up when first needed: shapes may be circular."""

    __slots__ = ("read", "shape", "types")

    def __init__(self, types: Types, shape: Shape) -> None:
        self.types = types
        self.shape = shape

    def __call__(self, value: Json) -> Any:
        reader = self.types.reader(self.shape)
        return value if reader is None else reader(value)


def _revive(origin: str, pointer: str, data: dict[str, Json], violations: tuple[Violation, ...]) -> Model:
    """The object that was pickled, in this process or another: `origin` is `module:function` for its types."""
    module, _, function = origin.partition(":")
    types: Types = getattr(import_module(module), function)()
    return types.class_for(types.contract.shapes.at(pointer))._view(data, violations)


def read_instant(text: Json) -> Any:
    """The datetime that an RFC 3339 text tells; the text itself where it tells none."""
    if not isinstance(text, str):
        return text
    try:
        return datetime.fromisoformat(with_microseconds(text.replace("Z", "+00:00").replace("z", "+00:00")))
    except ValueError:
        return text


def _read_date(text: Json) -> Any:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return text


_FORMAT_READERS: dict[str, Reader] = {"date-time": read_instant, "date": _read_date}
_FORMAT_TYPES: dict[str | None, Any] = {"date-time": datetime, "date": date}
_PYTHON_TYPES: dict[str, Any] = {
    "null": None,
    "boolean": bool,
    "integer": int,
    "number": float,
    "string": str,
    "array": list[Any],
    "object": dict[str, Any],
}
