"""What can be found in a document that opens all the same: the kinds, and what each costs. The one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

DEGRADED = "degraded"
NOTE = "note"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding. `severity` is `degraded`, where something works less than it should, or `note`."""

    severity: str
    title: str
    effect: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in a document, of what `kind` it is, and what was found there."""

    kind: str
    pointer: str
    message: str

    @property
    def severity(self) -> str:
        return KINDS[self.kind].severity


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "reference": Kind(DEGRADED, "$refs that lead nowhere", "what they stand for is absent, or goes unchecked"),
        "malformed": Kind(DEGRADED, "members of a wrong type", "each counts as absent"),
        "swagger-2": Kind(DEGRADED, "words of Swagger 2.0", "they are ignored"),
        "operation-id": Kind(DEGRADED, "operationIds given twice", "the id finds the first; the others by their key"),
        "path": Kind(DEGRADED, "paths that do not begin with a slash", "one is put before them"),
        "path-template": Kind(DEGRADED, "path parameters that are not declared", "they are taken unchecked"),
        "path-parameter": Kind(DEGRADED, "path parameters that no path names", "they are left out"),
        "parameter": Kind(DEGRADED, "parameters that cannot be sent", "they are left out"),
        "description": Kind(DEGRADED, "parameters not described once", "unchecked, or `content` counts"),
        "style": Kind(DEGRADED, "styles that the location does not have", "another style is used"),
        "response-key": Kind(DEGRADED, "response keys that are no status", "they are never found"),
        "no-response": Kind(DEGRADED, "operations without responses", "every answer is undocumented"),
        "media-type": Kind(DEGRADED, "malformed media types", "no message is of them"),
        "security-scheme": Kind(
            DEGRADED, "security schemes of no known kind", "no credentials are sent for them, or asked"
        ),
        "security": Kind(DEGRADED, "unknown security schemes required", "no credentials are sent for them, or asked"),
        "server": Kind(DEGRADED, "servers that cannot be resolved", "give a base_url"),
        "type": Kind(DEGRADED, "unknown types", "the type goes unchecked"),
        "pattern": Kind(DEGRADED, "patterns that cannot be compiled", "they go unchecked"),
        "schema": Kind(DEGRADED, "schemas that cannot be compiled", "their values go unchecked"),
        "composition": Kind(DEGRADED, "schemas composed over too many levels", "operations with them are refused"),
        "schema-word": Kind(DEGRADED, "schema words with values of no use", "they go unchecked"),
        "old-word": Kind(DEGRADED, "words of another JSON Schema", "they go unchecked"),
        "bounds": Kind(DEGRADED, "bounds that no value keeps", "every value is refused"),
        "discriminator": Kind(DEGRADED, "discriminators that lead nowhere", "branches are told apart by their content"),
        "dialect": Kind(DEGRADED, "unknown schema dialects", "schemas are read as 2020-12"),
        "ref-siblings": Kind(NOTE, "words beside a $ref", "they are ignored"),
        "deep-array": Kind(NOTE, "arrays in deepObject", "no specification says how; written `name[]=`"),
        "other-version": Kind(NOTE, "words of another version", "they are honoured"),
        "required": Kind(NOTE, "names repeated in `required`", "each counts once"),
        "name": Kind(NOTE, "method names that were not free", "another name is given"),
        "no-operation-id": Kind(NOTE, "operations without operationId", "they are named by method and path"),
        "same-template": Kind(NOTE, "paths that differ in parameter names only", "the same address twice"),
        "ignored-header": Kind(NOTE, "header parameters that are to be ignored", "the client sets these itself"),
        "no-success": Kind(NOTE, "operations without a 2xx response", "success is undocumented, and warned of"),
        "no-server": Kind(NOTE, "no server with a full address", "give a base_url"),
        "example": Kind(NOTE, "examples that break their schema", "the schema counts"),
        "format": Kind(NOTE, "formats that no registry knows", "annotation, unless you give a check"),
        "unknown-word": Kind(NOTE, "unknown words", "they are ignored"),
        "info": Kind(NOTE, "missing info", "nothing hangs on it"),
        "version": Kind(NOTE, "versions of OpenAPI not given in full", "they are understood"),
        "no-paths": Kind(NOTE, "documents without paths", "there is nothing to call"),
        "no-description": Kind(NOTE, "responses without a description", "nothing hangs on it"),
        "path-required": Kind(NOTE, "path parameters that are not required", "they are, all the same"),
        "two-examples": Kind(NOTE, "example beside examples", "`example` counts, the others have names"),
        "double-key": Kind(DEGRADED, "keys that stand twice in one object", "the last one counts"),
        "bare-key": Kind(NOTE, "keys without quotes that are numbers", "they are read as texts"),
    }
)
