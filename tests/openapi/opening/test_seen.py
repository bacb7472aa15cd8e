"""A file is known again by its times, unless they might not tell a change."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from syncdyn.openapi.opening.cache import write_cached
from syncdyn.openapi.opening.seen import Stamp, note, recall, stamp_of

DIGEST = "d" * 64
SECOND = 1_000_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A cache folder that is not there yet."""
    return tmp_path / "cache"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of four bytes."""
    path = tmp_path / "api.json"
    path.write_text("abcd")
    return path


def stamp(path: Path) -> Stamp:
    return stamp_of(path, path.stat())


def note_later(folder: Path, *paths: Path, others: tuple[Path, ...] = ()) -> None:
    """Notes files a minute after their last change."""
    stamps = [stamp(path) for path in (*paths, *others)]
    note(folder, paths, stamps, DIGEST, max(each.changed for each in stamps) + 60 * SECOND)


def test_a_file_that_did_not_change_is_known(folder: Path, path: Path) -> None:
    assert recall(folder, [path]) is None
    note_later(folder, path)
    assert recall(folder, [path]) == DIGEST


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_text("efgh")
    times = path.stat()
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.replace(path)


def become_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


CHANGES: dict[str, Callable[[Path], object]] = {
    "longer": lambda path: path.write_text("abcde"),
    "touched": lambda path: os.utime(path, (1, 1)),
    "replaced by one as long and as old": replace,
    "gone": Path.unlink,
    "a folder now": become_a_folder,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_file_that_changed_is_not_known(folder: Path, path: Path, change: Callable[[Path], object]) -> None:
    note_later(folder, path)
    change(path)
    assert recall(folder, [path]) is None


def test_files_are_known_together_and_in_their_order(folder: Path, path: Path) -> None:
    other = path.with_name("overlay.yaml")
    other.write_text("x")
    note_later(folder, path, other)
    assert recall(folder, [path, other]) == DIGEST
    assert recall(folder, [other, path]) is None
    assert recall(folder, [path]) is None


def test_a_change_of_another_file_that_was_read_counts(folder: Path, path: Path) -> None:
    other = path.with_name("part.yaml")
    other.write_text("x")
    note_later(folder, path, others=(other,))
    assert recall(folder, [path]) == DIGEST
    other.write_text("xy")
    assert recall(folder, [path]) is None


@pytest.mark.parametrize("seconds", [-60, 0, 1.9])
def test_a_file_that_has_just_changed_is_not_noted(folder: Path, path: Path, seconds: float) -> None:
    """It could change once more within the same tick of its file system's clock."""
    seen = stamp(path)
    note(folder, [path], [seen], DIGEST, seen.changed + int(seconds * SECOND))
    assert recall(folder, [path]) is None


def test_a_file_that_only_looks_old_is_not_noted(folder: Path, path: Path) -> None:
    """Anybody may date a file back; when that was done is another of its times."""
    os.utime(path, (1, 1))
    seen = stamp(path)
    note(folder, [path], [seen], DIGEST, seen.changed)
    assert recall(folder, [path]) is None


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"files": 1, "digest": "d"}', '{"files": [[1]], "digest": "d"}',
                                    '{"files": [], "digest": "d"}'])  # fmt: skip
def test_a_damaged_note_counts_for_nothing(folder: Path, path: Path, damage: str) -> None:
    note_later(folder, path)
    (kept,) = folder.iterdir()
    kept.write_text(damage)
    assert recall(folder, [path]) is None
    write_cached(folder, kept.name, json.loads(damage or "null"))
    assert recall(folder, [path]) is None


def test_no_flipped_byte_of_a_note_gives_another_digest(folder: Path, path: Path) -> None:
    note_later(folder, path)
    (kept,) = folder.iterdir()
    sound = kept.read_bytes()
    for at in range(len(sound)):
        kept.write_bytes(sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :])
        assert recall(folder, [path]) is None, at


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_note_that_others_may_write_is_not_trusted(folder: Path, path: Path) -> None:
    note_later(folder, path)
    (kept,) = folder.iterdir()
    kept.chmod(0o666)
    assert recall(folder, [path]) is None


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "\ud800"], ids=["null byte", "endless", "surrogate"])
def test_a_name_that_is_none_is_not_known(folder: Path, name: str) -> None:
    assert recall(folder, [Path(name)]) is None
