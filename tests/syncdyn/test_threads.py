"""One client for many threads or tasks: right answers, and everything built once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from mockserver import Mock
from syncdyn import AsyncClient, AsyncSync, Client, ClientCredentials, Sync, common
from syncdyn.openapi.bundled import load_bundled
from syncdyn.openapi.contract import contract_of
from syncdyn.openapi.loading import load_shared
from tests.syncdyn.fakes import GENERATION, KEY

_THREADS, _CALLS, _TASKS = 32, 20, 500


def echo(request: httpx.Request) -> httpx.Response:
    """A generation whose id is the one that was asked for."""
    return httpx.Response(200, json={**GENERATION, "id": request.url.path.rpartition("/")[2]})


def test_threads_share_a_client() -> None:
    barrier = Barrier(_THREADS)

    def work(client: Sync, number: int) -> list[Any]:
        barrier.wait()
        return [client.generations.get(f"{number}-{call}") for call in range(_CALLS)]

    with httpx.Client(transport=httpx.MockTransport(echo)) as http, ThreadPoolExecutor(_THREADS) as pool:
        client = Sync(api_key=KEY, httpx_client=http)
        found = list(pool.map(lambda number: work(client, number), range(_THREADS)))
    ids = [[result.id for result in results] for results in found]
    assert ids == [[f"{number}-{call}" for call in range(_CALLS)] for number in range(_THREADS)]
    assert {type(result) for results in found for result in results} == {common.Generation}


def test_tasks_share_a_client() -> None:
    async def work() -> list[Any]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(echo)) as http:
            client = AsyncSync(api_key=KEY, httpx_client=http)
            return await asyncio.gather(*(client.generations.get(str(number)) for number in range(_TASKS)))

    assert [result.id for result in asyncio.run(work())] == [str(number) for number in range(_TASKS)]


def test_clients_made_at_once_share_document_and_contract() -> None:
    barrier = Barrier(_THREADS)

    def make(_: int) -> Sync:
        barrier.wait()
        return Sync(api_key=KEY)

    with ThreadPoolExecutor(_THREADS) as pool:
        clients = list(pool.map(make, range(_THREADS)))
    assert {id(client._settings.contract) for client in clients} == {id(contract_of(load_bundled()))}


def test_a_class_is_made_once_however_many_ask() -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://t.example.com"}],
        "paths": {},
        "components": {"schemas": {"Thing": {"type": "object", "properties": {"x": {"type": "string"}}}}},
    }
    types, barrier = Client(document)._settings.types, Barrier(_THREADS)

    def ask(_: int) -> Any:
        barrier.wait()
        return types.named("Thing")

    with ThreadPoolExecutor(_THREADS) as pool:
        assert len(set(pool.map(ask, range(_THREADS)))) == 1


# ---- a big document that is opened by pieces, from cold --------------------------------------------------------


@pytest.fixture
def fresh(corpus: Callable[[str], Path], tmp_path: Path) -> Path:
    """A real document that nobody in this process has opened yet: it differs from all others by a line end."""
    path = tmp_path / "github.json"
    path.write_bytes(corpus("github.json").read_bytes() + b"\n" * next(_TIMES))
    return path


_TIMES = count(1)
#: Operations that take nothing but words in the path.
_ASKED = ("users/get-by-username", "orgs/get", "repos/get", "repos/list-languages", "repos/get-all-topics")
_WORDS = ("username", "org", "owner", "repo")


def asked(client: Any, number: int) -> Any:
    """The call of one number: which operation it is, and with what arguments."""
    call = client.operations[_ASKED[number % len(_ASKED)]]
    return call(**{name: f"{name}-{number}" for name in _WORDS if f"{{{name}}}" in call.path})


@pytest.fixture
def mock(corpus: Callable[[str], Path]) -> Mock:
    """A service that answers each path in its own way, and always the same."""
    return Mock(corpus("github.json"))


def test_threads_open_one_document_and_one_contract(fresh: Path, tmp_path: Path, mock: Mock) -> None:
    """Each with a client of its own, nothing built before they all begin."""
    barrier = Barrier(_THREADS)

    def work(number: int) -> tuple[Client, Any]:
        barrier.wait()
        client = Client(load_shared(fresh, cache_folder=tmp_path), auth="a-test-key", httpx_client=http)
        return client, asked(client, number)

    with httpx.Client(transport=mock.transport()) as http, ThreadPoolExecutor(_THREADS) as pool:
        clients, found = zip(*pool.map(work, range(_THREADS)), strict=True)
        alone = [asked(clients[0], number) for number in range(_THREADS)]
    assert len({id(client._settings.contract) for client in clients}) == 1
    assert list(found) == alone


def test_threads_share_a_client_of_a_document_that_is_still_closed(fresh: Path, tmp_path: Path, mock: Mock) -> None:
    """They all begin with the same operations, whose plans and validators nobody has built."""
    barrier = Barrier(_THREADS)

    def work(number: int) -> list[Any]:
        barrier.wait()
        return [asked(client, call * _THREADS + number) for call in range(5)]

    with httpx.Client(transport=mock.transport()) as http, ThreadPoolExecutor(_THREADS) as pool:
        document = load_shared(fresh, cache_folder=tmp_path)
        client = Client(document, auth="a-test-key", validate="strict", httpx_client=http)
        found = list(pool.map(work, range(_THREADS)))
        alone = [[asked(client, call * _THREADS + number) for call in range(5)] for number in range(_THREADS)]
    assert found == alone
    assert client._settings.contract is contract_of(document)
    assert [exchange for exchange in mock.journal if exchange.violations] == []


def test_tasks_share_a_client_of_a_document_that_is_still_closed(fresh: Path, tmp_path: Path, mock: Mock) -> None:
    async def work() -> tuple[list[Any], list[Any]]:
        async with httpx.AsyncClient(transport=mock.async_transport()) as http:
            document = load_shared(fresh, cache_folder=tmp_path)
            client = AsyncClient(document, auth="a-test-key", validate="strict", httpx_client=http)
            found = await asyncio.gather(*(asked(client, number) for number in range(_TASKS)))
            return found, [await asked(client, number) for number in range(0, _TASKS, 50)]

    found, alone = asyncio.run(work())
    assert found[::50] == alone
    assert len({str(result) for result in found}) > len(_ASKED)


# ---- tokens ----------------------------------------------------------------------------------------------------

_SECURED = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "servers": [{"url": "https://t.example.com"}],
    "paths": {
        f"/{name}/{{id}}": {
            "get": {
                "operationId": name,
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "security": [{"oauth": [name]}],
                "responses": {"200": {"description": ""}},
            }
        }
        for name in ("read", "write")
    },
    "components": {
        "securitySchemes": {
            "oauth": {
                "type": "oauth2",
                "flows": {"clientCredentials": {"tokenUrl": "/token", "scopes": {"read": "", "write": ""}}},
            }
        }
    },
}


class Issuer:
    """Gives a token for each scope that it is asked for; what is called with another's answers 401."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            scope = parse_qs(request.content.decode())["scope"][0]
            self.asked.append(scope)
            return httpx.Response(200, json={"access_token": f"t0ken-{scope}", "token_type": "Bearer"})
        _, name, number = request.url.path.split("/")
        is_right = request.headers["Authorization"] == f"Bearer t0ken-{name}"
        return httpx.Response(200 if is_right else 401, json=number)


def of_scope(client: Any, number: int) -> Any:
    return client.operations["write" if number % 2 else "read"](id=str(number))


def test_threads_ask_once_for_each_token() -> None:
    barrier, issuer = Barrier(_THREADS), Issuer()

    def work(number: int) -> Any:
        barrier.wait()
        return of_scope(client, number)

    with httpx.Client(transport=httpx.MockTransport(issuer)) as http, ThreadPoolExecutor(_THREADS) as pool:
        client = Client(_SECURED, auth={"oauth": ClientCredentials("me", "s3cret")}, httpx_client=http, max_retries=0)
        assert list(pool.map(work, range(_THREADS))) == [str(number) for number in range(_THREADS)]
    assert sorted(issuer.asked) == ["read", "write"]


def test_tasks_ask_once_for_each_token() -> None:
    issuer = Issuer()

    async def work() -> list[Any]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(issuer)) as http:
            auth = {"oauth": ClientCredentials("me", "s3cret")}
            client = AsyncClient(_SECURED, auth=auth, httpx_client=http, max_retries=0)
            return await asyncio.gather(*(of_scope(client, number) for number in range(_TASKS)))

    assert asyncio.run(work()) == [str(number) for number in range(_TASKS)]
    assert sorted(issuer.asked) == ["read", "write"]
