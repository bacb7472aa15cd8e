"""`syncdyn lint`: the verdict of the specification's own schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from syncdyn.cli.commands import commands

FINE: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": {}}

Run = Callable[..., Result]


@pytest.fixture
def lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`syncdyn lint` on a document with these members."""
    monkeypatch.chdir(tmp_path)

    def run(**members: Any) -> Result:
        Path("a.json").write_text(json.dumps({**FINE, **members}, indent=1))
        return CliRunner().invoke(commands, ["lint", "a.json"])

    return run


@pytest.mark.parametrize("version", ["3.0.3", "3.1.1", "3.2.0"])
def test_a_valid_document_of_each_version_is_told_so(lint: Run, version: str) -> None:
    result = lint(openapi=version)
    assert (result.exit_code, result.stdout) == (0, "a.json is valid\n")


def test_each_fault_has_a_line_of_its_own_with_its_place(lint: Run) -> None:
    result = lint(info={"title": 5}, tags="none")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 3
    assert "a.json:4:3 #/info/title 5 is not of type" in result.stdout
    assert "a.json is not valid: 3 faults" in result.stderr


def test_a_fault_deep_in_a_schema_is_told_where_it_stands(lint: Run) -> None:
    result = lint(components={"schemas": {"A": {"properties": {"b": {"required": ["c", "c"]}}}}})
    assert "#/components/schemas/A/properties/b/required" in result.stdout


def test_a_long_value_is_shortened(lint: Run) -> None:
    result = lint(tags={"name": "x" * 10_000})
    assert len(result.stdout) < 400


def test_a_reference_out_of_the_document_is_not_fetched(lint: Run) -> None:
    schemas = {"A": {"$ref": "file:///etc/hosts"}, "B": {"$ref": "http://127.0.0.1:1/"}}
    result = lint(components={"schemas": schemas})
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_what_is_no_document_is_one_message(lint: Run) -> None:
    Path("b.json").write_text('{"swagger": "2.0"}')
    result = CliRunner().invoke(commands, ["lint", "b.json"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "convert it to OpenAPI 3" in result.stderr


def test_a_document_of_many_paths_is_announced_to_be_slow(lint: Run) -> None:
    paths: dict[str, Any] = {f"/{number}": {} for number in range(101)}
    assert "may take some seconds" in lint(paths=paths).stderr


def test_a_default_that_breaks_its_schema_is_told_where_it_stands(lint: Run) -> None:
    schemas = {"A": {"type": "string", "default": "x"}, "B": {"type": "integer", "default": "x"}}
    result = lint(components={"schemas": schemas})
    assert result.stdout == "a.json:16:5 #/components/schemas/B/default the default: 'x' is not of type 'integer'\n"
