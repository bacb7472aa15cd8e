"""Why a request is refused, as a value: what its caller is told is made of it by `writing`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from syncdyn.openapi.errors import Violation
from syncdyn.openapi.messages import Json

_BAD_REQUEST = 400
#: What a request breaks that has a body, where the document describes none.
UNASKED_BODY = Violation("header", ("content-type",), "a body, where none is described", "mediaType")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a request is refused.

    `messages` are one or several; `is_listed` writes them as a list even when there is one. `has_reason` adds
    the status's reason phrase also where there is a code. `members` are further members of the body. `kind` is what
    Prism calls it; `is_own` marks what is the mock's own to say, and no response of the service.
    """

    status: int
    messages: tuple[str, ...]
    code: str | None = None
    is_listed: bool = False
    has_reason: bool | None = None
    members: Mapping[str, Json] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    violations: tuple[Violation, ...] = ()
    kind: str = ""
    is_own: bool = False


class Refused(Exception):
    """A request is refused; `fault` says why. Raised and caught inside the mock alone."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.messages[0] if fault.messages else "refused")
        self.fault = fault


def fault_of(stated: Mapping[str, Json], **changes: Json) -> Fault:
    """The fault that `x-mock-*` data states: `status`, `message`, `code`, `reason`."""
    fault = Fault(
        status=stated.get("status", _BAD_REQUEST),
        messages=(stated.get("message", "the request is refused"),),
        code=stated.get("code"),
        has_reason=stated.get("reason"),
    )
    return replace(fault, **changes)
