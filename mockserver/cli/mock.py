"""`syncdyn mock`: a document in, a running mock out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from mockserver.cli.engine import run_prism
from mockserver.cli.mistakes import tell_mistakes
from mockserver.cli.naming import example_call
from mockserver.cli.running import listening, serve, told, warn_if_open
from mockserver.cli.sections import Command, section, together
from mockserver.cli.starting import Started, start
from mockserver.cli.values import moment, seed

if TYPE_CHECKING:
    from mockserver.facade import Mock
    from mockserver.journal import Exchange

#: Options that are settings under the same name; None or empty leaves the setting as it is.
_SETTINGS = (
    "seed",
    "errors",
    "cors",
    "dynamic",
    "ignore_examples",
    "prism",
    "stateless",
    "unknown",
    "job_seconds",
    "plan",
    "rate_limit",
    "api_keys",
    "webhook_secret",
    "webhook_urls",
    "webhook_retries",
    "control_token",
    "base_url",
)
#: Options that are arguments of `Mock` under the same name.
_ARGUMENTS = ("state", "clock", "speed", "journal_size")

_serving = section("Serving")
_answers = section("Answers")
_memory = section("State and time")
_trouble = section("Faults and webhooks")
_engine = section("Prism")

_running = together(
    _serving("--watch", is_flag=True, help="Reload the document when it, an overlay or a file it refers to changes."),
    _serving(
        "--workers",
        type=click.IntRange(1),
        metavar="N",
        help="Serve with so many processes, which share the state.  [default: 1]",
    ),
)
_answering = together(
    _answers(
        "--errors/--no-errors",
        default=None,
        shown="--errors / --no-errors",
        help="Refuse requests that break the document, as it does unless told not to; "
        "else let them through and tell what is wrong in the header sl-violations.",
    ),
    _answers("--dynamic/--no-dynamic", "-d", default=None, help="Generate data, also where there are examples."),
    _answers(
        "--ignoreExamples/--no-ignoreExamples",
        "--ignore-examples/--no-ignore-examples",
        "ignore_examples",
        default=None,
        shown="--ignoreExamples / --no-ignoreExamples",
        help="Use no examples.",
    ),
    _answers(
        "--json-schema-faker-fillProperties/--no-json-schema-faker-fillProperties",
        "--json-schema-faker-fill-properties/--no-json-schema-faker-fill-properties",
        "fill_properties",
        default=None,
        hidden=True,
        help="Taken, as of Prism: nothing undeclared is generated.",
    ),
    _answers("--seed", type=seed, metavar="SEED", help="The same seed gives the same ids and data.  [default: 0]"),
    _answers("--api-key", "api_keys", multiple=True, metavar="KEY", help="Accept only this key (repeatable)."),
    _answers("--overlay", "overlays", multiple=True, metavar="FILE", help="Apply an OpenAPI Overlay (repeatable)."),
    _answers(
        "--remote-host",
        "remote_hosts",
        multiple=True,
        metavar="HOST",
        help="Let references lead there, by https (repeatable).",
    ),
    _answers("--base-url", metavar="URL", help="What the URLs in answers begin with, if not the server's own."),
)
_remembering = together(
    _memory("--stateless/--no-stateless", default=None, help="Remember nothing; answer by the document alone."),
    _memory("--state", type=click.Path(dir_okay=False), metavar="FILE", help="Remember in this file, across restarts."),
    _memory(
        "--unknown",
        type=click.Choice(["made", "refused"]),
        metavar="made|refused",
        help="What nobody created: is there until it is deleted, or is 404.  [default: made]",
    ),
    _memory(
        "--job-seconds", type=click.FloatRange(0), metavar="SECONDS", help="How long a job takes to end.  [default: 3]"
    ),
    _memory("--clock", type=moment, metavar="MOMENT", help="The mock's time at its start."),
    _memory(
        "--speed", type=click.FloatRange(0), metavar="N", help="How fast its time passes; 0 stands still.  [default: 1]"
    ),
    _memory("--plan", metavar="NAME", help="Keep the limits of this plan. Without it there are none."),
    _memory(
        "--journal",
        "journal_size",
        type=click.IntRange(0),
        help="How many exchanges /_mock/requests keeps.  [default: 1000]",
    ),
    _memory("--rate-limit", is_flag=True, default=None, help="Answer 429 to more requests than the plan allows."),
)
_troubling = together(
    _trouble("--faults", multiple=True, metavar="FILE", help="Inject the faults of this YAML file (repeatable)."),
    _trouble(
        "--webhook-url",
        "webhook_urls",
        multiple=True,
        metavar="URL",
        help="Send every webhook there, besides where requests say (repeatable).",
    ),
    _trouble(
        "--webhook-allow",
        "--webhook-host",
        "webhook_hosts",
        multiple=True,
        metavar="HOST",
        shown="--webhook-allow HOST",
        help="Call this host, too, not this machine alone; * is any (repeatable).",
    ),
    _trouble("--webhook-secret", metavar="SECRET", help="What webhooks are signed with."),
    _trouble(
        "--webhook-retries",
        type=click.IntRange(0),
        metavar="N",
        help="How often a webhook that was not taken is sent again, after 1, 2, 4, ... seconds.  [default: 0]",
    ),
    _trouble(
        "--control-token",
        metavar="TOKEN",
        help="Let who has it use /_mock/ from other machines; without it none may.",
    ),
)
_choosing = together(
    _engine(
        "--prism/--no-prism",
        default=None,
        help="Answer as Prism does where this mock differs on purpose: stateless, CORS on, its problem types.",
    ),
    _engine(
        "--engine",
        type=click.Choice(["embedded", "prism"]),
        metavar="embedded|prism",
        default="embedded",
        show_default=True,
        help="prism: start Prism itself, by Docker, an installed `prism`, or npx.",
    ),
)


@click.command(name="mock", cls=Command, context_settings={"help_option_names": ["--help"]})
@click.argument("documents", nargs=-1, metavar="[DOCUMENT]")
@listening
@_running
@_answering
@_remembering
@_troubling
@_choosing
def command(**params: Any) -> None:
    """Serve a mock of DOCUMENT, an OpenAPI 3 file or URL; without it, of the bundled API.

    \b
      syncdyn mock openapi.yaml
      syncdyn mock /pets=pets.yaml /shop=shop.yaml      several, each below its prefix
      syncdyn mock openapi.yaml -p 0 --seed 7 --state mock.db

    It takes the words that `prism mock` takes.
    """
    if params["engine"] == "prism":
        run_prism(params)
    _refuse_contradictions(params)
    with told(params) as tell:
        serve(lambda: start(params, _make, tell), lambda started: _greet(params, started))


def _refuse_contradictions(params: Mapping[str, Any]) -> None:
    """Nothing, or UsageError for words of which one takes away what another asks for."""
    from mockserver.addresses import is_web_url
    from mockserver.serving.delivering import is_allowed

    for word in ("stateless", "prism"):
        if params["state"] and params[word]:
            raise click.UsageError(f"--{word} remembers nothing, so --state has nothing to keep; leave one of them out")
    for url in params["webhook_urls"]:
        if is_web_url(url) and not is_allowed(url, params["webhook_hosts"]):
            host = urlsplit(url).hostname
            raise click.UsageError(f"--webhook-url {url}: another machine is called with --webhook-allow {host} only")


def mock_from(params: Mapping[str, Any], on_exchange: Callable[[Exchange], None] | None = None) -> Mock:
    """The mock that the words of a command line ask for, as click has read them; they name one document at most."""
    documents = params["documents"]
    return _make(params, documents[0] if documents else None, on_exchange, {})


def _make(
    params: Mapping[str, Any],
    document: str | None,
    on_exchange: Callable[[Exchange], None] | None,
    more: Mapping[str, Any],
) -> Mock:
    from mockserver.facade import Mock

    names = (*_SETTINGS, *_ARGUMENTS)
    given = {name: params[name] for name in names if params[name] not in (None, ())}
    return Mock(
        document,
        overlays=tuple(params["overlays"]),
        remote_hosts=params["remote_hosts"],
        webhook_hosts=params["webhook_hosts"],
        faults=params["faults"],
        on_exchange=on_exchange,
        **{**given, **more},
    )


def _greet(params: Mapping[str, Any], started: Started) -> None:
    from mockserver.making import title_of

    if params["prism"]:
        click.echo(f"Prism is listening on {started.url}")
    else:
        for prefix, contract in started.contracts.items():
            url = f"{started.url}{prefix}"
            click.echo(f"Mock of {title_of(contract)} at {url}  (Ctrl+C ends it)")
            click.echo(f"Try: {example_call(contract, url)}")
    warn_if_open(params["host"])
    for prefix, document in started.documents.items():
        if document is not None and not params["quiet"]:
            tell_mistakes(started.contracts[prefix], document)
