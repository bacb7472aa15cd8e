"""Every operation of the control API, blocking and awaited, by a client made from its description."""

from __future__ import annotations

import inspect
import json
from typing import Any

import httpx
import pytest

from mockserver import Mock
from mockserver.control.documents import control_contract
from syncdyn import AsyncClient, Client, NotFoundError
from tests.mockserver.control.pets import PETS

HOOK = {"petMade": {"post": {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}}}
REX = {"id": 5, "name": "Rex"}
#: One call of each operation, in this order: the body, if it takes one, and what is told of it.
CALLS: list[tuple[str, str, Any]] = [
    ("GET", "/", None),
    ("GET", "/health", None),
    ("GET", "/openapi.json", None),
    ("GET", "/openapi.yaml", None),
    ("GET", "/control.openapi.json", None),
    ("PUT", "/state/pets/5", REX),
    ("GET", "/state", None),
    ("POST", "/state", {"collections": {"/pets": {"5": REX}}}),
    ("GET", "/state/pets", None),
    ("GET", "/state/pets/5", None),
    ("DELETE", "/state/pets/5", None),
    ("GET", "/snapshot", None),
    ("PUT", "/snapshot", {"document": "Pets", "state": {}, "content": ""}),
    ("GET", "/requests", None),
    ("GET", "/requests/1", None),
    ("GET", "/requests.har", None),
    ("DELETE", "/requests", None),
    ("GET", "/clock", None),
    ("POST", "/clock", {"advance": 60}),
    ("POST", "/faults", {"id": "first", "operation": "getPet", "status": 503}),
    ("GET", "/faults", None),
    ("DELETE", "/faults/first", None),
    ("DELETE", "/faults", None),
    ("POST", "/webhooks", {"url": "http://127.0.0.1:9/hook"}),
    ("GET", "/webhooks", None),
    ("POST", "/webhooks/petMade/trigger", {}),
    ("GET", "/webhooks/deliveries/{delivery}", None),
    ("POST", "/webhooks/deliveries/{delivery}/resend", {}),
    ("DELETE", "/webhooks/subscribers/{subscriber}", None),
    ("POST", "/reset", None),
]


class Asking:
    """A mock, and a client of its control API."""

    def __init__(self, is_async: bool) -> None:
        self.mock = Mock({**PETS, "webhooks": HOOK}, clock="2030-01-01T00:00:00Z", speed=0)
        document = json.loads(self.mock.handle("GET", "/_mock/control.openapi.json").body)
        options: dict[str, Any] = {"base_url": "http://mock/_mock", "validate": "strict", "max_retries": 0}
        self.client: Any
        if is_async:
            transport = httpx.AsyncClient(transport=self.mock.async_transport())
            self.client = AsyncClient(document, httpx_client=transport, **options)
        else:
            self.client = Client(document, httpx_client=httpx.Client(transport=self.mock.transport()), **options)

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        result = self.client.request(method, path, **({} if body is None else {"json": body}))
        return await result if inspect.isawaitable(result) else result


@pytest.fixture(params=["blocking", "awaited"])
def asking(request: pytest.FixtureRequest) -> Asking:
    return Asking(is_async=request.param == "awaited")


@pytest.mark.anyio
async def test_every_operation_answers_as_described(asking: Asking) -> None:
    asking.mock.handle("POST", "/pets?sig=a", json={"name": "Rex"})
    ids = {"delivery": "", "subscriber": ""}
    for method, path, body in CALLS:
        if (method, path) == ("PUT", "/snapshot"):
            body = json.loads(asking.mock.handle("GET", "/_mock/snapshot").body)
        told = await asking.ask(method, path.format_map(ids), body)
        if path == "/webhooks/petMade/trigger":
            ids["delivery"] = told.deliveries[0].id
        elif (method, path) == ("POST", "/webhooks"):
            ids["subscriber"] = told.id


def test_the_sweep_leaves_no_operation_out() -> None:
    called = {(method, path.count("/")) for method, path, _ in CALLS}
    operations = control_contract().operations.values()
    assert {(each.method, each.path.count("/")) for each in operations} == called
    assert len(CALLS) == len(operations)


@pytest.mark.anyio
async def test_a_refusal_is_a_problem_as_described(asking: Asking) -> None:
    with pytest.raises(NotFoundError) as caught:
        await asking.ask("GET", "/state/dogs/1")
    assert caught.value.status_code == 404
    assert "no collection 'dogs'" in str(caught.value)
