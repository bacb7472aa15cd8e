"""Where in one parsed file references stand, and which names its schemas give themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urldefrag, urljoin

from syncdyn.openapi.document import child

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json


_REFERRING = ("$ref", "$dynamicRef")
_ANCHORS = ("$anchor", "$dynamicAnchor")
#: Values as they stand: what looks like a reference in them is none.
_LITERALS = frozenset({"example", "default", "enum", "const", "value"})
#: Below these words stand names, whatever they look like.
_MAPS = frozenset(
    {
        "properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "examples", "schemas",
        "parameters", "responses", "requestBodies", "headers", "callbacks", "content", "paths", "webhooks",
    }
)  # fmt: skip
#: A place this long counts as one value more: what lies below a long name has it in its own place, again and again.
_CHARACTERS_PER_VALUE = 256
_FILE_ENDINGS = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class File:
    """One file of a document. `location` is where it lies, `pointer` where it stands in the bundle."""

    location: str
    pointer: str
    text: str = field(repr=False)
    root: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Resource:
    """A schema with an identity, or a file: what `#` means inside it."""

    uri: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Site:
    """A `place` that holds a reference: a member of `owner`, which stands at a pointer or in its `discriminator`."""

    file: File
    resource: Resource
    owner: dict[str, Json] = field(repr=False)
    key: str
    pointer: str
    place: str
    reference: str


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in a file. `resources` are pointers by URI, `anchors` pointers by URI with fragment.

    `size` is the number of its values, what aliases repeat counted each time, and more where names are very long.
    """

    sites: tuple[Site, ...]
    resources: Mapping[str, str]
    anchors: Mapping[str, str]
    size: int


def uri_of(location: str) -> str:
    """The URI of a file by its location: a URL stays, a path gets one of its own."""
    return location if "://" in location else f"file:///{quote(location)}"


@lru_cache(maxsize=1024)
def joined(base: str, reference: str) -> str:
    """The URI that a reference means, without a fragment; the reference itself where it is none."""
    try:
        return urldefrag(urljoin(base, reference)).url
    except ValueError:
        return reference


def find(file: File, *, has_names: bool, most: int) -> Found:
    """The references and names in a file; names (`$id`, `$anchor`) count where `has_names`.

    Raises OverflowError for more than `most` values.
    """
    finder = _Finder(file, has_names)
    size = 0
    for more in finder.walk():
        size += more
        if size > most:
            raise OverflowError(file.location)
    return Found(tuple(finder.sites), finder.resources, finder.anchors, size)


class _Finder:
    def __init__(self, file: File, has_names: bool) -> None:
        self.file = file
        self.has_names = has_names
        self.root = Resource(uri_of(file.location), file.pointer)
        self.sites: list[Site] = []
        self.resources = {self.root.uri: self.root.pointer}
        self.anchors: dict[str, str] = {}

    def walk(self) -> Iterator[int]:
        """Finds everything, container by container, and tells the size of each."""
        waiting = [(self.file.root, self.file.pointer, self.root, False)]
        while waiting:
            value, pointer, resource, is_map = waiting.pop()
            if not isinstance(value, dict | list):
                continue
            yield 1 + len(value) * (1 + len(pointer) // _CHARACTERS_PER_VALUE)
            if isinstance(value, dict) and not is_map:
                resource = self._named(value, pointer, resource)
                self._refer(value, pointer, resource)
            below = value.items() if isinstance(value, dict) else enumerate(value)
            waiting += reversed(
                [
                    (inner, child(pointer, key), resource, not is_map and key in _MAPS)
                    for key, inner in below
                    if isinstance(inner, dict | list) and (is_map or not _is_literal(key, inner))
                ]
            )

    def _named(self, schema: dict[str, Json], pointer: str, resource: Resource) -> Resource:
        """The resource that holds inside a schema; the schema's own names are noted."""
        if not self.has_names:
            return resource
        own = schema.get("$id")
        if isinstance(own, str) and not own.startswith("#"):
            resource = Resource(joined(resource.uri, own), pointer)
            self.resources.setdefault(resource.uri, pointer)
        elif isinstance(own, str):
            # An anchor, as drafts 6 and 7 write it.
            self.anchors.setdefault(resource.uri + own, pointer)
        for anchor in filter(None, map(schema.get, _ANCHORS)):
            self.anchors.setdefault(f"{resource.uri}#{anchor}", pointer)
        return resource

    def _refer(self, owner: dict[str, Json], pointer: str, resource: Resource) -> None:
        discriminator = owner.get("discriminator")
        mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
        holders = [(owner, word, child(pointer, word)) for word in _REFERRING if isinstance(owner.get(word), str)]
        if isinstance(mapping, dict):
            mapped = (value for value, target in mapping.items() if _is_mapped_reference(target))
            holders += [(mapping, value, child(pointer, "discriminator", "mapping", value)) for value in mapped]
        self.sites += [
            Site(self.file, resource, holder, key, pointer, place, holder[key]) for holder, key, place in holders
        ]


def _is_mapped_reference(target: Json) -> bool:
    """Whether a value of a discriminator's mapping is a reference, and no name of a schema."""
    return isinstance(target, str) and ("/" in target or "#" in target or target.endswith(_FILE_ENDINGS))


def _is_literal(key: str | int, value: Json) -> bool:
    return key in _LITERALS or (key == "examples" and isinstance(value, list))
