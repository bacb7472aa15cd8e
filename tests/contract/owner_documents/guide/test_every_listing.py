"""Each numbered listing of the owner's guide is retyped in one test file."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.contract.owner_documents.guide.playing import LISTINGS


def _retyped(path: Path) -> list[str]:
    """The lines of the LISTING in a test file, without indentation; none where there is none."""
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "LISTING":
            return [line.strip() for line in str(ast.literal_eval(statement.value)).splitlines()]
    return []


def test_each_listing_of_the_guide_has_a_file() -> None:
    retyped = [_retyped(path) for path in Path(__file__).parent.glob("test_*.py")]
    assert len(LISTINGS) == 18
    assert sorted(filter(None, retyped)) == sorted(LISTINGS)
