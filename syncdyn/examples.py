"""Arguments for a call, made up: by the document's own examples where it has some, else by a seed.

Each value is tried as it will travel: written in the style or the media type of its place and read back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from random import Random
from typing import Any

from syncdyn.arguments import Slot
from syncdyn.choosing import takes_iterators
from syncdyn.openapi import checking
from syncdyn.openapi.coding import media, styles
from syncdyn.openapi.coding.files import is_binary
from syncdyn.openapi.coding.querystrings import decode_querystring, encode_querystring
from syncdyn.openapi.coding.xml_reading import decode_xml
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.items import is_sequence, item_shape
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import MediaType, Parameter
from syncdyn.openapi.opinion.part_writing import render_parts
from syncdyn.openapi.sampling import Sampler, Unsampled
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.shapes import Shape
from syncdyn.request import Plan

#: So many values are made for one place before it counts as one that nothing fits.
_TRIES = 12
#: What stands for a value of which the document says nothing at all.
_ANYTHING: tuple[Json, ...] = ({}, "example")


def example_arguments(plan: Plan, seed: int = 0) -> dict[str, Any]:
    """Keyword arguments that the operation takes, valid by construction; the same seed gives the same ones.

    Seed 0 is the smallest call that says something: what is required, as the document's examples have it.
    Any other seed adds optional arguments and varies the values.
    Raises Unsampled where something required has no value that its schema allows and its place can carry.
    """
    maker = _Maker(plan, seed)
    return {**dict(maker.parameters()), **maker.body()}


class _Maker:
    """Makes the arguments of one call; each hangs on the seed and its own place alone."""

    def __init__(self, plan: Plan, seed: int) -> None:
        self._plan = plan
        self._seed = seed
        self._sampler = Sampler(plan.contract)

    def parameters(self) -> Iterator[tuple[str, Json]]:
        for slot in self._plan.slots:
            parameter = slot.parameter
            if parameter is None or not (slot.is_required or self._is_chosen(slot.name)):
                continue
            values = self._values(parameter.schema, parameter.examples.values(), f"{slot.location}.{slot.wire}")
            value = next((value for value in values if self._is_carried(parameter, slot.shape, value)), MISSING)
            if value is not MISSING:
                yield slot.name, value
            elif slot.is_required:
                raise self._unsampled(f"{slot.location}.{slot.wire}", "style")

    def body(self) -> dict[str, Any]:
        media_type = self._plan.media_type
        if media_type is None or not self._has_body(media_type):
            return {}
        empty: dict[str, Any] | None = None if self._plan.operation.is_body_required else {}
        for value in self._bodies(media_type):
            arguments = self._as_arguments(value)
            if not self._is_read_back(media_type, arguments):
                continue
            if value != {}:
                return arguments
            # Nothing is wrong with it, but with members it would say more.
            empty = arguments if empty is None else empty
        if empty is None:
            raise self._unsampled("body", f"media type {media_type.name}")
        return empty

    def _bodies(self, media_type: MediaType) -> Iterator[Json]:
        items = item_shape(self._plan.contract, media_type) if is_sequence(media_type.name) else None
        schema = items.pointer if items else media_type.schema
        for value in self._values(schema, media_type.examples.values(), "body"):
            yield [value] if items and not isinstance(value, list | str) else value
        if takes_iterators(media_type):
            # Its content is between the caller and the service: no value of a schema is written as it.
            yield "<example/>" if media.is_xml(media.essence(media_type.name)) else b"example"

    def _has_body(self, media_type: MediaType) -> bool:
        is_needed = any(slot.is_required for slot in self._plan.slots if slot.parameter is None)
        return (
            is_needed or self._plan.operation.is_body_required or bool(media_type.examples) or self._is_chosen("body")
        )

    def _values(self, schema: str | None, examples: Iterable[Json], place: str) -> Iterator[Json]:
        """Values for one place, the likeliest first: those that the document states, and those of its schema."""
        rng = self._random(place)
        stated = list(examples)
        if self._seed:
            rng.shuffle(stated)
        has_stated_first = not self._seed or rng.random() < 0.5
        yield from stated if has_stated_first else ()
        yield from self._sampled(schema, place, rng) if schema is not None else _ANYTHING
        yield from () if has_stated_first else stated

    def _sampled(self, schema: str, place: str, rng: Random) -> Iterator[Json]:
        for attempt in range(_TRIES):
            use_examples = attempt == 0 and (not self._seed or rng.random() < 0.5)
            share = rng.random() if self._seed else attempt / _TRIES
            seed = f"{self._seed}|{place}|{attempt}"
            try:
                yield self._sampler.valid(schema, Direction.REQUEST, seed, use_examples=use_examples, share=share)
            except Unsampled:
                return

    def _is_carried(self, parameter: Parameter, shape: Shape | None, value: Json) -> bool:
        """Whether a value is valid, and still is when it has been written in its style and read back."""
        contract = self._plan.contract
        if value is None or checking.check_parameter(contract, parameter, value):
            return False
        try:
            read = _CARRIERS[parameter.location](parameter, shape, value)
        except ValueError:
            return False
        return read is not MISSING and not checking.check_parameter(contract, parameter, read)

    def _as_arguments(self, value: Json) -> dict[str, Any]:
        """The arguments that put a value into the body: its members by name, else `body` as a whole."""
        slots = {slot.wire: slot for slot in self._plan.slots if slot.parameter is None and slot.wire}
        if isinstance(value, Mapping) and value and all(_takes(slots.get(wire), value[wire]) for wire in value):
            return {slots[wire].name: self._argument(slots[wire], member) for wire, member in value.items()}
        is_content = isinstance(value, str) and is_binary(self._plan.body_shape)
        return {self._plan.whole_body or "body": value.encode() if is_content else value}

    def _argument(self, slot: Slot, value: Json) -> Any:
        rules = slot.shape.schema if slot.is_file and slot.shape else {}
        if "x-syncdyn-item-schema" in rules:
            return [self._sampler.valid(rules["x-syncdyn-item-schema"], Direction.REQUEST, f"{self._seed}|{slot.name}")]
        if not slot.is_file:
            return value
        return [_content(item, rules) for item in value] if isinstance(value, list) else _content(value, rules)

    def _is_read_back(self, media_type: MediaType, arguments: Mapping[str, Any]) -> bool:
        """Whether a body is valid, and still is when it has been written and read back."""
        contract, shape = self._plan.contract, self._plan.body_shape
        collected = self._plan.collect((), arguments)
        if collected.faults or checking.check_body(contract, media_type, collected.body):
            return False
        try:
            written, content_type = media.encode_body(media_type, shape, collected.body)
            if isinstance(written, tuple):
                written, content_type = render_parts(written)
            read = _read(media_type, shape, content_type or "", written)
        except (TypeError, ValueError):
            return False
        return not checking.check_body(contract, media_type, read)

    def _is_chosen(self, place: str) -> bool:
        """Whether something optional is given; never by seed 0."""
        return self._seed != 0 and self._random(f"{place}?").random() < 0.5

    def _random(self, place: str) -> Random:
        return Random(f"{self._seed}|{self._plan.operation.key}|{place}")

    def _unsampled(self, place: str, carrier: str) -> Unsampled:
        name = self._plan.operation.name
        return Unsampled(f"{name}: no value was found for {place} that its schema allows and its {carrier} can carry")


def _read(media_type: MediaType, shape: Shape | None, content_type: str, body: bytes) -> Json:
    """What a server reads of a body."""
    if media.is_xml(media.essence(content_type)):
        return decode_xml(shape, body)
    return media.decode_body(media_type, shape, content_type, body)


def _takes(slot: Slot | None, value: Json) -> bool:
    return slot is not None and (value is not None or slot.takes_null)


def _content(value: Json, rules: Mapping[str, Json]) -> bytes:
    """The bytes of a file of the size that its rules ask for."""
    least = rules.get("x-syncdyn-min-bytes")
    return str(value).encode().ljust(least if isinstance(least, int) else 0, b".")


def _in_query(parameter: Parameter, shape: Shape | None, value: Json) -> Json:
    return styles.decode_query(parameter, shape, styles.encode_query(parameter, value))


def _in_path(parameter: Parameter, shape: Shape | None, value: Json) -> Json:
    return styles.decode_path(parameter, shape, styles.encode_path(parameter, value))


def _in_header(parameter: Parameter, shape: Shape | None, value: Json) -> Json:
    return styles.decode_header(parameter, shape, styles.encode_header(parameter, value))


def _in_cookie(parameter: Parameter, shape: Shape | None, value: Json) -> Json:
    return styles.decode_cookie(parameter, shape, styles.encode_cookie(parameter, value))


def _in_querystring(parameter: Parameter, shape: Shape | None, value: Json) -> Json:
    return decode_querystring(parameter, shape, encode_querystring(parameter, value))


#: What is read of a value after it was written, by location.
_CARRIERS: Mapping[str, Callable[[Parameter, Shape | None, Json], Json]] = {
    "query": _in_query,
    "path": _in_path,
    "header": _in_header,
    "cookie": _in_cookie,
    "querystring": _in_querystring,
}
