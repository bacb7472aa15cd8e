"""Whether a request shows the credentials that an operation asks for."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qsl, urlsplit

from syncdyn.openapi.coding.percent import split_cookies
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

    def __repr__(self) -> str:
        return f"Visitor({self.access})"


def identify(
    operation: Operation,
    schemes: Mapping[str, SecurityScheme],
    request: Request,
    accepted: Collection[str],
    refused: Collection[str],
) -> Visitor:
    """Who asks: granted when one of the operation's alternatives is met in full.

    `accepted` are the credentials taken, any when there are none, but never one of `refused`.
    Source: OpenAPI 3.1, Security Requirement Object.
    """
    if not operation.security:
        return Visitor(Access.GRANTED)
    was_shown = False
    for alternative in operation.security:
        found = [_credential(schemes.get(name), request) for name in alternative]
        was_shown = was_shown or any(text is not None for text in found)
        if all(text and _is_good(text, accepted, refused) for text in found):
            return Visitor(Access.GRANTED, "\n".join(text or "" for text in found))
    access = Access.WRONG if was_shown else Access.MISSING
    return Visitor(access, challenges=_challenges(operation, schemes))


def _is_good(credential: str, accepted: Collection[str], refused: Collection[str]) -> bool:
    if any(_is_same(credential, text) for text in refused):
        return False
    return not accepted or any(_is_same(credential, text) for text in accepted)


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _credential(scheme: SecurityScheme | None, request: Request) -> str | None:
    """The credential that a request shows for a scheme, or None; empty where it shows several."""
    if scheme is None:
        return None
    if scheme.type == "apiKey":
        return _api_key(scheme, request)
    if scheme.type == "mutualTLS":
        return "certificate"
    kind, _, text = (request.headers.get("authorization") or "").strip().partition(" ")
    wanted = scheme.scheme if scheme.type == "http" else "bearer"
    if kind.lower() != wanted:
        return None
    return _basic(text.strip()) if wanted == "basic" else text.strip() or None


def _api_key(scheme: SecurityScheme, request: Request) -> str | None:
    if scheme.location == "header":
        shown = {text.strip() for text in request.headers.all(scheme.parameter)} - {""}
        return "" if len(shown) > 1 else next(iter(shown), None)
    if scheme.location == "query":
        pairs = parse_qsl(urlsplit(request.url).query)
    else:
        pairs = list(split_cookies(request.headers.get("cookie", "")))
    return dict(pairs).get(scheme.parameter) or None


def _basic(text: str) -> str | None:
    """`name:password`. Source: RFC 7617."""
    try:
        decoded = base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None
    return decoded if ":" in decoded else None


def _challenges(operation: Operation, schemes: Mapping[str, SecurityScheme]) -> tuple[str, ...]:
    """What `WWW-Authenticate` says, for the schemes that it has words for. Source: RFC 9110, 11.6.1."""
    asked = dict.fromkeys(name for alternative in operation.security for name in alternative)
    kinds = [_challenge(schemes[name]) for name in asked if name in schemes]
    return tuple(dict.fromkeys(kind for kind in kinds if kind))


def _challenge(scheme: SecurityScheme) -> str | None:
    if scheme.type == "http":
        return f'{scheme.scheme.capitalize()} realm="mock"'
    return 'Bearer realm="mock"' if scheme.type in ("oauth2", "openIdConnect") else None
