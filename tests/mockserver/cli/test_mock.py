from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from mockserver.cli.engine import flags_of
from mockserver.cli.mock import command
from mockserver.cli.naming import example_call
from mockserver.facade import Mock
from mockserver.serving.server import open_socket
from tests.mockserver.test_server import PETS

ROOT = Path(__file__).parents[3]


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "pets.json"
    pets = json.loads(json.dumps(PETS))
    pets["paths"]["/pets"]["get"]["operationId"] = "listPets"
    path.write_text(json.dumps(pets))
    return path


@contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The process, the URL that its first line tells, and the call that its second proposes."""
    words = [sys.executable, "-m", "mockserver", "--port", "0", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            second = process.stdout.readline() if "--prism" not in arguments else ""
            yield process, next((word for word in first.split() if word.startswith("http://")), ""), second
        finally:
            process.kill()


def test_faults_of_files_hold_from_the_start(document: Path, tmp_path: Path) -> None:
    rules = tmp_path / "bad-day.yaml"
    rules.write_text("faults:\n- {operation: listPets, status: 503}\n")
    with started(str(document), "--faults", str(rules)) as (_, url, _):
        assert httpx.get(f"{url}/pets").status_code == 503


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--faults", "none.yaml"], "Error: faults: none.yaml: no such file"),
        (["--webhook-url", "here"], "Error: webhook_urls: 'here' is no absolute URL"),
        (["--base-url", "/api"], "Error: base_url: '/api' is no absolute URL"),
    ],
    ids=["faults", "webhook", "base"],
)
def test_a_wrong_word_is_one_message(document: Path, words: list[str], told: str) -> None:
    done = CliRunner().invoke(command, [str(document), *words])
    assert (done.exit_code, done.output.startswith(told)) == (1, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--state", "s.db", "--stateless"], "--stateless remembers nothing, so --state has nothing to keep"),
        (["--state", "s.db", "--prism"], "--prism remembers nothing, so --state has nothing to keep"),
        (
            ["--webhook-url", "https://example.com/h"],
            "--webhook-url https://example.com/h: another machine is called with --webhook-allow example.com only",
        ),
    ],
    ids=["stateless", "prism", "webhook"],
)
def test_words_of_which_one_takes_away_what_another_asks_for_are_refused(
    document: Path, words: list[str], told: str
) -> None:
    done = CliRunner().invoke(command, [str(document), *words])
    assert (done.exit_code, told in done.output) == (2, True)


@pytest.mark.skipif(os.name != "posix", reason="signals as of POSIX")
@pytest.mark.parametrize(
    ("number", "exit_code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)], ids=["SIGTERM", "SIGINT"]
)
def test_it_serves_until_a_signal_ends_it(document: Path, number: int, exit_code: int) -> None:
    with started(str(document)) as (process, url, proposal):
        assert httpx.get(f"{url}/pets").status_code == 200
        assert httpx.get(f"{url}/cats").status_code == 404
        process.send_signal(number)
        out, err = process.communicate(timeout=5)
    assert (process.returncode, err) == (exit_code, "")
    assert f"curl {url}/pets" in proposal
    assert [line.split()[:3] for line in out.splitlines()] == [
        ["GET", "/pets", "200"],
        ["GET", "/cats", "404"],
        ["Cannot", "GET", "/cats;"],
    ]


@pytest.mark.skipif(os.name != "posix", reason="signals and pipes as of POSIX")
@pytest.mark.parametrize("is_open", [True, False], ids=["nobody reads", "the reader is gone"])
def test_the_reader_of_its_lines_keeps_nobody_waiting(document: Path, is_open: bool) -> None:
    with started(str(document)) as (process, url, _):
        assert process.stdout is not None
        if not is_open:
            process.stdout.close()
        for _ in range(40):
            # Each line is long, so that a few fill the pipe.
            assert httpx.get(f"{url}/{'x' * 8000}", timeout=3).status_code == 404
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(["nowhere.yaml"], "nowhere.yaml", id="missing file"),
        pytest.param(["--overlay", "nowhere.yaml"], "nowhere.yaml", id="missing overlay"),
        pytest.param([str(ROOT / "pyproject.toml")], "pyproject.toml", id="no document"),
        pytest.param(["--plan", "gold-plated"], "no plan named 'gold-plated'", id="unknown plan"),
        pytest.param(["--host", "192.0.2.1"], "no such address", id="another machine's address"),
    ],
)
def test_a_users_mistake_is_one_message_and_no_traceback(words: list[str], told: str) -> None:
    result = CliRunner().invoke(command, ["--port", "0", *words])
    assert result.exit_code == 1
    assert told in result.output
    assert "Traceback" not in result.output


def test_a_busy_port_is_told_with_a_way_out(document: Path) -> None:
    with open_socket("127.0.0.1", 0) as sock:
        result = CliRunner().invoke(command, [str(document), "--port", str(sock.getsockname()[1])])
    assert result.exit_code == 1
    assert "--port 0" in result.output


@pytest.mark.parametrize("words", [["--port", "70000"], ["--job-seconds", "-1"], ["--nonsense"]], ids=lambda it: it[0])
def test_a_word_that_is_none_is_a_usage_error(words: list[str]) -> None:
    assert CliRunner().invoke(command, words).exit_code == 2


def test_the_example_names_the_credentials_the_document_wants() -> None:
    schemes = {"key": {"type": "apiKey", "in": "header", "name": "X-Pet-Key"}}
    keyed = {**PETS, "components": {"securitySchemes": schemes}}
    assert example_call(Mock(keyed).contract, "http://mock") == "curl -H 'X-Pet-Key: KEY' http://mock/pets"
    assert example_call(Mock(PETS).contract, "http://mock") == "curl http://mock/pets"


def test_starting_does_not_import_what_only_some_need(document: Path) -> None:
    code = (
        "import sys; from mockserver.facade import Mock; from mockserver.cli.mock import command\n"
        f"running = Mock({str(document)!r}).start(); running.stop()\n"
        "print([name for name in ('av', 'httpx', 'yaml') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_in_prisms_mode_it_greets_as_prism_does(document: Path) -> None:
    """Scripts wait for these words."""
    with started("--prism", str(document)) as (process, url, _):
        assert httpx.get(f"{url}/pets").headers["access-control-allow-origin"] == "*"
        process.send_signal(signal.SIGTERM)
    assert url


def test_a_word_that_prism_has_not_is_refused_for_its_engine(document: Path) -> None:
    result = CliRunner().invoke(command, [str(document), "--engine", "prism", "--state", "mock.db"])
    assert result.exit_code == 2
    assert "Prism has no --state" in result.output


def test_prism_is_told_what_the_user_told() -> None:
    words = ["doc.yaml", "--errors", "false", "-d", "--seed", "7", "--cors=false", "-v", "warn"]
    params = command.make_context("mock", words).params
    assert list(flags_of(params)) == [
        *("--cors=false", "--errors=false", "--dynamic=true"),
        *("--seed", "7", "--verboseLevel", "warn"),
    ]
