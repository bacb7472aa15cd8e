"""What a user is told at the start of the mistakes in a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.cli.mistakes import tell_mistakes
from mockserver.making import contract_from


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNCDYN_CACHE_DIR", str(tmp_path / "cache"))


def told(path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> str:
    path.write_text(text)
    tell_mistakes(contract_from(path), str(path))
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_mistakes_are_told_on_stderr_with_their_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pets.yaml"
    text = told(path, "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      operationId: a\n", capsys)
    assert f"{path}:4:5 #/paths/~1a/get: no responses" in text


def test_of_a_big_document_it_is_told_how_to_see_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "big.yaml"
    operations = "".join(f"  /{number}: {{get: {{summary: {'a' * 90}}}}}\n" for number in range(4000))
    assert f"syncdyn inspect {path}" in told(path, f"openapi: 3.1.0\npaths:\n{operations}", capsys)
