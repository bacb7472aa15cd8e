"""A document in several files, or with schemas that have names -> one document with pointers alone.

Each other file comes to stand once, in the root extension `x-syncdyn-files`, and every reference
becomes a pointer into the whole. One that leads nowhere stays unchecked and is told in `x-syncdyn-faults`.
Source: OpenAPI 3.1, "Relative References in URIs"; JSON Schema 2020-12 core, sections 8.2 and 9.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote

from syncdyn.openapi.document import FILES, Document, child, read_pointer
from syncdyn.openapi.errors import DocumentError, UnresolvedReference
from syncdyn.openapi.opening.locating import locate
from syncdyn.openapi.opening.parsing import decode, parse
from syncdyn.openapi.opening.sites import File, Resource, Site, find, joined, uri_of
from syncdyn.openapi.opening.yaml_text import MAX_VALUES
from syncdyn.openapi.urls import shown_url

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json

FAULTS = "x-syncdyn-faults"

MOST_FILES = 1_000
#: Of what is wrong so much is told.
_MOST_TOLD = 100
#: A reference, or a schema's identity, that is no plain pointer, as JSON writes it.
_NAMED = r'"\$(?:ref|dynamicRef|id)"\s*:\s*"(?!#/)'
_NAMED_IN_TEXT, _NAMED_IN_BYTES = re.compile(_NAMED), re.compile(_NAMED.encode())


class Reach(Protocol):
    """The other files that a document may refer to: by a location, which is a path or a URL."""

    def locate(self, base: str, path: str) -> str:
        """The location that a reference without its fragment means in the file at a location.

        Raises UnresolvedReference for what must not be read; LookupError, with a reason, for what cannot be.
        """

    def read(self, location: str) -> bytes:
        """The bytes at a location. Raises as `locate` does, and DocumentError for too many of them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A reference that leads nowhere: where it is written, where its owner stands in the bundle, and why."""

    reference: str
    file: str
    line: int | None
    pointer: str
    reason: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{place}: the reference {self.reference!r} is not followed: {self.reason}"


def is_whole(text: str | bytes) -> bool:
    """Whether a text of JSON (its bytes in UTF-8) has plain pointers alone, so that `bundle` would change nothing."""
    found = _NAMED_IN_TEXT.search(text) if isinstance(text, str) else _NAMED_IN_BYTES.search(text)
    return found is None


def faults_of(root: Mapping[str, Json]) -> tuple[Fault, ...]:
    """The references of a bundled document that lead nowhere, the first hundred of them."""
    stated = root.get(FAULTS)
    told = [fault for fault in stated if isinstance(fault, Mapping)] if isinstance(stated, list) else []
    return tuple(_fault(fault) for fault in told)


def _fault(told: Mapping[str, Any]) -> Fault:
    facts: dict[str, Any] = {field.name: told.get(field.name) for field in fields(Fault)}
    return Fault(**facts)


def bundle(root: dict[str, Json], text: str, location: str, reach: Reach) -> None:
    """Rewrites a freshly parsed root, in place, so that it needs no other file.

    `text` is what it was parsed from, to tell lines, `location` where it lies.
    Raises UnresolvedReference with all the references to what must not be read, their files and lines; DocumentError
    for another file that is neither JSON nor YAML, for more than 1,000 of them, or 5,000,000 values in all.
    """
    Document(root, location)  # what is no OpenAPI document is told so before its references are followed
    bundler = _Bundler(root, reach)
    bundler.take(File(location, "#", text, root))
    bundler.gather()
    bundler.rewrite()


class _Bundler:
    def __init__(self, root: dict[str, Json], reach: Reach) -> None:
        self.root = root
        self.reach = reach
        self.has_names = not str(root.get("openapi")).startswith("3.0")
        self.files: dict[str, File] = {}
        self.missing: dict[str, str] = {}
        self.resources: dict[str, str] = {}
        self.anchors: dict[str, str] = {}
        self.sites: list[Site] = []
        self.waiting: deque[Site] = deque()
        #: What is absolute waits until all files are there that could have this identity.
        self.absolute: deque[Site] = deque()
        self.remaining = MAX_VALUES

    def take(self, file: File) -> None:
        """A file counts from now on, with its names and its references."""
        try:
            found = find(file, has_names=self.has_names, most=self.remaining)
        except OverflowError:
            raise DocumentError(f"{file.location}: with this file there are more than {MAX_VALUES:,} values") from None
        self.remaining -= found.size
        self.files[file.location] = file
        self.resources = {**found.resources, **self.resources}
        stated = file.root.get("$self") if isinstance(file.root, Mapping) else None
        if isinstance(stated, str):
            # The document's own address, OpenAPI 3.2; other files are still looked for beside it.
            self.resources.setdefault(joined(uri_of(file.location), stated.partition("#")[0]), file.pointer)
        self.anchors = {**found.anchors, **self.anchors}
        self.sites += found.sites
        for site in found.sites:
            (self.absolute if "://" in site.reference else self.waiting).append(site)

    def gather(self) -> None:
        """Reads the files that are referred to, and those that they refer to."""
        refused: list[tuple[Site, str]] = []
        while self.waiting or self.absolute:
            site = (self.waiting or self.absolute).popleft()
            try:
                self._fetch(site)
            except UnresolvedReference as error:
                refused.append((site, str(error)))
            except LookupError:
                continue  # told when all is rewritten
        if refused:
            raise UnresolvedReference(_told_refused(refused))

    def _fetch(self, site: Site) -> None:
        path = site.reference.partition("#")[0]
        if not path or joined(site.resource.uri, path) in self.resources:
            return
        location = self.reach.locate(site.file.location, path)
        if location in self.files or uri_of(location) in self.missing:
            return
        if len(self.files) + len(self.missing) > MOST_FILES:
            raise DocumentError(f"{_places([site])[0]}: the document has more than {MOST_FILES:,} other files")
        try:
            text = decode(self.reach.read(location), location)
        except LookupError as error:
            self.missing[uri_of(location)] = str(error.args[0])
            return
        self.take(File(location, child("#", FILES, location), text, parse(text, location)))

    def rewrite(self) -> None:
        """Puts a pointer in place of each reference, and the other files into the root."""
        others = {each.location: each.root for each in self.files.values() if each.root is not self.root}
        if others:
            self.root[FILES] = others
        reasons = [self._rewrite(site) for site in self.sites]
        document = Document(self.root)
        faults = (
            (site, found)
            for site, reason in zip(self.sites, reasons, strict=True)
            if (found := reason or _gap(document, site))
        )
        told = list(islice(faults, _MOST_TOLD))
        if told:
            lines = _lines_of([site for site, _ in told])
            self.root[FAULTS] = [_told(*fault, line) for fault, line in zip(told, lines, strict=True)]

    def _rewrite(self, site: Site) -> str | None:
        """Rewrites one reference; the reason where it cannot lead anywhere."""
        path, _, fragment = site.reference.partition("#")
        try:
            resource = self._resource(site, path) if path else site.resource
        except LookupError as error:
            return str(error.args[0])
        site.owner[site.key] = self._pointer(site, resource, fragment)
        return self.missing.get(resource.uri)

    def _resource(self, site: Site, path: str) -> Resource:
        uri = joined(site.resource.uri, path)
        if uri in self.resources:
            return Resource(uri, self.resources[uri])
        location = self.reach.locate(site.file.location, path)
        return Resource(uri_of(location), self._at(location))

    def _at(self, location: str) -> str:
        file = self.files.get(location)
        return child("#", FILES, location) if file is None else file.pointer

    def _pointer(self, site: Site, resource: Resource, fragment: str) -> str:
        if not fragment:
            return resource.pointer
        if not fragment.startswith("/"):
            nowhere = child(resource.pointer, f"#{fragment}")
            return self.anchors.get(f"{resource.uri}#{unquote(fragment)}", nowhere)
        if resource is site.resource and not self._stands(resource.pointer + fragment):
            # From the root of the file, as many write it also below a schema with an identity of its own.
            return site.file.pointer + fragment
        return resource.pointer + fragment

    def _stands(self, pointer: str) -> bool:
        return read_pointer(self.root, unquote(pointer.removeprefix("#"))) is not None


def _gap(document: Document, site: Site) -> str | None:
    """Why a rewritten reference leads nowhere; None for one that does, and for one that was a pointer all along."""
    pointer = site.owner[site.key]
    if pointer == site.reference:
        return None
    try:
        document.at(pointer)
    except UnresolvedReference:
        return "nothing stands there"
    return None


def _told(site: Site, reason: str, line: int | None) -> Json:
    return asdict(Fault(_shown(site.reference), site.file.location, line, site.pointer, reason))


def _told_refused(refused: Sequence[tuple[Site, str]]) -> str:
    first = refused[:_MOST_TOLD]
    places = _places([site for site, _ in first])
    told = [
        f"{place}: the reference {_shown(site.reference)!r} {reason}"
        for place, (site, reason) in zip(places, first, strict=True)
    ]
    rest = len(refused) - len(first)
    return "\n".join([*dict.fromkeys(told), *([f"... and {rest} more"] if rest else [])])


def _shown(reference: str) -> str:
    """A reference as people may see it: without the credentials that a URL may hold."""
    path, mark, fragment = reference.partition("#")
    return f"{shown_url(path)}{mark}{fragment}" if "://" in path else reference


def _places(sites: Sequence[Site]) -> list[str]:
    """File and line of each reference, as people read it."""
    told = zip((site.file.location for site in sites), _lines_of(sites), strict=True)
    return [file if line is None else f"{file}, line {line}" for file, line in told]


def _lines_of(sites: Sequence[Site]) -> list[int | None]:
    """The line of each reference in its file; None for one that an alias brought there."""
    by_file: dict[str, list[Site]] = {}
    for site in sites:
        by_file.setdefault(site.file.location, []).append(site)
    found = {file: locate(own[0].file.text, map(_pointer_in_file, own)) for file, own in by_file.items()}
    places = (found[site.file.location].get(_pointer_in_file(site)) for site in sites)
    return [place.line if place else None for place in places]


def _pointer_in_file(site: Site) -> str:
    return "#" + site.place.removeprefix(site.file.pointer)
