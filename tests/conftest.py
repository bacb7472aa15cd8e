"""What every test is given."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine must not fail a property for being slow; the same examples are drawn in every run.
settings.register_profile("steady", deadline=None, derandomize=True, database=None)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the whole suite; pytest reads them from here alone."""
    parser.addoption(
        "--mock-engine",
        default="embedded",
        metavar="embedded|prism|URL",
        help="what serves the bundled API in the contract tests: our mock, Prism, or what runs at a URL",
    )


def pytest_collection_finish() -> None:
    """Keep the collector off what lives to the end: looking through it again and again took a seventh of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Ctrl-C reaches the programs that tests start, also where the shell has the suite in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop that asynchronous tests run on."""
    return "asyncio"


@pytest.fixture(scope="session")
def corpus() -> Callable[[str], Path]:
    """The path of a real document by its file name; a test that asks for one that is not there is skipped.

    They stand in the folder that SYNCDYN_CORPUS names, else in `../shared/corpus` beside the checkout. Petstore is
    small enough to be among the tests' own data.
    """
    data = Path(__file__).parent / "data"
    folder = Path(os.environ.get("SYNCDYN_CORPUS") or data.parents[2] / "shared" / "corpus")

    def find(name: str) -> Path:
        path = next((place / name for place in (data, folder) if (place / name).is_file()), None)
        if path is None:
            pytest.skip(f"{name} is not on this machine; SYNCDYN_CORPUS names the folder where it stands")
        return path

    return find
