"""A source, with overlays upon it -> a Document; parsed once per machine, held once per process."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias
from weakref import WeakValueDictionary

from syncdyn.openapi.cache import default_cache_folder, read_cached, write_cached
from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.parsing import check_depth, decode, is_json, parse
from syncdyn.openapi.sources import Fetch, Source, SourceLike, read_source

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json

#: A folder, None for no cache, or "user": what SYNCDYN_CACHE_DIR says, else the user's cache folder.
CacheFolder: TypeAlias = "Path | Literal['user'] | None"

#: Documents that nobody uses any more are held as well, the last so many.
_MOST_HELD = 16
#: The code that decides what a source becomes: when it changes, what is cached counts no longer.
_CONVERTERS = ("parsing.py", "yaml_text.py", "overlay.py")

_shared: WeakValueDictionary[str, Document] = WeakValueDictionary()
_held: dict[str, Document] = {}
_shared_lock = threading.Lock()


def load(
    source: SourceLike,
    *,
    overlays: Sequence[SourceLike] = (),
    cache_folder: CacheFolder = "user",
    fetch: Fetch | None = None,
) -> Document:
    """The document of a source, its overlays applied in order; a new one for each call.

    A source is a path, an http(s) URL (needs `fetch`, a function from URL to bytes), a mapping, bytes,
    or a text of JSON or YAML (a str that holds a line break or begins with `{`). What was YAML or has
    overlays is kept as JSON in `cache_folder`.
    Raises DocumentError for what cannot be read as an OpenAPI document; OverlayError, UnsupportedVersion.
    """
    return _load(_read(source, overlays, fetch), cache_folder)


def load_shared(
    source: SourceLike,
    *,
    overlays: Sequence[SourceLike] = (),
    cache_folder: CacheFolder = "user",
    fetch: Fetch | None = None,
) -> Document:
    """The document as `load` gives it, but one for all calls of this process with the same content."""
    sources = _read(source, overlays, fetch)
    key = _digest(sources)
    with _shared_lock:
        document = _shared[key] = _shared.get(key) or _load(sources, cache_folder)
        _held.pop(key, None)
        _held[key] = document
        for oldest in list(_held)[:-_MOST_HELD]:
            del _held[oldest]
    return document


def _read(source: SourceLike, overlays: Sequence[SourceLike], fetch: Fetch | None) -> list[Source]:
    if isinstance(overlays, str | bytes | os.PathLike) or not isinstance(overlays, Sequence):
        raise DocumentError(f"overlays: a list of sources is needed, found {type(overlays).__name__}; use [...]")
    return [read_source(each, fetch) for each in (source, *overlays)]


def _load(sources: list[Source], cache_folder: CacheFolder) -> Document:
    main = sources[0]
    digest = _digest(sources)
    text = decode(main.data, main.label)
    is_converted = len(sources) > 1 or not is_json(text)
    folder = default_cache_folder(os.environ) if cache_folder == "user" else cache_folder
    if folder is None or not is_converted:
        return Document(_convert(text, sources), main.origin, digest)
    return _load_cached(Path(folder), text, sources, digest)


def _load_cached(folder: Path, text: str, sources: list[Source], digest: str) -> Document:
    name = f"{digest}-{_converter_digest()}.json"
    with suppress(DocumentError):  # a damaged file, or none
        return Document(read_cached(folder, name), sources[0].origin, digest)
    document = Document(_convert(text, sources), sources[0].origin, digest)
    write_cached(folder, name, document.root)
    return document


def _convert(text: str, sources: list[Source]) -> Json:
    main, *overlays = sources
    root = parse(text, main.label)
    if overlays and isinstance(root, dict):
        from syncdyn.openapi.overlay import apply_overlay

        for overlay in overlays:
            value = parse(decode(overlay.data, overlay.label), overlay.label)
            root = apply_overlay(root, value, origin=main.origin, overlay_origin=overlay.label)
        check_depth(root, main.label)
    return root


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
        path = Path(__file__).with_name(name)
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()[:16]
