"""Authentication: the key of the environment."""

from __future__ import annotations

from tests.contract.owner_documents.guide.playing import Guide

LISTING = """\
from sync import Sync

sync = Sync() # picks up SYNC_API_KEY from environment
"""


def test_the_key_is_that_of_the_environment(guide: Guide) -> None:
    guide.play(LISTING).names["sync"].models.list()
    (exchange,) = guide.stage.mock.journal
    assert exchange.request.headers["x-api-key"] == "key-of-the-environment"
