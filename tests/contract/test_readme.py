"""The README is run: every Python block as it stands, every command that it shows."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from mockserver import Mock
from syncdyn.cli.commands import commands

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SHELL = [line for block in re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S) for line in block.splitlines() if line]


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[Mock, str]]:
    mock = Mock(job_seconds=0.1)
    with mock.serve() as url:
        yield mock, url


def document_in(code: str) -> str:
    """The document that a block makes a client of; an empty text for the bundled one."""
    return "".join(re.findall(r'Client\("([^"]+)"', code))


BUNDLED = [code for code in BLOCKS if not document_in(code)]
REAL = [code for code in BLOCKS if document_in(code)]


@pytest.mark.parametrize("code", BUNDLED, ids=lambda code: code.splitlines()[0])
def test_a_python_block_runs_as_it_stands(code: str, service: tuple[Mock, str], tmp_path: Path) -> None:
    """In a new process and an empty folder, with key and address in the environment; nothing is warned of."""
    mock, url = service
    before = len(mock.journal)
    run(code, tmp_path, {"SYNC_BASE_URL": url, "SYNC_API_KEY": "a-key"})
    if "download" in code:
        (saved,) = tmp_path.glob("*.mp4")
        assert saved.stat().st_size > 10_000
        assert len(mock.journal) > before + 2
    assert not any(exchange.violations for exchange in mock.journal[before:])


@pytest.mark.parametrize("code", REAL, ids=lambda code: code.splitlines()[2])
def test_a_block_for_a_real_document_runs_against_its_mock(
    code: str, corpus: Callable[[str], Path], tmp_path: Path
) -> None:
    """As it stands, in the folder of the document, but for the port of the mock."""
    name = document_in(code)
    (tmp_path / name).symlink_to(corpus(name))
    mock = Mock(corpus(name))
    with mock.serve() as url:
        run(code.replace("http://127.0.0.1:4010", url), tmp_path, {})
    assert mock.journal
    assert not any(exchange.violations for exchange in mock.journal)


def run(code: str, folder: Path, environment: Mapping[str, str]) -> None:
    environment = {**os.environ, **environment, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_there_are_blocks_to_run() -> None:
    assert [document_in(code) for code in BLOCKS] == [
        "",
        "",
        "",
        "github.json",
        "stripe.json",
        "openai.yaml",
        "github.json",
    ]


@pytest.mark.parametrize("line", [line for line in SHELL if line.startswith("syncdyn ")])
def test_a_command_that_is_shown_exists_with_its_options(line: str) -> None:
    """`syncdyn X --option` names a command and options that it has."""
    words = shlex.split(line, comments=True)[1:]
    command = commands.get_command(commands.make_context("syncdyn", [], resilient_parsing=True), words[0])
    assert command is not None
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_exactly_two_commands_set_it_up() -> None:
    assert [line for line in SHELL if line.startswith("make")] == ["make demo", "make test"]
