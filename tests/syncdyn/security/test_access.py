"""Of the alternatives of an operation, which is met, with what, and at which origins."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from syncdyn import AsyncClient, Client, ConfigurationError, UnauthorizedError
from syncdyn.openapi.building import security_requirements
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.security.access import Authenticator
from tests.syncdyn.fakes import Answer, Clock, Connect, Service, answer

HOME = "https://api.example.com"
SCHEMES: Mapping[str, Any] = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "app": {"type": "apiKey", "in": "query", "name": "app"},
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "Bearer"},
    "digest": {"type": "http", "scheme": "digest"},
    "certificate": {"type": "mutualTLS"},
    "login": {"type": "oauth2", "flows": {"implicit": {"authorizationUrl": "/a", "scopes": {}}}},
}


def document(*security: Any, schemes: Mapping[str, Any] = SCHEMES, **root: Any) -> dict[str, Any]:
    operation = {"operationId": "listThings", "tags": ["things"], "responses": {"204": {"description": ""}}}
    stated = {"security": list(security)} if security else {}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Doors", "version": "1"},
        "servers": [{"url": HOME}],
        "paths": {"/things": {"get": {**operation, **stated}}},
        "components": {"securitySchemes": schemes},
        **root,
    }


def placed(auth: Any, *security: Any) -> dict[str, str]:
    """What goes into a request, all in one."""
    contract = Contract(Document(document(*security)))
    access = Authenticator(contract, auth, HOME).access(security_requirements(list(security)), HOME)
    assert access.fault is None
    return {**dict(access.placed.headers), **dict(access.placed.query), **dict(access.placed.cookies)}


CHOICES: dict[str, tuple[Any, list[Any], dict[str, str]]] = {
    "none-asked": ("t0ken", [{}], {}),
    "whichever": ("t0ken", [{"bearer": []}], {"Authorization": "Bearer t0ken"}),
    "first": ({"key": "k", "app": "a"}, [{"key": []}, {"app": []}], {"X-Key": "k"}),
    "in-full": ({"key": "k", "app": "a"}, [{"key": [], "bearer": []}, {"app": []}], {"app": "a"}),
    "together": ({"key": "k", "app": "a"}, [{"key": [], "app": []}], {"X-Key": "k", "app": "a"}),
    "optional": ({"key": "k"}, [{}, {"key": []}], {"X-Key": "k"}),
    "optional-without": ({"app": "a"}, [{"key": []}, {}], {}),
    "token-is-no-password": ("t0ken", [{"basic": []}, {"bearer": []}], {"Authorization": "Bearer t0ken"}),
    "key-as-user": ("key", [{"basic": []}], {"Authorization": "Basic a2V5Og=="}),
    "pair": (("u", "p"), [{"bearer": []}, {"basic": []}], {"Authorization": "Basic dTpw"}),
    "one-value-one-place": ("t0ken", [{"key": [], "app": []}, {"bearer": []}], {"Authorization": "Bearer t0ken"}),
    "one-value-all-places": ("t0ken", [{"key": [], "app": []}], {"X-Key": "t0ken", "app": "t0ken"}),
    "certificate-too": ("t0ken", [{"certificate": [], "bearer": []}], {"Authorization": "Bearer t0ken"}),
    "certificate-alone": ("t0ken", [{"certificate": []}], {}),
    "token-for-oauth": ("t0ken", [{"login": ["read"]}], {"Authorization": "Bearer t0ken"}),
}


@pytest.mark.parametrize(("auth", "security", "expected"), CHOICES.values(), ids=CHOICES.keys())
def test_the_alternative_that_fits_best_is_met(auth: Any, security: list[Any], expected: dict[str, str]) -> None:
    assert placed(auth, *security) == expected


def client(clock: Clock, service: Answer, given: dict[str, Any], **options: Any) -> Any:
    return Client(given, transport=Connect(clock).transport(Connect(clock).http(service)), **options)


def test_a_token_from_a_function_is_no_password_either(clock: Clock) -> None:
    given, service = document({"basic": []}, {"bearer": []}), Service(answer(204))
    client(clock, service, given, auth=lambda: "t0ken").things.list_things()
    assert service.last.headers["authorization"] == "Bearer t0ken"


def test_a_key_beside_a_token_from_a_function_is_sent_once(clock: Clock) -> None:
    given, service = document({"app": [], "bearer": []}), Service(answer(204))
    client(clock, service, given, auth={"app": "k3y", "bearer": lambda: "t0ken"}).things.list_things()
    assert service.last.url.query == b"app=k3y"
    assert service.last.headers["authorization"] == "Bearer t0ken"


UNMET: dict[str, tuple[Any, list[Any], str]] = {
    "another": (
        {"key": "k-s3cret"},
        [{"bearer": []}],
        r"it needs 'bearer' .http bearer.; auth= gives a text for 'key'",
    ),
    "half": ({"key": "k-s3cret"}, [{"key": [], "app": []}], "it needs 'key' .apiKey in header X-Key. and 'app'"),
    "pair": (("u", "p-s3cret"), [{"key": []}, {"bearer": []}], "'key' .*, or 'bearer' .*gives a .user, password. pair"),
    "undeclared": ("t-s3cret", [{"nowhere": []}], "'nowhere' .not in the document."),
}


@pytest.mark.parametrize(("auth", "security", "told"), UNMET.values(), ids=UNMET.keys())
def test_a_call_that_cannot_be_let_in_is_not_sent(clock: Clock, auth: Any, security: list[Any], told: str) -> None:
    service = Service(answer(204))
    with pytest.raises(ConfigurationError, match=f"things.list_things was not sent: .*{told}") as caught:
        client(clock, service, document(*security), auth=auth).things.list_things()
    assert not service.requests
    assert "s3cret" not in str(caught.value)


def test_unless_the_call_brings_credentials_of_its_own(clock: Clock) -> None:
    service = Service(answer(204))
    options = {"additional_headers": {"Authorization": "Bearer mine"}}
    client(clock, service, document({"bearer": []}), auth={"key": "k"}).things.list_things(request_options=options)
    assert service.last.headers["authorization"] == "Bearer mine"


def test_without_any_credentials_it_is_sent_and_a_401_says_what_is_asked(clock: Clock) -> None:
    service = Service(answer(401))
    with pytest.raises(UnauthorizedError, match=r"no auth=, .* asks for 'key' \(apiKey in header X-Key\), or 'login'"):
        client(clock, service, document({"key": []}, {"login": []})).things.list_things()
    assert "x-key" not in service.last.headers


def test_a_401_where_the_document_asks_nothing_says_so(clock: Clock) -> None:
    given = document(security=[])
    with pytest.raises(UnauthorizedError, match="asks for no credentials here, and none were sent"):
        client(clock, Service(answer(401)), given, auth="t0ken").things.list_things()


def test_no_security_of_an_operation_overrides_that_of_the_root(clock: Clock) -> None:
    service = Service(answer(204))
    given = document(security=[{"bearer": []}])
    given["paths"]["/things"]["get"]["security"] = []
    client(clock, service, given, auth="t0ken").things.list_things()
    assert "authorization" not in service.last.headers


SILENT: dict[str, tuple[Any, Any, str]] = {
    "token": ({}, "t0ken", "Bearer t0ken"),
    "pair": ({}, ("u", "p"), "Basic dTpw"),
    "declared": ({"basic": SCHEMES["basic"]}, "key", "Basic a2V5Og=="),
}


@pytest.mark.parametrize(("schemes", "auth", "expected"), SILENT.values(), ids=SILENT.keys())
def test_a_document_that_nowhere_says_what_it_asks_is_shown_what_there_is(
    clock: Clock, schemes: Any, auth: Any, expected: str
) -> None:
    service = Service(answer(204))
    client(clock, service, document(schemes=schemes), auth=auth).things.list_things()
    assert service.last.headers["authorization"] == expected


def test_a_function_is_asked_for_each_call(clock: Clock) -> None:
    service, tokens = Service(answer(204)), iter(["t0ken-1", "t0ken-2"])
    made = client(clock, service, document({"bearer": []}), auth=lambda: next(tokens))
    for _ in range(2):
        made.things.list_things()
    assert [one.headers["authorization"] for one in service.requests] == ["Bearer t0ken-1", "Bearer t0ken-2"]


def test_after_a_401_a_function_with_something_new_is_given_one_more_try(clock: Clock) -> None:
    service, tokens = Service(answer(401), answer(204)), iter(["old", "new"])
    client(clock, service, document({"key": []}), auth={"key": lambda: next(tokens)}).things.list_things()
    assert [one.headers["x-key"] for one in service.requests] == ["old", "new"]


def test_and_one_with_the_same_is_not(clock: Clock) -> None:
    service = Service(answer(401))
    with pytest.raises(UnauthorizedError):
        client(clock, service, document({"key": []}), auth=lambda: "same").things.list_things()
    assert len(service.requests) == 1


def test_a_function_may_be_awaited_by_an_awaited_client(clock: Clock) -> None:
    async def token() -> str:
        await asyncio.sleep(0)
        return "t0ken"

    async def call() -> None:
        http = httpx.AsyncClient(transport=httpx.MockTransport(service))
        await AsyncClient(document({"bearer": []}), auth=token, httpx_client=http).things.list_things()

    service = Service(answer(204))
    asyncio.run(call())
    assert service.last.headers["authorization"] == "Bearer t0ken"
    with pytest.raises(ConfigurationError, match="only an AsyncClient can"):
        client(clock, service, document({"bearer": []}), auth=token).things.list_things()


def test_what_a_function_gave_is_in_no_message(clock: Clock) -> None:
    refusal = answer(401, {"message": "t0ken-of-today is too old"})
    with pytest.raises(UnauthorizedError) as caught:
        client(clock, Service(refusal), document({"bearer": []}), auth=lambda: "t0ken-of-today").things.list_things()
    assert "*** is too old" in str(caught.value)


def test_an_auth_object_of_the_http_library_does_its_own_exchange(clock: Clock) -> None:
    challenge = answer(401, headers={"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth"'})
    service = Service(challenge, answer(204))
    auth = {"digest": httpx.DigestAuth("user", "pa55word")}
    client(clock, service, document({"digest": []}), auth=auth).things.list_things()
    assert service.last.headers["authorization"].startswith("Digest ")


def test_a_scheme_that_says_not_where_its_key_goes_cannot_be_met(clock: Clock) -> None:
    given = document({"odd": []}, schemes={"odd": {"type": "apiKey", "name": "x"}})
    for auth in ("t0ken", httpx.BasicAuth("user", "pa55word")):
        with pytest.raises(ConfigurationError, match="it needs 'odd'"):
            client(clock, Service(answer(204)), given, auth=auth).things.list_things()


def test_it_goes_to_no_origin_that_a_redirect_leads_to(clock: Clock) -> None:
    service = Service(answer(302, headers={"Location": "https://elsewhere.example.net/"}), answer(204))
    auth = httpx.BasicAuth("user", "pa55word")
    client(clock, service, document({"basic": []}), auth=auth).things.list_things()
    assert ["authorization" in one.headers for one in service.requests] == [True, False]


def test_it_goes_to_no_operation_that_asks_for_nothing(clock: Clock) -> None:
    service = Service(answer(204))
    client(clock, service, document(security=[]), auth=httpx.BasicAuth("user", "pa55word")).things.list_things()
    assert "authorization" not in service.last.headers


FILES = "https://files.example.net"


def elsewhere(*security: Any) -> dict[str, Any]:
    """A document with an operation on a server of its own."""
    given = document(*security)
    given["paths"]["/things"]["get"]["servers"] = [{"url": FILES}]
    return given


@pytest.mark.parametrize(
    "auth", ["t0ken", lambda: "t0ken", httpx.BasicAuth("u", "p")], ids=["text", "function", "auth"]
)
def test_to_an_origin_that_was_not_allowed_nothing_is_sent(clock: Clock, auth: Any) -> None:
    service = Service(answer(204))
    with pytest.raises(ConfigurationError, match=r"https://files\.example\.net, .*allowed_origins=\['https://files"):
        client(clock, service, elsewhere({"bearer": []}), auth=auth).things.list_things()
    assert not service.requests


ALLOWING: dict[str, dict[str, Any]] = {
    "allowed": {"allowed_origins": [FILES]},
    "with-path": {"allowed_origins": [f"{FILES}/some/path"]},
    "base-url": {"base_url": FILES},
}


@pytest.mark.parametrize("options", ALLOWING.values(), ids=ALLOWING.keys())
def test_to_one_that_was_they_go(clock: Clock, options: dict[str, Any]) -> None:
    service = Service(answer(204))
    client(clock, service, elsewhere({"bearer": []}), auth="t0ken", **options).things.list_things()
    assert (service.last.url.host, service.last.headers["authorization"]) == ("files.example.net", "Bearer t0ken")


NEARLY = ["http://files.example.net", "https://files.example.net:8443", "https://example.net"]


@pytest.mark.parametrize("origin", NEARLY)
def test_another_scheme_port_or_host_is_another_origin(clock: Clock, origin: str) -> None:
    with pytest.raises(ConfigurationError, match="no credentials may go"):
        client(
            clock, Service(answer(204)), elsewhere({"key": []}), auth="k", allowed_origins=[origin]
        ).things.list_things()


def test_without_credentials_any_server_may_be_asked(clock: Clock) -> None:
    service = Service(answer(204))
    client(clock, service, elsewhere({"bearer": []}, {}), auth={"key": "k"}).things.list_things()
    client(clock, service, elsewhere({"bearer": []})).things.list_things()
    assert [one.url.host for one in service.requests] == ["files.example.net"] * 2


def test_what_the_callers_own_http_client_adds_is_kept_from_it(clock: Clock) -> None:
    service = Service(answer(401))
    http = Connect(clock).http(service, headers={"Authorization": "Bearer t0ken"})
    with pytest.raises(UnauthorizedError, match=r"those of the httpx_client are kept from https://files\.example\.net"):
        Client(elsewhere({"bearer": []}), httpx_client=http).things.list_things()
    assert "authorization" not in service.last.headers


@pytest.mark.parametrize("origins", ["https://a.example", ["a.example"], [7], None], ids=repr)
def test_what_is_no_origin_is_refused(origins: Any) -> None:
    with pytest.raises(ConfigurationError, match="allowed_origins"):
        Client(document(), allowed_origins=origins)


def test_nobody_sees_a_secret_in_the_values_between() -> None:
    contract = Contract(Document(document({"bearer": []})))
    who = Authenticator(contract, {"bearer": "t-s3cret", "basic": ("u-s3cret", "p-s3cret")}, HOME)
    access = who.access(security_requirements([{"bearer": []}]), HOME)
    assert "s3cret" not in f"{who!r} {access!r} {who.privacy!r} {access.placed!r}"


def test_a_header_parameter_that_carries_the_key_too_stands(clock: Clock) -> None:
    service = Service(answer(204))
    given = document({"key": []})
    given["paths"]["/things"]["get"]["parameters"] = [{"name": "x-key", "in": "header", "schema": {"type": "string"}}]
    client(clock, service, given, auth="k").things.list_things(x_key="mine")
    assert service.last.headers.get_list("x-key") == ["mine"]
