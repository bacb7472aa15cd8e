"""The rules of faults in the state: added and taken away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count

from mockserver.fault_rules import Rule
from mockserver.faults.reading import BadRules, Known, read_rules
from mockserver.state import State
from syncdyn.openapi.hints import quoted
from syncdyn.openapi.messages import Json


def added(state: State, stated: Sequence[Json], known: Known, place: str = "faults") -> tuple[State, tuple[Rule, ...]]:
    """The state with rules more, and these. Raises BadRules with every mistake in them."""
    taken = {rule.id for rule in state.faults}
    ids = (name for number in count(state.faults_made + 1) if (name := f"fault-{number}") not in taken)
    rules = read_rules(stated, known, ids, place)
    doubled = [f"{place}: the id {quoted(rule.id)} is taken" for rule in rules if rule.id in taken]
    if doubled:
        raise BadRules(doubled)
    return with_rules(state, rules), rules


def with_rules(state: State, rules: Iterable[Rule]) -> State:
    """The state with rules more, each in the place of one with its id."""
    new = {rule.id: rule for rule in rules}
    if not new:
        return state
    kept = tuple(rule for rule in state.faults if rule.id not in new)
    return replace(state, faults=(*kept, *new.values()), faults_made=state.faults_made + len(new))


def without(state: State, id_: str | None = None) -> State:
    """The state without a rule, or without any; the same where there is no such rule."""
    kept = tuple(rule for rule in state.faults if id_ is not None and rule.id != id_)
    return state if len(kept) == len(state.faults) else replace(state, faults=kept)
