"""Results and arguments: rows M1 to M12 of the official SDK's known faults, each as what this client does instead."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

import syncdyn
from syncdyn import ContractWarning, RequestValidationError, ResponseValidationError, UnexpectedResponseError, common
from tests.syncdyn.fakes import (
    AUDIO,
    BATCH,
    CREATE,
    GENERATION,
    GENERATION_ID,
    VIDEO,
    Connect,
    Service,
    answer,
)


def received(connect: Connect, **members: Any) -> Any:
    """A generation that came with these members."""
    return connect(Service(answer(200, {**GENERATION, **members}))).generations.get(GENERATION_ID)


@pytest.mark.parametrize("name", ["errorCode", "error_code"])
def test_both_spellings_of_the_error_code_are_one_attribute(connect: Connect, name: str) -> None:
    """M1."""
    assert received(connect, **{name: "generation_timeout"}).error_code == "generation_timeout"


def test_a_null_in_one_spelling_does_not_hide_the_other(connect: Connect) -> None:
    """M1."""
    assert received(connect, errorCode=None, error_code="generation_timeout").error_code == "generation_timeout"


BROKEN: dict[str, dict[str, Any]] = {
    "empty": {},
    "no-date": {**GENERATION, "createdAt": 17},
    "no-number": {**GENERATION, "outputDuration": "x"},
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_an_answer_that_breaks_the_contract_is_told_of_and_given(connect: Connect, body: dict[str, Any]) -> None:
    """M2."""
    with pytest.warns(ContractWarning, match=r"generations\.get breaks the contract"):
        result = connect(Service(answer(200, body))).generations.get(GENERATION_ID)
    assert result.to_dict() == body
    assert result.violations


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_in_strict_mode_the_error_has_answer_and_data(connect: Connect, body: dict[str, Any]) -> None:
    """M2."""
    client = connect(Service(answer(200, body, headers={"X-Request-Id": "req-1"})), validate="strict")
    with pytest.raises(ResponseValidationError) as caught:
        client.generations.get(GENERATION_ID)
    error = caught.value
    assert (error.status_code, error.body, error.request_id) == (200, body, "req-1")
    assert error.data.to_dict() == body
    assert error.violations == error.data.violations


@pytest.mark.parametrize("mode", ["strict", "warn", "off"])
def test_a_broken_json_is_no_result_in_any_mode(connect: Connect, mode: str) -> None:
    """M2."""
    client = connect(Service(answer(200, content=b'{"id": ', headers={"Content-Type": "application/json"})))
    with pytest.raises(UnexpectedResponseError, match="cannot be read as JSON") as caught:
        client.generations.get(GENERATION_ID, request_options={"validate": mode})
    assert (caught.value.status_code, caught.value.body) == (200, '{"id": ')


def test_with_checks_off_nothing_is_said(connect: Connect) -> None:
    """M2."""
    result = connect(Service(answer(200, {})), validate="off").generations.get(GENERATION_ID)
    assert (result.id, result.violations) == (None, ())


def test_a_date_time_is_one_and_a_text_that_is_none_stays_a_text(connect: Connect) -> None:
    """M2."""
    assert received(connect).created_at == datetime(2024, 6, 1, tzinfo=timezone.utc)
    client = connect(Service(answer(200, {**GENERATION, "createdAt": "nope"})), validate="off")
    assert client.generations.get(GENERATION_ID).created_at == "nope"


@pytest.mark.parametrize("mode", ["strict", "warn"])
def test_a_value_that_an_enum_may_have_tomorrow_fails_nowhere(connect: Connect, mode: str) -> None:
    """M2: the service grows."""
    client = connect(Service(answer(200, {**GENERATION, "status": "ARCHIVED"})), validate=mode)
    with pytest.warns(ContractWarning, match="ARCHIVED"):
        assert client.generations.get(GENERATION_ID).status == "ARCHIVED"


OTHER_NAMES = {"none": {}, "text": {"Content-Type": "text/plain"}, "problem": {"Content-Type": "application/a+json"}}


@pytest.mark.parametrize("headers", OTHER_NAMES.values(), ids=OTHER_NAMES.keys())
def test_json_under_another_media_type_is_read_with_a_warning(connect: Connect, headers: dict[str, str]) -> None:
    """M2: what is promised may come under another name."""
    text = common.Generation.model_validate(GENERATION).json().encode()
    client = connect(Service(answer(200, content=text, headers=headers)))
    with pytest.warns(ContractWarning, match="content-type"):
        result = client.generations.get(GENERATION_ID)
    assert result.status == "COMPLETED"


def test_a_success_of_another_status_is_read_as_the_promised_one(connect: Connect) -> None:
    """M2."""
    with pytest.warns(ContractWarning, match="202 is not documented"):
        result = connect(Service(answer(202, GENERATION))).generations.get(GENERATION_ID)
    assert result.status == "COMPLETED"


def test_a_body_under_a_status_that_is_not_documented_has_nothing_to_keep(connect: Connect) -> None:
    with pytest.warns(ContractWarning) as caught:
        result = connect(Service(answer(202, {"id": GENERATION_ID, "status": 5}))).generations.get(GENERATION_ID)
    message: Any = caught[0].message
    assert [violation.keyword for violation in message.violations] == ["status"]
    assert (result.id, result["status"]) == (GENERATION_ID, 5)


def test_an_image_is_an_image(connect: Connect) -> None:
    """M3."""
    result = received(connect, input=[{"type": "image", "url": "https://media.example.com/face.png"}, AUDIO])
    assert [type(item) for item in result.input] == [common.Image, common.Audio]


def test_an_image_can_be_sent(connect: Connect) -> None:
    """M3."""
    service = Service(answer(201, GENERATION))
    image = common.Image(url="https://media.example.com/face.png")
    connect(service).generations.create(model="sync-3", input=[image, AUDIO])
    assert service.sent["input"][0] == {"type": "image", "url": "https://media.example.com/face.png"}


def test_both_names_of_the_text_class_are_the_same_class() -> None:
    """M4."""
    assert common.TTS is common.Tts


PROVIDER = {"name": "elevenlabs", "voiceId": "v1", "script": "Hello.", "similarityBoost": 0.5}
SPELLINGS: dict[str, Any] = {
    "wire": PROVIDER,
    "python": {"name": "elevenlabs", "voice_id": "v1", "script": "Hello.", "similarity_boost": 0.5},
    "typed": common.ElevenLabs(voice_id="v1", script="Hello.", similarity_boost=0.5),
}


@pytest.mark.parametrize("as_class", [True, False], ids=["class", "dict"])
@pytest.mark.parametrize("provider", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_provider_may_be_given_in_every_spelling(connect: Connect, provider: Any, as_class: bool) -> None:
    """M5."""
    service = Service(answer(201, GENERATION))
    text = common.TTS(provider=provider) if as_class else {"type": "text", "provider": provider}
    connect(service).generations.create(model="lipsync-2", input=[VIDEO, text])
    assert service.sent["input"][1] == {"type": "text", "provider": PROVIDER}


NOTIFICATION: dict[str, Any] = {
    "status": "FAILED",
    "createdAt": "2024-06-01T00:00:00.000Z",
    "id": GENERATION_ID,
    "input": [VIDEO, AUDIO],
    "model": "lipsync-2",
    "error_code": "generation_timeout",
}


def test_a_webhook_payload_can_be_read_by_its_class() -> None:
    """M6."""
    kind = common.GenerationNotification
    made = [kind(**NOTIFICATION), kind.model_validate(NOTIFICATION), kind.parse_obj(NOTIFICATION)]
    assert all(notification.to_dict() == NOTIFICATION for notification in made)
    assert made[0].created_at == datetime(2024, 6, 1, tzinfo=timezone.utc)
    assert made[0].error_code == "generation_timeout"


def test_json_and_dict_agree(connect: Connect) -> None:
    """M7."""
    result = received(connect, brandNew=1)
    again = common.Generation.model_validate_json(result.json())
    assert result.dict() == result.to_dict() == again.to_dict()


def test_counts_in_another_spelling_are_read_and_told_of(connect: Connect) -> None:
    """M8."""
    metrics = {"totalGenerations": 3, "successCount": 1, "failedCount": 0, "pendingCount": 2}
    with pytest.warns(ContractWarning, match="'totalGenerations' is there"):
        batch = connect(Service(answer(200, {**BATCH, "metrics": metrics}))).batch.get(BATCH["id"])
    assert batch.metrics.total_generations == batch.metrics["totalGenerations"] == 3
    assert (batch.metrics.success_count, batch.metrics.failed_count, batch.metrics.pending_count) == (1, 0, 2)


@pytest.mark.parametrize("url", [None, ""], ids=["null", "empty"])
def test_the_output_of_a_running_batch_may_be_missing(connect: Connect, url: str | None) -> None:
    """M9."""
    client = connect(Service(answer(200, {**BATCH, "outputUrl": url})), validate="strict")
    assert client.batch.get(BATCH["id"]).output_url == url


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "enum": ({"options": {"sync_mode": "nope"}}, "body.options.sync_mode"),
    "range": ({"options": {"temperature": 9}}, "body.options.temperature"),
    "typed": ({"options": common.GenerationOptions(temperature=9)}, "body.options.temperature"),
    "no-input": ({"input": []}, "body.input"),
    "no-source": ({"input": [{"type": "video"}, AUDIO]}, "body.input[0]"),
    "file-name": ({"output_file_name": "talk es.mp4"}, "body.outputFileName"),
    "script": (
        {"input": [VIDEO, {"type": "text", "provider": {**PROVIDER, "script": "x" * 5001}}]},
        "body.input[1].provider.script",
    ),
    "key": ({"idempotency_key": "two words"}, "header.Idempotency-Key"),
    "misspelt": ({"webhook": "https://hooks.example.com"}, "arguments.webhook"),
    "inside": ({"options": {"sync_mod": "loop"}}, "body.options.sync_mod"),
}


@pytest.mark.parametrize(("change", "where"), REFUSED.values(), ids=REFUSED.keys())
def test_what_breaks_the_contract_is_not_sent(connect: Connect, change: dict[str, Any], where: str) -> None:
    """M10 and M11."""
    service = Service(answer(201, GENERATION))
    with pytest.raises(RequestValidationError) as caught:
        connect(service).generations.create(**{**CREATE, **change})
    assert [violation.where for violation in caught.value.violations] == [where]
    assert service.requests == []


def test_a_page_of_a_thousand_is_not_asked_for(connect: Connect) -> None:
    """M11."""
    with pytest.raises(RequestValidationError, match=r"query\.limit: 1000 is more than the maximum, 100"):
        connect(Service()).assets.list(limit=1000)


def test_all_faults_are_told_at_once(connect: Connect) -> None:
    """M11."""
    with pytest.raises(RequestValidationError) as caught:
        connect(Service()).generations.create(model="lipsync-9", options={"temperature": 2, "sync_mode": "l"}, more=1)
    places = sorted(violation.where for violation in caught.value.violations)
    options = ["body.options.sync_mode", "body.options.temperature"]
    assert places == ["arguments.more", "body.input", "body.model", *options]


def test_with_request_checks_off_it_is_sent_all_the_same(connect: Connect) -> None:
    """M10."""
    service = Service(answer(201, GENERATION))
    connect(service, validate={"request": "off"}).generations.create(**CREATE, options={"temperature": 9})
    assert service.sent["options"] == {"temperature": 9}


def test_with_request_warnings_it_is_sent_and_told_of(connect: Connect) -> None:
    """M10."""
    service = Service(answer(201, GENERATION))
    options = {"validate": {"request": "warn"}}
    with pytest.warns(ContractWarning, match="is sent all the same"):
        connect(service).generations.create(**CREATE, options={"temperature": 9}, request_options=options)
    assert service.sent["options"] == {"temperature": 9}


def test_one_object_where_a_list_was_promised_is_a_list_of_one(connect: Connect) -> None:
    """M12."""
    body = {"estimatedFrameCount": 216, "estimatedGenerationCost": 0.432}
    with pytest.warns(ContractWarning, match="a list of one"):
        estimates = connect(Service(answer(200, body))).generations.estimate_cost(**CREATE)
    assert [estimate.estimated_generation_cost for estimate in estimates] == [0.432]
    assert estimates.violations


def test_a_list_has_the_violations_of_its_answer(connect: Connect) -> None:
    with pytest.warns(ContractWarning, match=r"body\[1\]\.outputDuration"):
        found = connect(Service(answer(200, [GENERATION, {**GENERATION, "outputDuration": "x"}]))).generations.list()
    assert [violation.where for violation in found.violations] == ["body[1].outputDuration"]
    assert [item.output_duration for item in found] == [8.64, "x"]


@pytest.mark.parametrize(
    "statement",
    [
        "from syncdyn import Sync, AsyncSync, SyncEnvironment, Audio, NotFoundError, GenerationNotification",
        "from syncdyn.common import Audio, Tts, TTS, Generation, BadRequestError, TooManyRequestsError, NotFoundError",
        "from syncdyn.core.api_error import ApiError",
        "from syncdyn.core.request_options import RequestOptions",
        "from syncdyn.environment import SyncEnvironment",
        "from syncdyn.webhooks import GenerationNotification, WebhookStatus",
        "from syncdyn.common import *",
        "from syncdyn import *",
    ],
)
def test_names_are_where_scripts_for_the_official_sdk_import_them_from(statement: str) -> None:
    names: dict[str, Any] = {}
    exec(statement, names)
    assert names.get("Generation", names.get("Audio", common.Audio)) in (common.Generation, common.Audio)


def test_the_errors_of_statuses_are_the_same_under_every_name() -> None:
    assert common.NotFoundError is syncdyn.NotFoundError
