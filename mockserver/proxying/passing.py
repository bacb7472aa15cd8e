"""What of a message goes on to the next hop, and what of a body can be read on the way."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from urllib.parse import urlsplit

from syncdyn.openapi.coding import media
from syncdyn.openapi.items import is_sequence
from syncdyn.openapi.messages import Headers, Pairs, Response

#: Fields for this connection alone, beside those that `Connection` names. Source: RFC 9110, sections 7.6.1 and 11.7.
_HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_VIA = "1.1 syncdyn"
_PLAIN, _ZIPPED = frozenset({"", "identity"}), frozenset({"gzip", "x-gzip", "deflate"})
#: zlib's word for either of its formats, told apart by their first bytes.
_EITHER_FORMAT = 47


def passed_on(headers: Headers, without: Collection[str] = ()) -> Pairs:
    """The fields that go on to the next hop, and one that tells of this one. Source: RFC 9110, section 7.6.3."""
    named = {name.strip().lower() for name in headers.get("connection", "").split(",")}
    left_out = _HOP_BY_HOP | named | set(without)
    kept = [pair for pair in headers.pairs if pair[0].lower() not in left_out]
    return (*kept, ("via", _VIA))


def target_at(upstream: str, url: str) -> str:
    """The URL at the upstream for one that was asked for here: of that only path and query count."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{upstream.rstrip('/')}/{parts.path.removeprefix('/')}{query}"


def is_stream(headers: Headers) -> bool:
    """Whether a body comes by and by, so that nobody waits for its end: events, lines, parts without end."""
    content_type = headers.get("content-type", "")
    return is_sequence(content_type) or media.essence(content_type).startswith("multipart/x-mixed-replace")


def legible(response: Response, most_bytes: int) -> Response | None:
    """The response with its body's content coding undone, at most so many bytes; None where that cannot be.

    Source: RFC 9110, section 8.4.
    """
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding in _PLAIN:
        return response
    body = _unzipped(response.body, most_bytes) if coding in _ZIPPED else None
    return None if body is None else Response(response.status, response.headers.replace(content_encoding=None), body)


def _unzipped(body: bytes, most_bytes: int) -> bytes | None:
    reader = zlib.decompressobj(_EITHER_FORMAT)
    try:
        text = reader.decompress(body, most_bytes)
    except zlib.error:
        return None
    return text if reader.eof else None
