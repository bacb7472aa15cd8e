"""Where a document comes from -> its bytes: a file, a URL, a mapping, a text, or bytes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from syncdyn.openapi.errors import DocumentError, SyncdynError
from syncdyn.openapi.hints import kind_of
from syncdyn.openapi.opening.seen import Stamp, stamp_of
from syncdyn.openapi.urls import shown_url

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json

#: A path, an http(s) URL, a text of JSON or YAML, bytes, or the parsed document itself.
SourceLike: TypeAlias = "str | os.PathLike[str] | bytes | Mapping[str, Json]"
#: The bytes behind a URL; whoever gives one does the sending.
Fetch: TypeAlias = Callable[[str], bytes]

MAX_BYTES = 64 * 1024 * 1024
_MOST_NEIGHBOURS = 10_000
_URL = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*)://")
#: A path that could be a URL without its scheme.
_HOST = re.compile(r"(localhost|[\w-]+(\.[\w-]+)+)(:\d+)?/")


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes read. `label` tells where, in messages about reading; `origin` names it ever after.

    `stamp` is that of the file that was read, taken before.
    """

    label: str
    origin: str
    data: bytes = field(repr=False)
    stamp: Stamp | None = None


def read_source(source: SourceLike, fetch: Fetch | None = None) -> Source:
    """The bytes of a source, at most 64 MiB, and its name.

    A str that holds a line break or begins with `{` or `<` is text; any other is a URL or the path of a file.
    Raises DocumentError when there is nothing to read, or too much.
    """
    if isinstance(source, Mapping):
        return _mapping(source)
    if isinstance(source, bytes | bytearray | memoryview):
        return _checked(Source("the given bytes", "the given bytes", bytes(source)))
    if isinstance(source, str):
        return _string(source, fetch)
    if isinstance(source, os.PathLike):
        return _file(os.fspath(source))
    raise DocumentError(
        f"a document is a path, an http(s) URL, a mapping, a text or bytes; found {type(source).__name__}"
    )


def path_of(source: SourceLike) -> Path | None:
    """The path that a source is, whether or not there is a file; None for what is no path."""
    if isinstance(source, str):
        return None if _is_text(source) or _URL.match(source) else Path(source)
    return Path(os.fspath(source)) if isinstance(source, os.PathLike) else None


def _is_text(source: str) -> bool:
    return "\n" in source or not source.strip() or source.lstrip("\ufeff \t\r").startswith(("{", "<"))


def _string(source: str, fetch: Fetch | None) -> Source:
    if _is_text(source):
        return _text(source)
    scheme = _URL.match(source)
    return _file(source) if scheme is None else _url(source, scheme.group(1).lower(), fetch)


def _text(text: str) -> Source:
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        column = error.start - text.rfind("\n", 0, error.start)
        raise DocumentError(
            f"the given text, line {line}, column {column}: a lone surrogate, which no encoding can say"
        ) from None
    return _checked(Source("the given text", "the given text", data))


def _mapping(value: Mapping[str, Json]) -> Source:
    try:
        data = json.dumps(value, default=_plain, ensure_ascii=True).encode()
    except RecursionError:
        raise DocumentError("the given mapping: nested too deep, 500 levels are allowed") from None
    except (TypeError, ValueError) as error:
        raise DocumentError(f"the given mapping: not JSON: {error}") from None
    return _checked(Source("the given mapping", "the given mapping", data))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"it holds {kind_of(value)}; give the file itself, whose dates stay texts")


def _url(url: str, scheme: str, fetch: Fetch | None) -> Source:
    label = shown_url(url)
    if scheme not in ("http", "https"):
        raise DocumentError(f"{label}: only http and https URLs are read; for a file give its path")
    if fetch is None:
        raise DocumentError(
            f"{label}: nothing here fetches URLs; pass fetch=, a function from URL to bytes "
            "such as `lambda url: httpx.get(url).raise_for_status().content`, or give a file"
        )
    try:
        data = fetch(url)
    except SyncdynError:
        raise
    except Exception as error:
        # The error's own words may hold the URL with its credentials.
        raise DocumentError(f"{label}: could not be fetched ({type(error).__name__})") from error
    return _checked(Source(label, label, data))


def _file(name: str) -> Source:
    path = Path(name)
    try:
        if path.is_dir():
            raise DocumentError(f"{name}: this is a folder; give a file{_documents_in(path)}")
        with path.open("rb") as file:
            stamp = stamp_of(path, os.fstat(file.fileno()))
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise DocumentError(f"{name}: no such file{_meant(path)}") from None
    except (OSError, ValueError) as error:
        # ValueError: a name with a null byte. A name too long for a file may be a text without line breaks.
        reason = getattr(error, "strerror", None) or str(error)
        raise DocumentError(f"{name[:200]}: cannot be read as a file: {reason}") from None
    return _checked(Source(name, path.name, data, stamp))


def _checked(source: Source) -> Source:
    if len(source.data) > MAX_BYTES:
        raise DocumentError(f"{source.label}: larger than {MAX_BYTES // 2**20} MiB")
    if not source.data:
        raise DocumentError(f"{source.label}: empty")
    return source


def _meant(path: Path) -> str:
    from difflib import get_close_matches

    if not path.parent.is_dir():
        hint = "; a URL begins with https://" if _HOST.match(str(path)) else ""
        return f"; there is no folder {str(path.parent)!r} either{hint}"
    near = get_close_matches(path.name, _neighbours(path.parent), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def _documents_in(folder: Path) -> str:
    found = [name for name in _neighbours(folder) if name.endswith((".yaml", ".yml", ".json"))][:3]
    return f" in it, such as {', '.join(found)}" if found else ""


def _neighbours(folder: Path) -> list[str]:
    # A folder that cannot be read is walked as an empty one.
    _, folders, files = next(os.walk(folder), ("", [], []))
    return sorted(folders + files)[:_MOST_NEIGHBOURS]
