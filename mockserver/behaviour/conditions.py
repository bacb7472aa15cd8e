"""Conditional requests, where a document declares their fields. Source: RFC 9110, section 13."""

from __future__ import annotations

from mockserver.behaviour.calls import Call
from mockserver.behaviour.files import is_among, tag_of
from mockserver.problems import Fault, Refused
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.messages import Json, Pairs
from syncdyn.openapi.operations import Operation

_NOT_MODIFIED, _PRECONDITION_FAILED = 304, 412


def tag_fields(operation: Operation, status: int, shown: Json) -> Pairs:
    """The ETag field of what is shown, where the document declares one for the status."""
    promise = operation.promise_for(status)
    is_declared = promise is not None and promise.has_header("etag") and shown is not MISSING
    return (("etag", _tag(shown)),) if is_declared else ()


def is_unchanged(call: Call, shown: Json) -> bool:
    """Whether the caller has what would be shown, and the document has 304 for that."""
    asked = call.request.headers.get("if-none-match")
    if asked is None or shown is MISSING or str(_NOT_MODIFIED) not in call.operation.responses:
        return False
    return is_among(_tag(shown), asked)


def check_condition(call: Call, shown: Json) -> None:
    """Nothing, or Refused (412) where a declared `If-Match` names another state of the thing."""
    asked = call.request.headers.get("if-match")
    if asked is None or not _declares(call.operation, "if-match"):
        return
    if not is_among(_tag(shown), asked):
        raise Refused(Fault(_PRECONDITION_FAILED, ("the thing is not in the state that If-Match names",)))


def _declares(operation: Operation, name: str) -> bool:
    return any((one.location, one.name.lower()) == ("header", name) for one in operation.parameters)


def _tag(shown: Json) -> str:
    return tag_of(encode_json(shown).encode())
