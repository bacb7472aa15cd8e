"""A parameter <-> text: style, explode and location, as OpenAPI lays them down.

Text is percent-encoded on this side of `encode_*` and `decode_*`: pairs and path segments are
what stands in the URL, since after decoding a delimiter and data look alike.
A style that the location does not have is degraded: the location's own is used in its place.
Source: OpenAPI 3.0.4, 3.1.1 and 3.2.0, Parameter Object, "Style Values" and "Style Examples"; RFC 6570.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, unquote_plus

from syncdyn.openapi.coding.deep_objects import decode_deep, encode_deep
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.coding.media_types import essence, is_json
from syncdyn.openapi.coding.percent import (
    cookie_string,
    query_string,
    quote_data,
    quote_path,
    quote_reserved,
    refuse_escape,
    split_cookies,
    split_pairs,
    split_query,
)
from syncdyn.openapi.coding.texts import (
    decode_items,
    decode_json_text,
    decode_several,
    decode_text,
    encode_text,
    is_only,
    may_be,
    member_shape,
)
from syncdyn.openapi.errors import MISSING

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json, Pairs
    from syncdyn.openapi.operations import Parameter
    from syncdyn.openapi.schemas.shapes import Shape

__all__ = [
    "cookie_string",
    "decode_cookie",
    "decode_header",
    "decode_path",
    "decode_query",
    "degraded_style",
    "encode_cookie",
    "encode_header",
    "encode_path",
    "encode_query",
    "query_string",
    "split_cookies",
    "split_query",
]


@dataclass(frozen=True, slots=True)
class _Style:
    """`separator` stands between exploded pieces, `joiner` between others and `delimiter` reads it.

    `refused` are characters that no item can hold, because the joiner is their own encoding.
    """

    locations: tuple[str, ...]
    separator: str = ","
    joiner: str = ","
    delimiter: re.Pattern[str] = re.compile(",")
    prefix: str = ""
    is_named: bool = False
    refused: str = ""


_STYLES = {
    "form": _Style(("query", "cookie"), separator="&", is_named=True),
    "cookie": _Style(("cookie",), separator="; ", is_named=True),
    "spaceDelimited": _Style(
        ("query",), "&", joiner="%20", delimiter=re.compile(r"%20|\+| "), is_named=True, refused=" "
    ),
    "pipeDelimited": _Style(
        ("query",), "&", joiner="%7C", delimiter=re.compile(r"%7[Cc]|\|"), is_named=True, refused="|"
    ),
    "deepObject": _Style(("query",), "&", is_named=True),
    "simple": _Style(("path", "header")),
    "label": _Style(("path",), separator=".", prefix="."),
    "matrix": _Style(("path",), separator=";", prefix=";", is_named=True),
}
_DEFAULT_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}

#: Values that have no items, by type: the shortest way for what most values are.
_SCALARS = frozenset({str, int, float, bool})

_Quote = Callable[[str], str]
_Unquote = Callable[[str], str]

_UNFIT_FOR_HEADER = re.compile(r"[^\t\x20-\x7e]")
#: A comma stands in cookies that servers set, though RFC 6265, section 4.1.1, has none.
_UNFIT_FOR_COOKIE = re.compile(r"[^\x21-\x7e]|[;\"\\]")


def encode_query(parameter: Parameter, value: Json) -> Pairs:
    """The name/value pairs of one parameter, percent-encoded, in order.

    An empty array is `name=`: without the pair a filter that lets nothing through would let
    everything through. An empty exploded object has no name to be sent under and is no pair.
    Null is an empty text. An array or object inside an item travels as JSON text.
    Raises ValueError where the style cannot carry the value.
    """
    quoted = quote_reserved if parameter.allow_reserved else quote_data
    if parameter.media_type is not None:
        return ((quote_data(parameter.name), quoted(_content_text(parameter, value))),)
    style = _style_of(parameter)
    if parameter.style == "deepObject":
        deep = encode_deep(parameter.name, value, parameter.array_keys)
        return tuple((quote_data(name), quoted(text)) for name, text in deep)
    return _pairs(_pieces(parameter, style, value, quoted))


def decode_query(parameter: Parameter, shape: Shape | None, pairs: Sequence[tuple[str, str]]) -> Json:
    """The value of one parameter from all the pairs of a query, still percent-encoded; MISSING if absent.

    Texts become what the shape's types allow; a text that fits none stays text.
    An exploded object takes the pairs of its declared fields; one that declares none takes every
    pair, so hand over those alone that no other parameter names.
    """
    if parameter.style == "deepObject" and parameter.media_type is None:
        plain = [(unquote_plus(name), unquote_plus(text)) for name, text in pairs]
        return decode_deep(parameter.name, shape, plain)
    return _decode_pairs(parameter, shape, pairs, unquote_plus)


def encode_path(parameter: Parameter, value: Json) -> str:
    """The text that takes the place of `{name}` in a path; nothing in it can end or leave its segment.

    Raises ValueError for an empty text and for dot segments in any spelling: either would
    lead to another resource. Source: RFC 3986, sections 3.3 and 5.2.4.
    """
    if parameter.media_type is not None:
        text = quote_path(_content_text(parameter, value))
    elif parameter.style == "simple" and type(value) in _SCALARS:
        text = quote_path(encode_text(value))
    else:
        style = _style_of(parameter)
        pieces = _pieces(parameter, style, value, quote_path)
        text = style.prefix + _joined(parameter, style, pieces)
    refuse_escape(text, value)
    return text


def decode_path(parameter: Parameter, shape: Shape | None, text: str) -> Json:
    """The value in a path segment, still percent-encoded; MISSING where it lacks the style's prefix."""
    if parameter.media_type is not None:
        return _decode_content(parameter, shape, unquote(text))
    style = _style_of(parameter)
    if not text.startswith(style.prefix):
        return MISSING
    rest = text[len(style.prefix) :]
    if style.is_named:
        return _decode_pairs(parameter, shape, split_pairs(rest, style.separator), unquote)
    return _decode_unnamed(parameter, style, shape, rest, unquote)


def encode_header(parameter: Parameter, value: Json) -> str:
    """The text of a header field; nothing is percent-encoded.

    Raises ValueError for characters that a field cannot hold (line ends, controls, beyond ASCII)
    and for items with a comma, since headers have no escape for one.
    Source: OpenAPI 3.1.1, Parameter Object; RFC 9110, section 5.5.
    """
    if parameter.media_type is not None:
        text = _content_text(parameter, value, is_ascii=True)
    else:
        style = _style_of(parameter)
        is_scalar = not isinstance(value, Mapping | list | tuple)
        quoted = str if is_scalar else _without_comma
        text = _joined(parameter, style, _pieces(parameter, style, value, quoted))
    unfit = _UNFIT_FOR_HEADER.search(text)
    if unfit:
        raise ValueError(f"the header would hold {unfit.group()!r}; printable ASCII alone is allowed there")
    return text


def decode_header(parameter: Parameter, shape: Shape | None, text: str) -> Json:
    """The value of a header field, several lines of it joined by commas."""
    if parameter.media_type is not None:
        return _decode_content(parameter, shape, text)
    if shape is not None and not shape.types & {"array", "object"}:
        return decode_text(text.strip(), shape)
    return _decode_unnamed(parameter, _style_of(parameter), shape, text.strip(), str.strip)


def encode_cookie(parameter: Parameter, value: Json) -> Pairs:
    """The cookie pairs of one parameter; exploded arrays repeat the cookie's name.

    They are percent-encoded, but for the style `cookie` (OpenAPI 3.2), which sends values as they are.
    Raises ValueError for a value that such a cookie cannot hold.
    """
    if parameter.media_type is not None:
        return ((quote_data(parameter.name), quote_data(_content_text(parameter, value))),)
    if parameter.style == "cookie":
        is_scalar = not isinstance(value, Mapping | list | tuple)
        return _pairs(_pieces(parameter, _style_of(parameter), value, _cookie_text if is_scalar else _cookie_item))
    return _pairs(_pieces(parameter, _style_of(parameter), value, quote_data))


def decode_cookie(parameter: Parameter, shape: Shape | None, cookies: str | Sequence[tuple[str, str]]) -> Json:
    """The value of one parameter from a Cookie header or its pairs, still percent-encoded, or MISSING."""
    pairs = split_cookies(cookies) if isinstance(cookies, str) else cookies
    is_plain = parameter.style == "cookie" and parameter.media_type is None
    return _decode_pairs(parameter, shape, pairs, str if is_plain else unquote)


def degraded_style(parameter: Parameter) -> str | None:
    """The style that is used in place of the one that the document states; None where that is one of the location."""
    if parameter.media_type is not None or parameter.location == "querystring":
        return None
    stated = _STYLES.get(parameter.style)
    fits = stated is not None and parameter.location in stated.locations
    return None if fits else _DEFAULT_STYLES.get(parameter.location, "form")


def _style_of(parameter: Parameter) -> _Style:
    return _STYLES[degraded_style(parameter) or parameter.style]


_Pieces = list[tuple[str | None, str]]


def _pieces(parameter: Parameter, style: _Style, value: Json, quoted: _Quote) -> _Pieces:
    """The pieces between separators: names (None where the style writes none) and texts."""
    name = quote_data(parameter.name) if style.is_named else None
    if not isinstance(value, Mapping | list | tuple):
        return [(name, quoted(encode_text(value)))]
    item_quoted = _within(style, parameter, quoted)
    if isinstance(value, Mapping):
        members = [(item_quoted(key), item_quoted(encode_text(member))) for key, member in value.items()]
        if parameter.explode:
            return [(key, text) for key, text in members]
        return [(name, style.joiner.join(text for member in members for text in member))]
    texts = [item_quoted(encode_text(item)) for item in value]
    if parameter.explode and texts:
        return [(name, text) for text in texts]
    return [(name, style.joiner.join(texts))]


def _within(style: _Style, parameter: Parameter, quoted: _Quote) -> _Quote:
    """Quoting for what stands between delimiters, which therefore must not contain them."""
    refused = style.refused if not parameter.explode else ("." if style.separator == "." else "")

    def quote_item(text: str) -> str:
        if any(character in text for character in refused):
            raise ValueError(_no_escape(f"the style {parameter.style}", text, refused))
        encoded = quoted(text)
        return encoded.replace(",", "%2C") if quoted is quote_reserved else encoded

    return quote_item


def _pairs(pieces: _Pieces) -> Pairs:
    return tuple((name or "", text) for name, text in pieces)


def _joined(parameter: Parameter, style: _Style, pieces: _Pieces) -> str:
    # RFC 6570, 3.2.7: in matrix style an empty value has no equals sign.
    def write(name: str | None, text: str) -> str:
        if name is None:
            return text
        return f"{name}={text}" if text or parameter.style != "matrix" else name

    return style.separator.join(write(name, text) for name, text in pieces)


def _content_text(parameter: Parameter, value: Json, *, is_ascii: bool = False) -> str:
    if is_json(essence(parameter.media_type or "")):
        return encode_json(value, is_ascii=is_ascii)
    return encode_text(value)


def _decode_content(parameter: Parameter, shape: Shape | None, text: str) -> Json:
    if is_json(essence(parameter.media_type or "")):
        return decode_json_text(text)
    return decode_text(text, shape)


def _decode_pairs(
    parameter: Parameter, shape: Shape | None, pairs: Sequence[tuple[str, str]], decoded: _Unquote
) -> Json:
    raw = [text for name, text in pairs if decoded(name) == parameter.name]
    if parameter.media_type is not None:
        return _decode_content(parameter, shape, decoded(raw[0])) if raw else MISSING
    style = _style_of(parameter)
    if parameter.explode and not raw and may_be(shape, "object"):
        return _decode_members(shape, [(decoded(name), decoded(text)) for name, text in pairs])
    if not raw:
        return MISSING
    if parameter.explode:
        return decode_several([decoded(text) for text in raw], shape)
    return _decode_joined(raw, style.delimiter, shape, decoded)


def _decode_unnamed(parameter: Parameter, style: _Style, shape: Shape | None, text: str, decoded: _Unquote) -> Json:
    delimiter = re.compile(re.escape(style.separator)) if parameter.explode else style.delimiter
    if parameter.explode and may_be(shape, "object") and "=" in text:
        pieces = (piece.partition("=") for piece in delimiter.split(text))
        return _members(shape, [(decoded(name), decoded(value)) for name, _, value in pieces])
    return _decode_joined([text], delimiter, shape, decoded)


def _decode_joined(raw: Sequence[str], delimiter: re.Pattern[str], shape: Shape | None, decoded: _Unquote) -> Json:
    """The value of texts that hold their items joined; the same name may come again."""
    pieces = [decoded(piece) for text in raw for piece in delimiter.split(text)]
    if is_only(shape, "array"):
        return decode_several(_resplit(pieces, shape), shape)
    if len(pieces) > 1 and may_be(shape, "array"):
        return decode_items(pieces, shape)
    if may_be(shape, "object") and (len(pieces) % 2 == 0 or pieces == [""]):
        return _members(shape, list(zip(pieces[::2], pieces[1::2], strict=False)))
    return decode_several([decoded(text) for text in raw], shape)


def _resplit(pieces: list[str], shape: Shape | None) -> list[str]:
    """The items, parted at an encoded comma too, where the item as it stands could not be meant.

    `%2C` is data by RFC 3986, yet form encoders write every comma so.
    """
    items = shape.items if shape else None
    if items is None or len(pieces) != 1 or "," not in pieces[0]:
        return pieces
    allowed = items.schema.get("enum")
    is_data = pieces[0] in allowed if isinstance(allowed, list) else "string" in items.types
    return pieces if is_data else pieces[0].split(",")


def _decode_members(shape: Shape | None, pairs: Sequence[tuple[str, str]]) -> Json:
    fields = shape.all_fields if shape else {}
    own = [(name, text) for name, text in pairs if name in fields or not fields]
    return _members(shape, own) if own else MISSING


def _members(shape: Shape | None, pairs: Sequence[tuple[str, str]]) -> dict[str, Json]:
    texts: dict[str, list[str]] = {}
    for name, text in pairs:
        texts.setdefault(name, []).append(text)
    return {name: _member(found, member_shape(shape, name)) for name, found in texts.items()}


def _member(texts: list[str], shape: Shape | None) -> Json:
    return decode_text(texts[0], shape) if len(texts) == 1 else decode_several(texts, shape)


def _cookie_text(text: str) -> str:
    unfit = _UNFIT_FOR_COOKIE.search(text)
    if unfit:
        raise ValueError(f"a cookie of the style cookie would hold {unfit.group()!r}, which it cannot: encode it first")
    return text


def _cookie_item(text: str) -> str:
    return _cookie_text(_without_comma(text, "a cookie"))


def _without_comma(text: str, what: str = "a header") -> str:
    if "," in text:
        raise ValueError(_no_escape(what, text, ","))
    return text


def _no_escape(what: str, text: str, refused: str) -> str:
    return f"{what} cannot carry {text[:40]!r}: {refused!r} parts its items and has no escape"
