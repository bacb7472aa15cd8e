"""Prism, a mock server by others, as an engine: started for a document, waited for, and ended cleanly."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any
from urllib.parse import urlsplit

from mockserver.engines.finding import Way, container_name, find_prism
from mockserver.errors import MockError
from mockserver.making import Overlays, Source, contract_from
from mockserver.serving.server import open_socket, url_at
from syncdyn.openapi.bundled import bundled_files
from syncdyn.openapi.coding.json_text import encode_json

# Docker or npx may have to fetch Prism first.
_START_SECONDS = 180.0
_STOP_SECONDS = 10.0
_TAIL_CHARACTERS = 2000


class Prism:
    """A Prism that runs: its `url`, the `way` it was had, `stop()`."""

    def __init__(self, url: str, way: Way, process: subprocess.Popen[bytes], port: int) -> None:
        self.url = url
        self.way = way
        self._process = process
        self._port = port
        self._left = ExitStack()

    @property
    def is_running(self) -> bool:
        """Whether it has not ended by itself."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End it, and all that it has started; when this returns, its port is free."""
        with self._left:
            if not _end(self._process) and self.way.is_container:
                # The client is dead, and took no word with it to the container.
                subprocess.run(
                    ["docker", "rm", "--force", container_name(self._port)], capture_output=True, check=False
                )
            _await_silence(self.url)

    def keep(self, left: ExitStack) -> None:
        """Clear this away when it has stopped."""
        self._left = left

    def __repr__(self) -> str:
        return f"Prism({self.url!r}, by {self.way.name})"


def start(
    document: Source = None,
    *,
    overlays: Overlays = (),
    port: int = 0,
    host: str = "127.0.0.1",
    flags: Sequence[str] = (),
    environment: Mapping[str, str] = os.environ,
    output: IO[Any] | None = None,
) -> Prism:
    """A Prism that answers requests, for a document (None: the bundled one) with overlays applied.

    `flags` are Prism's own; what it prints goes to `output`, None for nowhere.
    Raises NoPrism where there is none, MockError for a port that is taken, and with Prism's last words where it does
    not start.
    """
    way = find_prism(environment)
    with ExitStack() as left:
        # Whoever has the port already would answer in Prism's place.
        open_socket(host, port).close()
        port = port or _free_port(host)
        words = way.command(left.enter_context(_file_of(document, overlays)), host, port, flags)
        said: IO[Any] = output or left.enter_context(TemporaryFile())
        process = _process(words, said)
        prism = Prism(url_at(host, port), way, process, port)
        try:
            _await_answer(prism, None if output else said)
        except BaseException:
            prism.stop()
            raise
        prism.keep(left.pop_all())
        return prism


@contextmanager
def serve(document: Source = None, **options: Any) -> Iterator[str]:
    """The URL of a Prism that serves until the block ends; `options` are those of `start`."""
    prism = start(document, **options)
    try:
        yield prism.url
    finally:
        prism.stop()


@contextmanager
def _file_of(document: Source, overlays: Overlays) -> Iterator[str]:
    """What Prism is to read: a path or URL as it was given, else a file of the document with its overlays."""
    if not overlays and (document is None or isinstance(document, str | os.PathLike)):
        named = os.fspath(document) if document is not None else str(bundled_files()[0])
        if "://" not in named and not Path(named).is_file():
            raise MockError(f"{named}: there is no such file")
        yield named
        return
    with TemporaryDirectory(prefix="syncdyn-prism-") as folder:
        path = Path(folder, "openapi.json")
        whole = contract_from(document if document is not None else bundled_files()[0], overlays).document.plain()
        path.write_text(encode_json(whole), "utf-8")
        # A container's user is another one.
        Path(folder).chmod(0o755)
        yield str(path)


def _process(words: Sequence[str], said: IO[Any]) -> subprocess.Popen[bytes]:
    try:
        # In a session of its own, since npx starts Prism as a child of a child.
        return subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
    except OSError as error:
        raise MockError(f"Prism cannot be started by {words[0]}: {error.strerror or error}") from error


def _free_port(host: str) -> int:
    with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as server:
        return int(server.getsockname()[1])


def _await_answer(prism: Prism, said: IO[Any] | None) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while prism.is_running and time.monotonic() < deadline:
        # It is asked with the process at its side: another program may hold the port.
        if _answers(prism.url) and prism.is_running:
            return
        time.sleep(0.1)
    raise MockError(f"Prism, by {prism.way.name}, did not start{_last_words(said)}")


def _answers(url: str) -> bool:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


def _last_words(said: IO[Any] | None) -> str:
    if said is None:
        return ""
    said.seek(0)
    return f":\n{said.read().decode(errors='replace')[-_TAIL_CHARACTERS:].strip()}"


def _end(process: subprocess.Popen[bytes]) -> bool:
    """Whether the process and those it started ended when they were asked to; else they are ended by force."""
    for how in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        with suppress(ProcessLookupError):
            _signal(process, how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
            return how == signal.SIGTERM
    return False


def _await_silence(url: str) -> None:
    """Wait until nobody listens there: those that a process started may live a moment longer than it."""
    parts, deadline = urlsplit(url), time.monotonic() + _STOP_SECONDS
    with suppress(OSError):
        while time.monotonic() < deadline:
            socket.create_connection((parts.hostname or "", parts.port or 0), timeout=1.0).close()
            time.sleep(0.01)


def _signal(process: subprocess.Popen[bytes], how: int) -> None:
    if sys.platform == "win32":
        process.terminate()
    else:
        os.killpg(process.pid, how)
