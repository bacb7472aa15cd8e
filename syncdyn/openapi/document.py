"""One parsed OpenAPI document, and its references resolved one at a time, on demand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast
from urllib.parse import unquote

from syncdyn.openapi.errors import DocumentError, UnresolvedReference, UnsupportedVersion
from syncdyn.openapi.hints import json_kind
from syncdyn.openapi.messages import OBJECT, Json
from syncdyn.openapi.opening.foreign import CONVERT_HINT, foreign_value
from syncdyn.openapi.opening.partial import plain

#: The root extension in which the other files stand, by location.
FILES = "x-syncdyn-files"
#: With a `v` before it, and without its minor part, it is not as it should be, and plain all the same.
_VERSION = re.compile(r"v?3(?:\.([0-2])(?:\.|$)|$)")
_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")
_MOST_HOPS = 64


class Document:
    """A parsed document that is never changed; places in it are named by `#/...` pointers.

    `origin` tells people where it came from; `digest` names its content.
    Raises UnsupportedVersion unless it says to be OpenAPI 3.0, 3.1 or 3.2.
    """

    __slots__ = ("__weakref__", "_targets", "compiled", "digest", "origin", "root", "version")

    def __init__(self, root: Mapping[str, Json], origin: str = "the document", digest: str = "") -> None:
        self.root = root
        self.origin = origin
        self.digest = digest
        self.version = _version_of(root, origin)
        self._targets: dict[str, Json] = {"#": root}
        #: What others have made of the document, kept for as long as it is.
        self.compiled: dict[str, object] = {}

    def at(self, pointer: str) -> Json:
        """The value at a pointer such as `#/components/schemas/Pet`.

        Raises UnresolvedReference when there is none.
        Source: RFC 6901, section 6 (the URI fragment form).
        """
        try:
            return self._targets[pointer]
        except KeyError:
            value = self._targets[pointer] = self._walk(pointer)
            return value

    def plain(self) -> Json:
        """The whole document as dicts and lists, for those who take nothing else; `root` may read it by pieces."""
        return plain(self.root)

    def follow(self, value: Json, pointer: str) -> tuple[Json, str]:
        """The value that stands at the end of a chain of `$ref`s, and its pointer.

        A value that is no reference is its own end.
        Raises UnresolvedReference for a chain that leads nowhere or in a circle.
        """
        start = pointer
        for _ in range(_MOST_HOPS):
            reference = value.get("$ref") if isinstance(value, OBJECT) else None
            if not isinstance(reference, str):
                return value, pointer
            value, pointer = self.at(reference), reference
        raise UnresolvedReference(f"{self.origin}: the $ref at {start} leads in a circle")

    def follow_object(self, value: Json, pointer: str) -> tuple[Mapping[str, Json], str]:
        """The object that a value is or refers to, and its pointer; an empty one for what is none or leads nowhere."""
        try:
            value, pointer = self.follow(value, pointer)
        except UnresolvedReference:
            return {}, pointer
        return (value if isinstance(value, OBJECT) else {}), pointer

    def _walk(self, pointer: str) -> Json:
        if not pointer.startswith("#"):
            raise UnresolvedReference(
                f"{self.origin}: the $ref {pointer!r} leads out of the document; only references inside it are read"
            )
        value: Json = self.root
        hops, steps = 0, steps_of(pointer)
        while steps:
            try:
                value, steps = _below(value, steps[0]), steps[1:]
            except LookupError:
                # A pointer may lead through a reference, as those that bundlers write do.
                through = value.get("$ref") if isinstance(value, OBJECT) else None
                if not isinstance(through, str) or not through.startswith("#") or hops == _MOST_HOPS:
                    message = f"{self.origin}: nothing stands at {pointer} (no {steps[0]!r})"
                    raise UnresolvedReference(message) from None
                value, hops, steps = self.root, hops + 1, (*steps_of(through), *steps)
        return value

    def __repr__(self) -> str:
        return f"<Document {self.origin}, OpenAPI {'.'.join(map(str, self.version))}>"


def steps_of(pointer: str) -> tuple[str, ...]:
    """The reference tokens of a pointer in its fragment form, decoded."""
    if pointer in ("#", ""):
        return ()
    return _tokens(unquote(pointer.removeprefix("#")))


def _tokens(pointer: str) -> tuple[str, ...]:
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.removeprefix("/").split("/"))


def child(pointer: str, *steps: str | int) -> str:
    """The pointer to a place below another.

    The characters that a fragment must have encoded stay as they are: only `~` and `/` are escaped,
    and `%`, so that decoding gives the name back.
    """
    for step in steps:
        escaped = str(step).replace("~", "~0").replace("/", "~1").replace("%", "%25")
        pointer = f"{pointer}/{escaped}"
    return pointer


def resource_of(pointer: str) -> str:
    """The schema that `#` means inside the schema at a pointer: the component around it, else that schema.

    Source: JSON Schema 2019-09, `$recursiveRef`, as documents use it.
    """
    steps = pointer.split("/")
    return "/".join(steps[:4]) if steps[1:3] == ["components", "schemas"] else pointer


def read_pointer(value: Json, pointer: str) -> Json:
    """What stands at a plain JSON Pointer (`/a/0`) inside a JSON value, or None where there is nothing.

    Source: RFC 6901.
    """
    for step in _tokens(pointer) if pointer else ():
        try:
            value = _below(value, step)
        except LookupError:
            return None
    return value


def _below(value: Json, step: str) -> Json:
    """What a reference token leads to. Raises LookupError when there is nothing."""
    if isinstance(value, OBJECT):
        return value[step]
    if isinstance(value, list) and _INDEX.fullmatch(step):
        return value[int(step)]
    raise LookupError(step)


def _version_of(root: Mapping[str, Json], origin: str) -> tuple[int, int]:
    if not isinstance(root, OBJECT):
        raise DocumentError(f"{origin}: an OpenAPI document is an object, this is {json_kind(root)}")
    if "swagger" in root:
        raise UnsupportedVersion(f"{origin}: Swagger {root['swagger']} is not read here; {CONVERT_HINT}")
    if "openapi" not in root:
        raise DocumentError(f"{origin}: {foreign_value(root)}")
    stated = str(cast(object, root["openapi"])).strip()
    matched = _VERSION.match(stated)
    if not matched:
        raise UnsupportedVersion(f"{origin}: OpenAPI {stated} is not read here; 3.0, 3.1 and 3.2 are")
    return (3, int(matched.group(1) or 0))
