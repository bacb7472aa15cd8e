"""`syncdyn` as a process of its own: signals, pipes, streams that take nothing, and what is imported."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.syncdyn.cli.conftest import Service, batch

HEAVY = ("rich", "httpx", "jsonschema_rs", "yaml", "uvicorn", "asyncio", "syncdyn.client", "syncdyn.openapi.document")
ROOT = Path(__file__).parents[3]
IS_POSIX = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals and devices")


def process(*words: str, **options: Any) -> subprocess.Popen[str]:
    more = options.pop("env", {})
    environ = {**os.environ, "SYNC_API_KEY": "k", "PYTHONPATH": str(ROOT), **more}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([sys.executable, *words], env=environ, text=True, **pipes)


def syncdyn(*words: str, **options: Any) -> subprocess.Popen[str]:
    return process("-m", "syncdyn.cli", *words, **options)


def monitoring(service: Service) -> tuple[str, ...]:
    return ("batch", "--input-file", "input.jsonl", "--monitor", "--base-url", service.url)


@pytest.mark.parametrize("words", [[], ["demo"], ["mock"], ["batch"]], ids=["group", "demo", "mock", "batch"])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys\nfrom syncdyn.cli import main\n"
        f"try: main({[*words, '--help']!r})\n"
        f"except SystemExit as end: print(end.code, [name for name in {HEAVY!r} if name in sys.modules])"
    )
    out, err = process("-c", code).communicate(timeout=30)
    assert out.splitlines()[-1] == "0 []", err


@IS_POSIX
def test_ctrl_c_ends_with_130_and_says_how_to_go_on(service: Service, folder: Path) -> None:
    service.states = [(200, batch("PROCESSING", good=0, pending=2))]
    child = syncdyn(*monitoring(service), cwd=folder)
    assert child.stderr is not None
    told = [child.stderr.readline(), child.stderr.readline()]
    child.send_signal(signal.SIGINT)
    out, rest = child.communicate(timeout=30)
    assert (child.returncode, out) == (130, ""), told
    assert "--batch-id b-1 --monitor" in rest
    assert "Traceback" not in rest


@IS_POSIX
def test_ctrl_c_while_the_batch_is_sent_says_that_it_may_be_there(service: Service, folder: Path) -> None:
    service.is_free.clear()
    child = syncdyn(*monitoring(service), cwd=folder)
    assert service.is_asked.wait(30)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=30)
    service.is_free.set()
    assert (child.returncode, out) == (130, "")
    assert "may have been created" in err
    assert "Traceback" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_a_full_disk_under_the_results_is_one_message(service: Service, folder: Path) -> None:
    words = ("batch", "--batch-id", "b-1", "--monitor", "--output", "-", "--base-url", service.url)
    with Path("/dev/full").open("w") as full:
        child = syncdyn(*words, cwd=folder, stdout=full)
        _, err = child.communicate(timeout=30)
    assert child.returncode == 1
    assert err.splitlines()[-1].startswith("Error: ")


@IS_POSIX
def test_a_pipe_that_is_closed_is_no_traceback(service: Service, folder: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    child = syncdyn("batch", "--input-file", "input.jsonl", "--base-url", service.url, cwd=folder, stdout=writer)
    os.close(writer)
    _, err = child.communicate(timeout=30)
    assert child.returncode == 1
    assert "Created batch b-1" in err
    assert "Error" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_a_full_disk_under_stdout_is_one_message(service: Service, folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        child = syncdyn("batch", "--input-file", "input.jsonl", "--base-url", service.url, cwd=folder, stdout=full)
        _, err = child.communicate(timeout=30)
    assert child.returncode == 1
    assert err.splitlines()[-1].startswith("Error: ")
    assert "Exception ignored" not in err


def test_a_stream_that_lacks_a_character_takes_any_name(service: Service, folder: Path) -> None:
    words = ("batch", "--batch-id", "b-1", "--monitor", "--output", "\u5f71.jsonl", "--base-url", service.url)
    out, err = syncdyn(*words, cwd=folder, env={"PYTHONIOENCODING": "latin-1"}).communicate(timeout=30)
    assert out == "?.jsonl\n", err
    assert (folder / "\u5f71.jsonl").exists()


@IS_POSIX
@pytest.mark.parametrize("variable", ["", "1"], ids=["colours", "NO_COLOR"])
def test_a_terminal_gets_a_moving_bar_with_colours_unless_they_are_unwanted(
    service: Service, folder: Path, variable: str
) -> None:
    service.states = [(200, batch("PROCESSING", good=1, pending=1))] * 2 + [(200, batch())]
    environ = {"NO_COLOR": variable, "TERM": "xterm-256color", "COLUMNS": "100"}
    words = ("batch", "--batch-id", "b-1", "--monitor", "--interval", "0.2", "--base-url", service.url)
    screen = _on_terminal(words, folder, environ)
    assert "PROCESSING, 1 succeeded, 0 failed, 1 pending" in screen
    assert ("\x1b[3" in screen) is not bool(variable)


def _on_terminal(words: tuple[str, ...], folder: Path, environ: dict[str, str]) -> str:
    """What a process writes to stderr when that is a terminal."""
    import pty

    master, slave = pty.openpty()
    child = syncdyn(*words, cwd=folder, env=environ, stderr=slave)
    os.close(slave)
    pieces: list[bytes] = []
    reader = threading.Thread(target=_drain, args=(master, pieces))
    reader.start()
    child.communicate(timeout=30)
    reader.join(timeout=30)
    os.close(master)
    return b"".join(pieces).decode()


def _drain(master: int, pieces: list[bytes]) -> None:
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            return
        if not piece:
            return
        pieces.append(piece)
