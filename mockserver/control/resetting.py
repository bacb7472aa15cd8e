"""Beginning anew: in all, or in parts of what the mock remembers."""

from __future__ import annotations

from dataclasses import fields, replace

from mockserver.control.seeing import Asked, Seen, Told
from mockserver.state import State

#: Which fields of the state are of which part; the journal is none of them, and `state` is all others.
_PARTS = {
    "clock": ("pace",),
    "faults": ("faults", "faults_made"),
    "webhooks": ("subscribers", "posted", "posted_made"),
}


def reset(seen: Seen, asked: Asked) -> Told:
    """Nothing; what was asked for is as it was at the start."""
    only = asked.query.get("only") or ["journal", "state", *_PARTS]
    names = [name for part in only if part != "journal" for name in _fields_of(part)]
    pace = seen.first_pace if "clock" in only else seen.state.pace
    fresh = replace(seen.initial_state(pace.at(seen.real)), pace=pace)
    state = replace(seen.state, **{name: getattr(fresh, name) for name in names})
    return Told(status=204, state=state, forgets="journal" in only)


def _fields_of(part: str) -> tuple[str, ...]:
    if part != "state":
        return _PARTS[part]
    others = {name for names in _PARTS.values() for name in names}
    return tuple(each.name for each in fields(State) if each.name not in others)
