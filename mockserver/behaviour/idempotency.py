"""The same key, the same request: the same answer, and nothing done twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from mockserver.problems import Refused, fault_of
from mockserver.state import Remembered, State
from syncdyn.openapi.coding.files import Upload
from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.messages import Json, Request, Response


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that a request came with, and the digest of what it asks."""

    key: str
    digest: str


def claim_of(data: Mapping[str, Json], operation: str, request: Request, body: Json) -> Claim | None:
    """The claim of a request, None where it has no key.

    Raises Refused for a field that came twice, DocumentError for data that is not as it is to be.
    """
    if not _has_header(data):
        _check(data)
    values = request.headers.all(data["header"])
    if not values:
        return None
    _check(data)
    if len(values) > 1:
        raise Refused(fault_of(data["invalid"]))
    text = json.dumps([operation, body], default=_stand_in, sort_keys=True)
    return Claim(f"{operation}\n{values[0].strip()}", hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())


def _has_header(data: Json) -> bool:
    return isinstance(data, Mapping) and isinstance(data.get("header"), str)


def _check(data: Json) -> None:
    from mockserver.behaviour.vocabulary import IDEMPOTENCY

    for line in IDEMPOTENCY.mistakes("x-mock.idempotency", data, lambda _: ()):
        raise DocumentError(line)


def replay(state: State, now: float, data: Mapping[str, Json], claim: Claim) -> Response | None:
    """The answer that the key was given before, marked as a replay; None for a key that is new or forgotten.

    Raises Refused when it was given for another request.
    """
    found = state.remembered.get(claim.key)
    if found is None or _is_expired(data, now, found):
        return None
    if found.digest != claim.digest:
        raise Refused(fault_of(data["conflict"]))
    headers = found.response.headers.replace(**{data["replayed-header"]: "true"})
    return replace(found.response, headers=headers)


def remember(state: State, now: float, data: Mapping[str, Json], claim: Claim, response: Response) -> State:
    """The state that knows which answer the key was given; keys that have expired are forgotten by and by."""
    given = Remembered(now, claim.digest, response)
    kept = state.remembered.set(claim.key, given, lambda found: not _is_expired(data, now, found))
    return replace(state, remembered=kept)


def _is_expired(data: Mapping[str, Json], now: float, found: Remembered) -> bool:
    return bool(now - found.at >= data.get("retention-seconds", float("inf")))


def _stand_in(value: object) -> Json:
    """A file as far as it makes a request the same or another: its name, type and content."""
    if isinstance(value, Upload):
        return [value.file_name, value.content_type, hashlib.sha256(value.content).hexdigest()]
    return repr(value)
