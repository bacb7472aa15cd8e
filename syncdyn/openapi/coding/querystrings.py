"""The parameter that is a whole query <-> its text: `in: querystring`, described by `content`.

Source: OpenAPI 3.2, Parameter Object, "Parameter Locations".
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from syncdyn.openapi.coding.forms import decode_form, encode_form
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.coding.malformed import Limits, MalformedBody
from syncdyn.openapi.coding.media_types import FORM, essence, is_json
from syncdyn.openapi.coding.percent import quote_data
from syncdyn.openapi.coding.texts import decode_json_text, decode_text, encode_text
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.operations import MediaType

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json
    from syncdyn.openapi.operations import Parameter
    from syncdyn.openapi.schemas.shapes import Shape


def encode_querystring(parameter: Parameter, value: Json) -> str:
    """The whole query, percent-encoded, without the question mark.

    A form is written as a form; JSON, and text of any other type, is encoded as it stands.
    Raises ValueError for a value that the media type cannot carry.
    """
    name = essence(parameter.media_type or FORM)
    if name == FORM:
        return encode_form(MediaType(FORM, parameter.schema, parameter.encoding), value).decode()
    return quote_data(encode_json(value) if is_json(name) else encode_text(value))


def decode_querystring(parameter: Parameter, shape: Shape | None, query: str) -> Json:
    """The value of the whole query; MISSING for an empty one. What cannot be read stays text."""
    name = essence(parameter.media_type or FORM)
    if not query:
        return MISSING
    if name != FORM:
        text = unquote(query)
        return decode_json_text(text) if is_json(name) else decode_text(text, shape)
    try:
        return decode_form(MediaType(FORM, parameter.schema, parameter.encoding), shape, query.encode(), Limits())
    except MalformedBody:
        return query
