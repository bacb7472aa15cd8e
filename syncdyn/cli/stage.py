"""Where the demo plays: a server, a client of it whose exchanges are noted, and a receiver of webhooks."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from syncdyn.cli.receiver import Receiver
    from syncdyn.cli.recording import Recorder

_JOB_SECONDS = 2.0
_INTERVAL_SECONDS = 0.4
_SECRET_VARIABLE = "SYNC_WEBHOOK_SECRET"


@dataclass(frozen=True, slots=True)
class Stage:
    """What the demo plays on. `receiver` is None where no webhook can come, `why_no_webhook` says why."""

    client: Any
    recorder: Recorder
    url: str
    interval_seconds: float | None = None
    receiver: Receiver | None = None
    webhook_secret: str = field(default="", repr=False)
    why_no_webhook: str = ""

    @property
    def webhook_address(self) -> str | None:
        """Where the server is to send webhooks."""
        return self.receiver.url if self.receiver else None


@contextmanager
def offline() -> Iterator[Stage]:
    """A stage with a mock of its own."""
    from mockserver.facade import Mock

    secret = f"whsec_{secrets.token_hex(16)}"
    mock = Mock(job_seconds=_JOB_SECONDS, webhook_secret=secret)
    with mock.serve() as url, _client(url, "demo-key", lambda: mock.journal) as (client, recorder):
        stage = Stage(client, recorder, url, _INTERVAL_SECONDS, webhook_secret=secret)
        with _receiver() as receiver:
            yield replace(stage, receiver=receiver)


@contextmanager
def online(base_url: str) -> Iterator[Stage]:
    """A stage on a server that runs already; webhooks come only from this machine, and with a known secret."""
    secret = os.environ.get(_SECRET_VARIABLE, "")
    with _client(base_url, None, None) as (client, recorder):
        stage = Stage(client, recorder, base_url, webhook_secret=secret)
        if not _is_loopback(base_url):
            yield replace(stage, why_no_webhook="the server cannot reach this machine")
        elif not secret:
            yield replace(stage, why_no_webhook=f"{_SECRET_VARIABLE} is not set", interval_seconds=_INTERVAL_SECONDS)
        else:
            with _receiver() as receiver:
                yield replace(stage, receiver=receiver, interval_seconds=_INTERVAL_SECONDS)


@contextmanager
def _client(url: str, key: str | None, served: Callable[[], Any] | None) -> Iterator[tuple[Any, Recorder]]:
    from syncdyn.cli.recording import Recorder
    from syncdyn.sync import Sync, bundled_types
    from syncdyn.transport import BlockingTransport

    recorder = Recorder(BlockingTransport(), bundled_types().contract, url, served)
    with (
        _no_proxy(urlsplit(url).hostname or "") if _is_loopback(url) else nullcontext(),
        Sync(api_key=key, base_url=url, transport=recorder, validate="strict") as client,
    ):
        yield client, recorder


@contextmanager
def _no_proxy(host: str) -> Iterator[None]:
    """While the block runs, the proxy that the environment may name is not used for a host."""
    before = {name: os.environ.get(name) for name in ("no_proxy", "NO_PROXY")}
    # In lower case it counts before all others.
    os.environ["no_proxy"] = ",".join(filter(None, [*before.values(), host]))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            os.environ.update({} if value is None else {name: value})


def _receiver() -> AbstractContextManager[Receiver]:
    from syncdyn.cli.receiver import receiving

    return receiving()


def _is_loopback(url: str) -> bool:
    from mockserver.addresses import is_loopback

    return is_loopback(urlsplit(url).hostname or "")
