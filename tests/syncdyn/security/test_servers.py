"""Which server a call goes to."""

from __future__ import annotations

import contextlib
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncdyn import Client, ConfigurationError
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.security.servers import Servers, location_of
from tests.syncdyn.fakes import Clock, Connect, Service, answer

A, B, C = "https://a.example.com", "https://b.example.com/v2", "https://c.example.com"
REGIONS = {"region": {"default": "eu", "enum": ["eu", "us"]}, "tenant": {"default": "acme"}, "version": {}}


def contract(root: Any = None, item: Any = None, operation: Any = None) -> Contract:
    get = {"responses": {}, **({"servers": operation} if operation is not None else {})}
    path = {"get": get, **({"servers": item} if item is not None else {})}
    stated = {"servers": root} if root is not None else {}
    return Contract(Document({"openapi": "3.1.0", "info": {}, "paths": {"/things": path}, **stated}))


def url(promised: Contract, **options: Any) -> str:
    return Servers(promised, **options).base_url_of(promised.operations["GET /things"])


def at(*urls: str) -> list[Any]:
    return [{"url": one} for one in urls]


LEVELS: dict[str, tuple[tuple[Any, Any, Any], str]] = {
    "root": ((at(A, B), None, None), A),
    "path": ((at(A), at(B, C), None), B),
    "operation": ((at(A), at(B), at(C)), C),
    "empty-operation": ((at(A), None, []), A),
    "prefix-and-slash": ((at(f"{B}/"), None, None), B),
    "port": ((at("http://localhost:8080//"), None, None), "http://localhost:8080"),
}


@pytest.mark.parametrize(("levels", "expected"), LEVELS.values(), ids=LEVELS.keys())
def test_the_nearest_level_counts_and_of_it_the_first(levels: Any, expected: str) -> None:
    assert url(contract(*levels)) == expected


@pytest.mark.parametrize("levels", [levels for levels, _ in LEVELS.values()], ids=LEVELS.keys())
def test_a_base_url_stands_in_place_of_all(levels: Any) -> None:
    assert url(contract(*levels), base_url="http://localhost:4010/mock/") == "http://localhost:4010/mock"


NAMED = [{"url": A, "description": "Live"}, {"url": B, "name": "test"}, {"url": "https://{region}.example.com"}]


@pytest.mark.parametrize(
    ("server", "expected"),
    [(0, A), (1, B), ("test", B), ("Live", A), (B, B), ("https://{region}.example.com", "https://eu.example.com")],
    ids=str,
)
def test_a_server_of_the_root_is_chosen_by_index_name_url_or_description(server: Any, expected: str) -> None:
    root = [*NAMED[:2], {**NAMED[2], "variables": REGIONS}]
    assert url(contract(root), server=server) == expected
    assert url(contract(root, None, at(C)), server=server) == C


@pytest.mark.parametrize("server", [3, -1, True, "live", 1.5], ids=repr)
def test_what_is_none_of_them_is_refused_with_those_that_are(server: Any) -> None:
    told = r"is none of the document's servers. They are 0: https://a.example.com \(Live\); 1: 'test' https://b"
    with pytest.raises(ConfigurationError, match=told):
        url(contract(NAMED), server=server)


TEMPLATE = "https://{tenant}.{region}.example.com/{version}"


def regional(template: str = TEMPLATE, **variables: Any) -> Contract:
    return contract([{"url": template, "variables": {**REGIONS, **variables}}])


FILLED: dict[str, tuple[dict[str, Any], str]] = {
    "defaults": ({"version": "v1"}, "https://acme.eu.example.com/v1"),
    "chosen": ({"version": "v1", "region": "us", "tenant": "x"}, "https://x.us.example.com/v1"),
    "number": ({"version": 2}, "https://acme.eu.example.com/2"),
    "path": ({"version": "api/v3"}, "https://acme.eu.example.com/api/v3"),
}


@pytest.mark.parametrize(("variables", "expected"), FILLED.values(), ids=FILLED.keys())
def test_variables_are_filled_by_the_caller_else_by_their_defaults(variables: Any, expected: str) -> None:
    assert url(regional(), variables=variables) == expected


def test_a_variable_may_be_the_whole_url() -> None:
    whole = contract([{"url": "{server}/v1", "variables": {"server": {"default": A}}}])
    assert url(whole, variables={"server": "http://localhost:1"}) == "http://localhost:1/v1"


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "missing": ({}, "needs a value: pass server_variables={'version': ...}"),
    "enum": ({"region": "asia"}, "region: 'asia' is not one of 'eu', 'us'"),
    "unknown": ({"regoin": "eu"}, r"no server has 'regoin' \(did you mean 'region'"),
    "kind": ({"version": None}, "version: expected a str, found a NoneType"),
    "other-host": ({"tenant": "evil.example/"}, "tenant: 'evil.example/' does not fit"),
    "user": ({"tenant": "evil.example@x"}, "does not fit"),
    "query": ({"version": "v1?x"}, "does not fit"),
    "line": ({"version": "v\n"}, "does not fit"),
}


@pytest.mark.parametrize(("variables", "told"), BAD.values(), ids=BAD.keys())
def test_what_fits_into_no_server_is_refused(variables: Any, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told.replace("{", r"\{")):
        url(regional(), variables=variables)


@given(st.text(max_size=30) | st.from_regex(r"[a-z.:/@?#\\\[\]%]{1,12}", fullmatch=True))
def test_no_value_of_a_variable_leads_to_another_host(value: str) -> None:
    with contextlib.suppress(ConfigurationError):
        found = httpx.URL(url(regional(), variables={"tenant": value, "version": "v1"}))
        assert found.host.endswith(".eu.example.com")


def test_variables_reach_the_servers_of_operations_too() -> None:
    own = [{"url": "https://{place}.example.com", "variables": {"place": {"default": "x", "enum": ["x", "y"]}}}]
    assert url(contract(at(A), None, own), variables={"place": "y"}) == "https://y.example.com"
    with pytest.raises(ConfigurationError, match="'z' is not one of 'x', 'y'"):
        url(contract(at(A), None, own), variables={"place": "z"})


RELATIVE: dict[str, tuple[Any, str]] = {
    "none": (None, "https://docs.example.com"),
    "empty": ([], "https://docs.example.com"),
    "root": (at("/api/v3"), "https://docs.example.com/api/v3"),
    "beside": (at("./v1"), "https://docs.example.com/specs/v1"),
    "scheme": (at("//c.example.com/x"), "https://c.example.com/x"),
    "absolute": (at(A), A),
}


@pytest.mark.parametrize(("root", "expected"), RELATIVE.values(), ids=RELATIVE.keys())
def test_a_relative_server_is_relative_to_where_the_document_was_read(root: Any, expected: str) -> None:
    assert url(contract(root), location="https://docs.example.com/specs/openapi.yaml") == expected


@pytest.mark.parametrize("root", [None, [], at("/api"), at("api.example.com"), at("https://a.example/?x=1")], ids=repr)
def test_where_no_server_can_be_reached_a_base_url_is_asked_for(root: Any) -> None:
    with pytest.raises(ConfigurationError, match="base_url"):
        url(contract(root))
    assert url(contract(root), base_url=A) == A


def test_a_root_without_a_server_does_where_operations_have_theirs() -> None:
    promised = contract(None, None, at(C))
    assert url(promised) == C
    assert Servers(promised).home is None


LOCATIONS: dict[str, tuple[Any, str, str | None]] = {
    "url": (
        "https://u:p@d.example.com/o.yaml?key=s3cret",
        "https://d.example.com/o.yaml",
        "https://d.example.com/o.yaml",
    ),
    "file": ("openapi.yaml", "openapi.yaml", None),
    "mapping": ({}, "the given mapping", None),
    "loaded": (None, "https://d.example.com/o.yaml", "https://d.example.com/o.yaml"),
}


@pytest.mark.parametrize(("source", "origin", "expected"), LOCATIONS.values(), ids=LOCATIONS.keys())
def test_where_a_document_was_read(source: Any, origin: str, expected: str | None) -> None:
    assert location_of(source, origin) == expected


def document(**root: Any) -> dict[str, Any]:
    get = {"operationId": "listThings", "tags": ["things"], "responses": {"204": {"description": ""}}}
    return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/things": {"get": get}}, **root}


def test_a_client_sends_to_the_server_chosen(clock: Clock) -> None:
    service = Service(answer(204))
    http = Connect(clock).http(service)
    made = Client(document(servers=NAMED[:2]), server="test", httpx_client=http)
    made.things.list_things()
    assert str(service.last.url) == f"{B}/things"
    assert B in repr(made)


def test_and_one_for_operations_with_servers_of_their_own_needs_no_other(clock: Clock) -> None:
    service = Service(answer(204))
    given = document()
    given["paths"]["/things"]["servers"] = at(C)
    made = Client(given, httpx_client=Connect(clock).http(service))
    made.things.list_things()
    assert str(service.last.url) == f"{C}/things"
    assert "its operations" in repr(made)


def test_a_base_url_and_a_choice_contradict_each_other() -> None:
    with pytest.raises(ConfigurationError, match="base_url stands in place of all servers"):
        Client(document(servers=NAMED), base_url=A, server=1)
