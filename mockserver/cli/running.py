"""What the commands that serve have in common: where they listen, what they print, and what ends them."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeVar

import click

from mockserver.cli.sections import section, together
from mockserver.serving import collecting
from syncdyn.openapi.errors import SyncdynError

if TYPE_CHECKING:
    from mockserver.journal import Exchange

FAILED, INTERRUPTED = 1, 130
_OPEN_TO_ALL = frozenset({"0.0.0.0", "::", ""})
#: How much is printed, from least to most; a line per request from `info` on.
LEVELS = ("silent", "fatal", "error", "warn", "info", "debug", "trace")
_SERVER_ERROR = 500

_serving = section("Serving")

listening = together(
    _serving(
        "--port",
        "-p",
        type=click.IntRange(0, 65535),
        metavar="PORT",
        default=4010,
        show_default=True,
        help="0 is any free one.",
    ),
    _serving("--host", "-h", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Address to listen on."),
    _serving(
        "--cors/--no-cors", default=None, shown="--cors / --no-cors", help="Let web pages of other origins call it."
    ),
    _serving(
        "--verboseLevel",
        "--verbose-level",
        "-v",
        "level",
        type=click.Choice(LEVELS),
        shown="-v, --verboseLevel LEVEL",
        default="info",
        show_default=True,
        help="silent: nothing is printed; error: requests that failed here; "
        "warn: those with violations, too; info: every request.",
    ),
    _serving("--quiet", "-q", is_flag=True, help="The same as -v silent."),
    _serving(
        "--multiprocess/--no-multiprocess",
        "-m",
        default=None,
        hidden=True,
        help="As of Prism: a process for each core.",
    ),
)


class Served(Protocol):
    """A server that runs."""

    @property
    def is_running(self) -> bool: ...
    @property
    def stop(self) -> Callable[[], None]: ...


_S = TypeVar("_S", bound=Served)


def serve(start: Callable[[], _S], greet: Callable[[_S], None]) -> NoReturn:
    """Start a server, greet, and end with the signal's exit code. What goes wrong is one message."""
    # Told before anything slow begins, so that a signal ends the start as well.
    with _ended_by_signal() as ended, messages():
        with collecting.paused():
            running = start()
        try:
            greet(running)
            collecting.collect_seldom()
            ended.wait(running)
        finally:
            running.stop()
    sys.exit(ended.exit_code)


@contextmanager
def messages() -> Iterator[None]:
    """Errors of the block as one message to the user."""
    try:
        yield
    except SyncdynError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(f"{where}{error.strerror or error}") from error


def warn_if_open(host: str) -> None:
    """Say so where other machines reach the server."""
    if host in _OPEN_TO_ALL:
        click.echo(f"Warning: on {host} every machine that reaches this one can use it.", err=True)


@contextmanager
def told(params: Mapping[str, Any]) -> Iterator[Callable[[Exchange], None] | None]:
    """What is to be told of each exchange; None where nothing is printed."""
    is_told = None if params["quiet"] else _TOLD.get(params["level"])
    if is_told is None:
        yield None
        return
    from mockserver.serving.telling import Teller

    teller = Teller()
    try:
        yield teller if is_told is _every else _filtered(teller, is_told)
    finally:
        teller.close()


def _every(_exchange: Exchange) -> bool:
    return True


def _failed(exchange: Exchange) -> bool:
    return exchange.response.status >= _SERVER_ERROR


def _faulty(exchange: Exchange) -> bool:
    return _failed(exchange) or bool(exchange.violations)


_TOLD: dict[str, Callable[[Exchange], bool]] = {
    "error": _failed,
    "warn": _faulty,
    "info": _every,
    "debug": _every,
    "trace": _every,
}


def _filtered(tell: Callable[[Exchange], None], is_told: Callable[[Exchange], bool]) -> Callable[[Exchange], None]:
    def on_exchange(exchange: Exchange) -> None:
        if is_told(exchange):
            tell(exchange)

    return on_exchange


class _Ended:
    """Set by the first signal; remembers the exit code it asks for."""

    def __init__(self) -> None:
        self.exit_code = 0
        self._event = threading.Event()

    def on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.exit_code = INTERRUPTED if number == signal.SIGINT else 0
        self._event.set()

    def wait(self, running: Served) -> None:
        # In slices: a wait without end cannot be interrupted on Windows.
        while not self._event.wait(1.0):
            if not running.is_running:
                self.exit_code = FAILED
                return


@contextmanager
def _ended_by_signal() -> Iterator[_Ended]:
    ended = _Ended()
    before: dict[int, Any] = {
        number: signal.signal(number, ended.on_signal) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
