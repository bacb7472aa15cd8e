"""Getting Generation Details; the test puts the id of a generation of its own for "your-generation-id"."""

from __future__ import annotations

from tests.contract.owner_documents.guide.playing import Guide
from tests.contract.owner_documents.stage import JOB_SECONDS

LISTING = """\
generation = sync.generations.get("your-generation-id")

print(f"Status: {generation.status}")
print(f"Model: {generation.model}")
print(f"Created: {generation.created_at}")
print(f"Duration: {generation.output_duration}s")

if generation.output_url:
    print(f"Output: {generation.output_url}")
"""


def test_the_details_of_a_finished_generation_are_printed(guide: Guide) -> None:
    details = {"your-generation-id": guide.stage.create_generation()}
    guide.stage.clock.advance(JOB_SECONDS)
    played = guide.play(LISTING, replacing=details, **guide.names())
    assert played.calls == ["GET /v2/generate/{id} 200"]
    told = dict(line.split(": ", 1) for line in played.printed)
    assert (told["Status"], told["Model"], told["Created"][:2]) == ("COMPLETED", "lipsync-2", "20")
    assert float(told["Duration"].removesuffix("s")) > 0
    assert told["Output"].startswith(guide.stage.url)


def test_a_generation_under_way_has_no_output_yet(guide: Guide) -> None:
    details = {"your-generation-id": guide.stage.create_generation()}
    played = guide.play(LISTING, replacing=details, **guide.names())
    assert [played.printed[0], *played.printed[3:]] == ["Status: PENDING", "Duration: Nones"]
