"""How often a validator looks at one value for a schema: a few lines of JSON may make that more than it ever ends.

Each `$ref` is followed anew: of definitions that refer twice to the next, forty come to a billion looks at one value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from syncdyn.openapi.messages import OBJECT, Json

#: So often one value may be looked at.
MOST_LOOKS = 1_000_000
#: So many references may lead from one to the next without a step into the value.
_MOST_HOPS = 400
_LISTS = ("allOf", "anyOf", "oneOf")
_SINGLE = ("not", "if", "then", "else")
_DEFINITIONS = "#/$defs/"


def is_too_heavy(definitions: Mapping[str, Json]) -> bool:
    """Whether one of the definitions of a bundle, which refer to each other by `#/$defs/...`, takes too many looks."""
    looks: dict[str, int] = {}
    return any(_looks(name, definitions, looks, 0) >= MOST_LOOKS for name in definitions)


def _looks(name: str, definitions: Mapping[str, Json], known: dict[str, int], hops: int) -> int:
    if name not in known:
        # In a circle it is counted once.
        known[name] = 1
        below = 1 if hops < _MOST_HOPS else MOST_LOOKS
        for other in _references(definitions.get(name)):
            below += _looks(other, definitions, known, hops + 1) if below < MOST_LOOKS else 0
        known[name] = below
    return known[name]


def _references(schema: Json) -> Iterator[str]:
    """The definitions that a schema has the same value looked at for, as often as it does."""
    waiting = [schema]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, OBJECT):
            continue
        reference = one.get("$ref")
        if isinstance(reference, str) and reference.startswith(_DEFINITIONS):
            yield reference.removeprefix(_DEFINITIONS)
        waiting += [one[word] for word in _SINGLE if word in one]
        for word in _LISTS:
            waiting += one[word] if isinstance(one.get(word), list) else []
        dependent = one.get("dependentSchemas")
        waiting += dependent.values() if isinstance(dependent, OBJECT) else []
