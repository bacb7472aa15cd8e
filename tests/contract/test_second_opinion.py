"""Our own checker and openapi-core judge the same messages; where they differ, the reason is listed here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from syncdyn.openapi import checking
from syncdyn.openapi.bundled import load_bundled
from syncdyn.openapi.coding import media, styles
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.messages import Headers, Request, Response
from syncdyn.openapi.operations import MediaType, Operation
from syncdyn.openapi.opinion.part_writing import render_parts
from syncdyn.openapi.opinion.second_opinion import SecondOpinion

_DROP = object()
_URL = "http://127.0.0.1:9/behind/a/proxy"
_LINE = (
    b'{"request_id": "a", "endpoint": "/v2/generate", "payload": {"model": "lipsync-2", "input": ['
    b'{"type": "video", "url": "https://m.example/v.mp4"}, {"type": "audio", "url": "https://m.example/a.wav"}]}}'
)


@dataclass(frozen=True)
class Case:
    """A message, and whether our own checker takes it for valid."""

    id: str
    contract: Contract
    operation: Operation
    request: Request
    response: Response | None = None
    path_values: tuple[tuple[str, str], ...] = ()
    is_valid: bool = True
    is_webhook: bool = False


_FORMATS = "openapi-core asserts formats; with us they are annotation, unless the contract is told otherwise"
_DIRECTIONS = "3.0 says that it SHOULD NOT be sent, which openapi-core takes for must not"
_PYTHON_INTEGERS = "openapi-core reads integers with int(), which takes signs, blanks and underscores"

#: Why the two verdicts on a case differ, by the id of the case.
_DIFFERENCES: dict[str, str] = {
    "body: the pattern and a line end": "a pattern is ECMA 262, where $ is the very end; with Python's re it is not",
    "credentials missing": "our checker leaves credentials alone: the client places them, the mock answers 401",
    "query: listAssets limit=+1": _PYTHON_INTEGERS,
    "query: listAssets limit=%201": _PYTHON_INTEGERS,
    "query: listAssets limit=1_0": _PYTHON_INTEGERS,
    "query: listAssets searchQuery=": "openapi-core refuses an empty query value unless allowEmptyValue is set",
    "form: createBatch undeclared field": "openapi-core drops a form's undeclared fields before it validates",
    "form: createBatch a line that is wrong": "what stands in a file is checked by our extensions alone",
    "3.0: null beside a nullable enum": "3.0.3 wants null in the enum too; real documents mean null all the same",
    "3.0: null beside a nullable allOf": "3.0.3 wants a type beside nullable; real documents mean null all the same",
    "3.0: read-only member sent": _DIRECTIONS,
    "3.0: beyond 32 bits": _FORMATS,
    "3.0 answer: write-only member sent": _DIRECTIONS,
}


@cache
def sync() -> Contract:
    return Contract(load_bundled("sync", cache_folder=None))


@cache
def shop() -> Contract:
    text = (Path(__file__).parents[1] / "data" / "shop.openapi.yaml").read_text(encoding="utf-8")
    return Contract(Document(yaml.safe_load(text)))


@cache
def second(contract: Contract) -> SecondOpinion:
    return SecondOpinion(contract)


def own_verdict(case: Case) -> bool:
    if case.response is not None:
        found = checking.read_response(case.contract, case.operation, case.response).violations
    else:
        sent = _as_sent(case.request)
        found = checking.read_request(case.contract, case.operation, sent, dict(case.path_values)).violations
    return _is_valid(found)


def second_verdict(case: Case) -> bool:
    opinion = second(case.contract)
    if case.response is not None:
        return _is_valid(opinion.check_response(case.operation, case.request, case.response))
    check = opinion.check_webhook if case.is_webhook else opinion.check_request
    return _is_valid(check(case.operation, case.request))


def _is_valid(violations: tuple[Violation, ...]) -> bool:
    return all(violation.is_tolerated for violation in violations)


def _as_sent(request: Request) -> Request:
    if not isinstance(request.body, tuple):
        return request
    body, content_type = render_parts(request.body)
    return replace(request, body=body, headers=request.headers.replace(content_type=content_type))


# ---- messages ------------------------------------------------------------------------------------------------


def _request(
    operation: Operation,
    query: str = "",
    path_values: tuple[tuple[str, str], ...] = (),
    content_type: str | None = None,
    body: Any = b"",
    **headers: str | None,
) -> Request:
    path = operation.path
    for name, text in path_values:
        path = path.replace(f"{{{name}}}", text)
    given = Headers({"X-Api-Key": "k", "Authorization": "Bearer k"})
    given = given.replace(content_type=content_type, **headers)
    return Request(operation.method, f"{_URL}{path}{'?' if query else ''}{query}", given, body)


def _path_values(contract: Contract, operation: Operation) -> tuple[tuple[str, str], ...]:
    return tuple(
        (parameter.name, styles.encode_path(parameter, _example(contract, parameter.pointer)))
        for parameter in operation.parameters
        if parameter.location == "path"
    )


def _required_headers(contract: Contract, operation: Operation) -> dict[str, str]:
    return {
        parameter.name: styles.encode_header(parameter, _example(contract, parameter.pointer))
        for parameter in operation.parameters
        if parameter.location == "header" and parameter.is_required
    }


def _example(contract: Contract, pointer: str) -> Any:
    return contract.document.at(pointer)["example"]


def _written(contract: Contract, media_type: MediaType, value: Any) -> tuple[Any, str | None]:
    """The body of an example; texts like `(bytes of a.mp4)`, and the lines of a batch, are files."""
    if media_type.name == "multipart/form-data":
        value = {name: _file(name, member) for name, member in value.items()}
    return media.encode_body(media_type, contract.shape(media_type.schema), value)


def _file(name: str, value: Any) -> Any:
    if isinstance(value, str) and value.startswith("(bytes of "):
        return media.File("a.bin", _LINE if name == "input" else b"\x00\xff\r\n--x")
    return media.File("a.jsonl", value.encode()) if isinstance(value, str) and value.startswith("{") else value


def changed(value: Any, pointer: str, new: Any) -> Any:
    """A copy of a value with one place set, or dropped."""
    value = deepcopy(value)
    *steps, last = pointer.removeprefix("/").split("/")
    if not last:
        return new
    target = value
    for step in steps:
        target = target[int(step)] if isinstance(target, list) else target.setdefault(step, {})
    key: Any = int(last) if isinstance(target, list) else last
    if new is _DROP:
        del target[key]
    else:
        target[key] = new
    return value


# ---- cases: everything that the document gives as an example ---------------------------------------------------


def documented_cases() -> Iterator[Case]:
    contract = sync()
    for operation in contract.operations.values():
        yield from _request_examples(contract, operation)
        yield from _parameter_examples(contract, operation)
        yield from _response_examples(contract, operation)
    for webhook in contract.webhooks.values():
        for case in _request_examples(contract, webhook):
            yield replace(case, is_webhook=True)


def _request_examples(contract: Contract, operation: Operation) -> Iterator[Case]:
    for media_type in operation.request_body.content if operation.request_body else ():
        for name, value in media_type.examples.items():
            body, content_type = _written(contract, media_type, value)
            headers = _required_headers(contract, operation)
            request = _request(operation, content_type=content_type, body=body)
            request = replace(request, headers=Headers([*request.headers.pairs, *headers.items()]))
            yield Case(f"{operation.name} request {media_type.name} {name}", contract, operation, request)


def _parameter_examples(contract: Contract, operation: Operation) -> Iterator[Case]:
    path_values = _path_values(contract, operation)
    if operation.request_body is not None:
        return
    for parameter in operation.parameters:
        example = _example(contract, parameter.pointer)
        pairs = styles.encode_query(parameter, example) if parameter.location == "query" else ()
        request = _request(operation, styles.query_string(pairs), path_values)
        case_id = f"{operation.name} parameter {parameter.name}"
        yield Case(case_id, contract, operation, request, path_values=path_values)


def _response_examples(contract: Contract, operation: Operation) -> Iterator[Case]:
    request = _request(operation, path_values=_path_values(contract, operation))
    for status, promise in operation.responses.items():
        headers = {header.name: str(header.example).lower() for header in promise.headers}
        for media_type in promise.content:
            for name, value in media_type.examples.items():
                fields = Headers({**headers, "Content-Type": media_type.name})
                response = Response(int(status), fields, json.dumps(value).encode())
                yield Case(f"{operation.name} response {status} {name}", contract, operation, request, response)


# ---- cases: what is wrong, or nearly ---------------------------------------------------------------------------

_VALID, _INVALID = True, False
_SPEAKER = "/options/active_speaker_detection/"

#: Changes of the documented body with segments: name, place, new value, our verdict.
_BODY_CHANGES: tuple[tuple[str, str, Any, bool], ...] = (
    ("required member dropped", "/model", _DROP, _INVALID),
    ("wrong type", "/model", 7, _INVALID),
    ("null", "/model", None, _INVALID),
    ("not in enum", "/model", "lipsync-9", _INVALID),
    ("undeclared member", "/colour", "red", _INVALID),
    ("undeclared member deep down", "/input/0/colour", "red", _INVALID),
    ("over maximum", "/options/temperature", 1.5, _INVALID),
    ("at maximum", "/options/temperature", 1, _VALID),
    ("below minimum", "/segments/0/startTime", -1, _INVALID),
    ("not the pattern", "/outputFileName", "a b", _INVALID),
    ("the pattern and a line end", "/outputFileName", "ab\n", _INVALID),
    ("text too long", "/input/1/provider/script", "x" * 5001, _INVALID),
    ("text as long as may be", "/input/1/provider/script", "\N{CLAPPER BOARD}" * 5000, _VALID),
    ("text too short", "/input/1/refId", "", _INVALID),
    ("array too short", "/segments", [], _INVALID),
    ("array too long", f"{_SPEAKER}coordinates", [1, 2, 3], _INVALID),
    ("wrong type in a tuple", f"{_SPEAKER}coordinates", [1, "2"], _INVALID),
    ("null where it may be", f"{_SPEAKER}bounding_boxes", [None, [0, 0, 1, 1]], _VALID),
    ("fraction for an integer", f"{_SPEAKER}frame_number", 1.5, _INVALID),
    ("whole number with a point", f"{_SPEAKER}frame_number", 1.0, _VALID),
    ("boolean for an integer", f"{_SPEAKER}frame_number", True, _INVALID),
    ("integer beyond 64 bits", f"{_SPEAKER}frame_number", 2**70, _VALID),
    ("one for true", f"{_SPEAKER}auto_detect", 1, _INVALID),
    ("unknown tag", "/input/0/type", "sound", _INVALID),
    ("no tag", "/input/0/type", _DROP, _INVALID),
    ("tag of another type", "/input/0/type", 1, _INVALID),
    ("neither of two members", "/input/0/url", _DROP, _INVALID),
    ("both of two members", "/input/0/assetId", "a", _VALID),
    ("one of two that go together", "/segments/1/audioInput/endTime", _DROP, _INVALID),
    ("no UUID", "/projectId", "mine", _INVALID),
    ("no URI", "/webhookUrl", "not a URI", _INVALID),
    ("array for an object", "/", [], _INVALID),
    ("null for an object", "/", None, _INVALID),
)

#: Bodies as bytes: name, Content-Type, body (None: the documented one), our verdict.
_RAW_BODIES: tuple[tuple[str, str | None, bytes | None, bool], ...] = (
    ("as documented", "application/json", None, _VALID),
    ("with charset", "application/json; charset=utf-8", None, _VALID),
    ("in upper case", "Application/JSON", None, _VALID),
    ("of another type", "text/csv", None, _INVALID),
    ("without type", None, None, _INVALID),
    ("missing", None, b"", _INVALID),
    ("missing but announced", "application/json", b"", _INVALID),
    ("cut off", "application/json", b'{"model": "lips', _INVALID),
    ("not UTF-8", "application/json", b'{"model": "\xff"}', _INVALID),
    ("with NaN", "application/json", b'{"model": "lipsync-2", "input": NaN}', _INVALID),
    ("form without boundary", "multipart/form-data", b"x", _INVALID),
    ("form cut off", "multipart/form-data; boundary=b", b"--b\r\nContent-Dis", _INVALID),
)

#: Queries: operation, query, our verdict.
_QUERIES: tuple[tuple[str, str, bool], ...] = (
    ("listAssets", "limit=1&types=AUDIO,VIDEO&searchQuery=a%20b", _VALID),
    ("listAssets", "limit=0", _INVALID),
    ("listAssets", "limit=101", _INVALID),
    ("listAssets", "limit=ten", _INVALID),
    ("listAssets", "limit=1.5", _INVALID),
    ("listAssets", "limit=+1", _INVALID),
    ("listAssets", "limit=%201", _INVALID),
    ("listAssets", "limit=1_0", _INVALID),
    ("listAssets", "limit=", _INVALID),
    ("listAssets", "searchQuery=", _VALID),
    ("listAssets", "sortBy=upwards", _INVALID),
    ("listAssets", "types=AUDIO,SOUND", _INVALID),
    ("listAssets", "types=AUDIO%2CVIDEO", _VALID),
    ("listAssets", "types=", _INVALID),
    ("listAssets", "types=AUDIO&types=VIDEO", _VALID),
    ("listAssets", "undeclared=1", _VALID),
    ("listBatches", "status=PENDING,FAILED", _INVALID),
    ("listBatches", "created_after=yesterday", _INVALID),
    ("listGenerations", "status=PENDING,PROCESSING&ids=a,b", _VALID),
    ("listGenerations", "ids=a,,b", _INVALID),
)

#: Forms: operation, changes of the members, our verdict.
_FORMS: tuple[tuple[str, str, dict[str, Any], bool], ...] = (
    ("createBatch", "required field dropped", {"input": _DROP}, _INVALID),
    ("createBatch", "boolean", {"dry_run": True}, _VALID),
    ("createBatch", "no boolean", {"dry_run": "perhaps"}, _INVALID),
    ("createBatch", "undeclared field", {"colour": "red"}, _INVALID),
    ("createBatch", "a line that is wrong", {"input": media.File("a.jsonl", b'{"request_id": "a"}')}, _INVALID),
    ("createGeneration", "required field dropped", {"model": _DROP}, _INVALID),
    ("createGeneration", "not in enum", {"model": "lipsync-9"}, _INVALID),
    ("createGeneration", "wrong in a JSON part", {"options": {"temperature": 2}}, _INVALID),
    ("createGeneration", "array too short", {"segments": []}, _INVALID),
)

#: Changes of the documented answers to getGeneration: name, place, new value, our verdict.
_ANSWER_CHANGES: tuple[tuple[str, str, Any, bool], ...] = (
    ("required member dropped", "/id", _DROP, _INVALID),
    ("wrong type", "/outputDuration", "long", _INVALID),
    ("null where it may not be", "/model", None, _INVALID),
    ("null where it may be", "/outputUrl", None, _VALID),
    ("new value of an enum", "/status", "PAUSED", _VALID),
    ("number for an enum", "/status", 1, _INVALID),
    ("new member", "/colour", "red", _VALID),
    ("new member of a closed object", "/input/0/colour", "red", _VALID),
    ("new kind of input", "/input/0", {"type": "hologram", "url": "https://m.example/h"}, _VALID),
    ("no moment", "/createdAt", "yesterday", _INVALID),
    ("whole number with a point", "/outputDuration", 8.0, _VALID),
)

#: Answers of other kinds: operation, name, status, header fields, body, our verdict.
_ANSWERS: tuple[tuple[str, str, int, dict[str, str], bytes, bool], ...] = (
    ("getGeneration", "of an undocumented status", 418, {"Content-Type": "application/json"}, b"{}", _INVALID),
    ("getGeneration", "without body", 200, {"Content-Type": "application/json"}, b"", _INVALID),
    ("getGeneration", "cut off", 200, {"Content-Type": "application/json"}, b'{"id', _INVALID),
    ("getGeneration", "of another type", 200, {"Content-Type": "text/html"}, b"<p>", _INVALID),
    ("getGeneration", "without type", 404, {}, b'{"message": "gone", "statusCode": 404}', _INVALID),
    ("getGeneration", "with charset", 404, {"Content-Type": "application/json;charset=UTF-8"},
     b'{"message": "gone", "statusCode": 404}', _VALID),
    ("createBatch", "that fits neither", 201, {"Content-Type": "application/json"}, b'{"status": "DONE"}', _INVALID),
    ("createBatch", "that fits one", 201, {"Content-Type": "application/json"}, b'{"status": "VALIDATED"}', _VALID),
    ("createGeneration", "with a header that is no number", 429,
     {"Content-Type": "application/json", "Retry-After": "soon"}, b'{"message": "m", "statusCode": 429}', _INVALID),
    ("createGeneration", "with a header below its minimum", 429,
     {"Content-Type": "application/json", "Retry-After": "-1"}, b'{"message": "m", "statusCode": 429}', _INVALID),
)  # fmt: skip


def changed_cases() -> Iterator[Case]:
    create = sync().operations["createGeneration"]
    for name, header, is_valid in (
        ("key", "order-1", _VALID),
        ("bad key", "a b", _INVALID),
        ("long key", "x" * 129, _INVALID),
    ):
        request = _json_request(create, _documented(create, "segments"))
        request = replace(request, headers=request.headers.replace(idempotency_key=header))
        yield Case(f"header: {name}", sync(), create, request, is_valid=is_valid)
    for name, place, new, is_valid in _BODY_CHANGES:
        value = changed(_documented(create, "segments"), place, new)
        yield Case(f"body: {name}", sync(), create, _json_request(create, value), is_valid=is_valid)
    for name, content_type, raw, is_valid in _RAW_BODIES:
        body = json.dumps(_documented(create, "segments")).encode() if raw is None else raw
        request = _request(create, content_type=content_type, body=body)
        yield Case(f"bytes: {name}", sync(), create, request, is_valid=is_valid)
    bare = replace(
        _json_request(create, _documented(create, "segments")), headers=Headers({"Content-Type": "application/json"})
    )
    yield Case("credentials missing", sync(), create, bare)
    yield from _query_cases()
    yield from _form_cases()
    yield from _answer_cases()


def _documented(operation: Operation, name: str) -> Any:
    assert operation.request_body is not None
    return operation.request_body.content[0].examples[name]


def _json_request(operation: Operation, value: Any) -> Request:
    return _request(operation, content_type="application/json", body=json.dumps(value).encode())


def _query_cases() -> Iterator[Case]:
    for name, query, is_valid in _QUERIES:
        operation = sync().operations[name]
        yield Case(f"query: {name} {query}", sync(), operation, _request(operation, query), is_valid=is_valid)


def _form_cases() -> Iterator[Case]:
    for name, told, changes, is_valid in _FORMS:
        operation = sync().operations[name]
        assert operation.request_body is not None
        form = operation.request_body.content[-1]
        value = {**next(iter(form.examples.values())), **changes}
        body, _ = _written(sync(), form, {key: member for key, member in value.items() if member is not _DROP})
        yield Case(f"form: {name} {told}", sync(), operation, _request(operation, body=body), is_valid=is_valid)


def _answer_cases() -> Iterator[Case]:
    read = sync().operations["getGeneration"]
    completed = read.responses["200"].content[0].examples["completed"]
    json_type = Headers({"Content-Type": "application/json"})
    for told, place, new, is_valid in _ANSWER_CHANGES:
        response = Response(200, json_type, json.dumps(changed(completed, place, new)).encode())
        yield Case(f"answer: {told}", sync(), read, _request(read), response, is_valid=is_valid)
    for name, told, status, headers, body, is_valid in _ANSWERS:
        operation = sync().operations[name]
        response = Response(status, Headers(headers), body)
        yield Case(f"answer {told}: {name}", sync(), operation, _request(operation), response, is_valid=is_valid)


# ---- cases: a document in 3.0 ----------------------------------------------------------------------------------

_ITEM = {"secret": "s", "name": "chair"}

#: Changes of an item that is sent: name, place, new value, our verdict.
_SHOP_CHANGES: tuple[tuple[str, str, Any, bool], ...] = (
    ("as it should be", "/share", 100, _VALID),
    ("at an exclusive minimum", "/share", 0, _INVALID),
    ("over a maximum", "/share", 100.5, _INVALID),
    ("null where nullable", "/name", None, _VALID),
    ("null where not nullable", "/secret", None, _INVALID),
    ("null beside a nullable enum", "/colour", None, _VALID),
    ("null beside a nullable allOf", "/maker", None, _VALID),
    ("wrong below a nullable allOf", "/maker", {}, _INVALID),
    ("read-only member sent", "/id", 3, _VALID),
    ("write-only member dropped", "/secret", _DROP, _INVALID),
    ("beyond 32 bits", "/count", 2**40, _VALID),
)

#: Requests to getItem: name, path value, query, cookie, our verdict.
_SHOP_GETS: tuple[tuple[str, str, str, str | None, bool], ...] = (
    ("integer in the path", "7", "", None, _VALID),
    ("no integer in the path", "seven", "", None, _INVALID),
    ("pipes", "7", "fields=a%7Cb", None, _VALID),
    ("deep object", "7", "range%5Blow%5D=1&range%5Bhigh%5D=2", None, _VALID),
    ("wrong in a deep object", "7", "range%5Blow%5D=one", None, _INVALID),
    ("undeclared in a deep object", "7", "range%5Bmiddle%5D=1", None, _INVALID),
    ("repeated", "7", "tag=new&tag=old", None, _VALID),
    ("wrong among the repeated", "7", "tag=new&tag=odd", None, _INVALID),
    ("JSON in the query", "7", "where=%7B%22city%22%3A%22Bonn%22%7D", None, _VALID),
    ("wrong in JSON in the query", "7", "where=%7B%7D", None, _INVALID),
    ("no JSON in the query", "7", "where=%7B", None, _INVALID),
    ("cookie", "7", "", "other=1; session=abcd", _VALID),
    ("cookie too short", "7", "", "session=abc", _INVALID),
)

#: Answers to getItem: name, status, Content-Type, body, our verdict.
_SHOP_ANSWERS: tuple[tuple[str, int, str, bytes, bool], ...] = (
    ("JSON by suffix", 200, "application/vnd.shop+json", b'{"id": 1, "name": null}', _VALID),
    ("wrong JSON by suffix", 200, "application/vnd.shop+json", b'{"id": "1", "name": null}', _INVALID),
    ("write-only member sent", 200, "application/vnd.shop+json", b'{"id": 1, "name": "a", "secret": "s"}', _VALID),
    ("status of a range", 404, "text/csv", b"no,such", _VALID),
    ("default", 500, "text/html", b"<p>", _VALID),
)

#: URL-encoded forms: name, body, our verdict.
_SHOP_FORMS: tuple[tuple[str, bytes, bool], ...] = (
    ("form", b"name=a+b&count=2&sold=true", _VALID),
    ("no number in a form", b"name=a&count=two", _INVALID),
    ("required field dropped", b"count=2", _INVALID),
)


def shop_cases() -> Iterator[Case]:
    put, get, desk = (shop().operations[name] for name in ("putItem", "getItem", "getDesk"))
    at = (("id", "7"),)
    for told, place, new, is_valid in _SHOP_CHANGES:
        body = json.dumps(changed(_ITEM, place, new)).encode()
        yield Case(f"3.0: {told}", shop(), put, _request(put, "", at, "application/json", body), None, at, is_valid)
    for told, body, is_valid in _SHOP_FORMS:
        request = _request(put, "", at, "application/x-www-form-urlencoded", body)
        yield Case(f"3.0: {told}", shop(), put, request, None, at, is_valid)
    for told, item, query, cookie, is_valid in _SHOP_GETS:
        values: tuple[tuple[str, str], ...] = (("id", item),)
        yield Case(f"3.0: {told}", shop(), get, _request(get, query, values, cookie=cookie), None, values, is_valid)
    for told, status, content_type, body, is_valid in _SHOP_ANSWERS:
        response = Response(status, Headers({"Content-Type": content_type}), body)
        yield Case(f"3.0 answer: {told}", shop(), get, _request(get, "", at), response, is_valid=is_valid)
    picture = Response(200, Headers({"Content-Type": "image/png"}), b"\x89PNG\r\n")
    yield Case("3.0 answer: bytes", shop(), desk, _request(desk), picture)
    for told, room, place, is_valid in (
        ("in order", ".4", ";desk=a1", _VALID),
        ("wrong", ".four", ";desk=long", _INVALID),
    ):
        values = (("room", room), ("desk", place))
        yield Case(f"3.0: label and matrix {told}", shop(), desk, _request(desk, "", values), None, values, is_valid)


_CASES = (*documented_cases(), *changed_cases(), *shop_cases())
_EACH_CASE = pytest.mark.parametrize("case", _CASES, ids=lambda case: case.id)


@_EACH_CASE
def test_our_verdict_is_what_the_case_says(case: Case) -> None:
    assert own_verdict(case) is case.is_valid


@_EACH_CASE
def test_verdicts_differ_exactly_where_a_reason_is_listed(case: Case) -> None:
    assert (own_verdict(case) != second_verdict(case)) is (case.id in _DIFFERENCES), _DIFFERENCES.get(case.id)


def test_every_listed_reason_is_of_a_case() -> None:
    assert set(_DIFFERENCES) <= {case.id for case in _CASES}
