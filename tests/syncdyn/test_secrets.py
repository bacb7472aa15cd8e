"""The key shows nowhere: no repr, message, warning, log line or traceback."""

from __future__ import annotations

import logging
import threading
import traceback
import warnings
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

import syncdyn
from syncdyn import ApiError, Client, UnauthorizedError
from syncdyn.openapi.messages import Headers
from tests.syncdyn.fakes import (
    CREATE,
    GENERATION,
    GENERATION_ID,
    KEY,
    Answer,
    Clock,
    Connect,
    Service,
    answer,
    failure,
)
from tests.syncdyn.test_credentials import DOCUMENT

PACKAGE = Path(syncdyn.__file__).parent


def shown(error: BaseException) -> str:
    """All that can be seen of an error: texts, facts, and its traceback."""
    facts = " ".join(f"{name}={value!r} {value}" for name, value in vars(error).items())
    return "\n".join([repr(error), str(error), facts, *traceback.format_exception(error)])


def test_a_client_shows_no_key(connect: Connect) -> None:
    client = connect(Service(answer(200, [])))
    client = getattr(client, "_target", client)
    seen = f"{client!r} {client} {client.generations!r} {client.models.list!r} {client._settings!r}"
    assert KEY not in seen


ENDS: dict[str, tuple[Answer, Callable[[Any], Any]]] = {
    "refused": (answer(401, {"message": "Unauthorized"}), lambda client: client.models.list()),
    "told-back": (answer(401, {"message": f"the key {KEY} is wrong"}), lambda client: client.models.list()),
    "line": (failure(httpx.ConnectError, "dead"), lambda client: client.models.list()),
    "late": (failure(httpx.ReadTimeout, "late"), lambda client: client.models.list()),
    "broken": (answer(200, {}), lambda client: client.generations.get(GENERATION_ID)),
    "unreadable": (answer(200, text="<html>"), lambda client: client.generations.get(GENERATION_ID)),
    "arguments": (answer(200), lambda client: client.generations.create(**CREATE, options=7)),
    "redirect": (answer(302, headers={"Location": "/x"}), lambda client: client.generations.create(**CREATE)),
    "failed-job": (
        answer(200, {**GENERATION, "status": "FAILED"}),
        lambda client: client.generations.wait(GENERATION_ID),
    ),
    "download": (answer(404), lambda client: client.download("https://api.sync.so/x.mp4")),
}


@pytest.mark.parametrize(("reply", "call"), ENDS.values(), ids=ENDS.keys())
def test_an_error_shows_no_key(connect: Connect, reply: Answer, call: Callable[[Any], Any]) -> None:
    client = connect(Service(reply), max_retries=1, validate="strict")
    with pytest.raises(ApiError) as caught:
        call(client)
    error = caught.value
    # What the service told back stays in the body, which is data and in no message.
    assert KEY not in shown(error).replace(f"body={error.body!r} {error.body}", "")
    assert error.request is None or KEY not in str(error.request.headers.pairs)


def test_the_request_of_an_error_has_no_secret_in_its_address(clock: Clock) -> None:
    """Some APIs take the key as a query parameter."""
    for reply in (answer(401, {}), failure(httpx.ConnectError, "dead")):
        auth = {"inQuery": "q-s3cret", "inCookie": "c-s3cret"}
        transport = Connect(clock).transport(Connect(clock).http(Service(reply)))
        with pytest.raises(ApiError) as caught:
            Client(DOCUMENT, auth=auth, transport=transport).things.list_things()
        assert "s3cret" not in shown(caught.value)
        assert caught.value.request is not None
        assert "s3cret" not in caught.value.request.url


def test_a_warning_shows_no_key(connect: Connect) -> None:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        connect(Service(answer(200, {}))).generations.get(GENERATION_ID)
    assert seen
    assert all(KEY not in str(warning.message) for warning in seen)


def test_a_log_line_shows_no_key(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    connect(Service(answer(503), answer(200, []))).models.list()
    assert caplog.records
    assert KEY not in caplog.text


class Refusing(BaseHTTPRequestHandler):
    """A service on a real socket that refuses every call."""

    def do_GET(self) -> None:
        self.send_error(401)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def test_neither_do_the_lines_of_the_http_library_on_a_real_socket(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = HTTPServer(("127.0.0.1", 0), Refusing)
    with server, connect.sync(api_key=KEY, base_url=f"http://127.0.0.1:{server.server_port}") as client:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with pytest.raises(UnauthorizedError):
            client.models.list()
        thread.join()
    assert "send_request_headers" in caplog.text
    assert KEY not in caplog.text


@pytest.mark.parametrize("reply", [failure(httpx.ConnectError, "dead"), answer(500)], ids=["line", "status"])
def test_a_traceback_with_local_variables_shows_no_key_in_our_frames(connect: Connect, reply: Answer) -> None:
    """As crash reporters take them."""
    with pytest.raises(ApiError) as caught:
        connect(Service(reply), max_retries=0).models.list()
    found = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame for frame in found.stack if Path(frame.filename).is_relative_to(PACKAGE)]
    assert ours
    assert all(KEY not in str(frame.locals) for frame in ours)


def test_headers_are_shown_by_name_alone() -> None:
    assert repr(Headers({"X-Api-Key": KEY})) == "Headers(x-api-key)"
