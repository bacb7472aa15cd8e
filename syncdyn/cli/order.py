"""What `syncdyn batch` is asked to do, what of it is refused, and how it is asked to go on."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from syncdyn.cli.options import without_user
from syncdyn.cli.program import program

OUTPUT = "output.jsonl"
INTERVAL_SECONDS = 60
#: A file of this name is standard input or output.
DASH = Path("-")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done: the options, as given."""

    input_file: Path | None
    batch_id: str | None
    monitor: bool
    dry_run: bool
    output: Path
    force: bool
    interval: float
    timeout: float | None
    webhook_url: str | None
    base_url: str | None


_REFUSALS: tuple[tuple[Callable[[Order], object], str], ...] = (
    (
        lambda order: order.input_file is None and order.batch_id is None,
        "--input-file FILE is needed to create a batch, or --batch-id ID --monitor to follow one",
    ),
    (
        lambda order: order.input_file is not None and order.batch_id is not None,
        "--input-file creates a batch and --batch-id follows one that is there: give one of them",
    ),
    (
        lambda order: order.batch_id is not None and order.dry_run,
        "--dry-run checks a file; with --batch-id there is none to check",
    ),
    (
        lambda order: order.batch_id is not None and not order.monitor,
        "with --batch-id alone there is nothing to do: add --monitor",
    ),
    (
        lambda order: order.batch_id is not None and order.webhook_url is not None,
        "--webhook-url is set when a batch is created; it cannot be changed for --batch-id",
    ),
    (
        lambda order: order.batch_id is not None and not order.batch_id.strip(),
        "--batch-id is empty",
    ),
)


def refuse(order: Order) -> None:
    """Raises UsageError for options that make no sense together, before anything is sent."""
    for applies, message in _REFUSALS:
        if applies(order):
            raise click.UsageError(message)
    if order.monitor and not order.dry_run and order.output != DASH:
        _refuse_output(order)


def _refuse_output(order: Order) -> None:
    output = order.output
    if output.is_dir():
        raise click.UsageError(f"--output: {output} is a folder")
    if order.input_file not in (None, DASH) and output.exists() and output.samefile(order.input_file):
        raise click.UsageError(f"--output: {output} is the input file")
    if output.exists() and not order.force:
        raise click.UsageError(f"{output} exists already: --force replaces it, --output FILE names another")
    if not output.parent.is_dir():
        raise click.UsageError(f"--output: there is no folder {output.parent}")
    if not os.access(output.parent, os.W_OK):
        raise click.UsageError(f"--output: the folder {output.parent} cannot be written to")


def following(batch_id: str, order: Order) -> str:
    """The command that takes up where this one ended, with the options that it was given."""
    given = (
        ("--base-url", without_user(order.base_url) if order.base_url else None),
        ("--output", str(order.output) if str(order.output) != OUTPUT else None),
        ("--interval", f"{order.interval:.12g}" if order.interval != INTERVAL_SECONDS else None),
        ("--timeout", f"{order.timeout:.12g}" if order.timeout is not None else None),
    )
    options = [word for name, value in given if value is not None for word in (name, value)]
    force = ["--force"] if order.force else []
    return shlex.join([program(), "batch", "--batch-id", batch_id, "--monitor", *options, *force])
