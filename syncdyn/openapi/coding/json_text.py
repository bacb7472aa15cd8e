"""JSON values <-> JSON text and JSON lines, strictly: what cannot travel is refused in a sentence."""

from __future__ import annotations

import json
import math
import re
from itertools import accumulate
from typing import TYPE_CHECKING, NoReturn

from syncdyn.openapi.coding.malformed import MalformedBody

if TYPE_CHECKING:
    from collections.abc import Iterable

    from syncdyn.openapi.messages import Json

#: Deeper nesting is refused: no honest message needs it, and parsers recurse.
MAX_DEPTH = 200

_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = {ord(bracket): step for bracket, step in (("[", 1), ("{", 1), ("]", -1), ("}", -1))}
_ENCODERS = {
    is_ascii: json.JSONEncoder(ensure_ascii=is_ascii, allow_nan=False, separators=(",", ":"))
    for is_ascii in (False, True)
}
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def encode_json(value: Json, *, is_ascii: bool = False) -> str:
    """The compact JSON text of a value.

    Raises ValueError for what JSON cannot say: NaN, infinities, lone surrogates, circles,
    Python objects without a JSON form.
    Source: RFC 8259.
    """
    try:
        text = _ENCODERS[is_ascii].encode(value)
        if not text.isascii():
            text.encode()
    except UnicodeEncodeError:
        raise ValueError("a text holds a lone surrogate, which UTF-8 cannot carry") from None
    except RecursionError:
        raise ValueError("the value is nested too deeply to be written as JSON") from None
    except TypeError as error:
        raise ValueError(f"the value cannot be written as JSON: {error}") from None
    except ValueError as error:
        raise ValueError(f"the value cannot be written as JSON: {_reason(error)}") from None
    return text


def decode_json(body: bytes | str) -> Json:
    """The value of a JSON text in UTF-8; of a repeated key the last value counts.

    Raises MalformedBody, also for nesting of more than MAX_DEPTH levels, NaN, and numbers out of range.
    Source: RFC 8259.
    """
    raw = body.encode(errors="surrogatepass") if isinstance(body, str) else body
    if not raw.strip():
        raise MalformedBody("the body is empty where JSON was announced")
    if depth_of(raw) > MAX_DEPTH:
        raise MalformedBody(f"the JSON is nested deeper than {MAX_DEPTH} levels")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedBody(f"the body is not JSON: the byte at offset {error.start} is not UTF-8") from None
    value = _parse(text)
    if _SURROGATE_ESCAPE.search(text):
        _refuse_lone_surrogates(value)
    return value


def _parse(text: str) -> Json:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise MalformedBody(f"the body is not JSON: {error.msg} at {place}") from None
    except MalformedBody:
        raise
    except ValueError:
        raise MalformedBody("the JSON holds a whole number with too many digits") from None


def encode_lines(values: Iterable[Json]) -> bytes:
    """The values as JSON lines, each line ended.

    Source: jsonlines.org; the same bytes are newline-delimited JSON.
    """
    return "".join(f"{encode_json(value)}\n" for value in values).encode()


def encode_sequence(values: Iterable[Json]) -> bytes:
    """The values as a JSON text sequence. Source: RFC 7464, section 2.2."""
    return "".join(f"\x1e{encode_json(value)}\n" for value in values).encode()


def decode_sequence(body: bytes) -> list[Json]:
    """The values of a JSON text sequence; raises MalformedBody."""
    return [decode_json(text) for text in body.split(b"\x1e") if text.strip()]


def decode_lines(body: bytes) -> list[Json]:
    """The values of JSON lines; blank lines count for nothing. Raises MalformedBody naming the line."""
    values = []
    for number, line in enumerate(body.split(b"\n"), start=1):
        if line.strip():
            try:
                values.append(decode_json(line))
            except MalformedBody as error:
                raise MalformedBody(f"line {number} of the JSON lines: {error}") from None
    return values


def depth_of(raw: bytes) -> int:
    """The deepest nesting in a JSON text, found without parsing it; of broken text a rough figure."""
    if raw.count(b"[") + raw.count(b"{") <= MAX_DEPTH:
        return 0
    # Escapes out, then every second piece between quotes is a string: a few passes in C.
    unescaped = raw.replace(rb"\\", b"").replace(rb"\"", b"")
    brackets = b"".join(unescaped.split(b'"')[::2]).translate(None, _NOT_BRACKETS)
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0)


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise MalformedBody("the JSON holds a number that is out of range")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedBody(f"the body is not JSON: it has no {name}")


def _refuse_lone_surrogates(value: Json) -> None:
    try:
        encode_json(value)
    except ValueError:
        raise MalformedBody("the JSON holds half of a surrogate pair, which no text can hold") from None


#: Made once: a decoder with hooks of its own costs more to make than a small text to read.
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)


def _reason(error: ValueError) -> str:
    return "it refers to itself" if "ircular" in str(error) else "NaN and infinities have no JSON form"
