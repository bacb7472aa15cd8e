"""What serves the bundled API in these tests: our mock, Prism, or what runs at a URL (`--mock-engine`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from mockserver.engines import prism
from mockserver.engines.finding import NoPrism
from mockserver.facade import Mock
from tests.contract.abilities import ABILITIES, KEY, Engine

EMBEDDED, PRISM = "embedded", "prism"


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The bundled API as the document alone states it: nothing is remembered."""
    chosen = request.config.getoption("--mock-engine")
    with ExitStack() as stack:
        if chosen == EMBEDDED:
            yield Engine(chosen, stack.enter_context(Mock(stateless=True).serve()))
        elif chosen == PRISM:
            try:
                url = stack.enter_context(prism.serve())
            except NoPrism as error:
                pytest.skip(str(error))
            yield Engine(chosen, url, abilities=frozenset())
        else:
            yield Engine(chosen, chosen, abilities=_abilities_at(chosen))


@pytest.fixture(scope="session")
def service(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The bundled API as it behaves: what is created is there, jobs move on, and KEY is the one right key."""
    if request.config.getoption("--mock-engine") != EMBEDDED:
        yield request.getfixturevalue("engine")
        return
    with Mock(seed=7, job_seconds=0.2, api_keys=(KEY,)).serve() as url:
        yield Engine(EMBEDDED, url)


@pytest.fixture(autouse=True)
def _needed(request: pytest.FixtureRequest) -> None:
    """Skips a test marked `needs` where the engine has not what it names."""
    needed = {name for mark in request.node.iter_markers("needs") for name in mark.args}
    if not needed:
        return
    assert needed <= set(ABILITIES), f"no such abilities: {needed - set(ABILITIES)}"
    engine: Engine = request.getfixturevalue("engine")
    lacking = sorted(needed - engine.abilities)
    if lacking:
        pytest.skip(f"{engine.name} lacks {', '.join(f'{name} ({ABILITIES[name]})' for name in lacking)}")


def _abilities_at(url: str) -> frozenset[str]:
    """Those of our mock where it is ours that runs there, else none."""
    return frozenset(ABILITIES) if httpx.get(f"{url}/_mock/health").is_success else frozenset()
