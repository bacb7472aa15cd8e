"""Request bodies: in which media type they go, and how those go that are read while they are sent."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from syncdyn import ApiConnectionError, ApiStatusError, AsyncClient, Client, ConfigurationError, RequestValidationError
from syncdyn.openapi.messages import Json
from syncdyn.transport import AwaitingTransport
from tests.syncdyn.fakes import Clock, Connect, Service, answer, failure, form_of

NOTE = {"type": "object", "properties": {"text": {"type": "string"}, "cover": {"type": "string"}}}
FORM, MULTIPART, OCTETS = "application/x-www-form-urlencoded", "multipart/form-data", "application/octet-stream"
UPLOAD = {
    "type": "object",
    "properties": {"text": {"type": "string"}, "cover": {"type": "string", "format": "binary"}, "mask": NOTE},
}
TYPES: dict[str, dict[str, Json]] = {
    "all": {
        "application/xml": {"schema": NOTE},
        MULTIPART: {"schema": UPLOAD},
        FORM: {"schema": NOTE},
        "application/vnd.note+JSON; version=1": {"schema": NOTE},
        "text/plain": {"schema": {"type": "string"}},
        "image/*": {},
        OCTETS: {},
    },
    "no-json": {"text/csv": {}, FORM: {"schema": NOTE}},
    "json-text": {"application/json": {"schema": {"type": "string"}}, "text/plain": {}},
    "xml": {"application/xml": {"schema": NOTE}},
    "csv-or-xml": {"text/csv": {}, "application/xml": {"schema": NOTE}},
    "octets": {OCTETS: {"schema": {"type": "string", "format": "binary"}}},
    "lines": {"application/jsonl": {"schema": NOTE}},
    "headed": {
        MULTIPART: {
            "schema": UPLOAD,
            "encoding": {
                "cover": {"contentType": "image/png, image/jpeg", "headers": {"X-Licence": {"required": True}}}
            },
        }
    },
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Bodies", "version": "1"},
    "servers": [{"url": "https://api.example.com"}],
    "paths": {
        f"/{name}": {
            "post": {
                "operationId": name,
                "tags": ["bodies"],
                "requestBody": {"content": content},
                "responses": {"204": {"description": ""}},
            }
        }
        for name, content in TYPES.items()
    },
}


@pytest.fixture
def service() -> Service:
    return Service(answer(204))


@pytest.fixture
def operations(service: Service, clock: Clock) -> Any:
    connect = Connect(clock)
    return Client(DOCUMENT, transport=connect.transport(connect.http(service)), random=float).operations


CHOICES: dict[str, tuple[str, dict[str, Any], str | None]] = {
    "members": ("all", {"text": "a"}, "application/vnd.note+JSON; version=1"),
    "object": ("all", {"body": {"text": "a"}}, "application/vnd.note+JSON; version=1"),
    "file": ("all", {"cover": b"1"}, MULTIPART),
    "open-file": ("all", {"cover": io.BytesIO(b"1")}, MULTIPART),
    "named-file": ("all", {"cover": ("a.png", b"1")}, MULTIPART),
    "object-with-file": ("all", {"body": {"cover": b"1"}}, MULTIPART),
    "name-of-another-type": ("all", {"mask": {"text": "a"}}, MULTIPART),
    "text": ("all", {"body": "a"}, "text/plain"),
    "bytes": ("all", {"body": b"1"}, OCTETS),
    "iterator": ("all", {"body": iter([b"1"])}, OCTETS),
    "image": ("all", {"body": ("a.png", b"1")}, "image/png"),
    "nothing": ("all", {}, None),
    "no-json": ("no-json", {"text": "a"}, FORM),
    "no-json-text": ("no-json", {"body": "a,b"}, "text/csv"),
    "json-may-be-text": ("json-text", {"body": "a"}, "application/json"),
    "xml-for-an-object": ("csv-or-xml", {"text": "a"}, "application/xml"),
    "xml-as-text": ("xml", {"body": "<note/>"}, "application/xml"),
    "xml-as-bytes": ("xml", {"body": b"<note/>"}, "application/xml"),
}


@pytest.mark.parametrize(("name", "arguments", "chosen"), CHOICES.values(), ids=CHOICES.keys())
def test_the_data_chooses_the_media_type(
    operations: Any, service: Service, name: str, arguments: dict[str, Any], chosen: str | None
) -> None:
    operations[name](**arguments)
    sent = service.last.headers.get("content-type")
    assert (sent and sent.partition("; boundary")[0]) == chosen


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        (FORM, b"text=a"),
        ("application/vnd.note+json", b'{"text":"a"}'),
        ("Application/X-WWW-Form-URLencoded", b"text=a"),
    ],
)
def test_a_media_type_that_is_said_counts(operations: Any, service: Service, said: str, sent: bytes) -> None:
    operations["all"](text="a", request_options={"content_type": said})
    assert service.last.content == sent


def test_of_a_range_the_type_that_is_said_is_sent(operations: Any, service: Service) -> None:
    operations["all"](body=b"1", request_options={"content_type": "image/webp"})
    assert service.last.headers["content-type"] == "image/webp"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("application/cbor", "is not one of application/xml"),
        ("text/plane", "did you mean 'text/plain'"),
        (7, "expected"),
    ],
)
def test_a_media_type_that_the_operation_has_not_is_refused(operations: Any, said: Any, told: str) -> None:
    with pytest.raises(RequestValidationError, match=told):
        operations["no-json" if said == 7 else "all"](text="a", request_options={"content_type": said})


def test_an_object_is_written_as_xml(operations: Any, service: Service) -> None:
    operations["xml"](text="a < b")
    assert service.last.content.endswith(b"<root><text>a &lt; b</text></root>")


def test_an_object_for_xml_is_checked(operations: Any) -> None:
    with pytest.raises(RequestValidationError, match=r"body\.text: expected a string"):
        operations["xml"](text=1)


def test_what_xml_cannot_carry_is_told(operations: Any) -> None:
    with pytest.raises(RequestValidationError, match=r"U\+0000, which XML cannot carry"):
        operations["xml"](text="\0")


def test_records_may_come_from_an_iterator(operations: Any, service: Service) -> None:
    operations["lines"](body=({"text": text} for text in "ab"))
    assert service.last.content == b'{"text":"a"}\n{"text":"b"}\n'


def test_each_record_is_checked(operations: Any) -> None:
    with pytest.raises(RequestValidationError, match=r"body\[1\]\.text: expected a string"):
        operations["lines"](body=[{"text": "a"}, {"text": 1}])


def test_a_part_must_have_the_header_fields_that_it_needs(operations: Any, service: Service) -> None:
    with pytest.raises(RequestValidationError, match=r"body\.cover: its part lacks the header field X-Licence"):
        operations["headed"](cover=("a.png", b"1"))
    operations["headed"](cover=("a.png", b"1", None, {"X-Licence": "CC0"}))
    assert b"X-Licence: CC0\r\n" in service.last.content
    assert b"Content-Type: image/png\r\n" in service.last.content


def test_a_file_may_stand_for_any_part(operations: Any, service: Service) -> None:
    operations["all"](text=b"12", request_options={"content_type": MULTIPART})
    assert form_of(service.last) == {"text": b"12"}


def posted(connect: Connect, service: Service, body: Any, **options: Any) -> None:
    transport = connect.transport(connect.http(service))
    kind = AsyncClient if connect.is_async else Client
    connect._as_blocking(kind(DOCUMENT, transport=transport, random=float, **options)).bodies.octets(body=body)


class Sparse(io.RawIOBase):
    """A file of a gibibyte that is never in memory; how much of it was read at once is noted."""

    def __init__(self) -> None:
        self.place, self.largest = 0, 0

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.place = offset if whence == io.SEEK_SET else 2**20 + offset
        return self.place

    def read(self, size: int = -1) -> bytes:
        wanted = 2**20 - self.place if size < 0 else min(size, 2**20 - self.place)
        self.place += wanted
        self.largest = max(self.largest, wanted)
        return bytes(wanted)


def test_a_file_is_read_while_it_is_sent_and_again_for_another_try(connect: Connect) -> None:
    file, service = Sparse(), Service(answer(429), answer(204))
    posted(connect, service, file)
    assert [len(request.content) for request in service.requests] == [2**20, 2**20]
    assert service.last.headers["content-length"] == str(2**20)
    assert file.largest < 2**18


def test_a_path_is_sent_as_what_is_there(connect: Connect, service: Service, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"12345")
    posted(connect, service, path)
    assert (service.last.content, service.last.headers["content-length"]) == (b"12345", "5")


def test_a_path_to_nothing_is_a_fault_of_the_arguments(connect: Connect, service: Service, tmp_path: Path) -> None:
    with pytest.raises(RequestValidationError, match="nowhere: No such file"):
        posted(connect, service, tmp_path / "nowhere")


def numbered() -> Iterator[bytes]:
    yield b"1"
    yield b"2"


def test_an_iterator_is_sent_in_chunks(connect: Connect, service: Service) -> None:
    posted(connect, service, numbered())
    assert (service.last.content, service.last.headers["transfer-encoding"]) == (b"12", "chunked")


def test_what_can_be_sent_once_is_not_tried_again(connect: Connect) -> None:
    service = Service(failure(httpx.ConnectError, "refused"), answer(204))
    with pytest.raises(ApiConnectionError, match="comes piece by piece and cannot be sent again"):
        posted(connect, service, numbered())
    service = Service(answer(429), answer(204))
    with pytest.raises(ApiStatusError, match="not tried again: the body comes piece by piece"):
        posted(connect, service, numbered())
    assert len(service.requests) == 1
    with pytest.raises(ApiStatusError) as raised:
        posted(connect, Service(answer(422)), numbered())
    assert "again" not in str(raised.value)


def test_what_can_be_sent_once_follows_no_redirect(connect: Connect) -> None:
    with pytest.raises(ApiStatusError, match="which was not followed"):
        posted(connect, Service(answer(307, headers={"location": "/there"}), answer(204)), numbered())


async def awaited() -> AsyncIterator[bytes]:
    yield b"1"
    yield b"2"


def test_an_awaited_iterator_is_sent_by_an_awaiting_client(service: Service) -> None:
    async def read(request: httpx.Request) -> httpx.Response:
        await request.aread()
        return service(request)

    transport = AwaitingTransport(httpx.AsyncClient(transport=httpx.MockTransport(read)))
    asyncio.run(AsyncClient(DOCUMENT, transport=transport).operations["octets"](body=awaited()))
    assert service.last.content == b"12"


def test_an_awaited_iterator_needs_an_awaiting_client(operations: Any) -> None:
    with pytest.raises(ConfigurationError, match="needs an AsyncClient"):
        operations["octets"](body=awaited())
