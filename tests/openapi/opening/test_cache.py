"""What is kept for the next time: never in the way of who could do without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from syncdyn.openapi.opening.cache import read_cached, write_cached
from syncdyn.openapi.opening.sites import joined


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


def test_what_json_cannot_hold_is_not_kept(tmp_path: Path) -> None:
    assert not write_cached(tmp_path, "a", nested(100_000))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_another_process_removes_meanwhile_is_no_trouble(tmp_path: Path) -> None:
    # Links to nowhere: in the folder's list, and gone when they are looked at.
    for number in range(3):
        (tmp_path / f"{number:064x}.seen").symlink_to(tmp_path / "gone")
    assert write_cached(tmp_path, "a", [1])
    assert read_cached(tmp_path, "a") == [1]


def test_a_reference_that_is_no_address_stands_for_itself() -> None:
    assert joined("file:///a.yaml", "http://[b") == "http://[b"
