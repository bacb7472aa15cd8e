"""A schema -> an example value that is valid by construction, then checked, mended or made again.

The same seed always gives the same value.
"""

from __future__ import annotations

import random

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, DocumentError
from syncdyn.openapi.messages import Json
from syncdyn.openapi.sampling.deciding import Way
from syncdyn.openapi.sampling.making import Maker
from syncdyn.openapi.sampling.mending import mended
from syncdyn.openapi.sampling.merging import flat
from syncdyn.openapi.sampling.plain import Plain
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.schema import Validator

_TRIES = 24
_MENDS = 8
_MOST_KEPT = 20_000


class Unsampled(DocumentError, ValueError):
    """No valid value was found; the schema may have none."""


class Sampler:
    """Makes example values of the schemas of one contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._flattened: dict[int, tuple[Json, Plain]] = {}
        self._roots: dict[str, Json] = {}

    def sample(self, pointer: str, direction: Direction, seed: str, *, use_examples: bool = True) -> Json:
        """A value that is valid by the schema at a pointer; the nearest one found where none was valid."""
        try:
            return self.valid(pointer, direction, seed, use_examples=use_examples)
        except Unsampled:
            made = Maker(self._flat, direction, random.Random(seed), Way(use_examples, False, 0.0))
            return _closed(made.value({"$ref": pointer}, 0, frozenset()))

    def valid(
        self, pointer: str, direction: Direction, seed: str, *, use_examples: bool = True, share: float = 1.0
    ) -> Json:
        """A value that is valid by the schema at a pointer, with a share (0 to 1) of the optional members.

        Raises Unsampled when none was found.
        """
        # What is made is sent, so it keeps more than what is read has to.
        judged = Direction.ANSWER if direction is Direction.RESPONSE else direction
        validator = self._contract.schemas.validator(pointer, judged)
        schema = self._roots.get(pointer) or self._roots.setdefault(pointer, {"$ref": pointer})
        for attempt in range(_TRIES):
            rng = random.Random(f"{seed}|{pointer}|{attempt}")
            is_apart = attempt >= _TRIES - _TRIES // 6
            way = Way(use_examples and attempt < _TRIES // 3, attempt < _TRIES * 2 // 3, share, is_apart)
            made = Maker(self._flat, direction, rng, way).value(schema, 0, frozenset())
            value = _made_valid(validator, _closed(made))
            if value is not MISSING:
                return value
        raise Unsampled(f"no valid value was found for {pointer}")

    def _flat(self, schema: Json) -> Plain:
        """The schema made flat, once; what is kept holds the schema too, so that its identity stays its own."""
        found = self._flattened.get(id(schema))
        if found is None or found[0] is not schema:
            if len(self._flattened) >= _MOST_KEPT:
                self._flattened.clear()
            found = self._flattened[id(schema)] = (schema, Plain(*flat(self._contract.document, schema)))
        return found[1]


def _made_valid(validator: Validator, value: Json) -> Json:
    """The value, without what makes it invalid; MISSING where that leads to none that is valid."""
    for _ in range(_MENDS):
        if value is MISSING or validator.is_valid(value):
            return value
        value = mended(value, validator.violations(value, "body"))
    return MISSING


def _closed(value: Json) -> Json:
    return None if value is MISSING else value
