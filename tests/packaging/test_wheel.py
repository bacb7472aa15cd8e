"""The built package, installed away from the checkout, with its declared dependencies and no others."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

CHECKOUT = Path(__file__).parents[2]
DOCUMENTS = sorted(path.name for path in (CHECKOUT / "spec").glob("*.yaml"))

# The three things a first user does: find the parts, make a client, ask where they came from.
FIRST_USE = """
import sys
from pathlib import Path
import mockserver, syncdyn
from syncdyn import Sync

for module in (syncdyn, mockserver):
    assert Path(module.__file__).is_relative_to(sys.prefix), module.__file__
with Sync(api_key="not-a-real-key") as sync:
    assert sync is not None
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "build", "--wheel", "--no-isolation")
    run(*build, "--outdir", str(folder), str(CHECKOUT), cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that holds the wheel and what it requires with the extra `mock`."""
    environment = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", str(environment), cwd=environment)
    pip = (sys.executable, "-m", "pip", "--python", str(python_of(environment)))
    run(*pip, "install", "--no-deps", "--quiet", str(wheel), cwd=environment)
    (site_packages,) = {path.parent for path in environment.rglob("syncdyn-*.dist-info")}
    for required in closure(site_packages, extra="mock"):
        link(required, site_packages)
    return environment


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_wheel_holds_each_document_unchanged(wheel: Path, name: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read(f"syncdyn/_spec/{name}") == (CHECKOUT / "spec" / name).read_bytes()


def test_the_wheel_holds_two_typed_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"syncdyn/py.typed", "mockserver/py.typed"} <= names
    roots = {name.split("/")[0] for name in names}
    assert {root for root in roots if not root.endswith(".dist-info")} == {"syncdyn", "mockserver"}


def test_the_installed_package_makes_a_client_away_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    script = tmp_path / "first_use.py"
    script.write_text(FIRST_USE, encoding="utf-8")
    run(str(python_of(installed)), "-I", str(script), cwd=tmp_path)


def test_the_installed_command_answers(installed: Path, tmp_path: Path) -> None:
    run(str(python_of(installed).with_name("syncdyn")), "--help", cwd=tmp_path)


def python_of(environment: Path) -> Path:
    return environment / ("Scripts" if os.name == "nt" else "bin") / "python"


def run(*command: str, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"


def closure(site_packages: Path, extra: str) -> Iterator[Distribution]:
    """All that the installed wheel requires, directly or not, as it stands in this environment."""
    (metadata,) = site_packages.glob("syncdyn-*.dist-info")
    wheel = PathDistribution(metadata)
    waiting: list[tuple[Distribution, str]] = [(wheel, ""), (wheel, extra)]
    seen = {"syncdyn"}
    while waiting:
        parent, wanted = waiting.pop()
        for requirement in map(Requirement, parent.requires or ()):
            needed = requirement.marker is None or requirement.marker.evaluate({"extra": wanted})
            if not needed or requirement.name.lower() in seen:
                continue
            seen.add(requirement.name.lower())
            found = distribution(requirement.name)
            waiting += [(found, name) for name in ("", *requirement.extras)]
            yield found


def link(required: Distribution, site_packages: Path) -> None:
    """Its top-level files and folders, linked into another site-packages; scripts are left out."""
    tops = {file.parts[0] for file in required.files or () if file.parts[0] not in ("..", "__pycache__")}
    for top in tops:
        target = site_packages / top
        if not target.exists():
            target.symlink_to(Path(str(required.locate_file(top))))
