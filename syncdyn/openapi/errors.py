"""What can go wrong with a document, and the faults found in a message.

SyncdynError
 +- DocumentError            the document cannot be used as it stands
     +- UnsupportedVersion   not an OpenAPI version that is read here
     +- UnresolvedReference  a $ref that leads nowhere, or to where it must not
     +- OverlayError         an overlay that does not fit its document
     +- UnknownOperation     no operation of that name
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from syncdyn.openapi.hints import cut
from syncdyn.openapi.messages import Json


class SyncdynError(Exception):
    """The root of all that this package raises."""


class DocumentError(SyncdynError):
    """The document cannot be used as it stands."""


class UnsupportedVersion(DocumentError):
    """The document is of a kind or version that is not read here."""


class UnresolvedReference(DocumentError):
    """A `$ref` leads nowhere, in a circle, or to a place that was not allowed."""


class OverlayError(DocumentError):
    """An overlay is malformed or its target is not in the document."""


class UnknownOperation(DocumentError, KeyError):
    """The document has no operation of that name."""

    # A KeyError shows its message quoted.
    __str__ = Exception.__str__


class _Missing:
    """One value for the whole process, also after pickling."""

    def __repr__(self) -> str:
        return "<missing>"

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        return "MISSING"


#: Stands for a value that is absent, where None would be a value.
MISSING: Json = _Missing()


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a message breaks its contract.

    `location` is where in the message (`path`, `query`, `header`, `cookie`, `body`, `status`);
    `path` leads from there to the value. `is_tolerated` marks what an open contract allows for
    in responses (an enum value of tomorrow): told, but never a reason to fail. `branches` is what each branch of a
    union finds, where all is asked for.
    """

    location: str
    path: tuple[str | int, ...]
    message: str
    keyword: str = ""
    found: Json = MISSING
    allowed: Json = None
    hint: str | None = None
    schema_pointer: str = ""
    is_tolerated: bool = False
    branches: tuple[tuple[Violation, ...], ...] = field(default=(), repr=False)

    @property
    def where(self) -> str:
        """The place in dotted form: `body.input[0].url`; a name that nobody would read to its end is cut."""
        steps = (f"[{step:d}]" if type(step) is int else f".{cut(str(step))}" for step in self.path)
        return self.location + "".join(steps)

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.where}: {self.message}{hint}"


def describe(violations: Iterable[Violation], most: int = 20) -> str:
    """The violations one to a line; past `most` only their number is told."""
    lines = [f"  {violation}" for violation in violations]
    if len(lines) > most:
        lines = [*lines[:most], f"  ... and {len(lines) - most} more"]
    return "\n".join(lines)
