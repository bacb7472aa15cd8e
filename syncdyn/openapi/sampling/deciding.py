"""Schemas with choices -> schemas without: one branch of each union, one side of each condition, taken by chance."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from syncdyn.openapi.messages import Json
from syncdyn.openapi.sampling.merging import merge
from syncdyn.openapi.sampling.plain import TYPES, Flatten

_MOST_UNIONS = 8
_DEPENDENT = ("dependentSchemas", "dependencies")
_OPPOSITES: Mapping[str, Callable[[Json], Json]] = {
    "not": lambda schema: schema,
    "type": lambda types: {
        "type": [kind for kind in TYPES if kind not in (types if isinstance(types, list) else [types])]
    },
    "minimum": lambda bound: {"exclusiveMaximum": bound},
    "maximum": lambda bound: {"exclusiveMinimum": bound},
    "minProperties": lambda number: {"maxProperties": number - 1},
    "maxProperties": lambda number: {"minProperties": number + 1},
    "minItems": lambda number: {"maxItems": number - 1},
    "maxItems": lambda number: {"minItems": number + 1},
    "minLength": lambda number: {"maxLength": number - 1},
    "maxLength": lambda number: {"minLength": number + 1},
}


@dataclass(frozen=True, slots=True)
class Way:
    """How one try goes about it: with examples or not, going on where it may end or not.

    `share` is how many of the optional members are made, 0 to 1, where it goes on. One that `is_apart` makes what
    fits a branch of `oneOf` such that it does not fit the others.
    """

    has_examples: bool
    has_optional: bool
    share: float
    is_apart: bool = False


class Decider:
    """Takes the decisions of one try."""

    def __init__(self, flatten: Flatten, rng: random.Random, way: Way) -> None:
        self._flat = flatten
        self._rng = rng
        self._way = way

    def decided(self, plain: dict[str, Json], above: frozenset[str]) -> dict[str, Json]:
        """The schema with its unions decided: one branch of each joined to the rest."""
        for _ in range(_MOST_UNIONS):
            word = next((word for word in ("oneOf", "anyOf") if isinstance(plain.get(word), list)), None)
            if word is None:
                break
            branches = plain[word]
            rest = {name: value for name, value in plain.items() if name not in (word, "discriminator")}
            if not branches:
                plain = rest
                continue
            chosen = self._branch(branches, above)
            joined = self._flat(chosen).words
            if word == "oneOf" and self._way.is_apart:
                joined = self._apart(joined, [one for one in branches if one is not chosen])
            plain = merge(rest, _with_discriminator(plain.get("discriminator"), chosen, joined))
        if "then" in plain or "else" in plain:
            plain = self._conditional(plain)
        if "not" in plain:
            plain = self._without_not(plain)
        return self._with_dependents(plain) if plain.keys() & _DEPENDENT else plain

    def _without_not(self, plain: dict[str, Json]) -> dict[str, Json]:
        """The schema with what it must not be said the other way round, where there are words for that.

        What is left to chance is found by chance: most values are not what one value must not be.
        """
        refused = self._flat(plain["not"]).words
        rest = {word: value for word, value in plain.items() if word != "not"}
        word, value = next(iter(refused.items()), ("", None))
        if len(refused) != 1 or word not in _OPPOSITES:
            return plain
        return merge(rest, self._flat(_OPPOSITES[word](value)).words)

    def _with_dependents(self, plain: dict[str, Json]) -> dict[str, Json]:
        """The schema with what its members bring along: all that may be made, as if each were."""
        rest = {word: value for word, value in plain.items() if word not in _DEPENDENT}
        for word in _DEPENDENT:
            stated = plain.get(word)
            for name, needed in stated.items() if isinstance(stated, Mapping) else ():
                if name not in plain.get("required", ()) and not self._way.has_optional:
                    continue
                if isinstance(needed, list):
                    rest = merge(rest, {"dependentRequired": {name: needed}})
                else:
                    rest = merge(rest, self._flat(needed).words)
        return rest

    def _branch(self, branches: list[Json], above: frozenset[str]) -> Json:
        """A branch that does not lead back to where one is, if there is one."""
        fresh = [one for one in branches if not (isinstance(one, Mapping) and str(one.get("$ref")) in above)]
        usable = [one for one in fresh or branches if one != {"type": "null"}] or branches
        return usable[0] if self._way.has_examples else self._rng.choice(usable)

    def _apart(self, branch: dict[str, Json], others: list[Json]) -> dict[str, Json]:
        """The branch with a member more for each other one, of a type that the other one refuses."""
        for other in others:
            properties = self._flat(other).words.get("properties")
            known = branch.get("properties", {})
            for name, schema in properties.items() if isinstance(properties, Mapping) else ():
                kind = self._flat(schema).words.get("type")
                if name not in known and isinstance(kind, str):
                    odd = {"const": 0 if kind == "string" else "none"}
                    branch = merge(branch, {"properties": {name: odd}, "required": [name]})
                    break
        return branch

    def _conditional(self, plain: dict[str, Json]) -> dict[str, Json]:
        rest = {name: value for name, value in plain.items() if name not in ("if", "then", "else")}
        is_met = self._rng.random() < 0.5
        words = ("if", "then") if is_met else ("else",)
        for word in words:
            if word in plain:
                rest = merge(rest, self._flat(plain[word]).words)
        return rest


def _with_discriminator(discriminator: Json, chosen: Json, joined: dict[str, Json]) -> dict[str, Json]:
    """The branch with its discriminator required, and its value fixed where the branch does not say it itself.

    Source: OpenAPI 3.1, Discriminator Object: the value is the schema's name, or what the mapping gives it.
    """
    if not isinstance(discriminator, Mapping) or not isinstance(chosen, Mapping) or "$ref" not in chosen:
        return joined
    name = discriminator.get("propertyName")
    mapping = discriminator.get("mapping")
    mapping = mapping if isinstance(mapping, Mapping) else {}
    short = str(chosen["$ref"]).rpartition("/")[2]
    value = next((key for key, target in mapping.items() if target in (chosen["$ref"], short)), short)
    if not isinstance(name, str):
        return joined
    own = joined.get("properties", {}).get(name) if isinstance(joined.get("properties"), Mapping) else None
    if isinstance(own, Mapping) and own.keys() & {"const", "enum", "$ref"}:
        return merge(joined, {"required": [name]})
    return merge(joined, {"properties": {name: {"type": "string", "const": value}}, "required": [name]})
