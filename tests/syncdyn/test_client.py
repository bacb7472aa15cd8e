"""The client as a whole: what it is made of, what it shows, what it takes of the caller's own HTTP client."""

from __future__ import annotations

import inspect
import json
import pickle
import warnings
from pathlib import Path
from typing import Any

import httpx
import pytest

from syncdyn import (
    AsyncClient,
    AsyncSync,
    Client,
    ConfigurationError,
    ContractWarning,
    RequestValidationError,
    ResponseValidationError,
    Sync,
    SyncEnvironment,
    common,
    environment,
)
from syncdyn.client import BaseClient
from syncdyn.openapi.bundled import load_bundled
from syncdyn.openapi.document import Document
from syncdyn.sync import bundled_types, environments
from tests.syncdyn.fakes import (
    AUDIO,
    CREATE,
    GENERATION,
    GENERATION_ID,
    HOME,
    KEY,
    VIDEO,
    Clock,
    Connect,
    Service,
    answer,
)

READY = answer(200, GENERATION)


def url_of(service: Service) -> str:
    return f"{service.last.url.scheme}://{service.last.url.netloc.decode()}"


BASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "default": ({}, "", HOME),
    "environment": ({"environment": SyncEnvironment.DEV}, "", "https://dev-api.sync.so"),
    "base-url": ({"base_url": "http://localhost:3001/"}, "", "http://localhost:3001"),
    "variable": ({}, "http://localhost:8080", "http://localhost:8080"),
    "argument-before-variable": ({"environment": SyncEnvironment.DEFAULT}, "http://localhost:8080", HOME),
}


@pytest.mark.parametrize(("options", "variable", "expected"), BASES.values(), ids=BASES.keys())
def test_where_requests_go(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], variable: str, expected: str
) -> None:
    monkeypatch.setenv("SYNC_BASE_URL", variable)
    service = Service(READY)
    transport = connect.transport(connect.http(service))
    connect.sync(api_key=KEY, transport=transport, **options).generations.get(GENERATION_ID)
    assert url_of(service) == expected


IMPOSSIBLE: dict[str, tuple[dict[str, Any], str]] = {
    "environment": ({"environment": "DEV"}, "environment: expected one of"),
    "relative": ({"base_url": "api.sync.so"}, "is no absolute http"),
    "scheme": ({"base_url": "ftp://api.sync.so"}, "is no absolute http"),
    "retries": ({"max_retries": -1}, "max_retries: expected a whole number from 0"),
    "timeout": ({"timeout": 0}, "timeout"),
    "deadline": ({"deadline": -1}, "deadline"),
    "validate": ({"validate": "maybe"}, "validate: "),
    "validator": ({"validator": "theirs"}, "validator: 'theirs' is not one of own, openapi-core"),
}


@pytest.mark.parametrize(("options", "told"), IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_an_impossible_argument_is_told_of_at_once(connect: Connect, options: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        connect.sync(api_key=KEY, **options)


def test_a_document_without_a_server_needs_a_base_url() -> None:
    bare = Document({"openapi": "3.1.0", "info": {"title": "B", "version": "1"}, "paths": {}})
    with pytest.raises(ConfigurationError, match="the document names no server: pass base_url"):
        Client(bare)
    assert "https://b.example.com" in repr(Client(bare, base_url="https://b.example.com"))


BARE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "B", "version": "1"},
    "servers": [{"url": HOME}],
    "paths": {"/a": {"get": {"operationId": "old", "responses": {}}}},
}
RENAMING = {
    "overlay": "1.0.0",
    "info": {"title": "R", "version": "1"},
    "actions": [{"target": "$.paths['/a'].get", "update": {"operationId": "new"}}],
}
GIVEN: dict[str, Any] = {
    "mapping": lambda folder: BARE,
    "text": lambda folder: json.dumps(BARE),
    "bytes": lambda folder: json.dumps(BARE).encode(),
    "document": lambda folder: Document(BARE),
    "path": lambda folder: folder / "bare.json",
    "path-as-text": lambda folder: str(folder / "bare.json"),
}


@pytest.mark.parametrize("give", GIVEN.values(), ids=GIVEN)
def test_overlays_apply_to_a_document_however_it_is_given(give: Any, tmp_path: Path) -> None:
    (tmp_path / "bare.json").write_text(json.dumps(BARE))
    assert "old" in dir(Client(give(tmp_path)).a)
    assert "new" in dir(Client(give(tmp_path), overlays=[RENAMING]).a)


def test_overlays_are_a_list() -> None:
    with pytest.raises(ConfigurationError, match="overlays: expected a list, also of one, found a dict"):
        Client(BARE, overlays=RENAMING)  # type: ignore[arg-type]


def test_arguments_are_given_by_name() -> None:
    make: Any = Sync
    with pytest.raises(TypeError):
        make(KEY)


MISSPELT = {
    "resource": (lambda client: client.generation, "has no 'generation'; did you mean 'generations'?"),
    "no-resource": (lambda client: client.zzz, "its resources: generations, batch, assets, models"),
    "method": (lambda client: client.generations.creat, "'generations' has no method 'creat'; did you mean 'create'?"),
    "no-method": (lambda client: client.models.zzz, "'models' has no method 'zzz'; its methods: list"),
    "class": (lambda client: client._zzz, "_zzz"),
    "private": (lambda client: client.models.__zzz__, "__zzz__"),
}


@pytest.mark.parametrize(("use", "told"), MISSPELT.values(), ids=MISSPELT.keys())
def test_a_misspelt_name_is_an_attribute_error_with_a_hint(use: Any, told: str) -> None:
    with pytest.raises(AttributeError) as caught:
        use(Sync(api_key=KEY))
    assert told in str(caught.value)


def test_help_completion_and_signatures_come_from_the_document() -> None:
    client = Sync(api_key=KEY)
    assert {"generations", "batch", "assets", "models", "download", "close"} <= set(dir(client))
    assert {"create", "get", "wait", "with_raw_response"} <= set(dir(client.generations))
    signature = inspect.signature(client.generations.get)
    assert list(signature.parameters) == ["id", "request_options"]
    assert signature.parameters["id"].kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    assert "POST /v2/generate" in (inspect.getdoc(client.generations.create) or "")
    assert client.generations.create.__name__ == "create"


def test_blocking_and_awaited_clients_have_the_same_methods() -> None:
    one, other = Sync(api_key=KEY), AsyncSync(api_key=KEY)
    assert {*dir(one)} ^ {*dir(other)} == {"aclose"}
    for name in ("generations", "batch", "assets", "models"):
        assert dir(getattr(one, name)) == dir(getattr(other, name))


def test_a_method_is_made_once() -> None:
    client = Sync(api_key=KEY)
    assert client.generations.create is client.generations.create


def test_a_raw_response_has_data_status_header_fields_and_violations(connect: Connect) -> None:
    client = connect(Service(answer(200, GENERATION, headers={"X-Request-Id": "r-1"})))
    raw = client.generations.with_raw_response.get(GENERATION_ID)
    assert (raw.status_code, raw.headers["x-request-id"], raw.violations) == (200, "r-1", ())
    assert raw.data == common.Generation.model_validate(GENERATION)
    assert "x-api-key" not in raw.request.headers
    again = pickle.loads(pickle.dumps(raw))
    assert (again.data, again.request, again.headers) == (raw.data, raw.request, raw.headers)


def test_a_raw_response_of_a_wait_is_that_of_its_last_poll(connect: Connect) -> None:
    raw = connect(Service(READY)).generations.with_raw_response.wait(GENERATION_ID)
    assert (raw.status_code, raw.data.status) == (200, "COMPLETED")


def test_a_warning_points_to_the_line_of_the_caller() -> None:
    with httpx.Client(transport=httpx.MockTransport(Service(answer(200, {})))) as http:
        client = Sync(api_key=KEY, httpx_client=http)
        with pytest.warns(ContractWarning) as seen:
            client.generations.get(GENERATION_ID)
        options: Any = {"validate": {"request": "warn", "response": "off"}}
        with pytest.warns(ContractWarning) as more:
            client.generations.create(**{**CREATE, "model": "other"}, request_options=options)
    assert [warning.filename for warning in [*seen, *more]] == [__file__] * 2


def test_warnings_may_be_made_errors(connect: Connect) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", ContractWarning)
        with pytest.raises(ContractWarning):
            connect(Service(answer(200, {}))).generations.get(GENERATION_ID)


def test_the_second_opinion_is_asked_in_both_directions(connect: Connect) -> None:
    client = connect(Service(answer(201, {"id": 7})), validator="openapi-core", validate="strict")
    with pytest.raises(RequestValidationError):
        client.generations.create(model="nope", input=[VIDEO, AUDIO])
    with pytest.raises(ResponseValidationError):
        client.generations.create(**CREATE)


def test_the_second_opinion_may_only_warn(connect: Connect) -> None:
    client = connect(Service(answer(201, GENERATION)), validator="openapi-core", validate="warn")
    with pytest.warns(ContractWarning, match="is sent all the same"):
        assert client.generations.create(model="nope", input=[VIDEO, AUDIO]).id == GENERATION_ID


def test_arguments_go_by_python_or_wire_name_and_never_by_both(connect: Connect) -> None:
    service = Service(answer(201, GENERATION))
    client = connect(service)
    client.generations.create(**CREATE, outputFileName="a")
    client.generations.create(**CREATE, output_file_name="a")
    assert service.requests[0].content == service.requests[1].content
    with pytest.raises(RequestValidationError, match="given twice"):
        client.generations.create(**CREATE, outputFileName="a", output_file_name="b")


def test_a_whole_body_may_be_given(connect: Connect) -> None:
    service = Service(answer(201, GENERATION))
    connect(service).generations.create(body={**CREATE, "output_file_name": "a"})
    assert service.sent == {**CREATE, "outputFileName": "a"}


def test_only_path_arguments_go_without_a_name(connect: Connect) -> None:
    client = connect(Service(READY))
    with pytest.raises(RequestValidationError, match="only id may be"):
        client.generations.get("a", "b")
    with pytest.raises(RequestValidationError) as caught:
        client.generations.create("lipsync-2", [])
    assert [fault.keyword for fault in caught.value.violations] == ["positional"]
    with pytest.raises(RequestValidationError, match="none may be"):
        client.models.list("a")


UNSENDABLE: dict[str, tuple[Any, str]] = {
    "text": ("talk.mp4", "a str is no file"),
    "number": (7, "an int is no file"),
    "pair-of-it": (("talk.mp4", 7), "an int is no file"),
}


@pytest.mark.parametrize(("given", "told"), UNSENDABLE.values(), ids=UNSENDABLE.keys())
def test_what_is_no_file_is_told_of(connect: Connect, given: Any, told: str) -> None:
    with pytest.raises(RequestValidationError, match=f"body.video: {told}"):
        connect(Service()).generations.create_with_files(model="lipsync-2", video=given)


def test_a_path_that_is_not_there_is_told_of(connect: Connect, tmp_path: Any) -> None:
    with pytest.raises(RequestValidationError, match=r"body\.video: .*none\.mp4: No such file"):
        connect(Service()).generations.create_with_files(model="lipsync-2", video=tmp_path / "none.mp4")


def test_records_are_checked_line_by_line_before_they_are_sent(connect: Connect) -> None:
    service = Service()
    records = [{"request_id": "r-1", "endpoint": "/v2/generate", "payload": {**CREATE, "model": "nope"}}]
    with pytest.raises(RequestValidationError, match="model"):
        connect(service).batch.create(input=records)
    assert service.requests == []


def test_a_callers_client_keeps_its_header_fields_cookies_parameters_and_auth(connect: Connect) -> None:
    service = Service(READY)
    http = connect.http(service, headers={"X-Team": "t"}, cookies={"a": "b"}, auth=("u", "p"), params={"debug": "1"})
    connect(service, http=http).generations.get(GENERATION_ID)
    fields = service.last.headers
    assert (fields["x-team"], fields["cookie"], fields["authorization"]) == ("t", "a=b", "Basic dTpw")
    assert fields["x-api-key"] == KEY
    assert fields["user-agent"].startswith("syncdyn/")


def test_the_event_hooks_of_a_callers_client_see_every_try(connect: Connect) -> None:
    seen: list[str] = []

    def note(request: httpx.Request) -> None:
        seen.append(request.method)

    async def note_awaited(request: httpx.Request) -> None:
        seen.append(request.method)

    service = Service(answer(503), READY)
    http = connect.http(service, event_hooks={"request": [note_awaited if connect.is_async else note]})
    connect(service, http=http).generations.get(GENERATION_ID)
    assert seen == ["GET", "GET"]


def test_a_callers_client_that_follows_redirects_by_itself_does_not_leak_the_key(connect: Connect) -> None:
    service = Service(answer(302, headers={"Location": "https://evil.example.com/"}), READY)
    http = connect.http(service, follow_redirects=True)
    connect(service, http=http).generations.get(GENERATION_ID)
    assert "x-api-key" not in service.last.headers


def test_the_environments_are_an_enum_of_the_document() -> None:
    assert SyncEnvironment is environments()
    assert {member.name: member.value for member in SyncEnvironment} == {
        "DEFAULT": HOME,
        "DEV": "https://dev-api.sync.so",
    }


def test_another_environment_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no 'SyncEnvironmnt'"):
        getattr(environment, "SyncEnvironmnt")  # noqa: B009 - a type checker knows better


def test_every_client_is_a_client() -> None:
    assert issubclass(Sync, Client)
    assert issubclass(AsyncSync, AsyncClient)
    assert bundled_types() is bundled_types()


def test_a_client_without_a_driver_is_none() -> None:
    with pytest.raises(NotImplementedError):
        BaseClient(load_bundled(), auth=KEY)


def test_a_user_and_a_password_are_sent_as_basic() -> None:
    schemes = {"login": {"type": "http", "scheme": "basic"}}
    operation = {"operationId": "list", "tags": ["pets"], "security": [{"login": []}], "responses": {"200": {}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1"},
        "servers": [{"url": HOME}],
        "paths": {"/pets": {"get": operation}},
        "components": {"securitySchemes": schemes},
    }
    service = Service(answer(200))
    with Client(document, auth={"login": ("user", "pass")}, httpx_client=Connect(Clock()).http(service)) as client:
        client.pets.list()
    assert service.last.headers["authorization"] == "Basic dXNlcjpwYXNz"


def test_an_argument_that_is_none_is_told_with_the_one_that_was_meant(connect: Connect) -> None:
    with pytest.raises(TypeError, match=r"takes no 'api_kee'.*api_key"):
        connect.sync(api_kee=KEY)


OTHER_WORDS = {"api_key": "auth", "baseurl": "base_url", "retries": "max_retries"}


@pytest.mark.parametrize(("name", "meant"), OTHER_WORDS.items(), ids=OTHER_WORDS)
def test_an_argument_in_the_words_of_others_is_told_with_our_own(name: str, meant: str) -> None:
    given: Any = {name: "x"}
    with pytest.raises(TypeError, match=rf"^Client takes no '{name}' \(did you mean '{meant}'\?\)$"):
        Client({}, **given)
