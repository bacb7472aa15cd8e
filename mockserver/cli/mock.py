"""The command line: words in, a running server out."""

from __future__ import annotations

import shlex
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from syncdyn.openapi.errors import SyncdynError

if TYPE_CHECKING:
    from mockserver.facade import Mock
    from mockserver.serving.telling import Teller

_INTERRUPTED = 130
_OPEN_TO_ALL = frozenset({"0.0.0.0", "::", ""})
#: Options that are settings under the same name; None or empty leaves the setting as it is.
_SETTINGS = ("seed", "job_seconds", "plan", "rate_limit", "webhook_secret", "base_url")


@click.command(name="mock", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("document", required=False)
@click.option("--port", "-p", type=click.IntRange(0, 65535), default=4010, show_default=True, help="0: any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same data.")
@click.option(
    "--job-seconds",
    type=click.FloatRange(0),
    default=3.0,
    show_default=True,
    help="How long a job takes to end.",
)
@click.option("--plan", metavar="NAME", help="Keep the limits of this plan. Without it there are none.")
@click.option("--rate-limit", is_flag=True, help="Answer 429 to more requests than the plan allows.")
@click.option("--api-key", "api_keys", multiple=True, metavar="KEY", help="Accept only this key (repeatable).")
@click.option("--webhook-secret", metavar="SECRET", help="What webhooks are signed with.")
@click.option(
    "--webhook-host",
    "webhook_hosts",
    multiple=True,
    metavar="HOST",
    help="Call this host too; * is any (repeatable).",
)
@click.option("--overlay", "overlays", multiple=True, metavar="FILE", help="Apply an OpenAPI Overlay (repeatable).")
@click.option("--base-url", metavar="URL", help="What the URLs in answers begin with, if not the server's own.")
@click.option("--quiet", "-q", is_flag=True, help="No line per request.")
def command(document: str | None, port: int, host: str, **options: Any) -> None:
    """Serve a mock of DOCUMENT, an OpenAPI 3 file; without it, of the bundled API."""
    try:
        # Told before anything slow begins, so that a signal ends the start as well.
        with _ended_by_signal() as ended, _told(options["quiet"]) as tell:
            mock = _mock(document, options, tell)
            running = mock.start(port, host)
            try:
                _greet(mock, running.url, host)
                ended.wait()
            finally:
                running.stop()
    except SyncdynError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or document}: {error.strerror or error}") from error
    sys.exit(ended.exit_code)


class _Ended:
    """Set by the first signal; remembers the exit code it asks for."""

    def __init__(self) -> None:
        self.exit_code = 0
        self._event = threading.Event()

    def on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.exit_code = _INTERRUPTED if number == signal.SIGINT else 0
        self._event.set()

    def wait(self) -> None:
        # In slices: a wait without end cannot be interrupted on Windows.
        while not self._event.wait(1.0):
            pass


@contextmanager
def _ended_by_signal() -> Iterator[_Ended]:
    ended = _Ended()
    before = {number: signal.signal(number, ended.on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _told(is_quiet: bool) -> Iterator[Teller | None]:
    from mockserver.serving.telling import Teller

    if is_quiet:
        yield None
        return
    teller = Teller()
    try:
        yield teller
    finally:
        teller.close()


def _mock(document: str | None, options: dict[str, Any], tell: Teller | None) -> Mock:
    from mockserver.facade import Mock

    settings = {name: options[name] for name in _SETTINGS if options[name] is not None}
    return Mock(
        document,
        overlays=tuple(options["overlays"]),
        webhook_hosts=options["webhook_hosts"],
        on_exchange=tell,
        api_keys=tuple(options["api_keys"]),
        **settings,
    )


def _greet(mock: Mock, url: str, host: str) -> None:
    click.echo(f"Mock of {_title(mock)} at {url}  (Ctrl+C ends it)")
    click.echo(f"Try: {example_call(mock, url)}")
    if host in _OPEN_TO_ALL:
        click.echo(f"Warning: on {host} every machine that reaches this one can use the mock.", err=True)


def _title(mock: Mock) -> str:
    info = mock.contract.extension("info")
    title = info.get("title") if isinstance(info, dict) else None
    return str(title or Path(mock.contract.document.origin).name)


def example_call(mock: Mock, url: str) -> str:
    """A curl command for the first GET operation whose path has no parameters, else for the URL itself."""
    operations = list(mock.contract.operations.values())
    simple = [each for each in operations if each.method == "GET" and "{" not in each.path]
    path = simple[0].path if simple else "/"
    return shlex.join(["curl", *_credentials(mock), f"{url}{path}"])


def _credentials(mock: Mock) -> list[str]:
    for scheme in mock.contract.security_schemes.values():
        if scheme.type == "apiKey" and scheme.location == "header":
            return ["-H", f"{scheme.parameter}: KEY"]
        if scheme.type in ("http", "oauth2", "openIdConnect") and scheme.scheme.lower() in ("bearer", ""):
            return ["-H", "Authorization: Bearer TOKEN"]
    return []
