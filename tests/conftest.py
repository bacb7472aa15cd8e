"""What every test is given."""

from __future__ import annotations

import pytest
from hypothesis import settings

# A busy machine must not fail a property for being slow; the same examples are drawn in every run.
settings.register_profile("steady", deadline=None, derandomize=True, database=None)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop that asynchronous tests run on."""
    return "asyncio"
