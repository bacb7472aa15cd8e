"""Prism, another mock of OpenAPI documents, as a running server: by Docker, or by a command of its own."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import httpx

IMAGE = "stoplight/prism:5"
#: The environment variable that names a Prism without Docker, and what may stand in it.
COMMAND_VARIABLE = "PRISM_COMMAND"
COMMAND_EXAMPLE = "npx --yes @stoplight/prism-cli@5.14.2"
# Docker or npx may have to fetch Prism first.
_START_SECONDS = 180.0
_STOP_SECONDS = 10.0
_TAIL_CHARACTERS = 2000


class NoPrism(Exception):
    """Neither a Docker daemon nor a Prism command is there; the message says what was missing."""


def command(document: Path, port: int, environment: Mapping[str, str]) -> list[str]:
    """What serves a document at a port of this machine: Docker where its daemon answers, else PRISM_COMMAND.

    Raises NoPrism where there is neither.
    """
    fault = _docker_fault()
    if fault is None:
        publish = ["--publish", f"127.0.0.1:{port}:4010", "--volume", f"{document.parent}:/spec:ro"]
        arguments = _arguments("0.0.0.0", 4010, f"/spec/{document.name}")
        # With an init process in it, the container ends when it is told to.
        return ["docker", "run", "--rm", "--init", *publish, IMAGE, *arguments]
    stated = shlex.split(environment.get(COMMAND_VARIABLE, ""))
    if not stated:
        raise NoPrism(f"{fault}, and {COMMAND_VARIABLE} names no other Prism (as in {COMMAND_EXAMPLE!r})")
    return [*stated, *_arguments("127.0.0.1", port, str(document))]


def _arguments(host: str, port: int, document: str) -> list[str]:
    # The image asks for more than one process, with which some versions do not start.
    return ["mock", "--host", host, "--port", str(port), "--multiprocess=false", document]


def _docker_fault() -> str | None:
    """Why Docker cannot be used, None where it can."""
    if shutil.which("docker") is None:
        return "there is no docker command"
    try:
        done = subprocess.run(["docker", "version"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "docker does not answer"
    return None if done.returncode == 0 else "no Docker daemon answers"


@contextmanager
def serve(document: Path, environment: Mapping[str, str] = os.environ) -> Iterator[str]:
    """The URL at which Prism serves a document until the block ends.

    Raises NoPrism where there is none, RuntimeError with its last words where it does not start.
    """
    port = _free_port()
    words = command(document, port, environment)
    url = f"http://127.0.0.1:{port}"
    with TemporaryFile() as said:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            _await_answer(url, process, said)
            yield url
        finally:
            _stop(process)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _await_answer(url: str, process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(url, timeout=5)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    said.seek(0)
    tail = said.read().decode(errors="replace")[-_TAIL_CHARACTERS:]
    raise RuntimeError(f"Prism did not start:\n{tail}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends the process and those that it started, of which npx has two."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
            process.wait(_STOP_SECONDS)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
        return
