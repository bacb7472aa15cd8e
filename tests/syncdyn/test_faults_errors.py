"""Errors: rows E1 to E7 of the official SDK's known faults, each as what this client does instead."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import httpx
import pytest

import syncdyn
from syncdyn import (
    ApiConnectionError,
    ApiError,
    ApiStatusError,
    ApiTimeoutError,
    ConfigurationError,
    RequestValidationError,
    ServerError,
)
from syncdyn.errors import STATUS_ERRORS
from syncdyn.openapi.messages import Json
from tests.syncdyn.fakes import (
    CREATE,
    GENERATION,
    GENERATION_ID,
    HOME,
    KEY,
    RECORD,
    Answer,
    Connect,
    Service,
    answer,
    failure,
)


def refused(connect: Connect, reply: Answer, **options: Any) -> ApiError:
    """The error that a reading call ends with when the service answers so."""
    with pytest.raises(ApiError) as caught:
        connect(Service(reply), max_retries=0, **options).generations.get(GENERATION_ID)
    return caught.value


def _is_library_error(value: object) -> bool:
    # Left out: what is raised for a misuse of the library by the code that calls it.
    misuse = (httpx.HTTPStatusError, httpx.CookieConflict)
    return inspect.isclass(value) and issubclass(value, Exception) and not issubclass(value, misuse)


LIBRARY_ERRORS = [value for value in vars(httpx).values() if _is_library_error(value)]


def raising(kind: type[Exception]) -> Answer:
    # Two of them have a message of their own and take none.
    takes_none = issubclass(kind, httpx.StreamError) and "message" not in inspect.signature(kind).parameters
    return failure(kind, *(() if takes_none else ("the line is dead",)))


@pytest.mark.parametrize("kind", [*LIBRARY_ERRORS, OSError], ids=lambda kind: kind.__name__)
def test_whatever_the_http_library_raises_arrives_as_a_connection_error(
    connect: Connect, kind: type[Exception]
) -> None:
    """E1."""
    error = refused(connect, raising(kind))
    assert isinstance(error, ApiConnectionError)
    assert isinstance(error, ApiTimeoutError) is issubclass(kind, httpx.TimeoutException)
    assert isinstance(error.__cause__, kind)


def test_a_connection_error_says_which_call_failed_against_whom_and_how_often(connect: Connect) -> None:
    """E1."""
    with pytest.raises(ApiConnectionError) as caught:
        connect(Service(failure(httpx.ConnectError, "no route"))).generations.get(GENERATION_ID)
    error = caught.value
    assert str(error).startswith("generations.get could not reach api.sync.so after 3 tries: no route")
    assert (error.status_code, error.body, error.operation) == (None, None, "generations.get")
    assert error.request is not None
    assert error.request.url == f"{HOME}/v2/generate/{GENERATION_ID}"


def test_a_body_that_breaks_off_is_a_connection_error(connect: Connect) -> None:
    """E1: also when the status line has come already."""
    error = refused(connect, answer(200, content=b"not gzip", headers={"Content-Encoding": "gzip"}))
    assert isinstance(error, ApiConnectionError)


CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "create": ("generations", "create", CREATE),
    "estimate": ("generations", "estimate_cost", CREATE),
    "get": ("generations", "get", {"id": GENERATION_ID}),
    "list": ("assets", "list", {}),
    "batch": ("batch", "create", {"input": [RECORD]}),
    "models": ("models", "list", {}),
}


@pytest.mark.parametrize("status", STATUS_ERRORS)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_every_status_has_its_class_in_every_operation(
    connect: Connect, call: tuple[str, str, dict[str, Any]], status: int
) -> None:
    """E2."""
    resource, method, arguments = call
    client = connect(Service(answer(status, {"statusCode": status, "message": "no"})), max_retries=0)
    with pytest.raises(STATUS_ERRORS[status]) as caught:
        getattr(getattr(client, resource), method)(**arguments)
    assert type(caught.value) is STATUS_ERRORS[status]
    assert caught.value.status_code == status


@pytest.mark.parametrize(("status", "kind"), [(418, ApiStatusError), (502, ServerError), (599, ServerError)])
def test_a_status_without_a_class_of_its_own_has_that_of_its_family(
    connect: Connect, status: int, kind: type[ApiError]
) -> None:
    """E2."""
    assert type(refused(connect, answer(status, {}))) is kind


BODIES: dict[str, tuple[dict[str, Any], Json]] = {
    "object": ({"content": b'{"message": "no", "more": [1]}'}, {"message": "no", "more": [1]}),
    "array": ({"content": b'["no"]'}, ["no"]),
    "text": ({"content": b"<h1>Bad gateway</h1>"}, "<h1>Bad gateway</h1>"),
    "broken-json": ({"content": b'{"message":'}, '{"message":'),
    "no-utf-8": ({"content": b"\xff\xfe no"}, "\ufffd\ufffd no"),
    "deep": ({"content": b"[" * 100_000}, "[" * 100_000),
    "number": ({"content": b"7"}, 7),
    "null": ({"content": b"null"}, None),
    "nothing": ({}, None),
}


@pytest.mark.parametrize("status", [400, 418, 500])
@pytest.mark.parametrize(("sent", "body"), BODIES.values(), ids=BODIES.keys())
def test_the_body_of_an_error_is_plain_data_whatever_came(
    connect: Connect, sent: dict[str, Any], body: Json, status: int
) -> None:
    """E3 and E6: the same for mapped and other statuses, and no byte is too bad."""
    error = refused(connect, answer(status, headers={"Content-Type": "application/json"}, **sent))
    assert isinstance(error, ApiStatusError)
    assert (error.status_code, error.body) == (status, body)


@pytest.mark.parametrize("name", ["errorCode", "error_code"])
def test_the_services_own_code_is_an_attribute(connect: Connect, name: str) -> None:
    """E4."""
    error = refused(connect, answer(404, {"message": "unknown", name: "generation_not_found"}))
    assert error.error_code == "generation_not_found"


def test_an_error_without_a_code_has_none(connect: Connect) -> None:
    """E4."""
    assert refused(connect, answer(404, {"message": "unknown"})).error_code is None


def test_an_error_has_header_fields_request_id_and_request(connect: Connect) -> None:
    """E5."""
    error = refused(connect, answer(500, {"message": "oh"}, headers={"X-Request-Id": "req-9", "X-More": "1"}))
    assert error.request_id == "req-9"
    assert error.headers["x-more"] == "1"
    assert error.request is not None
    assert (error.request.method, error.operation) == ("GET", "generations.get")


def test_a_request_id_in_the_body_counts_where_no_header_has_one(connect: Connect) -> None:
    """E5."""
    assert refused(connect, answer(500, {"message": "oh", "requestId": "req_4c1d"})).request_id == "req_4c1d"


def test_the_request_of_an_error_has_no_credentials(connect: Connect) -> None:
    """E5."""
    error = refused(connect, answer(500, {}))
    assert error.request is not None
    assert "x-api-key" not in error.request.headers
    assert "user-agent" in error.request.headers


MESSAGES: dict[str, tuple[Json, str]] = {
    "one": ({"message": "input is empty"}, "input is empty"),
    "several": ({"message": ["input is empty", "model is unknown"]}, "input is empty; model is unknown"),
    "lines": ({"message": "input\n   is empty"}, "input is empty"),
    "none": ({"why": "?"}, '{"why": "?"}'),
}


@pytest.mark.parametrize(("body", "told"), MESSAGES.values(), ids=MESSAGES.keys())
def test_the_message_has_the_services_own_words_on_one_line(connect: Connect, body: Json, told: str) -> None:
    error = refused(connect, answer(400, body))
    where = f"GET {HOME}/v2/generate/{GENERATION_ID}"
    assert str(error) == f"generations.get answered 400 Bad Request: {told} ({where})"


def test_a_long_message_is_cut_and_the_body_is_not(connect: Connect) -> None:
    error = refused(connect, answer(400, {"message": "x" * 10_000}))
    assert len(str(error)) < 700
    assert len(error.body["message"]) == 10_000


@pytest.mark.parametrize("sent", ["<html>login</html>", "{", ""], ids=["page", "half", "nothing"])
@pytest.mark.filterwarnings("ignore::syncdyn.ContractWarning")
def test_a_success_that_is_no_json_is_told_apart_from_a_result(connect: Connect, sent: str) -> None:
    """E6."""
    client = connect(Service(answer(200, text=sent)), validate="strict")
    with pytest.raises(ApiError) as caught:
        client.generations.get(GENERATION_ID)
    assert caught.value.status_code == 200


def test_a_missing_key_is_a_fault_of_the_configuration(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """E7: not to be taken for an answer of the service."""
    monkeypatch.delenv("SYNC_API_KEY", raising=False)
    with pytest.raises(ConfigurationError, match="no API key: set SYNC_API_KEY") as caught:
        connect.sync()
    assert not isinstance(caught.value, ApiStatusError)


def test_one_handler_catches_all_that_a_call_can_raise(connect: Connect) -> None:
    client = connect(Service(answer(200, GENERATION)))
    with pytest.raises(ApiError) as caught:
        client.generations.create(modle="lipsync-2")
    assert isinstance(caught.value, RequestValidationError)


def test_a_closed_client_says_so(connect: Connect) -> None:
    client = connect.sync(api_key=KEY, base_url="http://127.0.0.1:9", max_retries=0)
    with pytest.raises(ApiConnectionError):
        client.models.list()
    client.close()
    with pytest.raises(ConfigurationError, match="closed"):
        client.models.list()


def test_the_callers_own_closed_client_is_told_of(connect: Connect) -> None:
    http = connect.http(Service(answer(200, [])))
    if connect.loop is None:
        http.close()
    else:
        connect.loop.run_until_complete(http.aclose())
    with pytest.raises(ConfigurationError, match="closed"):
        connect(Service(), http=http).models.list()


def test_cancelling_a_call_is_no_error_of_the_api() -> None:
    """A task that is cancelled ends as one, not as an ApiError."""

    async def never(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(60)
        return httpx.Response(500)

    async def cancelled() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(never)) as http:
            client = syncdyn.AsyncSync(api_key=KEY, httpx_client=http)
            await asyncio.wait_for(client.models.list(), 0.01)

    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(cancelled())
