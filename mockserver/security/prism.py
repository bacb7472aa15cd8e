"""Who asks, as Prism sees it: any credential of the right form is good.

A challenge is given for each scheme that is not met, but for keys, and for credentials of the right scheme that are
malformed.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

from mockserver.security.identifying import Access, Visitor
from syncdyn.openapi.messages import Request
from syncdyn.openapi.operations import Operation, SecurityScheme

_BASIC, _DIGEST = 'Basic realm="*"', 'Digest realm="*", nonce="abc123"'
_BEARER = re.compile(r"Bearer\s.+")
_DIGEST_PARTS = ("username=", "realm=", "nonce=", "uri=", "response=")
_QUOTED = re.compile(r"""(?:'|")[a-z0-9]*(?:'|")""")

#: What is missing for a scheme: its challenges; None where it is met.
_Missing: TypeAlias = "tuple[str, ...] | None"


def identify(operation: Operation, schemes: Mapping[str, SecurityScheme], request: Request) -> Visitor:
    """Who asks: granted when one of the operation's alternatives is met in full, or when there is none."""
    challenges: list[str] = []
    for alternative in operation.security:
        missing = [_missing(schemes.get(name), request) for name in alternative] or [_nobody(request)]
        if all(one is None for one in missing):
            return Visitor(Access.GRANTED, request.headers.get("authorization", ""))
        challenges += [challenge for one in missing if one is not None for challenge in one]
    return Visitor(Access.MISSING if operation.security else Access.GRANTED, challenges=tuple(challenges))


def _missing(scheme: SecurityScheme | None, request: Request) -> _Missing:
    # A scheme that Prism does not know is a warning there, which keeps nobody out.
    check = _CHECKS.get(_kind(scheme)) if scheme else None
    return check(scheme, request) if check and scheme else None


def _kind(scheme: SecurityScheme) -> str:
    return {"apiKey": scheme.location, "http": scheme.scheme}.get(scheme.type, scheme.type)


def _nobody(request: Request) -> _Missing:
    return ("None",) if "authorization" in request.headers else None


def _header_key(scheme: SecurityScheme, request: Request) -> _Missing:
    return None if request.headers.get(scheme.parameter) else ()


def _query_key(scheme: SecurityScheme, request: Request) -> _Missing:
    return None if parse_qs(urlsplit(request.url).query).get(scheme.parameter) else ()


def _cookie_key(scheme: SecurityScheme, request: Request) -> _Missing:
    return None if re.search(re.escape(scheme.parameter) + "=.+", request.headers.get("cookie", "")) else ()


def _basic(_: SecurityScheme, request: Request) -> _Missing:
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return (_BASIC,)
    try:
        decoded = base64.b64decode(text + "==").decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ()
    return None if decoded.count(":") == 1 else ()


def _digest(_: SecurityScheme, request: Request) -> _Missing:
    kind, *parts = request.headers.get("authorization", "").split(" ")
    if kind.lower() != "digest":
        return (_DIGEST,)
    is_whole = all(name in "".join(parts) for name in _DIGEST_PARTS) and all(map(_QUOTED.search, parts))
    return None if is_whole else ()


def _token(challenge: str) -> Callable[[SecurityScheme, Request], _Missing]:
    def check(_: SecurityScheme, request: Request) -> _Missing:
        return None if _BEARER.fullmatch(request.headers.get("authorization", "")) else (challenge,)

    return check


_CHECKS: Mapping[str, Callable[[SecurityScheme, Request], _Missing]] = {
    "header": _header_key,
    "query": _query_key,
    "cookie": _cookie_key,
    "basic": _basic,
    "digest": _digest,
    "bearer": _token("Bearer"),
    "oauth2": _token("OAuth2"),
    "openIdConnect": _token("OpenID"),
}
