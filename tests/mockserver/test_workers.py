from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import httpx
import pytest

from mockserver.errors import MockError
from mockserver.serving.server import open_socket
from mockserver.serving.workers import Workers
from tests.mockserver.storing.test_kill import ROOT, document

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")


class Mocking:
    """A running command: its process, its URL, and what it said on stderr when it has ended."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url

    def children(self) -> list[int]:
        """The processes that serve."""
        folders = [each for each in Path("/proc").iterdir() if each.name.isdecimal()]
        return sorted(int(each.name) for each in folders if _is_worker(each, self.process.pid))


@contextmanager
def mocking(folder: Path, *arguments: str, described: Mapping[str, object] | None = None) -> Iterator[Mocking]:
    (folder / "pets.json").write_text(json.dumps(described or document()))
    words = [sys.executable, "-m", "mockserver", "pets.json", "--port", "0", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, env=environment, cwd=folder) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            urls = [word for word in line.split() if word.startswith("http://")]
            assert urls, process.communicate(timeout=10)
            yield Mocking(process, urls[0])
        finally:
            process.terminate()
            process.communicate(timeout=10)


def until(is_so: Callable[[], bool], seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def made(url: str, count: int) -> list[str]:
    """The ids of so many pets."""
    with connections() as client:
        return [client.post(f"{url}/pets", json={"name": "Rex"}).json()["id"] for _ in range(count)]


def connections() -> httpx.Client:
    """A client of which each request has a connection of its own, so that any worker may get it."""
    return httpx.Client(headers={"connection": "close"}, timeout=10)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mocking]:
    with mocking(tmp_path_factory.mktemp("two"), "--workers", "2", "--unknown", "refused", "--quiet") as mock:
        until(lambda: len(mock.children()) == 2)
        yield mock


def test_what_one_worker_made_the_others_know_at_once(two: Mocking) -> None:
    with connections() as client:
        for id_ in made(two.url, 10):
            assert [client.get(f"{two.url}/pets/{id_}").status_code for _ in range(3)] == [200] * 3


def test_workers_at_the_same_time_lose_nothing(two: Mocking) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.extend(made(two.url, 20))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 80
    with connections() as client:
        assert {client.get(f"{two.url}/pets/{id_}").status_code for id_ in found} == {200}


def test_the_journal_is_that_of_all(two: Mocking) -> None:
    httpx.post(f"{two.url}/_mock/reset")
    asked = [f"/pets/{number}" for number in range(20)]
    with connections() as client:
        for path in asked:
            client.get(f"{two.url}{path}")
    told = httpx.get(f"{two.url}/_mock/requests", timeout=10).json()["requests"]
    assert [each["request"]["path"] for each in told] == asked


def test_a_worker_that_dies_is_started_again(tmp_path: Path) -> None:
    with mocking(tmp_path, "--workers", "2", "--unknown", "refused", "--quiet") as mock:
        (id_,) = made(mock.url, 1)
        before = mock.children()
        os.kill(before[0], signal.SIGKILL)
        until(lambda: len(set(mock.children()) - set(before)) == 1)
        until(lambda: httpx.get(f"{mock.url}/pets/{id_}").status_code == 200)


@pytest.mark.parametrize(
    ("number", "exit_code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)], ids=["SIGTERM", "SIGINT"]
)
def test_a_signal_ends_all(tmp_path: Path, number: int, exit_code: int) -> None:
    with mocking(tmp_path, "--workers", "2", "--quiet") as mock:
        children = mock.children()
        began = time.monotonic()
        mock.process.send_signal(number)
        assert mock.process.wait(5) == exit_code
        assert time.monotonic() - began < 2
        assert children
        assert not [each for each in children if Path(f"/proc/{each}").exists()]


def test_workers_end_when_the_first_process_is_killed(tmp_path: Path) -> None:
    with mocking(tmp_path, "--workers", "2", "--quiet") as mock:
        until(lambda: len(mock.children()) == 2)
        children = mock.children()
        mock.process.kill()
        mock.process.wait(5)
        until(lambda: not any(_is_running(each) for each in children))


def _is_worker(folder: Path, parent: int) -> bool:
    """Whether it is the folder of a process that serves, started by a parent."""
    try:
        return int(_facts(folder)[1]) == parent and b"spawn_main" in (folder / "cmdline").read_bytes()
    except OSError:
        return False


def _is_running(process: int) -> bool:
    try:
        return _facts(Path(f"/proc/{process}"))[0] != "Z"
    except OSError:
        return False


def _facts(folder: Path) -> list[str]:
    """The state of a process, the number of its parent, and more. Source: proc(5)."""
    return (folder / "stat").read_text().rpartition(")")[2].split()


class Receiver(BaseHTTPRequestHandler):
    """Counts the webhooks by their ids."""

    arrived: ClassVar[Counter[str]] = Counter()

    def do_POST(self) -> None:
        self.arrived[self.rfile.read(int(self.headers["content-length"])).decode()] += 1
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_a_webhook_is_delivered_once(tmp_path: Path) -> None:
    described = document()
    name = {"type": "object", "properties": {"name": {"type": "string"}}}
    hook = {
        "requestBody": {"content": {"application/json": {"schema": name}}},
        "responses": {"204": {"description": ""}},
    }
    described["webhooks"] = {"called": {"post": hook}}
    with HTTPServer(("127.0.0.1", 0), Receiver) as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{receiver.server_address[1]}"
        with mocking(tmp_path, "--workers", "2", "--quiet", "--webhook-url", url, described=described) as mock:
            until(lambda: len(mock.children()) == 2)
            for number in range(12):
                sent = httpx.post(f"{mock.url}/_mock/webhooks/called/trigger", json={"payload": {"name": str(number)}})
                assert sent.is_success, sent.text
            until(lambda: len(Receiver.arrived) >= 12)
            time.sleep(0.6)
        receiver.shutdown()
    assert set(Receiver.arrived.values()) == {1}


def _fails(sock: object, number: int) -> object:
    raise ValueError("the reason")


def test_what_a_worker_cannot_do_is_told() -> None:
    with pytest.raises(MockError, match="the reason"):
        Workers(open_socket("127.0.0.1", 0), _fails, 1, lambda line: None)  # type: ignore[arg-type]
