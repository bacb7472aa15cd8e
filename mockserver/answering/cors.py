"""Which header fields let a page of another origin read an answer, and the answer to its preflight.

As plain functions: whoever takes requests in asks `preflight` first, and `shared` in the end.
Source: WHATWG Fetch, section 3.2, "CORS protocol".
"""

from __future__ import annotations

from dataclasses import replace

from syncdyn.openapi.messages import Headers, Request, Response

_METHODS = "GET,DELETE,HEAD,PATCH,POST,PUT,OPTIONS"


def preflight(request: Request) -> Response | None:
    """The answer to a preflight: 204 with the methods and fields that were asked about; None for other requests."""
    asked = request.headers
    if request.method != "OPTIONS" or not asked.get("origin") or not asked.get("access-control-request-method"):
        return None
    methods = asked.get("access-control-request-method") or _METHODS
    pairs = (*_pairs(request), ("access-control-allow-methods", methods), ("vary", "origin"))
    return Response(204, Headers((*pairs, ("content-length", "0"))))


def shared(request: Request, response: Response) -> Response:
    """The response with the fields that let the asking page read it, credentials and all."""
    own = [pair for pair in response.headers.pairs if not pair[0].lower().startswith("access-control-")]
    return replace(response, headers=Headers((*own, *_pairs(request))))


def _pairs(request: Request) -> tuple[tuple[str, str], ...]:
    asked = request.headers
    return (
        ("access-control-allow-origin", asked.get("origin") or "*"),
        ("access-control-allow-headers", asked.get("access-control-request-headers") or "*"),
        ("access-control-allow-credentials", "true"),
        ("access-control-expose-headers", asked.get("access-control-expose-headers") or "*"),
    )
