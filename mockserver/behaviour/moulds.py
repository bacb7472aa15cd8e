"""Values that are valid by a schema, as near as may be to what is wanted: made once, then changed member by member."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mockserver.behaviour.forms import Form
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.messages import OBJECT, Json
from syncdyn.openapi.sampling import Sampler
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.schema import Validator
from syncdyn.openapi.schemas.shapes import Shape

#: So many different values are made of a schema; things take them in turn.
_VARIANTS = 8


class Moulds:
    """Valid values of the schemas of one contract, each made once."""

    def __init__(self, contract: Contract, sampler: Sampler, seed: int) -> None:
        self._contract = contract
        self._sampler = sampler
        self._seed = seed
        self._made: dict[tuple[str, int], Json] = {}
        self._examples: dict[Form, Mapping[str, Json] | None] = {}
        self._wholes: dict[Form, Json] = {}
        self._validators: dict[str, Validator] = {}
        self._valid_last: dict[str, Json] = {}

    def thing(self, form: Form, number: int, like: Mapping[str, Json]) -> Mapping[str, Json]:
        """A valid thing: the example of the answer, else one of several that are made; of the branch `like` is of."""
        branch = form.thing.branch_for(like) if form.thing.branches else form.thing
        if branch is form.thing and (example := self._example(form)) is not None:
            return example
        made = self._value(branch.pointer, number % _VARIANTS)
        return made if isinstance(made, OBJECT) else {}

    def _example(self, form: Form) -> Mapping[str, Json] | None:
        """The first valid thing among an answer's examples."""
        if form not in self._examples:
            found = map(form.find, form.media_type.examples.values())
            is_valid = self.validator(form.thing.pointer).is_valid
            self._examples[form] = next((one for one in found if isinstance(one, OBJECT) and is_valid(one)), None)
        return self._examples[form]

    def whole(self, form: Form) -> Json:
        """A valid body of an answer: its example, else made."""
        if form not in self._wholes:
            self._wholes[form] = self._whole(form)
        return self._wholes[form]

    def _whole(self, form: Form) -> Json:
        pointer = form.whole.pointer
        is_valid = self.validator(pointer).is_valid
        stated = next((one for one in form.media_type.examples.values() if is_valid(one)), None)
        return stated if stated is not None else self._value(pointer, 0)

    def value(self, shape: Shape, number: int) -> Json:
        """A valid value, another one for each number."""
        seed = f"{self._seed}|{number}"
        return self._sampler.sample(shape.pointer, Direction.RESPONSE, seed, use_examples=False)

    def validator(self, pointer: str) -> Validator:
        """What says whether an answer's value is valid."""
        found = self._validators.get(pointer)
        if found is None:
            found = self._validators[pointer] = self._contract.schemas.validator(pointer, Direction.ANSWER)
        return found

    def is_valid(self, pointer: str, value: Json) -> bool:
        """Whether a value is valid in an answer; what was so last is known again, as values never change."""
        if self._valid_last.get(pointer, MISSING) is value:
            return True
        is_valid = self.validator(pointer).is_valid(value)
        if is_valid:
            self._valid_last[pointer] = value
        return is_valid

    def _value(self, pointer: str, variant: int) -> Json:
        key = (pointer, variant)
        if key not in self._made:
            seed = f"{self._seed}|{variant}"
            self._made[key] = self._sampler.sample(pointer, Direction.RESPONSE, seed, use_examples=True)
        return self._made[key]

    def fitted(
        self, shape: Shape, base: Mapping[str, Json], wanted: Mapping[str, Json], unwanted: Iterable[str] = ()
    ) -> dict[str, Json]:
        """A valid object: the base with the members that are wanted, as far as the schema lets it have them.

        Members `unwanted` are left out, or null where the schema needs them.
        """
        unwanted = tuple(unwanted)
        kept = {name: value for name, value in base.items() if name not in unwanted}
        value = in_order(shape, {**kept, **wanted})
        if self.is_valid(shape.pointer, value):
            return value
        is_valid = self.validator(shape.pointer).is_valid
        found = dict(base)
        for name in unwanted:
            if name in found and name not in wanted:
                found = _first_valid(is_valid, found, ({**found, name: None}, _less(found, name)))
        for name, member in wanted.items():
            tried = [{**found, name: member}]
            if isinstance(member, Mapping) and isinstance(found.get(name), Mapping):
                tried.append({**found, name: merged(found[name], member)})
            found = _first_valid(is_valid, found, tried)
        return in_order(shape, found)

    def mended(self, shape: Shape, base: Mapping[str, Json], value: Mapping[str, Json]) -> dict[str, Json]:
        """A valid object: of a value that is none, the members that fit, and those of the base that it cannot lack."""
        is_valid = self.validator(shape.pointer).is_valid
        fitting = {name: member for name, member in value.items() if is_valid({**base, name: member})}
        return self.fitted(shape, base, fitting, [name for name in base if name not in fitting])


def merged(one: Mapping[str, Json], other: Mapping[str, Json]) -> dict[str, Json]:
    """An object with the members of another put into it, at any depth."""
    both = dict(one)
    for name, member in other.items():
        before = both.get(name)
        is_deep = isinstance(before, Mapping) and isinstance(member, Mapping)
        both[name] = merged(before, member) if is_deep else member  # type: ignore[arg-type]  # `is_deep` says so
    return both


def in_order(shape: Shape, value: Mapping[str, Json]) -> dict[str, Json]:
    """The object with its members in the order of the document."""
    ordered = {name: value[name] for name in shape.all_fields if name in value}
    return ordered if len(ordered) == len(value) else {**ordered, **value}


def _first_valid(is_valid: object, otherwise: dict[str, Json], tried: Iterable[dict[str, Json]]) -> dict[str, Json]:
    return next((each for each in tried if is_valid(each)), otherwise)  # type: ignore[operator]


def _less(value: Mapping[str, Json], name: str) -> dict[str, Json]:
    return {key: member for key, member in value.items() if key != name}
