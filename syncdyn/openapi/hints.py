"""What was probably meant by a name that nothing has, and that name as people may see it; names may be of any length."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

#: So many names are looked through for the one that was meant, and none that is longer: comparing them is slow.
_MOST_COMPARED = 5_000
_LONGEST_COMPARED = 200
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
    """The nearest of the first thousands of names, so many at the most."""
    if len(name) > _LONGEST_COMPARED:
        return []
    return get_close_matches(name, [one for one in islice(known, _MOST_COMPARED) if _is_comparable(one)], n=most)


def _is_comparable(name: str) -> bool:
    return len(name) <= _LONGEST_COMPARED


def quoted(name: object) -> str:
    """A name in quotes, cut where it is longer than anybody reads."""
    text = str(name)
    return repr(name) if len(text) <= _LONGEST_SHOWN else f"{cut(text)!r}"


def cut(text: str) -> str:
    """A text as it stands, or how it begins."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
