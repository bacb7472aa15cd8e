"""Runtime expressions of callbacks and links: what stands in a request or its response -> a value or a text.

Source: OpenAPI 3.1, "Runtime Expressions"; callback names and link parameters may hold several, each in braces.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl, unquote, urlsplit

from syncdyn.openapi.document import read_pointer
from syncdyn.openapi.messages import Headers, Json, Request, Response

_EMBEDDED = re.compile(r"\{(\$[^{}]*)\}")
_SOURCE = re.compile(r"\$(request|response)\.(header|query|path|body)(?:\.([^#]*)|#(.*))?", re.DOTALL)


@dataclass(frozen=True)
class Exchanged:
    """A request and its response, as expressions see them; `path_values` are the request's by name."""

    request: Request
    response: Response
    path_values: Mapping[str, Json] = field(default_factory=dict)

    @cached_property
    def request_body(self) -> Json:
        return _json_of(self.request.body)

    @cached_property
    def response_body(self) -> Json:
        return _json_of(self.response.body)

    def evaluate(self, expression: str) -> Json:
        """The value of one expression, such as `$response.body#/id`; None where it leads to none.

        A `$request.body` that is a form is read as an object of texts.
        """
        plain = _PLAIN.get(expression)
        if plain is not None:
            return plain(self)
        found = _SOURCE.fullmatch(expression)
        return None if found is None else self._at(found[1], found[2], found[3], found[4])

    def fill(self, template: str) -> str | None:
        """The text of a template whose expressions stand in braces; None where one of them leads to nothing.

        A template that is one bare expression, which many documents write, is that expression.
        """
        if template.startswith("$"):
            return _text(self.evaluate(template))
        values = [_text(self.evaluate(found[1])) for found in _EMBEDDED.finditer(template)]
        if any(value is None for value in values):
            return None
        filling = iter(values)
        return _EMBEDDED.sub(lambda _: next(filling) or "", template)

    def _at(self, side: str, source: str, name: str | None, pointer: str | None) -> Json:
        if source == "body":
            body = self.request_body if side == "request" else self.response_body
            return read_pointer(body, unquote(pointer)) if pointer else body
        message = self.request if side == "request" else self.response
        return None if name is None else _NAMED[source](self, message.headers, name)


def _json_of(body: object) -> Json:
    if not isinstance(body, bytes) or not body:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        pairs = parse_qsl(body.decode("utf-8", "replace"))
        return dict(pairs) if pairs else None


def _text(value: Json) -> str | None:
    if value is None:
        return None
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


_PLAIN: Mapping[str, Callable[[Exchanged], Json]] = {
    "$url": lambda exchanged: exchanged.request.url,
    "$method": lambda exchanged: exchanged.request.method,
    "$statusCode": lambda exchanged: exchanged.response.status,
}
_NAMED: Mapping[str, Callable[[Exchanged, Headers, str], Json]] = {
    "header": lambda _, headers, name: headers.get(name),
    "query": lambda exchanged, _, name: dict(parse_qsl(urlsplit(exchanged.request.url).query)).get(name),
    "path": lambda exchanged, _, name: exchanged.path_values.get(name),
}
