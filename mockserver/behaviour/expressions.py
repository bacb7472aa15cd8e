"""The expressions of a document's `x-mock-*` data: JMESPath, with arithmetic and look-ups added.

Source: jmespath.org/specification.html. Functions that are given null give null, so that a missing member
makes a missing result.
"""

from __future__ import annotations

import hashlib
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeAlias

import jmespath
from jmespath import functions
from jmespath.exceptions import JMESPathError

from mockserver.behaviour.accidents import ACCIDENTS
from mockserver.behaviour.searching import search_of
from syncdyn.openapi.document import read_pointer
from syncdyn.openapi.errors import MISSING, DocumentError
from syncdyn.openapi.hints import hint_clause
from syncdyn.openapi.messages import Json

_ANY: Any = {"types": []}
_PLAIN_PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
#: Where the library tells the expression itself, with a mark below.
_QUOTED_AGAIN = re.compile(r"[,:]\s*(for expression:\s*)?[^\n]*\n\s*\^\s*$")
_PLAIN_TEXT = re.compile(r"'([^'\\]*)'")
#: An expression made ready: from a scope to a value.
_Search: TypeAlias = "Callable[[Scope], Json]"


def _nothing(*_: str) -> Json:
    return None


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression sees: `root` as its current node, and look-ups behind functions."""

    root: Mapping[str, Json]
    tables: Mapping[str, Json] = field(default_factory=dict)
    find: Callable[[str, str], Json] = _nothing
    active: Callable[[str], Json] = _nothing
    records: Callable[[Json], Json] = _nothing
    file_url: Callable[[str], Json] = _nothing
    seed: int = 0

    def evaluate(self, expression: Json) -> Json:
        """The value of an expression; what is no text stands for itself.

        Raises DocumentError for an expression that cannot be read or does not suit its data.
        """
        if not isinstance(expression, str):
            return expression
        try:
            return _compiled(expression)(self)
        except (JMESPathError, re.error, *ACCIDENTS) as error:
            told = unreadable(expression) or error
            raise DocumentError(f"the expression {expression!r} in the x-mock data: {told}") from error

    def with_values(self, expressions: Mapping[str, Json]) -> Scope:
        """The scope with more names at its root, each worked out when it is first asked for."""
        names = _Names(self.root, expressions)
        names.scope = replace(self, root=names)
        return names.scope

    def evaluate_all(self, expressions: Mapping[str, Json]) -> dict[str, Json]:
        """The values of expressions by name."""
        return {name: self.evaluate(expression) for name, expression in expressions.items()}


class _Names(Mapping[str, Json]):
    """Names with values, and names with expressions that may use all others. One that needs itself is null."""

    def __init__(self, values: Mapping[str, Json], expressions: Mapping[str, Json]) -> None:
        self._values = dict(values)
        self._expressions = expressions
        self.scope = Scope(self)

    def __getitem__(self, name: str) -> Json:
        if name not in self._values:
            expression = self._expressions[name]
            self._values[name] = None
            self._values[name] = self.scope.evaluate(expression)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._values, **self._expressions})

    def __len__(self) -> int:
        return len({**self._values, **self._expressions})


@lru_cache(maxsize=2048)
def _compiled(expression: str) -> _Search:
    """An expression made ready; names joined by dots and plain texts, which most are, by a short way."""
    if _PLAIN_PATH.fullmatch(expression):
        names = tuple(expression.split("."))
        return lambda scope: _walk(scope.root, names)
    text = _PLAIN_TEXT.fullmatch(expression)
    if text:
        return lambda _: text[1]
    parsed = jmespath.compile(expression)
    search = search_of(parsed.parsed, _Functions.FUNCTION_TABLE)
    if search is not None:
        return lambda scope: search(scope.root, _Functions(scope))
    return lambda scope: parsed.search(scope.root, jmespath.Options(custom_functions=_Functions(scope)))


def unreadable(expression: Json) -> str | None:
    """Why an expression cannot be worked out whatever it sees, in one line; None for one that can."""
    if not isinstance(expression, str):
        return None
    try:
        return next(_bad_calls(jmespath.compile(expression).parsed), None)
    except JMESPathError as error:
        # The expression itself is told by those who ask, with its place.
        return " ".join(_QUOTED_AGAIN.sub("", str(error)).split())


def literal_of(expression: Json) -> Json:
    """The value that an expression has whatever it sees; MISSING where it hangs on what it sees, or cannot be read."""
    if not isinstance(expression, str):
        return expression
    try:
        parsed = jmespath.compile(expression).parsed
    except JMESPathError:
        return MISSING
    return parsed["value"] if parsed["type"] == "literal" else MISSING


def _bad_calls(node: Json) -> Iterator[str]:
    """What is wrong with the functions that a parsed expression calls."""
    if not isinstance(node, Mapping):
        return
    if node["type"] == "function_expression":
        name, known = node["value"], _Functions.FUNCTION_TABLE
        wanted, given = known.get(name, {}).get("signature", ()), len(node["children"])
        if name not in known:
            yield f"there is no function {name!r}{hint_clause(name, known)}"
        elif given != len(wanted) and not any(one.get("variadic") for one in wanted):
            yield f"{name}() takes {len(wanted)} and is given {given}"
    for child in node["children"]:
        yield from _bad_calls(child)


def _walk(value: Json, names: tuple[str, ...]) -> Json:
    for name in names:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def _reckoned(operation: Callable[..., Json], *operands: Json) -> Json:
    """The result of an operation; null for null, and for what is beyond all bounds."""
    if any(operand is None for operand in operands):
        return None
    try:
        result = operation(*operands)
        return result if math.isfinite(result) else None
    except (OverflowError, ValueError):
        return None


def guess(seed: int, text: str, low: float, high: float) -> float:
    """A number between two, with two decimals, that depends on the seed and a text alone."""
    drawn = int.from_bytes(hashlib.sha256(f"{seed}:{text}".encode("utf-8", "replace")).digest()[:6], "big")
    return round(low + (high - low) * drawn / 2**48, 2)


class _Functions(functions.Functions):
    """The functions that JMESPath lacks. Their names are what follows `_func_`."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    @functions.signature(_ANY)
    def _func_root(self, name: Json) -> Json:
        """A name at the root, from anywhere inside a projection."""
        return self._scope.root.get(name)

    @functions.signature(_ANY, _ANY)
    def _func_find(self, collection: Json, id_: Json) -> Json:
        """A resource by its id, its facts under `facts`."""
        return self._scope.find(collection, id_) if isinstance(id_, str) else None

    @functions.signature(_ANY)
    def _func_active(self, collection: Json) -> Json:
        """How many resources of a collection are under way."""
        return self._scope.active(collection)

    @functions.signature(_ANY)
    def _func_records(self, content: Json) -> Json:
        """The values of JSON Lines."""
        return self._scope.records(content)

    @functions.signature(_ANY)
    def _func_file_url(self, name: Json) -> Json:
        """The address at which the mock serves the file of this resource."""
        return self._scope.file_url(str(name))

    @functions.signature(_ANY, _ANY)
    def _func_table(self, name: Json, key: Json) -> Json:
        """An entry of `x-mock-tables`."""
        return read_pointer(self._scope.tables, f"/{name}").get(str(key))

    @functions.signature(_ANY, _ANY)
    def _func_pick(self, choices: Json, key: Json) -> Json:
        """The member of an object that a value names."""
        return choices.get(key) if isinstance(choices, Mapping) else None

    @functions.signature(_ANY, _ANY, _ANY)
    def _func_guess(self, text: Json, low: Json, high: Json) -> Json:
        """A number that a text always leads to."""
        return guess(self._scope.seed, text, low, high) if isinstance(text, str) else None

    @functions.signature(_ANY, _ANY)
    def _func_add(self, one: Json, other: Json) -> Json:
        return _reckoned(operator.add, one, other)

    @functions.signature(_ANY, _ANY)
    def _func_subtract(self, one: Json, other: Json) -> Json:
        return _reckoned(operator.sub, one, other)

    @functions.signature(_ANY, _ANY)
    def _func_multiply(self, one: Json, other: Json) -> Json:
        return _reckoned(operator.mul, one, other)

    @functions.signature(_ANY, _ANY)
    def _func_divide(self, one: Json, other: Json) -> Json:
        return _reckoned(operator.truediv, one, other or None)

    @functions.signature({"types": ["array-number"]})
    def _func_sum(self, numbers: Json) -> Json:
        return _reckoned(sum, numbers)

    @functions.signature(_ANY, _ANY)
    def _func_rounded(self, number: Json, digits: Json) -> Json:
        return _reckoned(round, number, digits) if digits else _reckoned(round, number)

    @functions.signature(_ANY, _ANY)
    def _func_matches(self, text: Json, pattern: Json) -> Json:
        """Whether a pattern is found in a text."""
        return isinstance(text, str) and re.search(pattern, text) is not None

    @functions.signature(_ANY, _ANY)
    def _func_capture(self, text: Json, pattern: Json) -> Json:
        """The first group of a pattern in a text, or null."""
        matched = re.search(pattern, text) if isinstance(text, str) else None
        return matched.group(1) if matched else None

    @functions.signature(_ANY, _ANY, _ANY, _ANY)
    def _func_paired(self, left: Json, left_pointer: Json, right: Json, right_pointer: Json) -> Json:
        """Each item of one list with the item of another that agrees with it, as `left` and `right`."""
        known = {str(read_pointer(item, right_pointer)): item for item in right or ()}
        return [{"left": item, "right": known.get(str(read_pointer(item, left_pointer)))} for item in left or ()]
