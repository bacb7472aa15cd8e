"""All that one document promises, compiled piece by piece as it is asked for.

One contract serves any number of clients and mocks, in any number of threads.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from copy import copy
from functools import cached_property

from syncdyn.openapi.building import security_requirements, security_schemes, servers_of, type_names
from syncdyn.openapi.catalogue import Operations, webhooks
from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import Operation, SecurityRequirements, SecurityScheme, Server
from syncdyn.openapi.schemas.formats import KNOWN, Formats, read_formats
from syncdyn.openapi.schemas.schema import Schemas
from syncdyn.openapi.schemas.shapes import Shape, Shapes
from syncdyn.openapi.signatures import SignatureScheme, read_scheme

_BUILDING = threading.RLock()


class Contract:
    """The operations, shapes and schemas of a document.

    `formats` are the string formats to assert, with their checks (None: the validator's own). The document's
    root extension `x-syncdyn-formats`, a list of names or "all", asserts formats as well.
    Raises DocumentError for names in that extension that are not known.
    """

    def __init__(self, document: Document, formats: Formats | None = None) -> None:
        self.document = document
        self.operations = Operations(document)
        self.shapes = Shapes(document)
        self.schemas = self._schemas(formats or {})
        self._others: dict[frozenset[str], Contract] = {}

    def _schemas(self, formats: Formats) -> Schemas:
        try:
            stated = read_formats(self.extension("x-syncdyn-formats"))
        except ValueError as error:
            raise DocumentError(f"{self.document.origin}: x-syncdyn-formats: {error}") from None
        return Schemas(self.document, self.shapes, {**stated, **formats})

    def with_formats(self, formats: Formats) -> Contract:
        """The same contract, with these formats asserted besides; all that is no validator is shared.

        For formats without checks of the caller's own it is the same one each time.
        """
        if not formats:
            return self
        if any(KNOWN.get(name, self) is not check for name, check in formats.items()):
            return self._asserting(formats)
        with _BUILDING:
            key = frozenset(formats)
            self._others[key] = self._others.get(key) or self._asserting(formats)
            return self._others[key]

    def _asserting(self, formats: Formats) -> Contract:
        other = copy(self)
        other.schemas = other._schemas(formats)
        return other

    @cached_property
    def security_schemes(self) -> Mapping[str, SecurityScheme]:
        """The security schemes by name."""
        return security_schemes(self.document)

    @cached_property
    def type_names(self) -> Mapping[str, tuple[str, ...]]:
        """The names that the document gives the class of each component schema, by the component's own."""
        return type_names(self.document)

    @cached_property
    def webhooks(self) -> Mapping[str, Operation]:
        """The webhooks by name."""
        return webhooks(self.document)

    @cached_property
    def security(self) -> SecurityRequirements:
        """The alternatives that hold where an operation states none."""
        return security_requirements(self.document.root.get("security"))

    @cached_property
    def states_security(self) -> bool:
        """Whether the document says anywhere what is asked of a caller, be it nothing."""
        return "security" in self.document.root or self.operations.state_security

    @cached_property
    def servers(self) -> tuple[Server, ...]:
        """The servers of the root; `/` where it names none."""
        return servers_of(self.document.root)

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
