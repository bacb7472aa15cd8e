"""How one parameter is read from a request and checked: worked out once, before any request comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import unquote, unquote_plus

from syncdyn.openapi.checking.values import below
from syncdyn.openapi.coding import styles
from syncdyn.openapi.coding.querystrings import decode_querystring
from syncdyn.openapi.coding.texts import decode_several, decode_text, may_be
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.messages import Headers, Json, Pairs
from syncdyn.openapi.operations import Parameter
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.shapes import Shape


class Sent:
    """What the parameters of one request are read from; query and cookies are split when first asked for, once."""

    __slots__ = ("_cookies", "_pairs", "_texts", "headers", "path_values", "query")

    def __init__(self, query: str, headers: Headers, path_values: Mapping[str, str]) -> None:
        self.query = query
        self.headers = headers
        self.path_values = path_values
        self._pairs: Pairs | None = None
        self._texts: dict[str, list[str]] | None = None
        self._cookies: Pairs | None = None

    @property
    def pairs(self) -> Pairs:
        """The pairs of the query, still percent-encoded."""
        if self._pairs is None:
            self._pairs = styles.split_query(self.query) if self.query else ()
        return self._pairs

    @property
    def texts(self) -> Mapping[str, list[str]]:
        """The texts of the query by name, decoded."""
        if self._texts is None:
            self._texts = {}
            for name, text in self.pairs:
                self._texts.setdefault(unquote_plus(name), []).append(unquote_plus(text))
        return self._texts

    @property
    def cookies(self) -> Pairs:
        """The pairs of the Cookie field, still percent-encoded."""
        if self._cookies is None:
            self._cookies = styles.split_cookies(self.headers.get("cookie", ""))
        return self._cookies


#: Takes the value of one parameter; MISSING where it was not sent.
Take = Callable[[Sent], Json]


class ParameterReader:
    """Reads and checks one parameter. `key` is its location and name."""

    __slots__ = ("_contract", "_is_valid", "_parameter", "key", "take")

    def __init__(self, contract: Contract, parameter: Parameter) -> None:
        self._contract = contract
        self._parameter = parameter
        self._is_valid: Callable[[Json], bool] | None = None
        self.key = (parameter.location, parameter.name)
        self.take: Take = _TAKERS.get(parameter.location, _from_cookies)(parameter, contract.shape(parameter.schema))

    def violations(self, value: Json) -> tuple[Violation, ...]:
        """What is wrong with a value; MISSING stands for a parameter that was not sent."""
        if value is MISSING and not self._parameter.is_required:
            return ()
        if self._is_valid is None:
            self._is_valid = self._validity()
        return () if self._is_valid(value) else check_parameter(self._contract, self._parameter, value)

    def _validity(self) -> Callable[[Json], bool]:
        """What tells at once that nothing is wrong with a value that was sent; made with the first."""
        schema = self._parameter.schema
        if schema is None:
            return lambda value: value is not MISSING
        is_valid = self._contract.schemas.validator(schema, Direction.REQUEST).is_valid
        return lambda value: value is not MISSING and is_valid(value)


def check_parameter(contract: Contract, parameter: Parameter, value: Json) -> tuple[Violation, ...]:
    """The violations of one parameter's value; MISSING stands for a parameter that was not given."""
    if value is MISSING:
        if not parameter.is_required:
            return ()
        return (Violation(parameter.location, (parameter.name,), "missing (required)", "required"),)
    if parameter.schema is None or (parameter.allow_empty_value and value in ("", None)):
        return ()
    found = contract.schemas.violations(parameter.schema, value, Direction.REQUEST, parameter.location)
    return tuple(below(parameter.name, violation) for violation in found)


def _is_one_text(parameter: Parameter, shape: Shape | None) -> bool:
    """Whether a value is one text, with nothing in it that its style would part."""
    return parameter.media_type is None and not may_be(shape, "array") and not may_be(shape, "object")


def _from_query(parameter: Parameter, shape: Shape | None) -> Take:
    name = parameter.name
    if parameter.style == "deepObject" or (parameter.explode and may_be(shape, "object")):
        # Its pairs have other names than its own.
        return lambda sent: styles.decode_query(parameter, shape, sent.pairs) if sent.query else MISSING
    if _is_one_text(parameter, shape):
        return lambda sent: decode_several(sent.texts[name], shape) if name in sent.texts else MISSING
    return lambda sent: styles.decode_query(parameter, shape, sent.pairs) if name in sent.texts else MISSING


def _from_whole_query(parameter: Parameter, shape: Shape | None) -> Take:
    return lambda sent: decode_querystring(parameter, shape, sent.query)


def _from_path(parameter: Parameter, shape: Shape | None) -> Take:
    name, is_plain = parameter.name, parameter.style == "simple" and _is_one_text(parameter, shape)

    def take(sent: Sent) -> Json:
        text = sent.path_values.get(name)
        if text is None:
            return MISSING
        if not is_plain:
            return styles.decode_path(parameter, shape, text)
        return decode_text(unquote(text) if "%" in text else text, shape)

    return take


def _from_headers(parameter: Parameter, shape: Shape | None) -> Take:
    def take(sent: Sent) -> Json:
        text = sent.headers.get(parameter.name)
        return MISSING if text is None else styles.decode_header(parameter, shape, text)

    return take


def _from_cookies(parameter: Parameter, shape: Shape | None) -> Take:
    return lambda sent: styles.decode_cookie(parameter, shape, sent.cookies)


_TAKERS: Mapping[str, Callable[[Parameter, Shape | None], Take]] = {
    "query": _from_query,
    "querystring": _from_whole_query,
    "path": _from_path,
    "header": _from_headers,
    "cookie": _from_cookies,
}
