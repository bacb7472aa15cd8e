"""Batches of the bundled API: checked line by line, run on the clock, read as JSON Lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from syncdyn.openapi.messages import Json
    from tests.mockserver.conftest import Service

PAYLOAD: dict[str, Any] = {
    "model": "lipsync-2",
    "input": [
        {"type": "video", "url": "https://example.com/video1.mp4"},
        {"type": "audio", "url": "https://example.com/audio1.wav"},
    ],
}


def line(name: str, **changes: Json) -> dict[str, Any]:
    return {"request_id": name, "endpoint": "/v2/generate", "payload": PAYLOAD, **changes}


def test_a_file_of_two_lines_makes_a_batch(service: Service) -> None:
    reply = service.post_batch(line("video_001"), line("video_002"))
    assert reply.status == 201
    assert reply.json["id"].startswith("batch_")
    assert reply.json["status"] == "PENDING"
    assert reply.json["metrics"] == {
        "total_generations": 2, "success_count": 0, "failed_count": 0, "pending_count": 2,
    }  # fmt: skip
    assert reply.json["outputUrl"] == ""


def test_a_dry_run_checks_and_makes_nothing(service: Service) -> None:
    before = service.state
    reply = service.post_batch(line("a"), dry_run="true")
    assert (reply.status, reply.json) == (200, {"status": "VALIDATED"})
    assert service.state is before


def test_a_batch_runs_through_its_states_while_its_items_end_one_by_one(service: Service) -> None:
    created = service.post_batch(line("a"), line("b", payload={**PAYLOAD, "outputFileName": "fail"}), line("c")).json
    seen = []
    for _ in range(32):
        now = service.get(f"/v2/batch/{created['id']}").json
        counts = now["metrics"]
        seen.append((now["status"], counts["success_count"], counts["failed_count"], counts["pending_count"]))
        service.advance(0.1)
    assert list(dict.fromkeys(seen)) == [
        ("PENDING", 0, 0, 3),
        ("JOBS_CREATED", 0, 0, 3),
        ("PROCESSING", 0, 0, 3),
        ("PROCESSING", 1, 0, 2),
        ("PROCESSING", 1, 1, 1),
        ("PROCESSING", 2, 1, 0),
        ("COMPLETED", 2, 1, 0),
    ]


def test_results_are_json_lines_with_the_generations(service: Service) -> None:
    created = service.post_batch(line("a"), line("b", payload={**PAYLOAD, "outputFileName": "fail"})).json
    service.advance(3)
    url = service.get(f"/v2/batch/{created['id']}").json["outputUrl"]
    reply = service.get(url, key=None)
    good, bad = (json.loads(text) for text in reply.content.splitlines())
    assert [*good] == ["request_id", "generation_id", "status", "response", "error"]
    assert (good["request_id"], good["status"], good["error"]) == ("a", "COMPLETED", None)
    assert good["response"] == service.get(f"/v2/generate/{good['generation_id']}").json
    assert (bad["request_id"], bad["status"]) == ("b", "FAILED")
    assert bad["error"] == bad["response"]["error"]


def test_results_are_not_there_before_the_end(service: Service) -> None:
    created = service.post_batch(line("a")).json
    assert service.get(f"/_mock/files/batches/{created['id']}/output.jsonl", key=None).status == 404


def test_a_batch_as_a_whole_can_be_made_to_fail(service: Service) -> None:
    content = ("input", json.dumps(line("a")).encode(), "in.jsonl")
    created = service.post_form("/v2/batch", content, headers=[("prefer", "outcome=FAILED")]).json
    service.advance(3)
    ended = service.get(f"/v2/batch/{created['id']}").json
    assert (ended["status"], ended["outputUrl"], ended["metrics"]["failed_count"]) == ("FAILED", "", 1)


NO_SPEECH = {**PAYLOAD, "input": PAYLOAD["input"][:1]}
BAD_LINES: dict[str, tuple[list[Any], int, str | None]] = {
    "not JSON": (["{nope"], 400, "batch_invalid_jsonl"),
    "nested too deep": (["[" * 10_000], 400, "batch_invalid_jsonl"),
    "too many digits": (['{"request_id":' + "9" * 100_000 + "}"], 400, "batch_invalid_jsonl"),
    "another endpoint": ([line("b", endpoint="/v2/models")], 400, "batch_invalid_endpoint"),
    "the same request_id": ([line("a")], 400, "batch_duplicate_request_id"),
    "no payload": ([{"request_id": "b", "endpoint": "/v2/generate"}], 400, None),
    "a payload that breaks a rule": ([line("b", payload=NO_SPEECH)], 400, "generation_input_validation_failed"),
    "an unknown model": ([line("b", payload={**PAYLOAD, "model": "x"})], 400, "generation_unsupported_model"),
}


@pytest.mark.parametrize(("lines", "status", "code"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_is_named_by_its_number(service: Service, lines: list[Any], status: int, code: str | None) -> None:
    reply = service.post_batch(line("a"), "", *lines)
    messages = reply.json["message"]
    assert (reply.status, reply.json.get("errorCode")) == (status, code)
    assert "line 3" in (messages if isinstance(messages, str) else messages[0])


def test_a_rule_broken_on_several_lines_is_told_for_each(service: Service) -> None:
    reply = service.post_batch(line("a", payload=NO_SPEECH), line("b"), line("c", payload=NO_SPEECH))
    places = [message.partition(":")[0] for message in reply.json["message"]]
    assert places == ["body.input.line 1.payload.input", "body.input.line 3.payload.input"]


@pytest.mark.parametrize(
    "payload", [NO_SPEECH, {**PAYLOAD, "model": "x"}, {**PAYLOAD, "colour": "red"}], ids=["rule", "code", "schema"]
)
def test_the_number_of_the_line_is_told_for_a_breach_of_any_kind(service: Service, payload: dict[str, Any]) -> None:
    body = service.post_batch(line("a"), line("b", payload=payload)).json
    first = body["message"] if isinstance(body["message"], str) else body["message"][0]
    assert body["lineNumber"] == 2
    assert first.startswith("body.input.line 2.payload.")


@pytest.mark.parametrize(
    "between", [b"\r", b"\x0b", b"\x0c", b"\x1c", b"\x1d\n", b"\xc2\x85", b"\n\x0b\n", b"\n\xe2\x80\xa8\n"], ids=ascii
)
def test_what_ends_a_line_elsewhere_ends_none_here(service: Service, between: bytes) -> None:
    content = json.dumps(line("a")).encode() + between + json.dumps(line("b")).encode()
    reply = service.post_form("/v2/batch", ("input", content, "in.jsonl"))
    assert (reply.status, reply.json["errorCode"]) == (400, "batch_invalid_jsonl")


def test_a_line_that_is_not_utf_8_is_refused(service: Service) -> None:
    content = json.dumps(line("a")).encode() + b'\n{"request_id": "caf\xe9"}'
    reply = service.post_form("/v2/batch", ("input", content, "in.jsonl"))
    assert (reply.status, reply.json["errorCode"], reply.json["lineNumber"]) == (400, "batch_invalid_jsonl", 2)
    assert "line 2: not UTF-8" in reply.json["message"]


def test_a_dry_run_needs_the_plan_but_no_free_place(serve: Callable[..., Service]) -> None:
    assert serve(plan="hobbyist").post_batch(line("a"), dry_run="true").status == 402
    scale = serve(plan="scale")
    assert scale.post_batch(line("a")).status == 201
    assert scale.post_batch(line("a")).status == 429
    assert scale.post_batch(line("a"), dry_run="true").status == 200


@pytest.mark.parametrize(
    ("number", "status", "code"),
    [(0, 400, "batch_insufficient_records"), (1000, 200, None), (1001, 400, "batch_too_many_requests")],
)
def test_a_batch_holds_one_to_a_thousand_records(service: Service, number: int, status: int, code: str | None) -> None:
    reply = service.post_batch(*(line(f"r{index}") for index in range(number)), dry_run="true")
    assert (reply.status, reply.json.get("errorCode")) == (status, code)


def test_a_file_over_five_megabytes_is_too_large(service: Service) -> None:
    reply = service.post_batch("x" * (5 * 2**20 + 1))
    assert (reply.status, reply.json["errorCode"]) == (413, "batch_file_too_large")


def test_batches_are_listed_newest_first_and_filtered(service: Service) -> None:
    old = service.post_batch(line("a")).json
    service.advance(3)
    new = service.post_batch(line("a")).json
    listed = service.get("/v2/batch").json
    assert [one["id"] for one in listed] == [new["id"], old["id"]]
    assert [one["id"] for one in service.get("/v2/batch?status=COMPLETED").json] == [old["id"]]
    moment = "2024-06-01T00%3A00%3A01%2B00%3A00"
    assert [one["id"] for one in service.get(f"/v2/batch?created_after={moment}").json] == [new["id"]]
    assert [one["id"] for one in service.get(f"/v2/batch?created_before={moment}").json] == [old["id"]]


@pytest.mark.parametrize("query", ["created_after=yesterday", "created_before=", "status=DONE"])
def test_a_bad_filter_is_400(service: Service, query: str) -> None:
    assert service.get(f"/v2/batch?{query}").status == 400


def test_an_unknown_batch_is_404(service: Service) -> None:
    assert service.get("/v2/batch/batch_0").json == {
        "statusCode": 404, "message": "batch is unknown", "error": "Not Found",
    }  # fmt: skip
