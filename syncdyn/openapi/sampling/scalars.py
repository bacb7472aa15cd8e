"""Texts and numbers that keep the words of their schema: format, pattern, length, range, step."""

from __future__ import annotations

import base64
import math
import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from uuid import UUID

from syncdyn.openapi.messages import Json
from syncdyn.openapi.moments import moment_text
from syncdyn.openapi.sampling.patterns import text_for

_START = 1_717_200_000
_YEAR_SECONDS = 31_536_000
_SYLLABLES = ("ba", "co", "di", "fu", "ga", "he", "ko", "li", "ma", "no", "pe", "ra", "su", "to", "vi", "zu")
_WIDTH = 1000
#: No longer text is made, whatever `minLength` asks for.
_MOST_CHARACTERS = 100_000

Schema = Mapping[str, Json]


def text(schema: Schema, rng: random.Random) -> str:
    """A text of the schema's format or pattern and length."""
    least, most = min(int(schema.get("minLength", 0)), _MOST_CHARACTERS), schema.get("maxLength")
    longest = None if most is None else int(most)
    pattern = schema.get("pattern")
    if isinstance(pattern, str):
        made = text_for(pattern, rng, least, longest)
        if made is not None:
            return made
    writer = _FORMATS.get(str(schema.get("format")))
    made = writer(rng) if writer else _word(rng)
    filler = made[-1:] if writer else made
    made += filler * math.ceil((least - len(made)) / len(filler))
    return made[: max(least, longest)] if longest is not None else made[: max(least, 200)]


def number(schema: Schema, rng: random.Random, *, is_integer: bool) -> int | float:
    """A number in the schema's range, on its steps."""
    low, high = _range(schema, is_integer=is_integer)
    step = schema.get("multipleOf")
    if isinstance(step, int | float) and step > 0:
        return _on_step(Decimal(str(step)), low, high, rng, is_integer=is_integer)
    if is_integer:
        first, last = math.ceil(low), math.floor(high)
        return rng.randint(first, last) if first <= last else first
    drawn = round(rng.uniform(low, high), 2)
    return drawn if low <= drawn <= high else low + (high - low) / 2


def _range(schema: Schema, *, is_integer: bool) -> tuple[float, float]:
    """The least and the largest number, both allowed."""
    nudge = 1.0 if is_integer else 1e-6
    low, high = schema.get("minimum"), schema.get("maximum")
    low, high = (
        _narrowed(low, schema.get("exclusiveMinimum"), nudge),
        _narrowed(high, schema.get("exclusiveMaximum"), -nudge),
    )
    if low is None:
        low = min(1.0, high) if high is not None and high >= 0 else (high - _WIDTH if high is not None else 1.0)
    if high is None:
        high = low + _WIDTH
    return float(low), float(high)


def _narrowed(bound: Json, exclusive: Json, nudge: float) -> float | None:
    """A bound by either spelling: OpenAPI 3.0 has `exclusiveMinimum: true` beside the number."""
    if exclusive is True and bound is not None:
        return float(bound) + nudge
    if isinstance(exclusive, int | float) and not isinstance(exclusive, bool):
        moved = float(exclusive) + nudge
        return moved if bound is None else (max if nudge > 0 else min)(float(bound), moved)
    return None if bound is None else float(bound)


def _on_step(step: Decimal, low: float, high: float, rng: random.Random, *, is_integer: bool) -> int | float:
    first = math.ceil(Decimal(str(low)) / step)
    last = max(first, math.floor(Decimal(str(high)) / step))
    for _ in range(_WIDTH):
        made = step * rng.randint(first, min(last, first + _WIDTH))
        if made == made.to_integral_value():
            return int(made)
        if not is_integer:
            return float(made)
    return int(step * first)


def _word(rng: random.Random) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(3))


def _moment(rng: random.Random) -> str:
    return moment_text(_START + rng.randrange(_YEAR_SECONDS))


def _uuid(rng: random.Random) -> str:
    return str(UUID(int=rng.getrandbits(128), version=4))


_FORMATS: Mapping[str, Callable[[random.Random], str]] = {
    "date-time": _moment,
    "date": lambda rng: _moment(rng)[:10],
    "time": lambda rng: f"{_moment(rng)[11:19]}Z",
    "duration": lambda rng: f"PT{rng.randint(1, 59)}M",
    "uuid": _uuid,
    "email": lambda rng: f"{_word(rng)}@example.com",
    "idn-email": lambda rng: f"{_word(rng)}@example.com",
    "hostname": lambda rng: f"{_word(rng)}.example.com",
    "idn-hostname": lambda rng: f"{_word(rng)}.example.com",
    "ipv4": lambda rng: f"192.0.2.{rng.randint(1, 254)}",
    "ipv6": lambda rng: f"2001:db8::{rng.randint(1, 9999):x}",
    "uri": lambda rng: f"https://example.com/{_word(rng)}",
    "url": lambda rng: f"https://example.com/{_word(rng)}",
    "iri": lambda rng: f"https://example.com/{_word(rng)}",
    "uri-reference": lambda rng: f"/{_word(rng)}",
    "iri-reference": lambda rng: f"/{_word(rng)}",
    "uri-template": lambda rng: f"/{_word(rng)}/{{id}}",
    "json-pointer": lambda rng: f"/{_word(rng)}",
    "relative-json-pointer": lambda rng: f"{rng.randint(0, 3)}/{_word(rng)}",
    "regex": lambda rng: f"^{_word(rng)}$",
    "byte": lambda rng: base64.b64encode(_word(rng).encode()).decode(),
}
