"""How Prism is to be had on this machine: by Docker, as a command that is installed, or from npm."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mockserver.errors import MockError

#: A version that answers malformed JSON and that runs on Node 20; later ones do one or the other not.
VERSION = "5.14.2"
IMAGE = "stoplight/prism:5"
PACKAGE = f"@stoplight/prism-cli@{VERSION}"
#: The environment variable that names a Prism which goes before every other: `npx @stoplight/prism-cli`, a path.
COMMAND_VARIABLE = "PRISM_COMMAND"
_DOCKER_SECONDS = 20.0
_PORT_INSIDE = 4010

#: Where a command is, None where it is not; as `shutil.which`.
Which = Callable[[str], "str | None"]
#: Why an engine of Docker does not answer, None where one does.
AskDocker = Callable[[], "str | None"]


class NoPrism(MockError):
    """There is no Prism on this machine; the message tells what was tried."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to have Prism: what to call, and whether that is a container."""

    name: str
    words: tuple[str, ...]
    is_container: bool = False

    def command(self, document: str, host: str, port: int, flags: Sequence[str]) -> list[str]:
        """The words that serve a document, a path or URL, at an address."""
        if not self.is_container:
            return [*self.words, *_mock_words(host, port, flags, document)]
        container = ["--name", container_name(port), "--publish", f"{host}:{port}:{_PORT_INSIDE}"]
        inside = document
        if "://" not in document:
            path = Path(document).resolve()
            inside = f"/spec/{path.name}"
            container += ["--volume", f"{path.parent}:/spec:ro"]
        return [*self.words, *container, IMAGE, *_mock_words("0.0.0.0", _PORT_INSIDE, flags, inside)]


def _mock_words(host: str, port: int, flags: Sequence[str], document: str) -> list[str]:
    # The image asks for more than one process, with which some versions do not start.
    return ["mock", "--host", host, "--port", str(port), "--multiprocess=false", *flags, document]


def container_name(port: int) -> str:
    """The name of the container that publishes a port."""
    return f"syncdyn-prism-{port}"


def find_prism(environment: Mapping[str, str], which: Which | None = None, ask_docker: AskDocker | None = None) -> Way:
    """The first way there is: what PRISM_COMMAND says, Docker, an installed `prism`, npm's package by npx.

    Raises NoPrism, with what was tried.
    """
    which = which or shutil.which
    stated = shlex.split(environment.get(COMMAND_VARIABLE, ""))
    if stated:
        return Way(COMMAND_VARIABLE, tuple(stated))
    docker_fault = (ask_docker or _docker_fault)() if which("docker") else "there is no docker command"
    if docker_fault is None:
        # With an init process in it, the container ends when it is told to.
        return Way("Docker", ("docker", "run", "--rm", "--init"), is_container=True)
    if prism := which("prism"):
        return Way("prism", (prism,))
    if npx := which("npx"):
        return Way("npx", (npx, "--yes", PACKAGE))
    raise NoPrism(
        f"there is no Prism here. Tried: Docker ({docker_fault}); prism (no such command); npx (no such command). "
        f"Start Docker, or install Node.js and Prism (npm install -g {PACKAGE}), "
        f"or name a Prism in the environment variable {COMMAND_VARIABLE}"
    )


def _docker_fault() -> str | None:
    try:
        done = subprocess.run(["docker", "version"], capture_output=True, timeout=_DOCKER_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return "it does not answer"
    except OSError as error:
        return str(error)
    return None if done.returncode == 0 else "no engine answers"
