"""The file of a download while it comes: a part beside its target, with a tag that says of which version it is.

The tag file is also the mark of a part of ours; a file of that name without one is somebody else's.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from syncdyn.errors import DownloadError
from syncdyn.openapi.hints import kind_of
from syncdyn.openapi.messages import Headers

PART_SUFFIX = ".syncdyn-part"


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Makes a DownloadError, with path and reason, of what the file system refuses."""
    try:
        yield
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise DownloadError(f"{path} cannot be written: {reason}") from error


def target_path(path: object, name: str, *, overwrite: bool) -> Path:
    """Where the download goes: the path, the name inside it when it is a folder, or the name here.

    Raises DownloadError when a file is there already, unless `overwrite`, and for what can be no path.
    """
    if path is not None and not isinstance(path, str | os.PathLike):
        raise DownloadError(f"path: expected a path, found {kind_of(path)}")
    try:
        target = Path(name if path is None else path)
    except TypeError as error:
        raise DownloadError(f"path: {error}") from error
    with told(target):
        if target.is_dir():
            target /= name
        if _is_there(target) and not overwrite:
            raise DownloadError(f"{target} exists already; pass overwrite=True to replace it")
        if not target.parent.is_dir():
            raise DownloadError(f"{target.parent} is no folder; make it first")
    return target


def _is_there(path: Path) -> bool:
    """Whether there is anything of that name, be it a link that leads nowhere. Raises OSError and ValueError."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


@dataclass(slots=True)
class Saving:
    """A download on its way to its target: `done` bytes of `total` are in the part."""

    target: Path
    done: int = 0
    total: int | None = None

    @property
    def part(self) -> Path:
        return self.target.with_name(self.target.name + PART_SUFFIX)

    @property
    def tag_file(self) -> Path:
        return self.target.with_name(self.target.name + PART_SUFFIX + ".etag")

    def claim(self) -> None:
        """Takes over the part of an earlier download. Raises DownloadError for a file that is none."""
        with told(self.part):
            if _is_there(self.part) and not _is_there(self.tag_file):
                raise DownloadError(f"{self.part} is no part of a download; move it away, or choose another path")

    def have(self) -> tuple[int, str | None]:
        """How much is there of which version; nothing counts whose version is not known."""
        with suppress(OSError, ValueError):
            tag = self.tag_file.read_text("utf-8").strip()
            return self.part.stat().st_size, tag or None
        return 0, None

    def begin(self, headers: Headers, start: int, total: int | None) -> None:
        """Notes what comes. A weak tag or none is kept as an empty one: the part is ours, and not gone on with."""
        self.done, self.total = start, total
        tag = headers.get("etag", "")
        with told(self.tag_file):
            self.tag_file.write_text("" if tag.startswith("W/") else tag, "utf-8")

    def discard(self) -> None:
        """Forgets the part."""
        with told(self.part):
            self.part.unlink(missing_ok=True)
            self.tag_file.unlink(missing_ok=True)

    def finish(self, *, overwrite: bool, link: Callable[[Path, Path], None] = os.link) -> Path:
        """The target, now that the part is whole. Raises DownloadError when a file has come to exist there."""
        with told(self.target):
            if overwrite:
                self.part.replace(self.target)
            else:
                self._put(link)
        with suppress(OSError):
            self.part.unlink(missing_ok=True)
            self.tag_file.unlink(missing_ok=True)
        return self.target

    def _put(self, link: Callable[[Path, Path], None]) -> None:
        try:
            # A link never replaces a file, and a rename does.
            link(self.part, self.target)
        except OSError as error:
            if _is_there(self.target):
                raise DownloadError(
                    f"{self.target} has come to exist meanwhile; the download is in {self.part}"
                ) from error
            # A file system without links.
            self.part.rename(self.target)

    @property
    def so_far(self) -> str:
        """How far it is, in words."""
        return f"{self.done:,} bytes came" if self.total is None else f"{self.done:,} of {self.total:,} bytes came"
