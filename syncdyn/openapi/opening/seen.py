"""What a file held when it was last read, told by its times: 13 MB need not be read to know them again.

As git's index does it: a file whose size, times and inode are those of then is what it was then. One that was
changed just before it was read could have been changed once more without a trace; of such a file nothing is noted.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from syncdyn.openapi.opening.cache import read_cached, write_cached

#: No file system's times are coarser.
_COARSEST_NANOSECONDS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file as it was at one time; times in nanoseconds."""

    path: str
    size: int
    modified: int
    changed: int
    inode: int

    def may_hide_a_change(self, since: int) -> bool:
        """Whether the file was changed so shortly before a time that its own might not tell a change since."""
        return max(self.modified, self.changed) > since - _COARSEST_NANOSECONDS


def stamp_of(path: str | os.PathLike[str], status: os.stat_result) -> Stamp:
    """The stamp of a file with this status."""
    return Stamp(str(Path(path).absolute()), status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def recall(folder: Path, paths: Sequence[Path]) -> str | None:
    """The digest noted for these files, if none of all that it was made of has changed."""
    try:
        noted = read_cached(folder, _name(paths))
        stamps, digest = [Stamp(*each) for each in noted["files"]], noted["digest"]
        is_same = all(stamp_of(stamp.path, Path(stamp.path).stat()) == stamp for stamp in stamps)
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return digest if is_same and stamps and isinstance(digest, str) else None


def note(folder: Path, paths: Sequence[Path], stamps: Iterable[Stamp], digest: str, began: int) -> None:
    """Notes the digest of what these files are made into; `stamps` are of all the files that were read for it.

    They were taken before the files were read, and after `began`, a time in nanoseconds since the epoch.
    """
    stamps = list(stamps)
    if not any(stamp.may_hide_a_change(began) for stamp in stamps):
        noted = {"digest": digest, "files": [astuple(stamp) for stamp in stamps]}
        write_cached(folder, _name(paths), noted)


def _name(paths: Sequence[Path]) -> str:
    joined = "\0".join(str(Path(path).absolute()) for path in paths)
    return f"{hashlib.sha256(os.fsencode(joined)).hexdigest()}.seen"
