"""The rules of a service that schemas cannot say, by name; which hold where is data (`x-mock-rules`).

Each rule is given its data and a scope, and yields a message and the place for each breach.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from mockserver.behaviour.accidents import ACCIDENTS
from mockserver.behaviour.calls import Call
from mockserver.behaviour.expressions import Scope
from mockserver.problems import Fault, Refused, fault_of
from syncdyn.openapi.coding.files import Upload
from syncdyn.openapi.coding.json_text import decode_json
from syncdyn.openapi.document import read_pointer
from syncdyn.openapi.errors import DocumentError, Violation
from syncdyn.openapi.hints import hint_clause
from syncdyn.openapi.messages import Json
from syncdyn.openapi.records import Line, numbered_lines

Data: TypeAlias = Mapping[str, Json]
#: What is wrong, and the steps to where it is, from the body.
Breach: TypeAlias = tuple[str, tuple[str | int, ...]]
Rule: TypeAlias = Callable[[Data, Scope], Iterator[Breach]]


def check_rules(known: Mapping[str, Sequence[Data]], call: Call, scope: Scope) -> None:
    """Nothing, or Refused for the first rule of a call that is broken; further breaches of its kind are told with it.

    `known` are the rules by name: a call's `rules` hold for its body, those of its `records` for each line of a part.
    """
    faults = _broken(_named(known, call.data.get("rules", ())), scope)
    stated = call.data.get("records")
    if stated is not None:
        for number, record in numbered_records(call.body.get(stated["part"])):
            body = replace(scope, root=record).evaluate(stated["body"])
            inner = replace(scope, root={**scope.root, "body": body})
            place = (stated["part"], number, *stated["body"].split("."))
            faults += _broken(_named(known, stated["rules"]), inner, place)
    if faults:
        same = [fault for fault in faults if (fault.status, fault.code) == (faults[0].status, faults[0].code)]
        messages = tuple(message for fault in same for message in fault.messages)
        violations = tuple(violation for fault in faults for violation in fault.violations)
        raise Refused(replace(faults[0], messages=messages, violations=violations))


def numbered_records(content: Json) -> list[tuple[Line, Json]]:
    """The values of JSON Lines with the numbers of their lines; the content has been checked."""
    if isinstance(content, list):
        return [(Line(number), value) for number, value in enumerate(content, 1)]
    raw = content.content if isinstance(content, Upload) else str(content or "").encode()
    return [(number, decode_json(line)) for number, line in numbered_lines(raw)]


def _named(known: Mapping[str, Sequence[Data]], names: Iterable[str]) -> Iterator[Data]:
    for name in names:
        if name not in known:
            raise DocumentError(f"x-mock-rules has no {name!r}; there is: {', '.join(known) or 'none'}")
        yield from known[name]


def _broken(rules: Iterable[Data], scope: Scope, prefix: tuple[str | int, ...] = ()) -> list[Fault]:
    """The faults of all rules that are broken, in the order of the rules.

    `prefix` leads from the request's body to that of the scope; with one, each message begins with its place.
    """
    faults = []
    for data in rules:
        if "when" in data and not scope.evaluate(data["when"]):
            continue
        name = str(data.get("rule"))
        rule = RULES.get(name)
        if rule is None:
            told = hint_clause(name, RULES) or f"; there is: {', '.join(RULES)}"
            raise DocumentError(f"no rule {name!r} in x-mock-rules{told}")
        faults += [_fault(data, breach, prefix) for breach in _breaches(rule, data, scope)]
    return faults


def _breaches(rule: Rule, data: Data, scope: Scope) -> list[Breach]:
    """The breaches of a rule. Raises DocumentError where its data lack a word or do not suit what they see."""
    try:
        return list(rule(data, scope))
    except ACCIDENTS as error:
        told = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise DocumentError(f"the rule {data['rule']!r} in x-mock-rules: {told}") from error


def _fault(data: Data, breach: Breach, prefix: tuple[str | int, ...]) -> Fault:
    message, path = breach
    violation = Violation("body", (*prefix, *path), message, str(data["rule"]))
    told = str(violation) if prefix else message
    return fault_of(data, messages=(told,), violations=(violation,))


def _refuse(data: Data, scope: Scope) -> Iterator[Breach]:
    """`if` must not be true."""
    if scope.evaluate(data["if"]):
        yield data["message"], _at(data)


def _count(data: Data, scope: Scope) -> Iterator[Breach]:
    """`of` must be `minimum` to `maximum` things."""
    number = len(scope.evaluate(data["of"]) or ())
    if not data.get("minimum", 0) <= number <= data.get("maximum", number):
        yield data["message"], _at(data)


def _unique(data: Data, scope: Scope) -> Iterator[Breach]:
    """The values `of` must differ."""
    seen: set[str] = set()
    for value in scope.evaluate(data["of"]) or ():
        if str(value) in seen:
            yield f"{data['message']}: {_shown(value)} is there twice", _at(data)
        seen.add(str(value))


def _refers(data: Data, scope: Scope) -> Iterator[Breach]:
    """Each of `each` must be one `among`; nulls are passed over."""
    known = scope.evaluate(data["among"]) or ()
    for index, value in enumerate(scope.evaluate(data["each"]) or ()):
        if value is not None and value not in known:
            yield f"{data['message']}: {_shown(value)} is unknown", (*_at(data), index)


def _exists(data: Data, scope: Scope) -> Iterator[Breach]:
    """Each of `each` must be the id of a resource `in` a collection."""
    for value in scope.evaluate(data["each"]) or ():
        if value is not None and scope.find(data["in"], value) is None:
            yield f"{data['message']}: {_shown(value)}", _at(data)


def _ordered(data: Data, scope: Scope) -> Iterator[Breach]:
    """In each of `each` the member `from` must not be more than `to`, or be less if it `is-strict`."""
    for index, item in enumerate(scope.evaluate(data["each"]) or ()):
        start, end = _ends(data, item)
        if start is None or end is None:
            continue
        if start > end or (data.get("is-strict") and start == end):
            yield (
                f"{data['message']}: number {index + 1} runs from {_figure(start)} to {_figure(end)}",
                (*_at(data), index),
            )


def _disjoint(data: Data, scope: Scope) -> Iterator[Breach]:
    """No two of `each` may overlap."""
    items = scope.evaluate(data["each"]) or ()
    spans = sorted((*_ends(data, item), index) for index, item in enumerate(items))
    furthest: Any = None
    for start, end, index in spans:
        if furthest is not None and start < furthest[0]:
            numbers = sorted((furthest[1] + 1, index + 1))
            yield f"{data['message']}: numbers {numbers[0]} and {numbers[1]} overlap", (*_at(data), index)
        if furthest is None or end > furthest[0]:
            furthest = (end, index)


def _ends(data: Data, item: Json) -> tuple[Json, Json]:
    return read_pointer(item, data["from"]), read_pointer(item, data["to"])


def _at(data: Data) -> tuple[str | int, ...]:
    return tuple(step for step in re.split(r"[./]", data.get("at", "")) if step)


def _figure(number: Json) -> str:
    try:
        return f"{number:g}"
    except OverflowError:
        return "a number beyond all bounds"


def _shown(value: Json) -> str:
    text = str(value)
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


RULES: Mapping[str, Rule] = {
    "refuse": _refuse,
    "count": _count,
    "unique": _unique,
    "refers": _refers,
    "exists": _exists,
    "ordered": _ordered,
    "disjoint": _disjoint,
}
