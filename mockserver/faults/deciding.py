"""Which rules strike a request: a pure function of the rules with their counts, the request and the seed."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from mockserver.fault_rules import ANY, Rule
from syncdyn.openapi.messages import OBJECT, Json, Request

if TYPE_CHECKING:
    from collections.abc import Callable

_PIECE = re.compile(r"\{[^{}]*\}|\*\*|\*")


@dataclass(frozen=True)
class Seen:
    """A request as rules see it; `operation` and `template` are the key and the path of the operation it is for."""

    request: Request
    operation: str | None = None
    template: str | None = None

    @cached_property
    def path(self) -> str:
        return unquote(urlsplit(self.request.url).path) or "/"

    @cached_property
    def query(self) -> Mapping[str, str]:
        return dict(parse_qsl(urlsplit(self.request.url).query, keep_blank_values=True))

    @cached_property
    def body(self) -> Json:
        body = self.request.body
        try:
            return json.loads(body) if isinstance(body, bytes) else None
        except (ValueError, RecursionError):
            return None


def decide(rules: tuple[Rule, ...], seen: Seen, seed: int) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """The rules with their counts moved on, and those that strike this request, in order."""
    return _counted(rules, lambda rule: rule.webhook is None and _is_for(rule, seen), seed)


def decide_webhook(rules: tuple[Rule, ...], name: str, seed: int) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """The same for a webhook that is about to be sent."""
    return _counted(rules, lambda rule: rule.webhook in (name, ANY), seed)


def _counted(
    rules: tuple[Rule, ...], is_for: Callable[[Rule], bool], seed: int
) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    moved = {rule.id: _moved(rule, seed) for rule in rules if is_for(rule)}
    if not moved:
        return rules, ()
    struck = tuple(moved[rule.id] for rule in rules if rule.id in moved and moved[rule.id].struck > rule.struck)
    return tuple(moved.get(rule.id, rule) for rule in rules), struck


def _moved(rule: Rule, seed: int) -> Rule:
    seen = rule.seen + 1
    return replace(rule, seen=seen, struck=rule.struck + _strikes(rule, seen, seed))


def _strikes(rule: Rule, number: int, seed: int) -> bool:
    """Whether a rule strikes the request of this number, from 1, among those that it is for."""
    return (
        (not rule.nth or number in rule.nth)
        and (rule.every is None or number % rule.every == 0)
        and (rule.first is None or number <= rule.first)
        and (rule.since is None or number >= rule.since)
        and (rule.times is None or rule.struck < rule.times)
        and (rule.probability is None or random.Random(f"{seed}|{rule.id}|{number}").random() < rule.probability)
    )


def _is_for(rule: Rule, seen: Seen) -> bool:
    return (
        (rule.operation is None or rule.operation == seen.operation)
        and (rule.method is None or rule.method == seen.request.method)
        and (rule.path is None or rule.path == seen.template or _pattern(rule.path).fullmatch(seen.path) is not None)
        and (not rule.when or _holds(rule.when, seen))
    )


@lru_cache(maxsize=256)
def _pattern(path: str) -> re.Pattern[str]:
    """A path with `{id}` or `*` for a step and `**` for any number of them."""
    pieces, place = [], 0
    for found in _PIECE.finditer(path):
        pieces += [re.escape(path[place : found.start()]), ".*" if found[0] == "**" else "[^/]+"]
        place = found.end()
    return re.compile("".join([*pieces, re.escape(path[place:])]), re.DOTALL)


def _holds(when: Mapping[str, Json], seen: Seen) -> bool:
    query, headers = when.get("query", {}), when.get("headers", {})
    return (
        all(_is_text(seen.query.get(name), value) for name, value in query.items())
        and all(_is_text(seen.request.headers.get(name), value) for name, value in headers.items())
        and ("body" not in when or _is_part(when["body"], seen.body))
    )


def _is_text(found: str | None, wanted: Json) -> bool:
    """Whether a text is the one wanted: a number or true as JSON writes it, `*` for any, null for none."""
    if wanted is None or found is None:
        return wanted is None and found is None
    return wanted == ANY or found == (wanted if isinstance(wanted, str) else json.dumps(wanted))


def _is_part(wanted: Json, found: Json) -> bool:
    """Whether a value has all that is wanted: an object each of its members, anything else the whole."""
    if isinstance(wanted, OBJECT):
        return isinstance(found, OBJECT) and all(
            name in found and _is_part(value, found[name]) for name, value in wanted.items()
        )
    return bool(wanted == found) and isinstance(wanted, bool) == isinstance(found, bool)
