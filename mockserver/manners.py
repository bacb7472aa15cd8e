"""How a response is to be sent, where that is not at once, whole and well: the part of a fault that edges do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


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


AT_ONCE = Manner()
