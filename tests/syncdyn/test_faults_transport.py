"""Transport and design: rows T1 to T15 of the official SDK's known faults, each as what this client does instead."""

from __future__ import annotations

import inspect
import io
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest

from syncdyn import ApiError, ApiStatusError, ConfigurationError, RequestValidationError, Sync, common
from tests.syncdyn.fakes import (
    AUDIO,
    BATCH,
    CREATE,
    GENERATION,
    GENERATION_ID,
    HOME,
    KEY,
    VIDEO,
    Connect,
    Service,
    answer,
    form_of,
)

READY = answer(200, GENERATION)
MADE = answer(201, GENERATION)


def test_the_key_of_the_moment_is_used(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """T1: not that of the import."""
    service = Service(answer(200, []))
    monkeypatch.setenv("SYNC_API_KEY", "sk-set-late")
    connect.sync(transport=connect.transport(connect.http(service))).models.list()
    assert service.last.headers["x-api-key"] == "sk-set-late"


UNFIT_KEYS = {"empty": "", "blank": "  ", "line-break": "sk-1\n", "umlaut": "sk-ü"}


@pytest.mark.parametrize("key", UNFIT_KEYS.values(), ids=UNFIT_KEYS.keys())
def test_a_key_that_no_header_can_carry_is_refused(connect: Connect, key: str) -> None:
    """T2."""
    with pytest.raises(ConfigurationError, match="API key"):
        connect.sync(api_key=key)


def test_objects_go_into_a_form_as_json(connect: Connect) -> None:
    """T3."""
    service = Service(MADE)
    connect(service).generations.create_with_files(
        model="lipsync-2",
        audio=("talk.wav", b"sound"),
        input=[common.Video(url=VIDEO["url"])],
        options=common.GenerationOptions(sync_mode="loop"),
    )
    form = form_of(service.last)
    assert json.loads(form["input"]) == [VIDEO]
    assert json.loads(form["options"]) == {"sync_mode": "loop"}
    assert form["audio"] == b"sound"


def test_a_form_without_a_file_is_still_multipart(connect: Connect) -> None:
    """T3."""
    service = Service(MADE)
    connect(service).generations.create_with_files(model="lipsync-2", input=[VIDEO, AUDIO])
    assert service.last.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert json.loads(form_of(service.last)["input"]) == [VIDEO, AUDIO]


LISTS: dict[str, tuple[str, dict[str, Any], str]] = {
    "several": ("generations", {"status": ["PENDING", "PROCESSING"]}, "status=PENDING,PROCESSING"),
    "one": ("generations", {"status": "COMPLETED"}, "status=COMPLETED"),
    "ids": ("generations", {"ids": ["a,b", "c d"]}, "ids=a%2Cb,c%20d"),
    "types": ("assets", {"types": ("AUDIO", "VIDEO")}, "types=AUDIO,VIDEO"),
}


@pytest.mark.parametrize(("resource", "arguments", "query"), LISTS.values(), ids=LISTS.keys())
def test_several_values_are_sent_as_the_document_says(
    connect: Connect, resource: str, arguments: dict[str, Any], query: str
) -> None:
    """T4."""
    service = Service(answer(200, [] if resource == "generations" else {"items": []}))
    getattr(connect(service), resource).list(**arguments)
    assert service.last.url.query.decode() == query


def test_an_empty_list_does_not_drop_the_filter(connect: Connect) -> None:
    """T4: it would return everything."""
    with pytest.raises(RequestValidationError, match=r"query\.ids: 0 items"):
        connect(Service()).generations.list(ids=[])


IDS = {
    "query": ("a?x=1", "a%3Fx%3D1"),
    "fragment": ("a#f", "a%23f"),
    "slash": ("a/b", "a%2Fb"),
    "space": ("a b", "a%20b"),
    "escaped": ("a%2Fb", "a%252Fb"),
    "umlaut": ("ü", "%C3%BC"),
}


@pytest.mark.parametrize(("given", "sent"), IDS.values(), ids=IDS.keys())
def test_an_id_stays_one_step_of_the_path(connect: Connect, given: str, sent: str) -> None:
    """T5."""
    service = Service(READY)
    connect(service).generations.get(given)
    assert service.last.url.raw_path.decode() == f"/v2/generate/{sent}"


@pytest.mark.parametrize("given", ["", ".", "..", "../models", None, ...], ids=repr)
def test_an_id_that_leads_elsewhere_or_nowhere_is_refused(connect: Connect, given: Any) -> None:
    """T5."""
    service = Service(READY)
    with pytest.raises(RequestValidationError, match=r"path\.id"):
        connect(service).generations.get(given)
    assert service.requests == []


def moved(to: str, status: int = 302) -> Any:
    return answer(status, headers={"Location": to})


ELSEWHERE = {"host": "https://evil.example.com/x", "port": f"{HOME}:8443/x", "scheme": "http://api.sync.so/x"}


@pytest.mark.parametrize("target", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_no_credentials_go_to_another_origin(connect: Connect, target: str) -> None:
    """T6: not the key, and nothing that the caller's own HTTP client adds."""
    service = Service(moved(target), moved(f"{HOME}/back"), READY)
    http = connect.http(service, headers={"X-Team-Token": "t0p"}, auth=("u", "p4ss"), cookies={"sid": "s3cret"})
    connect(service, http=http).generations.get(GENERATION_ID)
    home, away, back = service.requests
    assert home.headers["x-api-key"] == KEY
    assert home.headers["x-team-token"] == "t0p"
    assert home.headers["authorization"].startswith("Basic ")
    for request in (away, back):
        assert not {"x-api-key", "x-team-token", "authorization", "cookie"} & set(request.headers)


def test_within_its_origin_a_redirect_keeps_the_credentials(connect: Connect) -> None:
    """T6."""
    service = Service(moved("/v3/generate/1"), READY)
    connect(service).generations.get(GENERATION_ID)
    assert str(service.last.url) == f"{HOME}/v3/generate/1"
    assert service.last.headers["x-api-key"] == KEY


def test_redirects_can_be_declined(connect: Connect) -> None:
    """T6."""
    service = Service(moved("/v3"), READY)
    with pytest.raises(ApiStatusError, match="302"):
        connect(service, follow_redirects=False).generations.get(GENERATION_ID)
    assert len(service.requests) == 1


@pytest.mark.parametrize("status", [301, 302])
def test_a_post_is_never_turned_into_a_get(connect: Connect, status: int) -> None:
    """T7."""
    service = Service(moved("/elsewhere", status), READY)
    with pytest.raises(ApiStatusError, match="a redirect to /elsewhere, which was not followed for a POST"):
        connect(service).generations.create(**CREATE)
    assert [request.method for request in service.requests] == ["POST"]


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_that_keeps_the_method_keeps_the_body(connect: Connect, status: int) -> None:
    """T7."""
    service = Service(moved("/elsewhere", status), MADE)
    connect(service).generations.create(**CREATE)
    assert service.last.method == "POST"
    assert service.sent == CREATE


def timeouts(service: Service) -> dict[str, float | None]:
    found: dict[str, float | None] = service.last.extensions["timeout"]
    return found


def test_every_phase_of_the_callers_timeout_is_kept(connect: Connect) -> None:
    """T8."""
    service = Service(READY)
    stated = httpx.Timeout(5, read=90)
    connect(service, http=connect.http(service, timeout=stated)).generations.get(GENERATION_ID)
    assert timeouts(service) == {"connect": 5, "read": 90, "write": 5, "pool": 5}


def test_a_client_without_a_timeout_of_its_own_waits_a_minute(connect: Connect) -> None:
    """T8: not the five seconds of the library."""
    service = Service(READY)
    connect(service).generations.get(GENERATION_ID)
    assert set(timeouts(service).values()) == {60}


def test_a_timeout_can_be_set_for_the_client_and_for_a_call(connect: Connect) -> None:
    """T8."""
    service = Service(READY)
    client = connect(service, timeout=httpx.Timeout(7, read=70))
    client.generations.get(GENERATION_ID)
    assert (timeouts(service)["connect"], timeouts(service)["read"]) == (7, 70)
    client.generations.get(GENERATION_ID, request_options={"timeout_in_seconds": 3.5})
    assert set(timeouts(service).values()) == {3.5}


def test_a_callers_client_that_waits_for_ever_is_let_wait(connect: Connect) -> None:
    """T8."""
    service = Service(READY)
    connect(service, http=connect.http(service, timeout=None)).generations.get(GENERATION_ID)
    assert set(timeouts(service).values()) == {None}


def test_a_client_is_a_context_and_leaves_the_callers_own_open() -> None:
    """T9."""
    service = Service(READY)
    with httpx.Client(transport=httpx.MockTransport(service)) as http:
        with Sync(api_key=KEY, httpx_client=http) as client:
            client.generations.get(GENERATION_ID)
        assert not http.is_closed


@pytest.mark.parametrize("how", ["close", "context"])
def test_a_client_closes_the_connections_that_are_its_own(how: str) -> None:
    """T9."""
    client = Sync(api_key=KEY)
    http = client._transport.client
    if how == "close":
        client.close()
    else:
        with client:
            pass
    assert http.is_closed


def test_the_callers_client_may_have_proxies_and_mounts(connect: Connect) -> None:
    """T10."""
    through, past = Service(READY), Service(READY)
    mounts = {"all://api.sync.so": httpx.MockTransport(through)}
    connect(past, http=connect.http(past, mounts=mounts)).generations.get(GENERATION_ID)
    assert (len(through.requests), len(past.requests)) == (1, 0)


def test_the_callers_client_may_have_a_proxy() -> None:
    """T10."""
    with httpx.Client(proxy="http://127.0.0.1:9") as http:
        assert repr(Sync(api_key=KEY, httpx_client=http)) == f"<Sync of sync.openapi.yaml at {HOME}>"


def test_a_file_is_sent_from_where_it_stands(connect: Connect) -> None:
    """T11."""
    service = Service(answer(429), MADE)
    file = io.BytesIO(b"head:moving")
    file.seek(5)
    connect(service).generations.create_with_files(model="lipsync-2", video=file)
    assert [form_of(request)["video"] for request in service.requests] == [b"moving"] * 2


def test_none_is_left_out(connect: Connect) -> None:
    """T12."""
    service = Service(MADE)
    connect(service).generations.create(**CREATE, options=None, webhook_url=None, segments=None)
    assert service.sent == CREATE


INSTANTS: dict[str, Any] = {
    "naive-is-utc": datetime(2024, 6, 1, 12),  # noqa: DTZ001 - a naive one is meant
    "utc": datetime(2024, 6, 1, 12, tzinfo=timezone.utc),
    "text": "2024-06-01T12:00:00Z",
}


@pytest.mark.parametrize("given", INSTANTS.values(), ids=INSTANTS.keys())
def test_a_moment_does_not_depend_on_the_zone_of_the_machine(connect: Connect, given: Any) -> None:
    """T13."""
    service = Service(answer(200, [BATCH]))
    connect(service).batch.list(created_after=given)
    assert service.last.url.params["created_after"] == "2024-06-01T12:00:00Z"


def test_a_moment_keeps_its_zone(connect: Connect) -> None:
    """T13: a plus is escaped, so that it is not read as a space."""
    service = Service(answer(200, []))
    connect(service).batch.list(created_before=datetime(2024, 6, 1, tzinfo=timezone(timedelta(hours=2))))
    assert service.last.url.query == b"created_before=2024-06-01T00%3A00%3A00%2B02%3A00"


def test_a_form_takes_segments_and_a_name_for_the_output(connect: Connect) -> None:
    """T14."""
    service = Service(MADE)
    segment = common.GenerationSegment(start_time=0, end_time=3.5, audio_input={"ref_id": "a"})
    connect(service).generations.create_with_files(
        model="lipsync-2", video=b"moving", segments=[segment], output_file_name="talk_es"
    )
    form = form_of(service.last)
    assert json.loads(form["segments"]) == [{"startTime": 0, "endTime": 3.5, "audioInput": {"refId": "a"}}]
    assert form["outputFileName"] == b"talk_es"


HELPERS = [
    "generations.wait",
    "generations.create_and_wait",
    "generations.create_with_files_and_wait",
    "batch.wait",
    "batch.create_and_wait",
    "batch.results",
    "assets.iterate",
    "download",
    "verify_webhook",
]


@pytest.mark.parametrize("path", HELPERS)
def test_helpers_stand_beside_the_operations_with_help_and_signature(connect: Connect, path: str) -> None:
    """T15."""
    found = connect(Service(READY))
    found = getattr(found, "_target", found)
    for name in path.split("."):
        assert name in dir(found)
        found = getattr(found, name)
    assert inspect.getdoc(found)
    assert inspect.signature(found).parameters


def test_a_job_is_created_waited_for_and_downloaded(connect: Connect, tmp_path: Path) -> None:
    """T15."""
    pending = {**GENERATION, "status": "PENDING", "outputUrl": ""}
    service = Service(answer(201, pending), answer(200, pending), READY, answer(200, content=b"film"))
    client = connect(service)
    done = client.generations.create_and_wait(**CREATE)
    path = client.download(done, tmp_path)
    assert path.name == "out.mp4"
    assert path.read_bytes() == b"film"
    assert "x-api-key" not in service.last.headers


def test_the_results_of_a_batch_are_read_line_by_line(connect: Connect) -> None:
    """T15."""
    done = {**BATCH, "status": "COMPLETED", "outputUrl": f"{HOME}/v2/batches/batch_9f2/result"}
    lines = (
        b'{"request_id":"r-1","status":"FAILED","error":"no"}\n\n{"request_id":"r-2","response":'
        + json.dumps(GENERATION).encode()
        + b"}"
    )
    service = Service(answer(200, done), moved("https://files.example.com/signed"), answer(200, content=lines))
    first, second = connect(service).batch.results(BATCH["id"])
    assert (first.request_id, first.error) == ("r-1", "no")
    assert second.response.output_duration == 8.64
    assert "x-api-key" in service.requests[1].headers
    assert "x-api-key" not in service.last.headers


def test_a_typed_body_does_not_grow_by_what_is_put_beside_it(connect: Connect) -> None:
    service = Service(answer(201, GENERATION), answer(201, GENERATION))
    whole = common.CreateGenerationDto(model="lipsync-2", input=[VIDEO, AUDIO])
    client = connect(service)
    client.generations.create(webhook_url="https://hooks.example.com", body=whole)
    client.generations.create(body=whole)
    assert [json.loads(request.content).get("webhookUrl") for request in service.requests] == [
        "https://hooks.example.com",
        None,
    ]


def test_members_beside_a_body_that_is_no_object_are_a_fault(connect: Connect) -> None:
    with pytest.raises(RequestValidationError, match="beside a body that is a list"):
        connect(Service()).generations.create(body=[1], model="lipsync-2")


def test_a_class_in_place_of_an_object_of_it_is_told(connect: Connect) -> None:
    with pytest.raises(RequestValidationError, match=r"body.input\[0\]: the class Video, not an object"):
        connect(Service()).generations.create(model="lipsync-2", input=[common.Video, common.Audio])


def test_an_additional_file_that_is_not_there_is_told(connect: Connect) -> None:
    options = {"additional_body_parameters": {"video": Path("/no/such.mp4")}}
    with pytest.raises(RequestValidationError, match=r"no/such\.mp4"):
        connect(Service()).generations.create_with_files(model="lipsync-2", request_options=options)


def test_additional_parameters_that_are_none_are_left_out(connect: Connect) -> None:
    """And no key is made of one: what then fails unclearly is not sent again."""
    service = Service(answer(503, {}), answer(503, {}))
    options = {
        "additional_headers": {"Idempotency-Key": "", "x-note": None},
        "additional_query_parameters": {"note": None},
    }
    with pytest.raises(ApiError):
        connect(service).generations.create(model="lipsync-2", input=[VIDEO, AUDIO], request_options=options)
    (request,) = service.requests
    assert "x-note" not in request.headers
    assert request.url.query == b""


def test_a_list_is_records_only_where_records_are_taken(connect: Connect) -> None:
    with pytest.raises(RequestValidationError, match=r"body\.video"):
        connect(Service()).generations.create_with_files(model="lipsync-2", video=[1, 2])


def test_a_path_to_a_file_that_is_too_large_is_not_read(connect: Connect, tmp_path: Path) -> None:
    path = tmp_path / "huge.mp4"
    with path.open("wb") as file:
        file.truncate(40 * 2**30)
    with pytest.raises(RequestValidationError, match="42,949,672,960 bytes"):
        connect(Service()).generations.create_with_files(model="lipsync-2", video=path)
