"""`syncdyn proxy`: a document and a server's URL in, a running proxy out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from mockserver.cli.mistakes import tell_mistakes
from mockserver.cli.naming import without_user
from mockserver.cli.running import listening, serve, told, warn_if_open
from mockserver.cli.sections import Command, section, together

if TYPE_CHECKING:
    from mockserver.journal import Exchange
    from mockserver.proxy import Proxy

_checks = section("Checks")
_upstream = section("Upstream")

_checking = together(
    _checks(
        "--errors/--no-errors",
        default=False,
        help="Refuse what breaks the document; without it, tell of it in the header sl-violations.",
    ),
    _checks(
        "--validate-request/--no-validate-request",
        default=True,
        shown="--validate-request=false",
        help="Check no requests, but for their credentials.",
    ),
    _checks("--api-key", "api_keys", multiple=True, metavar="KEY", help="Take only this key for right (repeatable)."),
    _checks("--overlay", "overlays", multiple=True, metavar="FILE", help="Apply an OpenAPI Overlay (repeatable)."),
    _checks(
        "--remote-host",
        "remote_hosts",
        multiple=True,
        metavar="HOST",
        help="Let references lead there, by https (repeatable).",
    ),
    _checks("--prism/--no-prism", default=None, help="Greet as Prism does, and let pages of other origins call."),
)
_reaching = together(
    _upstream("--upstream-proxy", metavar="URL", help="A proxy that leads to the upstream."),
    _upstream(
        "--timeout",
        "timeout_seconds",
        type=click.FloatRange(0, min_open=True),
        metavar="SECONDS",
        default=60.0,
        help="How long the upstream may take to answer.  [default: 60]",
    ),
)


@click.command(name="proxy", cls=Command, context_settings={"help_option_names": ["--help"]})
@click.argument("document")
@click.argument("upstream")
@listening
@_checking
@_reaching
def command(**params: Any) -> None:
    """Forward to UPSTREAM, a server's URL, and tell where requests and responses break DOCUMENT.

    \b
      syncdyn proxy openapi.yaml https://api.example.com
      syncdyn proxy openapi.yaml http://localhost:8000 --errors

    It takes the words that `prism proxy` takes. What UPSTREAM answers with 501 is mocked.
    """
    with told(params) as tell:
        serve(lambda: _started(params, tell), lambda served: _greet(params, served))


@dataclass(frozen=True, slots=True)
class _Served:
    """A proxy, and the server it stands behind."""

    proxy: Proxy
    url: str
    stop: Callable[[], None]
    is_running: bool = True


def proxy_from(params: Mapping[str, Any], on_exchange: Callable[[Exchange], None] | None = None) -> Proxy:
    """The proxy that the words of a command line ask for, as click has read them."""
    from mockserver.proxy import Proxy

    settings = {name: params[name] for name in ("cors", "prism", "api_keys") if params[name] not in (None, ())}
    return Proxy(
        params["document"],
        params["upstream"],
        overlays=tuple(params["overlays"]),
        remote_hosts=params["remote_hosts"],
        refuses=params["errors"],
        checks_requests=params["validate_request"],
        upstream_proxy=params["upstream_proxy"],
        timeout_seconds=params["timeout_seconds"],
        on_exchange=on_exchange,
        **settings,
    )


def _started(params: Mapping[str, Any], tell: Callable[[Exchange], None] | None) -> _Served:
    proxy = proxy_from(params, tell)
    running = proxy.start(params["port"], params["host"])
    return _Served(proxy, running.url, running.stop)


def _greet(params: Mapping[str, Any], served: _Served) -> None:
    from mockserver.making import title_of

    if params["prism"]:
        click.echo(f"Prism is listening on {served.url}")
    else:
        title, upstream = title_of(served.proxy.contract), without_user(served.proxy.upstream.url)
        click.echo(f"Proxy of {upstream} at {served.url}, checked by {title}  (Ctrl+C ends it)")
    warn_if_open(params["host"])
    if not params["quiet"]:
        tell_mistakes(served.proxy.contract, params["document"])
