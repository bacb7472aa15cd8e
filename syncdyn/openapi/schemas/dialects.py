"""The dialects of JSON Schema that a document's schemas say to be written in, and what differs in them.

Most of what older drafts write otherwise cannot be mistaken for something else, so `normalise` reads it in every
dialect. What is left is whether words beside `$ref` count.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from syncdyn.openapi.document import FILES, Document

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json

#: Whether words beside `$ref` count, by the dialect's URI without scheme and empty fragment.
_REFS_HAVE_SIBLINGS = {
    **{f"json-schema.org/draft-0{number}/schema": False for number in (3, 4, 6, 7)},
    "json-schema.org/draft/2019-09/schema": True,
    "json-schema.org/draft/2020-12/schema": True,
}
#: Every version of OpenAPI 3 has one of its own, all of them upon 2020-12.
_OF_OPENAPI = "spec.openapis.org/oas/3."


def refs_have_siblings(document: Document, pointer: str) -> bool:
    """Whether words beside a `$ref` count in the schema at a pointer. A dialect that is not known is read as 2020-12.

    Source: OpenAPI 3.0.4, Reference Object; JSON Schema draft-07, section 8.3; 2020-12 core, section 8.2.3.
    """
    if document.version < (3, 1):
        return False
    stated = (_stated(document.at(place)) for place in (pointer, component_of(pointer)))
    dialect = next(filter(None, stated), None) or document.root.get("jsonSchemaDialect")
    return _REFS_HAVE_SIBLINGS.get(_plain(dialect), True)


def is_known(dialect: str) -> bool:
    """Whether the dialect of a URI is known; one that is not is read as 2020-12."""
    plain = _plain(dialect)
    return plain in _REFS_HAVE_SIBLINGS or plain.startswith(_OF_OPENAPI)


def component_of(pointer: str) -> str:
    """The component schema, or other file, that a pointer leads into; else the pointer itself."""
    steps = pointer.split("/")
    if steps[1:3] == ["components", "schemas"]:
        return "/".join(steps[:4])
    return "/".join(steps[:3]) if steps[1:2] == [FILES] else pointer


def _stated(schema: Json) -> str | None:
    stated = schema.get("$schema") if isinstance(schema, Mapping) else None
    return stated if isinstance(stated, str) else None


def _plain(dialect: Json) -> str:
    return dialect.rstrip("#").partition("://")[2] if isinstance(dialect, str) else ""
