from __future__ import annotations

import base64

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # comes without stubs

from mockserver import Mock
from syncdyn.openapi.messages import Headers, Json, Request
from tests.mockserver.control.pets import pets, told

_TEXT, _COUNT = {"type": "string"}, {"type": "integer", "minimum": -1}
_LONG = {"type": "number", "minimum": 0}


def _object(required: str, **properties: Json) -> Json:
    members = {**properties, "comment": _TEXT}
    return {"type": "object", "required": required.split(), "properties": members, "additionalProperties": False}


def _list(item: Json) -> Json:
    return {"type": "array", "items": item}


_PAIR = _object("name value", name=_TEXT, value=_TEXT)
_COOKIE = _object("name value", name=_TEXT, value=_TEXT, path=_TEXT, domain=_TEXT, expires=_TEXT)
_MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
#: The members of the sections "Objects" of the HAR 1.2 Spec; `encoding` of postData is what Chrome and Firefox add.
_POSTED = _object("mimeType", mimeType=_TEXT, params=_list({"type": "object"}), text=_TEXT, encoding=_TEXT)
_REQUEST = _object(
    "method url httpVersion cookies headers queryString headersSize bodySize",
    method=_TEXT,
    url={"type": "string", "format": "uri"},
    httpVersion=_TEXT,
    cookies=_list(_COOKIE),
    headers=_list(_PAIR),
    queryString=_list(_PAIR),
    postData=_POSTED,
    headersSize=_COUNT,
    bodySize=_COUNT,
)
_CONTENT = _object("size mimeType", size={"type": "integer"}, mimeType=_TEXT, text=_TEXT, encoding=_TEXT)
_RESPONSE = _object(
    "status statusText httpVersion cookies headers content redirectURL headersSize bodySize",
    status={"type": "integer"},
    statusText=_TEXT,
    httpVersion=_TEXT,
    cookies=_list(_COOKIE),
    headers=_list(_PAIR),
    content=_CONTENT,
    redirectURL=_TEXT,
    headersSize=_COUNT,
    bodySize=_COUNT,
)
_ENTRY = _object(
    "startedDateTime time request response cache timings",
    startedDateTime=_MOMENT,
    time=_LONG,
    request=_REQUEST,
    response=_RESPONSE,
    cache={"type": "object"},
    timings=_object("send wait receive", send=_LONG, wait=_LONG, receive=_LONG),
)
_CREATOR = _object("name version", name=_TEXT, version=_TEXT)
_LOG = _object("version creator entries", version={"const": "1.2"}, creator=_CREATOR, entries=_list(_ENTRY))
HAR = _object("log", log=_LOG)


@pytest.fixture
def mock() -> Mock:
    mock = pets()
    mock.handle("POST", "/pets?sig=s&a=1", json={"name": "Rex"}, headers={"cookie": "id=1; theme=dark"})
    mock.handle("POST", "/pets", json={})
    mock.handle(Request("POST", "http://m/pets", Headers({"content-type": "image/png"}), b"\xff\xd8"))
    mock.handle("PURGE", "/nowhere")
    return mock


def test_the_archive_is_as_the_specification_says(mock: Mock) -> None:
    archive = told(mock, "GET", "/requests.har")
    Draft202012Validator(HAR).validate(archive)
    assert len(archive["log"]["entries"]) == 4


def test_the_archive_is_also_a_format_of_the_journal(mock: Mock) -> None:
    archive = told(mock, "GET", "/requests?format=har&operation=createPet&valid=true")
    assert [entry["request"]["url"] for entry in archive["log"]["entries"]] == ["http://mock/pets?sig=***&a=1"]


def test_an_entry_tells_the_request_and_the_response(mock: Mock) -> None:
    entry = told(mock, "GET", "/requests.har?limit=4")["log"]["entries"][0]
    assert entry["startedDateTime"] == "2030-01-01T00:00:00.000Z"
    assert entry["request"]["postData"] == {"mimeType": "application/json", "text": '{"name":"Rex"}'}
    assert entry["request"]["queryString"] == [{"name": "sig", "value": "***"}, {"name": "a", "value": "1"}]
    assert [each["name"] for each in entry["request"]["cookies"]] == ["id", "theme"]
    assert (entry["response"]["status"], entry["response"]["statusText"]) == (201, "Created")
    assert entry["response"]["content"]["mimeType"] == "application/json"


def test_an_entry_tells_what_was_wrong(mock: Mock) -> None:
    entry = told(mock, "GET", "/requests.har")["log"]["entries"][1]
    assert entry["comment"] == "operation: POST /pets\nbody.name: missing (required)"


def test_bytes_are_in_base64(mock: Mock) -> None:
    posted = told(mock, "GET", "/requests.har")["log"]["entries"][2]["request"]["postData"]
    assert (base64.b64decode(posted["text"]), posted["encoding"]) == (b"\xff\xd8", "base64")


def test_what_cannot_be_read_is_left_out_and_the_rest_is_told() -> None:
    mock = pets()
    mock.handle(Request("GET", "http://[", Headers({"cookie": "a=1; b\x01=\x02"})))
    entry = told(mock, "GET", "/requests.har")["log"]["entries"][0]
    assert (entry["request"]["url"], entry["request"]["queryString"]) == ("http://[", [])


def test_a_body_that_was_cut_says_so() -> None:
    mock = pets()
    mock.handle("POST", "/pets", body=b"x" * (2**20 + 5), headers={"content-type": "text/plain"})
    posted = told(mock, "GET", "/requests.har")["log"]["entries"][0]["request"]["postData"]
    assert (posted["comment"], len(posted["text"])) == ("the first 1048576 of 1048581 bytes", 2**20)
