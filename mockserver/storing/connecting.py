"""SQLite files that several processes open at the same time."""

from __future__ import annotations

import os
import sqlite3
import time

#: How long another's lock is waited for, where nothing else is said.
WAIT_SECONDS = 5.0
_POLL_SECONDS = 0.005


def connected(path: str | os.PathLike[str], *settings: str, wait_seconds: float = WAIT_SECONDS) -> sqlite3.Connection:
    """The file with a write-ahead log; each statement is its own transaction, any thread may use it.

    `settings` are pragmas to begin with. Raises sqlite3.Error where that cannot be.
    """
    connection = sqlite3.connect(path, timeout=wait_seconds, isolation_level=None, check_same_thread=False)
    try:
        _log_ahead(connection, wait_seconds)
        for setting in settings:
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


def _log_ahead(connection: sqlite3.Connection, wait_seconds: float) -> None:
    """Have the file keep a write-ahead log.

    Of two that do so at once, each may hold what the other waits for; SQLite then fails one of them at once, without
    the wait that it was told to take. Source: sqlite.org/c3ref/busy_handler.html.
    """
    end = time.monotonic() + wait_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.args != ("database is locked",) or time.monotonic() > end:
                raise
        time.sleep(_POLL_SECONDS)
