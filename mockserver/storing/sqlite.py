"""The state in an SQLite file: it outlives the process, however that ends, and several processes share it.

A change is one transaction, which is over before its request is answered. With the write-ahead log and
`synchronous=NORMAL` it then lies in the operating system's pages: a process that is killed loses nothing, since the
system writes them all the same. A machine that loses its power may lose the last moments, but the file stays whole;
`FULL` would spare these too, at a hundred times the price, and a mock is no bank. Source: sqlite.org/wal.html,
"Performance Considerations"; sqlite.org/pragma.html#pragma_synchronous.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from mockserver.errors import MockError
from mockserver.storing.connecting import WAIT_SECONDS, connected
from mockserver.storing.rows import Row, changed_rows, with_rows

#: Which kind of SQLite file it is ("SyMo"), and in which form the state is written.
_APPLICATION, _FORM = 0x53794D6F, 1
#: After so many changes the marks of what is gone are taken out; who has not read for as long reads all anew.
_MARKS_KEPT = 4096
_SCHEMA = (
    "CREATE TABLE mock (version INTEGER NOT NULL, forgotten INTEGER NOT NULL, document TEXT NOT NULL)",
    "CREATE TABLE rows (field TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, text TEXT, blob BLOB,"
    " PRIMARY KEY (field, key)) WITHOUT ROWID",
    "CREATE INDEX rows_by_version ON rows (version)",
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {_FORM}",
)
_VERSION = "SELECT version FROM mock"
_SINCE = "SELECT field, key, text, blob FROM rows WHERE version > ?"
_SET = (
    "INSERT INTO rows VALUES (?, ?, ?, ?, ?) ON CONFLICT (field, key)"
    " DO UPDATE SET version = excluded.version, text = excluded.text, blob = excluded.blob"
)
_SET_TEXT = "UPDATE rows SET version = ?, text = ? WHERE field = ? AND key = ?"
_STEP = "UPDATE mock SET version = ? WHERE version = ?"
#: How long who is alone with the file may not know of what others write all the same.
_LOOK_SECONDS = 0.1
_FAULTS = (sqlite3.Error, LookupError, TypeError, ValueError, AttributeError)


class SqliteStore:
    """The state in the file at `path`; where there is none yet, it begins with `initial`.

    `document` names the document whose state it is, such as its title: what another left is refused.
    The state is a dataclass; it is read from the file once, and then what others have changed: where the file
    `is_shared` at each look, else ten times a second. No change is lost either way.
    Another's lock is waited for for `wait_seconds`.
    Raises MockError for a file that cannot be used, and later for one that no longer can.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        initial: Any,
        document: str = "",
        *,
        is_shared: bool = True,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        self._seconds_between_looks = 0.0 if is_shared else _LOOK_SECONDS
        self._look_at = 0.0
        self.path = Path(path)
        self._lock = threading.Lock()
        self._state: Any = None
        self._version = 0
        with self._told():
            self._connection = _opened(self.path, wait_seconds)
            self._cursor = self._connection.cursor()
        try:
            with self._told():
                self._begin(initial, document)
        except BaseException:
            self._connection.close()
            raise

    def read(self) -> Any:
        """The newest state, with what other processes made of it."""
        if self._seconds_between_looks:
            now = time.monotonic()
            if now < self._look_at:
                return self._state
            self._look_at = now + self._seconds_between_looks
        with self._lock:
            try:
                (version,) = self._cursor.execute(_VERSION).fetchone()
            except (sqlite3.Error, TypeError) as error:
                raise self._fault(error) from error
            if version != self._version:
                with self._told():
                    self._catch_up()
            return self._state

    def keep(self, before: Any, after: Any) -> bool:
        """Whether `before` was still the newest state; `after` is it now, and on its way to the disk."""
        rows = list(changed_rows(before, after))
        with self._lock:
            if self._state is not before:
                return False
            try:
                if not self._put(rows):
                    self._look_at = 0.0
                    return False
            except _FAULTS as error:
                raise self._fault(error) from error
            self._state, self._version = after, self._version + 1
            return True

    def _put(self, rows: list[Row]) -> bool:
        """Whether the rows are in the file: not if another has changed it."""
        execute = self._cursor.execute
        execute("BEGIN IMMEDIATE")
        try:
            is_newest = execute(_STEP, (self._version + 1, self._version)).rowcount == 1
            if is_newest:
                self._write(rows, self._version + 1)
            execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                execute("ROLLBACK")
            raise
        return is_newest

    def rename(self, document: str) -> None:
        """Have the state be that of a document under another name."""
        with self._lock, self._told():
            self._cursor.execute("UPDATE mock SET document = ?", (document,))

    def close(self) -> None:
        """Let go of the file, which is whole then, with nothing beside it."""
        with self._lock, suppress(sqlite3.Error):
            self._connection.close()

    def _begin(self, initial: Any, document: str) -> None:
        self._state = type(initial)()
        with self._transaction():
            if self._is_new():
                for statement in _SCHEMA:
                    self._cursor.execute(statement)
                self._cursor.execute("INSERT INTO mock VALUES (0, 0, ?)", (document,))
                self._cursor.execute(_STEP, (1, 0))
                self._write(list(changed_rows(None, initial)), 1)
                self._state, self._version = initial, 1
                return
            self._check(document)
        self._catch_up()

    def _is_new(self) -> bool:
        return not self._cursor.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]

    def _check(self, document: str) -> None:
        (application,) = self._cursor.execute("PRAGMA application_id").fetchone()
        if application != _APPLICATION:
            raise MockError(f"{self.path} is no state of a mock but another program's database; name another file")
        (form,) = self._cursor.execute("PRAGMA user_version").fetchone()
        if form != _FORM:
            raise MockError(
                f"{self.path} was written by another version of syncdyn (form {form}, this one reads {_FORM});"
                " name another file, or delete this one to begin anew"
            )
        (known,) = self._cursor.execute("SELECT document FROM mock").fetchone()
        if known != document:
            raise MockError(
                f"{self.path} holds the state of the document {known!r}, not of {document!r};"
                " name another file, or delete this one to begin anew"
            )

    def _catch_up(self) -> None:
        self._cursor.execute("BEGIN")
        try:
            version, forgotten = self._cursor.execute("SELECT version, forgotten FROM mock").fetchone()
            is_far_behind = self._version < forgotten
            state = type(self._state)() if is_far_behind else self._state
            found = self._cursor.execute(_SINCE, (0 if is_far_behind else self._version,))
            self._state = with_rows(state, (Row(*columns) for columns in found))
            self._version = version
        finally:
            self._cursor.execute("COMMIT")

    def _write(self, rows: list[Row], version: int) -> None:
        whole = [(row.field, row.key, version, row.text, row.blob) for row in rows if row.has_blob]
        self._cursor.executemany(_SET, whole)
        for row in rows:
            if not row.has_blob:
                self._cursor.execute(_SET_TEXT, (version, row.text, row.field, row.key))
        if version % _MARKS_KEPT == 0:
            before = version - _MARKS_KEPT
            self._cursor.execute("DELETE FROM rows WHERE text IS NULL AND version <= ?", (before,))
            self._cursor.execute("UPDATE mock SET forgotten = ?", (before,))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._cursor.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):
                self._cursor.execute("ROLLBACK")
            raise
        self._cursor.execute("COMMIT")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Faults of the file as errors that name it."""
        try:
            yield
        except _FAULTS as error:
            raise self._fault(error) from error

    def _fault(self, error: Exception) -> MockError:
        return MockError(f"the state in {self.path} cannot be used: {_reason(error)}")


def _opened(path: Path, wait_seconds: float) -> sqlite3.Connection:
    if path.is_dir():
        raise sqlite3.OperationalError("it is a folder; name a file in it")
    if not path.absolute().parent.is_dir():
        raise sqlite3.OperationalError(f"there is no folder {path.absolute().parent}; make it first")
    # Moving the log into the file waits for the disk, so it is not done too often.
    settings = ("synchronous = NORMAL", "wal_autocheckpoint = 4000", "journal_size_limit = 67108864")
    return connected(path, *settings, wait_seconds=wait_seconds)


_REASONS = {
    "file is not a database": "it is no state of a mock; name another file",
    "database is locked": "another program keeps it locked",
    "database disk image is malformed": "it is damaged; delete it to begin anew",
    "attempt to write a readonly database": "it may not be written",
    "unable to open database file": "it cannot be opened; may this user read and write it and its folder?",
    "database or disk is full": "the disk is full",
}


def _reason(error: Exception) -> str:
    text = str(error)
    if isinstance(error, sqlite3.Error):
        return _REASONS.get(text, text)
    # What is written in the rows is not what was ever put there.
    return f"it holds what cannot be read ({type(error).__name__}: {text}); delete it to begin anew"
