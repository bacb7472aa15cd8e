"""`python -m tests.mockserver.harness FILES`: run scenario files, Prism's too, against a server that a program starts.

`--program "syncdyn"` names another program; `--words "--prism"` are put after the words of each server.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.mockserver.harness.playing import by_program, play
from tests.mockserver.harness.reading import Scenario, read_scenario


def main() -> int:
    """1 if a scenario went otherwise than told, else 0."""
    parser = argparse.ArgumentParser(prog="harness", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, help="files, or folders of *.txt")
    parser.add_argument("--program", default="", help="what serves; without it the syncdyn of this Python")
    parser.add_argument("--words", default="", help="words for every server, such as --prism")
    given = parser.parse_args()
    files = [file for path in given.paths for file in (sorted(path.rglob("*.txt")) if path.is_dir() else [path])]
    failed = [file for file in files if not _passes(file, shlex.split(given.program), given.words)]
    print(f"{len(files) - len(failed)} of {len(files)} pass")
    return 1 if failed else 0


def _passes(file: Path, program: list[str], words: str) -> bool:
    try:
        scenario = read_scenario(file)
        found = _play(replace(scenario, server=f"{scenario.server} {words}"), program)
    except Exception as error:
        found = [f"{type(error).__name__}: {error}"]
    print(f"{'FAIL' if found else 'pass'} {file}", *found, sep="\n  ")
    return not found


def _play(scenario: Scenario, program: list[str]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder, by_program(scenario, Path(folder), program) as ask:
        return play(scenario, ask)


if __name__ == "__main__":
    sys.exit(main())
