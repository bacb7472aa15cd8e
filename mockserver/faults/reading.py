"""What somebody wrote of a fault, in JSON, YAML or Python's keywords -> a rule, or all that is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.errors import MockError
from mockserver.fault_rules import ANSWER_DEEDS, ANY, WEBHOOK_DEEDS, Rule
from syncdyn.openapi.catalogue import callbacks
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import UnknownOperation
from syncdyn.openapi.hints import hint_clause, json_kind, quoted
from syncdyn.openapi.messages import OBJECT, TOKEN, Json

#: `from` is a word of Python's own.
_SYNONYMS = {"from": "since", "from_": "since"}
_WHEN = ("query", "headers", "body")


class BadRules(MockError):
    """A rule of faults cannot be followed; `faults` are all the reasons, each with its place."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True, slots=True)
class Known:
    """What rules may name: `find` gives the key of an operation or raises UnknownOperation, `webhooks` all names."""

    find: Callable[[str], str]
    webhooks: Callable[[], Iterable[str]]


def known_of(contract: Contract) -> Known:
    """What a document has that rules may name."""
    return Known(lambda name: contract.operations[name].key, lambda: [*contract.webhooks, *_callback_names(contract)])


def _callback_names(contract: Contract) -> Iterator[str]:
    for key in contract.operations:
        yield from (one.name for one in callbacks(contract.document, contract.operations[key]))


def read_rules(stated: Iterable[Json], known: Known, ids: Iterator[str], place: str = "faults") -> tuple[Rule, ...]:
    """The rules, in order; those without an `id` get one of `ids`. Raises BadRules with every mistake of all."""
    rules: list[Rule] = []
    mistakes: list[str] = []
    for index, one in enumerate(stated):
        try:
            rules.append(_read_rule(one, known, ids, f"{place}[{index}]"))
        except BadRules as error:
            mistakes += error.faults
    taken: set[str] = set()
    for rule in rules:
        if rule.id in taken:
            mistakes.append(f"{place}: the id {quoted(rule.id)} is there twice")
        taken.add(rule.id)
    if mistakes:
        raise BadRules(mistakes)
    return tuple(rules)


def _read_rule(stated: Json, known: Known, ids: Iterator[str], place: str) -> Rule:
    """The rule that is stated. Raises BadRules with every mistake."""
    if not isinstance(stated, OBJECT):
        raise BadRules([f"{place}: {json_kind(stated)} is no rule; a rule is an object such as {{status: 503}}"])
    values: dict[str, Any] = {}
    mistakes: list[str] = []
    for word, value in stated.items():
        name = _SYNONYMS.get(word, str(word))
        reader = _READERS.get(name)
        if reader is None:
            mistakes.append(f"{place}.{word}: no such word{hint_clause(word, _READERS)}")
            continue
        try:
            values[name] = reader(value)
        except ValueError as error:
            mistakes.append(f"{place}.{word}: {error}")
    mistakes += (f"{place}{told}" for told in _unfit(values, known, has_mistakes=bool(mistakes)))
    if mistakes:
        raise BadRules(mistakes)
    if "operation" in values:
        values["operation"] = known.find(values["operation"])
    return Rule(**{"id": values.get("id") or next(ids), **values})


def told(rule: Rule) -> dict[str, Json]:
    """A rule in the words it was written in, with its counts."""
    words: dict[str, Json] = {"id": rule.id}
    for name in _READERS:
        value = getattr(rule, name)
        if value is not None and value not in ((), "", {}):
            words[name] = _plain(name, value)
    return {**words, "seen": rule.seen, "struck": rule.struck}


def _plain(name: str, value: Json) -> Json:
    if name in ("nth", "do", "latency"):
        return value[0] if len(set(value)) == 1 else list(value)
    return dict(value) if isinstance(value, Mapping) and name != "body" else value


def _unfit(values: Mapping[str, Any], known: Known, *, has_mistakes: bool) -> Iterator[str]:
    """What is wrong with words that are right each by itself."""
    yield from _unknown_names(values, known)
    deeds = values.get("do", ())
    of_webhook = "webhook" in values
    fitting, others = (WEBHOOK_DEEDS, ANSWER_DEEDS) if of_webhook else (ANSWER_DEEDS, WEBHOOK_DEEDS)
    for deed in deeds:
        if deed in others:
            instead = "answers: leave `webhook` out" if of_webhook else "webhooks: name a `webhook`"
            yield f".do: {deed!r} is for {instead}"
        elif deed not in fitting:
            yield f".do: {quoted(deed)} is not one of {', '.join(fitting)}{hint_clause(deed, (*fitting, *others))}"
    if of_webhook:
        foreign = [name for name in _OF_ANSWERS if name in values]
        if foreign:
            yield f": {', '.join(foreign)} cannot be said of a webhook"
    elif not has_mistakes and not any(name in values for name in _DOING):
        yield f": it says nothing of what happens; that is one of {', '.join(_DOING)}"
    if of_webhook and not has_mistakes and not deeds:
        yield f": it says nothing of what happens: `do` is one or several of {', '.join(WEBHOOK_DEEDS)}"


def _unknown_names(values: Mapping[str, Any], known: Known) -> Iterator[str]:
    if "operation" in values:
        try:
            known.find(values["operation"])
        except UnknownOperation as error:
            yield f".operation: {error}"
    webhook = values.get("webhook", ANY)
    if webhook != ANY:
        names = list(known.webhooks())
        if webhook not in names:
            there = f"; there is: {', '.join(names[:20])}" if names else "; the document has none"
            yield f".webhook: no webhook {quoted(webhook)}{hint_clause(webhook, names) or there}"


def _text(value: Json) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{json_kind(value)} where a text is needed")
    return value


def _method(value: Json) -> str:
    if not isinstance(value, str) or not TOKEN.fullmatch(value):
        raise ValueError(f"{quoted(value)} is no method")
    return value.upper()


def _path(value: Json) -> str:
    if not isinstance(value, str) or not value.startswith(("/", ANY)):
        raise ValueError(f"{quoted(value)} is no path: it begins with a slash, and may have {{id}}, * and **")
    return value


def _count(value: Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{quoted(value)} is not a whole number from 1 on")
    return value


def _counts(value: Json) -> tuple[int, ...]:
    return tuple(map(_count, value)) if isinstance(value, list | tuple) and value else (_count(value),)


def _number(value: Json, most: float = math.inf) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= most or value == math.inf:
        raise ValueError(f"{quoted(value)} is not a number from 0{'' if most == math.inf else f' to {most:g}'}")
    return value


def _probability(value: Json) -> float:
    return _number(value, 1)


def _speed(value: Json) -> float:
    if _number(value) == 0:
        raise ValueError("at 0 bytes per second nothing would ever arrive")
    return float(value)


def _status(value: Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 200 <= value <= 599:
        raise ValueError(f"{quoted(value)} is not a status from 200 to 599")
    return value


def _latency(value: Json) -> tuple[float, float]:
    if isinstance(value, list | tuple):
        if len(value) != 2 or _number(value[0]) > _number(value[1]):
            raise ValueError(f"{value!r} is no range; a range is [least, most], in seconds")
        return (value[0], value[1])
    return (_number(value), value)


def _retry_after(value: Json) -> str:
    if isinstance(value, str) and value and value.isprintable():
        return value
    return f"{math.ceil(_number(value))}"


def _headers(value: Json) -> Mapping[str, str]:
    if not isinstance(value, OBJECT):
        raise ValueError(f"{json_kind(value)} where an object of names and texts is needed")
    wrong = [name for name in value if not TOKEN.fullmatch(str(name))]
    if wrong:
        raise ValueError(f"{', '.join(map(quoted, wrong))} cannot be the name of a header field")
    return {str(name): one if isinstance(one, str) else encode_json(one) for name, one in value.items()}


def _when(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, OBJECT):
        raise ValueError(f"{json_kind(value)} where an object with {', '.join(_WHEN)} is needed")
    for name in value:
        if name not in _WHEN:
            raise ValueError(f"no such word {quoted(name)}; there is: {', '.join(_WHEN)}{hint_clause(name, _WHEN)}")
        if name != "body" and not isinstance(value[name], OBJECT):
            raise ValueError(f"{name}: {json_kind(value[name])} where an object of names and texts is needed")
    return dict(value)


def _deeds(value: Json) -> tuple[str, ...]:
    deeds = (value,) if isinstance(value, str) else value
    if not isinstance(deeds, list | tuple) or not deeds or not all(isinstance(deed, str) for deed in deeds):
        raise ValueError(f"{json_kind(value)} where a word or a list of words is needed")
    return tuple(deed.replace("-", "_").replace(" ", "_") for deed in deeds)


def _any(value: Json) -> Json:
    return value


_READERS: Mapping[str, Callable[[Json], Json]] = {
    "id": _text,
    "name": _text,
    "comment": _text,
    "operation": _text,
    "method": _method,
    "path": _path,
    "when": _when,
    "webhook": _text,
    "nth": _counts,
    "every": _count,
    "first": _count,
    "since": _count,
    "probability": _probability,
    "times": _count,
    "status": _status,
    "body": _any,
    "headers": _headers,
    "retry_after": _retry_after,
    "retry_after_date": _number,
    "latency": _latency,
    "bytes_per_second": _speed,
    "do": _deeds,
}
#: The words that say what happens to an answer, and those that are of answers alone.
_DOING = ("status", "body", "headers", "retry_after", "retry_after_date", "latency", "bytes_per_second", "do")
_OF_ANSWERS = ("operation", "method", "path", "when", *(name for name in _DOING if name not in ("latency", "do")))
