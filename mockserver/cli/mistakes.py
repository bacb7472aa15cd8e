"""What a user is told at the start of the mistakes in his document; it is served all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from syncdyn.openapi.contract import Contract


def tell_mistakes(contract: Contract, source: str) -> None:
    """Print the mistakes of a document on stderr, each with its place.

    Called when the server listens already. To look through a big document would take processor time from the
    requests for seconds, so of such a one it is only told how to see them.
    """
    from syncdyn.openapi.inspecting.mistakes import is_small, mistakes_told

    if is_small(contract):
        from mockserver.behaviour.reviewing import data_mistakes

        for line in (*mistakes_told(contract, source), *data_mistakes(contract)):
            click.echo(line, err=True)
    else:
        click.echo(f"Its mistakes, if any: syncdyn inspect {source}", err=True)
