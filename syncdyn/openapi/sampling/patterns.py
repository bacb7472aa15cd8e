"""A regular expression -> a text that it matches, of a length asked for where it can be had.

The parser is Python's own; what it cannot read, or what looks around, gives None and is left to others.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

_parser: Any = import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")

_PRINTABLE = "".join(chr(code) for code in range(32, 127))
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_CATEGORIES: Mapping[str, str] = {
    "CATEGORY_DIGIT": "0123456789",
    "CATEGORY_SPACE": " ",
    "CATEGORY_WORD": _LETTERS + _LETTERS.upper() + "0123456789_",
}
_MOST_REPEATED = 6
_TRIES = 24
#: No longer text is made, however often a pattern repeats its repetitions.
_MOST_STEPS = 100_000
#: What ECMA-262 spells in another way than Python.
_SPELLINGS = (
    # One letter stands for all: it may be written inside a set and outside of one.
    (re.compile(r"\\p\{(?:L[a-z]?|Letter)\}"), "a"),
    (re.compile(r"\\p\{N[a-z]?\}"), "0"),
    (re.compile(r"\\/"), "/"),
    (re.compile(r"\(\?<([A-Za-z_]\w*)>"), r"(?P<\1>"),
    (re.compile(r"\\Z"), r"$"),
)


def text_for(pattern: str, rng: random.Random, least: int = 0, most: int | None = None) -> str | None:
    """A text that a pattern of JSON Schema finds something in, `least` to `most` characters long; else None.

    Source: JSON Schema 2020-12, validation, 6.3.3: a pattern is not anchored by itself.
    """
    try:
        compiled = re.compile(_as_python(pattern))
        parsed = _parser.parse(_as_python(pattern))
    except (re.error, RecursionError, OverflowError):
        return None
    if parsed.getwidth()[0] > _MOST_STEPS:
        return None
    for attempt in range(_TRIES):
        writer = _Writer(rng, extra=attempt)
        text = _stretched(writer.write(parsed), compiled, least)
        if writer.steps >= _MOST_STEPS:
            return None
        if compiled.search(text) and len(text) >= least and (most is None or len(text) <= most):
            return text
    return None


def _as_python(pattern: str) -> str:
    for spelling, own in _SPELLINGS:
        pattern = spelling.sub(own, pattern)
    return pattern


def _stretched(text: str, compiled: re.Pattern[str], least: int) -> str:
    """The text made longer with letters, where the pattern leaves an end open."""
    missing = least - len(text)
    if missing <= 0:
        return text
    longer = (text + "a" * missing, "a" * missing + text, text + text[-1:] * missing)
    return next((one for one in longer if compiled.search(one)), text)


class _Writer:
    def __init__(self, rng: random.Random, extra: int) -> None:
        self._rng = rng
        self._extra = extra
        self._groups: dict[int, str] = {}
        self.steps = 0

    def write(self, items: Sequence[Any]) -> str:
        return "".join(self._one(str(code), argument) for code, argument in items)

    def _one(self, code: str, argument: Any) -> str:
        self.steps += 1
        writer = _WRITERS.get(code)
        return writer(self, argument) if writer else ""

    def _literal(self, argument: int) -> str:
        return chr(argument)

    def _not_literal(self, argument: int) -> str:
        return self._rng.choice([one for one in _LETTERS if ord(one) != argument])

    def _any(self, _argument: Any) -> str:
        return self._rng.choice(_LETTERS)

    def _in(self, argument: Sequence[Any]) -> str:
        is_negated = bool(argument) and str(argument[0][0]) == "NEGATE"
        named = "".join(_members(str(code), value) for code, value in argument)
        if not is_negated:
            return self._rng.choice(named) if named else ""
        kept = [one for one in _PRINTABLE if one not in named]
        plain = [one for one in kept if one.isalnum()]
        return self._rng.choice(plain or kept or ["\u00e9"])

    def _repeat(self, argument: Any) -> str:
        least, most, items = argument
        room = min(int(most), int(least) + (self._extra or 1) * 3)
        # A first try stays short; later ones go to the ends of what is allowed.
        number = least if self._extra == 0 and least else self._rng.randint(least, max(least, min(room, least + 40)))
        number = min(number, least + _MOST_REPEATED * (1 + self._extra), _MOST_STEPS)
        return "".join(self.write(items) for _ in range(number) if self.steps < _MOST_STEPS)

    def _subpattern(self, argument: Any) -> str:
        group, _, _, items = argument
        text = self.write(items)
        if group is not None:
            self._groups[group] = text
        return text

    def _branch(self, argument: Any) -> str:
        return self.write(self._rng.choice(argument[1]))

    def _reference(self, argument: int) -> str:
        return self._groups.get(argument, "")

    def _atomic(self, argument: Any) -> str:
        return self.write(argument)

    def _assert(self, _argument: Any) -> str:
        # What a look-ahead asks for may be written by what follows; the whole text is checked in the end.
        return ""


_WRITERS: Mapping[str, Callable[[_Writer, Any], str]] = {
    "LITERAL": _Writer._literal,
    "NOT_LITERAL": _Writer._not_literal,
    "ANY": _Writer._any,
    "IN": _Writer._in,
    "MAX_REPEAT": _Writer._repeat,
    "MIN_REPEAT": _Writer._repeat,
    "POSSESSIVE_REPEAT": _Writer._repeat,
    "SUBPATTERN": _Writer._subpattern,
    "BRANCH": _Writer._branch,
    "GROUPREF": _Writer._reference,
    "ATOMIC_GROUP": _Writer._atomic,
    "ASSERT": _Writer._assert,
}


def _members(code: str, value: Any) -> str:
    """The characters that an entry of a set names, as far as they are worth drawing from."""
    if code == "LITERAL":
        return chr(value)
    if code == "RANGE":
        return "".join(map(chr, range(value[0], min(value[1], value[0] + 255) + 1)))
    if code == "CATEGORY":
        name = str(value)
        if name.startswith("CATEGORY_NOT_"):
            excluded = _CATEGORIES.get(name.replace("NOT_", ""), "")
            return "".join(one for one in _PRINTABLE if one not in excluded)
        return _CATEGORIES.get(name, "")
    return ""


def is_found(pattern: str, text: str) -> bool:
    """Whether a pattern of JSON Schema finds something in a text; never for one that cannot be read here."""
    try:
        return re.search(_as_python(pattern), text) is not None
    except (re.error, RecursionError, OverflowError):
        return False
