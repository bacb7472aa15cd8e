"""Generations of the bundled API: created, followed, listed, priced."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from syncdyn.openapi.messages import Json
    from tests.mockserver.conftest import Service

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
VIDEO = {"type": "video", "url": "https://media.example.com/talk.mp4?seconds=4"}
SPEECHES = [
    {"type": "audio", "refId": "a", "url": "https://media.example.com/a.wav?seconds=4"},
    {"type": "audio", "refId": "b", "url": "https://media.example.com/b.wav?seconds=5"},
]


def segment(start: float, end: float, ref_id: str) -> dict[str, Any]:
    return {"startTime": start, "endTime": end, "audioInput": {"refId": ref_id}}


def test_a_new_generation_is_pending_and_echoes_what_was_asked(service: Service, generation: dict[str, Json]) -> None:
    asked = {**generation, "options": {"sync_mode": "loop"}, "outputFileName": "out", "webhookUrl": "https://h.test/x"}
    reply = service.post("/v2/generate", asked)
    assert reply.status == 201
    assert UUID.fullmatch(reply.json["id"])
    assert {name: reply.json[name] for name in asked} == asked
    assert (reply.json["status"], reply.json["outputUrl"]) == ("PENDING", None)
    assert reply.json["createdAt"] == "2024-06-01T00:00:00.000Z"


def test_a_job_runs_through_its_states_on_the_clock(service: Service, generation: dict[str, Json]) -> None:
    target = f"/v2/generate/{service.post('/v2/generate', generation).json['id']}"
    seen = []
    for seconds in (0.0, 1.0, 1.9, 0.1):
        service.advance(seconds)
        seen.append(service.get(target).json["status"])
    assert seen == ["PENDING", "PROCESSING", "PROCESSING", "COMPLETED"]


def test_job_seconds_sets_the_pace(serve: Callable[..., Service], generation: dict[str, Json]) -> None:
    service = serve(job_seconds=100)
    target = f"/v2/generate/{service.post('/v2/generate', generation).json['id']}"
    service.advance(99)
    assert service.get(target).json["status"] == "PROCESSING"
    service.advance(1)
    assert service.get(target).json["status"] == "COMPLETED"


@pytest.mark.parametrize(
    ("word", "status", "code"),
    [
        ("fail", "FAILED", "generation_pipeline_failed"),
        ("unreachable", "FAILED", "generation_input_video_inaccessible"),
        ("reject", "REJECTED", "generation_input_resolution_unsupported"),
    ],
)
def test_a_word_in_a_url_decides_how_the_job_ends(
    service: Service, generation: dict[str, Json], word: str, status: str, code: str
) -> None:
    generation["input"][0]["url"] = f"https://media.example.com/{word}.mp4"
    created = service.post("/v2/generate", generation).json
    service.advance(3)
    ended = service.get(f"/v2/generate/{created['id']}").json
    assert ended["status"] == status
    assert ended["errorCode"] == ended["error_code"] == code
    assert ended["error"]


def test_a_marker_inside_another_word_means_nothing(service: Service, generation: dict[str, Json]) -> None:
    generation["outputFileName"] = "failover"
    created = service.post("/v2/generate", generation).json
    service.advance(3)
    assert service.get(f"/v2/generate/{created['id']}").json["status"] == "COMPLETED"


def test_prefer_outcome_decides_how_the_job_ends(service: Service, generation: dict[str, Json]) -> None:
    created = service.post("/v2/generate", generation, headers={"prefer": "outcome=REJECTED"}).json
    service.advance(3)
    assert service.get(f"/v2/generate/{created['id']}").json["status"] == "REJECTED"


@pytest.mark.parametrize("query", ["status=PENDING,FAILED", "status=PENDING&status=FAILED"])
def test_several_states_are_taken_with_commas_and_repeated(
    service: Service, generation: dict[str, Json], query: str
) -> None:
    done = service.post("/v2/generate", generation).json["id"]
    failed = service.post("/v2/generate", {**generation, "outputFileName": "fail"}).json["id"]
    service.advance(3)
    pending = service.post("/v2/generate", generation).json["id"]
    assert [one["id"] for one in service.get(f"/v2/generations?{query}").json] == [pending, failed]
    assert done in [one["id"] for one in service.get("/v2/generations").json]


def test_ids_choose_generations(service: Service, generation: dict[str, Json]) -> None:
    ids = [service.post("/v2/generate", generation).json["id"] for _ in range(3)]
    found = service.get(f"/v2/generations?ids={ids[0]},{ids[2]},unknown").json
    assert {one["id"] for one in found} == {ids[0], ids[2]}


def test_an_unknown_generation_is_404_with_its_code(service: Service) -> None:
    reply = service.get("/v2/generate/nobody")
    assert reply.status == 404
    assert reply.json == {"statusCode": 404, "message": "generation is unknown", "errorCode": "generation_not_found"}


RULES: dict[str, tuple[dict[str, Any], int, str]] = {
    "no video": ({"input": [SPEECHES[0]]}, 400, "generation_input_validation_failed"),
    "two videos": ({"input": [VIDEO, VIDEO, SPEECHES[0]]}, 400, "generation_input_validation_failed"),
    "no speech": ({"input": [VIDEO]}, 400, "generation_input_validation_failed"),
    "image for another model": (
        {"input": [{"type": "image", "url": "https://media.example.com/a.png"}, SPEECHES[0]]},
        400,
        "generation_input_validation_failed",
    ),
    "several speeches without segments": ({"input": [VIDEO, *SPEECHES]}, 400, "generation_input_validation_failed"),
    "repeated refId": (
        {"input": [VIDEO, SPEECHES[0], SPEECHES[0]], "segments": [segment(0, 1, "a")]},
        400,
        "generation_input_validation_failed",
    ),
    "speech without refId": (
        {"input": [VIDEO, {"type": "audio", "url": "https://a.test/"}], "segments": [segment(0, 1, "a")]},
        400,
        "generation_input_validation_failed",
    ),
    "segment of an unknown refId": (
        {"input": [VIDEO, *SPEECHES], "segments": [segment(0, 1, "z")]},
        422,
        "generation_input_segments_invalid",
    ),
    "segment that ends before it starts": (
        {"input": [VIDEO, *SPEECHES], "segments": [segment(3, 1, "a")]},
        422,
        "generation_input_segments_invalid",
    ),
    "overlapping segments": (
        {"input": [VIDEO, *SPEECHES], "segments": [segment(2, 4, "a"), segment(0, 3, "b")]},
        422,
        "generation_input_segments_invalid",
    ),
    "unknown asset": (
        {"input": [{"type": "video", "assetId": "nothing"}, SPEECHES[0]]},
        404,
        "asset_not_found",
    ),
    "asset of another kind": (
        {"input": [{"type": "video", "assetId": "0b6e7c1a-1111-4222-8333-444455557777"}, SPEECHES[0]]},
        422,
        "generation_input_asset_type_mismatch",
    ),
    "unknown model": ({"model": "lipsync-3", "input": [VIDEO, SPEECHES[0]]}, 400, "generation_unsupported_model"),
    "script too long": (
        {"input": [VIDEO, {"type": "text", "provider": {"name": "elevenlabs", "voiceId": "v", "script": "x" * 5001}}]},
        400,
        "generation_text_length_exceeded",
    ),
}


@pytest.mark.parametrize(("body", "status", "code"), RULES.values(), ids=RULES)
@pytest.mark.parametrize("target", ["/v2/generate", "/v2/analyze/cost"])
def test_a_broken_rule_is_refused_with_its_code(
    service: Service, target: str, body: dict[str, Any], status: int, code: str
) -> None:
    before = service.state
    reply = service.post(target, {"model": "lipsync-2", **body})
    assert (reply.status, reply.json["errorCode"]) == (status, code)
    assert reply.json["statusCode"] == status
    assert reply.violations
    assert service.state is before


ALLOWED: dict[str, dict[str, Any]] = {
    "touching segments": {"input": [VIDEO, *SPEECHES], "segments": [segment(0, 2, "a"), segment(2, 4, "b")]},
    "a segment of no length": {"input": [VIDEO, *SPEECHES], "segments": [segment(2, 2, "a"), segment(2, 4, "b")]},
    "an image for sync-3": {
        "model": "sync-3",
        "input": [{"type": "image", "url": "https://media.example.com/a.png"}, SPEECHES[0]],
    },
}


@pytest.mark.parametrize("body", ALLOWED.values(), ids=ALLOWED)
def test_what_no_rule_forbids_is_taken(service: Service, body: dict[str, Any]) -> None:
    assert service.post("/v2/generate", {"model": "lipsync-2", **body}).status == 201


#: (video, audio, mode) -> seconds of output; the fact sheet's section 8.
LENGTHS = [
    (4.0, 8.64, "bounce", 8.64),
    (4.0, 8.64, "loop", 8.64),
    (4.0, 8.64, "cut_off", 4.0),
    (4.0, 8.64, "silence", 8.64),
    (4.0, 8.64, "remap", 8.64),
    (10.0, 1.74, "bounce", 1.74),
    (10.0, 1.74, "loop", 1.74),
    (10.0, 1.74, "cut_off", 1.74),
    (10.0, 1.74, "silence", 10.0),
    (10.0, 1.74, "remap", 1.74),
    (4.0, 8.64, None, 8.64),
]


@pytest.mark.parametrize(("video", "audio", "mode", "seconds"), LENGTHS)
def test_sync_mode_decides_the_length_of_the_output(
    service: Service, video: float, audio: float, mode: str | None, seconds: float
) -> None:
    body: dict[str, Any] = {
        "model": "lipsync-2",
        "input": [
            {"type": "video", "url": f"https://media.example.com/v?seconds={video}"},
            {"type": "audio", "url": f"https://media.example.com/a?seconds={audio}"},
        ],
        "options": {"sync_mode": mode} if mode else {},
    }
    created = service.post("/v2/generate", body).json
    service.advance(3)
    assert service.get(f"/v2/generate/{created['id']}").json["outputDuration"] == seconds
    frames = service.post("/v2/analyze/cost", body).json[0]["estimatedFrameCount"]
    assert frames == round(seconds * 25)


def test_segments_replace_their_part_of_the_video(service: Service) -> None:
    body = {
        "model": "lipsync-2",
        "input": [VIDEO, *SPEECHES],
        "segments": [
            {**segment(0, 1, "a"), "optionsOverride": {"sync_mode": "cut_off"}},
            {**segment(1, 3, "b"), "audioInput": {"refId": "b", "startTime": 1, "endTime": 4}},
        ],
    }
    # 1 s of video as it is, 1 s cut off, and 3 s of cropped speech.
    assert service.post("/v2/analyze/cost", body).json[0]["estimatedFrameCount"] == 125


PRICES = {
    "lipsync-2": 0.432,
    "lipsync-2-pro": 0.71928,
    "lipsync-1.9.0-beta": 0.216,
    "react-1": 0.864,
    "sync-3": 1.15344,
}


@pytest.mark.parametrize(("model", "dollars"), PRICES.items())
def test_price_is_frames_times_the_price_of_the_model(
    service: Service, generation: dict[str, Json], model: str, dollars: float
) -> None:
    reply = service.post("/v2/analyze/cost", {**generation, "model": model})
    assert reply.status == 200
    assert reply.json == [{"estimatedFrameCount": 216, "estimatedGenerationCost": dollars}]


def test_a_plan_changes_the_price(serve: Callable[..., Service], generation: dict[str, Json]) -> None:
    estimate = serve(plan="scale").post("/v2/analyze/cost", generation).json[0]
    assert estimate["estimatedGenerationCost"] == pytest.approx(0.432 * 0.8)


def test_the_length_of_an_asset_is_known(service: Service) -> None:
    body = {
        "model": "lipsync-2",
        "input": [
            {"type": "video", "assetId": "0b6e7c1a-1111-4222-8333-444455556666"},
            {"type": "audio", "assetId": "0b6e7c1a-1111-4222-8333-444455557777"},
        ],
        "options": {"sync_mode": "silence"},
    }
    assert service.post("/v2/analyze/cost", body).json[0]["estimatedFrameCount"] == round(12.5 * 25)


def test_speech_from_text_is_as_long_as_its_characters(service: Service) -> None:
    speech = {"type": "text", "provider": {"name": "elevenlabs", "voiceId": "v", "script": "x" * 150}}
    body = {"model": "lipsync-2", "input": [VIDEO, speech]}
    assert service.post("/v2/analyze/cost", body).json[0]["estimatedFrameCount"] == 250


def test_the_same_seed_gives_the_same_ids_and_lengths(
    serve: Callable[..., Service], generation: dict[str, Json]
) -> None:
    generation["input"] = [{"type": one["type"], "url": one["url"].partition("?")[0]} for one in generation["input"]]
    first, second, other = (serve(seed=seed) for seed in (1, 1, 2))
    ids = [one.post("/v2/generate", generation).json["id"] for one in (first, second, other)]
    costs = [one.post("/v2/analyze/cost", generation).json for one in (first, second, other)]
    assert ids[0] == ids[1] != ids[2]
    assert costs[0] == costs[1] != costs[2]
