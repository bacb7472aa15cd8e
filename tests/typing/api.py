"""What type checkers make of the bundled API. Read by them, never run.

A line with a planted mistake is marked as ignored: a checker that does not see the mistake complains that there
is nothing to ignore.
"""
# pyright: strict, reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal

import httpx
from typing_extensions import assert_type

import syncdyn
from syncdyn import (
    ApiError,
    AsyncClient,
    AsyncSync,
    Client,
    ClientCredentials,
    SyncdynError,
    SyncEnvironment,
    sign_webhook,
    verify_webhook,
)
from syncdyn.common import (
    TTS,
    Asset,
    Audio,
    BatchNotification,
    BatchResponse,
    BatchResultLine,
    ElevenLabs,
    EstimatedGenerationCost,
    Generation,
    GenerationNotification,
    GenerationOptions,
    GenerationStatus,
    Image,
    Input,
    Model,
    PaginatedAssetsResponse,
    SegmentSecs,
    SyncMode,
    Tts,
    ValidationResponse,
    Video,
)
from syncdyn.core.api_error import ApiError as ApiErrorOfCore
from syncdyn.response import RawResponse
from syncdyn.waiting import Progress


def the_type_hints_of_the_guide(sync: syncdyn.Sync) -> None:
    generation: Generation = sync.generations.get("job-id")
    status: GenerationStatus = generation.status
    model: Model = generation.model
    output_url: str | None = generation.output_url
    print(status, model, output_url)


def the_first_call_of_the_guide(sync: syncdyn.Sync) -> None:
    response = sync.generations.create(
        input=[Video(url="https://media.example.com/a.mp4"), Audio(url="https://media.example.com/a.wav")],
        model="lipsync-2",
        options=GenerationOptions(sync_mode="cut_off"),
        output_file_name="my_output",
    )
    assert_type(response, Generation)
    assert_type(response.id, str)
    assert_type(response.created_at, datetime)
    assert_type(response.output_duration, float | None)
    assert_type(response["outputUrl"], Any)
    assert_type(response.copy(), Generation)


def plain_dicts_instead_of_objects(sync: syncdyn.Sync) -> None:
    sync.generations.create(
        model="lipsync-2",
        input=[
            {"type": "video", "url": "https://media.example.com/a.mp4"},
            TTS(provider={"name": "elevenlabs", "voiceId": "v", "script": "Hello.", "stability": 0.5}),
            Tts(provider=ElevenLabs(voice_id="v", script="Hello.")),
            Image(asset_id="a"),
        ],
        options={"sync_mode": "loop"},
        segments=[{"startTime": 0, "endTime": 3.5, "audioInput": {"refId": "a"}}],
        request_options={"max_retries": 1, "timeout_in_seconds": 5},
    )


def objects_collected_first(sync: syncdyn.Sync, mode: SyncMode, ranges: list[SegmentSecs]) -> None:
    media: list[Input] = [Video(asset_id="v", segments_secs=ranges), Audio(asset_id="a", ref_id="r")]
    estimates = sync.generations.estimate_cost(input=media, model="sync-3", options=GenerationOptions(sync_mode=mode))
    assert_type(estimates, list[EstimatedGenerationCost])
    for estimate in estimates:
        print(f"{estimate.estimated_frame_count} {estimate.estimated_generation_cost:.2f}")


def inputs_are_told_apart_by_their_type(generation: Generation) -> None:
    for item in generation.input:
        if item.type == "video":
            assert_type(item, Video)
        elif item.type == "text":
            assert_type(item, TTS)
            print(item.provider.voice_id)


def one_value_or_several_in_a_query(sync: syncdyn.Sync) -> None:
    assert_type(sync.generations.list(status="COMPLETED"), list[Generation])
    sync.generations.list(status=["PENDING", "PROCESSING"], ids=("a", "b"))
    sync.generations.list(ids="a")
    sync.batch.list(created_after=datetime.now(timezone.utc), created_before="2024-07-01T00:00:00Z")
    page = sync.assets.list(limit=10, sort_by="dateDesc", types=["AUDIO", "VIDEO"])
    assert_type(page, PaginatedAssetsResponse)
    assert_type([asset.duration_seconds for asset in page.items], list[float | None])


def files_of_every_kind(sync: syncdyn.Sync) -> None:
    with open("video.mp4", "rb") as video:  # noqa: PTH123
        sync.generations.create_with_files(
            model="lipsync-2", video=video, audio=Path("a.wav"), input=[Audio(url="https://media.example.com/a.wav")]
        )
    sync.generations.create_with_files(model="sync-3", image=("a.png", b"...", "image/png"), audio=b"...")
    batch = sync.batch.create(input=Path("input.jsonl"), dry_run=True)
    if isinstance(batch, ValidationResponse):
        assert_type(batch.status, Literal["VALIDATED"])
    else:
        assert_type(batch, BatchResponse)
        assert_type(sync.batch.wait(batch, progress=told), BatchResponse)


def told(progress: Progress) -> None:
    print(progress.done, progress.total)


def waiting_paging_reading_downloading(sync: syncdyn.Sync) -> None:
    generation = sync.generations.create_and_wait(
        model="react-1", input=[Video(asset_id="v"), Audio(asset_id="a")], interval=5, deadline=600
    )
    assert_type(generation, Generation)
    assert_type(sync.generations.wait(generation.id), Generation)
    assert_type(sync.assets.iterate(limit=50, max_items=200), Iterator[Asset])
    assert_type(sync.batch.results("batch"), Iterator[BatchResultLine])
    assert_type(sync.download(generation, "out", overwrite=True), Path)


def raw_answers(sync: syncdyn.Sync) -> None:
    raw = sync.generations.with_raw_response.get("id")
    assert_type(raw, RawResponse[Generation])
    assert_type(raw.data.status, GenerationStatus)
    assert_type(sync.generations.with_raw_response.list(), RawResponse[list[Generation]])


def webhooks(raw_body: bytes, headers: dict[str, str]) -> None:
    event = verify_webhook(raw_body, headers, ["whsec_new", "whsec_old"])
    if isinstance(event, GenerationNotification):
        print(event.error_code)
    else:
        assert_type(event, BatchNotification)
        print(event.metrics.failed_count)
    assert_type(sign_webhook(b"{}", "whsec", timestamp=1), dict[str, str])


async def the_same_awaited() -> None:
    async with AsyncSync(api_key="key", httpx_client=httpx.AsyncClient()) as sync:
        assert_type(sync, AsyncSync)
        generation = await sync.generations.create(model="lipsync-2", input=[Video(asset_id="v")])
        assert_type(generation, Generation)
        assert_type(await sync.generations.wait(generation), Generation)
        assert_type(await sync.generations.list(status="FAILED"), list[Generation])
        assert_type(sync.assets.iterate(), AsyncIterator[Asset])
        assert_type([line.request_id async for line in sync.batch.results("batch")], list[str])
        assert_type(await sync.download(generation), Path)
        raw = await sync.models.with_raw_response.list()
        print(raw.status_code, raw.data[0].deprecated_at)


def clients(client: syncdyn.Sync | None = None) -> Client:
    with syncdyn.Sync(api_key="key", environment=SyncEnvironment.DEV, timeout=httpx.Timeout(5)) as sync:
        assert_type(sync, syncdyn.Sync)
        return client or sync


def any_document(path: Path) -> dict[str, Any]:
    login = ClientCredentials("id", "secret", scopes=["pets:read"])
    client = Client(path, auth={"login": login}, formats=["uuid"], server_variables={"region": "eu"}, overlays=[path])
    assert_type(list(client.operations), list[str])
    client.request("GET", "/pets", params={"limit": 5}, request_options={"validate": "off"})
    client.pets.list(limit=5)
    return client.operations["listPets"].example_arguments(seed=1)


async def any_document_awaited(client: AsyncClient) -> Any:
    async with client.with_streaming_response.pets.watch() as events:
        async for event in events:
            print(event.data)
    return await client.operations["listPets"](limit=5)


def mistakes_in_clients(path: Path) -> None:
    Client(path, base_ulr="https://api.example.com")  # type: ignore[call-arg]
    Client(path, max_retries="2")  # type: ignore[arg-type]
    ClientCredentials("id")  # type: ignore[call-arg]


def errors(sync: syncdyn.Sync) -> None:
    try:
        sync.models.list()
    except ApiErrorOfCore as error:
        assert_type(error, ApiError)
        print(error.status_code, error.body)
    except (syncdyn.BadRequestError, SyncdynError):
        raise


def names_at_the_top(item: syncdyn.Video) -> syncdyn.Input:
    return item


def mistakes_in_calls(sync: syncdyn.Sync) -> None:
    sync.generations.creat(model="lipsync-2")  # type: ignore[attr-defined]
    sync.generation.get("id")  # type: ignore[attr-defined]
    sync.generations.create(model="lipsync-2")  # type: ignore[call-arg]
    sync.generations.create(model="lipsync-3", input=[])  # type: ignore[arg-type]
    sync.generations.create("lipsync-2", input=[])  # type: ignore[call-arg]
    sync.generations.create(model="lipsync-2", input=[], webhookUrl="")  # type: ignore[call-arg]
    sync.generations.create(model="lipsync-2", input=["https://media.example.com/a.mp4"])  # type: ignore[list-item]
    sync.generations.create(model="lipsync-2", input=[], options=Video())  # type: ignore[arg-type]
    sync.generations.create(model="lipsync-2", input=[], request_options={"retries": 1})  # type: ignore[arg-type]
    sync.generations.create_with_files(model="lipsync-2", video="video.mp4")  # type: ignore[arg-type]
    sync.generations.list(status="DONE")  # type: ignore[arg-type]
    sync.assets.list(limit="10")  # type: ignore[arg-type]
    sync.generations.get()  # type: ignore[call-arg]
    sync.generations.wait(3)  # type: ignore[arg-type]
    sync.assets.iterate(max_items="3")  # type: ignore[arg-type]
    sync.download(sync.models.list()[0])  # type: ignore[arg-type]


def mistakes_in_objects(generation: Generation, video: Video) -> None:
    GenerationOptions(sync_mode="cutoff")  # type: ignore[arg-type]
    GenerationOptions(syncmode="loop")  # type: ignore[call-arg]
    Video(type="audio")  # type: ignore[arg-type]
    TTS()  # type: ignore[call-arg]
    print(generation.outputUrl)  # type: ignore[attr-defined]
    generation.output_url.upper()  # type: ignore[union-attr]
    video.url = "https://media.example.com/b.mp4"  # type: ignore[misc]


def mistakes_with_clients() -> None:
    syncdyn.Sync("key")  # type: ignore[call-arg]
    syncdyn.Sync(apikey="key")  # type: ignore[call-arg]
    syncdyn.Sync(environment="DEV")  # type: ignore[arg-type]
    syncdyn.Sync(httpx_client=httpx.AsyncClient())  # type: ignore[arg-type]
    syncdyn.Sync(validate="loose")  # type: ignore[arg-type]
    print(SyncEnvironment.TEST)  # type: ignore[attr-defined]
    print(syncdyn.Videos)  # type: ignore[attr-defined]


async def mistakes_in_awaiting(sync: AsyncSync) -> None:
    generation = sync.generations.get("id")
    print(generation.id)  # type: ignore[attr-defined]
    with sync:  # type: ignore[attr-defined]
        await sync.aclose()
