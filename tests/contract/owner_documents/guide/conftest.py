"""The owner's guide: its listings are retyped in the tests, a file for each, and run as they stand."""

from __future__ import annotations

import pytest

from tests.contract.owner_documents.guide.playing import Guide
from tests.contract.owner_documents.stage import Stage


@pytest.fixture
def guide(stage: Stage) -> Guide:
    return Guide(stage)
