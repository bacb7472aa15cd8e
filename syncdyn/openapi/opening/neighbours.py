"""The other files that a document may refer to: those below its own folder, and those at hosts that are allowed.

The documents are not trusted: a reference must not make the reader's machine open a file or a URL that
its user did not mean to be read.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from syncdyn.openapi.errors import DocumentError, UnresolvedReference
from syncdyn.openapi.opening.seen import Stamp, stamp_of
from syncdyn.openapi.opening.sources import MAX_BYTES, Fetch
from syncdyn.openapi.urls import PORTS, origin_of, shown_url

if TYPE_CHECKING:
    from typing import NoReturn

MOST_REMOTE_BYTES = 16 * 2**20
MOST_REMOTE_SECONDS = 60.0
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")


class Neighbours:
    """Reads what lies around one document, and remembers what it has read.

    `folder` is that of a document that is a file, `url` that of one that was fetched; a document with neither has
    no neighbours but those at `hosts`, given as `host` or `host:port`, which are asked by https alone.
    """

    def __init__(
        self,
        *,
        folder: Path | None = None,
        url: str | None = None,
        hosts: Collection[str] = (),
        fetch: Fetch | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = folder
        self.url = None if url is None else _split(url)
        self.hosts = frozenset(host.lower() for host in hosts)
        self._fetch = fetch
        self._now = now
        self._ends: float | None = None
        self._remaining = MAX_BYTES
        self._digests: dict[str, str] = {}
        self._stamps: list[Stamp] = []
        self._is_lasting = True

    def __bool__(self) -> bool:
        """Whether anything was read, or was meant to be."""
        return bool(self._digests)

    @property
    def stamps(self) -> tuple[Stamp, ...] | None:
        """The files that were read, to know them again; None where they cannot tell whether all is as it was."""
        return tuple(self._stamps) if self._is_lasting else None

    def digest(self, main: str) -> str:
        """The digest of a document with all that was read for it, from the document's own."""
        read = sorted(self._digests.items())
        return hashlib.sha256(repr((main, read)).encode()).hexdigest() if read else main

    def locate(self, base: str, path: str) -> str:
        """The location that a reference means in the file at a location: a path below the folder, or a URL.

        Raises UnresolvedReference for what must not be read; LookupError, with a reason, for what cannot be.
        """
        scheme = _SCHEME.match(path)
        if "://" in base or (scheme and scheme.group(1).lower() in PORTS):
            return self._locate_url(urljoin(base, path) if "://" in base else path)
        if scheme and scheme.group(1).lower() != "file" and len(scheme.group(1)) > 1:
            raise LookupError("no schema of the document has this identity, and it is no place to read from")
        if scheme or path.startswith(("/", "\\")):
            _refuse("names a file by its absolute path; name it from the document's folder, below which files are read")
        return self._locate_file(base, path)

    def _locate_file(self, base: str, path: str) -> str:
        if self.folder is None:
            self._miss(path)
            raise LookupError("the document was given without its place; give its path or URL")
        found = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(path)))
        if found.startswith("../") or found == ".." or "\0" in found or "\\" in found:
            _refuse(
                "leads out of the document's folder; only files below that are read: "
                "put the main document above all of its files"
            )
        return found

    def _locate_url(self, url: str) -> str:
        parts = _split(url)
        if parts is None or parts.scheme not in PORTS:
            raise LookupError("this is no place to read from")
        if "@" in parts.netloc:
            _refuse("holds credentials; nothing is read with these")
        if not self._is_beside(parts):
            self._check_host(parts)
        return url

    def _is_beside(self, parts: SplitResult) -> bool:
        """Whether a URL lies below the folder of the document's own."""
        own = self.url
        if own is None or origin_of(own) != origin_of(parts):
            return False
        folder = own.path.rpartition("/")[0]
        path = unquote(parts.path)
        return path.startswith(f"{unquote(folder)}/") and ".." not in path.replace("\\", "/").split("/")

    def _check_host(self, parts: SplitResult) -> None:
        if parts.scheme != "https":
            _refuse("is not https; other hosts are asked by https alone")
        host, port = parts.hostname or "", parts.port or PORTS["https"]
        named = host if port == PORTS["https"] else f"{host}:{port}"
        if self.hosts.isdisjoint({named, f"{host}:{port}"}):
            is_own = self.url is not None and origin_of(self.url) == origin_of(parts)
            where = "out of the document's folder" if is_own else "to a host that is not allowed"
            _refuse(f"leads {where}; allow it with remote_hosts=[{named!r}] (inspect: --remote-host)")

    def read(self, location: str) -> bytes:
        """The bytes at a location that `locate` gave.

        Raises UnresolvedReference where a link leads out of the folder; LookupError, with a reason, where there is
        nothing; DocumentError for more than 16 MiB behind one URL, 64 MiB in all, and after 60 s of fetching.
        """
        try:
            data = self._read_url(location) if "://" in location else self._read_file(location)
        except LookupError:
            self._miss(location)
            raise
        self._remaining -= len(data)
        if self._remaining < 0:
            raise DocumentError(f"{location}: with this file the document is larger than {MAX_BYTES // 2**20} MiB")
        self._digests[location] = hashlib.sha256(data).hexdigest()
        return data

    def _miss(self, location: str) -> None:
        """What is not there may be the next time, and makes another document."""
        self._digests[location] = ""
        self._is_lasting = False

    def _read_file(self, location: str) -> bytes:
        if self.folder is None:
            raise LookupError("the document was given without its place")
        try:
            path = (self.folder / location).resolve()
            if not path.is_relative_to(self.folder.resolve()):
                _refuse("is a link out of the document's folder; only files below that are read")
            if not path.is_file():
                raise LookupError("it is a folder" if path.is_dir() else f"there is no file {location}")
            with path.open("rb") as file:
                self._stamps.append(stamp_of(self.folder / location, os.fstat(file.fileno())))
                return file.read(self._remaining + 1)
        except (OSError, ValueError, RuntimeError) as error:
            # ValueError: a name that no file can have; RuntimeError: links in a circle, before Python 3.13.
            raise LookupError(f"it cannot be read: {getattr(error, 'strerror', None) or error}") from None

    def _read_url(self, location: str) -> bytes:
        if self._fetch is None:
            raise LookupError("nothing here fetches URLs; pass fetch=, a function from URL to bytes")
        self._is_lasting = False
        self._ends = self._now() + MOST_REMOTE_SECONDS if self._ends is None else self._ends
        if self._now() > self._ends:
            raise DocumentError(f"{shown_url(location)}: not begun; fetching took {MOST_REMOTE_SECONDS:g} s already")
        try:
            data = self._fetch(location)
        except Exception as error:
            # Words of another library may hold the URL with its query.
            told = str(error) if isinstance(error, DocumentError) else type(error).__name__
            raise LookupError(f"it could not be fetched: {told}") from error
        if len(data) > MOST_REMOTE_BYTES:
            raise DocumentError(f"{shown_url(location)}: larger than {MOST_REMOTE_BYTES // 2**20} MiB")
        return data


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _refuse(reason: str) -> NoReturn:
    raise UnresolvedReference(reason)
