"""The name by which the program can be called again."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncdyn.cli.program import name_of


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A script of the name, in an environment inside the working folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / ".venv" / "bin" / "syncdyn"
    path.parent.mkdir(parents=True)
    path.touch()
    return path


def test_what_the_path_knows_goes_by_its_name(script: Path) -> None:
    assert name_of(str(script), str(script)) == "syncdyn"


@pytest.mark.parametrize("found", [None, "other/syncdyn"], ids=["none on the PATH", "another on the PATH"])
def test_what_the_path_does_not_know_goes_by_its_own_path(script: Path, found: str | None) -> None:
    if found is not None:
        Path(found).parent.mkdir()
        Path(found).touch()
    assert name_of(str(script), found) == str(Path(".venv/bin/syncdyn"))


def test_a_script_elsewhere_goes_by_the_path_it_was_called_by(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (script.parent / "here").mkdir()
    monkeypatch.chdir(script.parent / "here")
    assert name_of(str(script), None) == str(script)


@pytest.mark.parametrize("called", ["-c", "", "python -m", "lib/syncdyn/cli/__main__.py", "none/syncdyn"])
def test_what_is_no_script_of_the_name_goes_by_its_name(script: Path, called: str) -> None:
    assert name_of(called, None) == "syncdyn"
