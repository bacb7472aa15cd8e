"""Who is calling: credentials put where an operation's security asks for them, and nowhere shown."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from syncdyn.openapi.operations import SecurityRequirements, SecurityScheme

_SHORTEST_SECRET = 6
_USERINFO = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*@")


class Secret(str):
    """A text that no repr, log line or traceback shows."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


def without_userinfo(url: str) -> str:
    """The URL without user name and password: as it may be shown. Source: RFC 3986, section 3.2.1."""
    return _USERINFO.sub(r"\1//", url) if "@" in url else url


@dataclass(frozen=True, slots=True)
class Placed:
    """Credentials as they go into a request: names with values that are Secrets."""

    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    cookies: tuple[tuple[str, str], ...] = field(default=(), repr=False)


#: No credentials at all.
NOWHERE = Placed()


@dataclass(frozen=True, slots=True)
class Credentials:
    """The credentials of a client: one secret for whichever scheme is asked for, or one for each by name.

    A value is a token or key; for http basic it is a (user, password) pair, or their text with a colon.
    """

    schemes: Mapping[str, SecurityScheme] = field(repr=False)
    any_scheme: Secret | None = field(default=None, repr=False)
    by_scheme: Mapping[str, str | tuple[str, str]] = field(default_factory=dict, repr=False)

    @property
    def private_headers(self) -> frozenset[str]:
        """The header fields, in lower case, that may carry credentials."""
        named = {scheme.parameter.lower() for scheme in self.schemes.values() if scheme.location == "header"}
        return frozenset({"authorization", "proxy-authorization", "cookie", *named})

    def mask(self, text: str) -> str:
        """The text with every secret in it covered."""
        for secret in self._secrets():
            # What is shorter than a secret can be would blot out ordinary words.
            if len(secret) >= _SHORTEST_SECRET:
                text = text.replace(secret, "***")
        return text

    def _secrets(self) -> Iterator[str]:
        if self.any_scheme:
            yield str(self.any_scheme)
        for value in self.by_scheme.values():
            yield from (value,) if isinstance(value, str) else value

    def placed(self, security: SecurityRequirements) -> Placed:
        """The credentials of the first alternative that can be met in full; none where none can."""
        for alternative in security:
            if not alternative:
                return NOWHERE
            values = [(self.schemes.get(name), self._value(name)) for name in alternative]
            if all(scheme is not None and value is not None for scheme, value in values):
                return _place(values)  # type: ignore[arg-type]
        return NOWHERE

    def _value(self, name: str) -> str | tuple[str, str] | None:
        return self.by_scheme.get(name, self.any_scheme)


def _place(values: Sequence[tuple[SecurityScheme, str | tuple[str, str]]]) -> Placed:
    found: dict[str, list[tuple[str, str]]] = {"header": [], "query": [], "cookie": []}
    for scheme, value in values:
        secret = Secret(value if isinstance(value, str) else ":".join(value))
        if scheme.type == "apiKey" and scheme.location == "header":
            found["header"].append((scheme.parameter, secret))
        elif scheme.type == "apiKey":
            found[scheme.location].append((quote(scheme.parameter, safe=""), Secret(quote(secret, safe=""))))
        elif scheme.type == "http" and scheme.scheme == "basic":
            coded = Secret(base64.b64encode(secret.encode()).decode())
            found["header"].append(("Authorization", Secret(f"Basic {coded}")))
        else:
            found["header"].append(("Authorization", Secret(f"Bearer {secret}")))
    return Placed(tuple(found["header"]), tuple(found["query"]), tuple(found["cookie"]))
