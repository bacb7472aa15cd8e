"""The words of `x-mock` data and what each is to be, declared once; what they do is told in the package's words."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.behaviour.describing import (
    Anything,
    ByWord,
    Expression,
    ListOf,
    MapOf,
    Meaning,
    Name,
    Number,
    OneOf,
    OneOrList,
    Plain,
    Words,
)
from mockserver.behaviour.inference import ACTIONS
from mockserver.behaviour.listing import TESTS
from mockserver.behaviour.occasions import CHANGED, CREATED, DELETED
from mockserver.behaviour.paths import form_of_path
from mockserver.behaviour.rules import RULES
from mockserver.behaviour.wanted import EXTENSION

#: The sorts of names.
COLLECTION, OUTCOME, RULE, PARAMETER = "collection", "outcome", "rule", "path parameter"

_ANY, _TEXT, _FLAG, _OBJECT = Anything(), Plain("a text"), Plain("true or false"), Plain("an object")
_EXPRESSION, _STATUS, _AMOUNT = Expression(), Number(100, 599, is_whole=True), Number()
_MEMBERS = MapOf(_EXPRESSION)
_COLLECTION = Name(COLLECTION, form_of_path)
_OUTCOME, _RULES_NAMED = Name(OUTCOME), ListOf(Name(RULE))

_OF_FAULT: Mapping[str, Meaning] = {"status": _STATUS, "message": _TEXT, "code": _ANY, "reason": _FLAG}
_FAULT = Words(_OF_FAULT)


def _rule(needed: tuple[str, ...], **more: Meaning) -> Words:
    known = {**_OF_FAULT, "rule": _TEXT, "when": _EXPRESSION, "at": _TEXT}
    return Words({**known, **dict.fromkeys(needed, _EXPRESSION), **more}, (*needed, "message"))


_ENDS = {"from": _TEXT, "to": _TEXT}
_WORDS_OF_RULES: Mapping[str, Words] = {
    "refuse": _rule(("if",)),
    "count": _rule(("of",), minimum=_AMOUNT, maximum=_AMOUNT),
    "unique": _rule(("of",)),
    "refers": _rule(("each", "among")),
    "exists": _rule(("each", "in"), **{"in": _COLLECTION}),
    "ordered": _rule(("each", "from", "to"), **_ENDS, **{"is-strict": _FLAG}),
    "disjoint": _rule(("each", "from", "to"), **_ENDS),
}
assert _WORDS_OF_RULES.keys() == RULES.keys()

_STAGE = Words({"after": _AMOUNT, "set": _MEMBERS}, ("after", "set"))
_CHILDREN: Mapping[str, Meaning] = {
    "collection": _COLLECTION,
    "records": _EXPRESSION,
    "body": _EXPRESSION,
    "spread": ListOf(_AMOUNT, 2),
    "outcomes": MapOf(_TEXT),
}
_TALLY: Mapping[str, Meaning] = {"member": _TEXT, "state": _TEXT, "all": _TEXT, "counts": MapOf(ListOf(_ANY))}
_FILE: Mapping[str, Meaning] = {"when": _EXPRESSION, "clip": _EXPRESSION, "lines": _MEMBERS, "content-type": _TEXT}
_END_WEBHOOK: Mapping[str, Meaning] = {
    "name": _TEXT,
    "url": _EXPRESSION,
    "outcomes": ListOf(_OUTCOME),
    "members": _MEMBERS,
    "kept": ListOf(_TEXT),
}
OF_COLLECTION = Words(
    {
        **dict.fromkeys(("id", "identifier"), _TEXT),
        **dict.fromkeys(("members", "optional-members", "facts"), _MEMBERS),
        "unknown": _FAULT,
        "kept-facts": ListOf(_TEXT),
        "outcomes": MapOf(ListOf(_STAGE)),
        "default-outcome": _OUTCOME,
        "outcome-when": ListOf(Words({"when": _EXPRESSION, "outcome": _OUTCOME}, ("when", "outcome"))),
        "seeded": ListOf(_OBJECT),
        "children": Words(_CHILDREN, ("collection", "records", "body")),
        "tally": Words(_TALLY, tuple(_TALLY)),
        "file": Words(_FILE, ("when", "content-type")),
        "webhook": Words(_END_WEBHOOK, ("name", "url", "outcomes")),
    }
)

_LIMIT: Mapping[str, Meaning] = {
    **_OF_FAULT,
    "when": _EXPRESSION,
    "retry-after": _EXPRESSION,
    "members": _MEMBERS,
    "also-instead": _FLAG,
}
_RECORDS: Mapping[str, Meaning] = {"part": _TEXT, "body": _EXPRESSION, "rules": _RULES_NAMED}
_PART = Words({"kind": _ANY, "item": _OBJECT}, ("kind", "item"))
_UPLOADS: Mapping[str, Meaning] = {
    **dict.fromkeys(("into", "kind", "reference"), _TEXT),
    "collection": _COLLECTION,
    "parts": MapOf(_PART),
}
_INSTEAD: Mapping[str, Meaning] = {"when": _EXPRESSION, "status": _STATUS, "answer": _EXPRESSION}
_IDEMPOTENCY: Mapping[str, Meaning] = {
    **dict.fromkeys(("header", "replayed-header"), _TEXT),
    **dict.fromkeys(("invalid", "conflict"), _FAULT),
}
IDEMPOTENCY = Words({**_IDEMPOTENCY, "retention-seconds": _AMOUNT}, tuple(_IDEMPOTENCY))
_FILTER: Mapping[str, Meaning] = {"parameter": _TEXT, "member": _TEXT, "test": OneOf(TESTS), "value": _ANY}
_SORT: Mapping[str, Meaning] = {
    **dict.fromkeys(("parameter", "direction", "default"), _TEXT),
    "orders": MapOf(ListOf(_TEXT, 2)),
    "members": MapOf(_TEXT),
}
_PAGE: Mapping[str, Meaning] = {
    **dict.fromkeys(("limit", "offset", "number", "cursor", "after", "before", "items", "next", "total"), _TEXT),
    "default-limit": Number(1, is_whole=True),
}
OF_OPERATION = Words(
    {
        **dict.fromkeys(ACTIONS, _COLLECTION),
        **dict.fromkeys(("compute", "requires", "answer"), _EXPRESSION),
        **dict.fromkeys(("single", "is-still"), _FLAG),
        "by": Name(PARAMETER),
        "by-member": _TEXT,
        "how": OneOf(("merge", "replace")),
        "facts-of": _COLLECTION,
        "status": _STATUS,
        "otherwise": _FAULT,
        "set": _MEMBERS,
        "rules": _RULES_NAMED,
        "limits": ListOf(Words(_LIMIT, ("when",))),
        "records": Words(_RECORDS, tuple(_RECORDS)),
        "uploads": Words(_UPLOADS, tuple(_UPLOADS)),
        "instead": Words(_INSTEAD, tuple(_INSTEAD)),
        "idempotency": IDEMPOTENCY,
        "filters": ListOf(Words(_FILTER, ("member", "test"))),
        "sort": Words(_SORT),
        "page": Words(_PAGE, ("default-limit",)),
    }
)
#: What goes with an action on a collection that is there by name alone.
NEEDED_BY_NAME: Mapping[str, tuple[str, ...]] = dict.fromkeys(("read", "update", "upsert", "delete", "act"), ("by",))
NEEDED_OF_PAGES = ("limit", "cursor", "items", "next", "total")

_WEBHOOK = Words(
    {
        "on": OneOrList(OneOf((CREATED, CHANGED, DELETED))),
        "collection": _COLLECTION,
        "url": _EXPRESSION,
        "when": _EXPRESSION,
        "after": _AMOUNT,
        "members": _MEMBERS,
        "kept": ListOf(_TEXT),
    }
)
_CODE: Mapping[str, Meaning] = {
    **dict.fromkeys(("keyword", "location", "name"), OneOrList(_ANY)),
    "status": _STATUS,
    "code": _ANY,
}
_CODES = ListOf(Words(_CODE))
_RATE = Words({**_OF_FAULT, "bucket": _TEXT, "per-minute": _AMOUNT})
_ERRORS: Mapping[str, Meaning] = {
    "invalid-status": _STATUS,
    "body": MapOf(OneOf(("status", "message", "code", "reason"))),
    "line-member": _TEXT,
    "codes": _CODES,
}
#: What stands in a document's root, in operations, and in webhooks.
AT_ROOT: Mapping[str, Meaning] = {
    "x-mock-collections": _OBJECT,  # each of them is looked at by itself
    "x-mock-rules": MapOf(ListOf(ByWord("rule", _WORDS_OF_RULES))),
    "x-mock-errors": Words(_ERRORS),
    "x-mock-plans": MapOf(_OBJECT),
    "x-mock-rate": _RATE,
    "x-mock-security": Words({"refused": ListOf(_TEXT), "missing": _FAULT, "wrong": _FAULT}),
    "x-mock-tables": _OBJECT,
    "x-mock-variants": _OBJECT,
    "x-mock-state": _FLAG,
    "x-mock-webhooks": Words({"retry-after": ListOf(_AMOUNT)}),
}
AT_OPERATION: Mapping[str, Meaning] = {
    "x-mock": OF_OPERATION,
    EXTENSION: _WEBHOOK,
    "x-mock-codes": _CODES,
    "x-mock-rate": _RATE,
    "x-mock-state": _FLAG,
    "x-mock-stream": Words({"when": _TEXT}),
}
