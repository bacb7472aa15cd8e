"""How a response is to be sent, where that is not at once, whole and well: the part of a fault that edges do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

#: How often a slow body goes on.
_TICK_SECONDS = 0.05


class Ending(Enum):
    """How the sending of a response ends."""

    WHOLE = "whole"
    #: The connection is closed in the middle of the body; the length told before stays that of all.
    TRUNCATED = "truncated"
    #: The connection is reset; nothing is answered.
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Manner:
    """`delay_seconds` pass before the first byte; the body then goes at `bytes_per_second`, None for at once."""

    delay_seconds: float = 0.0
    bytes_per_second: float | None = None
    ending: Ending = Ending.WHOLE

    def pieces(self, body: bytes) -> Iterator[tuple[bytes, float]]:
        """The pieces of a body that are sent, each with the seconds that pass before it."""
        sent = body[: len(body) // 2] if self.ending is Ending.TRUNCATED else body
        speed = self.bytes_per_second
        size = max(1, len(sent) if speed is None else int(speed * _TICK_SECONDS))
        for start in range(0, len(sent), size):
            piece = sent[start : start + size]
            yield piece, 0.0 if speed is None else len(piece) / speed


AT_ONCE = Manner()
