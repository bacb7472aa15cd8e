"""A service of a few lines behind a real socket, and a command line to try on it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from syncdyn.cli.commands import commands

KEY = "sk-test-0123456789"
RESULTS = b'{"request_id":"a"}\n{"request_id":"b"}\n'


def batch(
    status: str = "COMPLETED", *, good: int = 2, bad: int = 0, pending: int = 0, **members: Any
) -> dict[str, Any]:
    """A batch as the service tells it; OUTPUT stands for the address of the results."""
    metrics = {
        "total_generations": good + bad + pending,
        "success_count": good,
        "failed_count": bad,
        "pending_count": pending,
    }
    created = {"id": "b-1", "created_at": "2024-06-01T00:00:00Z", "status": status}
    return {**created, "metrics": metrics, "outputUrl": "OUTPUT" if status == "COMPLETED" else "", **members}


def line(name: str = "a", **members: Any) -> str:
    """A good line of an input file."""
    media = [{"type": kind, "url": f"https://example.com/{kind}"} for kind in ("video", "audio")]
    payload = {"model": "lipsync-2", "input": media}
    return json.dumps({"request_id": name, "endpoint": "/v2/generate", "payload": payload, **members})


@dataclass
class Service:
    """`states` are given one after the other, the last for ever; `creation` is the answer to a POST.

    `raw`, where it is not None, is all that is written on the connection; the service waits for `is_free` before.
    """

    url: str = ""
    states: list[Any] = field(default_factory=lambda: [(200, batch())])
    creation: tuple[int, Any] = (201, batch("PENDING", good=0, pending=2))
    results: bytes = RESULTS
    requests: list[tuple[str, str, bytes]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    is_asked: threading.Event = field(default_factory=threading.Event)
    is_free: threading.Event = field(default_factory=lambda: _set(threading.Event()))

    @property
    def calls(self) -> list[str]:
        """Method and path of what was asked so far."""
        return [f"{method} {path}" for method, path, _ in self.requests]

    def answer(self, method: str, path: str) -> tuple[int, bytes]:
        if path.endswith("/results"):
            return 200, self.results
        if method == "POST":
            return self._written(*self.creation)
        return self._written(*(self.states.pop(0) if len(self.states) > 1 else self.states[0]))

    def _written(self, status: int, body: Any) -> tuple[int, bytes]:
        return status, json.dumps(body).replace("OUTPUT", f"{self.url}/results").encode()


def _set(event: threading.Event) -> threading.Event:
    event.set()
    return event


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            service.requests.append((self.command, self.path, body))
            service.is_asked.set()
            service.is_free.wait(30)
            if service.raw is not None:
                self.wfile.write(service.raw)
                return
            status, content = service.answer(self.command, self.path)
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **service.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None: ...

    return Handler


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a good input file in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "input.jsonl").write_text(f"{line('a')}\n{line('b')}\n")
    return tmp_path


Run = Callable[..., Result]


@pytest.fixture
def run(service: Service, folder: Path) -> Run:
    """`syncdyn batch` with the words given, on the service."""

    def call(*words: str, key: str | None = KEY, base_url: str | None = None, stdin: bytes = b"") -> Result:
        where = ["--base-url", base_url or service.url]
        environ = {"SYNC_API_KEY": key, "SYNC_BASE_URL": None}
        return CliRunner().invoke(commands, ["batch", *words, *where], env=environ, input=stdin)

    return call
