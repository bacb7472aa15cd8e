"""The manual of the mock is run: its document, every Python block, every command with what it comes to."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver.faults.scenario import stated_rules
from tests.contract.differences import table
from tests.mockserver.harness.playing import in_process
from tests.mockserver.harness.reading import Scenario

MANUAL = (Path(__file__).parents[2] / "mockserver" / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", MANUAL, re.MULTILINE | re.DOTALL)


DOCUMENT, OVERLAY, RULES = blocks("yaml")
TITLES = re.findall(r"^## (.+)$", MANUAL, re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop.yaml").write_text(DOCUMENT, "utf-8")
    (tmp_path / "orders.yaml").write_text(OVERLAY, "utf-8")
    (tmp_path / "bad-day.yaml").write_text(RULES, "utf-8")
    return tmp_path


@pytest.mark.parametrize("code", blocks("python"), ids=lambda code: code.splitlines()[-1])
def test_a_python_block_runs_as_it_stands(code: str, folder: Path) -> None:
    """In a new process, with nothing warned of; what it says of itself it asserts."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("block", blocks("sh"), ids=lambda block: block.splitlines()[1].split("  ")[0])
def test_a_command_comes_to_what_stands_behind_it(block: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    server, *commands = block.splitlines()
    scenario = Scenario("", DOCUMENT, server.removeprefix("syncdyn "), ())
    with in_process(scenario, folder) as ask:
        for line in commands:
            command, _, status = line.partition("  # ")
            assert ask(f"{command.strip()} -i").split()[1] == status.strip(), line


def test_the_rules_of_faults_can_be_read(folder: Path) -> None:
    assert [rule["name"] for rule in stated_rules(folder / "bad-day.yaml")] == [
        "the shop is slow on some days",
        "every third order is lost on its way back",
    ]


def test_the_table_of_differences_is_the_one_that_is_checked() -> None:
    assert table() in MANUAL
