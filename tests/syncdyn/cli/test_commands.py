"""The command line as a whole: its help, its versions, its exit codes, and how errors leave it."""

from __future__ import annotations

import errno
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

import syncdyn
from syncdyn import errors
from syncdyn.cli.commands import commands
from syncdyn.cli.exit_codes import MEANINGS, described, exit_code
from syncdyn.cli.group import Home, LazyGroup
from syncdyn.cli.options import seconds, url, without_user
from syncdyn.openapi.errors import DocumentError, SyncdynError, Violation

FAULT = Violation("body", ("name",), "missing (required)")
CODES: dict[str, tuple[BaseException, int]] = {
    "no connection": (errors.ApiConnectionError("no"), 1),
    "no answer in time": (errors.ApiTimeoutError("no"), 1),
    "a document of no use": (DocumentError("no"), 1),
    "a download that failed": (errors.DownloadError("no"), 1),
    "no key": (errors.ConfigurationError("no"), 2),
    "302": (errors.ApiStatusError("no", status_code=302), 3),
    "404": (errors.NotFoundError("no", status_code=404), 4),
    "429": (errors.TooManyRequestsError("no", status_code=429), 4),
    "503": (errors.ServiceUnavailableError("no", status_code=503), 5),
    "a status without family": (errors.ApiStatusError("no", status_code=600), 1),
    "a bad request": (errors.RequestValidationError("create", [FAULT]), 6),
    "a bad response": (errors.ResponseValidationError("create", [FAULT], None), 7),
    "an unreadable response": (errors.UnexpectedResponseError("no"), 7),
    "a forged webhook": (errors.WebhookVerificationError("no"), 7),
    "a wait too long": (errors.WaitTimeoutError("no", result=None, state=None), 8),
    "a failed job": (errors.JobFailedError("no", result=None, state="FAILED"), 9),
    "interrupted": (KeyboardInterrupt(), 130),
    "a full disk": (OSError(errno.ENOSPC, "No space left on device", "file"), 1),
}


def failing(error: BaseException) -> LazyGroup:
    """A group with the one command `fail`, which raises the error."""

    class Failing(LazyGroup):
        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
            return click.Command("fail", callback=self.fail) if cmd_name == "fail" else None

        def fail(self) -> None:
            raise error

    return Failing(name="group", homes={"fail": Home("none", "none", "Fails.")})


@pytest.mark.parametrize(("error", "code"), CODES.values(), ids=CODES)
def test_each_error_has_its_exit_code(error: BaseException, code: int) -> None:
    assert exit_code(error) == code


@pytest.mark.parametrize(("error", "code"), CODES.values(), ids=CODES)
def test_an_error_leaves_as_one_message_without_a_traceback(error: BaseException, code: int) -> None:
    result = CliRunner().invoke(failing(error), ["fail"])
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.startswith("Error: ")
    assert "Traceback" not in result.stderr


def test_a_fault_of_our_own_is_not_hidden() -> None:
    assert isinstance(CliRunner().invoke(failing(ZeroDivisionError()), ["fail"]).exception, ZeroDivisionError)


def test_a_closed_pipe_is_no_message() -> None:
    result = CliRunner().invoke(failing(BrokenPipeError(errno.EPIPE, "Broken pipe")), ["fail"])
    assert (result.exit_code, result.output) == (1, "")


def test_a_missing_extra_says_what_to_install() -> None:
    result = CliRunner().invoke(failing(ModuleNotFoundError("No module named 'uvicorn'")), ["fail"])
    assert result.exit_code == 1
    assert 'pip install "syncdyn[mock]"' in result.stderr


def test_a_file_that_cannot_be_used_is_named() -> None:
    result = CliRunner().invoke(failing(PermissionError(errno.EACCES, "Permission denied", "a.mp4")), ["fail"])
    assert "a.mp4: Permission denied" in result.stderr


def test_every_error_of_the_library_has_a_documented_code() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, SyncdynError)]
    plain = [kind for kind in kinds if not issubclass(kind, errors.ApiStatusError)]
    assert {exit_code(kind.__new__(kind)) for kind in plain} <= set(MEANINGS)
    assert {exit_code(kind(status_code=status)) for status, kind in errors.STATUS_ERRORS.items()} == {4, 5}


def _help_of(*words: str) -> str:
    result = CliRunner().invoke(commands, [*words, "--help"])
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.parametrize("words", [(), ("demo",), ("batch",)], ids=["group", "demo", "batch"])
def test_the_help_lists_the_exit_codes(words: tuple[str, ...]) -> None:
    shown = _help_of(*words)
    assert all(line.strip() in shown for line in described().splitlines())


@pytest.mark.parametrize("name", commands.homes)
def test_every_command_has_help_for_every_option(name: str) -> None:
    home = commands.homes[name]
    command = getattr(import_module(home.module), home.attribute)
    assert f"  {name}" in _help_of()
    assert _help_of(name)
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_the_version_is_the_package_s() -> None:
    assert CliRunner().invoke(commands, ["--version"]).stdout.split()[-1] == syncdyn.__version__


@pytest.mark.parametrize(("word", "told"), [("dmeo", "'demo'"), ("xyz", "xyz")], ids=["near", "far"])
def test_an_unknown_command_is_refused(word: str, told: str) -> None:
    result = CliRunner().invoke(commands, [word])
    assert result.exit_code == 2
    assert told in result.stderr


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "soon", ""])
def test_what_is_no_time_span_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        seconds(text)


@pytest.mark.parametrize("text", ["", "example.com", "localhost:1", "ftp://a", "http://", "http://[::", "http://a:b"])
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        url(text)


@pytest.mark.parametrize("text", ["http://localhost:4010", "https://api.example.com/v1", "http://[::1]:80"])
def test_a_web_address_is_taken_as_it_is(text: str) -> None:
    assert url(text) == text


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://u:p@host:1/a@b", "http://host:1/a@b"),
        ("https://host/v1", "https://host/v1"),
        ("http://u@host", "http://host"),
    ],
)
def test_a_web_address_is_shown_without_its_user(address: str, shown: str) -> None:
    assert without_user(address) == shown


def test_an_unreadable_document_for_the_mock_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("no: document")
    result: Any = CliRunner().invoke(commands, ["mock", str(tmp_path / "bad.yaml"), "--port", "0"])
    assert result.exit_code == 1
    assert "bad.yaml" in result.stderr
