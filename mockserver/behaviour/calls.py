"""A call to an operation with behaviour, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from mockserver.state import State
from syncdyn.openapi.checking import CheckedRequest
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.messages import Json, Pairs, Request
from syncdyn.openapi.operations import Operation

_EMPTY: Mapping[str, Json] = {}


class Call(NamedTuple):
    """A valid request to an operation with behaviour; `data` is its `x-mock`."""

    operation: Operation
    request: Request
    data: Mapping[str, Json]
    now: float
    path: Mapping[str, Json] = _EMPTY
    query: Mapping[str, Json] = _EMPTY
    body: Json = None
    outcome: str | None = None

    @property
    def path_of_request(self) -> str:
        """The path that was asked for."""
        return urlsplit(self.request.url).path


class Done(NamedTuple):
    """What came of a call.

    `body` is a value, a StoredFile as it came, or MISSING for what the document has for the status. `headers` go
    before those that the document's examples fill, which are all of them where `has_all_fields`, else the required.
    `is_given`: the body shows what was put by hand, and need not keep the document's promises.
    """

    state: State
    status: int
    body: Json
    headers: Pairs = ()
    has_all_fields: bool = False
    is_given: bool = False


def call_of(
    operation: Operation,
    data: Mapping[str, Json],
    request: Request,
    now: float,
    checked: CheckedRequest,
    outcome: str | None = None,
) -> Call:
    """The call that a request makes which was read and found valid; `outcome` is how its caller wishes it to end."""
    body = None if checked.body is MISSING else checked.body
    path, query = _EMPTY, _EMPTY
    if checked.parameters:
        path, query = values_in(checked, "path"), values_in(checked, "query")
    return Call(operation, request, data, now, path, query, body, outcome)


def values_in(checked: CheckedRequest, location: str) -> dict[str, Json]:
    """The values of a request's parameters in one location, by name."""
    return {name: value for (place, name), value in checked.parameters.items() if place == location}
