"""Credentials: where they go, and that they show nowhere."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from syncdyn import Client, ConfigurationError
from syncdyn.credentials import Placed, Privacy, Secret, forms_of, place
from syncdyn.openapi.operations import SecurityScheme
from syncdyn.security.auth import read_credential
from tests.syncdyn.fakes import Clock, Connect, Service, answer

SCHEMES = {
    "key": SecurityScheme("key", "apiKey", "header", "X-Key"),
    "inQuery": SecurityScheme("inQuery", "apiKey", "query", "api key"),
    "inCookie": SecurityScheme("inCookie", "apiKey", "cookie", "sid"),
    "basic": SecurityScheme("basic", "http", scheme="basic"),
    "bearer": SecurityScheme("bearer", "http", scheme="bearer"),
    "hoba": SecurityScheme("hoba", "http", scheme="hoba", written_scheme="HOBA"),
    "oauth": SecurityScheme("oauth", "oauth2"),
    "openId": SecurityScheme("openId", "openIdConnect"),
}


def authorization(value: str) -> Placed:
    return Placed(headers=(("Authorization", value),))


PLACES: dict[str, tuple[str, Any, Placed]] = {
    "header": ("key", "s3cret", Placed(headers=(("X-Key", "s3cret"),))),
    "query": ("inQuery", "a&b=c", Placed(query=(("api%20key", "a%26b%3Dc"),))),
    "cookie": ("inCookie", "a;b", Placed(cookies=(("sid", "a%3Bb"),))),
    "basic": ("basic", ("user", "pass"), authorization("Basic dXNlcjpwYXNz")),
    "basic-text": ("basic", "user:pass", authorization("Basic dXNlcjpwYXNz")),
    "basic-key": ("basic", "key", authorization("Basic a2V5Og==")),
    "bearer": ("bearer", "t0ken", authorization("Bearer t0ken")),
    "bearer-twice": ("bearer", "Bearer t0ken", authorization("Bearer t0ken")),
    "another": ("hoba", 'result="1.2"', authorization('HOBA result="1.2"')),
    "oauth": ("oauth", "t0ken", authorization("Bearer t0ken")),
    "openid": ("openId", "t0ken", authorization("Bearer t0ken")),
}


@pytest.mark.parametrize(("scheme", "value", "expected"), PLACES.values(), ids=PLACES.keys())
def test_each_kind_goes_to_its_place(scheme: str, value: Any, expected: Placed) -> None:
    assert place(SCHEMES[scheme], read_credential("auth", value)) == expected


@pytest.mark.parametrize("value", ["a1\nb", "a1\r\nX-Evil: 1", " a1", "a1\n", "schl\u00fcssel"], ids=repr)
@pytest.mark.parametrize("scheme", ["key", "bearer", "hoba"])
def test_what_no_header_field_can_carry_is_refused(scheme: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match="no header field can carry") as caught:
        place(SCHEMES[scheme], Secret(value))
    assert value not in str(caught.value)


@pytest.mark.parametrize("value", ["a\nb", "schl\u00fcssel"])
@pytest.mark.parametrize("scheme", ["inQuery", "inCookie", "basic"])
def test_elsewhere_anything_is_encoded(scheme: str, value: str) -> None:
    placed = place(SCHEMES[scheme], Secret(value))
    (pair,) = placed.headers or placed.query or placed.cookies
    assert pair[1].isascii()
    assert pair[1].isprintable()


def privacy(*values: Any) -> Privacy:
    return Privacy(SCHEMES.values(), (text for value in values for text in forms_of(read_credential("auth", value))))


def test_every_form_of_every_secret_in_a_text_is_covered() -> None:
    kept = privacy(("user-name", "pa55word"), "s3cret/key")
    told = "user-name has pa55word and s3cret/key, or dXNlci1uYW1lOnBhNTV3b3Jk and s3cret%2Fkey"
    assert kept.mask(told) == "*** has *** and ***, or *** and ***"


def test_what_is_too_short_for_a_secret_does_not_blot_out_words() -> None:
    assert privacy("is").mask("this is it") == "this is it"


def test_a_token_that_came_at_run_time_is_covered_as_well() -> None:
    kept = privacy()
    kept.learn("t0ken-of-today")
    assert kept.mask("Bearer t0ken-of-today") == "Bearer ***"


def test_of_tokens_that_change_often_only_the_latest_are_kept() -> None:
    kept = privacy()
    for number in range(1000):
        kept.learn(f"t0ken-{number:04}")
    assert kept.mask("t0ken-0999 t0ken-0000") == "*** t0ken-0000"


def test_header_fields_that_may_carry_credentials_are_known() -> None:
    assert privacy().headers == {"authorization", "proxy-authorization", "cookie", "x-key"}


def test_a_key_in_an_address_is_covered_wherever_it_came_from() -> None:
    assert privacy().mask_url("https://a.example/x?b=1&api%20key=s3cret&c=2#d") == (
        "https://a.example/x?b=1&api%20key=***&c=2#d"
    )


DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Safe", "version": "1"},
    "servers": [{"url": "https://safe.example.com"}],
    "security": [{"inQuery": [], "inCookie": []}],
    "paths": {
        "/things": {"get": {"operationId": "listThings", "tags": ["things"], "responses": {"204": {"description": ""}}}}
    },
    "components": {
        "securitySchemes": {
            "inQuery": {"type": "apiKey", "in": "query", "name": "key"},
            "inCookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
        }
    },
}


def test_a_client_of_any_document_puts_them_where_the_document_says(clock: Clock) -> None:
    service = Service(answer(204))
    auth = {"inQuery": "q-s3cret", "inCookie": "c-s3cret"}
    client = Client(DOCUMENT, auth=auth, httpx_client=Connect(clock).http(service))
    client.things.list_things()
    assert service.last.url.params["key"] == "q-s3cret"
    assert service.last.headers["cookie"] == "sid=c-s3cret"


def test_there_is_one_cookie_field(clock: Clock) -> None:
    """Source: RFC 6265, section 5.4."""
    service = Service(answer(204))
    parameters = [{"name": "theme", "in": "cookie", "schema": {"type": "string"}}]
    path = {"get": {**DOCUMENT["paths"]["/things"]["get"], "parameters": parameters}}  # type: ignore[index]
    auth = {"inQuery": "q-s3cret", "inCookie": "c-s3cret"}
    client = Client({**DOCUMENT, "paths": {"/things": path}}, auth=auth, httpx_client=Connect(clock).http(service))
    client.things.list_things(theme="dark")
    assert service.last.headers.get_list("cookie") == ["theme=dark; sid=c-s3cret"]


def test_a_header_of_the_callers_own_stands(connect: Connect) -> None:
    service = Service(answer(200, []))
    options = {"additional_headers": {"X-API-Key": "another-key"}}
    connect(service).models.list(request_options=options)
    assert service.last.headers.get_list("x-api-key") == ["another-key"]


BAD: dict[str, tuple[Any, str]] = {
    "unknown-scheme": ({"inQery": "x"}, "'inQery' is no security scheme of the document .did you mean 'inQuery'"),
    "empty": ("", "auth: it is empty"),
    "blank": ({"inQuery": " "}, "auth: inQuery: it is empty"),
    "kind": (7, "auth: expected a str, a .user, password. pair, .* found an int"),
    "pair": ({"inQuery": ("a", 1)}, "auth: inQuery: expected a str"),
    "class": (httpx.BasicAuth, "auth: expected .* found a type"),
    "client": ({"inQuery": {"client": "x"}}, "auth: inQuery: unknown 'client' .did you mean 'client_id'"),
    "no-secret": ({"inQuery": {"client_id": "x"}}, "client_secret: expected a str, found an empty one"),
}


@pytest.mark.parametrize(("auth", "told"), BAD.values(), ids=BAD.keys())
def test_what_is_no_credential_is_refused_at_once(auth: Any, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        Client(DOCUMENT, auth=auth)
