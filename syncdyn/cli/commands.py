"""The commands of `syncdyn`."""

from __future__ import annotations

import click

from syncdyn._version import __version__
from syncdyn.cli.exit_codes import described
from syncdyn.cli.group import Home, LazyGroup

_HOMES = {
    "demo": Home("syncdyn.cli.demo", "command", "See it all work: offline, without a key, in seconds."),
    "mock": Home("mockserver.cli.mock", "command", "Serve a mock of an OpenAPI document, or of the bundled API."),
    "proxy": Home("mockserver.cli.proxy", "command", "Forward to a server, and tell where it breaks a document."),
    "inspect": Home("syncdyn.cli.inspect", "command", "Show what a document offers, and what in it is degraded."),
    "lint": Home("syncdyn.cli.lint", "command", "Judge a document by the specification."),
    "batch": Home("syncdyn.cli.batch", "command", "Check, create and follow a batch of the bundled API."),
}


@click.group(
    cls=LazyGroup,
    homes=_HOMES,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"\b\n{described()}",
)
@click.version_option(__version__, prog_name="syncdyn")
def commands() -> None:
    """An OpenAPI document as a client and as a mock server.

    Results go to stdout; progress and messages go to stderr.
    """
