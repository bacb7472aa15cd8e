"""Which media type of a request body is meant: the one that was said, else the one that the data fits.

Files make a multipart body; bytes and iterators as a whole body one that is neither JSON nor a form; a text as a
whole body one of text, unless JSON would be a string there; all else the first JSON one, else a form, else one of
parts or XML, else the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from syncdyn.openapi.coding.files import as_file, content_type_of, holds_file, is_given_file
from syncdyn.openapi.coding.media import best_match, essence, is_content, is_json, is_json_lines, is_xml
from syncdyn.openapi.coding.media_types import FORM, MULTIPART, OCTETS, is_range, is_text
from syncdyn.openapi.coding.texts import types_of
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.hints import hint, quoted
from syncdyn.openapi.operations import MediaType, Operation

_ORDER: tuple[Callable[[str], bool], ...] = (
    is_json,
    lambda name: name == FORM,
    lambda name: name == MULTIPART or is_xml(name),
    bool,
)


def default_media_type(operation: Operation) -> MediaType | None:
    """The media type of data that says nothing: the first that carries objects, JSON before a form before the rest."""
    return next((one for fits in _ORDER for one in operation.media_types if fits(essence(one.name))), None)


def stated_media_type(operation: Operation, name: str) -> MediaType | Violation:
    """The media type that a caller named, as far as the document has it."""
    found = best_match(operation.media_types, name)
    if found is not None:
        return found
    allowed = tuple(one.name for one in operation.media_types)
    message = f"{quoted(name)} is not one of {', '.join(allowed)}" if allowed else "the operation takes no body"
    return Violation("request_options", ("content_type",), message, "mediaType", name, allowed, hint(name, allowed))


def named_media_type(operation: Operation, name: str) -> MediaType | None:
    """The media type of a name; of a range that it is among, that one under the name."""
    found = stated_media_type(operation, name)
    if isinstance(found, Violation):
        return None
    return replace(found, name=name) if "*" in found.name or "," in found.name else found


def fitting_media_type(
    contract: Contract, operation: Operation, named: Mapping[str, Any], whole_body: str | None
) -> MediaType | None:
    """The media type that the arguments ask for; None where they leave it open."""
    content = operation.media_types
    body = named.get(whole_body, MISSING) if whole_body else MISSING
    members = [value for name, value in named.items() if name != whole_body]
    if isinstance(body, Mapping):
        members += body.values()
    if any(map(holds_file, members)):
        return next((one for one in content if essence(one.name) == MULTIPART), None)
    if isinstance(body, str):
        return _textual(contract, content)
    if is_content(body) or is_given_file(body) or isinstance(body, Iterator) or hasattr(body, "__aiter__"):
        return _raw(content, body)
    return None


def _textual(contract: Contract, content: Iterable[MediaType]) -> MediaType | None:
    """The media type of a text as a whole body: one of text or XML, unless JSON can be a string there."""
    if any(is_json(essence(one.name)) and "string" in types_of(contract.shape(one.schema)) for one in content):
        return None
    found = [one for one in content if is_text(name := essence(one.name)) or is_xml(name)]
    return min(found, key=lambda one: is_xml(essence(one.name)), default=None)


def _raw(content: Iterable[MediaType], body: object) -> MediaType | None:
    """The media type of bytes as a whole body: that of the file, else octets, else whatever takes them."""
    fitting = [one for one in content if not _is_written(essence(one.name))]
    if is_given_file(body):
        known = best_match(fitting, content_type_of(as_file(body), None))
        if known is not None:
            return known
    ranked = sorted(fitting, key=lambda one: (essence(one.name) != OCTETS, not is_range(one.name)))
    return ranked[0] if ranked else None


def _is_written(name: str) -> bool:
    """Whether bodies of the type are written here from values, so that bytes are not what is expected."""
    return is_json(name) or is_json_lines(name) or name in (FORM, MULTIPART)


def takes_iterators(media_type: MediaType | None) -> bool:
    """Whether an iterator as a whole body gives its bytes, and not the items of an array."""
    return media_type is not None and not _is_written(essence(media_type.name))
