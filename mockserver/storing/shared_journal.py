"""A journal that several processes share: each keeps its own exchanges, and writes them when one asks for all.

So a request costs no more than with a journal in memory.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from typing import TypeAlias

from mockserver.journal import MOST_BYTES, MOST_EXCHANGES, Entry, Exchange, cut, length_of
from mockserver.storing.connecting import connected
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.messages import Headers, Json, Request, Response

#: So often each process looks whether one has asked; and so often who asks looks whether all have answered, and so
#: long it waits for them: who has not answered by then is taken for dead.
_LOOK_SECONDS, _POLL_SECONDS, _WAIT_SECONDS = 0.04, 0.01, 2.0
#: So many times more are in the file than are read: processes write in another order than that of time.
_SPARE = 8
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS asked (times INTEGER)",
    "INSERT INTO asked SELECT 0 WHERE NOT EXISTS (SELECT * FROM asked)",
    "CREATE TABLE IF NOT EXISTS writers (name TEXT PRIMARY KEY, answered INTEGER)",
    "CREATE TABLE IF NOT EXISTS exchanges (number INTEGER PRIMARY KEY AUTOINCREMENT, real REAL, text TEXT, blob BLOB)",
)
_ADD = "INSERT INTO exchanges (real, text, blob) VALUES (?, ?, ?)"
_PRUNE = "DELETE FROM exchanges WHERE number <= (SELECT max(number) FROM exchanges) - ?"
_ANSWER = "INSERT OR REPLACE INTO writers VALUES (?, ?)"
_COUNT_BEHIND = "SELECT count(*) FROM writers WHERE answered < ?"
_DROP_BEHIND = "DELETE FROM writers WHERE answered < ?"
_READ = "SELECT text, blob FROM exchanges ORDER BY real DESC, number DESC LIMIT ?"

#: The host's time after an exchange in seconds, the exchange, and the lengths that its bodies had.
_Waiting: TypeAlias = "tuple[float, Entry, int, int]"


class SharedJournal:
    """The latest exchanges of all processes: at most `size`, each body cut to its share of 64 MiB.

    They are in the order of the host's time. What a process has not written is lost with it.
    """

    def __init__(
        self, path: str | os.PathLike[str], size: int = MOST_EXCHANGES, clock: Callable[[], float] = time.time
    ) -> None:
        self._size = size
        self._most_body_bytes = MOST_BYTES // max(size, 64)
        self._clock = clock
        self._waiting: deque[_Waiting] = deque(maxlen=max(size, 0))
        self._is_closing = threading.Event()
        self._lock = threading.Lock()
        # What was asked before the machine went down is nobody's concern after it.
        self._connection = connected(path, "synchronous = OFF")
        for statement in _SCHEMA:
            self._connection.execute(statement)
        #: Another one for each journal of a process, and for each process.
        self._name = f"{os.getpid()}-{id(self)}"
        self._answered = -1
        self._answer()
        self._thread = threading.Thread(target=self._write_when_asked, name="mockserver-journal", daemon=True)
        self._thread.start()

    def add(self, entry: Entry) -> None:
        """Keep an exchange."""
        if self._size <= 0:
            return
        sent, got = length_of(entry[0].body), len(entry[1].body)
        if sent > self._most_body_bytes or got > self._most_body_bytes:
            entry = cut(entry, self._most_body_bytes)
        self._waiting.append((self._clock(), entry, sent, got))

    def clear(self) -> None:
        """Forget everything; the numbers begin at 1 again."""
        self._gather()
        with self._lock:
            self._connection.execute("DELETE FROM exchanges")
            self._connection.execute("DELETE FROM sqlite_sequence")

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges kept, oldest first, with all that was answered before this was asked."""
        self._gather()
        with self._lock:
            (count,) = self._connection.execute("SELECT coalesce(max(number), 0) FROM exchanges").fetchone()
            found = self._connection.execute(_READ, (self._size,)).fetchall()
        first = count - len(found) + 1
        return tuple(_read(text, blob, first + index) for index, (text, blob) in enumerate(reversed(found)))

    def close(self) -> None:
        """Write what is left."""
        self._is_closing.set()
        self._thread.join(1.0)
        with suppress(sqlite3.Error):
            self._flush()
            with self._lock:
                self._connection.execute("DELETE FROM writers WHERE name = ?", (self._name,))
        with self._lock:
            self._connection.close()

    def _gather(self) -> None:
        """Have all processes write what they have."""
        with self._lock:
            self._connection.execute("UPDATE asked SET times = times + 1")
        times, end = self._answer(), time.monotonic() + _WAIT_SECONDS
        while self._number_behind(times):
            if time.monotonic() > end:
                with self._lock:
                    self._connection.execute(_DROP_BEHIND, (times,))
                return
            time.sleep(_POLL_SECONDS)

    def _number_behind(self, times: int) -> int:
        """How many processes have not yet written what they had when it was asked for so many times."""
        with self._lock:
            count: int = self._connection.execute(_COUNT_BEHIND, (times,)).fetchone()[0]
            return count

    def _answer(self) -> int:
        """Write what there is, if that was asked for: how many times it was."""
        with self._lock:
            times: int = self._connection.execute("SELECT times FROM asked").fetchone()[0]
        if times != self._answered:
            self._flush()
            with self._lock:
                self._connection.execute(_ANSWER, (self._name, times))
            self._answered = times
        return times

    def _write_when_asked(self) -> None:
        while not self._is_closing.wait(_LOOK_SECONDS):
            # Another process may hold the file; what could not be written now is written the next time.
            with suppress(sqlite3.Error):
                self._answer()

    def _flush(self) -> None:
        with self._lock:
            taken = self._taken()
            if taken:
                try:
                    self._write([(real, *_written(entry, sent, got)) for real, entry, sent, got in taken])
                except sqlite3.Error:
                    self._waiting.extendleft(reversed(taken))
                    raise

    def _taken(self) -> list[_Waiting]:
        taken = []
        with suppress(IndexError):
            while True:
                taken.append(self._waiting.popleft())
        return taken

    def _write(self, rows: list[tuple[float, str, bytes]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._connection.executemany(_ADD, rows)
            self._connection.execute(_PRUNE, (self._size * _SPARE,))
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def _written(entry: Entry, sent: int, got: int) -> tuple[str, bytes]:
    request, response, operation, violations, at, seconds, fault = entry
    body = request.body if isinstance(request.body, bytes) else b""
    told = [_told(violation) for violation in violations]
    asked = [request.method, request.url, request.headers.pairs, len(body), sent]
    answered = [response.status, response.headers.pairs, got]
    return json.dumps([asked, answered, operation, told, at, seconds, fault], default=repr), body + response.body


def _read(text: str, blob: bytes, number: int) -> Exchange:
    asked, answered, operation, told, at, seconds, fault = json.loads(text)
    method, url, sent_headers, kept, sent = asked
    status, got_headers, got = answered
    request = Request(method, url, _headers(sent_headers), blob[:kept])
    response = Response(status, _headers(got_headers), blob[kept:])
    violations = tuple(Violation(**{**one, "path": tuple(one["path"])}) for one in told)
    return Exchange(request, response, operation, violations, at, seconds, fault, number, sent, got)


def _told(violation: Violation) -> dict[str, Json]:
    # What the branches of a union find is for the answer alone.
    told = {field.name: getattr(violation, field.name) for field in fields(violation) if field.name != "branches"}
    return {name: value for name, value in told.items() if value is not MISSING}


def _headers(pairs: list[list[str]]) -> Headers:
    return Headers((name, value) for name, value in pairs)
