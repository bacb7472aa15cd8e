"""`syncdyn inspect`: what it shows, in what words, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from syncdyn.cli.commands import commands

DOCUMENT = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
servers: [{url: https://pets.example}]
paths:
  /pets/{id}:
    get:
      operationId: getPet
      tags: [pets]
      summary: One pet
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, example: 7}}
        - $ref: "#/components/parameters/Gone"
      responses:
        "200":
          description: A pet
          content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
    delete: {responses: {"204": {description: Gone}}}
components:
  schemas:
    Pet: {type: object, properties: {a: {type: file}, b: {type: file}, c: {type: file}, d: {type: file},
      e: {type: file}, f: {type: file}}}
"""

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`syncdyn inspect` with the words given, where `pets.yaml` is."""
    monkeypatch.chdir(tmp_path)
    Path("pets.yaml").write_text(DOCUMENT)
    return lambda *words, **options: CliRunner().invoke(commands, ["inspect", *words], **options)


def facts(result: Result) -> Any:
    assert result.exit_code == 0
    return json.loads(result.stdout)


def test_the_operations_are_listed_with_their_names(run: Run) -> None:
    shown = run("pets.yaml").stdout
    assert "GET /pets/{id}  pets.get_pet  getPet  [pets]  One pet" in shown
    assert "https://pets.example" in shown


def test_a_finding_has_its_file_line_and_column(run: Run) -> None:
    shown = run("pets.yaml").stdout
    assert "pets.yaml:12:11 #/paths/~1pets~1{id}/get/parameters/1/$ref" in shown
    assert "nothing stands at #/components/parameters/Gone" in shown


def test_of_many_findings_of_a_kind_the_first_are_shown(run: Run) -> None:
    assert "... and 1 more; --all shows them" in run("pets.yaml").stdout
    assert "more; --all" not in run("pets.yaml", "--all").stdout


def test_as_json_everything_is_told(run: Run) -> None:
    told = facts(run("pets.yaml", "--json"))
    assert (told["openapi"], told["title"], told["servers"]) == ("3.1.0", "Pets", ["https://pets.example"])
    assert [one["key"] for one in told["operations"]] == ["GET /pets/{id}", "DELETE /pets/{id}"]
    lines = [one["place"]["line"] for one in told["findings"] if one["kind"] == "type"]
    assert len(lines) == 6


@pytest.mark.parametrize("name", ["getPet", "GET /pets/{id}", "get /pets/{id}", "pets.get_pet"])
def test_one_operation_is_shown_whole(run: Run, name: str) -> None:
    shown = run("pets.yaml", name).stdout
    assert "path id (integer, simple, required)" in shown
    assert "200  A pet  application/json: Pet" in shown
    assert "client.pets.get_pet(id=7)" in shown


def test_one_operation_as_json(run: Run) -> None:
    told = facts(run("pets.yaml", "getPet", "--json"))
    assert told["parameters"][0]["required"] is True
    assert told["body"] is None


def test_a_name_that_was_not_free_is_told_with_its_line(run: Run) -> None:
    paths = {
        "/a": {"get": {"operationId": "x/list", "tags": ["a"]}},
        "/b": {"get": {"operationId": "y/list", "tags": ["a"]}},
    }
    Path("two.json").write_text(json.dumps({"openapi": "3.1.0", "paths": paths}, indent=1))
    (found,) = [one for one in facts(run("two.json", "--json"))["findings"] if one["kind"] == "name"]
    assert found["place"]["line"] == 13
    assert "GET /b is a.list_2, not a.list" in found["message"]


def test_an_unknown_operation_is_asked_after(run: Run) -> None:
    result = run("pets.yaml", "getPets")
    assert result.exit_code == 1
    assert "did you mean 'getPet'" in result.stderr


def test_what_is_degraded_counts_only_when_it_is_strict(run: Run) -> None:
    assert run("pets.yaml").exit_code == 0
    assert run("pets.yaml", "--strict").exit_code == 1


def test_a_document_without_fault_passes_strict(run: Run) -> None:
    Path("fine.json").write_text('{"openapi": "3.0.0", "info": {"title": "A", "version": "1"}, "paths": {}}')
    assert run("fine.json", "--strict").exit_code == 0


def test_a_document_comes_from_standard_input_as_well(run: Run) -> None:
    told = facts(run("-", "--json", input=DOCUMENT))
    assert any(one["place"]["line"] == 12 for one in told["findings"] if one["place"])


def test_what_an_overlay_brings_has_no_line(run: Run) -> None:
    update = {"get": {"consumes": ["a/b"]}}
    overlay = {"overlay": "1.0.0", "info": {"title": "A", "version": "1"}, "actions": [
        {"target": "$.paths['/pets/{id}']", "update": update},
    ]}  # fmt: skip
    Path("overlay.json").write_text(json.dumps(overlay))
    told = facts(run("pets.yaml", "--overlay", "overlay.json", "--json"))
    places = {one["kind"]: one["place"] for one in told["findings"]}
    assert places["swagger-2"] is None
    assert places["reference"]["line"] == 12


def test_a_finding_in_another_file_has_its_line_there(run: Run) -> None:
    Path("more.yaml").write_text("schemas:\n  Pet:\n    type: file\n")
    root = {"openapi": "3.1.0", "paths": {}, "components": {"schemas": {"Pet": {"$ref": "more.yaml#/schemas/Pet"}}}}
    Path("root.json").write_text(json.dumps(root))
    (found,) = [one for one in facts(run("root.json", "--json"))["findings"] if one["kind"] == "type"]
    assert (Path(found["place"]["file"]).name, found["place"]["line"]) == ("more.yaml", 3)


def test_references_lead_to_other_hosts_where_that_is_allowed(run: Run) -> None:
    """Nobody listens on port 1: the reference may be followed, and leads nowhere."""
    elsewhere = {"$ref": "https://127.0.0.1:1/pets.json#/Pet"}
    root = {"openapi": "3.1.0", "paths": {}, "components": {"schemas": {"Pet": elsewhere}}}
    Path("root.json").write_text(json.dumps(root))
    refused = run("root.json")
    assert (refused.exit_code, "--remote-host" in refused.stderr) == (1, True)
    found = facts(run("root.json", "--json", "--remote-host", "127.0.0.1:1"))["findings"]
    assert any("could not be fetched" in finding["message"] for finding in found)


@pytest.mark.parametrize("text", ['{"swagger": "2.0"}', "<html>", "{", "a: [", ""])
def test_what_cannot_be_opened_is_one_message(run: Run, text: str) -> None:
    Path("bad.yaml").write_text(text)
    result = run("bad.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "bad.yaml" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_style_of_another_location_is_told_with_the_one_that_is_used(run: Run) -> None:
    text = Path("pets.yaml").read_text()
    Path("styled.yaml").write_text(text.replace("{name: id, in: path,", "{name: id, in: path, style: form,"))
    shown = run("styled.yaml").stdout
    assert "'id' in path has 'form'; simple is used; allowed: simple, label, matrix" in shown


def test_what_was_perhaps_meant_is_told_once(run: Run) -> None:
    told = run("pets.yaml", "pets.get_pett").stderr
    assert told.count("'pets.get_pet'") == 1
