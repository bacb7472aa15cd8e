"""All that one document promises, compiled piece by piece as it is asked for.

One contract serves any number of clients and mocks, in any number of threads.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cached_property

from syncdyn.openapi.building import security_schemes, server_urls
from syncdyn.openapi.catalogue import Operations, webhooks
from syncdyn.openapi.document import Document
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import Operation, SecurityScheme
from syncdyn.openapi.schema import FormatCheck, Schemas
from syncdyn.openapi.shapes import Shape, Shapes
from syncdyn.openapi.signatures import SignatureScheme, read_scheme

_BUILDING = threading.RLock()


class Contract:
    """The operations, shapes and schemas of a document.

    `formats` are the string formats to assert, with their checks (None: the validator's own). The document's
    root extension `x-syncdyn-formats`, a list of names, asserts formats as well.
    """

    def __init__(self, document: Document, formats: Mapping[str, FormatCheck | None] | None = None) -> None:
        self.document = document
        stated = document.root.get("x-syncdyn-formats")
        asserted = dict.fromkeys(stated) if isinstance(stated, list) else {}
        self.operations = Operations(document)
        self.shapes = Shapes(document)
        self.schemas = Schemas(document, self.shapes, {**asserted, **(formats or {})})

    @cached_property
    def security_schemes(self) -> Mapping[str, SecurityScheme]:
        """The security schemes by name."""
        return security_schemes(self.document)

    @cached_property
    def webhooks(self) -> Mapping[str, Operation]:
        """The webhooks by name."""
        return webhooks(self.document)

    @cached_property
    def servers(self) -> tuple[str, ...]:
        """The URLs of the root's servers."""
        stated = self.document.root.get("servers")
        return server_urls(stated) if isinstance(stated, list) else ()

    @cached_property
    def signature_scheme(self) -> SignatureScheme | None:
        """How webhooks are signed, if the document says."""
        return read_scheme(self.document.root)

    def extension(self, name: str) -> Json:
        """A root extension (`x-...`), or None."""
        return self.document.root.get(name)

    def shape(self, pointer: str | None) -> Shape | None:
        """The shape at a pointer; None for none."""
        return None if pointer is None else self.shapes.at(pointer)


def contract_of(document: Document) -> Contract:
    """The contract of a document: the same one each time for the same document object."""
    with _BUILDING:
        found = document.compiled.get("contract")
        if not isinstance(found, Contract):
            found = document.compiled["contract"] = Contract(document)
        return found
