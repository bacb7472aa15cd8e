"""What is shown while a command works: on a terminal it moves and has colours, in a pipe it is plain lines."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from syncdyn.errors import ContractWarning

if TYPE_CHECKING:
    from rich.console import Console

    from syncdyn.waiting import Progress

#: What a wait has come to, in words.
Describe = Callable[["Progress"], str]


def data_console() -> Console:
    """The console for results: stdout."""
    return _console(is_error=False)


def message_console() -> Console:
    """The console for progress and messages: stderr."""
    return _console(is_error=True)


def _console(*, is_error: bool) -> Console:
    from rich.console import Console

    # Texts are the user's and the service's: nothing in them is markup.
    return Console(stderr=is_error, markup=False, highlight=False, emoji=False)


@contextmanager
def wait_shown(title: str, describe: Describe, console: Console) -> Iterator[Callable[[Progress], None]]:
    """A progress callback for a wait: a moving bar and a last line, or, without a terminal, a line for each change."""
    if not console.is_terminal:
        yield _lines(title, describe)
        return
    bar = _bar(console)
    task = bar.add_task(title, total=None)

    told = title

    def move(progress: Progress) -> None:
        nonlocal told
        told = f"{title}: {describe(progress)}"
        bar.update(task, description=told, completed=progress.done or 0, total=progress.total or None)

    with bar:
        yield move
    console.print(told, soft_wrap=True)


def _lines(title: str, describe: Describe) -> Callable[[Progress], None]:
    told: list[str] = []

    def tell(progress: Progress) -> None:
        text = f"{title}: {describe(progress)}"
        if told[-1:] != [text]:
            told[:] = [text]
            click.echo(text, err=True)

    return tell


def _bar(console: Console) -> Any:
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    return Bar(
        SpinnerColumn("line" if console.options.ascii_only else "dots"),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


@contextmanager
def contract_warnings_told() -> Iterator[None]:
    """Broken promises of the service, told as messages while the block runs, each once."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", ContractWarning)
        told: set[str] = set()
        others = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
            if not issubclass(category, ContractWarning):
                others(message, category, *place, **more)
            elif str(message) not in told:
                told.add(str(message))
                click.echo(f"Warning: {message}", err=True)

        warnings.showwarning = show
        yield
