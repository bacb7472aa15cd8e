"""`syncdyn batch`: a batch of the bundled API from a JSON Lines file to its results."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from syncdyn.cli.exit_codes import FAILED, JOB_FAILED, REQUEST_BREAKS_CONTRACT, WAIT_TIMED_OUT, described
from syncdyn.cli.group import Failure
from syncdyn.cli.options import FILE_OR_DASH, seconds, url, without_user
from syncdyn.cli.order import DASH, INTERVAL_SECONDS, OUTPUT, Order, following, refuse

if TYPE_CHECKING:
    from syncdyn.waiting import Progress

_MOST_FAULTS = 20


@click.command(name="batch", context_settings={"help_option_names": ["-h", "--help"]}, epilog=f"\b\n{described()}")
@click.option("--input-file", type=FILE_OR_DASH, metavar="FILE", help="JSON Lines: one request to a line; - for stdin.")
@click.option("--batch-id", metavar="ID", help="Follow this batch; needs --monitor.")
@click.option("--monitor", is_flag=True, help="Wait for the end, then save the results.")
@click.option("--dry-run", is_flag=True, help="Have the file checked; create nothing.")
@click.option(
    "--output", type=click.Path(path_type=Path), default=OUTPUT, show_default=True, metavar="FILE",
    help="Where the results go; - for stdout.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace the output file if there is one.")
@click.option(
    "--interval",
    type=seconds,
    default=INTERVAL_SECONDS,
    show_default=True,
    help="Time between two looks at the batch, in seconds.",
)
@click.option("--timeout", type=seconds, help="Wait no longer than this, in seconds.")
@click.option("--webhook-url", type=url, help="Have this address called when the batch ends.")
@click.option("--base-url", type=url, help="Server to use, if not the API's own.")
def command(**options: Any) -> None:
    """Check, create and follow a batch. The key is taken from SYNC_API_KEY.

    \b
      syncdyn batch --input-file input.jsonl --dry-run
      syncdyn batch --input-file input.jsonl --monitor
      syncdyn batch --batch-id ID --monitor

    Every line is checked here before anything is sent. On stdout stands the id of the batch; with --monitor the
    path of the results instead, or by --output - the results themselves; with --dry-run the verdict. A batch of
    which some items failed ends with 9, its results saved all the same.
    """
    order = Order(**options)
    refuse(order)
    from syncdyn.cli.terminal import contract_warnings_told
    from syncdyn.sync import Sync

    with contract_warnings_told(), Sync(base_url=order.base_url) as client:
        _carry_out(client, order)


def _carry_out(client: Any, order: Order) -> None:
    if order.batch_id is not None:
        _follow(client, order.batch_id, order)
        return
    made = _create(client, order)
    if order.dry_run:
        _tell("The file is valid; nothing was created." + (" There is nothing to monitor." if order.monitor else ""))
        click.echo(made.status)
        return
    # Told before all else: whatever fails from now on, the batch can be found again.
    _tell(f"Created batch {made.id}")
    if order.monitor:
        _follow(client, made.id, order)
    else:
        _tell(f"Follow it with: {following(made.id, order)}")
        click.echo(made.id)


def _create(client: Any, order: Order) -> Any:
    """The answer to the request. Raises Failure with every fault of the file when it has any."""
    from syncdyn.errors import RequestValidationError

    assert order.input_file is not None
    name, content = _input(order.input_file)
    optional = {"webhook_url": order.webhook_url, "dry_run": order.dry_run or None}
    named = {name: value for name, value in optional.items() if value is not None}
    try:
        with nullcontext() if order.dry_run else _told_that_it_may_be_there(order):
            return client.batch.create(input=(_upload_name(order.input_file), content), **named)
    except RequestValidationError as error:
        raise Failure(_report(name, content, error.violations), REQUEST_BREAKS_CONTRACT) from error


def _input(path: Path) -> tuple[str, bytes]:
    """Name and content of the file, or of what standard input gives."""
    if path == DASH:
        return "stdin", sys.stdin.buffer.read()
    return str(path), path.read_bytes()


def _upload_name(path: Path) -> str:
    return "stdin.jsonl" if path == DASH else path.name


@contextmanager
def _told_that_it_may_be_there(order: Order) -> Iterator[None]:
    """Says so, when a creation ends without telling whether it was done: sent again, it would be paid for twice."""
    from syncdyn.errors import ApiConnectionError, ServerError, UnexpectedResponseError

    try:
        yield
    except (KeyboardInterrupt, ApiConnectionError, ServerError, UnexpectedResponseError) as error:
        if _may_have_arrived(error):
            server = f'base_url="{without_user(order.base_url)}"' if order.base_url else ""
            _tell(f"The batch may have been created; look with Sync({server}).batch.list() before sending it again.")
        raise


def _may_have_arrived(error: BaseException) -> bool:
    """Whether a request could have reached the server; one that found no connection could not."""
    from syncdyn.transport import BlockingTransport

    cause = error.__cause__
    return not isinstance(cause, Exception) or BlockingTransport().failure(cause).was_sent


def _report(name: str, content: bytes, violations: tuple[Any, ...]) -> str:
    """All faults, by line; past some twenty only their number."""
    placed = sorted((_placed(violation) for violation in violations), key=lambda place: place[0])
    shown = [f"  {text}" for _, text in placed[:_MOST_FAULTS]]
    if len(placed) > _MOST_FAULTS:
        shown.append(f"  ... and {len(placed) - _MOST_FAULTS} more")
    bad = len({line for line, _ in placed if line})
    lines = sum(1 for line in content.split(b"\n") if line.strip())
    count = f"{len(placed)} fault" + ("s" if len(placed) != 1 else "")
    where = f" in {bad} of {lines} lines" if bad else ""
    return "\n".join([f"{name} has {count}{where}; nothing was sent:", *shown])


def _placed(violation: Any) -> tuple[int, str]:
    """The line that a violation is about, 0 for none, and what to say of it."""
    from dataclasses import replace

    from syncdyn.openapi.records import Line

    at = next((index for index, step in enumerate(violation.path) if isinstance(step, Line)), None)
    if at is None:
        return 0, str(violation)
    inner = str(replace(violation, location="", path=violation.path[at + 1 :]))
    line = int(violation.path[at])
    return line, f"line {line}: {inner.lstrip('.').removeprefix(': ')}"


def _follow(client: Any, batch_id: str, order: Order) -> None:
    """Waits for the end, and saves the results."""
    from syncdyn.cli.terminal import message_console, wait_shown
    from syncdyn.errors import JobFailedError

    with _told_how_to_go_on(batch_id, order):
        try:
            with wait_shown(f"Batch {batch_id}", _described, message_console()) as progress:
                batch = client.batch.wait(batch_id, interval=order.interval, deadline=order.timeout, progress=progress)
        except JobFailedError as error:
            # What was done before it failed is not thrown away.
            if error.result.output_url:
                _save(client, error.result, order)
            raise
        _finish(client, batch, order)


@contextmanager
def _told_how_to_go_on(batch_id: str, order: Order) -> Iterator[None]:
    from syncdyn.errors import ApiConnectionError, WaitTimeoutError

    going_on = f"The batch goes on without you; follow it with: {following(batch_id, order)}"
    try:
        yield
    except WaitTimeoutError as error:
        message = f"batch {batch_id} was still {error.state or 'unknown'} at the end of the wait"
        raise Failure(f"{message}\n{going_on}", WAIT_TIMED_OUT) from error
    except (KeyboardInterrupt, ApiConnectionError):
        _tell(going_on)
        raise


def _finish(client: Any, batch: Any, order: Order) -> None:
    failed = _count(batch, "failed_count")
    if not batch.output_url:
        code = JOB_FAILED if failed else FAILED
        raise Failure(f"batch {batch.id} ended as {batch.status}, but offers no results; nothing was saved", code)
    place = _save(client, batch, order)
    summary = f"{_count(batch, 'success_count')} succeeded, {failed} failed"
    if failed:
        raise Failure(f"{summary}; {place} tells why", JOB_FAILED)
    _tell(summary)


def _save(client: Any, batch: Any, order: Order) -> str:
    """Where the results are now, in words: the path, which is told, or stdout, where nothing but them may stand."""
    if order.output != DASH:
        path: Path = client.download(batch, order.output, overwrite=order.force)
        click.echo(path)
        return str(path)
    # As a whole, or not at all: what reads them is not to take a half for all.
    with TemporaryDirectory() as folder, client.download(batch, Path(folder, OUTPUT)).open("rb") as results:
        shutil.copyfileobj(results, sys.stdout.buffer)
    sys.stdout.buffer.flush()
    return "stdout"


def _described(progress: Progress) -> str:
    batch = progress.result
    counts = (f"{_count(batch, f'{kind}_count')} {word}" for kind, word in _COUNTS)
    return f"{progress.state}, {', '.join(counts)}"


_COUNTS = (("success", "succeeded"), ("failed", "failed"), ("pending", "pending"))


def _count(batch: Any, name: str) -> int:
    return getattr(batch.metrics, name, None) or 0


def _tell(message: str) -> None:
    click.echo(message, err=True)
