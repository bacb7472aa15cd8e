"""Results in few words: what a repr shows of them, however much came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from reprlib import Repr
from typing import Any

#: So many characters a repr may take, and what stands inside it.
_ROOM, _ROOM_INSIDE = 1500, 200
_LONGEST_TEXT, _LONGEST_OTHER = 80, 120


def object_text(name: str, members: Mapping[str, Any], room: int = _ROOM) -> str:
    """The repr of an object: its members by Python name as far as they fit, and how many more there are."""
    texts = (f"{member}={_WORDS.repr(value)}" for member, value in members.items())
    return f"{name}({_fitting(texts, len(members), room)})"


def list_text(items: Sequence[Any]) -> str:
    """The repr of a list: its first items as far as they fit, and how many more there are."""
    return f"[{_fitting(map(_WORDS.repr, items), len(items), _ROOM)}]"


def _fitting(texts: Iterable[str], count: int, room: int) -> str:
    """The texts that fit, the first one anyway; the rest are counted."""
    shown: list[str] = []
    for text in texts:
        room -= len(text) + 2
        if shown and room < 0:
            return f"{', '.join(shown)}, ... and {count - len(shown):,} more"
        shown.append(text)
    return ", ".join(shown)


class _Words(Repr):
    """Values inside a repr. Objects of the API are known by `__brief__`, which takes the room that they have."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = _LONGEST_TEXT
        self.maxother = _LONGEST_OTHER

    def repr1(self, x: Any, level: int) -> str:
        # By its class's name, as reprlib goes, an object called `list` would be taken for one.
        brief = getattr(type(x), "__brief__", None)
        return super().repr1(x, level) if brief is None else str(brief(x, _ROOM_INSIDE))


_WORDS = _Words()
