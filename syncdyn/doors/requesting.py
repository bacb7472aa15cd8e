"""A call by method and path, as it would be made without a document: the third door.

Where the document knows the path, what is given is sorted into the operation's arguments, and the call goes on as by
the other doors. Another path is sent as it is, and its answer read as plain data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode

from syncdyn.calling import Method, Settings
from syncdyn.doors.asking import Asked, Given, Unasked, read_asked
from syncdyn.errors import RequestValidationError
from syncdyn.flow import Flow
from syncdyn.openapi.coding import media, styles
from syncdyn.openapi.coding.media_types import FORM, OCTETS
from syncdyn.openapi.coding.percent import quote_data
from syncdyn.openapi.coding.texts import encode_text
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.operations import MediaType, Operation, Parameter, RequestBody
from syncdyn.openapi.routing import Router
from syncdyn.openapi.schemas.shapes import Shape
from syncdyn.openapi.urls import without_userinfo
from syncdyn.options import read_options
from syncdyn.response import RawResponse


class Requests:
    """Calls by method and path; each operation that is met is compiled once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._methods: dict[str, Method] = {}

    def call(self, method: str, path: str, given: Given, request_options: Any = None) -> Flow[RawResponse[Any]]:
        """The flow of one call.

        Raises what Method.call does, and RequestValidationError for a path that is none of the API's.
        """
        known, named = self._aimed(method, path, given, request_options)
        return known.call((), named)

    def stream(self, method: str, path: str, given: Given, request_options: Any = None) -> Flow[None]:
        """The flow of one call whose answer is read as it comes; see Method.stream. Raises what `call` does."""
        known, named = self._aimed(method, path, given, request_options)
        return known.stream((), named)

    def _aimed(self, method: str, path: str, given: Given, request_options: Any) -> tuple[Method, dict[str, Any]]:
        """The method that makes the request, and its arguments by name."""
        name = f"{method} {without_userinfo(str(path)).partition('?')[0]}"
        try:
            asked = read_asked(self._settings.servers.home, method, path, given)
        except Unasked as error:
            raise RequestValidationError(name, [error.violation]) from None
        route = self._router.find(asked.path)
        target = route.target(asked.method, _query_of(asked)) if route else None
        if target is None:
            plain = _Plain(self._settings, name, asked)
            return plain, _Arguments(plain, {}, asked, request_options).named()
        known = self._methods.setdefault(target[0], Method(self._settings, target[0], target[0]))
        return known, _Arguments(known, target[1], _beside_path(asked, known.operation), request_options).named()

    @cached_property
    def _router(self) -> Router:
        contract = self._settings.contract
        found = contract.document.compiled.get("router")
        if not isinstance(found, Router):
            found = contract.document.compiled["router"] = Router(contract.operations)
        return found


class _Plain(Method):
    """A call of which the document says nothing but which credentials its API asks for."""

    def __init__(self, settings: Settings, name: str, asked: Asked) -> None:
        super().__init__(settings, name, name)
        body = RequestBody((MediaType(asked.content_type or OCTETS),))
        self.operation = Operation(
            key=name,
            id=None,
            method=asked.method,
            path=asked.path,
            parameters=(),
            request_body=None if asked.body is MISSING else body,
            responses={},
            security=settings.contract.security,
            servers=settings.contract.servers,
        )


class _Arguments:
    """The arguments of an operation that make the request that was asked for."""

    def __init__(self, method: Method, path_values: Mapping[str, str], asked: Asked, request_options: Any) -> None:
        self._method = method
        self._path_values = path_values
        self._asked = asked
        self._options = request_options
        self._is_plain = isinstance(method, _Plain)
        self._fields = {name.lower(): value for name, value in asked.headers.items()}
        self._declared = method.operation.parameters

    def named(self) -> dict[str, Any]:
        """The arguments by name."""
        if self._options is not None and not isinstance(self._options, Mapping):
            return {"request_options": self._options}
        plan, asked = self._method.plan, self._asked
        named = dict(self._parameters())
        if asked.body is not MISSING:
            named[plan.whole_body or "body"] = self._body()
        undeclared = dict(self._undeclared())
        if not self._is_plain and self._strictness == "strict":
            # Where this is no argument, it is told as one that is unknown.
            named |= {f"{name}__query" if plan.takes([name]) else name: value for name, value in undeclared.items()}
            undeclared = {}
        return {**named, "request_options": self._request_options(undeclared)}

    def _body(self) -> Any:
        """The body that was given; the texts of a form are read by its schema, as the service would."""
        body, name = self._asked.body, self._asked.content_type
        if name != FORM or not isinstance(body, Mapping) or not all(map(_is_text, body.values())):
            return body
        form = media.best_match(self._method.operation.media_types, FORM)
        shape = self._method.settings.contract.shape(form.schema) if form else None
        if form is None or shape is None:
            return body
        return media.decode_body(form, shape, FORM, urlencode(body, doseq=True).encode())

    @property
    def _strictness(self) -> str:
        options, _ = read_options(self._options, self._method.settings.options)
        return options.strictness.request

    def _parameters(self) -> Iterator[tuple[str, Any]]:
        names = {(slot.location, slot.wire): slot.name for slot in self._method.plan.slots if slot.parameter}
        for parameter in self._declared:
            value = self._value(parameter)
            if value is not MISSING:
                yield names[parameter.location, parameter.name], value

    def _value(self, parameter: Parameter) -> Any:
        name, shape = parameter.name, self._method.settings.contract.shape(parameter.schema)
        if parameter.location == "path":
            return styles.decode_path(parameter, shape, self._path_values[name])
        if parameter.location == "header":
            given = self._fields.get(name.lower(), MISSING)
            return styles.decode_header(parameter, shape, given) if isinstance(given, str) else given
        if parameter.location == "query" and name in self._asked.values:
            return self._asked.values[name]
        if parameter.location == "query":
            own = [pair for pair in self._asked.query if _is_of(parameter, shape, unquote_plus(pair[0]))]
            return styles.decode_query(parameter, shape, own)
        return MISSING

    def _undeclared(self) -> Iterator[tuple[str, Any]]:
        """What the query has beside the parameters of the operation."""
        shape_of = self._method.settings.contract.shape
        declared = [(one, shape_of(one.schema)) for one in self._declared if one.location == "query"]
        texts: dict[str, list[str]] = {}
        for encoded, text in self._asked.query:
            name = unquote_plus(encoded)
            if not any(_is_of(parameter, shape, name) for parameter, shape in declared):
                texts.setdefault(name, []).append(unquote_plus(text))
        yield from texts.items()
        names = {parameter.name for parameter, _ in declared}
        yield from ((name, value) for name, value in self._asked.values.items() if name not in names)

    def _request_options(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """The options of the call, with what is sent beside the operation's arguments added to them."""
        options = dict(self._options or {})
        names = {one.name.lower() for one in self._declared if one.location == "header"}
        if self._asked.content_type is not None:
            options.setdefault("content_type", self._asked.content_type)
            names.add("content-type")
        fields = {name: value for name, value in self._asked.headers.items() if name.lower() not in names}
        for option, added in (("additional_headers", fields), ("additional_query_parameters", query)):
            if added:
                options[option] = {**added, **(options.get(option) or {})}
        if self._is_plain:
            options["validate"] = "off"
        return options


def _query_of(asked: Asked) -> str:
    """The query that was asked for, what is no text in it written as text; objects and arrays are left out."""
    scalars = ((name, one) for name, one in asked.values.items() if isinstance(one, bool | int | float))
    written = ((quote_data(name), quote_data(encode_text(one))) for name, one in scalars)
    return "&".join(f"{name}={text}" for name, text in (*asked.query, *written))


def _beside_path(asked: Asked, operation: Operation) -> Asked:
    """What was asked for without the pairs of the path's own query, unless parameters are declared for them."""
    path_query = operation.path.partition("?")[2]
    declared = {one.name for one in operation.parameters if one.location == "query"}
    own = {name for name, _ in parse_qsl(path_query, keep_blank_values=True)} - declared
    if not own:
        return asked
    query = tuple(pair for pair in asked.query if unquote_plus(pair[0]) not in own)
    return replace(asked, query=query, values={name: one for name, one in asked.values.items() if name not in own})


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _is_of(parameter: Parameter, shape: Shape | None, name: str) -> bool:
    """Whether a pair of that name belongs to a query parameter."""
    if name == parameter.name:
        return True
    if parameter.style == "deepObject":
        return name.startswith(f"{parameter.name}[")
    return parameter.explode and shape is not None and name in shape.all_fields
