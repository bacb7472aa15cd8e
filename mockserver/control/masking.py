"""What is shown of a message without its secrets: by the document's security schemes, and by the usual names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote_plus, urlsplit, urlunsplit

from syncdyn.openapi.messages import Headers, Json
from syncdyn.openapi.operations import SecurityScheme

MASKED = "***"
_HEADERS = frozenset({"authorization", "proxy-authorization", "x-api-key", "api-key", "x-auth-token", "x-csrf-token"})
#: Names of parameters and members, in lower case and without `-` and `_`.
_NAMES = frozenset(
    {
        "accesstoken",
        "apikey",
        "authtoken",
        "authorization",
        "bearertoken",
        "clientsecret",
        "idtoken",
        "passphrase",
        "passwd",
        "password",
        "privatekey",
        "refreshtoken",
        "secret",
        "secretkey",
        "sessiontoken",
        "signingsecret",
        "token",
        "webhooksecret",
        "xapikey",
    }
)
_COOKIE_VALUE = re.compile(r"=[^;]*")


@dataclass(frozen=True, slots=True)
class Mask:
    """Hides secrets. `headers` and `query` are the document's names of keys, in lower case."""

    headers: frozenset[str] = frozenset()
    query: frozenset[str] = frozenset()

    def headers_of(self, headers: Headers) -> dict[str, str]:
        """The fields by name in lower case."""
        return {name: self.header(name, text) for name, text in headers.items()}

    def header(self, name: str, text: str) -> str:
        """The text of a header field, or what may be shown of it."""
        name = name.lower()
        if name == "cookie":
            return _COOKIE_VALUE.sub(f"={MASKED}", text)
        if name == "set-cookie":
            return _COOKIE_VALUE.sub(f"={MASKED}", text, count=1)
        if name in ("authorization", "proxy-authorization"):
            scheme, space, _ = text.partition(" ")
            return f"{scheme} {MASKED}" if space else MASKED
        return MASKED if name in _HEADERS or name in self.headers or _is_secret(name) else text

    def url(self, url: str) -> str:
        """A URL without the secrets of its query and its user."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return url
        query = "&".join(self._pair(pair) for pair in parts.query.split("&")) if parts.query else ""
        return urlunsplit((parts.scheme, _authority(parts), parts.path, query, parts.fragment))

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Pairs of a query or a form."""
        return [(name, MASKED if self._hides(name) else text) for name, text in pairs]

    def form(self, text: str) -> str:
        """The text of a form that is written like a query."""
        return "&".join(self._pair(pair) for pair in text.split("&"))

    def json(self, value: Json) -> Json:
        """A JSON value in which texts under secret names are hidden."""
        if isinstance(value, Mapping):
            return {name: self._member(name, each) for name, each in value.items()}
        return [self.json(each) for each in value] if isinstance(value, list) else value

    def _member(self, name: str, value: Json) -> Json:
        return MASKED if isinstance(value, str) and _is_secret(name) else self.json(value)

    def _pair(self, pair: str) -> str:
        name, equals, _ = pair.partition("=")
        return f"{name}={quote(MASKED, safe='*')}" if equals and self._hides(unquote_plus(name)) else pair

    def _hides(self, name: str) -> bool:
        return name.lower() in self.query or _is_secret(name)


def mask_of(schemes: Iterable[SecurityScheme]) -> Mask:
    """The mask for a document's security schemes."""
    keys = [(scheme.location, scheme.parameter.lower()) for scheme in schemes if scheme.type == "apiKey"]
    return Mask(
        frozenset(name for location, name in keys if location == "header"),
        frozenset(name for location, name in keys if location == "query"),
    )


def _is_secret(name: str) -> bool:
    return name.lower().replace("-", "").replace("_", "") in _NAMES


def _authority(parts: SplitResult) -> str:
    user, at, host = parts.netloc.rpartition("@")
    return f"{MASKED}@{host}" if at and user else parts.netloc
