"""`syncdyn mock --engine prism`: the words that Prism knows are passed on, others are refused."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import click

from mockserver.cli.running import serve, warn_if_open

if TYPE_CHECKING:
    from mockserver.engines.prism import Prism

#: Switches of Prism by the name of ours; told only where the user told them.
_SWITCHES: Mapping[str, str] = {
    "cors": "--cors",
    "errors": "--errors",
    "dynamic": "--dynamic",
    "ignore_examples": "--ignoreExamples",
    "fill_properties": "--json-schema-faker-fillProperties",
    "multiprocess": "--multiprocess",
}
#: What is done without a word to Prism: its nature, or the work of who starts it.
_OWN = frozenset({"documents", "overlays", "port", "host", "engine", "prism", "stateless", "quiet", "level", "seed"})


def run_prism(params: Mapping[str, Any]) -> NoReturn:
    """Serve by Prism until a signal ends it. Raises UsageError for a word that only our own mock knows."""
    from mockserver.engines import prism

    _refuse_what_prism_lacks(click.get_current_context())
    documents = params["documents"]

    def start() -> Prism:
        return prism.start(
            documents[0] if documents else None,
            overlays=tuple(params["overlays"]),
            port=params["port"],
            host=params["host"],
            flags=flags_of(params),
            output=sys.stdout if not params["quiet"] else None,
        )

    serve(start, lambda running: _greet(params, running))


def flags_of(params: Mapping[str, Any]) -> Sequence[str]:
    """Prism's words for what click has read of ours."""
    switches = [f"{word}={str(params[name]).lower()}" for name, word in _SWITCHES.items() if params[name] is not None]
    seed = [] if params["seed"] is None else ["--seed", str(params["seed"])]
    return [*switches, *seed, "--verboseLevel", "silent" if params["quiet"] else params["level"]]


def _refuse_what_prism_lacks(context: click.Context) -> None:
    known = {*_OWN, *_SWITCHES}
    for parameter in context.command.params:
        name = parameter.name or ""
        is_given = context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
        if is_given and name not in known:
            raise click.UsageError(f"Prism has no {parameter.opts[0]}; the embedded mock has", context)
    if len(context.params["documents"]) > 1:
        raise click.UsageError("Prism serves one document", context)


def _greet(params: Mapping[str, Any], running: Prism) -> None:
    click.echo(f"Prism (by {running.way.name}) at {running.url}  (Ctrl+C ends it)")
    warn_if_open(params["host"])
