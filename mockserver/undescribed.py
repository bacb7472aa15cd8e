"""Responses that no document describes."""

from __future__ import annotations

import json
from http import HTTPStatus

from syncdyn.openapi.messages import Headers, Json, Response


def plain_problem(status: int, detail: str, **members: Json) -> Response:
    """A response that no document describes. Source: RFC 9457."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **members}
    content = json.dumps(body, separators=(",", ":")).encode()
    return Response(status, Headers({"content-type": "application/problem+json"}), content)


def without_body(response: Response) -> Response:
    """The response to HEAD where this is the one to GET."""
    headers = response.headers
    if "content-length" not in headers:
        headers = headers.replace(content_length=str(len(response.body)))
    return Response(response.status, headers)
