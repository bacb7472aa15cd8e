"""A scenario played: by a mock in this process, or by one behind a socket that curl talks to."""

from __future__ import annotations

import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from mockserver.app import Delivered
from mockserver.cli import mock as mock_command
from mockserver.cli import proxy as proxy_command
from mockserver.serving.server import Running
from tests.mockserver.harness.curling import request_of
from tests.mockserver.harness.messages import differences, filled, read_message, written
from tests.mockserver.harness.reading import Scenario

Ask = Callable[[str], str]
_START_SECONDS = 20.0
_STOP_SECONDS = 10.0


def play(scenario: Scenario, ask: Ask) -> list[str]:
    """What went otherwise than told, step by step; `ask` gives what curl prints for a command."""
    kept: dict[str, str] = {}
    found: list[str] = []
    for number, step in enumerate(scenario.steps, 1):
        command = filled(step.command, kept)
        answer = read_message(ask(command))
        told = list(differences(step.kind, filled(step.expected, kept), answer, kept))
        found += [f"step {number}{step.title and f', {step.title}'}: {command}\n    {each}" for each in told]
    return found


def words_of(line: str, scenario: Scenario, folder: Path) -> list[str]:
    """The words of a command line of a scenario, whose files are written into a folder."""
    document = folder / "document.yaml"
    document.write_text(scenario.document, encoding="utf-8")
    for name, text in scenario.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    known = {"${document}": str(document), "{document}": str(document), "${folder}": str(folder)}
    words = shlex.split(line)
    for name, value in known.items():
        words = [word.replace(name, value) for word in words]
    return words


@contextmanager
def in_process(scenario: Scenario, folder: Path) -> Iterator[Ask]:
    """Asks a mock made as the command line makes it, without a socket; all take its webhooks at once."""
    name, *words = words_of(scenario.server, scenario, folder)
    if name != "mock":
        raise ValueError(f"only a mock can be played in process, not {name!r}")
    params = mock_command.command.make_context(name, words).params
    with mock_command.mock_from(params) as mock:
        host = mock.host

        def ask(command: str) -> str:
            said = written(host.handle(request_of(command, folder)))
            for delivery in host.take_due():
                host.record_delivery(Delivered(delivery, 200))
            return said

        yield ask


@contextmanager
def behind_a_socket(scenario: Scenario, folder: Path) -> Iterator[Ask]:
    """Asks servers in threads of this process, by curl itself."""
    with ExitStack() as stack:
        for line in filter(None, (scenario.upstream, scenario.server)):
            running = _in_thread(*words_of(line, scenario, folder))
            stack.callback(running.host.close)
            stack.callback(running.stop)
        yield _curl_in(folder)


def _in_thread(name: str, *words: str) -> Running:
    command, make = _COMMANDS[name]
    params = command.make_context(name, [*words]).params
    running: Running = make(params).start(params["port"], params["host"])
    return running


_COMMANDS: dict[str, tuple[click.Command, Callable[[Mapping[str, Any]], Any]]] = {
    "mock": (mock_command.command, mock_command.mock_from),
    "proxy": (proxy_command.command, proxy_command.proxy_from),
}


@contextmanager
def by_program(scenario: Scenario, folder: Path, program: Sequence[str] = ()) -> Iterator[Ask]:
    """Asks servers that a program (`syncdyn` of this Python) starts with the scenario's words, by curl itself."""
    with _until_done(_started(line, scenario, folder, program) for line in (scenario.upstream, scenario.server)):
        yield _curl_in(folder)


def _curl_in(folder: Path) -> Ask:
    def ask(command: str) -> str:
        done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, timeout=_START_SECONDS)
        return done.stdout.decode(errors="replace")

    return ask


@contextmanager
def _until_done(started: Iterator[subprocess.Popen[bytes] | None]) -> Iterator[None]:
    """Servers that run until the block ends."""
    running: list[subprocess.Popen[bytes]] = []
    try:
        running.extend(server for server in started if server is not None)
        yield
    finally:
        for server in reversed(running):
            server.terminate()
            with suppress(subprocess.TimeoutExpired):
                server.wait(_STOP_SECONDS)
            server.kill()
            server.wait()


def _started(line: str, scenario: Scenario, folder: Path, program: Sequence[str]) -> subprocess.Popen[bytes] | None:
    if not line:
        return None
    words = words_of(line, scenario, folder)
    server = subprocess.Popen(
        [*(program or (sys.executable, "-m", "syncdyn.cli")), *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _await(server, port_of(words))
    return server


def port_of(words: Sequence[str]) -> int:
    """The port that a command line names."""
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if word in ("-p", "--port"):
            return int(after)
        if word.startswith(("-p=", "--port=")):
            return int(word.partition("=")[2])
    return 4010


def _await(server: subprocess.Popen[bytes], port: int) -> None:
    ends = time.monotonic() + _START_SECONDS
    while time.monotonic() < ends:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.02)
    server.kill()
    raise RuntimeError(f"nothing listens at port {port}")


def on_free_ports(scenario_text: str) -> str:
    """A scenario's text with each port it names replaced by a free one."""
    for port in sorted({found for found in ("4010", "4011", "4012") if found in scenario_text}):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            scenario_text = scenario_text.replace(port, str(probe.getsockname()[1]))
    return scenario_text
