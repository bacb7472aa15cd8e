"""One request to a mock of a small document that is written where it is asked."""

from __future__ import annotations

import json
from typing import Any

from mockserver.app import Mock
from mockserver.settings import Settings
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.messages import Headers, Request, Response

PET = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
}
REX, TOM = {"id": 1, "name": "Rex"}, {"id": 2, "name": "Tom"}
#: As few words as an operation can have.
FINE = {"responses": {"200": {"description": "fine"}}}


def document(paths: dict[str, Any], **root: Any) -> dict[str, Any]:
    """A document with these paths."""
    return {"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "paths": paths, **root}


def one(**operations: Any) -> dict[str, Any]:
    """A document with one path, `/pets`, and operations by method."""
    return document({"/pets": operations})


def content(schema: Any = None, *, name: str = "application/json", **more: Any) -> dict[str, Any]:
    """A body, or a response with one."""
    return {"description": "d", "content": {name: {**({} if schema is None else {"schema": schema}), **more}}}


def answers(**responses: Any) -> dict[str, Any]:
    """An operation with responses, `s200=...` for 200."""
    return {"responses": {name.removeprefix("s"): stated for name, stated in responses.items()}}


def ask(
    root: dict[str, Any],
    method: str = "GET",
    target: str = "/pets",
    headers: dict[str, str] | None = None,
    body: Any = None,
    **settings: Any,
) -> Response:
    """The answer to a request; a body that is no bytes is sent as JSON."""
    fields = dict(headers or {})
    if body is not None and not isinstance(body, bytes):
        fields = {"content-type": "application/json", **fields}
        body = json.dumps(body).encode()
    mock = Mock(Contract(Document(root)), Settings(stateless=True, **settings))
    request = Request(method, f"http://mock.test{target}", Headers(fields), body or b"")
    return mock.answer(mock.initial_state(0.0), 0.0, request).response


def read(response: Response) -> Any:
    return json.loads(response.body)
