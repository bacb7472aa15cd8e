"""YAML text -> JSON values, by the core schema of YAML 1.2, in bounded depth, size and time.

PyYAML reads the text into events; the values are built from them here, because PyYAML's own
constructor follows YAML 1.1 (where `no` is false and 12:30 is 750) and recurses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from syncdyn.openapi.opening.places import fault_after, fault_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syncdyn.openapi.errors import DocumentError
    from syncdyn.openapi.messages import Json

MAX_DEPTH = 500
#: Values after the expansion of aliases; long texts count as several.
MAX_VALUES = 5_000_000
_CHARACTERS_PER_VALUE = 32
_MOST_DIGITS = 4000

_CONSTANTS: dict[str, Json] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((f"{sign}.{word}" for sign in ("", "+") for word in ("inf", "Inf", "INF")), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_NUMBER_STARTS = frozenset("+-.0123456789")
_INTEGERS = ((re.compile(r"[-+]?[0-9]+"), 10), (re.compile(r"0o[0-7]+"), 8), (re.compile(r"0x[0-9a-fA-F]+"), 16))
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_KEY_SPELLINGS: dict[Json, str] = {None: "null", True: "true", False: "false"}

_TAG = "tag:yaml.org,2002:"
#: What a scalar with an explicit tag may be; texts stay as they are written.
_TEXT_TAGS = frozenset({"!", f"{_TAG}str", f"{_TAG}timestamp", f"{_TAG}binary"})
_TYPED_TAGS: dict[str, tuple[type, ...]] = {
    f"{_TAG}null": (type(None),),
    f"{_TAG}bool": (bool,),
    f"{_TAG}int": (int,),
    f"{_TAG}float": (float, int),
}
_COLLECTION_TAGS = frozenset({None, "!", f"{_TAG}map", f"{_TAG}seq"})

_MERGE: Final = "<<"


def read_yaml(text: str, label: str, *, loader: Any = None) -> Json:
    """The value of the one YAML document in a text; None for a text without any.

    Keys become strings: `200` is "200", `true` is "true". Merge keys are followed; the last of
    equal keys wins. `loader` is the PyYAML class that reads, its C one where there is one.
    Raises DocumentError, with the place, for faults of syntax, foreign tags, circular aliases,
    and for what passes MAX_DEPTH or MAX_VALUES.
    Source: YAML 1.2.2, section 10.3; the merge key of yaml.org/type/merge.html.
    """
    import yaml

    builder = _Builder(label, text)
    try:
        for event in yaml.parse(text, Loader=loader or getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = ", ".join(str(part) for part in (error.context, error.problem) if part)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        # The fault may be told of the line after the last.
        if any(one[column - 1 :].startswith("\t") for one in text.split("\n")[line - 1 : line]):
            problem = "a tab, where YAML wants spaces"
        raise fault_at(label, text, line, column, problem) from None
    except yaml.reader.ReaderError as error:
        raise fault_after(label, text, _index(text, error), f"{error.reason}") from None
    return builder.root


def _index(text: str, error: Any) -> int:
    # The C reader counts bytes of UTF-8, the other one characters.
    position: int = error.position
    return len(text.encode()[:position].decode(errors="ignore")) if error.encoding == "?" else position


@dataclass(slots=True)
class _Open:
    """A collection that has begun; `key` is what the next value belongs to, `height` the nesting inside."""

    value: Any
    anchor: str | None
    values_before: int
    key: str | None = None
    is_merge: bool = False
    merged: list[dict[str, Json]] = field(default_factory=list)
    height: int = 1


@dataclass(frozen=True, slots=True)
class _Anchored:
    value: Json
    key: str | None
    values: int
    height: int


class _Builder:
    """Makes one value of YAML events; a stack of its own stands in for recursion."""

    def __init__(self, label: str, text: str) -> None:
        self.root: Json = None
        self._label = label
        self._text = text
        self._stack: list[_Open] = []
        self._anchors: dict[str, _Anchored | None] = {}
        self._values = 0
        self._documents = 0
        self._takers = {
            "ScalarEvent": self._scalar,
            "AliasEvent": self._alias,
            "MappingStartEvent": self._mapping,
            "SequenceStartEvent": self._sequence,
            "MappingEndEvent": self._end,
            "SequenceEndEvent": self._end,
            "DocumentStartEvent": self._document,
        }

    def take(self, event: Any) -> None:
        """One event more."""
        taker = self._takers.get(type(event).__name__)
        if taker is not None:
            taker(event)

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self._fault(event, "a second YAML document begins here; one file holds one document")

    def _scalar(self, event: Any) -> None:
        text = event.value
        cost = 1 + len(text) // _CHARACTERS_PER_VALUE
        self._count(event, cost)
        is_plain = event.tag is None and event.implicit[0]
        value = self._plain(event, text) if is_plain else self._tagged(event, text)
        # A number is spelt as a key the way it was written: 1.10 is the name "1.10", not "1.1".
        key = _KEY_SPELLINGS[value] if value is None or isinstance(value, bool) else text
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(value, key, cost, 0)
        self._add(event, value, key, 0, is_merge=is_plain and text == _MERGE)

    def _plain(self, event: Any, text: str) -> Json:
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if text[0] not in _NUMBER_STARTS:
            return text
        for pattern, base in _INTEGERS:
            if pattern.fullmatch(text):
                if len(text) > _MOST_DIGITS:
                    raise self._fault(event, f"a number of {len(text)} digits; {_MOST_DIGITS} are allowed")
                return int(text, base)
        return float(text) if _FLOAT.fullmatch(text) else text

    def _tagged(self, event: Any, text: str) -> Json:
        if event.tag is None or event.tag in _TEXT_TAGS:
            return text
        types = _TYPED_TAGS.get(event.tag)
        if types is None:
            raise self._fault(event, f"the tag {event.tag!r} has no meaning in JSON; leave it out")
        value = self._plain(event, text)
        if type(value) not in types:
            raise self._fault(event, f"{text[:40]!r} does not fit its tag {event.tag!r}")
        return float(value) if types[0] is float else value

    def _mapping(self, event: Any) -> None:
        self._begin(event, {})

    def _sequence(self, event: Any) -> None:
        self._begin(event, [])

    def _begin(self, event: Any, value: Any) -> None:
        if event.tag not in _COLLECTION_TAGS:
            raise self._fault(event, f"the tag {event.tag!r} has no meaning in JSON; leave it out")
        self._check_depth(event, len(self._stack) + 1)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._stack.append(_Open(value, event.anchor, self._values))
        self._count(event, 1)

    def _end(self, event: Any) -> None:
        done = self._stack.pop()
        if done.merged:
            own, done.value = done.value, {}
            for part in (*reversed(done.merged), own):
                done.value.update(part)
        if done.anchor:
            values = self._values - done.values_before
            self._anchors[done.anchor] = _Anchored(done.value, None, values, done.height)
        self._add(event, done.value, None, done.height)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            raise self._fault(event, f"the alias *{event.anchor} has no anchor &{event.anchor} before it")
        anchored = self._anchors[event.anchor]
        if anchored is None:
            raise self._fault(event, f"the alias *{event.anchor} stands inside what it names, a circle")
        self._count(event, anchored.values)
        self._check_depth(event, len(self._stack) + anchored.height)
        self._add(event, anchored.value, anchored.key, anchored.height)

    def _add(self, event: Any, value: Json, key: str | None, height: int, *, is_merge: bool = False) -> None:
        if not self._stack:
            self.root = value
            return
        top = self._stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.key is None:
            if key is None:
                raise self._fault(event, "a key must be a plain value, this one is a collection")
            top.key, top.is_merge = key, is_merge
            return
        elif top.is_merge:
            top.merged.extend(self._mergeable(event, value))
            top.key = None
        else:
            top.value[top.key] = value
            top.key = None
        top.height = max(top.height, height + 1)

    def _mergeable(self, event: Any, value: Json) -> Iterator[dict[str, Json]]:
        for part in value if isinstance(value, list) else [value]:
            if not isinstance(part, dict):
                raise self._fault(event, "the merge key `<<` takes a mapping, or a list of mappings")
            yield part

    def _count(self, event: Any, values: int) -> None:
        self._values += values
        if self._values > MAX_VALUES:
            raise self._fault(event, f"more than {MAX_VALUES:,} values once the aliases are expanded")

    def _check_depth(self, event: Any, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise self._fault(event, f"nested deeper than {MAX_DEPTH} levels")

    def _fault(self, event: Any, problem: str) -> DocumentError:
        mark = event.start_mark
        return fault_at(self._label, self._text, mark.line + 1, mark.column + 1, problem)
