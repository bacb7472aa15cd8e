"""What is refused and how it is told: credentials, rates, plans, idempotency, and input of every bad kind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.mockserver.test_batches import line

if TYPE_CHECKING:
    from collections.abc import Callable

    from syncdyn.openapi.messages import Json
    from tests.mockserver.conftest import Service


def test_no_key_and_a_wrong_key_have_bodies_of_their_own(service: Service) -> None:
    missing, wrong = service.get("/v2/models", key=None), service.get("/v2/models", key="invalid")
    assert (missing.status, wrong.status) == (401, 401)
    assert missing.json == {"statusCode": 401, "message": "the x-api-key header is missing", "error": "Unauthorized"}
    assert wrong.json == {"statusCode": 401, "message": "Unauthorized"}


def test_only_the_keys_of_the_settings_are_taken_when_there_are_any(serve: Callable[..., Service]) -> None:
    service = serve(api_keys=("right",))
    assert [service.get("/v2/models", key=key).status for key in ("right", "other", "invalid", " ")] == [
        200,
        401,
        401,
        401,
    ]


def test_credentials_come_before_everything_else(service: Service) -> None:
    assert service.call("POST", "/v2/generate", content=b"{", key=None).status == 401


def test_an_unknown_path_is_404_and_a_known_one_by_another_method_405(service: Service) -> None:
    assert service.get("/v2/nothing").json["statusCode"] == 404
    reply = service.call("PATCH", "/v2/assets/1")
    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")


JSON = {"content-type": "application/json"}
BAD_BODIES: dict[str, tuple[bytes, dict[str, str]]] = {
    "cut off": (b'{"model":', JSON),
    "nothing": (b"", JSON),
    "NUL bytes": (b"\0\0\0", JSON),
    "not UTF-8": (b'{"model":"\xff"}', JSON),
    "100,000 digits": (b'{"model":' + b"9" * 100_000 + b"}", JSON),
    "10,000 deep": (b"[" * 10_000, JSON),
    "150 deep": (b'{"model":' + b"[" * 150 + b"]" * 150 + b"}", JSON),
    "a number out of range": (b'{"model":1e999}', JSON),
    "a list": (b"[]", JSON),
    "a lone surrogate": (b'{"model":"\\ud800"}', JSON),
    "no media type where there are several": (b'{"model":"lipsync-2"}', {}),
    "another charset": (b'{"model":"lipsync-2"}', {"content-type": "application/json; charset=latin-1"}),
    "another media type": (b"<a/>", {"content-type": "text/xml"}),
    "a media type that is none": (b"{}", {"content-type": ";;;"}),
    "a form without boundary": (b"x", {"content-type": "multipart/form-data"}),
    "a form that is none": (b"x", {"content-type": "multipart/form-data; boundary=b"}),
    "a form without its end": (
        b'--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nx',
        {"content-type": "multipart/form-data; boundary=b"},
    ),
}


@pytest.mark.parametrize(("content", "headers"), BAD_BODIES.values(), ids=BAD_BODIES)
@pytest.mark.parametrize("target", ["/v2/generate", "/v2/batch", "/v2/analyze/cost"])
def test_a_bad_body_is_told_as_400(service: Service, target: str, content: bytes, headers: dict[str, str]) -> None:
    reply = service.call("POST", target, content=content, headers=headers)
    assert reply.status == 400
    assert reply.json["statusCode"] == 400
    assert reply.json["message"]
    assert len(reply.content) < 3000
    assert reply.violations


@pytest.mark.parametrize(
    "target",
    [
        "/v2/generate/%00",
        "/v2/generate/%ff%fe",
        "/v2/generate/" + "x" * 100_000,
        "/v2/assets/%2e%2e%2fmodels",
        "/v2/generate/",
    ],
)
def test_strange_ids_lead_nowhere(service: Service, target: str) -> None:
    assert service.get(target).status == 404


@pytest.mark.parametrize("url", ["http://[x/v2/models", "http://mock.test", "http://mock.test/%", "*"])
def test_strange_urls_are_4xx(service: Service, url: str) -> None:
    assert 400 <= service.get(url if "://" in url else f"http://mock.test{url}").status < 500


def test_a_body_over_the_limit_is_413(serve: Callable[..., Service], generation: dict[str, Json]) -> None:
    reply = serve(max_body_bytes=10).post("/v2/generate", generation)
    assert (reply.status, reply.json["statusCode"]) == (413, 413)


def test_all_faults_of_a_body_are_told_at_once(service: Service) -> None:
    reply = service.post("/v2/generate", {"input": [{"type": "video"}], "webhook": "x"})
    assert len(reply.json["message"]) == 3
    assert {one.path[0] for one in reply.violations} == {"model", "input", "webhook"}


# ---- idempotency ----


def test_the_same_key_and_body_give_the_same_answer_once_more(service: Service, generation: dict[str, Json]) -> None:
    first, again = (service.post("/v2/generate", generation, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert (again.status, again.content) == (201, first.content)
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    assert len(service.get("/v2/generations").json) == 1


def test_members_in_another_order_are_the_same_body(service: Service, generation: dict[str, Json]) -> None:
    service.post("/v2/generate", generation, headers={"idempotency-key": "k"})
    again = service.post("/v2/generate", dict(reversed(generation.items())), headers={"idempotency-key": "k"})
    assert again.headers["idempotency-replayed"] == "true"


def test_the_same_key_with_another_body_is_a_conflict(service: Service, generation: dict[str, Json]) -> None:
    service.post("/v2/generate", generation, headers={"idempotency-key": "k"})
    reply = service.post("/v2/generate", {**generation, "outputFileName": "b"}, headers={"idempotency-key": "k"})
    assert (reply.status, reply.json["errorCode"]) == (409, "IDEMPOTENCY_KEY_CONFLICT")


def test_forms_are_compared_by_the_content_of_their_files(service: Service) -> None:
    def create(content: bytes) -> int:
        parts = (("model", b"lipsync-2", None), ("video", content, "v.mp4"), ("audio", b"a", "a.wav"))
        return service.post_form("/v2/generate", *parts, headers=[("idempotency-key", "k")]).status

    assert [create(b"1"), create(b"1"), create(b"2")] == [201, 201, 409]


def test_a_key_is_forgotten_after_a_day(service: Service, generation: dict[str, Json]) -> None:
    ids = []
    for _ in range(2):
        ids.append(service.post("/v2/generate", generation, headers={"idempotency-key": "k"}).json["id"])
        service.advance(86_400)
    assert ids[0] != ids[1]


@pytest.mark.parametrize("keys", [[""], ["with space"], ["x" * 129], ["a", "a"], ["é"]])
def test_a_malformed_or_repeated_key_is_refused(service: Service, generation: dict[str, Json], keys: list[str]) -> None:
    reply = service.post("/v2/generate", generation, headers=[("Idempotency-Key", key) for key in keys])
    assert (reply.status, reply.json["errorCode"]) == (400, "INVALID_IDEMPOTENCY_KEY")


# ---- plans and rates ----


def test_without_a_plan_nothing_is_limited(service: Service, generation: dict[str, Json]) -> None:
    assert {service.post("/v2/generate", generation).status for _ in range(30)} == {201}
    assert {service.post_batch(line("a")).status for _ in range(3)} == {201}


@pytest.mark.parametrize(("plan", "most"), [("free", 1), ("creator", 3), ("growth", 6), ("scale", 15)])
def test_a_plan_limits_how_many_generations_run_at_once(
    serve: Callable[..., Service], generation: dict[str, Json], plan: str, most: int
) -> None:
    service = serve(plan=plan)
    assert [service.post("/v2/generate", generation).status for _ in range(most)] == [201] * most
    reply = service.post("/v2/generate", generation)
    assert (reply.status, reply.headers["retry-after"]) == (429, "5")
    assert reply.json == {
        "statusCode": 429,
        "message": "too many generations are running",
        "errorCode": "concurrency_limit_reached",
        "activeGenerations": most,
        "concurrencyLimit": most,
        "retryAfterSeconds": 5,
        "upgradeUrl": "https://sync.so/billing",
    }
    service.advance(3)
    assert service.post("/v2/generate", generation).status == 201


@pytest.mark.parametrize(("plan", "status"), [("free", 402), ("growth", 402), ("scale", 201), ("enterprise", 201)])
def test_batches_need_a_high_plan(serve: Callable[..., Service], plan: str, status: int) -> None:
    reply = serve(plan=plan).post_batch(line("a"))
    assert reply.status == status
    assert status == 201 or reply.json["errorCode"] == "batch_plan_required"


def test_items_of_a_batch_do_not_count_as_running_generations(
    serve: Callable[..., Service], generation: dict[str, Json]
) -> None:
    service = serve(plan="scale")
    service.post_batch(*(line(f"r{index}") for index in range(20)))
    assert service.post("/v2/generate", generation).status == 201
    assert service.post_batch(line("a")).json["errorCode"] == "concurrency_limit_reached"


def test_a_plan_limits_the_length_of_the_video(serve: Callable[..., Service], generation: dict[str, Json]) -> None:
    generation["input"][0]["url"] = "https://media.example.com/v?seconds=21"
    reply = serve(plan="free").post("/v2/generate", generation)
    assert (reply.status, reply.json["errorCode"]) == (402, "generation_plan_duration_exceeded")


def test_create_has_a_rate_of_its_own_for_each_key_and_minute(
    serve: Callable[..., Service], generation: dict[str, Json]
) -> None:
    service = serve(rate_limit=True)
    service.now += 15
    assert {service.post("/v2/generate", generation).status for _ in range(60)} == {201}
    reply = service.post("/v2/generate", generation)
    assert (reply.status, reply.json["errorCode"]) == (429, "rate_limit_exceeded")
    assert reply.headers["retry-after"] == "45"
    assert service.get("/v2/models").status == 200
    assert service.post("/v2/generate", generation, key="other").status == 201
    service.advance(45)
    assert service.post("/v2/generate", generation).status == 201


def test_all_other_operations_share_six_hundred_a_minute(serve: Callable[..., Service]) -> None:
    service = serve(rate_limit=True)
    statuses = [service.get("/v2/models").status for _ in range(601)]
    assert (statuses.count(200), statuses[-1]) == (600, 429)
    assert service.get("/v2/batch").status == 429


def test_refused_requests_count_as_well(serve: Callable[..., Service]) -> None:
    service = serve(rate_limit=True)
    statuses = [service.post("/v2/generate", {}).status for _ in range(61)]
    assert (statuses.count(400), statuses[-1]) == (60, 429)


# ---- what the caller may ask of the mock ----


@pytest.mark.parametrize(
    ("prefer", "status", "code"),
    [
        ("code=503", 503, "controller_unavailable"),
        ("code=422, example=project_not_found", 422, "project_not_found"),
        ("code=500", 500, "internal_error"),
    ],
)
def test_prefer_gives_any_documented_answer(
    service: Service, generation: dict[str, Json], prefer: str, status: int, code: str
) -> None:
    reply = service.post("/v2/generate", generation, headers={"prefer": prefer})
    assert (reply.status, reply.json["errorCode"]) == (status, code)


UNMET = {
    "code=418": (404, "there is: 201"),
    "example=nothing": (404, "there is:"),
    "code=" + "9" * 5000: (422, "is no status"),
    "dynamic=1": (422, "not true or false"),
}


@pytest.mark.parametrize("prefer", UNMET)
def test_a_wish_that_cannot_be_met_is_refused(service: Service, generation: dict[str, Any], prefer: str) -> None:
    status, told = UNMET[prefer]
    reply = service.post("/v2/generate", generation, headers={"prefer": prefer})
    assert (reply.status, told in reply.json["message"]) == (status, True)


def test_two_different_keys_are_a_wrong_one(service: Service) -> None:
    reply = service.get("/v2/models", key=None, headers=[("x-api-key", "one"), ("X-Api-Key", "two")])
    assert (reply.status, reply.json["message"]) == (401, "Unauthorized")
    assert service.get("/v2/models", key=None, headers=[("x-api-key", "one"), ("x-api-key", "one")]).status == 200


@pytest.mark.parametrize("url", ["ftp://a.test/v", "http:/a", "file:///etc/passwd", "https:///x"])
def test_only_a_web_address_is_a_url(service: Service, generation: dict[str, Any], url: str) -> None:
    generation["input"][0] = {"type": "video", "url": url}
    reply = service.post("/v2/generate", {**generation, "webhookUrl": url})
    assert reply.status == 400
    assert sum("is not a URL that begins with http:// or https://" in one for one in reply.json["message"]) == 2


def test_a_field_that_came_twice_is_told(service: Service) -> None:
    fields = [("model", b"lipsync-2", None), ("model", b"sync-3", None)]
    reply = service.post_form("/v2/generate", *fields, ("video", b"v", "v.mp4"), ("audio", b"a", "a.wav"))
    assert reply.status == 400
    assert "'model': sent 2 times, allowed once" in json.dumps(reply.json["message"])


@pytest.mark.parametrize(("limit", "expected"), [("1.0", 200), ("1e1", 200), ("-0", 400), ("0.0", 400), ("1.5", 400)])
def test_a_whole_number_may_be_spelled_with_a_fraction(service: Service, limit: str, expected: int) -> None:
    reply = service.get(f"/v2/assets?limit={limit}")
    assert reply.status == expected
    if expected == 200:
        assert len(reply.json["items"]) == float(limit)


def test_keys_that_have_expired_are_forgotten(service: Service, generation: dict[str, Any]) -> None:
    for number in range(400):
        service.post("/v2/generate", generation, headers={"idempotency-key": f"old-{number}"})
    service.advance(86400)
    for number in range(400):
        service.post("/v2/generate", generation, headers={"idempotency-key": f"new-{number}"})
    assert len(service.state.remembered) < 440


def test_a_fault_of_the_edge_has_the_body_that_the_document_promises(service: Service) -> None:
    body = json.loads(service.mock.problem(413, "too large").body)
    assert body == {"statusCode": 413, "message": "too large", "error": "Content Too Large"} or body == {
        "statusCode": 413, "message": "too large", "error": "Request Entity Too Large",
    }  # fmt: skip


ENDLESS: dict[str, dict[str, Any]] = {
    "segments": {
        "segments": [{"startTime": 0, "endTime": 1.7e308, "audioInput": {"refId": "a"}}] * 2,
    },
    "crops": {
        "segments": [
            {"startTime": 0, "endTime": 1, "audioInput": {"refId": "a", "startTime": 0, "endTime": 1.7e308}},
        ],
    },
}


@pytest.mark.parametrize("changes", ENDLESS.values(), ids=ENDLESS)
def test_times_beyond_a_day_are_refused(service: Service, generation: dict[str, Any], changes: dict[str, Any]) -> None:
    generation["input"][1]["refId"] = "a"
    assert service.post("/v2/generate", {**generation, **changes}).status == 400
    assert service.get("/v2/generations").json == []


@pytest.mark.parametrize("seconds", ["9" * 400, "999999", "1." + "9" * 400, "0"])
def test_any_length_that_a_url_states_can_be_listed(service: Service, generation: dict[str, Any], seconds: str) -> None:
    for item in generation["input"]:
        item["url"] = f"https://a.test/v?seconds={seconds}"
    assert service.post("/v2/generate", generation).status == 201
    service.advance(3)
    assert service.get("/v2/generations").status == 200


def test_frames_beyond_all_bounds_are_refused(service: Service, generation: dict[str, Any]) -> None:
    generation["input"][0]["segments_frames"] = [[10**400, 0]]
    assert service.post("/v2/generate", generation).status == 422
