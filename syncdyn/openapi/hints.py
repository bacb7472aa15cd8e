"""What was probably meant by a name that nothing has, and such a name as people may see it, of any length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

#: No longer name is compared, and no more pairs of characters in all: comparing is slow.
_LONGEST_COMPARED = 200
_MOST_PAIRS = 10_000_000
_LONGEST_SHOWN = 200


def hint(name: object, known: Iterable[str], most: int = 1) -> str | None:
    """`did you mean 'a' or 'b'?`, of the nearest names, so many at the most; None where nothing is near."""
    close = close_names(str(name), known, most)
    return f"did you mean {' or '.join(map(repr, close))}?" if close else None


def hint_clause(name: object, known: Iterable[str], most: int = 1) -> str:
    """The same as the end of a sentence, `; did you mean 'a'?`; empty where nothing is near."""
    told = hint(name, known, most)
    return f"; {told}" if told else ""


def close_names(name: str, known: Iterable[str], most: int = 1) -> list[str]:
    """The nearest of the names, so many at the most; of very many the first are looked through."""
    return get_close_matches(name, list(_compared(name, known)), n=most)


def _compared(name: str, known: Iterable[str]) -> Iterator[str]:
    if len(name) > _LONGEST_COMPARED:
        return
    remaining = _MOST_PAIRS
    for one in known:
        if len(one) <= _LONGEST_COMPARED:
            remaining -= len(one) * len(name)
            if remaining < 0:
                return
            yield one


def quoted(name: object) -> str:
    """A name in quotes, cut where it is longer than anybody reads."""
    return repr(cut(name) if isinstance(name, str) else name)


def cut(text: str) -> str:
    """A text as it stands, or how it begins."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


_JSON_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}


def json_kind(value: object) -> str:
    """What a value of JSON is, with its article: `an object`, `a number`."""
    return _JSON_KINDS.get(type(value), "a number")


def kind_of(value: object) -> str:
    """The type of a value with its article, as Python calls it: `an int`, `a str`."""
    name = type(value).__name__
    return f"{'an' if name[:1] in 'aeioAEIO' else 'a'} {name}"
