"""Answers that were given before: the same request gets the same answer, as long as what it hangs on is the same."""

from __future__ import annotations

from collections.abc import Hashable
from enum import Enum
from typing import Generic, TypeVar

from mockserver.memo import Memo
from mockserver.state import State
from syncdyn.openapi.messages import Request

Value = TypeVar("Value")

_MOST_BYTES = 16 * 2**20
#: Hashing a longer body costs more than it saves.
_MOST_BODY_BYTES = 4096
#: What a request and its answer weigh besides their texts, roughly.
_OVERHEAD_BYTES = 1024


class Span(Enum):
    """How long the answer to a request stays the same."""

    ALWAYS = "always"
    #: While the state is the same.
    STATE = "state"
    #: It hangs on the moment, or asking changes the state.
    MOMENT = "moment"


class Recall(Generic[Value]):
    """What was made of requests; what hangs on a state is forgotten with that state."""

    __slots__ = ("_always", "_state")

    def __init__(self) -> None:
        self._always: Memo[Value] = Memo(_MOST_BYTES)
        self._state: tuple[State | None, Memo[Value]] = (None, Memo(_MOST_BYTES))

    def find(self, key: Hashable, state: State) -> Value | None:
        """What was made of the request with a key, on this state or on any."""
        found = self._always.get(key)
        if found is not None:
            return found
        known, memo = self._state
        return memo.get(key) if known is state else None

    def keep(self, key: Hashable, state: State, span: Span, value: Value, weight: int) -> None:
        """Keep what was made of the request with a key on a state, for its span."""
        if span is Span.ALWAYS:
            self._always.put(key, value, weight + _OVERHEAD_BYTES)
        elif span is Span.STATE:
            if self._state[0] is not state:
                self._state = (state, Memo(_MOST_BYTES))
            self._state[1].put(key, value, weight + _OVERHEAD_BYTES)


def key_of(request: Request) -> Hashable:
    """All of a request; None for one that is not looked up."""
    body = request.body
    if body.__class__ is not bytes or len(body) > _MOST_BODY_BYTES:
        return None
    return (request.method, request.url, request.headers.pairs, body)
