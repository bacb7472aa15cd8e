"""Every collection that is inferred from a real document: what is created is found, listed, and gone when deleted.

Of the biggest documents a part drawn by seed is looked at; the slow cases look at all of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest

from mockserver.app import Mock
from mockserver.behaviour.inference import Inference
from mockserver.behaviour.kinds import Kind
from mockserver.behaviour.paths import form_of_path
from mockserver.settings import Settings
from mockserver.state import State
from syncdyn.examples import example_arguments
from syncdyn.openapi.contract import Contract, contract_of
from syncdyn.openapi.loading import load
from syncdyn.openapi.messages import Headers, Request, Response
from syncdyn.openapi.sampling import Unsampled
from syncdyn.request import Plan
from tests.travelling import unsecured, written

_SEED = 4
_DOCUMENTS = ("petstore.yaml", "openai.yaml", "stripe.json", "github.json")
#: So many collections of a document are looked at, unless all are asked for.
_MOST, _MOST_CALLS = 12, 150


@dataclass
class Visitor:
    """Someone who calls operations of one mock, one after the other."""

    mock: Mock
    state: State
    now: float = 1_000_000_000.0

    def ask(self, request: Request) -> Response:
        self.now += 1
        answer = self.mock.answer(self.state, self.now, request)
        self.state = answer.state
        return answer.response

    def at(self, method: str, path: str) -> Response:
        return self.ask(Request(method, f"http://127.0.0.1:9{path}", Headers({"accept": "application/json"})))


@dataclass(frozen=True)
class Creatable:
    """A collection in which something can be made and read, by forms of paths."""

    kind: Kind
    create: str
    read: str
    delete: str | None


def creatable(contract: Contract) -> Iterator[Creatable]:
    inference = Inference(contract, {})
    for key, head in contract.operations.heads.items():
        if head.method != "POST" or "{" in head.path.rpartition("/")[2]:
            continue
        stated = inference.behaviour(contract.operations[key]) or {}
        kind = inference.kinds.at(form_of_path(head.path)) if "create" in stated else None
        if kind is None or kind.form != form_of_path(head.path):
            continue
        item = inference.paths.at(f"{kind.form}/{{}}")
        if "GET" in item:
            yield Creatable(kind, key, item["GET"], item.get("DELETE"))


@pytest.fixture(scope="module", params=_DOCUMENTS)
def contract(request: pytest.FixtureRequest, corpus: Callable[[str], Path]) -> Contract:
    return contract_of(unsecured(load(corpus(request.param))))


@pytest.fixture(params=["some", pytest.param("all", marks=pytest.mark.slow)])
def chosen(contract: Contract, request: pytest.FixtureRequest) -> list[Creatable]:
    found = list(creatable(contract))
    assert found
    return found if request.param == "all" else Random(_SEED).sample(found, min(_MOST, len(found)))


def request_of(contract: Contract, key: str, seed: int) -> Request | None:
    """A request that creates; None where nothing that its schema asks for can be made up."""
    operation = contract.operations[key]
    plans = [Plan(contract, operation, one.name) for one in operation.media_types] or [Plan(contract, operation)]
    try:
        return written(plans[0], example_arguments(plans[0], seed))
    except Unsampled:
        return None


def test_what_is_created_is_found_and_valid_and_gone_when_deleted(contract: Contract, chosen: list[Creatable]) -> None:
    mock = Mock(contract, Settings(strict_responses=True))
    visitor = Visitor(mock, mock.initial_state(0.0))
    looked_at = 0
    for each in chosen:
        asked = request_of(contract, each.create, seed=looked_at % 3)
        if asked is None:
            continue
        looked_at += 1
        made = visitor.ask(asked)
        assert 200 <= made.status < 300, (each.create, made.body)
        if made.content_type == "text/event-stream":
            continue  # What is streamed is not kept.
        found = (one for table in visitor.state.collections.values() for one in table.values())
        resource = max(found, key=attrgetter("number"))
        path = f"{urlsplit(asked.url).path}/{resource.id}"
        shown = visitor.at("GET", path)
        assert 200 <= shown.status < 300, (each.read, shown.body)
        if each.kind.id in resource.value:
            assert str(resource.value[each.kind.id or ""]) == resource.id, each.create
        if each.kind.shown is not None and each.kind.shown.status == shown.status:
            assert each.kind.shown.find(json.loads(shown.body)) == resource.value, each.read
        if each.kind.listed is not None and each.kind.shown is not None:
            listed = visitor.at("GET", urlsplit(asked.url).path)
            # Some lists want to be asked more than this.
            assert listed.status != 200 or each.kind.listed.find(json.loads(listed.body)), each.kind.name
            assert listed.status in (200, 422, 400), (each.kind.name, listed.body)
        if each.delete is not None:
            gone = visitor.at("DELETE", path)
            assert 200 <= gone.status < 300, (each.delete, gone.body)
            assert visitor.at("GET", path).status in (404, 400), each.read
            assert visitor.at("DELETE", path).status in (404, 400), each.delete
    assert looked_at


def test_whatever_is_asked_in_whatever_order_is_answered_as_documented(
    contract: Contract,
) -> None:
    """Every operation, in a drawn order, on one state that goes along: no answer breaks the document."""
    mock = Mock(contract, Settings())
    visitor = Visitor(mock, mock.initial_state(0.0))
    keys = Random(_SEED).sample(list(contract.operations), min(_MOST_CALLS, len(contract.operations)))
    for key in keys:
        asked = request_of(contract, key, seed=1)
        response = visitor.ask(asked) if asked is not None else None
        assert response is None or response.status < 500, (key, response.body)
