"""Answers read as they come: what is given, when the answer is closed, and how a stream ends before its end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import httpx
import pytest

from syncdyn import (
    ApiConnectionError,
    ApiStatusError,
    ApiTimeoutError,
    AsyncClient,
    Client,
    ContractWarning,
    NotFoundError,
    RequestValidationError,
    ResponseValidationError,
)
from syncdyn.errors import UnexpectedResponseError
from syncdyn.openapi.coding.events import Event
from syncdyn.transport import AwaitingTransport
from tests.syncdyn.fakes import Answer, Clock, Connect, Service, answer

EVENTS, LINES, OCTETS = "text/event-stream", "application/jsonl", "application/octet-stream"
TOKEN = {
    "type": "object",
    "required": ["n"],
    "properties": {"n": {"type": "integer"}, "at": {"type": "string", "format": "date-time"}},
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Streams", "version": "1"},
    "servers": [{"url": "https://api.example.com"}],
    "paths": {
        "/tokens": {
            "get": {
                "operationId": "tokens",
                "tags": ["streams"],
                "x-syncdyn-stream-end": "[DONE]",
                "parameters": [{"name": "n", "in": "query", "schema": {"type": "integer"}}],
                "responses": {
                    "200": {
                        "description": "",
                        "headers": {"X-Left": {"schema": {"type": "integer"}}},
                        "content": {EVENTS: {"schema": TOKEN}, LINES: {"schema": TOKEN}, OCTETS: {}},
                    }
                },
            }
        }
    },
}


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Pieces as they come, for either driver; an exception among them is raised in its turn."""

    def __init__(self, *pieces: bytes | Exception | Callable[[], None]) -> None:
        self.pieces = pieces
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            if callable(piece):
                piece()
            else:
                yield piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece

    def close(self) -> None:
        self.is_closed = True

    async def aclose(self) -> None:
        self.is_closed = True


def streamed(body: Body, content_type: str = EVENTS, **headers: str) -> Answer:
    fields = {"content-type": content_type, **headers}
    return lambda request: httpx.Response(200, headers=fields, stream=body)


def client(connect: Connect, *answers: Answer, document: Any = DOCUMENT, **options: Any) -> Any:
    transport = connect.transport(connect.http(Service(*answers)))
    made = (AsyncClient if connect.is_async else Client)(document, transport=transport, random=float, **options)
    return connect._as_blocking(made)


def tokens(connect: Connect, *answers: Answer, request_options: Any = None, **options: Any) -> Iterator[Any]:
    streams = client(connect, *answers, **options).streams.with_streaming_response
    return iter(streams.tokens(request_options=request_options))


def test_events_come_typed_one_by_one_and_the_answer_is_closed(connect: Connect) -> None:
    body = Body(b'id: 7\ndata: {"n":1,"at":"2024-06-01', b'T00:00:00Z"}\r', b"\n\r\n", b'data: {"n":2}\n\n')
    first, second = tokens(connect, streamed(body))
    assert first.data.at == datetime(2024, 6, 1, tzinfo=timezone.utc)
    assert (first.id, first.event, second.data.n) == ("7", None, 2)
    assert body.is_closed


def test_an_event_is_given_before_the_next_has_come(connect: Connect) -> None:
    events = tokens(connect, streamed(Body(b'data: {"n":1}\n\n', RuntimeError("not asked for yet"))))
    assert next(events).data.n == 1


@pytest.mark.parametrize("content_type", [LINES, "application/jsonl; charset=utf-8"])
def test_records_come_typed_one_by_one(connect: Connect, content_type: str) -> None:
    body = Body(b'{"n"', b':1}\n\n{"n":2}')
    assert [record.n for record in tokens(connect, streamed(body, content_type))] == [1, 2]


def test_anything_else_comes_as_bytes_in_the_size_asked_for(connect: Connect) -> None:
    reply = streamed(Body(b"abc", b"def"), OCTETS)
    assert list(tokens(connect, reply, request_options={"chunk_size": 4})) == [b"abcd", b"ef"]


def test_the_end_that_the_document_names_ends_it(connect: Connect) -> None:
    body = Body(b'data: {"n":1}\n\ndata: [DONE]\n\n', RuntimeError("read on"))
    assert [event.data.n for event in tokens(connect, streamed(body))] == [1]
    assert body.is_closed


@pytest.mark.parametrize("is_stream", [True, False], ids=["streamed", "whole"])
def test_an_end_that_the_document_does_not_name_is_known_all_the_same(connect: Connect, *, is_stream: bool) -> None:
    silent = json.loads(json.dumps(DOCUMENT).replace('"x-syncdyn-stream-end": "[DONE]",', ""))
    reply = answer(200, content=b'data: {"n":1}\n\ndata: [DONE]\n\n', headers={"content-type": EVENTS})
    api = client(connect, reply, document=silent, validate="strict").streams
    events = iter(api.with_streaming_response.tokens()) if is_stream else api.tokens()
    assert [event.data.n for event in events] == [1]


def test_an_event_says_where_its_data_is() -> None:
    with pytest.raises(AttributeError, match=r"an Event has no 'real'; its data has: \.data\.real"):
        print(Event(1).real)


def test_a_plain_call_gives_the_whole_stream_as_a_list(connect: Connect) -> None:
    whole = answer(200, content=b'data: {"n":1}\n\ndata: [DONE]\n\n', headers={"content-type": EVENTS})
    (event,) = client(connect, whole).streams.tokens()
    assert isinstance(event, Event)
    assert event.data.n == 1


def test_an_item_that_breaks_the_contract_is_told_of_and_given(connect: Connect) -> None:
    events = tokens(connect, streamed(Body(b'data: {"n":1}\n\ndata: {"n":"2"}\n\n')))
    assert next(events).data.n == 1
    with pytest.warns(ContractWarning, match=r"body\[1\]\.n: expected an integer"):
        assert next(events).data.n == "2"


def test_in_strict_mode_the_error_carries_the_item(connect: Connect) -> None:
    body = Body(b'{"n":"1"}\n')
    with pytest.raises(ResponseValidationError) as caught:
        list(tokens(connect, streamed(body, LINES), validate="strict"))
    assert (caught.value.data.n, body.is_closed) == ("1", True)


def test_what_comes_before_the_items_is_checked_as_well(connect: Connect) -> None:
    with pytest.warns(ContractWarning, match=r"header\.X-Left"):
        assert list(tokens(connect, streamed(Body(), **{"x-left": "many"}))) == []


def test_an_error_status_is_raised_before_the_first_item(connect: Connect) -> None:
    with pytest.raises(NotFoundError, match="no such stream"):
        next(tokens(connect, answer(404, {"message": "no such stream"})))


def test_arguments_are_checked_before_anything_is_sent(connect: Connect) -> None:
    streams = client(connect, streamed(Body())).streams.with_streaming_response
    with pytest.raises(RequestValidationError, match=r"query\.n"):
        next(iter(streams.tokens(n="x")))


def test_it_is_tried_again_before_the_first_byte(connect: Connect) -> None:
    body = Body(b'data: {"n":1}\n\n')
    assert len(list(tokens(connect, answer(503), streamed(body)))) == 1


def test_a_stream_that_breaks_off_says_how_far_it_came(connect: Connect) -> None:
    body = Body(b'data: {"n":1}\n\n', httpx.ReadError("reset by peer"))
    events = tokens(connect, streamed(body))
    next(events)
    with pytest.raises(ApiConnectionError, match="after 1 item: it broke off: reset by peer"):
        next(events)
    assert body.is_closed


def test_the_deadline_holds_for_the_whole_stream(connect: Connect, clock: Clock) -> None:
    body = Body(b'{"n":1}\n', lambda: clock.sleep(9), b'{"n":2}\n', b'{"n":3}\n')
    records = tokens(connect, streamed(body, LINES), deadline=5)
    assert [next(records).n, next(records).n] == [1, 2]
    with pytest.raises(ApiTimeoutError, match="after 2 items: the deadline passed"):
        next(records)
    assert body.is_closed


def test_an_endless_line_is_refused(connect: Connect) -> None:
    chunk = b"x" * 2**20
    with pytest.raises(UnexpectedResponseError, match="longer than 16,777,216 bytes"):
        list(tokens(connect, streamed(Body(*[chunk] * 20), LINES)))


def test_a_stream_that_is_left_is_closed(clock: Clock) -> None:
    body = Body(b'data: {"n":1}\n\n', RuntimeError("read on"))
    stream = client(Connect(clock), streamed(body)).streams.with_streaming_response.tokens()
    with stream as opened:
        assert (opened.status_code, opened.headers["content-type"]) == (200, EVENTS)
        assert next(opened).data.n == 1
        before = body.is_closed
    assert (before, body.is_closed, list(stream)) == (False, True, [])


def test_an_awaited_stream_that_is_left_is_closed() -> None:
    async def main() -> None:
        body = Body(b'data: {"n":1}\n\n', RuntimeError("read on"))
        transport = AwaitingTransport(httpx.AsyncClient(transport=httpx.MockTransport(streamed(body))))
        streams = AsyncClient(DOCUMENT, transport=transport).operations.with_streaming_response
        async with streams["tokens"]() as stream:
            assert stream.status_code == 200
            assert (await anext(stream)).data.n == 1
        assert body.is_closed

    asyncio.run(main())


def test_a_closed_stream_is_not_opened(clock: Clock) -> None:
    stream = client(Connect(clock), streamed(Body())).streams.with_streaming_response.tokens()
    stream.close()
    with pytest.raises(RuntimeError, match="closed, or failed, before it was opened"), stream:
        pass


def test_an_awaited_closed_stream_is_not_opened() -> None:
    async def main() -> None:
        transport = AwaitingTransport(httpx.AsyncClient(transport=httpx.MockTransport(streamed(Body()))))
        stream = AsyncClient(DOCUMENT, transport=transport).streams.with_streaming_response.tokens()
        await stream.close()
        with pytest.raises(RuntimeError, match="closed, or failed, before it was opened"):
            await anext(stream)

    asyncio.run(main())


def test_before_it_is_opened_a_stream_has_no_status(clock: Clock) -> None:
    service = Service(streamed(Body()))
    connect = Connect(clock)
    stream = client(connect, service).streams.with_streaming_response.tokens()
    with pytest.raises(RuntimeError, match="open it by `with`"):
        _ = stream.status_code
    assert service.requests == []
    assert repr(stream) == "<StreamingResponse, not opened>"


def test_only_operations_can_be_streamed(clock: Clock) -> None:
    streamed_client = client(Connect(clock), streamed(Body())).with_streaming_response
    assert list(streamed_client.streams.tokens()) == []
    with pytest.raises(AttributeError, match="'verify_webhook' cannot be streamed"):
        _ = streamed_client.verify_webhook


BY_TYPE = {
    "events": ("/tokens", EVENTS, b'data: {"n":1}\n\ndata: [DONE]\n\n', [1]),
    "lines": ("/tokens", LINES, b'{"n":1}\n{"n":2}\n', [1, 2]),
    "unknown-events": ("/else", EVENTS, b"data: a\n\ndata: b\n\n", ["a", "b"]),
    "unknown-lines": ("/else", LINES, b'{"n":1}\n', [{"n": 1}]),
    "unknown-bytes": ("/else", OCTETS, b"\x00", [b"\x00"]),
}


@pytest.mark.parametrize(("path", "content_type", "body", "expected"), BY_TYPE.values(), ids=BY_TYPE)
def test_a_request_by_method_and_path_is_streamed_by_the_type_that_comes(
    connect: Connect, path: str, content_type: str, body: bytes, expected: list[object]
) -> None:
    calls = client(connect, streamed(Body(body), content_type)).with_streaming_response
    items = [getattr(item, "data", item) for item in calls.request("GET", path)]
    assert [getattr(item, "n", item) for item in items] == expected


def test_a_streamed_request_is_checked_like_another() -> None:
    calls = Client(DOCUMENT).with_streaming_response
    with (
        pytest.raises(RequestValidationError, match=r"query\.n: expected an integer"),
        calls.request("GET", "/tokens?n=x"),
    ):
        pass


def test_the_deadline_holds_for_the_body_of_an_error_too(connect: Connect, clock: Clock) -> None:
    body = Body(b"no", lambda: clock.sleep(9), b"t ", b"read")
    with pytest.raises(ApiStatusError, match="answered 400") as caught:
        next(tokens(connect, lambda _: httpx.Response(400, stream=body), deadline=5))
    assert (caught.value.body, body.is_closed) == ("not ", True)
