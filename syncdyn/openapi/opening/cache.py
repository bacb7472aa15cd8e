"""Documents kept as JSON files, so that each is converted, or taken into pieces, once per machine.

A cache only ever saves time: whatever is wrong with it, there is no error, just another parse.
"""

from __future__ import annotations

import json
import os
import re
import stat
import time
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json

FOLDER_VARIABLE = "SYNCDYN_CACHE_DIR"
_OFF = frozenset({"", "off"})

MOST_FILES = 32
MOST_BYTES = 512 * 1024 * 1024
#: Documents, whole or in pieces, and what is remembered of the files they came from.
_OWN_FILES = (re.compile(r"[0-9a-f]{64}-[0-9a-f]{16}\.(json|pieces)"), re.compile(r"[0-9a-f]{64}\.seen"))
_OWN_REMNANT = re.compile(r"\.syncdyn-.*\.part")
_REMNANT_SECONDS = 3600
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
#: A pipe that somebody put in a file's place is not waited for.
_AT_ONCE = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


def default_cache_folder(environ: Mapping[str, str]) -> Path | None:
    """The folder that SYNCDYN_CACHE_DIR names, else the user's cache folder; None for no cache.

    An empty SYNCDYN_CACHE_DIR, or `off`, means no cache.
    """
    stated = environ.get(FOLDER_VARIABLE)
    if stated is not None:
        return None if stated.strip().lower() in _OFF else Path(stated)
    import platformdirs

    folder = platformdirs.user_cache_path("syncdyn")
    # A user without a home gets a path that begins with a literal `~`.
    return folder if folder.is_absolute() else None


def read_cached(folder: Path, name: str) -> Json:
    """The value kept under a name, or None where there is none that can be trusted."""
    try:
        with os.fdopen(open_at_once(folder / name), "rb") as file:
            head, _, data = file.read().partition(b"\n") if is_own(os.fstat(file.fileno())) else (b"", b"", b"")
            return json.loads(data) if head == _head(name, data) else None
    except (OSError, ValueError, RecursionError):
        return None


def write_cached(folder: Path, name: str, value: Json) -> bool:
    """Whether a value was kept; the file appears whole or not at all."""
    try:
        return write_json(folder, name, json.dumps(value, separators=(",", ":")).encode())
    except (ValueError, RecursionError):
        return False


def write_json(folder: Path, name: str, data: bytes) -> bool:
    """Whether a value was kept, of which this is the JSON."""
    return write_file(folder, name, _head(name, data), b"\n", data)


def _head(name: str, data: bytes) -> bytes:
    """The first line: a disk may damage a text that is JSON still, and others may rename what is in a folder."""
    return b"%08x %s" % (zlib.crc32(data), name.encode())


def write_file(folder: Path, name: str, *parts: bytes) -> bool:
    """Whether a file was kept that holds these bytes; it appears whole or not at all.

    Only the newest files of each kind stay: 32, and 512 MiB in all.
    """
    import tempfile

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, remnant = tempfile.mkstemp(prefix=".syncdyn-", suffix=".part", dir=folder)  # mode 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(parts)
            Path(remnant).replace(folder / name)
        finally:
            # Gone by now, unless something went wrong.
            Path(remnant).unlink(missing_ok=True)
        _prune(folder)
    except OSError:
        return False
    return True


def open_at_once(path: Path) -> int:
    """The descriptor of a file opened for reading, whatever kind of file it is."""
    return os.open(path, _AT_ONCE)


def is_own(status: os.stat_result) -> bool:
    """Whether it is a plain file of the user's own, and no one else may write it."""
    if not stat.S_ISREG(status.st_mode):
        return False
    # Whoever else can write the file would choose what our requests look like.
    # Where files have no owner by number, as on Windows, the folder's own rights must do.
    user = getattr(os, "geteuid", None)
    return user is None or (status.st_uid == user() and not status.st_mode & _OTHERS_MAY_WRITE)


def _prune(folder: Path) -> None:
    # The folder may be one that others use too: only files with names of ours are touched.
    paths = list(folder.iterdir())
    long_ago = time.time() - _REMNANT_SECONDS
    superfluous = [path for path in paths if _OWN_REMNANT.fullmatch(path.name) and _written_at(path) < long_ago]
    for kind in _OWN_FILES:
        kept = sorted((path for path in paths if kind.fullmatch(path.name)), key=_written_at, reverse=True)
        superfluous += _past_the_limits(kept)
    for path in superfluous:
        path.unlink(missing_ok=True)


def _past_the_limits(newest_first: list[Path]) -> Iterator[Path]:
    total = 0
    for number, path in enumerate(newest_first):
        total += _size(path)
        if number and (number >= MOST_FILES or total > MOST_BYTES):
            yield path


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        # Another process has just removed it; as the newest, it is left alone.
        return float("inf")
