"""Converted documents kept as JSON files, so that a YAML text is parsed once per machine.

A cache only ever saves time: whatever is wrong with it, there is no error, just another parse.
"""

from __future__ import annotations

import json
import os
import re
import stat
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json

FOLDER_VARIABLE = "SYNCDYN_CACHE_DIR"
_OFF = frozenset({"", "off"})

MOST_FILES = 32
_OWN_FILE = re.compile(r"[0-9a-f]{64}-[0-9a-f]{16}\.json")
_OWN_REMNANT = re.compile(r"\.syncdyn-.*\.part")
_REMNANT_SECONDS = 3600
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


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
        with (folder / name).open("rb") as file:
            return json.loads(file.read()) if _is_own(os.fstat(file.fileno())) else None
    except (OSError, ValueError, RecursionError):
        return None


def write_cached(folder: Path, name: str, value: Json) -> bool:
    """Whether a value was kept; the file appears whole or not at all. Only the newest 32 files stay."""
    import tempfile

    try:
        text = json.dumps(value, separators=(",", ":"))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(prefix=".syncdyn-", suffix=".part", dir=folder)  # mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            Path(part).replace(folder / name)
        finally:
            # Gone by now, unless something went wrong.
            Path(part).unlink(missing_ok=True)
        _prune(folder)
    except (OSError, ValueError, RecursionError):
        return False
    return True


def _is_own(status: os.stat_result) -> bool:
    # Whoever else can write the file would choose what our requests look like.
    # Where files have no owner by number, as on Windows, the folder's own rights must do.
    user = getattr(os, "geteuid", None)
    return user is None or (status.st_uid == user() and not status.st_mode & _OTHERS_MAY_WRITE)


def _prune(folder: Path) -> None:
    # The folder may be one that others use too: only files with names of ours are touched.
    paths = list(folder.iterdir())
    kept = sorted((path for path in paths if _OWN_FILE.fullmatch(path.name)), key=_written_at)
    long_ago = time.time() - _REMNANT_SECONDS
    remnants = [path for path in paths if _OWN_REMNANT.fullmatch(path.name) and _written_at(path) < long_ago]
    for path in (*kept[:-MOST_FILES], *remnants):
        path.unlink(missing_ok=True)


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        # Another process has just removed it; as the newest, it is left alone.
        return float("inf")
