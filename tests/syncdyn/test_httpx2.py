"""The caller's own HTTP client may come from either library, and must be of the right kind."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import httpx
import httpx2
import pytest

from syncdyn import ApiConnectionError, ApiTimeoutError, AsyncSync, ConfigurationError, Sync
from tests.syncdyn.fakes import KEY

MODEL = {"id": "m-1", "name": "lipsync-2", "type": "lipsync", "version": "2.0"}


def good(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json=[MODEL])


def late(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ReadTimeout("late")


def broken(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("dead")


def blocking(handler: Any, **options: Any) -> Any:
    with httpx2.Client(transport=httpx2.MockTransport(handler), **options) as http:
        return Sync(api_key=KEY, httpx_client=http, max_retries=0).models.list()


def awaited(handler: Any, **options: Any) -> Any:
    async def call() -> Any:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(handler), **options) as http:
            return await AsyncSync(api_key=KEY, httpx_client=http, max_retries=0).models.list()

    return asyncio.run(call())


both = pytest.mark.parametrize("call", [blocking, awaited], ids=["sync", "async"])


@both
def test_a_client_of_the_fork_is_taken(call: Any) -> None:
    assert call(good)[0].name == "lipsync-2"


@both
@pytest.mark.parametrize(("handler", "kind"), [(late, ApiTimeoutError), (broken, ApiConnectionError)])
def test_the_errors_of_the_fork_are_known(call: Any, handler: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind) as caught:
        call(handler)
    assert type(caught.value) is kind


@both
def test_the_timeout_of_the_fork_is_kept(call: Any) -> None:
    seen: list[Any] = []

    def note(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.extensions["timeout"])
        return good(request)

    call(note, timeout=httpx2.Timeout(5, read=90))
    call(note)
    assert [timeout["read"] for timeout in seen] == [90, 60]


def test_nobody_loads_the_fork_who_does_not_use_it() -> None:
    code = "import sys; from syncdyn import Sync; Sync(api_key='k').close(); sys.exit('httpx2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


WRONG: dict[str, tuple[Any, Any, str]] = {
    "async-for-sync": (Sync, httpx.AsyncClient, "must be an httpx.Client here, not httpx.AsyncClient"),
    "sync-for-async": (AsyncSync, httpx.Client, "must be an httpx.AsyncClient here, not httpx.Client"),
    "fork-async-for-sync": (Sync, httpx2.AsyncClient, "not httpx2.AsyncClient"),
    "text": (Sync, str, "not builtins.str"),
    "class": (Sync, lambda: httpx.Client, "not builtins.type"),
}


@pytest.mark.parametrize(("client", "make", "told"), WRONG.values(), ids=WRONG.keys())
def test_the_wrong_kind_is_refused_by_name(client: Any, make: Any, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        client(api_key=KEY, httpx_client=make())
