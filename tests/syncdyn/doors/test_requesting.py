"""Calls by method and path: sorted into an operation where there is one, sent as they are where there is none."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from syncdyn import RequestValidationError
from tests.syncdyn.shop import DOCUMENT, KEY, OK, Shop, content


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def client(shop: Shop) -> Any:
    return shop.client()


REACHED = {
    "path": (("GET", "/items/5"), {}, "GET /v2/items/5"),
    "any-case": (("get", "/items/5"), {}, "GET /v2/items/5"),
    "literal-first": (("GET", "/items/mine"), {}, "GET /v2/items/mine"),
    "whole-url": (("GET", "https://shop.example.com/v2/items/5"), {}, "GET /v2/items/5"),
    "default-port": (("GET", "https://SHOP.example.com:443/v2/items/5#top"), {}, "GET /v2/items/5"),
    "query-in-path": (("GET", "/items/5?limit=3"), {}, "GET /v2/items/5?limit=3"),
    "params": (("GET", "/items/5"), {"params": {"limit": 3}}, "GET /v2/items/5?limit=3"),
    "params-as-text": (("GET", "/items/5"), {"params": {"limit": "3"}}, "GET /v2/items/5?limit=3"),
    "params-as-pairs": (
        ("GET", "/items/5"),
        {"params": [("tags[]", "a"), ("tags[]", "b")]},
        "GET /v2/items/5?tags%5B%5D=a&tags%5B%5D=b",
    ),
    "params-as-query": (("GET", "/items/5"), {"params": "limit=3"}, "GET /v2/items/5?limit=3"),
    "deep": (("GET", "/items/5"), {"params": {"filter[a]": "x"}}, "GET /v2/items/5?filter%5Ba%5D=x"),
    "exploded": (("GET", "/items/mine?x=3"), {}, "GET /v2/items/mine?x=3"),
    "none-is-left-out": (("GET", "/items/5"), {"params": {"limit": None}}, "GET /v2/items/5"),
    "unknown": (
        ("GET", "/else/a%2Fb c"),
        {"params": {"x": [1, 2], "y": "ä"}},
        "GET /v2/else/a%2Fb%20c?y=%C3%A4&x=1&x=2",
    ),
    "unknown-braces": (("GET", "/else/{a}"), {}, "GET /v2/else/%7Ba%7D"),
    "unknown-method": (("PURGE", "/items/5"), {}, "PURGE /v2/items/5"),
    "root": (("GET", "/"), {}, "GET /v2/"),
}


@pytest.mark.parametrize(("asked", "options", "target"), REACHED.values(), ids=REACHED)
def test_what_is_asked_for_is_sent(
    client: Any, shop: Shop, asked: tuple[str, str], options: dict[str, Any], target: str
) -> None:
    client.request(*asked, **options)
    assert shop.target == target


BODIES = {
    "json": ("/forms", {"json": {"id": 1}}, "application/json", b'{"id":1}'),
    "form": (
        "/forms",
        {"data": {"name": "a", "tags": ["b", "c"]}},
        "application/x-www-form-urlencoded",
        b"name=a&tags=b&tags=c",
    ),
    "text": ("/forms", {"content": "hi"}, "text/plain", b"hi"),
    "unknown-json": ("/else", {"json": {"id": None}}, "application/json", b'{"id":null}'),
    "unknown-json-null": ("/else", {"json": None}, "application/json", b"null"),
    "unknown-form": ("/else", {"data": {"name": "a b"}}, "application/x-www-form-urlencoded", b"name=a%20b"),
    "unknown-bytes": ("/else", {"content": b"\x00"}, "application/octet-stream", b"\x00"),
    "unknown-said": ("/else", {"content": b"<a/>", "headers": {"content-type": "text/xml"}}, "text/xml", b"<a/>"),
    "data-as-content": ("/else", {"data": b"raw"}, "application/octet-stream", b"raw"),
}


@pytest.mark.parametrize(("path", "options", "media_type", "body"), BODIES.values(), ids=BODIES)
def test_bodies_go_as_they_are_given(
    client: Any, shop: Shop, path: str, options: dict[str, Any], media_type: str, body: bytes
) -> None:
    client.request("POST", path, **options)
    stated = shop.last.headers.get_list("content-type")
    assert (len(stated), stated[0].partition(";")[0], shop.last.content) == (1, media_type, body)


@pytest.mark.parametrize("path", ["/forms", "/else"])
def test_files_make_a_multipart_body(client: Any, shop: Shop, path: str) -> None:
    client.request("POST", path, data={"note": "n"}, files={"photo": ("a.png", b"PNG", "image/png")})
    assert shop.last.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="note"\r\n\r\nn\r\n' in shop.last.content
    assert b'filename="a.png"\r\nContent-Type: image/png\r\n\r\nPNG\r\n' in shop.last.content


def test_the_texts_of_a_form_are_read_by_its_schema(client: Any, shop: Shop) -> None:
    client.request("POST", "/forms", data={"size": "3", "extra[a]": "b"})
    assert shop.last.content == b"size=3&extra%5Ba%5D=b"
    with pytest.raises(RequestValidationError, match=r"body\.size: expected an integer"):
        client.request("POST", "/forms", data={"size": "three"})


def test_the_answer_is_read_as_by_the_other_doors(client: Any) -> None:
    assert client.request("GET", "/items/1") == client.items.get(1)
    assert client.with_raw_response.request("GET", "/items/1").status_code == 200


def test_the_answer_of_an_unknown_path_is_plain_data_without_complaint(client: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert client.request("GET", "/else") == {"id": 7, "name": "lamp"}


@pytest.mark.parametrize("path", ["/items/1", "/else"])
def test_credentials_go_with_known_and_unknown_paths(client: Any, shop: Shop, path: str) -> None:
    client.request("GET", path)
    assert shop.last.headers["x-key"] == KEY


def test_header_fields_are_checked_or_sent_as_they_are(client: Any, shop: Shop) -> None:
    client.request("GET", "/items/1", headers={"x-trace": "12", "X-Other": "b"})
    assert (shop.last.headers["x-trace"], shop.last.headers["x-other"]) == ("12", "b")


FAULTS = {
    "path-value": (("GET", "/items/abc"), {}, ["path.id"]),
    "query": (("GET", "/items/1?limit=many"), {}, ["query.limit"]),
    "params": (("GET", "/items/1"), {"params": {"limit": [1, 2]}}, ["query.limit"]),
    "header": (("GET", "/items/1"), {"headers": {"X-Trace": "abc"}}, ["header.X-Trace"]),
    "undeclared": (("GET", "/items/1?limt=1"), {}, ["arguments.limt"]),
    "undeclared-like-a-member": (("PUT", "/items/1?name=1"), {"json": {"id": 1}}, ["arguments.name__query"]),
    "body": (("PUT", "/items/1"), {"json": {"id": "x"}}, ["body.id"]),
    "no-body": (("PUT", "/items/1"), {}, ["body.id"]),
    "media-type": (("PUT", "/items/1"), {"data": {"id": 1}}, ["request_options.content_type"]),
    "several": (("GET", "/items/abc?limit=many&limt=1"), {}, ["arguments.limt", "path.id", "query.limit"]),
    "two-bodies": (("POST", "/else"), {"json": 1, "content": b""}, ["arguments"]),
    "bad-params": (("GET", "/else"), {"params": [1]}, ["arguments"]),
    "bad-headers": (("GET", "/else"), {"headers": "a: b"}, ["arguments"]),
    "bad-options": (("GET", "/items/1"), {"request_options": {"retries": 1}}, ["request_options.retries"]),
    "options-no-mapping": (("GET", "/else"), {"request_options": 3}, ["request_options"]),
    "method": (("G T", "/else"), {}, ["method"]),
    "no-path": (("GET", None), {}, ["path"]),
    "relative": (("GET", "items/1"), {}, ["path"]),
    "other-origin": (("GET", "https://other.example.com/v2/items/1"), {}, ["path"]),
    "other-scheme": (("GET", "http://shop.example.com/v2/items/1"), {}, ["path"]),
    "user": (("GET", "https://a:b@shop.example.com/v2/items/1"), {}, ["path"]),
    "two-slashes": (("GET", "//other.example.com/items/1"), {}, ["path"]),
    "not-below": (("GET", "https://shop.example.com/v20/items/1"), {}, ["path"]),
    "dots": (("GET", "/items/../admin"), {}, ["path"]),
    "encoded-dots": (("GET", "/items/%2e%2E/admin"), {}, ["path"]),
    "dots-in-url": (("GET", "https://shop.example.com/v2/../admin"), {}, ["path"]),
}


@pytest.mark.parametrize(("asked", "options", "places"), FAULTS.values(), ids=FAULTS)
def test_what_breaks_the_contract_is_not_sent(
    client: Any, shop: Shop, asked: tuple[Any, Any], options: dict[str, Any], places: list[str]
) -> None:
    with pytest.raises(RequestValidationError) as caught:
        client.request(*asked, **options)
    assert sorted(fault.where for fault in caught.value.violations) == places
    assert shop.sent == []


def test_a_path_without_its_slash_is_told_with_the_one_that_was_meant(client: Any) -> None:
    with pytest.raises(RequestValidationError, match="did you mean '/items/1'"):
        client.request("GET", "items/1")


def test_an_error_shows_no_secret_of_the_address(client: Any) -> None:
    with pytest.raises(RequestValidationError) as caught:
        client.request("GET", "https://me:geheim@other.example.com/x?token=geheim")
    assert "geheim" not in str(caught.value)


def test_without_strictness_undeclared_parameters_are_sent(shop: Shop) -> None:
    shop.client(validate="off").request("GET", "/items/1?limt=1", params={"more": 2})
    assert shop.target == "GET /v2/items/1?limt=1&more=2"


def test_options_of_the_call_hold_beside_what_is_given(client: Any, shop: Shop) -> None:
    options = {"additional_headers": {"X-B": "2"}, "additional_query_parameters": {"q": "2"}}
    client.request("GET", "/else?p=1", headers={"X-A": "1"}, request_options=options)
    assert shop.target == "GET /v2/else?p=1&q=2"
    assert (shop.last.headers["x-a"], shop.last.headers["x-b"]) == ("1", "2")
    assert options == {"additional_headers": {"X-B": "2"}, "additional_query_parameters": {"q": "2"}}


def queried() -> Any:
    body = content("application/json", {"type": "object", "properties": {"name": {"type": "string"}}})
    paths = {path: {"post": {"requestBody": body, "responses": OK}} for path in ("/jobs", "/jobs?beta=true")}
    return {**DOCUMENT, "paths": paths}


QUERIED = {
    "in-the-path": ("/jobs?beta=true", {}),
    "as-a-param": ("/jobs", {"params": {"beta": "true"}}),
    "as-a-bool": ("/jobs", {"params": {"beta": True}}),
}


@pytest.mark.parametrize(("path", "options"), QUERIED.values(), ids=QUERIED)
def test_a_query_in_a_path_of_the_document_is_sent_once(shop: Shop, path: str, options: dict[str, Any]) -> None:
    client = shop.client(document=queried())
    client.request("POST", path, json={"name": "a"}, **options)
    assert shop.target == "POST /v2/jobs?beta=true"


def test_without_the_query_it_is_the_plain_operation(shop: Shop) -> None:
    client = shop.client(document=queried())
    with pytest.raises(RequestValidationError, match=r"^POST /jobs was not sent"):
        client.request("POST", "/jobs", json={"name": 1})


def test_a_header_field_that_is_repeated_goes_whole(client: Any, shop: Shop) -> None:
    client.request("GET", "/items/1", headers=[("X-Other", "a"), ("X-Other", "b")])
    assert shop.last.headers["x-other"] == "a, b"
