"""Every scenario file is played in process; a sample of them over a socket, with curl itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mockserver.making import contract_from
from syncdyn.openapi.inspecting.mistakes import mistakes_told
from tests.mockserver.harness.playing import behind_a_socket, by_program, in_process, on_free_ports, play
from tests.mockserver.harness.reading import Scenario, read_scenario

_FOLDER = Path(__file__).parent / "scenarios"
_FILES = sorted(_FOLDER.rglob("*.txt"))
#: What has to have a socket is played over one alone; of what is left the first of each folder is, too.
_NEEDS_A_SOCKET, _NEEDS_A_PROGRAM = "proxy", "prefixes"


def _name(path: Path) -> str:
    return str(path.relative_to(_FOLDER).with_suffix(""))


_OF_PROGRAMS = [path for path in _FILES if path.parent.name == _NEEDS_A_PROGRAM]
_OF_SOCKETS = [path for path in _FILES if path.parent.name == _NEEDS_A_SOCKET]
_OTHERS = [path for path in _FILES if path not in _OF_PROGRAMS and path not in _OF_SOCKETS]
_SAMPLE = list({path.parent: path for path in reversed(_OTHERS)}.values())
_WITH_WARNINGS = [path for path in _OTHERS if read_scenario(path).warnings]

_with_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")


@pytest.mark.parametrize("path", _OTHERS, ids=_name)
def test_a_story_goes_as_told(path: Path, tmp_path: Path) -> None:
    scenario = read_scenario(path)
    with in_process(scenario, tmp_path) as ask:
        assert play(scenario, ask) == []


@pytest.mark.parametrize("path", _WITH_WARNINGS, ids=_name)
def test_the_mistakes_of_a_document_are_told_with_their_places(path: Path, tmp_path: Path) -> None:
    scenario = read_scenario(path)
    document = tmp_path / "document.yaml"
    document.write_text(scenario.document, encoding="utf-8")
    told = mistakes_told(contract_from(document), document, most=100)
    missing = [part for part in scenario.warnings if not any(f"{document}:" in line and part in line for line in told)]
    assert missing == [], "\n".join(told)


@_with_curl
@pytest.mark.parametrize("path", [*_SAMPLE, *_OF_SOCKETS], ids=_name)
def test_a_story_goes_as_told_over_a_socket(path: Path, tmp_path: Path) -> None:
    scenario = _moved(path, tmp_path)
    with behind_a_socket(scenario, tmp_path) as ask:
        assert play(scenario, ask) == []


@_with_curl
@pytest.mark.parametrize("path", [*_OF_PROGRAMS, _OF_SOCKETS[0]], ids=_name)
def test_a_story_goes_as_told_by_the_command(path: Path, tmp_path: Path) -> None:
    scenario = _moved(path, tmp_path)
    with by_program(scenario, tmp_path) as ask:
        assert play(scenario, ask) == []


def _moved(path: Path, folder: Path) -> Scenario:
    """The scenario in a file, at ports that are free."""
    moved = folder / "moved.txt"
    moved.write_text(on_free_ports(path.read_text(encoding="utf-8")), encoding="utf-8")
    return read_scenario(moved)


def test_there_are_as_many_stories_as_promised() -> None:
    assert len(_FILES) >= 120


def test_each_story_has_a_title_of_its_own() -> None:
    titles = [read_scenario(path).title for path in _FILES]
    assert len(set(titles)) == len(titles)
