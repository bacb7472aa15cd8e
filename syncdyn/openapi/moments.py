"""Seconds since 1970 <-> the text of a moment."""

from __future__ import annotations

import re
from datetime import datetime, timezone

#: A leap second, which Python does not know: it is taken as the second before it.
_LEAP = re.compile(r"(T\d\d:\d\d:)60", re.IGNORECASE)
_FRACTION = re.compile(r"\.(\d+)")


def moment_text(seconds: float) -> str:
    """A moment with milliseconds, in UTC: `2024-06-01T00:00:00.000Z`. Source: RFC 3339."""
    moment = datetime.fromtimestamp(round(seconds, 3), timezone.utc)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def moment_seconds(text: str) -> float | None:
    """The seconds since 1970 of a moment's text, None for what is none. Without a zone it is in UTC."""
    cleaned = text.strip().replace(" ", "T")
    if cleaned[-1:] in ("Z", "z"):
        cleaned = f"{cleaned[:-1]}+00:00"
    try:
        moment = datetime.fromisoformat(with_microseconds(_LEAP.sub(r"\g<1>59", cleaned)))
    except ValueError:
        return None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return zoned.timestamp()


def with_microseconds(text: str) -> str:
    """The text with six digits of fraction, the most that every version of Python reads."""
    return _FRACTION.sub(lambda match: f".{match[1][:6]:0<6}", text)
