from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from mockserver.cli.mock import command as mock
from mockserver.cli.proxy import command as proxy

BOTH = pytest.mark.parametrize("command", [mock, proxy], ids=["mock", "proxy"])


@BOTH
def test_every_option_is_explained(command: click.Command) -> None:
    assert all(one.help for one in command.params if isinstance(one, click.Option))


@BOTH
def test_every_option_that_is_shown_stands_in_a_section(command: click.Command) -> None:
    """Under `Other` is the help alone."""
    told = CliRunner().invoke(command, ["--help"]).output
    assert told.rstrip().partition("Other:\n")[2].split()[0] == "--help"
    assert len(told.partition("Other:\n")[2].splitlines()) == 1


@BOTH
def test_h_is_the_host_and_not_the_help(command: click.Command) -> None:
    result = CliRunner().invoke(command, ["-h"])
    assert result.exit_code == 2
    assert "-h" in result.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(["--erors"], "--errors", id="an option"),
        pytest.param(["--unknown", "refuse"], "refused", id="a choice"),
        pytest.param(["--clock", "tomorrow"], "2030-01-01T00:00:00Z", id="a moment"),
        pytest.param(["--speed", "-1"], "--speed", id="a number"),
    ],
)
def test_a_mistake_is_told_with_what_was_meant(words: list[str], told: str) -> None:
    result = CliRunner().invoke(mock, words)
    assert result.exit_code == 2
    assert told in result.output
