"""What was probably meant by a name that nothing has."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def hint(name: object, known: Iterable[str], most: int = 1) -> str | None:
    """`did you mean 'a' or 'b'?`, of the nearest names, so many at the most; None where nothing is near."""
    close = get_close_matches(str(name), list(known), n=most)
    return f"did you mean {' or '.join(map(repr, close))}?" if close else None


def hint_clause(name: object, known: Iterable[str], most: int = 1) -> str:
    """The same as the end of a sentence, `; did you mean 'a'?`; empty where nothing is near."""
    told = hint(name, known, most)
    return f"; {told}" if told else ""
