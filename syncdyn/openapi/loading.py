"""A source, with overlays upon it -> a Document; parsed once per machine, held once per process."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias
from weakref import WeakValueDictionary

from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.opening.cache import default_cache_folder, read_cached, write_json
from syncdyn.openapi.opening.kept import keep_pieces, open_pieces
from syncdyn.openapi.opening.neighbours import Neighbours
from syncdyn.openapi.opening.parsing import check_depth, decode, is_json, parse
from syncdyn.openapi.opening.partial import Pieces, TextInMemory, root_of
from syncdyn.openapi.opening.seen import note, recall
from syncdyn.openapi.opening.sources import Fetch, Source, SourceLike, path_of, read_source
from syncdyn.openapi.opening.spans import LEAST_BYTES, Index, index_of

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json

#: A folder, None for no cache, or "user": what SYNCDYN_CACHE_DIR says, else the user's cache folder.
CacheFolder: TypeAlias = "Path | Literal['user'] | None"

#: Documents that nobody uses any more are held as well, the last so many.
_MOST_HELD = 16
#: The code that decides what a source becomes: when it changes, what is cached counts no longer.
_CONVERTERS = ("parsing.py", "yaml_text.py", "overlay.py", "bundling.py", "sites.py", "spans.py", "kept.py", "cache.py")
#: How the names of files end that hold a document as JSON, and as JSON with its index.
_WHOLE, _PIECES = ".json", ".pieces"

_shared: WeakValueDictionary[str, Document] = WeakValueDictionary()
_held: dict[str, Document] = {}
_shared_lock = threading.Lock()
_loading: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()


def load(
    source: SourceLike,
    *,
    overlays: Sequence[SourceLike] = (),
    cache_folder: CacheFolder = "user",
    fetch: Fetch | None = None,
    remote_hosts: Collection[str] = (),
    now: Callable[[], int] = time.time_ns,
) -> Document:
    """The document of a source, its overlays applied in order; a new one for each call.

    A source is a path, an http(s) URL (needs `fetch`, a function from URL to bytes), a mapping, bytes,
    or a text of JSON or YAML (a str that holds a line break or begins with `{`). What was YAML or has
    overlays is kept as JSON in `cache_folder`, and so is what is big; a big document is read by pieces.
    References may lead to files below the document's own folder, or beside its URL, and by https to `remote_hosts`
    (`host` or `host:port`): those are taken into the document.
    A big file is known again by its times, without reading it; `now` tells the time in nanoseconds since the epoch.
    Raises UnresolvedReference for references to elsewhere, DocumentError for what cannot be read as an OpenAPI
    document; OverlayError, UnsupportedVersion.
    """
    given, folder = _given(source, overlays), _folder(cache_folder)
    document = _load_seen(given, folder, _recalled(given, folder))
    if document is None:
        began, sources = now(), _read(given, fetch)
        neighbours = _neighbours(given[0], sources[0], fetch, remote_hosts)
        document = _load(sources, _digest(sources), folder, neighbours)
        _remember(sources, document, folder, neighbours, began)
    return document


def load_shared(
    source: SourceLike,
    *,
    overlays: Sequence[SourceLike] = (),
    cache_folder: CacheFolder = "user",
    fetch: Fetch | None = None,
    remote_hosts: Collection[str] = (),
    now: Callable[[], int] = time.time_ns,
) -> Document:
    """The document as `load` gives it, but one for all calls of this process with the same content."""
    given, folder = _given(source, overlays), _folder(cache_folder)
    digest = _recalled(given, folder)
    if digest is not None:
        with _loading_of(digest):
            document = _shared.get(digest) or _load_seen(given, folder, digest)
            if document is not None:
                return _hold(document)
    began, sources = now(), _read(given, fetch)
    digest = _digest(sources)
    neighbours = _neighbours(given[0], sources[0], fetch, remote_hosts)
    with _loading_of(digest):
        document = _hold(_shared.get(digest) or _load(sources, digest, folder, neighbours))
    _remember(sources, document, folder, neighbours, began)
    return document


def _loading_of(digest: str) -> threading.Lock:
    """What is held while one document is loaded: who wants the same waits for it, who wants another does not."""
    with _shared_lock:
        found = _loading.get(digest)
        if found is None:
            found = _loading[digest] = threading.Lock()
        return found


def _hold(document: Document) -> Document:
    """The document of this content that is there already, else this one, which is there from now on."""
    with _shared_lock:
        document = _shared.setdefault(document.digest, document)
        _held.pop(document.digest, None)
        _held[document.digest] = document
        for oldest in list(_held)[:-_MOST_HELD]:
            del _held[oldest]
        return document


def _given(source: SourceLike, overlays: Sequence[SourceLike]) -> list[SourceLike]:
    if isinstance(overlays, str | bytes | os.PathLike) or not isinstance(overlays, Sequence):
        raise DocumentError(f"overlays: a list of sources is needed, found {type(overlays).__name__}; use [...]")
    return [source, *overlays]


def _folder(stated: CacheFolder) -> Path | None:
    folder = default_cache_folder(os.environ) if stated == "user" else stated
    return None if folder is None else Path(folder)


def _read(given: list[SourceLike], fetch: Fetch | None) -> list[Source]:
    return [read_source(each, fetch) for each in given]


def _neighbours(given: SourceLike, main: Source, fetch: Fetch | None, hosts: Collection[str]) -> Neighbours:
    path = path_of(given)
    return Neighbours(
        folder=None if path is None else path.parent,
        url=main.origin if "://" in main.origin else None,
        hosts=hosts,
        fetch=fetch,
    )


def _recalled(given: list[SourceLike], folder: Path | None) -> str | None:
    """The digest of sources that are files known by their times, without reading them."""
    paths = [path for each in given if (path := path_of(each)) is not None]
    return recall(folder, paths) if folder is not None and len(paths) == len(given) else None


def _load_seen(given: list[SourceLike], folder: Path | None, digest: str | None) -> Document | None:
    if folder is None or digest is None:
        return None
    main = path_of(given[0])
    return None if main is None else _load_kept(folder, main.name, digest)


def _load(sources: list[Source], digest: str, folder: Path | None, neighbours: Neighbours) -> Document:
    kept = None if folder is None else _load_kept(folder, sources[0].origin, digest)
    return kept or _parse(sources, digest, folder, neighbours)


def _remember(
    sources: list[Source], document: Document, folder: Path | None, neighbours: Neighbours, began: int
) -> None:
    """Notes which files the document is made of; of one that is small it would save nothing."""
    stamps = [source.stamp for source in sources if source.stamp is not None]
    others = neighbours.stamps
    is_worth_it = bool(others) or isinstance(document.root, Pieces)
    if folder is not None and len(stamps) == len(sources) and others is not None and is_worth_it:
        paths = [Path(stamp.path) for stamp in stamps]
        note(folder, paths, [*stamps, *others], document.digest, began)


def _load_kept(folder: Path, origin: str, digest: str) -> Document | None:
    """The document kept in pieces, or whole; None for a damaged file, or none."""
    name = _name(digest)
    for kind, read in ((_PIECES, open_pieces), (_WHOLE, read_cached)):
        root: Json = read(folder, name + kind)
        with suppress(DocumentError):
            return Document(root, origin, digest)
    return None


def _parse(sources: list[Source], digest: str, folder: Path | None, neighbours: Neighbours) -> Document:
    """The document read from its sources, and kept; small JSON alone is read as fast as it would be found."""
    from syncdyn.openapi.opening.bundling import bundle, is_whole

    main = sources[0]
    is_big = len(sources) == 1 and len(main.data) >= LEAST_BYTES
    index = index_of(main.data) if is_big and is_whole(main.data) else None
    if index is not None:
        return _in_pieces(main.data, index, main.origin, digest, folder)
    text = decode(main.data, main.label)
    root = _convert(text, sources)
    is_json_alone = len(sources) == 1 and is_json(text)
    if isinstance(root, dict) and not (is_json_alone and is_whole(text)):
        bundle(root, text, main.origin, neighbours)
    document = Document(root, main.origin, neighbours.digest(digest))
    is_small = is_json_alone and len(main.data) < LEAST_BYTES and not neighbours
    if folder is None or is_small or neighbours.stamps is None:
        return document
    return _converted(document, folder)


def _converted(document: Document, folder: Path) -> Document:
    """A document as it is kept; the same where nothing is."""
    try:
        data = json.dumps(document.root, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        return document
    index = index_of(data) if len(data) >= LEAST_BYTES else None
    if index is not None:
        return _in_pieces(data, index, document.origin, document.digest, folder)
    write_json(folder, _name(document.digest) + _WHOLE, data)
    return document


def _in_pieces(data: bytes, index: Index, origin: str, digest: str, folder: Path | None) -> Document:
    document = Document(root_of(index, TextInMemory(data)), origin, digest)
    kept = None if folder is None else keep_pieces(folder, _name(digest) + _PIECES, data, index)
    return document if kept is None else Document(kept, origin, digest)


def _convert(text: str, sources: list[Source]) -> Json:
    main, *overlays = sources
    root = parse(text, main.label)
    if overlays and isinstance(root, dict):
        from syncdyn.openapi.opening.overlay import apply_overlay

        for overlay in overlays:
            value = parse(decode(overlay.data, overlay.label), overlay.label)
            root = apply_overlay(root, value, origin=main.origin, overlay_origin=overlay.label)
        check_depth(root, main.label)
    return root


def _name(digest: str) -> str:
    return f"{digest}-{_converter_digest()}"


def _digest(sources: list[Source]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        digest.update(b"%d:" % len(source.data))
        digest.update(source.data)
    return digest.hexdigest()


@cache
def _converter_digest() -> str:
    digest = hashlib.sha256()
    for name in _CONVERTERS:
        path = Path(__file__).parent / "opening" / name
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()[:16]
