"""Values <-> JSON, by their types: dataclasses, tables, tuples; bytes are kept beside the JSON, as they are."""

from __future__ import annotations

import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from mockserver.errors import MockError
from mockserver.tables import Table
from syncdyn.openapi.messages import Headers, Json

_PLAIN = frozenset({int, float, str, bool, type(None), Any, object})
_UNIONS = (Union, types.UnionType)


@dataclass(frozen=True, slots=True)
class Codec:
    """How values of one type are written, and read again.

    `encode` puts bytes into the list and their place into the JSON; `decode` takes them from all of the bytes.
    """

    encode: Callable[[Any, list[bytes]], Json]
    decode: Callable[[Json, bytes], Any]


@cache
def codec_of(hint: Hashable) -> Codec:
    """The codec of a type, as annotations say it. Raises MockError for one that cannot be kept."""
    if hint in _PLAIN:
        return _AS_IT_IS
    special = _SPECIAL.get(hint)
    if special is not None:
        return special
    origin, inner = get_origin(hint) or hint, get_args(hint)
    if origin in _UNIONS:
        return _of_union(inner)
    if origin is tuple:
        return _of_tuple(inner)
    if isinstance(origin, type):
        for base, make in _MAKERS:
            if issubclass(origin, base):
                return make(origin, inner)
        if is_dataclass(origin):
            return _of_dataclass(origin)
    raise MockError(f"the state cannot be kept: values of {hint} have no written form")


def _of_dataclass(kind: Any) -> Codec:
    hints = get_type_hints(kind)
    members = [(each.name, codec_of(hints[each.name]), _default_of(each)) for each in fields(kind) if each.init]
    known = {name: codec for name, codec, _ in members}

    def encode(value: Any, blobs: list[bytes]) -> Json:
        found = ((name, codec, getattr(value, name), default) for name, codec, default in members)
        return {name: codec.encode(each, blobs) for name, codec, each, default in found if each != default}

    def decode(written: Json, blob: bytes) -> Any:
        # What is not written has its default; what an older version wrote may have a field more.
        return kind(**{name: known[name].decode(one, blob) for name, one in written.items() if name in known})

    return Codec(encode, decode)


def _default_of(member: Field[Any]) -> Any:
    """The value that a field has when none is given; where there must be one, what equals nothing."""
    return member.default if member.default_factory is MISSING else member.default_factory()


def _of_tuple(inner: tuple[Any, ...]) -> Codec:
    if len(inner) == 2 and inner[1] is ...:
        return _of_array(tuple, inner[:1])
    codecs = [codec_of(each) for each in inner]

    def encode(value: Any, blobs: list[bytes]) -> Json:
        return [codec.encode(one, blobs) for codec, one in zip(codecs, value, strict=True)]

    def decode(written: Json, blob: bytes) -> Any:
        return tuple(codec.decode(one, blob) for codec, one in zip(codecs, written, strict=True))

    return Codec(encode, decode)


def _of_array(make: Any, inner: tuple[Any, ...]) -> Codec:
    item = codec_of(inner[0])

    def encode(value: Any, blobs: list[bytes]) -> Json:
        return [item.encode(one, blobs) for one in value]

    def decode(written: Json, blob: bytes) -> Any:
        return make(item.decode(one, blob) for one in written)

    return Codec(encode, decode)


def _of_mapping(make: Any, inner: tuple[Any, ...]) -> Codec:
    names, values = (codec_of(each) for each in (inner if len(inner) == 2 else (str, *inner)))
    build = Table if make is Table else dict

    def encode(value: Any, blobs: list[bytes]) -> Json:
        return [[names.encode(name, blobs), values.encode(one, blobs)] for name, one in value.items()]

    def decode(written: Json, blob: bytes) -> Any:
        return build({names.decode(name, blob): values.decode(one, blob) for name, one in written})

    return Codec(encode, decode)


def _of_union(inner: tuple[Any, ...]) -> Codec:
    some = [each for each in inner if each is not type(None)]
    codecs = [codec_of(each) for each in some]
    if all(codec is _AS_IT_IS for codec in codecs):
        return _AS_IT_IS
    if len(some) > 1:
        raise MockError(f"the state cannot be kept: which of {inner} a value is, would not be known")
    (codec,) = codecs

    def encode(value: Any, blobs: list[bytes]) -> Json:
        return None if value is None else codec.encode(value, blobs)

    def decode(written: Json, blob: bytes) -> Any:
        return None if written is None else codec.decode(written, blob)

    return Codec(encode, decode)


def _of_enum(kind: Any, _inner: tuple[Any, ...]) -> Codec:
    return Codec(lambda value, _: value.value, lambda written, _: kind(written))


def _keep_bytes(value: bytes, blobs: list[bytes]) -> Json:
    start = sum(map(len, blobs))
    blobs.append(value)
    return [start, start + len(value)]


_AS_IT_IS = Codec(lambda value, _: value, lambda written, _: written)
_SPECIAL: Mapping[Any, Codec] = {
    bytes: Codec(_keep_bytes, lambda written, blob: blob[written[0] : written[1]]),
    Headers: Codec(lambda value, _: value.pairs, lambda written, _: Headers(tuple(map(tuple, written)))),
    # Objects of JSON, the most common of all, need no walk.
    Mapping[str, Any]: _AS_IT_IS,
    dict[str, Any]: _AS_IT_IS,
    list[Any]: _AS_IT_IS,
}
_MAKERS: tuple[tuple[type, Callable[[Any, tuple[Any, ...]], Codec]], ...] = (
    (Enum, _of_enum),
    (Mapping, _of_mapping),
    (frozenset, _of_array),
    (list, _of_array),
)
