"""The vendor's own SDK raises the error made for each documented mistake, with the service's status and code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import pytest
from sync.common import (
    BadRequestError,
    ElevenLabs,
    GenerationOptions,
    InternalServerError,
    NotFoundError,
    PaymentRequiredError,
    TooManyRequestsError,
    Tts,
    UnauthorizedError,
    Video,
)
from sync.core.api_error import ApiError

from mockserver import tone
from tests.contract.official_sdk.calling import AUDIO_ASSET, BATCH, INPUTS, SPOKEN, URLS, Caller, Service


@dataclass(frozen=True)
class Mistake:
    """A call that is refused, and how: the SDK's error, the status, the service's code (None: there is none)."""

    name: str
    provoke: Callable[[Caller], Any]
    error: type[ApiError]
    status: int
    code: str | None
    service: str = "open"
    key: str = "sk-any"


def _create(**changes: Any) -> Callable[[Caller], Any]:
    return lambda call: call("generations.create", **{"model": "lipsync-2", "input": URLS, **changes})


def _upload(**files: Any) -> Callable[[Caller], Any]:
    return lambda call: call("generations.create_with_files", model="lipsync-2", **files)


def _batch(content: bytes = BATCH, **more: Any) -> Callable[[Caller], Any]:
    return lambda call: call("batch.create", input=("input.jsonl", content), **more)


def _method(name: str, *arguments: Any, **named: Any) -> Callable[[Caller], Any]:
    return lambda call: call(name, *arguments, **named)


def _repeat(times: int, provoke: Callable[[Caller], Any]) -> Callable[[Caller], Any]:
    return lambda call: [provoke(call) for _ in range(times)]


def _with_header(**headers: str) -> dict[str, Any]:
    return {"request_options": {"additional_headers": {key.replace("_", "-"): text for key, text in headers.items()}}}


def _conflict(call: Caller) -> None:
    _create(**_with_header(idempotency_key="order-1"))(call)
    _create(model="lipsync-2-pro", **_with_header(idempotency_key="order-1"))(call)


def _overlapping() -> dict[str, Any]:
    given = INPUTS["segments"]
    return {**given, "segments": [part.model_copy(update={"start_time": 1.0}) for part in given["segments"]]}


_INVALID = "generation_input_validation_failed"
_BIG = b"\0" * (20 * 2**20 + 1)
_MISTAKES = (
    Mistake("unknown model", _create(model="lipsync-9"), BadRequestError, 400, "generation_unsupported_model"),
    Mistake("no input", _create(input=[]), BadRequestError, 400, None),
    Mistake("no audio", _create(input=URLS[:1]), BadRequestError, 400, _INVALID),
    Mistake("two voices without segments", _create(input=[*URLS, SPOKEN]), BadRequestError, 400, _INVALID),
    Mistake("temperature of 9", _create(options=GenerationOptions(temperature=9)), BadRequestError, 400, None),
    Mistake("file name with a blank", _create(output_file_name="my video"), BadRequestError, 400, None),
    Mistake(
        "script too long",
        _create(input=[URLS[0], Tts(provider=ElevenLabs(voice_id="v", script="x" * 5001))]),
        BadRequestError, 400, "generation_text_length_exceeded",
    ),
    Mistake(
        "bad idempotency key",
        _create(**_with_header(idempotency_key="a b")),
        BadRequestError, 400, "INVALID_IDEMPOTENCY_KEY",
    ),
    # Without a file the SDK sends a URL-encoded form, a media type that the operation does not have.
    Mistake("neither file nor input", _upload(), BadRequestError, 400, None),
    Mistake("batch that is no JSON", _batch(b"{oops\n"), BadRequestError, 400, "batch_invalid_jsonl"),
    Mistake("batch with an id twice", _batch(BATCH + BATCH), BadRequestError, 400, "batch_duplicate_request_id"),
    Mistake(
        "batch for elsewhere",
        _batch(BATCH.replace(b"/v2/generate", b"/v2/x")),
        BadRequestError, 400, "batch_invalid_endpoint",
    ),
    Mistake("page too large", _method("assets.list", limit=101), ApiError, 400, None),
    Mistake("no key", _method("models.list"), UnauthorizedError, 401, None, key=""),
    Mistake("wrong key", _method("models.list"), UnauthorizedError, 401, None, key="invalid"),
    Mistake("wrong key to create", _create(), UnauthorizedError, 401, None, key="invalid"),
    Mistake("batch on a small plan", _batch(), PaymentRequiredError, 402, "batch_plan_required", service="creator"),
    Mistake(
        "video longer than the plan's",
        _create(input=[Video(url="https://media.example.com/v.mp4?seconds=301"), URLS[1]]),
        ApiError, 402, "generation_plan_duration_exceeded", service="creator",
    ),
    Mistake("unknown generation", _method("generations.get", "gen-1"), NotFoundError, 404, "generation_not_found"),
    Mistake("unknown batch", _method("batch.get", "batch_1"), NotFoundError, 404, None),
    Mistake("unknown asset", _method("assets.get", "asset-1"), NotFoundError, 404, "asset_not_found"),
    Mistake(
        "unknown asset as input",
        _create(input=[Video(asset_id="asset-1"), URLS[1]]),
        ApiError, 404, "asset_not_found",
    ),
    Mistake("key used for something else", _conflict, ApiError, 409, "IDEMPOTENCY_KEY_CONFLICT"),
    Mistake("file of more than 20 MB", _upload(video=("v.mp4", _BIG), audio=tone(1.0)), ApiError, 413, _INVALID),
    Mistake("batch of more than 5 MB", _batch(BATCH + b"\n" * (5 * 2**20)), ApiError, 413, "batch_file_too_large"),
    Mistake("overlapping segments", _create(**_overlapping()), ApiError, 422, "generation_input_segments_invalid"),
    Mistake(
        "asset of another kind",
        _create(input=[Video(asset_id=AUDIO_ASSET), URLS[1]]),
        ApiError, 422, "generation_input_asset_type_mismatch",
    ),
    Mistake("too many at once", _repeat(4, _create()), ApiError, 429, "concurrency_limit_reached", service="creator"),
    Mistake(
        "too many batches",
        _repeat(2, _batch()),
        TooManyRequestsError, 429, "concurrency_limit_reached", service="scale",
    ),
    Mistake("too many in a minute", _repeat(61, _create()), ApiError, 429, "rate_limit_exceeded", service="rated"),
    Mistake(
        "service fails",
        _method("models.list", **_with_header(prefer="code=500")),
        InternalServerError, 500, "internal_error",
    ),
    Mistake("service is away", _create(**_with_header(prefer="code=503")), ApiError, 503, "controller_unavailable"),
)  # fmt: skip


@pytest.mark.parametrize("mistake", _MISTAKES, ids=attrgetter("name"))
def test_a_mistake_is_told_by_the_error_made_for_it(
    connect: Callable[[str, str], Caller], services: dict[str, Service], mistake: Mistake
) -> None:
    call = connect(services[mistake.service].url, mistake.key)
    with pytest.raises(ApiError) as raised:
        mistake.provoke(call)
    assert type(raised.value) is mistake.error
    body = raised.value.body
    told = body if isinstance(body, dict) else body.dict()
    assert raised.value.status_code == told["statusCode"] == mistake.status
    assert told.get("errorCode") == mistake.code
    assert told["message"]


def test_the_two_refusals_of_a_key_differ_in_their_bodies(
    connect: Callable[[str, str], Caller], service: Service
) -> None:
    def body(key: str) -> dict[str, Any]:
        with pytest.raises(UnauthorizedError) as raised:
            connect(service.url, key)("generations.list")
        return raised.value.body.dict()  # type: ignore[no-any-return]

    assert body("") == {"message": "the x-api-key header is missing", "error": "Unauthorized", "statusCode": 401}
    assert body("invalid") == {"message": "Unauthorized", "statusCode": 401}
