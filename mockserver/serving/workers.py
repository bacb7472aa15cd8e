"""Several processes that serve one socket. What they share is in files; here they are started, kept up and ended."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Protocol, TypeAlias

from mockserver.errors import MockError
from mockserver.serving.collecting import collect_seldom
from mockserver.serving.server import url_of

_START_SECONDS, _GRACE_SECONDS = 60.0, 2.0
#: A worker that ends sooner than this has failed; after so many failures in a row it is not started again.
_SHORT_SECONDS, _MOST_FAILURES = 5.0, 3
# A process of its own from the first line, as on every system: what a fork would take along is locks that are held.
_CONTEXT = multiprocessing.get_context("spawn")


class Stoppable(Protocol):
    """What serves until it is stopped."""

    @property
    def stop(self) -> Callable[[], None]: ...


#: Serves a socket in a worker, which has a number from 0 on; a function of a module, or a partial of one.
Start: TypeAlias = Callable[[socket.socket, int], Stoppable]
Tell: TypeAlias = Callable[[str], None]


class Workers:
    """So many processes that serve a socket, until `stop()`; the first is ready on return.

    One that dies is started again, and `tell` is given a line about it; `is_running` is false when one will not live.
    Processes end with this one, however that ends. Raises MockError with what a worker says that cannot start.
    """

    def __init__(self, sock: socket.socket, start: Start, count: int, tell: Tell) -> None:
        self.url = url_of(sock)
        self.is_running = True
        self._sock = sock
        self._start = start
        self._tell = tell
        self._is_stopping = False
        self._lock = threading.Lock()
        self._crew: list[_Worker] = []
        try:
            for number in range(count):
                self._crew.append(_Worker(self._launched(number), number))
            self._crew[0].await_ready()
        except BaseException:
            self.stop()
            raise
        threading.Thread(target=self._keep_up, name="mockserver-workers", daemon=True).start()

    def stop(self) -> None:
        """End all, at once: who does not go within two seconds is killed."""
        with self._lock:
            self._is_stopping = True
        for worker in self._crew:
            worker.process.terminate()
        end = time.monotonic() + _GRACE_SECONDS
        for worker in self._crew:
            worker.process.join(max(0.0, end - time.monotonic()))
            worker.process.kill()
            worker.process.join()
        self._sock.close()

    def _launched(self, number: int) -> tuple[BaseProcess, Connection]:
        ready, told = _CONTEXT.Pipe(duplex=False)
        process = _CONTEXT.Process(
            target=_work, args=(self._sock, self._start, number, told), name=f"mockserver-worker-{number}"
        )
        process.start()
        told.close()
        return process, ready

    def _keep_up(self) -> None:
        while self.is_running and not self._is_stopping:
            gone = wait([worker.process.sentinel for worker in self._crew], timeout=1.0)
            for worker in self._crew:
                if worker.process.sentinel in gone:
                    self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        with self._lock:
            if self._is_stopping:
                return
            worker.process.join()
            how = _ending(worker.process.exitcode)
            if worker.has_failed() and worker.failures >= _MOST_FAILURES:
                self._tell(f"Worker {worker.number + 1} {how} again and again, and is not started any more")
                self.is_running = False
                return
            self._tell(f"Worker {worker.number + 1} {how}, and is started again")
            worker.renew(*self._launched(worker.number))


class _Worker:
    """One process of the crew, and what became of those before it."""

    def __init__(self, launched: tuple[BaseProcess, Connection], number: int) -> None:
        self.number = number
        self.failures = 0
        self.renew(*launched)

    def renew(self, process: BaseProcess, ready: Connection) -> None:
        self.process, self._ready = process, ready
        self._since = time.monotonic()

    def has_failed(self) -> bool:
        """Whether it ended before it had begun, so to speak; counted."""
        is_short = time.monotonic() - self._since < _SHORT_SECONDS
        self.failures = self.failures + 1 if is_short else 0
        return is_short

    def await_ready(self) -> None:
        """Return when it serves. Raises MockError when it does not."""
        if not self._ready.poll(_START_SECONDS):
            raise MockError(f"the workers did not start within {_START_SECONDS:.0f} seconds")
        try:
            fault = self._ready.recv_bytes().decode()
        except EOFError:
            self.process.join()
            raise MockError(f"a worker {_ending(self.process.exitcode)} before it was ready") from None
        if fault:
            raise MockError(fault)


def _ending(code: int | None) -> str:
    if code is None or code >= 0:
        return f"ended with exit code {code}"
    with suppress(ValueError):
        return f"was ended by {signal.Signals(-code).name}"
    return f"was ended by signal {-code}"


def _work(sock: socket.socket, start: Start, number: int, ready: Connection) -> None:
    """What a worker does, from first to last."""
    ended = threading.Event()
    # Ctrl+C goes to all processes of a terminal; the first one tells the others when it is time.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    threading.Thread(target=_end_with_parent, args=(ended,), daemon=True).start()
    try:
        running = start(sock, number)
    except Exception as error:
        ready.send_bytes(str(error).encode() or b"a worker could not start")
        return
    ready.send_bytes(b"")
    collect_seldom()
    try:
        while not ended.wait(1.0):
            pass
    finally:
        running.stop()


def _end_with_parent(ended: threading.Event) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        ended.set()
        # Who still starts, or hangs, does not notice.
        time.sleep(_GRACE_SECONDS)
        os._exit(1)
