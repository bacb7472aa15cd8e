"""A big document is kept in pieces, once per machine, and stays what it was when it was opened."""

from __future__ import annotations

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import DocumentError, UnsupportedVersion
from syncdyn.openapi.loading import load, load_shared
from syncdyn.openapi.opening.cache import MOST_BYTES, MOST_FILES, write_file
from syncdyn.openapi.opening.kept import seek_and_read
from syncdyn.openapi.opening.partial import Pieces
from syncdyn.openapi.opening.seen import note, recall, stamp_of

ROOT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "paths": {"/a": {"get": {"operationId": "readA"}}},
    "components": {"schemas": {f"S{n}": {"description": "ö" * 1000} for n in range(200)}},
}
JSON = json.dumps(ROOT, ensure_ascii=False)
OVERLAY = {
    "overlay": "1.0.0",
    "info": {"title": "O", "version": "1"},
    "actions": [{"target": "$.info", "update": {"title": "New"}}],
}
MINUTE = 60_000_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A cache folder that is not there yet."""
    return tmp_path / "cache"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with the document."""
    path = tmp_path / "api.json"
    path.write_text(JSON, encoding="utf-8")
    return path


def kept_in(folder: Path) -> Path:
    (kept,) = folder.glob("*.pieces")
    return kept


def is_whole(document: Document) -> bool:
    return isinstance(document.root, Pieces) and document.plain() == ROOT


SOURCES: dict[str, Any] = {
    "JSON": JSON,
    "bytes": JSON.encode(),
    "indented": json.dumps(ROOT, indent=4),
    "escaped": json.dumps(ROOT),
    "mapping": ROOT,
    "a byte order mark": b"\xef\xbb\xbf" + JSON.encode(),
    "UTF-16": JSON.encode("utf-16"),
    "YAML": json.dumps(ROOT, indent=4, ensure_ascii=False).replace("{", "# YAML\n{", 1),
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_big_document_is_read_in_pieces(folder: Path, source: Any) -> None:
    assert is_whole(load(source, cache_folder=folder))
    assert is_whole(load(source, cache_folder=folder))
    assert kept_in(folder).is_file()


def test_without_a_cache_it_is_read_from_memory() -> None:
    assert is_whole(load(JSON, cache_folder=None))


def test_with_overlays_it_is_kept_as_they_leave_it(folder: Path) -> None:
    for _ in range(2):
        assert load(JSON, overlays=[OVERLAY], cache_folder=folder).root["info"]["title"] == "New"
    assert load(JSON, cache_folder=folder).root["info"]["title"] == "T"


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_it_is_kept_for_the_owner_alone(folder: Path) -> None:
    load(JSON, cache_folder=folder)
    assert kept_in(folder).stat().st_mode & 0o777 == 0o600
    kept_in(folder).chmod(0o666)
    planted = kept_in(folder).read_bytes().replace(b'"T"', b'"P"')
    kept_in(folder).write_bytes(planted)
    assert load(JSON, cache_folder=folder).root["info"]["title"] == "T"


DAMAGES: dict[str, Any] = {
    "empty": lambda _: b"",
    "short": lambda _: b"x" * 10,
    "cut off": lambda data: data[:-1],
    "its end alone": lambda data: data[-1000:],
    "another mark": lambda data: data[:-8] + b"syncdyn0",
    "another index": lambda data: data[:-100] + b"x" + data[-99:],
    "no document": lambda data: data.replace(b'"3.1.0"', b'"9.1.0"'),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_replaced(folder: Path, damage: Any) -> None:
    load(JSON, cache_folder=folder)
    sound = kept_in(folder).read_bytes()
    kept_in(folder).write_bytes(damage(sound))
    assert is_whole(load(JSON, cache_folder=folder))
    assert kept_in(folder).read_bytes() == sound


def test_a_piece_damaged_under_an_open_document_is_told(folder: Path) -> None:
    document = load(JSON, cache_folder=folder)
    kept = kept_in(folder)
    kept.write_bytes(kept.read_bytes().replace(b'"description"', b'"description '))
    with pytest.raises(DocumentError, match=f"{re.escape(str(kept))}: this copy of a document is damaged; delete it"):
        document.at("#/components/schemas/S1")


@pytest.mark.parametrize("seed", range(3))
def test_no_flipped_byte_of_a_kept_file_changes_the_document(folder: Path, seed: int) -> None:
    """A hundred bytes each, of the text, the index, or the tail: the text is told or read anew, never believed."""
    load(JSON, cache_folder=folder)
    kept, random = kept_in(folder), Random(seed)
    sound = kept.read_bytes()
    for at in [*random.sample(range(len(sound)), 50), *random.sample(range(len(sound) - 20_000, len(sound)), 50)]:
        kept.write_bytes(sound[:at] + bytes([sound[at] ^ 1 << random.randrange(8)]) + sound[at + 1 :])
        with suppress(DocumentError):
            assert is_whole(load(JSON, cache_folder=folder)), at


def test_a_kept_file_under_the_name_of_another_is_not_taken_for_it(folder: Path) -> None:
    load(JSON.replace('"T"', '"Other"'), cache_folder=folder)
    other = kept_in(folder)
    other.rename(folder / f"{load(JSON, cache_folder=None).digest}{other.name[64:]}")
    assert is_whole(load(JSON, cache_folder=folder))


@pytest.mark.skipif(os.name != "posix", reason="open files can be removed")
def test_an_open_document_outlives_its_files(folder: Path, path: Path) -> None:
    document = load(path, cache_folder=folder)
    path.write_text("{}")
    kept_in(folder).unlink()
    assert is_whole(document)


def test_a_big_document_follows_its_file(folder: Path, path: Path) -> None:
    before = load_shared(path, cache_folder=folder)
    path.write_text(JSON.replace('"T"', '"U"'), encoding="utf-8")
    assert load_shared(path, cache_folder=folder).root["info"]["title"] == "U"
    assert before.root["info"]["title"] == "T"


@pytest.mark.parametrize("opened", [load, load_shared])
def test_a_file_known_by_its_times_is_not_read(folder: Path, path: Path, opened: Any) -> None:
    """What is noted of it is the digest of another document."""
    other = load(JSON.replace('"T"', '"Other"'), cache_folder=folder)
    stamp = stamp_of(path, path.stat())
    note(folder, [path], [stamp], other.digest, stamp.changed + MINUTE)
    document = opened(path, cache_folder=folder)
    assert (document.root["info"]["title"], document.origin) == ("Other", "api.json")


@pytest.mark.parametrize("opened", [load, load_shared])
def test_a_big_file_is_noted_once_its_times_can_tell_a_change(folder: Path, path: Path, opened: Any) -> None:
    opened(path, cache_folder=folder)
    assert recall(folder, [path]) is None
    document = opened(path, cache_folder=folder, now=lambda: path.stat().st_ctime_ns + MINUTE)
    assert recall(folder, [path]) == document.digest


def test_a_small_file_is_not_noted(folder: Path, path: Path) -> None:
    path.write_text('{"openapi": "3.1.0"}')
    load(path, cache_folder=folder, now=lambda: path.stat().st_ctime_ns + MINUTE)
    assert not folder.exists()


def test_a_known_file_whose_pieces_are_gone_is_read(folder: Path, path: Path) -> None:
    stamp = stamp_of(path, path.stat())
    note(folder, [path], [stamp], load(path, cache_folder=folder).digest, stamp.changed + MINUTE)
    kept_in(folder).unlink()
    assert is_whole(load(path, cache_folder=folder))


FAULTS = {
    "syntax": (JSON[:-1] + "]", f"line 1, column {len(JSON)}"),
    "constant": (JSON.replace('"1"', "NaN", 1), "NaN is not JSON"),
    "depth": (JSON.replace('"1"', "[" * 600 + "]" * 600, 1), "nested deeper than 500 levels"),
    "bytes": (JSON.encode("latin-1"), "these bytes are not UTF-8 text"),
    "no document": (json.dumps({"a": "x" * 300_000}), "no `openapi` member"),
}


@pytest.mark.parametrize(("source", "told"), FAULTS.values(), ids=FAULTS)
def test_a_fault_in_a_big_document_is_told_as_in_a_small_one(folder: Path, source: Any, told: str) -> None:
    with pytest.raises(DocumentError, match=told):
        load(source, cache_folder=folder)
    assert not folder.exists()


def test_another_version_is_refused_and_not_kept(folder: Path) -> None:
    with pytest.raises(UnsupportedVersion, match="Swagger"):
        load(JSON.replace("openapi", "swagger"), cache_folder=folder)
    assert not folder.exists()


def test_threads_share_one_document(folder: Path) -> None:
    source = JSON.replace('"T"', '"Shared"')
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: load_shared(source, cache_folder=folder), range(40)))
    assert len({id(document) for document in found}) == 1


def test_the_newest_documents_stay_within_half_a_gigabyte(folder: Path) -> None:
    folder.mkdir()
    for n in range(4):
        path = folder / f"{n:064x}-{0:016x}.pieces"
        path.touch()
        os.truncate(path, MOST_BYTES // 3)
        os.utime(path, (n, n))
    write_file(folder, f"{9:064x}-{0:016x}.pieces", b"new")
    assert sorted(path.name[63] for path in folder.iterdir()) == ["2", "3", "9"]


def test_readers_without_pread_get_their_own_bytes(tmp_path: Path) -> None:
    data = bytes(range(256)) * 64
    (tmp_path / "data").write_bytes(data)
    with (tmp_path / "data").open("rb") as file, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda at: seek_and_read(file.fileno(), 100, at), range(0, 16_000, 7)))
    assert found == [data[at : at + 100] for at in range(0, 16_000, 7)]


def test_the_newest_notes_stay_beside_the_newest_documents(folder: Path) -> None:
    for n in range(MOST_FILES + 2):
        for name in (f"{n:064x}.seen", f"{n:064x}-{0:016x}.{'json' if n % 2 else 'pieces'}"):
            assert write_file(folder, name, b"")
            os.utime(folder / name, (n, n))
    assert len(list(folder.glob("*.seen"))) == MOST_FILES
    assert len(list(folder.iterdir())) == 2 * MOST_FILES


class Slow:
    """A file whose name is asked for to know it again, and then to read it, which takes a minute."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.asked = 0

    def __fspath__(self) -> str:
        self.asked += 1
        return str(self.path)

    def now(self) -> int:
        return self.path.stat().st_ctime_ns + (MINUTE if self.asked > 1 else 0)


def test_the_time_that_counts_is_that_before_reading(folder: Path, path: Path) -> None:
    """While a document is read and parsed, its file may change within the same tick as before."""
    slow = Slow(path)
    load(slow, cache_folder=folder, now=slow.now)
    assert slow.now() > path.stat().st_ctime_ns
    assert recall(folder, [path]) is None
