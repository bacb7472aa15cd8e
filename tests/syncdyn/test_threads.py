"""One client for many threads or tasks: right answers, and everything built once."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx

from syncdyn import AsyncSync, Client, Sync, common
from syncdyn.openapi.bundled import load_bundled
from syncdyn.openapi.contract import contract_of
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
