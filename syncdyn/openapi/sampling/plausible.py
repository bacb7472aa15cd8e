"""What a text or a number is probably about, by the name it stands under: a city for `city`, a moment for `sold_at`.

A schema may also say it itself: `x-faker: name.firstName`, the words of Faker.js, as Prism reads them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import zip_longest
from typing import TypeAlias

from syncdyn.openapi.messages import Json
from syncdyn.openapi.moments import moment_text
from syncdyn.openapi.sampling.kinds import FAKED, NUMBER_KINDS, RANGES, START, TEXT_KINDS, YEAR_SECONDS
from syncdyn.openapi.sampling.vocabulary import VOCABULARY

Make: TypeAlias = Callable[[random.Random], Json]

_HEX = "0123456789abcdef"
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
#: A name's last words say what it is: no more of them are looked at.
_MOST_WORDS = 3


def text_for_name(name: str, rng: random.Random) -> str | None:
    """A text such as one finds under a name; None where the name says nothing."""
    kind = _text_kind(name)
    return str(made(kind, rng)) if kind else None


def number_for_name(name: str, rng: random.Random, low: float, high: float, *, is_integer: bool) -> int | float | None:
    """A number such as one finds under a name, within bounds; None where the name says nothing or none fits."""
    kind = _number_kind(name)
    if kind is None:
        return None
    least, most, digits = RANGES[kind]
    first, last = max(low, least), min(high, most)
    if first > last:
        return None
    if is_integer or digits == 0:
        first, last = -(-first // 1), last // 1
        return rng.randint(int(first), int(last)) if first <= last else None
    drawn = round(rng.uniform(first, last), digits)
    return drawn if low <= drawn <= high else None


def faked(hint: Json, rng: random.Random) -> Json:
    """The value that an `x-faker` hint asks for; None for a hint that is not known.

    A hint is a name (`internet.email`), or an object of one name with its arguments.
    """
    name, argument = next(iter(hint.items())) if isinstance(hint, Mapping) and hint else (hint, None)
    if not isinstance(name, str):
        return None
    if name in _WITH_ARGUMENTS:
        return _WITH_ARGUMENTS[name](argument, rng)
    return next((made(kind, rng) for kind in _suffixes(_words(name)) if _is_known(kind)), None)


def made(kind: str, rng: random.Random) -> Json:
    """A value of a kind; texts of the vocabulary may name other kinds in braces."""
    kind = FAKED.get(kind, kind)
    make = _MAKERS.get(kind)
    if make is not None:
        return make(rng)
    if kind in RANGES:
        least, most, digits = RANGES[kind]
        return round(rng.uniform(least, most), digits) if digits else rng.randint(int(least), int(most))
    text = rng.choice(VOCABULARY[kind])
    if "{" not in text:
        return text
    return "".join(str(made(piece, rng)) if is_kind else piece for piece, is_kind in _pieces(text))


@lru_cache(maxsize=256)
def _pieces(text: str) -> tuple[tuple[str, bool], ...]:
    """What a text is put together from, in turn: words, and kinds whose words come in their place."""
    words, kinds = _PLACEHOLDER.split(text)[::2], _PLACEHOLDER.findall(text)
    pairs = zip_longest(words, (kind.replace("_", " ") for kind in kinds))
    return tuple(piece for word, kind in pairs for piece in ((word, False), (kind or "", bool(kind))) if piece[0])


@lru_cache(maxsize=4096)
def _text_kind(name: str) -> str | None:
    return next((TEXT_KINDS[words] for words in _suffixes(_words(name)) if words in TEXT_KINDS), None)


@lru_cache(maxsize=4096)
def _number_kind(name: str) -> str | None:
    return next((NUMBER_KINDS[words] for words in _suffixes(_words(name)) if words in NUMBER_KINDS), None)


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(name)][-_MOST_WORDS:]


def _suffixes(words: list[str]) -> list[str]:
    return [" ".join(words[start:]) for start in range(len(words))]


def _is_known(kind: str) -> bool:
    return any(kind in kinds for kinds in (FAKED, VOCABULARY, _MAKERS, RANGES))


def _moment(rng: random.Random) -> str:
    return moment_text(START + rng.randrange(YEAR_SECONDS))


def _hex(length: int) -> Make:
    return lambda rng: "".join(rng.choices(_HEX, k=length))


def _slug(rng: random.Random) -> str:
    return "-".join(rng.sample(VOCABULARY["word"], 2))


def _login(rng: random.Random) -> str:
    return f"{rng.choice(VOCABULARY['first name'])}{rng.randint(1, 99)}".lower()


def _url(rng: random.Random) -> str:
    return f"https://example.com/{_slug(rng)}"


def _email(rng: random.Random) -> str:
    return f"{rng.choice(VOCABULARY['first name'])}.{rng.choice(VOCABULARY['last name'])}@example.com".lower()


def _element(argument: Json, rng: random.Random) -> Json:
    choices = argument if isinstance(argument, list) else []
    choices = choices[0] if len(choices) == 1 and isinstance(choices[0], list) else choices
    return rng.choice(choices) if choices else None


def _drawn(argument: Json, rng: random.Random) -> Json:
    """A whole number of a range, as `{min, max}`; of 0 to 99999 without one. Source: Faker.js, `datatype.number`."""
    stated = argument[0] if isinstance(argument, list) and argument else argument
    bounds = stated if isinstance(stated, Mapping) else {"max": stated} if isinstance(stated, int) else {}
    low, high = bounds.get("min", 0), bounds.get("max", 99_999)
    return rng.randint(int(low), int(high)) if low <= high else None


#: What has no words of its own: how it is made.
_MAKERS: Mapping[str, Make] = {
    "moment": _moment,
    "day": lambda rng: _moment(rng)[:10],
    "clock": lambda rng: _moment(rng)[11:19],
    "hex": _hex(12),
    "digest": _hex(40),
    "token": _hex(32),
    "slug": _slug,
    "login": _login,
    "url": _url,
    "email": _email,
    "address": lambda rng: f"192.0.2.{rng.randint(1, 254)}",
    "host": lambda rng: f"{rng.choice(VOCABULARY['word'])}.example.com",
    "phone": lambda rng: f"+1-202-555-0{rng.randint(100, 199)}",
    "postal code": lambda rng: str(rng.randint(10_000, 99_999)),
    "version": lambda rng: f"{rng.randint(0, 9)}.{rng.randint(0, 20)}.{rng.randint(0, 20)}",
    "picture": lambda rng: f"https://example.com/{_slug(rng)}.png",
    "file name": lambda rng: f"{_slug(rng)}.{rng.choice(VOCABULARY['extension'])}",
    "path": lambda rng: f"/{'/'.join(rng.sample(VOCABULARY['word'], 2))}",
    "uuid": lambda rng: _as_uuid(_hex(32)(rng)),
    "flag": lambda rng: rng.random() < 0.5,
}

_WITH_ARGUMENTS: Mapping[str, Callable[[Json, random.Random], Json]] = {
    "helpers.arrayElement": _element,
    "random.arrayElement": _element,
    "helpers.randomize": _element,
    "random.number": _drawn,
    "datatype.number": _drawn,
    "number.int": _drawn,
}


def _as_uuid(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"
