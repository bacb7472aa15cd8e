"""What can be wrong with the bytes of a body, and the limits that a body must keep."""

from __future__ import annotations

from dataclasses import dataclass

from syncdyn.openapi.errors import SyncdynError

_MIB = 1024 * 1024


class MalformedBody(SyncdynError, ValueError):
    """The bytes of a body are not what its media type says; the message is one sentence."""


class BodyTooLarge(MalformedBody):
    """A body, or a part of one, passes a limit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a form or multipart body may hold; a field is a part without a file."""

    max_parts: int = 1000
    max_field_bytes: int = _MIB
    max_file_bytes: int = 100 * _MIB
