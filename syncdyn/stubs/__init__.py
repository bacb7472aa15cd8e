"""Stubs of an API for editors and type checkers: its classes, clients and environments as `.pyi` text.

The clients are made while they run; the stubs say beforehand what they will have. `python -m syncdyn.stubs`
writes those of the bundled API, and with `--check` tells whether the files are what it would write.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import syncdyn
from syncdyn.openapi.contract import Contract
from syncdyn.stubs.clients import ClientFacts, clients_text
from syncdyn.stubs.module import Module
from syncdyn.stubs.objects import objects_text
from syncdyn.stubs.spelling import Spelling
from syncdyn.stubs.text import class_text, import_order, quoted
from syncdyn.sync import bundled_types


def stub_files(contract: Contract, homes: Mapping[str, Sequence[str]] | None = None) -> dict[str, str]:
    """The stubs of a document by file name.

    The names of clients and environments are those of the extensions `x-syncdyn-client` and
    `x-syncdyn-environments`. With `homes`, the names of a package by module, there is an `__init__.pyi` as well.
    """
    stated = contract.extension("x-syncdyn-client") or {}
    facts = ClientFacts(stated.get("name", "Api"), contract.extension("x-syncdyn-environments") or {})
    spelling = Spelling(contract)
    files = {
        "common.pyi": objects_text(spelling),
        f"{facts.module}.pyi": clients_text(contract, spelling, facts),
        "environment.pyi": _environment(spelling, facts),
    }
    return files if homes is None else {**files, "__init__.pyi": _package(spelling, homes)}


def _environment(spelling: Spelling, facts: ClientFacts) -> str:
    module = Module(spelling)
    module.need("enum", "Enum")
    members = [(f"{name} = {quoted(url)}",) for name, url in facts.environments.items()]
    module.add(class_text(facts.environment, "Enum", "A server of the API, by its base URL.", members))
    return module.text("The environments of the API.")


def _package(spelling: Spelling, homes: Mapping[str, Sequence[str]]) -> str:
    module = Module(spelling)
    taken = {name for names in homes.values() for name in names}
    components = {*spelling.names.values(), *spelling.others} - taken
    for home, names in {**homes, "syncdyn.common": sorted(components)}.items():
        module.need(home, *names)
    module.need("syncdyn._version", "__version__")
    every = sorted({*taken, *components, "__version__"}, key=import_order)
    module.add(["__all__ = [", *(f'    "{name}",' for name in every), "]"])
    return module.text("The names of the package.")


def main(words: Sequence[str], folder: Path | None = None) -> int:
    """0 when the files of the bundled API are there and current, written unless `--check` is among the words."""
    folder = folder or Path(syncdyn.__file__).parent
    files = stub_files(bundled_types().contract, vars(syncdyn)["_HOMES"])
    stale = [name for name, text in files.items() if _present(folder / name) != text]
    if "--check" not in words:
        for name in stale:
            (folder / name).write_text(files[name], "utf-8")
        return 0
    for name in stale:
        sys.stderr.write(f"{name} is not current: run `python -m syncdyn.stubs`\n")
    return 1 if stale else 0


def _present(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None
