"""Schemathesis finds nothing in what our mock answers: all its checks, in every phase, with right and wrong data.

It runs as a command, apart from this suite, whose plugins and warnings it would change.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver.facade import Mock

ROOT = Path(__file__).parents[2]
SETTINGS = Path(__file__).parent / "schemathesis"
#: Kept for whoever looks at a run of the checks from outside.
REPORTS = ROOT / "build" / "schemathesis"
KEY = "test-key"
#: Where it stands when it is not installed beside this Python (it wants 3.11).
COMMAND_VARIABLE = "SCHEMATHESIS"

DOCUMENTS = {
    "sync": (None, ROOT / "spec" / "sync.openapi.yaml", ["x-api-key"]),
    "petstore": (ROOT / "tests" / "data" / "petstore.yaml",) * 2 + (["api_key", "Authorization"],),
}


@pytest.fixture
def schemathesis() -> str:
    beside = Path(sys.executable).with_name("st")
    named = os.environ.get(COMMAND_VARIABLE) or (str(beside) if beside.is_file() else "")
    if not named:
        pytest.skip(f"schemathesis is not installed, and {COMMAND_VARIABLE} names none")
    return named


@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_finds_nothing(name: str, schemathesis: str) -> None:
    """A mock just started, so that every run is the same."""
    served, document, fields = DOCUMENTS[name]
    with Mock(served, seed=7, api_keys=(KEY,)).serve() as url:
        words = [
            schemathesis,
            "--no-color",
            *("--config-file", str(SETTINGS / f"{name}.toml")),
            "run",
            str(document),
            *("--url", url),
            *(word for field in fields for word in ("-H", f"{field}: {'Bearer ' * (field == 'Authorization')}{KEY}")),
            *("--phases", "examples,coverage,fuzzing,stateful"),
            *("--mode", "all"),
            *("--max-examples", "100"),
            "--generation-deterministic",
            *("--request-timeout", "20"),
            *("--report", "junit"),
            *("--report-junit-path", str(REPORTS / f"{name}.xml")),
        ]
        done = subprocess.run(words, cwd=SETTINGS, env=_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(SETTINGS), "PYTHONDONTWRITEBYTECODE": "1"}
