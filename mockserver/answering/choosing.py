"""Which response of an operation is given: that of the code wished for, else the usual one."""

from __future__ import annotations

from dataclasses import dataclass

from mockserver.answering.wishes import Unavailable
from syncdyn.openapi.operations import Operation, ResponsePromise


@dataclass(frozen=True, slots=True)
class Choice:
    """A status and what the document says of it; None where it says nothing of any."""

    status: int
    promise: ResponsePromise | None


def choose(operation: Operation, code: str | None = None) -> Choice:
    """The response of a code; without one the lowest 2xx, `2XX`, `default` as 200, else the first.

    Raises Unavailable when the code is not in the document, nor its range, nor `default`.
    """
    if code is None:
        return _usual(operation)
    promise = operation.promise_for(int(code))
    if promise is None or _is_interim(code):
        known = ", ".join(operation.responses) or "none"
        raise Unavailable(404, f"{operation.name} has no response {code}; there is: {known}")
    return Choice(int(code), promise)


def choose_refusal(operation: Operation, statuses: tuple[int, ...]) -> Choice | None:
    """The first of some statuses that the document names itself or by range, else the first by `default`, else None."""
    responses = operation.responses
    stated = (status for status in statuses if f"{status}" in responses or f"{status // 100}XX" in responses)
    status = next(stated, statuses[0] if "default" in responses else None)
    return None if status is None else Choice(status, operation.promise_for(status))


def _usual(operation: Operation) -> Choice:
    responses = {name: one for name, one in operation.responses.items() if not _is_interim(name)}
    stated = sorted(name for name in responses if name.startswith("2"))
    name = next(iter(stated), "default" if "default" in responses else None)
    # Single codes in their order come before ranges in the document's.
    name = name or next(iter(sorted(responses, key=lambda code: code if code.isdigit() else "X")), None)
    if name is None:
        return Choice(200, None)
    return Choice(200 if name == "default" else int(name.replace("X", "0")), responses[name])


def _is_interim(code: str) -> bool:
    """Whether a code, or a range, is of responses after which another must come. Source: RFC 9110, section 15.2."""
    return code.startswith("1")
