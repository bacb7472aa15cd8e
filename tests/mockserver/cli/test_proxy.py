from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from mockserver.cli.proxy import command
from mockserver.facade import Mock
from tests.mockserver.proxying.documents import NOTES

ROOT = Path(__file__).parents[3]


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "notes.json"
    path.write_text(json.dumps(NOTES))
    return path


@pytest.mark.skipif(os.name != "posix", reason="signals as of POSIX")
def test_it_forwards_until_a_signal_ends_it_and_tells_each_violation(document: Path) -> None:
    words = [sys.executable, "-m", "syncdyn", "proxy", str(document)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (
        Mock(NOTES, errors=False).serve() as upstream,
        subprocess.Popen(
            [*words, upstream, "--port=0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        ) as process,
    ):
        assert process.stdout is not None
        greeting = process.stdout.readline()
        url = greeting.partition(" at ")[2].partition(",")[0]
        answer = httpx.get(f"{url}/notes?limit=11")
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=5)
    assert (process.returncode, upstream in greeting) == (0, True)
    assert "sl-violations" in answer.headers
    assert "    query.limit: 11 is more than the maximum, 10" in out


@pytest.mark.parametrize(
    ("upstream", "told"),
    [
        pytest.param("api.example.com", "upstream: 'api.example.com' is no absolute URL", id="no scheme"),
        pytest.param("http://", "no absolute URL", id="no host"),
    ],
)
def test_an_upstream_that_is_no_url_is_one_message(document: Path, upstream: str, told: str) -> None:
    result = CliRunner().invoke(command, [str(document), upstream])
    assert result.exit_code == 1
    assert told in result.output
    assert "Traceback" not in result.output


def test_without_an_upstream_it_says_what_is_missing(document: Path) -> None:
    result = CliRunner().invoke(command, [str(document)])
    assert result.exit_code == 2
    assert "UPSTREAM" in result.output
