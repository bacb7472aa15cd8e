"""The stubs beside the code: current, true to what there is when the program runs, and of use to type checkers."""

from __future__ import annotations

import ast
import inspect
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from runpy import run_module
from typing import Any

import pytest

import syncdyn
from syncdyn import AsyncSync, Sync
from syncdyn.client import BaseClient
from syncdyn.doors.naming import RESOURCE_NAMES
from syncdyn.model import Model
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.stubs import main, stub_files
from syncdyn.sync import bundled_types

PACKAGE = Path(syncdyn.__file__).parent
ROOT = Path(__file__).parents[2]
REQUIRED = "required"
CLIENTS = [pytest.param(Sync, id="blocking"), pytest.param(AsyncSync, id="awaited")]


def test_the_committed_stubs_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_a_stub_that_is_not_current_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([], tmp_path)
    (tmp_path / "common.pyi").write_text("")
    assert main(["--check"], tmp_path) == 1
    assert "common.pyi" in capsys.readouterr().err


# ---- what the stubs say is what there is ------------------------------------------------------------------------


def classes(file: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse((PACKAGE / file).read_text("utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def functions(node: ast.ClassDef | ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (one for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))


def methods(node: ast.ClassDef) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    return {one.name: one for one in functions(node) if not one.decorator_list}


def properties(node: ast.ClassDef) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    return {one.name: one for one in functions(node) if one.decorator_list}


def stated(function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[dict[str, Any], dict[str, Any]]:
    """The positional and the keyword-only arguments that a stub states, each with its default."""
    given = function.args
    values = [REQUIRED] * (len(given.args) - len(given.defaults)) + [ast.literal_eval(one) for one in given.defaults]
    positional = dict(zip((one.arg for one in given.args), values, strict=True))
    positional.pop("self", None)
    defaults = (REQUIRED if one is None else ast.literal_eval(one) for one in given.kw_defaults)
    return positional, dict(zip((one.arg for one in given.kwonlyargs), defaults, strict=True))


def actual(function: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same of a function that runs."""
    found = {name: one for name, one in inspect.signature(function).parameters.items() if name != "self"}
    default = {name: REQUIRED if one.default is one.empty else one.default for name, one in found.items()}
    positional = {name: default[name] for name, one in found.items() if one.kind is one.POSITIONAL_OR_KEYWORD}
    return positional, {name: default[name] for name, one in found.items() if one.kind is one.KEYWORD_ONLY}


def resources(client: type[BaseClient]) -> Iterator[tuple[Any, ast.ClassDef]]:
    """Each resource of a client with the class that the stub has for it, then the raw ones."""
    known = classes("sync.pyi")
    made: Any = client(api_key="key")  # type: ignore[call-arg]
    for name, one in properties(known[client.__name__]).items():
        node = known[ast.unparse(one.returns or one)]
        yield getattr(made, name), node
        raw = properties(node)["with_raw_response"].returns
        yield getattr(made, name).with_raw_response, known[ast.unparse(raw or node)]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_has_the_resources_of_the_document(client: type[BaseClient]) -> None:
    made: Any = client(api_key="key")  # type: ignore[call-arg]
    assert set(properties(classes("sync.pyi")[client.__name__])) == set(made._names.resources)


@pytest.mark.parametrize("client", CLIENTS)
def test_every_method_takes_what_it_takes_when_it_runs(client: type[BaseClient]) -> None:
    for resource, node in resources(client):
        assert set(methods(node)) == set(dir(resource)) - RESOURCE_NAMES
        for name, function in methods(node).items():
            assert stated(function) == actual(getattr(resource, name)), f"{node.name}.{name}"


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_is_made_and_used_as_it_says(client: type[BaseClient]) -> None:
    known = methods(classes("sync.pyi")[client.__name__])
    _, keywords = stated(known.pop("__init__"))
    assert keywords == actual(client.__init__)[1]
    for name, function in known.items():
        assert stated(function) == actual(getattr(client, name)), name


def test_the_functions_of_the_module_take_what_they_say() -> None:
    module = ast.parse((PACKAGE / "sync.pyi").read_text("utf-8"))
    for function in functions(module):
        assert stated(function) == actual(getattr(import_module("syncdyn.sync"), function.name)), function.name


def test_awaited_methods_are_those_that_do_not_iterate() -> None:
    for name, node in classes("sync.pyi").items():
        for function in methods(node).values():
            is_iterator = ast.unparse(function.returns or function).startswith(("Iterator[", "AsyncIterator["))
            is_awaited = name.startswith("_Async") and not is_iterator
            if name.startswith("_"):
                assert isinstance(function, ast.AsyncFunctionDef) is is_awaited, f"{name}.{function.name}"


def test_a_class_has_the_members_of_its_schema() -> None:
    for name, node in classes("common.pyi").items():
        if name != "_Object":
            kind = getattr(import_module("syncdyn.common"), name)
            members = {field.name for field, _ in kind.__members__.values()}
            assert issubclass(kind, Model)
            assert set(properties(node)) == members
            assert set(stated(methods(node)["__init__"])[1]) == members


def test_the_names_of_the_stubs_can_be_imported() -> None:
    for file in ("common", "environment", "sync"):
        module = import_module(f"syncdyn.{file}")
        for node in ast.parse((PACKAGE / f"{file}.pyi").read_text("utf-8")).body:
            name = node.target.id if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) else ""
            name = node.name if isinstance(node, ast.ClassDef | ast.FunctionDef) else name
            assert not name or name.startswith("_") or hasattr(module, name), f"{file}.{name}"


def test_every_name_at_the_top_can_be_imported() -> None:
    tree = ast.parse((PACKAGE / "__init__.pyi").read_text("utf-8"))
    (names,) = (ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign))
    assert {"Sync", "ApiError", "verify_webhook", *bundled_types().names} <= set(names)
    assert [name for name in names if not hasattr(syncdyn, name)] == []


# ---- any other document -----------------------------------------------------------------------------------------

PETS = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets": {
            "post": {
                "operationId": "add",
                "tags": ["pets"],
                "requestBody": {
                    "content": {
                        "multipart/form-data": {
                            "schema": {"type": "object", "properties": {"photo": {"type": "string"}}},
                            "encoding": {"photo": {"contentType": "image/*"}},
                        }
                    }
                },
                "responses": {"204": {"description": ""}},
            }
        },
        "/pets/{list}": {
            "get": {
                "operationId": "list",
                "tags": ["pets"],
                "parameters": [{"name": "list", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "responses": {
                    "200": {
                        "description": "",
                        "content": {
                            "application/json": {
                                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}
                            }
                        },
                    },
                    "204": {"description": ""},
                },
            }
        },
    },
    "components": {
        "schemas": {
            "Pet": {
                "type": "object",
                "description": 'A pet, or "pet"',
                "required": ["str"],
                "properties": {
                    "str": {"type": "string"},
                    "list": {"type": "array", "items": {"type": ["string", "null"]}},
                    "Pet": {"$ref": "#/components/schemas/Pet"},
                    "json": {"type": "string"},
                    "the-kind": {"allOf": [{"$ref": "#/components/schemas/the-kind"}]},
                    "born": {"type": "string", "format": "date"},
                    "inline": {"type": "object", "properties": {"a": {"type": "integer"}}},
                    "rest": {},
                },
            },
            "the-kind": {"enum": ["a|b", 'say "x"', 3]},
            "tree": {"type": "array", "items": {"$ref": "#/components/schemas/tree"}},
            "Long": {"enum": [f"a-long-value-{number}" for number in range(20)]},
        }
    },
}


@pytest.fixture(scope="module")
def pets() -> dict[str, str]:
    return stub_files(Contract(Document(PETS)))


def test_names_that_hide_types_do_no_harm(pets: dict[str, str]) -> None:
    assert "def str(self) -> builtins.str:" in pets["common.pyi"]
    assert "def pet(self) -> Pet | None:" in pets["common.pyi"]
    assert "-> builtins.list[Pet] | None:" in pets["api.pyi"]


def test_what_is_sent_as_a_file_by_its_encoding_takes_a_file(pets: dict[str, str]) -> None:
    assert "photo: _FileInput | None = None" in pets["api.pyi"]


def test_constants_stay_whole(pets: dict[str, str]) -> None:
    assert 'the_kind: TypeAlias = Literal["a|b", "say \\"x\\"", 3]' in pets["common.pyi"]
    assert "the_kind: _the_kind | None = None" in pets["common.pyi"]


def test_a_member_that_every_object_has_already_is_read_with_an_underscore(pets: dict[str, str]) -> None:
    assert "json: " in pets["common.pyi"]
    assert "def json(" not in pets["common.pyi"]
    assert "def json_(" in pets["common.pyi"]


# ---- type checkers ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def mypy(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs mypy over some files, and over those alone; what one run learns of the libraries serves the next."""
    cache = str(tmp_path_factory.mktemp("mypy"))
    return partial(checked, "mypy", "--strict", "--follow-imports=silent", "--cache-dir", cache)


def checked(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False)


def test_stubs_of_another_document_satisfy_mypy(pets: dict[str, str], tmp_path: Path, mypy: Any) -> None:
    stub = tmp_path / "pets_common.pyi"
    stub.write_text(pets["common.pyi"], "utf-8")
    found = mypy(str(stub))
    assert found.returncode == 0, found.stdout + found.stderr


def test_mypy_sees_typical_calls_as_right_and_planted_mistakes_as_wrong(mypy: Any) -> None:
    found = mypy("tests/typing/api.py")
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_code_that_a_stub_stands_in_front_of_satisfies_mypy_too(mypy: Any) -> None:
    """Of a module with a stub mypy reads the stub alone, unless the file itself is named."""
    sources = [str(stub.with_suffix(".py")) for stub in PACKAGE.glob("*.pyi")]
    found = mypy(*sources)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.skipif(shutil.which("node") is None, reason="pyright needs node, and there is none on the PATH")
def test_pyright_sees_typical_calls_as_right_and_planted_mistakes_as_wrong() -> None:
    found = checked("pyright", "--outputjson", "--pythonpath", sys.executable)
    if not found.stdout.startswith("{"):
        pytest.skip(f"pyright cannot run here: {found.stderr.strip().splitlines()[-1:]}")
    report = json.loads(found.stdout)
    assert report["generalDiagnostics"] == []
    assert report["summary"]["filesAnalyzed"] > 0


def test_the_stubs_are_checked_from_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["syncdyn.stubs", "--check"])
    with pytest.raises(SystemExit) as ended:
        run_module("syncdyn.stubs", run_name="__main__")
    assert ended.value.code == 0
