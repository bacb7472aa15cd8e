"""Authentication: the key as an argument."""

from __future__ import annotations

from tests.contract.owner_documents.guide.playing import Guide

LISTING = """\
sync = Sync(api_key="your-api-key")
"""


def test_the_key_is_the_one_given(guide: Guide) -> None:
    guide.play(LISTING, **guide.names()).names["sync"].models.list()
    (exchange,) = guide.stage.mock.journal
    assert exchange.request.headers["x-api-key"] == "your-api-key"
