"""Listing Generations: all, then by status."""

from __future__ import annotations

from tests.contract.owner_documents.guide.playing import Guide
from tests.contract.owner_documents.stage import JOB_SECONDS

LISTING = """\
# List all generations
all_generations = sync.generations.list()

# Filter by status
completed = sync.generations.list(status="COMPLETED")
pending = sync.generations.list(status="PENDING")

for gen in completed:
    print(f"{gen.id} - {gen.status} - {gen.output_url}")
"""


def test_each_list_has_what_it_asks_for(guide: Guide) -> None:
    done = guide.stage.create_generation()
    guide.stage.clock.advance(JOB_SECONDS)
    waiting = guide.stage.create_generation()
    played = guide.play(LISTING, **guide.names())
    assert played.calls == ["GET /v2/generations 200"] * 3
    assert {one.id for one in played.names["all_generations"]} == {done, waiting}
    assert [one.id for one in played.names["pending"]] == [waiting]
    (line,) = played.printed
    assert line.startswith(f"{done} - COMPLETED - {guide.stage.url}")
