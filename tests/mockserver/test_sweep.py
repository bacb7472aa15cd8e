"""Every operation of the bundled document: each documented example is taken, each answer keeps its promise."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.app import Mock
from syncdyn.openapi import checking
from syncdyn.openapi.bundled import load_bundled
from syncdyn.openapi.coding.files import is_binary
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import Headers, Request, Response
from tests.mockserver.conftest import BOUNDARY, START, multipart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syncdyn.openapi.operations import MediaType, Operation

CONTRACT = Contract(load_bundled(with_mock=True, cache_folder=None))


def operations() -> Iterator[Any]:
    for key in CONTRACT.operations:
        yield pytest.param(CONTRACT.operations[key], id=key)


def requests() -> Iterator[Any]:
    for key, operation in CONTRACT.operations.items():
        if operation.request_body is None:
            yield pytest.param(operation, None, None, id=key)
            continue
        for media_type in operation.request_body.content:
            for name in media_type.examples:
                yield pytest.param(operation, media_type, name, id=f"{key} {name}")


def form(media_type: MediaType, value: dict[str, Any]) -> bytes:
    fields = CONTRACT.shapes.at(media_type.schema or "").all_fields
    parts = []
    for name, entry in value.items():
        text = entry if isinstance(entry, str) else json.dumps(entry)
        is_lines = name == "input" and text.startswith("(bytes")
        content = LINE if is_lines else text
        parts.append((name, content.encode(), "file.bin" if is_binary(fields[name].shape) else None))
    return multipart(parts)


PAYLOAD = {
    "model": "lipsync-2",
    "input": [{"type": "video", "url": "https://a.test/v"}, {"type": "audio", "url": "https://a.test/a"}],
}
LINE = json.dumps({"request_id": "r", "endpoint": "/v2/generate", "payload": PAYLOAD})


def send(mock: Mock, method: str, path: str, body: bytes = b"", content_type: str | None = None) -> Response:
    state = mock.initial_state(START)
    created = mock.answer(
        state, START, request("POST", "/v2/generate", json.dumps(PAYLOAD).encode(), "application/json")
    )
    batch = mock.answer(
        created.state, START, request("POST", "/v2/batch", multipart([("input", LINE.encode(), "f")]), FORM)
    )
    ids = {"/v2/generate/{id}": created, "/v2/batch/{id}": batch}
    if path in ids:
        path = path.replace("{id}", json.loads(ids[path].response.body)["id"])
    path = path.replace("{id}", "0b6e7c1a-1111-4222-8333-444455556666")
    return mock.answer(batch.state, START + 5, request(method, path, body, content_type)).response


FORM = f"multipart/form-data; boundary={BOUNDARY}"


def request(method: str, path: str, body: bytes = b"", content_type: str | None = None) -> Request:
    pairs = [("x-api-key", "key"), *([("content-type", content_type)] if content_type else [])]
    return Request(method, f"http://mock.test{path}", Headers(pairs), body)


@pytest.mark.parametrize(("operation", "media_type", "name"), [*requests()])
def test_a_documented_request_is_answered_as_promised(
    operation: Operation, media_type: MediaType | None, name: str | None
) -> None:
    body, content_type = b"", None
    if media_type is not None and name is not None:
        value = media_type.examples[name]
        is_form = media_type.name.startswith("multipart/")
        body = form(media_type, value) if is_form else json.dumps(value).encode()
        content_type = FORM if is_form else media_type.name
    response = send(Mock(CONTRACT), operation.method, operation.path, body, content_type)
    assert response.status in (200, 201), response.body
    assert checking.read_response(CONTRACT, operation, response).violations == ()


@pytest.mark.parametrize("operation", [*operations()])
def test_an_unknown_key_is_answered_as_promised(operation: Operation) -> None:
    path = operation.path.replace("{id}", "x")
    mock = Mock(CONTRACT)
    response = mock.answer(
        mock.initial_state(START), START, Request(operation.method, f"http://mock.test{path}")
    ).response
    assert response.status == 401
    assert checking.read_response(CONTRACT, operation, response).violations == ()


@pytest.mark.parametrize("operation", [*operations()])
def test_every_documented_status_can_be_had(operation: Operation) -> None:
    mock = Mock(CONTRACT)
    body, content_type = b"", None
    if operation.request_body is not None:
        media_type = operation.request_body.content[0]
        is_form = media_type.name.startswith("multipart/")
        example = next(iter(media_type.examples.values()))
        body = form(media_type, example) if is_form else json.dumps(example).encode()
        content_type = FORM if is_form else media_type.name
    for status in operation.responses:
        path = f"{operation.path.replace('{id}', 'x')}?__code={status}"
        response = mock.answer(
            mock.initial_state(START), START, request(operation.method, path, body, content_type)
        ).response
        assert response.status == int(status)
        assert checking.read_response(CONTRACT, operation, response).violations == ()


@pytest.mark.parametrize("operation", [one for one in operations() if one.values[0].request_body is None])
def test_each_parameter_is_checked(operation: Operation) -> None:
    mock = Mock(CONTRACT)
    state = mock.initial_state(START)
    checked = [one for one in operation.parameters if one.location == "query" and bounds(one.schema)]
    for parameter in checked:
        path = f"{operation.path.replace('{id}', 'x')}?{parameter.name}=%21"
        response = mock.answer(state, START, request(operation.method, path)).response
        assert response.status == 400, parameter.name
        assert checking.read_response(CONTRACT, operation, response).violations == ()


def bounds(pointer: str | None) -> bool:
    """Whether a schema refuses a text such as `!`."""
    schema = CONTRACT.shapes.at(pointer or "").schema
    items = CONTRACT.shapes.at(pointer or "").items
    return "enum" in schema or schema.get("type") == "integer" or (items is not None and "enum" in items.schema)
