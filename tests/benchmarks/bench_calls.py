"""What a call costs above the bare HTTP library: raw httpx, the official SDK and this package, in one run.

All three speak to the same answers over the same in-memory transport; ours checks request and response.
Times are the best of several rounds, in microseconds a call; what matters is the column "added".
Run it with `make bench`, or `python tests/benchmarks/bench_calls.py`.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import timeit
from collections.abc import Awaitable, Callable
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table
from sync import AsyncSync as TheirAsyncSync
from sync import Sync as TheirSync

from syncdyn import AsyncSync, Sync

ROUNDS, CALLS = 7, 1000
BASE_URL = "http://api.test"
IDENTIFIER = "6f1e2d3c-0000-4000-8000-000000000001"
INPUT = [
    {"type": "video", "url": "https://media.example.com/talk.mp4"},
    {"type": "audio", "url": "https://media.example.com/talk.wav"},
]
BODY: dict[str, Any] = {"model": "lipsync-2", "input": INPUT, "options": {"sync_mode": "cut_off", "temperature": 0.4}}
ANSWER = json.dumps(
    {
        "id": IDENTIFIER,
        "createdAt": "2024-06-01T00:00:00.000Z",
        "status": "PENDING",
        **BODY,
        "outputUrl": None,
        "outputDuration": None,
    }
).encode()


def answer(request: httpx.Request) -> httpx.Response:
    status = 201 if request.method == "POST" else 200
    return httpx.Response(status, content=ANSWER, headers={"content-type": "application/json"})


def blocking_client() -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(answer), base_url=BASE_URL, headers={"x-api-key": "k"})


def awaiting_client() -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url=BASE_URL, headers={"x-api-key": "k"})


def blocking_calls() -> dict[str, dict[str, Callable[[], object]]]:
    raw = blocking_client()
    theirs = TheirSync(api_key="k", base_url=BASE_URL, httpx_client=blocking_client())
    ours = Sync(api_key="k", base_url=BASE_URL, httpx_client=blocking_client())
    return {
        "get": {
            "httpx": lambda: raw.get(f"/v2/generate/{IDENTIFIER}").json(),
            "syncsdk": lambda: theirs.generations.get(IDENTIFIER),
            "syncdyn": lambda: ours.generations.get(IDENTIFIER),
        },
        "create": {
            "httpx": lambda: raw.post("/v2/generate", json=BODY).json(),
            "syncsdk": lambda: theirs.generations.create(**BODY),
            "syncdyn": lambda: ours.generations.create(**BODY),
        },
    }


def awaiting_calls() -> dict[str, dict[str, Callable[[], Awaitable[object]]]]:
    raw = awaiting_client()
    theirs = TheirAsyncSync(api_key="k", base_url=BASE_URL, httpx_client=awaiting_client())
    ours = AsyncSync(api_key="k", base_url=BASE_URL, httpx_client=awaiting_client())
    return {
        "get, async": {
            "httpx": lambda: as_json(raw.get(f"/v2/generate/{IDENTIFIER}")),
            "syncsdk": lambda: theirs.generations.get(IDENTIFIER),
            "syncdyn": lambda: ours.generations.get(IDENTIFIER),
        },
        "create, async": {
            "httpx": lambda: as_json(raw.post("/v2/generate", json=BODY)),
            "syncsdk": lambda: theirs.generations.create(**BODY),
            "syncdyn": lambda: ours.generations.create(**BODY),
        },
    }


async def as_json(response: Awaitable[httpx.Response]) -> object:
    return (await response).json()


def microseconds(call: Callable[[], object]) -> float:
    call()
    return min(timeit.repeat(call, number=CALLS, repeat=ROUNDS)) / CALLS * 1e6


async def microseconds_awaited(call: Callable[[], Awaitable[object]]) -> float:
    loop = asyncio.get_running_loop()
    await call()
    rounds = []
    for _ in range(ROUNDS):
        began = loop.time()
        for _ in range(CALLS):
            await call()
        rounds.append(loop.time() - began)
    return min(rounds) / CALLS * 1e6


def import_milliseconds(statement: str) -> float:
    """The median of fresh processes, after one that compiles what is not compiled yet, as an installed package is."""
    code = f"import time; began = time.perf_counter(); {statement}; print((time.perf_counter() - began) * 1e3)"
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with TemporaryDirectory() as compiled:
        environ["PYTHONPYCACHEPREFIX"] = compiled
        command = [sys.executable, "-c", code]
        runs = [subprocess.run(command, capture_output=True, text=True, check=True, env=environ) for _ in range(10)]
    return median(float(run.stdout) for run in runs[1:])


def rows_of(name: str, taken: dict[str, float]) -> list[tuple[str, ...]]:
    raw = taken["httpx"]
    theirs = taken["syncsdk"] - raw
    return [
        (name, who, f"{time:.0f}", f"{time - raw:+.0f}", f"{theirs / (time - raw):.1f} x" if who == "syncdyn" else "")
        for who, time in taken.items()
    ]


def main() -> None:
    table = Table(
        "call", "with", "us", "added us", "less added than syncsdk", title="A call, in memory, checked by syncdyn"
    )
    for name, calls in blocking_calls().items():
        for row in rows_of(name, {who: microseconds(call) for who, call in calls.items()}):
            table.add_row(*row)
    for name, awaited in awaiting_calls().items():
        for row in rows_of(name, {who: asyncio.run(microseconds_awaited(call)) for who, call in awaited.items()}):
            table.add_row(*row)
    imports = Table("statement", "ms", "of import sync", title="Imports, a new process each")
    base = import_milliseconds("import sync")
    for statement in ("import sync", "import syncdyn", "from syncdyn import Sync", "import httpx"):
        taken = import_milliseconds(statement)
        imports.add_row(statement, f"{taken:.0f}", f"{taken / base:.2f}")
    console = Console(width=100)
    console.print(table)
    console.print(imports)


if __name__ == "__main__":
    main()
