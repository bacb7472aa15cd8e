"""A value -> the bytes of a response's body, by its media type."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.answering.streams import events_of, is_stream
from mockserver.answering.wishes import Unavailable
from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.events import encode_events
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.coding.media_types import EVENT_STREAM, FORM
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.items import item_shape
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import MediaType
from syncdyn.openapi.opinion.part_writing import render_parts


def encode(contract: Contract, media_type: MediaType, value: Json) -> tuple[bytes, str]:
    """The body of a value and its Content-Type. Text of a stream or of XML stands as it is.

    Raises Unavailable for what cannot be written in this media type.
    """
    name = media.essence(media_type.name)
    shape = contract.shape(media_type.schema)
    if name == EVENT_STREAM and not isinstance(value, str | bytes):
        items = value if isinstance(value, list) else [value]
        return encode_events(events_of(items, is_whole=_tells_events(contract, media_type))), media_type.name
    try:
        body, content_type = media.encode_body(media_type, shape, _fit(name, value))
    except (TypeError, ValueError) as error:
        raise Unavailable(406, f"{media_type.name} is not made by this mock: {error}", "NOT_ACCEPTABLE") from None
    if isinstance(body, tuple):
        return render_parts(body)
    return body, content_type or media_type.name


def text_of(value: Json) -> str:
    """A value as it stands in a field or a text: lists with commas, the rest as JSON has it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ",".join(text_of(item) for item in value)
    return encode_json(value)


def _tells_events(contract: Contract, media_type: MediaType) -> bool:
    """Whether the schema of an item is that of an event: what it says of data is then below `data`."""
    shape = item_shape(contract, media_type)
    fields = {field.wire for field in shape.all_fields.values()} if shape else set()
    return "data" in fields and (media_type.item_schema is not None or "event" in fields)


def _fit(name: str, value: Json) -> Json:
    """The value as its media type can carry it: what is no text and no JSON stands as its text."""
    if media.is_json(name) or media.is_xml(name) or isinstance(value, str | bytes) or value is MISSING:
        return value
    if name == FORM and isinstance(value, Mapping):
        return value
    if name == "multipart/form-data":
        return value
    if is_stream(name) or media.is_multipart(name):
        return value if isinstance(value, list) else [value]
    return text_of(value).encode()
