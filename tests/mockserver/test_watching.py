from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mockserver.serving import watching
from mockserver.serving.watching import Watcher, files_of
from syncdyn.openapi.errors import DocumentError

MAIN = "paths: {/pets: {$ref: 'paths/pets.yaml#/all'}}"
PETS = '{"all": {"$ref": "../pet.json", "x": {"$ref": "#/all"}, "y": {"$ref": "https://a.test/b.yaml"}}}'


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(watching, "QUIET_SECONDS", 0.05)


@pytest.fixture
def main(tmp_path: Path) -> Path:
    main = tmp_path / "api.yaml"
    main.write_text(MAIN)
    (tmp_path / "paths").mkdir()
    (tmp_path / "paths" / "pets.yaml").write_text(PETS)
    return main


class Document:
    """Tells what it read each time; `broken` is no document."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.read: queue.Queue[str] = queue.Queue()
        self.told: queue.Queue[str] = queue.Queue()

    def reload(self) -> tuple[str, ...]:
        text = self.path.read_text()
        self.read.put(text)
        if text == "broken":
            raise DocumentError("api.yaml, line 3, column 1: broken")
        return ()


@pytest.fixture
def watched(main: Path) -> Iterator[Document]:
    document = Document(main)
    watcher = Watcher([str(main)], document.reload, document.told.put)
    yield document
    watcher.stop()


def test_files_are_found_by_their_references_also_those_to_be_made(main: Path) -> None:
    names = {str(path.resolve().relative_to(main.parent)) for path in files_of([str(main), {"a": 1}, "{}", None])}
    assert names == {"api.yaml", str(Path("paths/pets.yaml")), "pet.json"}


def _write(path: Path) -> None:
    path.write_text("new")


def _rename(path: Path) -> None:
    path.with_suffix(".swp").write_text("new")
    path.with_suffix(".swp").replace(path)


def _remove_and_write(path: Path) -> None:
    path.unlink()
    path.write_text("new")


@pytest.mark.parametrize("save", [_write, _rename, _remove_and_write])
def test_a_file_that_is_saved_is_read_again(watched: Document, save: Callable[[Path], None]) -> None:
    save(watched.path)
    assert watched.told.get(timeout=3) == "Reloaded"
    assert watched.read.get_nowait() == "new"


@pytest.mark.parametrize("name", ["paths/pets.yaml", "pet.json"], ids=["referenced", "yet to be made"])
def test_a_file_that_the_document_refers_to_counts_as_well(watched: Document, name: str) -> None:
    (watched.path.parent / name).write_text("{}")
    assert watched.told.get(timeout=3) == "Reloaded"


def test_a_file_that_is_new_in_the_document_is_watched_from_then_on(watched: Document) -> None:
    watched.path.write_text("{$ref: 'other.yaml'}")
    assert watched.told.get(timeout=3) == "Reloaded"
    (watched.path.parent / "other.yaml").write_text("a")
    assert watched.told.get(timeout=3) == "Reloaded"


def test_a_broken_document_is_told_and_mended(watched: Document) -> None:
    watched.path.write_text("broken")
    assert watched.told.get(timeout=3).endswith("api.yaml, line 3, column 1: broken")
    watched.path.write_text("mended")
    assert watched.told.get(timeout=3) == "Reloaded"


def test_several_saves_at_once_are_one_reload(watched: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "QUIET_SECONDS", 0.2)
    for number in range(20):
        watched.path.write_text("new" * number)
    assert watched.told.get(timeout=3) == "Reloaded"
    with pytest.raises(queue.Empty):
        watched.told.get(timeout=0.4)
