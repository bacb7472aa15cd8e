"""The last screen of the demo: what was called and checked, what came of it, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from syncdyn.cli.recording import Row

#: How a verdict is shown; None is for what no one could check.
_VERDICTS = {True: ("ok", "green"), False: ("BROKEN", "bold red"), None: ("-", "dim")}
_NO_OPERATION = "(download)"


def show_report(
    console: Console, rows: Sequence[Row], facts: Mapping[str, str], note: str, steps: Sequence[str]
) -> None:
    """Prints the table of exchanges, the facts below it, and the next steps, one to a line."""
    console.print(_table(rows))
    console.print(note, style="dim", soft_wrap=True)
    console.print()
    for name, text in facts.items():
        console.print(f"{name:<10}{text}", soft_wrap=True)
    console.print()
    console.print("Next", style="bold")
    for step in steps:
        console.print(f"  {step}" if step else "", soft_wrap=True)


def _table(rows: Sequence[Row]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("Operation", "Calls", "Status", "Request", "Response", "ms"):
        table.add_column(title, justify="right" if title in ("Calls", "Status", "ms") else "left", no_wrap=True)
    for row in rows:
        table.add_row(
            row.operation or _NO_OPERATION,
            str(row.count),
            "none" if row.status is None else str(row.status),
            _verdict(row.is_request_good),
            _verdict(row.is_response_good),
            "" if row.seconds is None else f"{row.seconds * 1000:.0f}",
        )
    return table


def _verdict(is_good: bool | None) -> Text:
    from rich.text import Text

    return Text(*_VERDICTS[is_good])
