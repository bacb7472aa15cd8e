"""A small shop whose orders are remembered, for rules of faults to strike."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

import pytest

from mockserver.app import Answer, Mock
from mockserver.faults.keeping import added
from mockserver.faults.reading import known_of
from mockserver.settings import Settings
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.loading import load_shared
from syncdyn.openapi.messages import Headers, Json, Request

ORDER = {
    "type": "object",
    "required": ["id", "state"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string"},
        "state": {"type": "string", "enum": ["new", "packed", "sent"]},
        "amount": {"type": "integer"},
    },
}
BUSY = {
    "description": "Busy.",
    "content": {"application/json": {"schema": {"type": "object"}, "example": {"reason": "too many orders"}}},
}
DOCUMENT: Mapping[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "x-mock-collections": {
        "orders": {
            "members": {"id": "id", "state": "'new'", "amount": "body.amount"},
            "default-outcome": "SENT",
            "outcomes": {
                "SENT": [{"after": 0.5, "set": {"state": "'packed'"}}, {"after": 1, "set": {"state": "'sent'"}}]
            },
        }
    },
    "paths": {
        "/orders": {
            "post": {
                "operationId": "createOrder",
                "x-mock": {"create": "orders", "status": 201},
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {"type": "object", "properties": {"amount": {"type": "integer"}}}
                        }
                    },
                },
                "responses": {
                    "201": {"description": "Made.", "content": {"application/json": {"schema": ORDER}}},
                    "503": BUSY,
                },
            },
            "get": {
                "operationId": "listOrders",
                "parameters": [{"name": "state", "in": "query", "schema": {"type": "string"}}],
                "responses": {
                    "200": {
                        "description": "All.",
                        "content": {"application/json": {"schema": {"type": "array", "items": ORDER}}},
                    }
                },
            },
        },
        "/orders/{id}": {
            "get": {
                "operationId": "readOrder",
                "x-mock": {"read": "orders", "by": "id"},
                "responses": {"200": {"description": "One.", "content": {"application/json": {"schema": ORDER}}}},
            }
        },
    },
}


class Shop:
    """The shop's mock with its state, and rules that were added."""

    def __init__(self, contract: Contract, **settings: Any) -> None:
        self.contract = contract
        self.core = Mock(contract, Settings(**settings))
        self.now = 1_717_200_000.0
        self.state = self.core.initial_state(self.now)

    def add(self, **words: Json) -> str:
        self.state, (rule,) = added(self.state, [words], known_of(self.contract))
        return rule.id

    def call(self, method: str, target: str, body: Json = None, **headers: str) -> Answer:
        content = b"" if body is None else json.dumps(body).encode()
        pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
        pairs += [("content-type", "application/json")] if body is not None else []
        request = Request(method, f"http://mock.test{target}", Headers(pairs), content)
        answer = self.core.answer(self.state, self.now, request)
        self.state = answer.state
        return answer

    def order(self, body: Json = None) -> Answer:
        return self.call("POST", "/orders", body or {"amount": 1})

    def statuses(self, number: int) -> list[int]:
        return [self.order().response.status for _ in range(number)]


@pytest.fixture(scope="session")
def shop_contract() -> Contract:
    return Contract(load_shared(DOCUMENT))


@pytest.fixture
def shop(shop_contract: Contract) -> Shop:
    return Shop(shop_contract)


@pytest.fixture
def open_shop(shop_contract: Contract) -> Callable[..., Shop]:
    return lambda **settings: Shop(shop_contract, **settings)


@pytest.fixture
def ids() -> Iterator[str]:
    return (f"fault-{number}" for number in count(1))
