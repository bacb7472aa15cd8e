"""`syncdyn inspect`: what a document offers, and what in it is degraded, and why."""

from __future__ import annotations

import json
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import click

from syncdyn.cli.exit_codes import FAILED, described
from syncdyn.cli.group import Failure

if TYPE_CHECKING:
    from syncdyn.openapi.opening.sources import Fetch

_DASH = "-"


@click.command(name="inspect", context_settings={"help_option_names": ["-h", "--help"]}, epilog=f"\b\n{described()}")
@click.argument("document")
@click.argument("operation", required=False)
@click.option("--overlay", "overlays", multiple=True, metavar="FILE", help="Apply an OpenAPI Overlay (repeatable).")
@click.option(
    "--remote-host", "remote_hosts", multiple=True, metavar="HOST", help="Let references lead there, by https."
)
@click.option("--json", "as_json", is_flag=True, help="Everything, as one JSON object.")
@click.option("--all", "is_whole", is_flag=True, help="Every operation and finding, not the first of each kind alone.")
@click.option("--strict", is_flag=True, help="End with 1 if anything is degraded.")
def command(
    document: str,
    operation: str | None,
    overlays: tuple[str, ...],
    remote_hosts: tuple[str, ...],
    as_json: bool,
    is_whole: bool,
    strict: bool,
) -> None:
    """Show the operations of DOCUMENT, and what in it works less than it should.

    \b
      syncdyn inspect openapi.yaml
      syncdyn inspect openapi.yaml createPet
      syncdyn inspect openapi.yaml "GET /pets/{id}" --json

    DOCUMENT is a path, an http(s) URL, or - for stdin. With an OPERATION, by operationId, key or method name, that
    one is shown alone: its arguments, body, responses, and a call.
    """
    from syncdyn.cli import inspect_facts, inspect_shown
    from syncdyn.cli.terminal import data_console
    from syncdyn.openapi.contract import Contract
    from syncdyn.openapi.loading import load

    source = sys.stdin.buffer.read() if document == _DASH else document
    fetch = _fetching()
    contract = Contract(load(source, overlays=overlays, fetch=fetch, remote_hosts=remote_hosts))
    if operation is not None:
        one = inspect_facts.operation_facts(contract, inspect_facts.key_of(contract, operation))
        click.echo(_json(one)) if as_json else inspect_shown.show_operation(data_console(), one)
        return
    facts = inspect_facts.document_facts(contract, source, overlays, fetch)
    if as_json:
        click.echo(_json(facts))
    else:
        inspect_shown.show_document(data_console(), facts, None if is_whole else inspect_shown.MOST_SHOWN)
    if strict and any(finding["severity"] == "degraded" for finding in facts["findings"]):
        raise Failure("parts of the document are degraded", FAILED)


def _fetching() -> Fetch:
    """Fetches URLs, each once."""

    @cache
    def fetch(url: str) -> bytes:
        from syncdyn.transport import fetch

        return fetch(url)

    return fetch


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=repr)
