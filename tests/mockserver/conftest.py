"""A mock of the bundled document at hand: its state kept, its clock moved by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from mockserver.app import Delivery, Mock
from mockserver.settings import Settings
from syncdyn.openapi.bundled import load_bundled
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.messages import Headers, Json, Request, Response

START = 1_717_200_000.0
BOUNDARY = "limit"


class Reply:
    """A response, its JSON read."""

    def __init__(self, response: Response, violations: tuple[Violation, ...]) -> None:
        self.status = response.status
        self.headers = response.headers
        self.content = response.body
        self.violations = violations

    @property
    def json(self) -> Json:
        return json.loads(self.content)


class Service:
    """A mock whose state is kept between calls."""

    def __init__(self, contract: Contract, settings: Settings, **options: Any) -> None:
        self.mock = Mock(contract, settings, **options)
        self.now = START
        self.state = self.mock.initial_state(self.now)

    def call(
        self,
        method: str,
        target: str,
        body: Json = None,
        *,
        content: bytes = b"",
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        key: str | None = "key",
    ) -> Reply:
        """What the mock answers; `body` is sent as JSON."""
        pairs = [*(headers.items() if isinstance(headers, Mapping) else headers)]
        pairs += [("x-api-key", key)] if key is not None else []
        if body is not None:
            content = json.dumps(body).encode()
            pairs.append(("content-type", "application/json"))
        url = target if "://" in target else f"http://mock.test{target}"
        answer = self.mock.answer(self.state, self.now, Request(method, url, Headers(pairs), content))
        self.state = answer.state
        return Reply(answer.response, answer.violations)

    def get(self, target: str, **options: Any) -> Reply:
        return self.call("GET", target, **options)

    def post(self, target: str, body: Json, **options: Any) -> Reply:
        return self.call("POST", target, body, **options)

    def post_form(self, target: str, *parts: tuple[str, bytes, str | None], headers: Any = ()) -> Reply:
        """What the mock answers to a multipart form; a part is (name, content, file name or None)."""
        content = multipart(parts)
        typed = [*headers, ("content-type", f"multipart/form-data; boundary={BOUNDARY}")]
        return self.call("POST", target, content=content, headers=typed)

    def post_batch(self, *lines: Json, **fields: str) -> Reply:
        """What the mock answers to a batch; a line that is text is sent as it is."""
        text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        extra = [(name, value.encode(), None) for name, value in fields.items()]
        return self.post_form("/v2/batch", ("input", text.encode(), "input.jsonl"), *extra)

    def advance(self, seconds: float) -> None:
        self.now += seconds

    def due(self) -> tuple[Delivery, ...]:
        self.state, deliveries = self.mock.due(self.state, self.now)
        return deliveries


def multipart(parts: Iterable[tuple[str, bytes, str | None]]) -> bytes:
    """The bytes of a form whose parts have no content types of their own."""
    written = b""
    for name, content, file_name in parts:
        told = f'; filename="{file_name}"' if file_name else ""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{told}\r\n\r\n'
        written += head.encode() + content + b"\r\n"
    return written + f"--{BOUNDARY}--\r\n".encode()


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The contract of the bundled document with both overlays."""
    return Contract(load_bundled(with_mock=True, cache_folder=None))


@pytest.fixture
def serve(contract: Contract) -> Callable[..., Service]:
    """Makes a service with settings of its own."""

    def make(**settings: Any) -> Service:
        options = {name: settings.pop(name) for name in ("clip", "facts_of") if name in settings}
        return Service(contract, Settings(**settings), **options)

    return make


@pytest.fixture
def service(serve: Callable[..., Service]) -> Service:
    """A service as it comes."""
    return serve()


@pytest.fixture
def generation() -> dict[str, Json]:
    """A valid body for a new generation: a video of 4 seconds, a speech of 8.64."""
    return {
        "model": "lipsync-2",
        "input": [
            {"type": "video", "url": "https://media.example.com/talk.mp4?seconds=4"},
            {"type": "audio", "url": "https://media.example.com/talk.wav?seconds=8.64"},
        ],
    }
