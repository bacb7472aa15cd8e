"""The rules of faults, seen and changed from outside."""

from __future__ import annotations

from mockserver.control.seeing import Asked, Refusal, Seen, Told
from mockserver.faults.keeping import added, without
from mockserver.faults.reading import BadRules, known_of, told
from syncdyn.openapi.hints import hint_clause


def list_faults(seen: Seen, _asked: Asked) -> Told:
    """The rules in order, with how often each was asked and struck."""
    return Told({"faults": [told(rule) for rule in seen.state.faults]})


def add_faults(seen: Seen, asked: Asked) -> Told:
    """One rule or several, and what they are called."""
    several = asked.body.get("faults") if isinstance(asked.body, dict) else None
    try:
        state, rules = added(seen.state, [asked.body] if several is None else several, known_of(seen.contract))
    except BadRules as error:
        raise Refusal(422, "; ".join(error.faults)) from None
    return Told({"faults": [told(rule) for rule in rules]}, 201, state=state)


def clear_faults(seen: Seen, _asked: Asked) -> Told:
    """No rule any more."""
    return Told(status=204, state=without(seen.state))


def delete_fault(seen: Seen, asked: Asked) -> Told:
    """One rule less."""
    state = without(seen.state, asked.path["fault"])
    if state is seen.state:
        ids = [rule.id for rule in seen.state.faults]
        raise Refusal(404, f"there is no fault {asked.path['fault']!r}{hint_clause(asked.path['fault'], ids)}")
    return Told(status=204, state=state)
