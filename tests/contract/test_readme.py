"""The README is run: every Python block as it stands, every command that it shows."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
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


@pytest.mark.parametrize("code", BLOCKS, ids=lambda code: code.splitlines()[0])
def test_a_python_block_runs_as_it_stands(code: str, service: tuple[Mock, str], tmp_path: Path) -> None:
    """In a new process and an empty folder, with key and address in the environment; nothing is warned of."""
    mock, url = service
    before = len(mock.journal)
    environment = {**os.environ, "SYNC_BASE_URL": url, "SYNC_API_KEY": "a-key", "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    if "download" in code:
        (saved,) = tmp_path.glob("*.mp4")
        assert saved.stat().st_size > 10_000
        assert len(mock.journal) > before + 2
    assert not any(exchange.violations for exchange in mock.journal[before:])


def test_there_are_blocks_to_run() -> None:
    assert len(BLOCKS) == 3


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
