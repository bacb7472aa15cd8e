"""Texts <-> the characters that a URL can hold: percent-encoding by place, pairs, and dot segments.

Source: RFC 3986, sections 2 and 3.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syncdyn.openapi.messages import Json, Pairs

# Delimiters of path styles (`,;=`) are encoded in data always, and `+`, which some servers read as a space.
_PATH_SAFE = "!$&'()*:@"
# Of the reserved characters all that a query can hold without being cut or split.
_RESERVED_SAFE = ":/?@!$'()*,;="
_TRIPLE = re.compile(r"(%[0-9A-Fa-f]{2})")
_DOTS = frozenset({".", ".."})


def quote_data(text: str, safe: str = "") -> str:
    """The text with everything encoded but unreserved characters; raises ValueError for lone surrogates."""
    if text.isalnum() and text.isascii():
        return text
    try:
        return quote(text, safe=safe)
    except UnicodeEncodeError:
        raise ValueError("the text holds a lone surrogate, which UTF-8 cannot carry") from None


def quote_path(text: str) -> str:
    """The text as data in a path segment: no slash, no delimiter of a path style."""
    return quote_data(text, _PATH_SAFE)


def quote_reserved(text: str) -> str:
    """The text for a query that allows reserved characters.

    `#`, `&`, `+` and brackets are encoded still; triples that are encoded already pass.
    Source: RFC 6570, section 3.2.3; OpenAPI 3.1.1, `allowReserved`.
    """
    pieces = enumerate(_TRIPLE.split(text))
    return "".join(piece if index % 2 else quote_data(piece, _RESERVED_SAFE) for index, piece in pieces)


def refuse_escape(text: str, value: Json) -> None:
    """Raises ValueError for an encoded path text that is empty or holds a dot segment in any spelling.

    Source: RFC 3986, section 5.2.4; servers that decode before they route would follow it.
    """
    if not text:
        raise ValueError("it is empty, which would make the path another one")
    if "." not in text and "%" not in text:
        return
    plain = text
    while (decoded := unquote(plain)) != plain:
        plain = decoded
    found = next((segment for segment in re.split(r"[/\\]", plain) if segment in _DOTS), None)
    if found is not None:
        raise ValueError(f"{str(value)[:60]!r} holds the dot segment {found!r}, which leads elsewhere")


def split_pairs(text: str, separator: str) -> Pairs:
    """The name/value pairs between separators, still percent-encoded; a name alone has an empty value."""
    pieces = (piece.partition("=") for piece in text.split(separator) if piece)
    return tuple((name, value) for name, _, value in pieces)


def split_query(query: str) -> Pairs:
    """The pairs of a query string or form body, still percent-encoded."""
    return split_pairs(query, "&")


def query_string(pairs: Sequence[tuple[str, str]]) -> str:
    """The query string of pairs that are percent-encoded already, without the question mark."""
    return "&".join(f"{name}={text}" for name, text in pairs)


def split_cookies(header: str) -> Pairs:
    """The pairs of a Cookie header, still percent-encoded. Source: RFC 6265, section 4.2."""
    return tuple((name.strip(), text.strip()) for name, text in split_pairs(header, ";"))


def cookie_string(pairs: Sequence[tuple[str, str]]) -> str:
    """The Cookie header of pairs that are percent-encoded already."""
    return "; ".join(f"{name}={text}" for name, text in pairs)
