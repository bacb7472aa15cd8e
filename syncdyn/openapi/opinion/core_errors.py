"""openapi-core's errors -> our violations: where, what was found, and why, from the innermost cause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from jsonschema.exceptions import best_match  # type: ignore[import-untyped]
from openapi_core.casting.schemas.exceptions import CastError
from openapi_core.deserializing.exceptions import DeserializeError
from openapi_core.deserializing.media_types.exceptions import MediaTypeDeserializeError
from openapi_core.deserializing.styles.exceptions import EmptyQueryParameterValue
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.media_types.exceptions import MediaTypeNotFound
from openapi_core.templating.responses.exceptions import ResponseNotFound
from openapi_core.templating.security.exceptions import SecurityNotFound
from openapi_core.validation.request.exceptions import (
    MissingParameterError,
    MissingRequestBodyError,
    ParameterValidationError,
    SecurityValidationError,
)
from openapi_core.validation.response.exceptions import HeaderValidationError, MissingData, MissingHeaderError
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue

from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.messages import Json
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.wording import show

_Path = tuple[str | int, ...]

#: What an open contract allows for in responses; openapi-core knows no such thing.
_OPEN_WORDS = frozenset({"enum", "additionalProperties", "unevaluatedProperties"})

_LONGEST = 400

#: The keyword and the message for each kind of error that is not of a schema.
_TOLD: tuple[tuple[type[Exception], str, Callable[[Any], str]], ...] = (
    (MissingParameterError, "required", lambda _: "missing (required)"),
    (MissingHeaderError, "required", lambda _: "missing (required)"),
    (MissingRequestBodyError, "required", lambda _: "missing (required)"),
    (MissingData, "required", lambda _: "empty, but a body is promised"),
    (SecurityNotFound, "security", lambda error: f"no credentials; needed: {_alternatives(error.schemes)}"),
    (
        ResponseNotFound,
        "status",
        lambda error: f"{error.http_status} is not documented; documented: {', '.join(error.availableresponses)}",
    ),
    (
        MediaTypeNotFound,
        "mediaType",
        lambda error: f"{error.mimetype or 'no media type'} is not one of {', '.join(error.availableMimetypes)}",
    ),
    (MediaTypeDeserializeError, "malformed", lambda error: f"cannot be read as {error.mimetype}"),
    (CastError, "type", lambda error: f"{_shown(error.value)} cannot be read as {error.type}"),
    (EmptyQueryParameterValue, "malformed", lambda _: "is empty"),
    (DeserializeError, "malformed", lambda _: "cannot be read in the style that the document states"),
)


def violations_of(error: Exception, direction: Direction) -> Iterator[Violation]:
    """The violations that one error of openapi-core stands for.

    An error that it does not declare means that it could not judge; its words may quote the message, so
    only its type is told.
    """
    location, path = _place(error)
    cause = error.__cause__ if isinstance(error.__cause__, OpenAPIError) else error
    if isinstance(cause, InvalidSchemaValue):
        for found in cause.schema_errors:
            yield from (_violation(one, location, path, direction) for one in _innermost(found))
        return
    for kind, keyword, message in _TOLD:
        if isinstance(cause, kind):
            yield Violation(location, path, message(cause), keyword)
            return
    yield Violation(location, path, f"openapi-core could not judge it ({type(cause).__name__})", "undecided")


def _place(error: Exception) -> tuple[str, _Path]:
    if isinstance(error, ParameterValidationError):
        return error.location, (error.name,)
    if isinstance(error, HeaderValidationError):
        return "header", (error.name,)
    if isinstance(error, SecurityValidationError):
        return "security", ()
    if isinstance(error, ResponseNotFound):
        return "status", ()
    return ("header", ("content-type",)) if isinstance(error.__cause__, MediaTypeNotFound) else ("body", ())


def _innermost(error: Any) -> list[Any]:
    """The errors that say most: those of the one branch that was meant, else the closest."""
    if not error.context:
        return [error]
    meant = [branch for branch in _branches(error).values() if not any(map(_is_other_branch, branch))]
    if len(meant) == 1:
        return [inner for nested in meant[0] for inner in _innermost(nested)]
    return [best_match(iter([error]))]


def _branches(error: Any) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for nested in error.context:
        found.setdefault(nested.schema_path[0], []).append(nested)
    return found


def _is_other_branch(error: Any) -> bool:
    """Whether an error says that another branch was meant: a wrong tag, or a wrong type of the whole."""
    is_tag = error.validator == "const" or (error.validator == "enum" and len(error.validator_value) == 1)
    return (is_tag and len(error.path) == 1) or (error.validator == "type" and not error.path)


def _violation(error: Any, location: str, path: _Path, direction: Direction) -> Violation:
    word = str(error.validator)
    below, message = _message(error)
    is_open = word in _OPEN_WORDS or _is_overlap(error) or _unknown_tag(error) is not None
    return Violation(
        location,
        (*path, *error.absolute_path, *below),
        message if len(message) <= _LONGEST else f"{message[:_LONGEST]}...",
        word,
        MISSING if isinstance(error.instance, dict | list) else error.instance,
        is_tolerated=direction is Direction.RESPONSE and is_open,
    )


def _message(error: Any) -> tuple[_Path, str]:
    """The path from the value to what is at fault, and the message, which quotes no object and no array."""
    if error.validator == "required":
        missing = [name for name in error.validator_value if error.message.startswith(repr(name))]
        return tuple(missing[:1]), "missing (required)"
    if error.validator in ("oneOf", "anyOf") and error.context:
        return (), _fits_none(error)
    if _is_overlap(error):
        return (), "fits more than one of the schemas that exclude each other"
    tag = _unknown_tag(error)
    if tag is not None:
        return (tag,), f"{show(error.instance[tag])} names none of the schemas"
    quoted = repr(error.instance)
    if error.message.startswith(quoted):
        return (), _shown(error.instance) + error.message[len(quoted) :]
    # The two messages that end with the value are those of readOnly and writeOnly.
    return (), error.message.removesuffix(f" with {error.instance}")


def _is_overlap(error: Any) -> bool:
    return error.validator == "oneOf" and " is valid under each of " in error.message


def _unknown_tag(error: Any) -> str | None:
    """The property of a discriminator whose value leads to no schema, where that is the error."""
    if error.validator not in ("oneOf", "anyOf") or not error.message.endswith(" could not be resolved"):
        return None
    name = error.schema["discriminator"]["propertyName"]
    return name if isinstance(error.instance.get(name), str) else None


def _fits_none(error: Any) -> str:
    told = (_reason(branch[0]) for branch in _branches(error).values())
    return f"fits none of the schemas: {', or '.join(dict.fromkeys(told))}"


def _reason(error: Any) -> str:
    below, message = _message(error)
    return " ".join([*map(str, (*error.path, *below)), message])


def _shown(value: Json) -> str:
    if isinstance(value, dict | list):
        return "the object" if isinstance(value, dict) else "the array"
    return show(value)


def _alternatives(schemes: list[list[str]]) -> str:
    return ", or ".join(" and ".join(names) for names in schemes)
