"""Who asks: the credentials that a request shows, held against those that its operation asks for."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit

from syncdyn.openapi.coding.percent import split_cookies
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.messages import Request
from syncdyn.openapi.operations import Operation, SecurityScheme


class Access(Enum):
    """What became of the check."""

    GRANTED = "granted"
    MISSING = "missing"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, as far as it is known. `credential` tells callers apart; it is never shown."""

    access: Access
    credential: str = ""
    challenges: tuple[str, ...] = ()

    @property
    def violations(self) -> tuple[Violation, ...]:
        """What is wrong with who asks, where he was let through all the same."""
        if self.access is Access.GRANTED:
            return ()
        return (Violation("header", ("authorization",), f"the credentials are {self.access.value}", "security"),)

    def __repr__(self) -> str:
        return f"Visitor({self.access})"


_ANYONE = Visitor(Access.GRANTED)
#: The credential that a request shows for a scheme, or None; empty where it shows several.
_Shown: TypeAlias = Callable[[Request], "str | None"]


def identifier(
    operation: Operation,
    schemes: Mapping[str, SecurityScheme],
    accepted: Collection[str],
    refused: Collection[str],
) -> Callable[[Request], Visitor]:
    """What tells who asks: granted when one of the operation's alternatives is met in full.

    `accepted` are the credentials taken, any when there are none, but never one of `refused`. A scheme that the
    document does not define, or of which it says too little, asks for nothing: nobody could meet it.
    Source: OpenAPI 3.1, Security Requirement Object.
    """
    if not operation.security:
        return lambda _: _ANYONE
    challenges = _challenges(operation, schemes)
    alternatives = [
        [_shown(schemes[name]) for name in alternative if name in schemes and _can_be_met(schemes[name])]
        for alternative in operation.security
    ]
    is_any_good = not accepted and not refused

    def identify(request: Request) -> Visitor:
        was_shown = False
        for alternative in alternatives:
            found = [credential(request) for credential in alternative]
            shown = [text for text in found if text]
            if len(shown) == len(found) and (is_any_good or all(_is_good(text, accepted, refused) for text in shown)):
                return Visitor(Access.GRANTED, "\n".join(shown))
            was_shown = was_shown or any(text is not None for text in found)
        return Visitor(Access.WRONG if was_shown else Access.MISSING, challenges=challenges)

    return identify


def _can_be_met(scheme: SecurityScheme) -> bool:
    if scheme.type == "apiKey":
        return bool(scheme.parameter) and scheme.location in _KEYS
    return bool(scheme.scheme) if scheme.type == "http" else scheme.type in ("mutualTLS", "oauth2", "openIdConnect")


def _is_good(credential: str, accepted: Collection[str], refused: Collection[str]) -> bool:
    if any(_is_same(credential, text) for text in refused):
        return False
    return not accepted or any(_is_same(credential, text) for text in accepted)


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _shown(scheme: SecurityScheme) -> _Shown:
    """What finds the credential that a request shows for a scheme."""
    if scheme.type == "apiKey":
        return partial(_KEYS[scheme.location], scheme.parameter)
    if scheme.type == "mutualTLS":
        return lambda _: "certificate"
    return partial(_authorization, scheme.scheme if scheme.type == "http" else "bearer")


def _authorization(wanted: str, request: Request) -> str | None:
    stated = request.headers.get("authorization")
    if stated is None:
        return None
    kind, _, text = stated.strip().partition(" ")
    if kind.lower() != wanted:
        return None
    return _basic(text.strip()) if wanted == "basic" else text.strip() or None


def _header_key(name: str, request: Request) -> str | None:
    stated = request.headers.get(name)
    if stated is None or "," not in stated:
        return (stated or "").strip() or None
    shown = {text.strip() for text in request.headers.all(name)} - {""}
    return "" if len(shown) > 1 else next(iter(shown), None)


def _query_key(name: str, request: Request) -> str | None:
    return dict(parse_qsl(urlsplit(request.url).query)).get(name) or None


def _cookie_key(name: str, request: Request) -> str | None:
    return dict(split_cookies(request.headers.get("cookie", ""))).get(name) or None


_KEYS: Mapping[str, Callable[[str, Request], str | None]] = {
    "header": _header_key,
    "query": _query_key,
    "cookie": _cookie_key,
}


def _basic(text: str) -> str | None:
    """`name:password`. Source: RFC 7617."""
    try:
        decoded = base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None
    return decoded if ":" in decoded else None


def _challenges(operation: Operation, schemes: Mapping[str, SecurityScheme]) -> tuple[str, ...]:
    """What `WWW-Authenticate` says, a challenge for each scheme that is asked for. Source: RFC 9110, 11.6.1."""
    asked = dict.fromkeys(name for alternative in operation.security for name in alternative)
    kinds = [_challenge(schemes[name]) for name in asked if name in schemes]
    return tuple(dict.fromkeys(kind for kind in kinds if kind))


def _challenge(scheme: SecurityScheme) -> str | None:
    """How a scheme is asked for; None for a certificate, which is asked for elsewhere.

    An apiKey has no scheme of HTTP: its challenge names where the key goes. Source: RFC 9110, 11.3.
    """
    if scheme.type == "apiKey":
        return f'ApiKey realm="mock", in="{scheme.location}", name="{scheme.parameter}"'
    if scheme.type == "http":
        more = ', nonce="mock", qop="auth"' if scheme.scheme == "digest" else ""
        return f'{scheme.scheme.capitalize()} realm="mock"{more}'
    return 'Bearer realm="mock"' if scheme.type in ("oauth2", "openIdConnect") else None
