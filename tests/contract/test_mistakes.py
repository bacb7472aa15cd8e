"""Mistakes that users make, each with the message it gets: it says where, what was found, and what to do.

`python tests/contract/test_mistakes.py` prints them all, to be read.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockserver import Mock
from syncdyn import (
    ApiConnectionError,
    ApiStatusError,
    BadRequestError,
    Client,
    ConfigurationError,
    DocumentError,
    DownloadError,
    NotFoundError,
    RequestValidationError,
    ServerError,
    Sync,
    UnauthorizedError,
    UnexpectedResponseError,
    WebhookVerificationError,
    verify_webhook,
)
from syncdyn.common import TTS, Audio, GenerationOptions, Video

KEY = "right-key-123"
VIDEO = Video(url="https://media.example.com/talk.mp4")
AUDIO = Audio(url="https://media.example.com/talk.wav")
JSON = {"content-type": "application/json"}

Act = Callable[[Any], object]

# What a type checker would say of some mistakes is not what is looked at here.
make: Any = Sync
verify: Any = verify_webhook


@dataclass(frozen=True)
class Mistake:
    """What is done with a client, the error that it gives, and what its message must say."""

    title: str
    act: Act
    error: type[BaseException]
    says: tuple[str, ...]


def create(**arguments: Any) -> Act:
    return lambda client: client.generations.create(**{"model": "lipsync-2", "input": [VIDEO, AUDIO], **arguments})


def answered(response: httpx.Response, act: Act = lambda client: client.models.list()) -> Act:
    """The same against a service that gives this one answer."""

    def against(_: Any) -> object:
        return act(client_of(httpx.MockTransport(lambda request: response)))

    return against


def script(length: int) -> TTS:
    return TTS(provider={"name": "elevenlabs", "voiceId": "v", "script": "a" * length})


def client_of(transport: httpx.BaseTransport) -> Sync:
    return Sync(api_key=KEY, httpx_client=httpx.Client(transport=transport), max_retries=0)


LINES = b"""{"request_id":"a","endpoint":"/v2/generate","payload":{}}
not json
{"request_id":"a","endpoint":"/v2/generat","payload":{"model":"lipsync-2","input":[{"type":"video","url":"https://x.y"}]}}"""

MISTAKES = [
    # --- making a client
    Mistake("an empty key", lambda _: make(api_key=" "), ConfigurationError, ("api_key is empty", "SYNC_API_KEY")),
    Mistake("a key with a line break", lambda _: make(api_key="abc\n"), ConfigurationError, ("line breaks",)),
    Mistake(
        "a base URL without scheme",
        lambda _: make(api_key="k", base_url="api.sync.so"),
        ConfigurationError,
        ("'api.sync.so'", "https://"),
    ),
    Mistake(
        "a timeout as text",
        lambda _: make(api_key="k", timeout="60"),
        ConfigurationError,
        ("timeout", "seconds", "'60'"),
    ),
    Mistake(
        "a misspelt strictness",
        lambda _: make(api_key="k", validate="stirct"),
        ConfigurationError,
        ("'stirct'", "did you mean 'strict'"),
    ),
    Mistake(
        "an unknown validator",
        lambda _: make(api_key="k", validator="prism"),
        ConfigurationError,
        ("'prism'", "openapi-core"),
    ),
    Mistake(
        "an async client for the blocking one",
        lambda _: make(api_key="k", httpx_client=httpx.AsyncClient()),
        ConfigurationError,
        ("httpx.Client", "httpx.AsyncClient"),
    ),
    # --- naming things
    Mistake(
        "a misspelt resource",
        lambda client: client.generation,
        AttributeError,
        ("'generation'", "did you mean 'generations'"),
    ),
    Mistake(
        "a misspelt method",
        lambda client: client.generations.creat,
        AttributeError,
        ("'creat'", "did you mean 'create'"),
    ),
    Mistake(
        "a misspelt argument",
        create(output_filename="x"),
        RequestValidationError,
        ("arguments.output_filename", "did you mean 'output_file_name'"),
    ),
    Mistake(
        "a misspelt member of a result",
        lambda client: client.assets.list(limit=1).next_curser,
        AttributeError,
        ("next_curser", "did you mean 'next_cursor'"),
    ),
    Mistake(
        "a change of a typed object",
        lambda _: setattr(VIDEO, "url", "x"),
        AttributeError,
        ("does not change", ".copy(url="),
    ),
    Mistake(
        "a misspelt option of a call",
        lambda client: client.models.list(request_options={"max_retry": 3}),
        RequestValidationError,
        ("request_options.max_retry", "did you mean 'max_retries'"),
    ),
    # --- what is sent
    Mistake(
        "nothing at all",
        lambda client: client.generations.create(),
        RequestValidationError,
        ("body.model: missing", "body.input: missing"),
    ),
    Mistake("no url", create(input=[Video(), AUDIO]), RequestValidationError, ("body.input[0]", "'url' or 'assetId'")),
    Mistake(
        "a misspelt field",
        create(input=[{"type": "video", "urll": "https://x.y/z"}, AUDIO]),
        RequestValidationError,
        ("body.input[0].urll", "did you mean 'url'"),
    ),
    Mistake(
        "an unknown model",
        create(model="lipsync2"),
        RequestValidationError,
        ("body.model", '"lipsync2"', "did you mean 'lipsync-2'"),
    ),
    Mistake(
        "one item for a list",
        create(input=VIDEO),
        RequestValidationError,
        ("body.input", "expected an array", "a list of one"),
    ),
    Mistake(
        "an unknown kind of input",
        create(input=[{"type": "movie", "url": "https://x.y/z"}]),
        RequestValidationError,
        ("body.input[0].type", '"movie"', '"video"'),
    ),
    Mistake(
        "a file name for a URL",
        create(input=[Video(url="talk.mp4"), AUDIO]),
        RequestValidationError,
        ("body.input[0].url", '"talk.mp4"', "begins with http://"),
    ),
    Mistake(
        "a number out of range",
        create(options=GenerationOptions(temperature=9)),
        RequestValidationError,
        ("body.options.temperature", "9", "maximum, 1"),
    ),
    Mistake(
        "a number as text",
        create(options={"temperature": "0.5"}),
        RequestValidationError,
        ("body.options.temperature", "expected a number", "did you mean 0.5"),
    ),
    Mistake(
        "a wrong word of an enum",
        create(options={"sync_mode": "Loop"}),
        RequestValidationError,
        ("body.options.sync_mode", "did you mean 'loop'"),
    ),
    Mistake(
        "an output name with spaces",
        create(output_file_name="my video.mp4"),
        RequestValidationError,
        ("body.outputFileName", '"my video.mp4"', "[A-Za-z0-9_-]"),
    ),
    Mistake(
        "a script that is too long",
        create(input=[VIDEO, script(5001)]),
        RequestValidationError,
        ("provider.script", "5001 characters", "5000"),
    ),
    Mistake(
        "a page that is too large",
        lambda client: client.assets.list(limit=1000),
        RequestValidationError,
        ("query.limit", "1000", "100"),
    ),
    Mistake(
        "a state in lower case",
        lambda client: client.generations.list(status="completed"),
        RequestValidationError,
        ("query.status", "did you mean 'COMPLETED'"),
    ),
    Mistake(
        "a date in words",
        lambda client: client.batch.list(created_after="yesterday"),
        RequestValidationError,
        ("query.created_after", "yesterday", "2026-"),
    ),
    Mistake("no id", lambda client: client.generations.get(None), RequestValidationError, ("path.id: missing",)),
    Mistake(
        "an id that leads elsewhere",
        lambda client: client.generations.get("../../admin"),
        RequestValidationError,
        ("path.id", "../../admin", "dot segment"),
    ),
    Mistake(
        "a header with a line break",
        lambda client: client.models.list(request_options={"additional_headers": {"x-a": "a\r\nb: c"}}),
        RequestValidationError,
        ("header.x-a",),
    ),
    # --- files
    Mistake(
        "a path as text",
        lambda client: client.generations.create_with_files(model="lipsync-2", video="talk.mp4"),
        RequestValidationError,
        ("body.video", "pathlib.Path"),
    ),
    Mistake(
        "a file in text mode",
        lambda client: client.generations.create_with_files(model="lipsync-2", video=io.StringIO("x")),
        RequestValidationError,
        ("body.video", "mode 'rb'"),
    ),
    Mistake(
        "a file that is not there",
        lambda client: client.generations.create_with_files(model="lipsync-2", video=Path("no-such.mp4")),
        RequestValidationError,
        ("body.video", "no-such.mp4", "No such file"),
    ),
    Mistake(
        "a file that is too large",
        lambda client: client.generations.create_with_files(model="lipsync-2", video=bytes(21 * 2**20)),
        RequestValidationError,
        ("body.video", "22,020,096 bytes", "20,971,520"),
    ),
    Mistake(
        "a batch with bad lines",
        lambda client: client.batch.create(input=LINES),
        RequestValidationError,
        ("line 1.payload.model: missing", "line 2: not JSON", "line 3.endpoint", "line 3.request_id", "line 1 already"),
    ),
    # --- what the service says
    Mistake(
        "no audio",
        create(input=[VIDEO]),
        BadRequestError,
        ("generations.create answered 400", "at least one audio or text"),
    ),
    Mistake(
        "segments that point nowhere",
        create(
            input=[VIDEO, Audio(url="https://x.y/a.wav", ref_id="a")],
            segments=[{"start_time": 0, "end_time": 1, "audio_input": {"ref_id": "b"}}],
        ),
        ApiStatusError,
        ("refId", "b"),
    ),
    Mistake(
        "an unknown id",
        lambda client: client.generations.get("nope"),
        NotFoundError,
        ("404", "generation_not_found", "/v2/generate/nope"),
    ),
    Mistake(
        "a wrong key",
        lambda _: make(
            api_key="wrong-key-999", httpx_client=httpx.Client(transport=Mock(api_keys=(KEY,)).transport())
        ).models.list(),
        UnauthorizedError,
        ("401", "credentials"),
    ),
    # --- the network and what stands in it
    Mistake(
        "a server that is down",
        lambda _: make(api_key="k", base_url="http://127.0.0.1:9", max_retries=0).models.list(),
        ApiConnectionError,
        ("models.list", "127.0.0.1:9", "base URL"),
    ),
    Mistake(
        "a page where JSON should be",
        answered(httpx.Response(200, html="<html>Welcome</html>")),
        UnexpectedResponseError,
        ("text/html", "Welcome", "base URL"),
    ),
    Mistake(
        "a gateway's error page",
        answered(httpx.Response(502, html="<html>Bad gateway</html>")),
        ServerError,
        ("502 Bad Gateway",),
    ),
    Mistake(
        "a body that was cut off",
        answered(httpx.Response(200, headers=JSON, content=b'[{"id": "a"')),
        UnexpectedResponseError,
        ("application/json", "cut off"),
    ),
    Mistake(
        "a POST that is redirected",
        answered(httpx.Response(302, headers={"location": "https://other.example/x"}), create()),
        ApiStatusError,
        ("302", "https://other.example/x", "not followed"),
    ),
    # --- around the calls
    Mistake(
        "a download before the end",
        lambda client: client.download(create()(client)),
        DownloadError,
        ("PENDING", "wait for it"),
    ),
    Mistake(
        "a download over a file",
        lambda client: client.download("https://x.y/z.mp4", __file__),
        DownloadError,
        ("exists already", "overwrite=True"),
    ),
    Mistake(
        "a download into no folder",
        lambda client: client.download("https://x.y/z.mp4", "no-such-folder/x.mp4"),
        DownloadError,
        ("no-such-folder",),
    ),
    Mistake(
        "waiting for nothing",
        lambda client: client.generations.wait(None),
        RequestValidationError,
        ("wait.id: missing",),
    ),
    Mistake(
        "a webhook with a wrong signature",
        lambda _: verify(b"{}", {"Sync-Signature": "t=1,v1=ab"}, "whsec_x"),
        WebhookVerificationError,
        ("Sync-Signature", "byte for byte"),
    ),
    Mistake("a webhook that was parsed", lambda _: verify({"a": 1}, {}, "whsec_x"), TypeError, ("raw bytes",)),
    Mistake(
        "a Swagger 2.0 document", lambda _: Client('{"swagger": "2.0"}'), DocumentError, ("Swagger 2.0", "convert")
    ),
    Mistake(
        "a document that is not there",
        lambda _: Client("no-such.yaml"),
        DocumentError,
        ("no-such.yaml", "no such file"),
    ),
    Mistake(
        "a document that was cut off",
        lambda _: Client('{"openapi": "3.1.0", "info": {"tit'),
        DocumentError,
        ("line 1, column", "was it cut off?"),
    ),
    Mistake(
        "a document indented by tabs",
        lambda _: Client("openapi: 3.1.0\ninfo:\n\ttitle: t\n"),
        DocumentError,
        ("line 3", "a tab, where YAML wants spaces"),
    ),
    Mistake("a login page", lambda _: Client("<!DOCTYPE html><html></html>"), DocumentError, ("an HTML page",)),
    Mistake(
        "a document's URL without its scheme",
        lambda _: Client("api.example.com/openapi.json"),
        DocumentError,
        ("no such file", "a URL begins with https://"),
    ),
    Mistake(
        "a base URL without its scheme",
        lambda _: make(api_key="k", base_url="localhost:4010"),
        ConfigurationError,
        ("did you mean 'http://localhost:4010'",),
    ),
    Mistake(
        "an option of another library",
        lambda client: client.models.list(timeout=3),
        RequestValidationError,
        ("arguments.timeout", "request_options={'timeout_in_seconds': ...}"),
    ),
    Mistake(
        "an unknown option of a call",
        lambda client: client.models.list(request_options={"colour": 3}),
        RequestValidationError,
        ("request_options.colour", "there are timeout_in_seconds, max_retries"),
    ),
    Mistake(
        "a body without a name",
        lambda client: client.generations.create({"model": "lipsync-2"}),
        RequestValidationError,
        ("without a name", "by name: model=..., input=..."),
    ),
    Mistake("a number for a resource", lambda client: client[0], KeyError, ("its resources: ",)),
    Mistake(
        "a result taken for a dict",
        lambda client: client.assets.list(limit=1).get("items"),
        AttributeError,
        ("has no 'get'", "to_dict()"),
    ),
]


def mocked() -> Sync:
    return client_of(Mock(api_keys=(KEY,)).transport())


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.title)
def test_a_mistake_is_answered_with_where_what_and_what_to_do(mistake: Mistake) -> None:
    """The message names the place and what was found there; no library's own error comes through."""
    with pytest.raises(mistake.error) as caught:
        mistake.act(mocked())
    message = str(caught.value)
    assert [words for words in mistake.says if words not in message] == []
    assert KEY not in message


def main() -> None:
    for number, mistake in enumerate(MISTAKES, 1):
        try:
            mistake.act(mocked())
        except mistake.error as error:
            sys.stdout.write(f"{number}. {mistake.title}\n   {type(error).__name__}: {error}\n\n")


if __name__ == "__main__":
    main()
