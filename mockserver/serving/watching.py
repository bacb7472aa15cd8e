"""Documents that are edited while they are served: what has changed is read again, what is broken waits.

Files are looked at now and then. That costs next to nothing, and works where no system tells of changes: in folders
mounted into a container, over a network, for files that are yet to be made.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote

from syncdyn.openapi.errors import SyncdynError

LOOK_SECONDS = 0.25
#: An editor writes a file in several steps: it is read when nothing has happened for so long.
QUIET_SECONDS = 0.1
_REFERENCE = re.compile(rb"""["']?\$ref["']?\s*:\s*["']?([^"'#\s,}]+)""")
_MOST_FILES = 2000

#: Serves what the files say now, or raises and serves on what they said before.
Reload: TypeAlias = Callable[[], Iterable[str]]
Tell: TypeAlias = Callable[[str], None]
#: What a file is known again by; None where there is none.
_Stamp: TypeAlias = "tuple[int, int, int] | None"


def files_of(sources: Iterable[object]) -> frozenset[Path]:
    """The files among the sources, and all that these lead to by `$ref`, there or not.

    They are found in the text, so in that of a broken file as well; one too many does no harm.
    """
    left = [Path(each) for each in sources if isinstance(each, str | Path) and _is_path(str(each))]
    found: set[Path] = set()
    while left and len(found) < _MOST_FILES:
        path = left.pop().absolute()
        if path not in found:
            found.add(path)
            left += _neighbours(path)
    return frozenset(found)


def _is_path(source: str) -> bool:
    return "://" not in source and "\n" not in source and not source.lstrip().startswith(("{", "<"))


def _neighbours(path: Path) -> list[Path]:
    try:
        text = path.read_bytes()
    except OSError:
        return []
    names = {unquote(name.decode("utf-8", "replace")) for name in _REFERENCE.findall(text)}
    return [path.parent / name for name in names if ":" not in name and "\0" not in name]


class Watcher:
    """Has a document reloaded when one of its files has changed, from now on until `stop()`.

    `sources` are the document and its overlays; what is no path is not watched. `tell` is given a line for each
    reload, done or failed, and those that `reload` gives.
    """

    def __init__(self, sources: Iterable[object], reload: Reload, tell: Tell) -> None:
        self._sources = tuple(sources)
        self._reload = reload
        self._tell = tell
        self._stamps = _stamps(files_of(self._sources))
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mockserver-watcher", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._stopped.set()
        self._thread.join(1.0)

    def _run(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            if _stamps(self._stamps) != self._stamps and self._settle():
                # Before it is read: what changes meanwhile is so seen the next time.
                self._stamps = {**_stamps(files_of(self._sources)), **self._stamps}
                self._read_again()

    def _settle(self) -> bool:
        """Wait until the files stay as they are; False when there is nothing to wait for any more."""
        before: Mapping[Path, _Stamp] = {}
        while before != self._stamps:
            before, self._stamps = self._stamps, _stamps(self._stamps)
            if self._stopped.wait(QUIET_SECONDS):
                return False
        return True

    def _read_again(self) -> None:
        try:
            lines = tuple(self._reload())
        except (SyncdynError, OSError) as error:
            self._tell(f"Not reloaded, the document is served as it was: {error}")
        except Exception as error:  # the watcher goes on, whatever is in a file
            self._tell(f"Not reloaded, the document is served as it was: {type(error).__name__}: {error}")
        else:
            for line in ("Reloaded", *lines):
                self._tell(line)


def _stamps(files: Iterable[Path]) -> Mapping[Path, _Stamp]:
    return {path: _stamp(path) for path in files}


def _stamp(path: Path) -> _Stamp:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
