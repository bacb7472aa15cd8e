"""Which of the offered media types a caller likes best, by `Accept`. Source: RFC 9110, section 12.5.1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.media_types import is_range

_PIECE = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*"?)+')
_PARAMETER = re.compile(r'(?:[^";]|"(?:[^"\\]|\\.)*"?)+')


@dataclass(frozen=True, slots=True)
class Range:
    """One entry of an `Accept` field."""

    type: str
    subtype: str
    parameters: frozenset[tuple[str, str]]
    quality: float

    def fit(self, offered: Range) -> int | None:
        """How exactly this entry means a media type; None where it does not."""
        if not self.parameters <= offered.parameters:
            return None
        if self.type == self.subtype == "*":
            return 0
        if offered.type == "*" or (offered.type == self.type and offered.subtype == "*"):
            return 1
        if self.type != offered.type or self.subtype not in ("*", offered.subtype):
            return None
        return 1 if self.subtype == "*" else 2 + len(self.parameters)


def best(names: Sequence[str], accept: str | None, *, is_prisms: bool = False) -> int | None:
    """The place of the media type that is liked best; None where none is acceptable.

    A range with a quality of 0 refuses what it means most exactly. Parameters that nothing offered has do not count.
    Among equals the one that is meant most exactly, then the one that is named first, then the one that is offered
    first. Where nothing is asked for it is JSON, which alone can be made of any value, else the first. `is_prisms`:
    what is offered as a range is meant by `*/*` alone.
    """
    if not names:
        return None
    if not accept or not accept.strip():
        return _usual(names)
    ranges = _ranges(accept)
    found = _best(names, ranges, is_prisms)
    if found is None and any(one.parameters for one in ranges):
        bare = tuple(Range(one.type, one.subtype, frozenset(), one.quality) for one in ranges)
        found = _best(names, bare, is_prisms)
    return found


def concrete(name: str, accept: str | None) -> str:
    """A media type for an offer that leaves it open (`image/*`): what the caller names, if it fits."""
    if not is_range(name):
        return name
    liked = sorted(_ranges(accept or ""), key=lambda one: -one.quality)
    named = (f"{one.type}/{one.subtype}" for one in liked if one.quality > 0 and "*" not in (one.type, one.subtype))
    return next((each for each in named if media.matches(name, each)), name)


def _usual(names: Sequence[str]) -> int:
    essences = [media.essence(name) for name in names]
    if "application/json" in essences:
        return essences.index("application/json")
    return next((place for place, name in enumerate(essences) if media.is_json(name)), 0)


def _best(names: Sequence[str], ranges: Sequence[Range], is_prisms: bool) -> int | None:
    scored: dict[int, tuple[float, int, int]] = {}
    for place, name in enumerate(names):
        offered = _range(name)
        fits = [(fit, -order, one) for order, one in enumerate(ranges) if (fit := one.fit(offered)) is not None]
        if is_prisms and is_range(name):
            fits = [each for each in fits if each[0] == 0]
        if not fits:
            continue
        fit, order, meant = max(fits, key=lambda each: each[:2])
        if meant.quality > 0:
            scored[place] = (meant.quality, fit, order)
    if not scored:
        return None
    top = max(scored.values())
    return next(place for place, score in scored.items() if score == top)


@lru_cache(maxsize=1024)
def _ranges(accept: str) -> tuple[Range, ...]:
    return tuple(_range(piece) for piece in _PIECE.findall(accept) if piece.strip())


@lru_cache(maxsize=1024)
def _range(text: str) -> Range:
    name, *parameters = _PARAMETER.findall(text)
    kind, _, subtype = name.strip().lower().partition("/")
    pairs = [part.strip().partition("=") for part in parameters]
    stated = {key.strip().lower(): value.strip().strip('"').lower() for key, _, value in pairs}
    quality = _quality(stated.pop("q", "1"))
    return Range(kind or "*", subtype or ("*" if kind in ("", "*") else ""), frozenset(stated.items()), quality)


def _quality(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 1.0
