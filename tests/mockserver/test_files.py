"""Uploads and outputs: stored, echoed, served whole and in part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mockserver.behaviour.files import serve as serve_file
from mockserver.behaviour.files import tag_of
from mockserver.settings import Settings
from mockserver.state import StoredFile
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.messages import Headers, Request
from tests.mockserver.conftest import BOUNDARY, Service, multipart

if TYPE_CHECKING:
    from collections.abc import Callable

    from syncdyn.openapi.messages import Json
    from tests.mockserver.conftest import Reply

MODEL = ("model", b"lipsync-2", None)
VIDEO = ("video", b"moving pictures", "talk.mp4")
AUDIO = ("audio", b"sound", "talk.wav")


def facts(content: bytes, file_name: str) -> dict[str, Any]:
    """What a reader of media would tell: a byte is a second."""
    return {"duration_seconds": float(len(content)), "frames_per_second": 50.0, "width": 640, "format": file_name[-3:]}


def finished(service: Service, reply: Reply) -> Json:
    service.advance(3)
    return service.get(f"/v2/generate/{reply.json['id']}").json


def test_uploaded_files_become_assets_that_the_input_names(service: Service) -> None:
    reply = service.post_form("/v2/generate", MODEL, VIDEO, AUDIO, ("options", b'{"sync_mode":"cut_off"}', None))
    assert reply.status == 201
    assert [one["type"] for one in reply.json["input"]] == ["video", "audio"]
    asset = service.get(f"/v2/assets/{reply.json['input'][0]['assetId']}").json
    assert (asset["name"], asset["type"], asset["size"]) == ("talk.mp4", "VIDEO", len(VIDEO[1]))
    assert service.get(asset["url"], key=None).content == VIDEO[1]


def test_a_file_wins_over_an_item_of_its_kind_and_leaves_the_others(service: Service) -> None:
    items = b'[{"type":"video","url":"https://a.test/v"},{"type":"audio","url":"https://a.test/a"}]'
    reply = service.post_form("/v2/generate", MODEL, VIDEO, ("input", items, None))
    assert [("assetId" in one, one["type"]) for one in reply.json["input"]] == [(True, "video"), (False, "audio")]


def test_what_is_read_from_an_upload_sets_length_and_frames(serve: Callable[..., Service]) -> None:
    service = serve(facts_of=facts)
    reply = service.post_form("/v2/generate", MODEL, VIDEO, AUDIO, ("options", b'{"sync_mode":"silence"}', None))
    items = reply.json["input"]
    asset = service.get(f"/v2/assets/{items[0]['assetId']}").json
    assert (asset["durationSeconds"], asset["width"], asset["format"]) == (15.0, 640, "mp4")
    assert finished(service, reply)["outputDuration"] == 15.0
    estimate = service.post("/v2/analyze/cost", {"model": "lipsync-2", "input": items}).json[0]
    assert estimate["estimatedFrameCount"] == len(AUDIO[1]) * 50


@pytest.mark.parametrize("part", ["video", "audio", "image"])
def test_a_file_over_twenty_megabytes_is_too_large(service: Service, part: str) -> None:
    reply = service.post_form("/v2/generate", MODEL, (part, b"x" * (20 * 2**20 + 1), "big"))
    assert (reply.status, reply.json["errorCode"]) == (413, "generation_input_validation_failed")
    assert part in reply.json["message"]


def test_a_refused_form_stores_nothing(service: Service) -> None:
    before = service.state
    assert service.post_form("/v2/generate", MODEL, VIDEO).status == 400
    assert service.state is before


def test_the_output_is_a_video_of_its_length_under_its_name(
    serve: Callable[..., Service], generation: dict[str, Json]
) -> None:
    service = serve(clip=lambda seconds: f"{seconds} seconds".encode(), base_url="https://mock.test:1/")
    ended = finished(service, service.post("/v2/generate", {**generation, "outputFileName": "talk_es"}))
    assert ended["outputUrl"].startswith("https://mock.test:1/_mock/files/")
    reply = service.get(ended["outputUrl"], key=None)
    assert (reply.status, reply.content) == (200, b"8.64 seconds")
    assert reply.headers["content-type"] == "video/mp4"
    assert 'filename="talk_es.mp4"' in reply.headers["content-disposition"]


def test_an_output_is_not_there_before_the_end(service: Service, generation: dict[str, Json]) -> None:
    created = service.post("/v2/generate", generation).json
    assert service.get(f"/_mock/files/generations/{created['id']}/x.mp4", key=None).status == 404


@pytest.mark.parametrize("path", ["", "a", "a/b", "generations/x/y", "%00/%00/%00", "assets/x/../../../etc/passwd"])
def test_other_paths_lead_to_no_file(service: Service, path: str) -> None:
    assert service.get(f"/_mock/files/{path}", key=None).status == 404


def test_a_file_is_only_read(service: Service) -> None:
    reply = service.call("POST", "/_mock/files/a/b/c")
    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")


def file_of(content: bytes) -> StoredFile:
    return StoredFile("f", "a/b", content, tag_of(content))


DIGITS = file_of(b"0123456789")

#: range -> status, content, content-range; the file is `0123456789`.
RANGES = {
    "bytes=0-3": (206, b"0123", "bytes 0-3/10"),
    "bytes=4-": (206, b"456789", "bytes 4-9/10"),
    "bytes=-2": (206, b"89", "bytes 8-9/10"),
    "bytes=-99": (206, b"0123456789", "bytes 0-9/10"),
    "bytes=8-99": (206, b"89", "bytes 8-9/10"),
    "bytes=10-": (416, b"", "bytes */10"),
    "bytes=-0": (416, b"", "bytes */10"),
    "bytes=3-1": (200, b"0123456789", None),
    "bytes=-": (200, b"0123456789", None),
    "bytes=0-1,4-5": (200, b"0123456789", None),
    "items=0-1": (200, b"0123456789", None),
}


@pytest.mark.parametrize(("asked", "expected"), RANGES.items(), ids=RANGES)
def test_ranges_as_http_has_them(asked: str, expected: tuple[int, bytes, str | None]) -> None:
    response = serve_file(Request("GET", "/", Headers({"range": asked})), DIGITS)
    assert (response.status, response.body, response.headers.get("content-range")) == expected


def test_an_unchanged_file_is_304_and_a_changed_one_is_sent_whole() -> None:
    first = serve_file(Request("GET", "/"), DIGITS)
    tag = first.headers["etag"]
    same = serve_file(Request("GET", "/", Headers({"if-none-match": tag})), DIGITS)
    resumed = Request("GET", "/", Headers({"range": "bytes=5-", "if-range": tag}))
    assert (same.status, same.body) == (304, b"")
    assert serve_file(resumed, DIGITS).status == 206
    assert serve_file(resumed, file_of(b"9876543210")).status == 200


def test_an_empty_file_is_refused_and_a_file_input_left_empty_is_none(service: Service) -> None:
    reply = service.post_form("/v2/generate", MODEL, VIDEO, ("audio", b"", "talk.wav"))
    assert (reply.status, reply.json["message"]) == (400, ["body.audio: empty file"])
    parts = b"".join(multipart([part])[: -len(f"--{BOUNDARY}--\r\n")] for part in (MODEL, VIDEO, AUDIO))
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename=""\r\n\r\n\r\n'
    typed = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    content = parts + head.encode() + f"--{BOUNDARY}--\r\n".encode()
    assert service.call("POST", "/v2/generate", content=content, headers=typed).status == 201


@pytest.mark.parametrize(
    ("part", "code"), [("video", "generation_input_video_invalid"), ("audio", "generation_input_audio_invalid")]
)
def test_what_is_no_media_fails_where_that_is_checked(contract: Contract, part: str, code: str) -> None:
    def read(content: bytes, file_name: str) -> dict[str, Any] | None:
        return None if content == b"junk" else facts(content, file_name)

    forms = {"video": VIDEO, "audio": AUDIO, part: (part, b"junk", "a.mp4")}
    for checks, expected in ((False, ("COMPLETED", None)), (True, ("FAILED", code))):
        root = contract.document.root
        variants = {**root["x-mock-variants"], "checks_media": checks}
        strict = Contract(Document({**root, "x-mock-variants": variants}))
        service = Service(strict, Settings(), facts_of=read)
        ended = finished(service, service.post_form("/v2/generate", MODEL, *forms.values()))
        assert (ended["status"], ended["errorCode"]) == expected


def test_of_uploaded_contents_the_oldest_go_and_their_assets_stay(serve: Callable[..., Service]) -> None:
    service = serve(max_stored_bytes=len(VIDEO[1]) + 2 * len(AUDIO[1]))
    made = [service.post_form("/v2/generate", MODEL, VIDEO, AUDIO).json for _ in range(2)]
    assets = [service.get(f"/v2/assets/{item['assetId']}") for one in made for item in one["input"]]
    assert [one.status for one in assets] == [200] * 4
    assert [service.get(one.json["url"], key=None).status for one in assets] == [404, 200, 200, 200]


#: If-None-Match -> whether the file is as it was; TAG stands for its tag.
CONDITIONS = {
    "TAG": True,
    "W/TAG": True,
    '"other", W/TAG': True,
    "*": True,
    '"other"': False,
    '"xTAGx"': False,
    'W/"other", "more"': False,
    "": False,
}


@pytest.mark.parametrize(("condition", "is_same"), CONDITIONS.items(), ids=CONDITIONS)
def test_the_tags_of_a_condition_are_read_one_by_one(condition: str, is_same: bool) -> None:
    headers = Headers({"if-none-match": condition.replace("TAG", DIGITS.tag)})
    assert serve_file(Request("GET", "/", headers), DIGITS).status == (304 if is_same else 200)
