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
    from mockserver.making import mistakes_in

    found = mistakes_in(contract, source)
    for line in (f"Its mistakes, if any: syncdyn inspect {source}",) if found is None else found:
        click.echo(line, err=True)
