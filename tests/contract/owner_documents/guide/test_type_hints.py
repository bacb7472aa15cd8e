"""Type Hints; the test puts the id of a generation of its own for "job-id"."""

from __future__ import annotations

from tests.contract.owner_documents.guide.playing import Guide

LISTING = """\
from sync.common import (
    Audio,
    Video,
    TTS,
    GenerationOptions,
    Generation,
    GenerationStatus,
    Model,
)

# Response objects are typed -- your editor knows all available fields
generation: Generation = sync.generations.get("job-id")
status: GenerationStatus = generation.status # "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "REJECTED"
model: Model = generation.model # "lipsync-2" | "lipsync-2-pro" | ...
output_url: str | None = generation.output_url
"""


def test_the_values_are_of_the_types_they_are_said_to_be(guide: Guide) -> None:
    played = guide.play(LISTING, replacing={"job-id": guide.stage.create_generation()}, **guide.names())
    assert played.calls == ["GET /v2/generate/{id} 200"]
    names = played.names
    assert type(names["generation"]) is names["Generation"]
    assert (names["status"], names["model"], names["output_url"]) == ("PENDING", "lipsync-2", None)
