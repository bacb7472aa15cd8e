"""Where the owner's snippets are played: against a mock whose time passes as the snippet sleeps."""

from __future__ import annotations

import asyncio
import builtins
import gc
import io
import json
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from mockserver import Exchange, Mock, VirtualClock
from syncdyn import Sync
from tests.contract.owner_documents.documents import of_syncdyn

JOB_SECONDS = 25.0
_MEDIA = [
    {"type": "video", "url": "https://your-cdn.com/v.mp4"},
    {"type": "audio", "url": "https://your-cdn.com/a.wav"},
]


@dataclass(frozen=True)
class Played:
    """What a snippet did: what it printed, the names that it left, what the mock was asked."""

    printed: list[str]
    names: dict[str, Any]
    exchanges: tuple[Exchange, ...]
    has_exited: bool

    @property
    def calls(self) -> list[str]:
        """Operations and statuses, as in `GET /v2/models 200`. With 2xx, neither side broke the contract."""
        return [f"{one.operation} {one.response.status}" for one in self.exchanges]

    @property
    def sent(self) -> Any:
        """The JSON body of the one request made."""
        (exchange,) = self.exchanges
        assert isinstance(exchange.request.body, bytes)
        return json.loads(exchange.request.body)


class Stage:
    """A mock at SYNC_BASE_URL, for code that is run as it is written.

    For the code's own import statements `time.sleep` and `asyncio.sleep` turn on the clock of the mock instead of
    waiting; all other modules, and whatever the client imports, are the real ones.
    """

    def __init__(self, mock: Mock, clock: VirtualClock, url: str) -> None:
        self.mock = mock
        self.clock = clock
        self.url = url
        self._left: list[dict[str, Any]] = []

    def play(self, code: str, **names: Any) -> Played:
        """Run code whose imports are of `sync`; it may use `names`. Raises what the code raises, but for its exit."""
        before = len(self.mock.journal)
        globals_ = {**names, "__name__": "__main__", "__builtins__": self._builtins()}
        self._left.append(globals_)
        printed, has_exited = io.StringIO(), False
        with redirect_stdout(printed), _unclosed_connections():
            try:
                exec(compile(of_syncdyn(code), "snippet.py", "exec", dont_inherit=True), globals_)
            except SystemExit:
                has_exited = True
        return Played(printed.getvalue().splitlines(), globals_, self.mock.journal[before:], has_exited)

    def create_generation(self) -> str:
        """The id of a generation that has just been created."""
        return self._created("generations", model="lipsync-2", input=_MEDIA)

    def create_batch(self) -> str:
        """The id of a batch that has just been created."""
        return self._created("batch", input=self.batch_file)

    @property
    def batch_file(self) -> tuple[str, bytes]:
        """A file of one line for a batch."""
        payload = {"model": "lipsync-2", "input": _MEDIA}
        line = {"request_id": "r-1", "endpoint": "/v2/generate", "payload": payload}
        return "input.jsonl", json.dumps(line).encode()

    def _created(self, resource: str, **arguments: Any) -> str:
        with Sync() as client:
            return str(getattr(client, resource).create(**arguments).id)

    def tidy(self) -> None:
        """Close what the snippets left open."""
        with _unclosed_connections():
            for names in self._left:
                for value in [each for each in names.values() if isinstance(each, Sync)]:
                    value.close()
                names.clear()

    def _builtins(self) -> dict[str, Any]:
        modules = {"time": _time(self.clock), "asyncio": _asyncio(self.clock)}

        def importing(name: str, *rest: Any) -> ModuleType:
            # The vendor's SDK may be installed here too; no snippet may work by its help.
            assert name.partition(".")[0] != "sync", f"{name} is imported in place of syncdyn"
            return modules[name] if name in modules else __import__(name, *rest)

        return {**vars(builtins), "__import__": importing}


def _time(clock: VirtualClock) -> ModuleType:
    module = ModuleType("time")
    vars(module).update(vars(time), sleep=clock.advance)
    return module


def _asyncio(clock: VirtualClock) -> ModuleType:
    async def sleep(seconds: float) -> None:
        clock.advance(seconds)

    module = ModuleType("asyncio")
    vars(module).update(vars(asyncio), sleep=sleep)
    return module


@contextmanager
def _unclosed_connections() -> Iterator[None]:
    """No word of connections left open: the owner's snippets close none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()
