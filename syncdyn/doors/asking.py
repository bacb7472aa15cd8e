"""A request in HTTP's own words: what `request("GET", "/path", params=...)` is given, read and made sure of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from syncdyn.openapi.coding import styles
from syncdyn.openapi.coding.media_types import FORM, MULTIPART
from syncdyn.openapi.coding.percent import quote_data, refuse_escape
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.hints import kind_of
from syncdyn.openapi.messages import TOKEN, Pairs
from syncdyn.openapi.urls import is_absolute, origin_of, shown_origin, without_userinfo

#: What stands in a path as it is, beside letters and digits; what is encoded stays so. Source: RFC 3986, section 3.3.
_PATH_SAFE = "/%:@!$&'()*+,;=-._~"
_QUERY_SAFE = _PATH_SAFE + "?[]"


@dataclass(frozen=True, slots=True)
class Given:
    """What goes with a request, as HTTP libraries take it."""

    params: Any = None
    headers: Any = None
    json: Any = MISSING
    data: Any = None
    files: Any = None
    content: Any = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it was asked for.

    `path` is what follows the base URL, `query` the pairs of its query, both percent-encoded; `values` are the query
    parameters that are no texts, `headers` fields by name as they were given. `content_type` is the media type that
    the way the body was given stands for.
    """

    method: str
    path: str
    query: Pairs = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, Any] = field(default_factory=dict)
    body: Any = MISSING
    content_type: str | None = None


class Unasked(ValueError):
    """Something that is no request to this API; `violation` says why."""

    def __init__(self, location: str, message: str, keyword: str = "type", hint: str | None = None) -> None:
        super().__init__(message)
        self.violation = Violation(location, (), message, keyword, hint=hint)


def read_asked(base_url: str | None, method: Any, path: Any, given: Given) -> Asked:
    """The request that is asked for. Raises Unasked for another origin, dot segments, two bodies and the like."""
    if not isinstance(method, str) or not TOKEN.fullmatch(method):
        raise Unasked("method", f"{method!r} is no HTTP method")
    below, query = _below(base_url, path)
    try:
        pairs, values = _params(given.params)
        headers = {name: _joined(value) for name, value in _by_name(_items(given.headers)).items()}
        body, content_type = _body(given, headers)
    except (TypeError, ValueError) as error:
        raise Unasked("arguments", str(error)) from None
    return Asked(method.upper(), below, (*query, *pairs), values, headers, body, content_type)


def _below(base_url: str | None, path: Any) -> tuple[str, Pairs]:
    """The path below the base URL and the pairs of its query; it may be a whole URL of the same origin."""
    if not isinstance(path, str):
        raise Unasked("path", f"expected a text, found {kind_of(path)}")
    text = path.partition("#")[0]
    if not text.startswith("/") or text.startswith("//"):
        text = _of_same_origin(base_url, text)
    text, _, query = text.partition("?")
    try:
        if text != "/":
            refuse_escape(text, text)
        return quote(text, safe=_PATH_SAFE), styles.split_query(quote(query, safe=_QUERY_SAFE))
    except ValueError as error:
        raise Unasked("path", str(error), "encoding") from None


def _of_same_origin(base_url: str | None, url: str) -> str:
    if not is_absolute(url):
        is_bare = not url.startswith("//") and ":" not in url.partition("/")[0]
        hint = f"did you mean {'/' + url!r}?" if is_bare else None
        raise Unasked("path", f"{without_userinfo(url)!r} is no path: one begins with a single slash", "format", hint)
    if base_url is None or origin_of(url) != origin_of(base_url) or "@" in urlsplit(url).netloc:
        own = shown_origin(base_url) if base_url else "that of a client without a base URL"
        raise Unasked("path", f"it leads to another origin than {own}", "origin")
    parts = urlsplit(url)
    base = urlsplit(base_url).path.rstrip("/")
    if not parts.path.startswith(f"{base}/"):
        raise Unasked("path", f"it is not below the base URL's path, {base!r}", "origin")
    return parts.path[len(base) :] + (f"?{parts.query}" if parts.query else "")


def _params(params: Any) -> tuple[Pairs, Mapping[str, Any]]:
    """The query parameters that are texts, as pairs, and the others by name."""
    if isinstance(params, str | bytes):
        text = params.decode() if isinstance(params, bytes) else params
        return styles.split_query(quote(text.removeprefix("?"), safe=_QUERY_SAFE)), {}
    by_name = _by_name(_items(params))
    pairs = [(name, text) for name, value in by_name.items() for text in _texts(value)]
    values = {name: value for name, value in by_name.items() if value is not None and not _texts(value)}
    return tuple((quote_data(name), quote_data(text)) for name, text in pairs), values


def _joined(value: Any) -> Any:
    """One text for the texts of a repeated header field. Source: RFC 9110, section 5.3."""
    return ", ".join(value) if isinstance(value, list) and _texts(value) else value


def _texts(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return listed if all(isinstance(one, str) for one in listed) else []


def _items(given: Any) -> Iterator[tuple[str, Any]]:
    """The pairs of a mapping, also of one that repeats names, or of a list of pairs."""
    if isinstance(given, str | bytes):
        raise TypeError(f"expected a mapping or pairs, found {kind_of(given)}")
    listing = getattr(given, "multi_items", None) or getattr(given, "items", None)
    pairs: Iterable[Any] = listing() if listing else given or ()
    try:
        return iter([(str(name), value) for name, value in pairs])
    except (TypeError, ValueError):
        raise TypeError("expected a mapping or pairs of name and value") from None


def _by_name(items: Iterator[tuple[str, Any]]) -> dict[str, Any]:
    """The values by name; those of a repeated name as a list."""
    found: dict[str, list[Any]] = {}
    for name, value in items:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _body(given: Given, headers: Mapping[str, Any]) -> tuple[Any, str | None]:
    """The body, and the media type that the way it was given stands for; a Content-Type that was given says more."""
    stated = next((str(value) for name, value in headers.items() if name.lower() == "content-type"), None)
    # `data` that is no form is how content was given in former times.
    is_form = given.data is None or isinstance(given.data, list | tuple) or hasattr(given.data, "items")
    content = given.content if is_form else given.data
    form = _by_name(_items(given.data)) if is_form else {}
    if [given.json is not MISSING, content is not None, bool(form or given.files)].count(True) > 1:
        raise TypeError("a request has one body: json=, content=, or data= and files=")
    if form or given.files:
        return {**form, **_by_name(_items(given.files))}, MULTIPART if given.files else stated or FORM
    if content is not None:
        return content, stated
    return given.json, None if given.json is MISSING else stated or "application/json"
