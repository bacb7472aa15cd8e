"""Request rates and plans: what is refused because there was too much of it.

Both are off until settings ask for them. The window of a rate is the minute of the clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mockserver.behaviour.expressions import Scope
from mockserver.problems import Fault, Refused, fault_of
from mockserver.state import State
from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.hints import json_kind
from syncdyn.openapi.messages import Json

_WINDOW_SECONDS = 60


def count_request(state: State, now: float, rate: Mapping[str, Json], credential: str) -> State:
    """The state with a request more on the caller's account. Raises Refused when the minute's are used up.

    `rate` has `bucket`, `per-minute` and the fault's words. Raises DocumentError where it has no number.
    """
    most = rate.get("per-minute")
    if not isinstance(most, int | float):
        raise DocumentError(f"x-mock-rate.per-minute: {json_kind(most)} where a number is needed")
    window = int(now // _WINDOW_SECONDS)
    who = hashlib.sha256(credential.encode("utf-8", "replace")).hexdigest()[:16]
    key = (who, str(rate.get("bucket", "")), window)
    used = state.rates.get(key, 0)
    if used >= most:
        left = max(1, int((window + 1) * _WINDOW_SECONDS - now + 0.999))
        raise Refused(fault_of(rate, headers={"retry-after": str(left)}))
    current = {one: number for one, number in state.rates.items() if one[2] == window}
    return replace(state, rates={**current, key: used + 1})


def check_plan(limits: Sequence[Mapping[str, Json]], scope: Scope) -> None:
    """Nothing, or Refused for the first limit whose `when` holds for the plan at the root of the scope."""
    for limit in limits:
        if scope.evaluate(limit["when"]):
            raise Refused(_limit_fault(limit, scope))


def _limit_fault(limit: Mapping[str, Json], scope: Scope) -> Fault:
    seconds = scope.evaluate(limit["retry-after"]) if "retry-after" in limit else None
    headers = {} if seconds is None else {"retry-after": str(seconds)}
    return fault_of(limit, members=scope.evaluate_all(limit.get("members", {})), headers=headers)
