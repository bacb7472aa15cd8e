"""Retry Logic: with a wait that doubles."""

from __future__ import annotations

import httpx
import pytest

from syncdyn import ServiceUnavailableError, Sync
from tests.contract.owner_documents.faltering import Faltering
from tests.contract.owner_documents.guide.playing import Guide
from tests.contract.owner_documents.stage import Played

LISTING = """\
import time
from sync.core.api_error import ApiError

def create_with_retry(sync, max_retries=3, **kwargs):
    for attempt in range(max_retries):
        try:
            return sync.generations.create(**kwargs)
        except ApiError as e:
            if e.status_code in (429, 500, 503) and attempt < max_retries - 1:
                wait = 2 ** attempt * 5 # 5s, 10s, 20s
                print(f"Retrying in {wait}s (attempt {attempt + 1}/{max_retries})")
                time.sleep(wait)
            else:
                raise
"""


_GIVEN = [{"type": "video", "url": "https://m.example/v.mp4"}, {"type": "audio", "url": "https://m.example/a.wav"}]


def _create(guide: Guide, failures: int) -> Played:
    """The listing, called with a client that does not retry by itself, over a network that fails at first."""
    client = Sync(httpx_client=httpx.Client(transport=Faltering(guide.stage.mock, failures)), max_retries=0)
    call = "made = create_with_retry(client, model='lipsync-2', input=given)"
    listing = guide.play(LISTING).names["create_with_retry"]
    return guide.stage.play(call, create_with_retry=listing, client=client, given=_GIVEN)


def test_what_fails_for_a_while_is_tried_again(guide: Guide) -> None:
    began = guide.stage.clock()
    played = _create(guide, failures=2)
    assert played.printed == ["Retrying in 5s (attempt 1/3)", "Retrying in 10s (attempt 2/3)"]
    assert guide.stage.clock() - began == 15
    assert (played.calls, played.names["made"].status) == (["POST /v2/generate 201"], "PENDING")


def test_what_goes_on_failing_is_raised(guide: Guide) -> None:
    with pytest.raises(ServiceUnavailableError):
        _create(guide, failures=3)
    assert guide.stage.mock.journal == ()
