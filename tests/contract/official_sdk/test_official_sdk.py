"""The vendor's own SDK (syncsdk 0.3.0), unchanged but for `base_url`, completes every documented method.

What the SDK sends in a valid call has no violation in the mock's journal; what it is answered is checked by
the mock itself (`strict_responses`).
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import sync as sdk
from sync.common import Asset, Generation, Video

from mockserver import clip, facts_of, tone
from tests.contract.official_sdk.calling import BATCH, INPUTS, JOB_SECONDS, URLS, VIDEO_ASSET, Caller, Service


def test_no_method_of_the_sdk_is_left_out_here() -> None:
    client = sdk.Sync(api_key="k", base_url="http://unused.test")
    resources = {name: getattr(client, name) for name in ("assets", "batch", "generations", "models")}
    assert resources.keys() == {name for name in vars(client) if not name.startswith("_")}
    methods = {f"{name}.{each}" for name, one in resources.items() for each in dir(one) if not each.startswith("_")}
    written = Path(__file__).read_text(encoding="utf-8")
    assert {each for each in methods if f'"{each}"' not in written} == {
        f"{name}.with_raw_response" for name in resources
    }


def finished(call: Caller, service: Service, created: Generation) -> Generation:
    """The generation when its time is over, having been what it has to be before."""
    assert created.status == "PENDING"
    service.clock.advance(JOB_SECONDS / 2)
    assert call("generations.get", created.id).status == "PROCESSING"
    service.clock.advance(JOB_SECONDS / 2)
    return call("generations.get", created.id)  # type: ignore[no-any-return]  # the SDK is called by name


def assert_plays(generation: Generation) -> None:
    """The output can be downloaded, is a video, and as long as it is said to be."""
    assert generation.status == "COMPLETED"
    assert generation.output_url is not None
    answer = httpx.get(generation.output_url)
    found = facts_of(answer.content)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
    assert found is not None
    assert found.is_video
    assert found.duration_seconds == pytest.approx(generation.output_duration, abs=0.1)


@pytest.mark.parametrize("given", INPUTS.values(), ids=INPUTS.keys())
def test_a_generation_is_followed_to_a_video_that_plays(call: Caller, service: Service, given: dict[str, Any]) -> None:
    created = call("generations.create", model="lipsync-2", **given)
    assert_plays(finished(call, service, created))
    assert created.input == given["input"]
    assert created.options == given.get("options")
    assert created.segments == given.get("segments")
    service.assert_all_clean("POST /v2/generate", "GET /v2/generate/{id}")


def test_uploaded_files_become_assets_that_the_generation_uses(call: Caller, service: Service) -> None:
    files = {"video": ("talk.mp4", clip(2.0)), "audio": ("talk.wav", io.BytesIO(tone(2.0)))}
    created = call("generations.create_with_files", model="lipsync-2", **files)
    video, audio = (call("assets.get", item.asset_id) for item in created.input)
    assert [(one.type, one.name, one.size) for one in (video, audio)] == [
        ("VIDEO", "talk.mp4", len(clip(2.0))), ("AUDIO", "talk.wav", len(tone(2.0)))
    ]  # fmt: skip
    assert_plays(finished(call, service, created))
    service.assert_all_clean("POST /v2/generate", "GET /v2/generate/{id}", "GET /v2/assets/{id}")


def test_a_file_goes_together_with_an_input_by_url(call: Caller, service: Service) -> None:
    # The SDK takes `input` and `options` beside a file only as JSON that is already text.
    created = call(
        "generations.create_with_files",
        model="lipsync-2",
        video=("talk.mp4", clip(2.0)),
        input='[{"type": "audio", "url": "https://media.example.com/a.wav?seconds=3"}]',
        options='{"sync_mode": "silence"}',
        webhook_url="https://hooks.example.com/sync",
    )
    ended = finished(call, service, created)
    assert [item.type for item in created.input] == ["video", "audio"]
    assert (ended.output_duration, ended.webhook_url) == (3.0, "https://hooks.example.com/sync")
    service.assert_all_clean("POST /v2/generate", "GET /v2/generate/{id}")


@pytest.mark.parametrize(("marker", "status"), [("failed", "FAILED"), ("rejected", "REJECTED")])
def test_a_job_that_does_not_succeed_says_why(call: Caller, service: Service, marker: str, status: str) -> None:
    given = [Video(url=f"https://media.example.com/{marker}.mp4"), URLS[1]]
    created = call("generations.create", model="lipsync-2", input=given)
    service.clock.advance(JOB_SECONDS)
    ended = call("generations.get", created.id)
    assert (ended.status, ended.output_url) == (status, None)
    assert ended.error
    assert ended.error_code.startswith("generation_")
    service.assert_all_clean("POST /v2/generate", "GET /v2/generate/{id}")


def test_generations_are_listed_by_status_and_by_id(call: Caller, service: Service) -> None:
    def create(name: str) -> str:
        given = [Video(url=f"https://media.example.com/{name}.mp4"), URLS[1]]
        return call("generations.create", model="lipsync-2", input=given).id  # type: ignore[no-any-return]

    def listed(**filters: Any) -> set[str]:
        return {one.id for one in call("generations.list", **filters)}

    done, failed = create("fine"), create("failed")
    service.clock.advance(JOB_SECONDS)
    waiting = create("later")
    assert listed() == {done, failed, waiting}
    assert listed(status="COMPLETED") == {done}
    assert listed(status=["FAILED", "PENDING"]) == {failed, waiting}
    assert listed(ids=[done, waiting]) == {done, waiting}
    assert listed(status=["COMPLETED"], ids=[failed]) == set()
    service.assert_all_clean("POST /v2/generate", "GET /v2/generations")


def test_the_cost_is_that_of_the_frames(call: Caller, service: Service) -> None:
    (estimate,) = call("generations.estimate_cost", model="lipsync-2", input=URLS)
    assert estimate.estimated_frame_count == 75
    assert estimate.estimated_generation_cost == pytest.approx(0.15)
    service.assert_all_clean("POST /v2/analyze/cost")


def test_pages_of_assets_join_to_the_whole_library(call: Caller, service: Service) -> None:
    page = call("assets.list", limit=10, sort_by="nameAsc")
    items: list[Asset] = list(page.items)
    while page.next_cursor:
        page = call("assets.list", limit=10, sort_by="nameAsc", cursor=page.next_cursor)
        items += page.items
    assert len({one.id for one in items}) == len(items) == page.total_count
    assert len(items) > 30
    names = [one.name or "" for one in items]
    assert names == sorted(names)
    service.assert_all_clean("GET /v2/assets")


def test_assets_are_found_by_type_and_by_name(call: Caller, service: Service) -> None:
    found = call("assets.list", types=["AUDIO", "VIDEO"], search_query="TALK", limit=100)
    assert {one.type for one in found.items} == {"AUDIO", "VIDEO"}
    assert all("talk" in (one.name or "") for one in found.items)
    assert call("assets.get", VIDEO_ASSET) in found.items
    assert call("assets.list", types="IMAGE", search_query="talk").items == []
    service.assert_all_clean("GET /v2/assets", "GET /v2/assets/{id}")


def test_models_are_those_that_can_be_used(call: Caller, service: Service) -> None:
    models = call("models.list")
    assert {one.name for one in models} == {"lipsync-2", "lipsync-2-pro", "lipsync-1.9.0-beta", "react-1", "sync-3"}
    assert not any(one.deprecated_at for one in models)
    service.assert_all_clean("GET /v2/models")


def test_a_batch_is_followed_to_its_results(call: Caller, service: Service) -> None:
    created = call("batch.create", input=("input.jsonl", BATCH), webhook_url="https://hooks.example.com/b")
    service.clock.advance(JOB_SECONDS)
    ended = call("batch.get", created.id)
    assert (created.status, created.webhook_url) == ("PENDING", "https://hooks.example.com/b")
    assert ended.status == "COMPLETED"
    assert (ended.metrics.success_count, ended.metrics.failed_count, ended.metrics.pending_count) == (2, 1, 0)
    lines = [json.loads(line) for line in httpx.get(ended.output_url).text.splitlines()]
    assert {line["request_id"]: line["status"] for line in lines} == {
        "r-0": "COMPLETED",
        "r-1": "COMPLETED",
        "r-2": "FAILED",
    }
    service.assert_all_clean("POST /v2/batch", "GET /v2/batch/{id}")


def test_a_dry_run_creates_nothing(call: Caller, service: Service) -> None:
    assert call("batch.create", input=("input.jsonl", BATCH), dry_run=True).status == "VALIDATED"
    assert call("batch.list") == []
    assert call("generations.list") == []
    service.assert_all_clean("POST /v2/batch", "GET /v2/batch", "GET /v2/generations")


def test_batches_are_listed_by_status_and_by_time(call: Caller, service: Service) -> None:
    first = call("batch.create", input=("input.jsonl", BATCH))
    service.clock.advance(JOB_SECONDS)
    second = call("batch.create", input=io.BytesIO(BATCH))
    assert [one.id for one in call("batch.list")] == [second.id, first.id]
    assert [one.id for one in call("batch.list", status="PENDING")] == [second.id]
    assert [one.id for one in call("batch.list", created_after=first.created_at)] == [second.id]
    assert [one.id for one in call("batch.list", created_before=second.created_at)] == [first.id]
    service.assert_all_clean("POST /v2/batch", "GET /v2/batch")
