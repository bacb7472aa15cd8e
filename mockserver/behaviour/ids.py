"""The ids of things: as a path says them, as their member holds them, and new ones that are still free."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection
from uuid import UUID

from mockserver.behaviour.kinds import Kind
from mockserver.behaviour.moulds import Moulds
from mockserver.behaviour.naming import NUMBERS
from mockserver.state import State
from syncdyn.openapi.messages import Json
from syncdyn.openapi.schemas.shapes import Shape

#: What an id of the document begins with, before what is drawn: `cus_9s6XKzkNRiz8i3`.
_PREFIX = re.compile(r"[A-Za-z]{1,12}[_-](?=\w{6,})")
_TRIES = 20


class Ids:
    """Gives ids to new things, the same ones for the same seed and the same requests before."""

    def __init__(self, moulds: Moulds, seed: int) -> None:
        self._moulds = moulds
        self._seed = seed

    def fresh(self, state: State, kind: Kind, place: str, begun: Collection[str]) -> tuple[str, Json]:
        """An id that no thing of a collection has or had, as text and as its member holds it.

        `place` is the collection's path, `begun` are the ids that it began with.
        """
        there: Collection[str] = state.collections.get(place, ())
        gone = state.gone

        def is_free(text: str) -> bool:
            return text not in there and text not in begun and not (gone and f"{place}/{text}" in gone)

        shape = kind.id_shape
        if shape is None or shape.types & NUMBERS:
            number = _free_number(is_free, len(there) + 1, state.count + 1)
            return str(number), number
        text = ""
        for attempt in range(_TRIES):
            text = self._text(kind, shape, f"{self._seed}:{place}:{state.count + 1}:{attempt}")
            if is_free(text):
                break
        return text, text

    def _text(self, kind: Kind, shape: Shape, seed: str) -> str:
        """A valid text: with the prefix of the example's id, a UUID, or digits; else what the schema makes."""
        digest = hashlib.sha256(seed.encode("utf-8", "replace")).digest()
        assert kind.shown is not None
        example = self._moulds.thing(kind.shown, 0, {}).get(kind.id or "")
        prefix = _PREFIX.match(example) if isinstance(example, str) else None
        uuid = str(UUID(bytes=digest[:16], version=4))
        tried = [f"{prefix[0]}{digest.hex()[:24]}"] if prefix and shape.format != "uuid" else []
        is_valid = self._moulds.validator(shape.pointer).is_valid
        for text in (*tried, uuid, digest.hex()[:24], digest.hex()[:12], digest.hex()[:8]):
            if is_valid(text) and shape.format in (None, "uuid") and "enum" not in shape.schema:
                return text
        return str(self._moulds.value(shape, int.from_bytes(digest[:4], "big")))


def held_id(kind: Kind, id_: str) -> Json:
    """An id as its member holds it."""
    return id_ if kind.id_shape is None else as_held(kind.id_shape, id_)


def as_held(shape: Shape, text: str) -> Json:
    """What a path says, as a member holds it."""
    if "string" not in shape.types and shape.types & NUMBERS:
        try:
            return int(text)
        except ValueError:
            return text
    return text


def _free_number(is_free: Callable[[str], bool], likeliest: int, otherwise: int) -> int:
    """The likeliest number, else the first free one from another on."""
    if is_free(str(likeliest)):
        return likeliest
    while not is_free(str(otherwise)):
        otherwise += 1
    return otherwise
