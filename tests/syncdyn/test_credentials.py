"""Credentials: where they go, and that they show nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn import Client, ConfigurationError
from syncdyn.credentials import Credentials, Placed, Secret
from syncdyn.openapi.operations import SecurityScheme
from tests.syncdyn.fakes import Clock, Connect, Service, answer

SCHEMES = {
    "key": SecurityScheme("key", "apiKey", "header", "X-Key"),
    "inQuery": SecurityScheme("inQuery", "apiKey", "query", "api key"),
    "inCookie": SecurityScheme("inCookie", "apiKey", "cookie", "sid"),
    "basic": SecurityScheme("basic", "http", scheme="basic"),
    "bearer": SecurityScheme("bearer", "http", scheme="bearer"),
    "oauth": SecurityScheme("oauth", "oauth2"),
}


def placed(*alternatives: tuple[str, ...], **by_scheme: Any) -> Placed:
    return Credentials(SCHEMES, None, by_scheme).placed(alternatives)


PLACES: dict[str, tuple[Any, Any, Placed]] = {
    "header": ("key", "s3cret", Placed(headers=(("X-Key", "s3cret"),))),
    "query": ("inQuery", "a&b=c", Placed(query=(("api%20key", "a%26b%3Dc"),))),
    "cookie": ("inCookie", "a;b", Placed(cookies=(("sid", "a%3Bb"),))),
    "basic": ("basic", ("user", "pass"), Placed(headers=(("Authorization", "Basic dXNlcjpwYXNz"),))),
    "basic-text": ("basic", "user:pass", Placed(headers=(("Authorization", "Basic dXNlcjpwYXNz"),))),
    "bearer": ("bearer", "t0ken", Placed(headers=(("Authorization", "Bearer t0ken"),))),
    "oauth": ("oauth", "t0ken", Placed(headers=(("Authorization", "Bearer t0ken"),))),
}


@pytest.mark.parametrize(("scheme", "value", "expected"), PLACES.values(), ids=PLACES.keys())
def test_each_kind_goes_to_its_place(scheme: str, value: Any, expected: Placed) -> None:
    assert placed((scheme,), **{scheme: value}) == expected


def test_the_first_alternative_that_can_be_met_in_full_is_taken() -> None:
    assert placed(("key", "bearer"), ("inCookie",), key="k", inCookie="c") == Placed(cookies=(("sid", "c"),))


def test_schemes_that_are_needed_together_go_together() -> None:
    assert placed(("key", "inQuery"), key="k", inQuery="q") == Placed((("X-Key", "k"),), (("api%20key", "q"),))


@pytest.mark.parametrize("alternatives", [(), ((),), ((), ("key",)), (("unknown",),), (("bearer",),)], ids=repr)
def test_otherwise_nothing_is_sent(alternatives: Any) -> None:
    assert placed(*alternatives, key="k") == Placed()


def test_one_secret_serves_whichever_scheme_is_asked_for() -> None:
    credentials = Credentials(SCHEMES, Secret("s3cret"))
    assert credentials.placed((("bearer",),)).headers == (("Authorization", "Bearer s3cret"),)
    assert credentials.placed((("key",),)).headers == (("X-Key", "s3cret"),)


def test_no_secret_is_shown() -> None:
    credentials = Credentials(SCHEMES, Secret("s3cret"), {"basic": ("user", "pa55word")})
    shown = f"{credentials!r} {credentials} {credentials.any_scheme!r}"
    assert "s3cret" not in shown
    assert "pa55word" not in shown


def test_every_secret_in_a_text_is_covered() -> None:
    credentials = Credentials(SCHEMES, None, {"basic": ("user-name", "pa55word"), "key": "s3cret"})
    assert credentials.mask("user-name has pa55word and s3cret") == "*** has *** and ***"


def test_what_is_too_short_for_a_secret_does_not_blot_out_words() -> None:
    assert Credentials(SCHEMES, Secret("is")).mask("this is it") == "this is it"


def test_header_fields_that_may_carry_credentials_are_known() -> None:
    fields = Credentials(SCHEMES).private_headers
    assert fields == {"authorization", "proxy-authorization", "cookie", "x-key"}


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


def test_a_header_of_the_callers_own_stands(connect: Connect) -> None:
    service = Service(answer(200, []))
    options = {"additional_headers": {"X-API-Key": "another-key"}}
    connect(service).models.list(request_options=options)
    assert service.last.headers.get_list("x-api-key") == ["another-key"]


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="'nokey' is no security scheme of the document"):
        Client(DOCUMENT, auth={"nokey": "x"})
