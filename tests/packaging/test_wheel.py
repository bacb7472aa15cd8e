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
TYPED = (".py", ".pyi", "py.typed")

# What a first user does, with a mock in the same process: make a generation, wait for it, read it back.
FIRST_USE = """
import sys
from pathlib import Path

import httpx
import mockserver, syncdyn
from mockserver import Mock, VirtualClock
from syncdyn import Sync
from syncdyn.common import Audio, Video

for module in (syncdyn, mockserver):
    assert Path(module.__file__).is_relative_to(sys.prefix), module.__file__

clock = VirtualClock()
mock = Mock(clock=clock, on_exchange=lambda _: clock.advance(60))
with Sync(api_key="not-a-real-key", httpx_client=httpx.Client(transport=mock.transport())) as sync:
    media = [Video(url="https://media.example.com/v.mp4"), Audio(url="https://media.example.com/a.wav")]
    made = sync.generations.create(model="lipsync-2", input=media)
    assert sync.generations.wait(made).status == "COMPLETED"
    read = sync.generations.get(made.id)
    assert (read.id, read.input) == (made.id, made.input)
    assert read.output_url
assert [one.response.status for one in mock.journal] == [201, 200, 200]
assert not any(one.violations for one in mock.journal)
"""
COMMANDS = {
    "version": ("syncdyn", "--version"),
    "help": ("syncdyn", "--help"),
    "help of the mock": ("python", "-m", "mockserver", "--help"),
}


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


def test_there_are_three_documents() -> None:
    assert len(DOCUMENTS) == 3


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_wheel_holds_each_document_unchanged(wheel: Path, name: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read(f"syncdyn/_spec/{name}") == (CHECKOUT / "spec" / name).read_bytes()


def test_the_wheel_holds_two_packages_and_nothing_else(wheel: Path) -> None:
    names = names_in(wheel)
    (metadata,) = {name.split("/")[0] for name in names if name.endswith(".dist-info/METADATA")}
    assert {name.split("/")[0] for name in names} == {"syncdyn", "mockserver", metadata}


def test_the_wheel_holds_each_module_its_stubs_and_the_marks_of_typing(wheel: Path) -> None:
    held = {name for name in names_in(wheel) if name.endswith(TYPED)}
    sources = {*(CHECKOUT / "syncdyn").rglob("*"), *(CHECKOUT / "mockserver").rglob("*")}
    assert held == {path.relative_to(CHECKOUT).as_posix() for path in sources if path.name.endswith(TYPED)}
    assert {"syncdyn/py.typed", "mockserver/py.typed", "syncdyn/sync.pyi", "syncdyn/common.pyi"} <= held


def test_the_installed_package_does_a_first_job_away_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    script = tmp_path / "first_use.py"
    script.write_text(FIRST_USE, encoding="utf-8")
    run(str(python_of(installed)), "-I", "-W", "error", str(script), cwd=tmp_path)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_the_installed_commands_answer(installed: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    program, *words = command
    run(str(python_of(installed).with_name(program)), *words, cwd=tmp_path)


def names_in(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def python_of(environment: Path) -> Path:
    return environment / ("Scripts" if os.name == "nt" else "bin") / "python"


def run(*command: str, cwd: Path) -> None:
    # The commands know no checkout: not by their folder, nor by the environment.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
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
