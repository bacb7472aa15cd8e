"""Who is calling: where the credentials for a scheme go in a request, and that they show nowhere."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import quote

from syncdyn.errors import ConfigurationError
from syncdyn.openapi.operations import SecurityScheme

#: The header fields, in lower case, that carry credentials whatever the document says.
ALWAYS_PRIVATE = frozenset({"authorization", "proxy-authorization", "cookie"})
_SHORTEST_SECRET = 6
_MOST_TOKENS = 64
#: Visible characters, spaces between: RFC 9110, section 5.5, without what is obsolete in it.
_FIELD_VALUE = re.compile(r"[!-~]([ -~]*[!-~])?")


class Secret(str):
    """A text that no repr, log line or traceback shows."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


#: A token, key or `user:password`; or a user with a password.
Credential: TypeAlias = "Secret | tuple[Secret, Secret]"


@dataclass(frozen=True, slots=True)
class Placed:
    """Credentials as they go into a request: names with values that are Secrets."""

    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    cookies: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def __add__(self, other: Placed) -> Placed:
        return Placed(self.headers + other.headers, self.query + other.query, self.cookies + other.cookies)


#: No credentials at all.
NOWHERE = Placed()


def place(scheme: SecurityScheme, value: Credential) -> Placed:
    """The credentials for one scheme where it wants them.

    Tokens of OAuth2 and OpenID Connect go as Bearer; other http schemes by the name that the document gives them.
    Raises ConfigurationError for a value that no header field can carry.
    Source: OpenAPI 3.1, Security Scheme Object; RFC 6750, section 2.1; RFC 7617, section 2.
    """
    if scheme.type == "apiKey":
        return _PLACES[scheme.location](scheme, _joined(value))
    if _is_basic(scheme):
        return _authorization("Basic", _coded(value))
    if scheme.type == "http" and scheme.scheme != "bearer":
        return _authorization(scheme.written_scheme or scheme.scheme, _joined(value))
    token = _joined(value)
    # A token has no spaces, so this was written by somebody who knows the header field, not the scheme.
    is_prefixed = token[:7].lower() == "bearer "
    return _authorization("Bearer", Secret(token[7:].strip()) if is_prefixed else token)


def strain(scheme: SecurityScheme, value: object) -> int | None:
    """How ill a credential fits a scheme: 0 as it is meant, 1 if it can be made to, None if not at all."""
    if scheme.type == "apiKey" and scheme.location not in _PLACES:
        return None
    if isinstance(value, tuple):
        return 0 if _is_basic(scheme) else None
    if scheme.type not in ("apiKey", "http", "oauth2", "openIdConnect"):
        return None
    # What a function gives is not known yet; a token is what it is asked for.
    is_token = callable(value) or (isinstance(value, str) and ":" not in value)
    return 1 if _is_basic(scheme) and is_token else 0


def forms_of(value: Credential) -> tuple[str, ...]:
    """Every text by which a credential could be told from a message."""
    texts = value if isinstance(value, tuple) else (value,)
    return (*texts, *(quote(text, safe="") for text in texts), _coded(value))


def _is_basic(scheme: SecurityScheme) -> bool:
    return scheme.type == "http" and scheme.scheme == "basic"


def _joined(value: Credential) -> Secret:
    return Secret(":".join(value)) if isinstance(value, tuple) else value


def _coded(value: Credential) -> Secret:
    """`user:password` in base64; a key alone is a user without a password, as services take it."""
    text = _joined(value)
    return Secret(base64.b64encode((text if ":" in text else f"{text}:").encode()).decode())


def _authorization(scheme: str, value: Secret) -> Placed:
    return _header("Authorization", value, f"{scheme} ")


def _header(name: str, value: Secret, prefix: str = "") -> Placed:
    if not _FIELD_VALUE.fullmatch(value):
        told = "has line breaks, spaces at its ends or other characters that no header field can carry"
        raise ConfigurationError(f"auth: the value for the header field {name} {told}")
    return Placed(headers=((name, Secret(f"{prefix}{value}")),))


def _pair(scheme: SecurityScheme, value: Secret) -> tuple[tuple[str, str], ...]:
    return ((quote(scheme.parameter, safe=""), Secret(quote(value, safe=""))),)


_PLACES: Mapping[str, Callable[[SecurityScheme, Secret], Placed]] = {
    "header": lambda scheme, value: _header(scheme.parameter, value),
    "query": lambda scheme, value: Placed(query=_pair(scheme, value)),
    "cookie": lambda scheme, value: Placed(cookies=_pair(scheme, value)),
}


class Privacy:
    """What must not be shown of a client's messages: names known beforehand, secrets, and tokens as they come."""

    def __init__(self, schemes: Iterable[SecurityScheme], secrets: Iterable[str]) -> None:
        keys = [scheme for scheme in schemes if scheme.type == "apiKey"]
        #: The header fields, in lower case, that may carry credentials.
        self.headers = ALWAYS_PRIVATE | {scheme.parameter.lower() for scheme in keys if scheme.location == "header"}
        names = [re.escape(quote(scheme.parameter, safe="")) for scheme in keys if scheme.location == "query"]
        self._query = re.compile(rf"([?&](?:{'|'.join(names)})=)[^&#]*") if names else None
        # What is shorter than a secret can be would blot out ordinary words.
        self._secrets = sorted({text for text in secrets if len(text) >= _SHORTEST_SECRET}, key=len, reverse=True)
        self._tokens: tuple[str, ...] = ()
        self._learning = threading.Lock()

    def learn(self, token: str) -> None:
        """Keeps a token that came at run time out of messages, too."""
        with self._learning:
            if len(token) >= _SHORTEST_SECRET and token not in self._tokens:
                self._tokens = (*self._tokens, token)[-_MOST_TOKENS:]

    def mask(self, text: str) -> str:
        """The text with every secret in it covered."""
        for secret in (*self._secrets, *self._tokens):
            text = text.replace(secret, "***")
        return text

    def mask_url(self, url: str) -> str:
        """The URL with the values of the keys in its query covered."""
        return self._query.sub(r"\1***", url) if self._query and "?" in url else url

    def __repr__(self) -> str:
        return "<Privacy>"
