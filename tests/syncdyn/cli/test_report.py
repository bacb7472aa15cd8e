"""The last screen of the demo, on screens of any width."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from syncdyn.cli.recording import Row
from syncdyn.cli.report import show_report

ROWS = (
    Row("createGeneration", 201, 1, 0.083, True, True),
    Row("generationFinished (webhook)", 204, 1, None, True, True),
    Row("getBatch", 200, 12, 0.002, True, False),
    Row(None, 200, 2, 0.001, None, None),
)


def shown(width: int, rows: tuple[Row, ...] = ROWS) -> list[str]:
    """The lines on a screen that wide."""
    screen = io.StringIO()
    console = Console(file=screen, width=width)
    show_report(console, rows, {"Batch": "3 results read, each as the document promises"}, "All checked.", ())
    return screen.getvalue().splitlines()


@pytest.mark.parametrize("width", [30, 40, 50, 60, 70, 80, 120])
def test_on_no_screen_is_a_line_too_long_or_a_name_cut(width: int) -> None:
    lines = shown(width)
    assert max(len(line) for line in lines) <= width
    assert "\u2026" not in "".join(lines)
    text = " ".join(" ".join(lines).split())
    assert all(word in text for word in ("createGeneration", "generationFinished", "(webhook)", "BROKEN", "promises"))


@pytest.mark.parametrize(
    ("width", "titles"),
    [
        (90, ["Operation", "Calls", "Status", "Request", "Response", "ms", "a", "call"]),
        (72, ["Operation", "Calls", "Status", "Request", "Response"]),
        (64, ["Operation", "Status", "Request", "Response"]),
        (50, ["Operation", "Status", "Checks"]),
        (40, ["Operation", "Checks"]),
        (30, ["Operation", "Checks"]),
    ],
)
def test_the_least_telling_columns_go_first(width: int, titles: list[str]) -> None:
    assert next(line.split() for line in shown(width) if "Operation" in line) == titles


VERDICTS = {(True, True): "ok", (True, False): "BROKEN", (False, None): "BROKEN", (None, None): "-", (True, None): "-"}


@pytest.mark.parametrize(("found", "told"), VERDICTS.items(), ids=str)
def test_a_single_verdict_is_no_better_than_the_two(found: tuple[bool | None, bool | None], told: str) -> None:
    lines = shown(22, (Row("one", 200, 1, 0.1, *found),))
    assert next(line.split() for line in lines if line.strip().startswith("one")) == ["one", told]
