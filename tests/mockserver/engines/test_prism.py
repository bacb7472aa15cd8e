"""Prism as a process of ours: here a stand-in of a few lines."""

from __future__ import annotations

import json
import os
import shlex
import socket
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from mockserver.engines import prism
from mockserver.engines.finding import COMMAND_VARIABLE
from mockserver.errors import MockError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes as of POSIX")

#: Starts a child that serves, as npx does; answers with the words it was called with and with its document.
STAND_IN = """
import http.server, json, subprocess, sys
if "--child" not in sys.argv:
    sys.exit(subprocess.call([sys.executable, __file__, *sys.argv[1:], "--child"]))
words = sys.argv[1:-1]
if "--fail" in words:
    sys.exit("no operations found")
if "--end" in words:
    import threading, os
    threading.Timer(1, os._exit, (3,)).start()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps([words, open(words[-1]).read()]).encode())
    def log_message(self, *args): pass
http.server.HTTPServer(("127.0.0.1", int(words[words.index("--port") + 1])), Handler).serve_forever()
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    program = tmp_path / "prism.py"
    program.write_text(STAND_IN)
    return {**os.environ, COMMAND_VARIABLE: shlex.join([sys.executable, str(program)])}


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "api.json"
    path.write_text('{"openapi": "3.1.0", "info": {"title": "Old", "version": "1"}, "paths": {}}')
    return path


def asked(url: str) -> tuple[list[str], str]:
    with urllib.request.urlopen(url, timeout=5) as answer:
        words, text = json.load(answer)
    return words, text


def test_it_serves_when_it_is_there_and_its_children_end_with_it(environment: dict[str, str], document: Path) -> None:
    with prism.serve(document, environment=environment, flags=["--errors=true"]) as url:
        words, text = asked(url)
    assert words[-2:] == ["--errors=true", str(document)]
    assert text == document.read_text()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(url, timeout=5)


def test_overlays_are_applied_before_it_reads_the_document(
    environment: dict[str, str], document: Path, tmp_path: Path
) -> None:
    overlay = tmp_path / "overlay.json"
    actions = [{"target": "$.info", "update": {"title": "New"}}]
    overlay.write_text(json.dumps({"overlay": "1.0.0", "info": {"title": "O", "version": "1"}, "actions": actions}))
    with prism.serve(document, overlays=[overlay], environment=environment) as url:
        words, text = asked(url)
    assert json.loads(text)["info"]["title"] == "New"
    assert not Path(words[-1]).exists()


def test_the_last_words_of_one_that_does_not_start_are_told(environment: dict[str, str], document: Path) -> None:
    with pytest.raises(MockError, match="did not start:\nno operations found"):
        prism.start(document, environment=environment, flags=["--fail"])


def test_a_document_that_is_not_there_is_told_before_anything_starts(environment: dict[str, str]) -> None:
    with pytest.raises(MockError, match=r"nowhere\.yaml: there is no such file"):
        prism.start("nowhere.yaml", environment=environment)


def test_a_port_that_another_has_is_told(environment: dict[str, str], document: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(MockError, match="it is in use"):
        prism.start(document, environment=environment, port=other.getsockname()[1])


def test_one_that_ends_by_itself_is_known_to_have_ended(environment: dict[str, str], document: Path) -> None:
    running = prism.start(document, environment=environment, flags=["--end"])
    try:
        deadline = time.monotonic() + 10
        while running.is_running and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not running.is_running
    finally:
        running.stop()
