from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mockserver.errors import MockError
from mockserver.state import Resource, State, StoredFile
from mockserver.storing import sqlite
from mockserver.storing.memory import MemoryStore, Store
from mockserver.storing.sqlite import SqliteStore
from mockserver.tables import Table

REX = Resource("rex", 1, 5.0, {"id": "rex", "tags": ["a"]})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mock.db"


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, path: Path) -> Iterator[Store]:
    with closing(MemoryStore(State()) if request.param == "memory" else SqliteStore(path, State())) as made:
        yield made


_OPENED: list[SqliteStore] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Whatever a test opened is closed after it."""
    yield
    while _OPENED:
        _OPENED.pop().close()


def opened(path: Path, document: str = "Pets", wait_seconds: float = 5.0) -> SqliteStore:
    _OPENED.append(SqliteStore(path, State(count=10), document, wait_seconds=wait_seconds))
    return _OPENED[-1]


def grown(store: SqliteStore, resource: Resource) -> None:
    state = store.read()
    assert store.keep(state, state.with_resource("pets", resource))


def test_what_is_kept_is_read(store: Store) -> None:
    before = store.read()
    after = before.with_resource("pets", REX)
    assert store.keep(before, after)
    assert store.read() is after


def test_a_state_that_is_no_longer_the_newest_is_not_replaced(store: Store) -> None:
    before = store.read()
    first = before.with_resource("pets", REX)
    assert store.keep(before, first)
    assert not store.keep(before, State(count=99))
    assert store.read() is first


def test_many_may_make_the_same_file_at_once(tmp_path: Path) -> None:
    """SQLite fails some of them at once, with no wait; where one was, it shows in a few of these hundred."""
    for number in range(100):
        ready = threading.Barrier(4)
        faults: list[MockError] = []

        def make(path: Path, ready: threading.Barrier, faults: list[MockError]) -> None:
            ready.wait()
            try:
                opened(path)
            except MockError as error:
                faults.append(error)

        threads = [threading.Thread(target=make, args=(tmp_path / f"{number}", ready, faults)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not faults


def test_threads_lose_no_change(store: Store) -> None:
    def grow(name: str) -> None:
        for number in range(50):
            kept = False
            while not kept:
                state = store.read()
                kept = store.keep(state, state.with_resource("pets", Resource(f"{name}{number}", number, 0.0, {})))

    threads = [threading.Thread(target=grow, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.read().collections["pets"]) == 200


def test_the_state_is_there_when_the_file_is_opened_again(path: Path) -> None:
    store = opened(path)
    grown(store, REX)
    grown(store, Resource("clip", 2, 0.0, {}, file=StoredFile("a", "b", bytes(range(256)))))
    left = store.read()
    store.close()
    assert opened(path).read() == left


def test_a_new_file_has_the_initial_state_and_one_that_was_emptied_is_empty(path: Path) -> None:
    store = opened(path)
    state = store.read()
    assert state.count == 10
    assert store.keep(state, State())
    store.close()
    assert opened(path).read() == State()


def test_one_sees_at_once_what_another_has_kept(path: Path) -> None:
    one, other = opened(path), opened(path)
    grown(one, REX)
    assert other.read().find("pets", "rex") == REX
    grown(other, Resource("tom", 2, 0.0, {}))
    state = one.read()
    assert one.keep(state, state.without("pets", "rex", 0.0))
    assert list(other.read().collections["pets"]) == ["tom"]


def test_one_that_has_not_seen_the_others_change_keeps_nothing(path: Path) -> None:
    one, other = opened(path), opened(path)
    stale = one.read()
    grown(other, REX)
    assert not one.keep(stale, stale.with_resource("pets", Resource("tom", 1, 0.0, {})))
    assert list(one.read().collections["pets"]) == ["rex"]


def test_who_was_away_while_marks_of_what_is_gone_were_taken_out_reads_all_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_MARKS_KEPT", 4)
    one, other = opened(path), opened(path)
    grown(one, REX)
    assert other.read().find("pets", "rex") is not None
    state = one.read()
    assert one.keep(state, state.without("pets", "rex", 0.0))
    for number in range(20):
        grown(one, Resource("tom", number, 0.0, {}))
    assert list(other.read().collections["pets"]) == ["tom"]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM rows WHERE text IS NULL").fetchone() == (0,)


def test_a_file_of_another_document_is_refused(path: Path) -> None:
    opened(path, "Pets").close()
    with pytest.raises(MockError, match=r"mock\.db holds the state of the document 'Pets', not of 'Shop'"):
        opened(path, "Shop")


def test_a_document_that_got_another_title_keeps_its_state(path: Path) -> None:
    store = opened(path, "Pets")
    store.rename("Pets and more")
    store.close()
    opened(path, "Pets and more").close()


def _text(path: Path) -> None:
    path.write_text("this is no database, and that is long enough to be seen" * 40)


def _foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE songs (name TEXT)")
    connection.close()


def _of_tomorrow(path: Path) -> None:
    opened(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()


def _with_nonsense(path: Path) -> None:
    store = opened(path)
    grown(store, REX)
    store.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE rows SET text = '{\"id\": 1}' WHERE key LIKE '%rex%'")


def _cut(path: Path) -> None:
    store = opened(path)
    for number in range(300):
        grown(store, Resource(f"r{number}", number, 0.0, {"text": "x" * 100}))
    store.close()
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        pytest.param(_text, "it is no state of a mock; name another file", id="text"),
        pytest.param(_foreign, "another program's database", id="foreign"),
        pytest.param(_of_tomorrow, r"another version of syncdyn \(form 999", id="version"),
        pytest.param(_with_nonsense, "holds what cannot be read .*delete it to begin anew", id="nonsense"),
        pytest.param(_cut, "it is damaged; delete it", id="cut"),
        pytest.param(lambda path: path.mkdir(), "it is a folder; name a file in it", id="folder"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(path: Path, spoil: object, told: str) -> None:
    spoil(path)  # type: ignore[operator]
    with pytest.raises(MockError, match=told) as raised:
        opened(path)
    assert str(path) in str(raised.value)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(MockError, match="there is no folder"):
        opened(tmp_path / "none" / "mock.db")


def test_a_locked_file_is_told_after_a_while(path: Path) -> None:
    store = opened(path, wait_seconds=0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    state = store.read()
    with pytest.raises(MockError, match="another program keeps it locked"):
        store.keep(state, State())
    other.execute("ROLLBACK")
    assert store.keep(state, State())
    other.close()


def test_a_new_file_that_another_has_locked_is_told_after_a_while(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(MockError, match="another program keeps it locked"):
        opened(path, wait_seconds=0.05)
    other.execute("ROLLBACK")
    other.close()
    assert opened(path).read().count == 10


def test_tables_grow_and_shrink_like_a_dict() -> None:
    table: Table[int] = Table()
    for number in range(2000):
        table = table.set(f"k{number}", number)
    for number in range(0, 2000, 2):
        table = table.without(f"k{number}")
    assert dict(table) == {f"k{number}": number for number in range(1, 2000, 2)}
    assert len(table) == 1000
    assert table.without("none") is table
    assert table.sorted_by(lambda value: -value)[0] == 1999


def test_who_is_alone_sees_a_moment_later_what_another_has_kept_and_loses_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("mockserver.storing.sqlite.time.monotonic", lambda: now[0])
    alone, other = SqliteStore(path, State(), is_shared=False), SqliteStore(path, State())
    _OPENED.extend((alone, other))
    before = alone.read()
    assert other.keep(other.read(), State(count=1))
    assert alone.read() is before
    assert not alone.keep(before, State(count=2))
    assert alone.read().count == 1
    assert other.keep(other.read(), State(count=3))
    now[0] += 0.2
    assert alone.read().count == 3
