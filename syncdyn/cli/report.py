"""The last screen of the demo: what was called and checked, what came of it, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod
    from rich.table import Table
    from rich.text import Text

    from syncdyn.cli.recording import Row

#: How a verdict is shown; None is for what no one could check.
_VERDICTS = {True: ("ok", "green"), False: ("BROKEN", "bold red"), None: ("-", "dim")}
_NO_OPERATION = "(download)"


#: The columns of the table, from the widest choice to the narrowest; the first that fits the screen is shown.
_CHOICES = (
    ("Operation", "Calls", "Status", "Request", "Response", "ms a call"),
    ("Operation", "Calls", "Status", "Request", "Response"),
    ("Operation", "Status", "Request", "Response"),
    ("Operation", "Status", "Checks"),
    ("Operation", "Checks"),
)
_RIGHT = frozenset({"Calls", "Status", "ms a call"})
_BOUNDLESS = 1000


def show_report(
    console: Console, rows: Sequence[Row], facts: Mapping[str, str], note: str, steps: Sequence[str]
) -> None:
    """Prints the table of exchanges, the facts below it, and the next steps, one to a line."""
    console.print(_fitting(console, [_table(titles, rows) for titles in _CHOICES]))
    console.print(note, style="dim")
    console.print()
    console.print(_listed(facts))
    console.print()
    console.print("Next", style="bold")
    for step in steps:
        # As it is to be copied: no line is broken.
        console.print(f"  {step}" if step else "", soft_wrap=True)


def _fitting(console: Console, tables: Sequence[Table]) -> Table:
    """The first table that needs no more than the width of the screen, else the last."""
    boundless = console.options.update(max_width=_BOUNDLESS)
    needed = (console.measure(table, options=boundless).maximum for table in tables)
    return next((table for table, width in zip(tables, needed, strict=True) if width <= console.width), tables[-1])


def _table(titles: Sequence[str], rows: Sequence[Row]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in titles:
        # A name may be broken into lines only where there is no room for it in one.
        justify: JustifyMethod = "right" if title in _RIGHT else "left"
        table.add_column(title, justify=justify, no_wrap=titles != _CHOICES[-1], overflow="fold")
    for row in rows:
        cells = _cells(row)
        table.add_row(*(cells[title] for title in titles))
    return table


def _cells(row: Row) -> dict[str, Text | str]:
    """What each column says of a row, by title."""
    verdicts = (row.is_request_good, row.is_response_good)
    return {
        "Operation": row.operation or _NO_OPERATION,
        "Calls": str(row.count),
        "Status": "none" if row.status is None else str(row.status),
        "Request": _verdict(row.is_request_good),
        "Response": _verdict(row.is_response_good),
        "Checks": _verdict(None if None in verdicts and False not in verdicts else all(verdicts)),
        "ms a call": "" if row.seconds is None else f"{row.seconds * 1000:.0f}",
    }


def _listed(facts: Mapping[str, str]) -> Table:
    """Names and texts side by side, a long text broken into lines within its own column."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, text in facts.items():
        grid.add_row(name, text)
    return grid


def _verdict(is_good: bool | None) -> Text:
    from rich.text import Text

    return Text(*_VERDICTS[is_good])
