"""Texts and numbers that keep the words of their schema: format, pattern, length, range, step."""

from __future__ import annotations

import base64
import math
import random
import sys
from collections.abc import Callable, Mapping
from fractions import Fraction
from uuid import UUID

from syncdyn.openapi.messages import Json
from syncdyn.openapi.moments import moment_text
from syncdyn.openapi.sampling.kinds import START, YEAR_SECONDS
from syncdyn.openapi.sampling.patterns import is_found, text_for
from syncdyn.openapi.sampling.plausible import number_for_name, text_for_name

_SYLLABLES = ("ba", "co", "di", "fu", "ga", "he", "ko", "li", "ma", "no", "pe", "ra", "su", "to", "vi", "zu")
_WIDTH = 1000
#: Where a text must not be something, one of these may do.
_ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "0123456789", "bcdfghjklmnpqrstvwxz", "-_.~")
_LARGEST = sys.float_info.max
#: No longer text is made, whatever `minLength` asks for.
_MOST_CHARACTERS = 100_000
#: What a text has to keep besides being one.
_WORDS_OF_TEXTS = frozenset({"minLength", "maxLength", "pattern", "not", "format"})
_WORDS_OF_RANGES = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})

Schema = Mapping[str, Json]


def text(schema: Schema, rng: random.Random, name: str = "") -> str:
    """A text of the schema's pattern, format or else of what its name tells, and of its length."""
    if schema.keys().isdisjoint(_WORDS_OF_TEXTS):
        return text_for_name(name, rng) or _word(rng)
    least, most = min(int(schema.get("minLength", 0)), _MOST_CHARACTERS), schema.get("maxLength")
    longest = None if most is None else int(most)
    pattern = schema.get("pattern")
    made = None
    if isinstance(pattern, str):
        made = text_for(pattern, rng, least, longest)
    elif isinstance(pattern, tuple):
        made = _text_for_all(pattern, rng, least, longest)
    elif "not" in schema:
        made = "".join(rng.choices(rng.choice(_ALPHABETS), k=max(3, least)))
    if made is not None:
        return made
    writer = _FORMATS.get(str(schema.get("format")))
    made = writer(rng) if writer else (text_for_name(name, rng) or _word(rng))
    if longest is not None and len(made) > longest:
        made = _word(rng)
    filler = made[-1:] if writer else made
    made += filler * math.ceil((least - len(made)) / len(filler))
    return made[: max(least, longest)] if longest is not None else made[: max(least, 200)]


def _text_for_all(patterns: tuple[str, ...], rng: random.Random, least: int, longest: int | None) -> str | None:
    """A text in which each pattern is found: that of one, or those of all in a row; None where neither is."""
    texts = [text_for(pattern, rng, least, longest) for pattern in patterns]
    known = [one for one in texts if one is not None]
    row = "".join(text_for(pattern, rng, 0, None) or "" for pattern in patterns)
    for made in (*known, row, row[::-1]):
        if all(is_found(pattern, made) for pattern in patterns) and least <= len(made) <= (longest or len(made)):
            return made
    return known[-1] if known else None


def number(schema: Schema, rng: random.Random, name: str = "", *, is_integer: bool) -> int | float:
    """A number in the schema's range, on its steps; of those, one such as its name tells."""
    low, high = _range(schema, is_integer=is_integer)
    step = schema.get("multipleOf")
    if isinstance(step, int | float) and step > 0:
        return _on_step(Fraction(str(step)), low, high, rng, is_integer=is_integer)
    told = number_for_name(name, rng, *_stated_range(schema, low, high), is_integer=is_integer) if name else None
    if told is not None:
        return told
    if is_integer or max(-low, high) > _LARGEST:
        first, last = math.ceil(low), math.floor(high)
        return rng.randint(first, last) if first <= last else first
    drawn = round(rng.uniform(low, high), 2)
    return drawn if low <= drawn <= high else low / 2 + high / 2


def _range(schema: Schema, *, is_integer: bool) -> tuple[int | float, int | float]:
    """The least and the largest number, both allowed."""
    if schema.keys().isdisjoint(_WORDS_OF_RANGES):
        return 1, 1 + _WIDTH
    nudge = 1 if is_integer else 1e-6
    low, high = schema.get("minimum"), schema.get("maximum")
    low, high = (
        _narrowed(low, schema.get("exclusiveMinimum"), nudge),
        _narrowed(high, schema.get("exclusiveMaximum"), -nudge),
    )
    if low is None:
        low = min(1, high) if high is not None and high >= 0 else (high - _WIDTH if high is not None else 1)
    if high is None:
        high = low + _WIDTH
    if schema.get("exclusiveMinimum") is True and low < 1 < high:
        # Where 2020-12 is spoken, true is no bound; some take it for 1.
        low = 1 + nudge
    return low, high


def _stated_range(schema: Schema, low: float, high: float) -> tuple[float, float]:
    """The bounds that the schema has; where it has none, any number will do."""
    has_low = "minimum" in schema or "exclusiveMinimum" in schema
    has_high = "maximum" in schema or "exclusiveMaximum" in schema
    return (low if has_low else -math.inf), (high if has_high else math.inf)


def _narrowed(bound: Json, exclusive: Json, nudge: float) -> int | float | None:
    """A bound by either spelling: OpenAPI 3.0 has `exclusiveMinimum: true` beside the number."""
    if exclusive is True and bound is not None:
        return _moved(bound, nudge)
    if isinstance(exclusive, int | float) and not isinstance(exclusive, bool):
        moved = _moved(exclusive, nudge)
        return moved if bound is None else (max if nudge > 0 else min)(bound, moved)
    return None if bound is None else bound


def _moved(bound: int | float, nudge: float) -> int | float:
    """The next number; of what no float reaches, the next whole one."""
    return bound + nudge if abs(bound) <= _LARGEST else bound + (1 if nudge > 0 else -1)


def _on_step(step: Fraction, low: float, high: float, rng: random.Random, *, is_integer: bool) -> int | float:
    first = math.ceil(_exact(low) / step)
    last = max(first, math.floor(_exact(high) / step))
    for _ in range(_WIDTH):
        made = step * rng.randint(first, min(last, first + _WIDTH))
        if made.denominator == 1 or not is_integer:
            if abs(made) > _LARGEST and made.denominator == 1:
                return int(made)
            if abs(made) <= _LARGEST and _divides(step, made):
                return int(made) if made.denominator == 1 else float(made)
    return int(step * first)


def _divides(step: Fraction, made: Fraction) -> bool:
    """Whether the step goes into the number also for one who divides floats: 0.7 / 0.1 is 6.999..."""
    try:
        return (float(made) / float(step)).is_integer()
    except (OverflowError, ZeroDivisionError):
        return made.denominator == 1


def _exact(number: int | float) -> Fraction:
    """The number as it is written; as a float, 0.1 is a little more."""
    return Fraction(number) if isinstance(number, int) else Fraction(str(number))


def _word(rng: random.Random) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(3))


def _moment(rng: random.Random) -> str:
    return moment_text(START + rng.randrange(YEAR_SECONDS))


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
