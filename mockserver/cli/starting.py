"""From the words of a command to a server: of one document or several, in this process or in several."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from mockserver.cli.running import told

if TYPE_CHECKING:
    import socket

    from mockserver.facade import Mock
    from mockserver.journal import Exchange
    from mockserver.serving.workers import Stoppable, Workers
    from syncdyn.openapi.contract import Contract

_MOST_OF_THEM = 8
_MOST_FILES = 65536

OnExchange: TypeAlias = "Callable[[Exchange], None] | None"
#: The mock of one document: the words, their document, what is told of each exchange, what else is an argument.
Make: TypeAlias = "Callable[[Mapping[str, Any], str | None, OnExchange, Mapping[str, Any]], Mock]"


@dataclass(frozen=True, slots=True)
class Started:
    """A server, and by prefix what it serves: the documents' names, None for the bundled one, and their contracts."""

    url: str
    documents: Mapping[str, str | None]
    contracts: Mapping[str, Contract]
    stop: Callable[[], None]
    workers: Workers | None = None

    @property
    def is_running(self) -> bool:
        """Whether it goes on."""
        return self.workers is None or self.workers.is_running


def start(params: Mapping[str, Any], make: Make, tell: OnExchange) -> Started:
    """A server of what the words ask for."""
    from mockserver.serving.server import open_socket

    _allow_many_connections()
    documents, count = documents_in(params), _count(params)
    if count > 1:
        return _in_workers(params, make, documents, count)
    with ExitStack() as undo:
        mocks = _mocks(params, make, documents, tell)
        for mock in mocks.values():
            undo.callback(mock.close)
        running = _serve(params, mocks, open_socket(params["host"], params["port"]), is_told=True)
        undo.callback(running.stop)
        contracts = {prefix: mock.contract for prefix, mock in mocks.items()}
        return Started(running.url, documents, contracts, undo.pop_all().close)


def documents_in(params: Mapping[str, Any]) -> Mapping[str, str | None]:
    """The documents that the words name, by prefix."""
    from mockserver.serving.several import documents_of
    from mockserver.together import check_prefix

    documents = documents_of(params["documents"])
    for prefix in documents:
        if prefix:
            check_prefix(prefix)
    return documents or {"": None}


def _count(params: Mapping[str, Any]) -> int:
    if params["workers"] is not None:
        return int(params["workers"])
    return min(os.cpu_count() or 1, _MOST_OF_THEM) if params["multiprocess"] else 1


def _mocks(
    params: Mapping[str, Any],
    make: Make,
    documents: Mapping[str, str | None],
    tell: OnExchange,
    folder: Path | None = None,
) -> dict[str, Mock]:
    """The mocks by prefix; `folder` is where they keep what they share with other processes."""
    return {
        prefix: make(params, document, tell, _kept(params, prefix, folder)) for prefix, document in documents.items()
    }


def _kept(params: Mapping[str, Any], prefix: str, folder: Path | None) -> dict[str, Any]:
    from mockserver.together import place_of

    kept: dict[str, Any] = {}
    state = params["state"] or (folder / "state.db" if folder else None)
    if state is not None:
        kept["state"] = place_of(Path(state), prefix)
        kept["is_state_shared"] = folder is not None
    if folder is not None:
        from mockserver.journal import MOST_EXCHANGES
        from mockserver.storing.shared_journal import SharedJournal

        size = params["journal_size"]
        kept["journal"] = SharedJournal(
            place_of(folder / "journal.db", prefix), MOST_EXCHANGES if size is None else size
        )
    return kept


@dataclass(frozen=True, slots=True)
class _Running:
    url: str
    stop: Callable[[], None]


def _serve(params: Mapping[str, Any], mocks: Mapping[str, Mock], sock: socket.socket, *, is_told: bool) -> _Running:
    from mockserver.together import start_on

    if params["state"] and is_told:
        for prefix, mock in mocks.items():
            for line in mock.misfits():
                _say(prefix, line)
    serving = start_on(sock, mocks)
    if not params["watch"]:
        return _Running(serving.url, serving.stop)
    watchers = [mock.watch(partial(_say, prefix) if is_told else _say_nothing) for prefix, mock in mocks.items()]

    def stop() -> None:
        for watcher in watchers:
            watcher.stop()
        serving.stop()

    return _Running(serving.url, stop)


def _say(prefix: str, line: str) -> None:
    click.echo(f"{prefix}: {line}" if prefix else line, err=True)


def _say_nothing(_line: str) -> None:
    """Another process says it."""


def _in_workers(params: Mapping[str, Any], make: Make, documents: Mapping[str, str | None], count: int) -> Started:
    from mockserver.making import contract_from
    from mockserver.serving.server import open_socket
    from mockserver.serving.workers import Workers

    # What is wrong with a document is so told once, and the workers find it read.
    overlays, hosts = tuple(params["overlays"]), params["remote_hosts"]
    contracts = {prefix: contract_from(document, overlays, hosts) for prefix, document in documents.items()}
    with ExitStack() as undo:
        folder = tempfile.mkdtemp(prefix="syncdyn-mock-")
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        sock = open_socket(params["host"], params["port"])
        start_worker = partial(_work, params, make, documents, folder)
        workers = Workers(sock, start_worker, count, partial(_say, ""))
        undo.callback(workers.stop)
        return Started(workers.url, documents, contracts, undo.pop_all().close, workers)


def _work(
    params: Mapping[str, Any],
    make: Make,
    documents: Mapping[str, str | None],
    folder: str,
    sock: socket.socket,
    number: int,
) -> Stoppable:
    """What one of several processes serves."""
    with ExitStack() as undo:
        tell = undo.enter_context(told(params))
        mocks = _mocks(params, make, documents, tell, Path(folder))
        for mock in mocks.values():
            undo.callback(mock.close)
        running = _serve(params, mocks, sock, is_told=number == 0)
        undo.callback(running.stop)
        return replace(running, stop=undo.pop_all().close)


def _allow_many_connections() -> None:
    """Have this process open as many files as it may: each connection is one, and systems begin with few."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(most, _MOST_FILES) if most != resource.RLIM_INFINITY else _MOST_FILES
    if now != resource.RLIM_INFINITY and now < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
