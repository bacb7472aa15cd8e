"""OAuth2 client credentials: where the secret goes, what comes of an answer, and how long a token is kept."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from syncdyn import (
    ApiConnectionError,
    ApiTimeoutError,
    AsyncClient,
    Client,
    ConfigurationError,
    ForbiddenError,
    ServiceUnavailableError,
    UnauthorizedError,
    UnexpectedResponseError,
)
from syncdyn.security.oauth import ClientCredentials
from tests.syncdyn.fakes import Answer, Clock, Connect, answer, failure
from tests.syncdyn.security.test_access import HOME
from tests.syncdyn.security.test_access import document as plain
from tests.syncdyn.test_secrets import PACKAGE, shown

SECRET = "c-s3cret&more"
AUTH = {"oauth": {"client_id": "id", "client_secret": SECRET}}


def document(token_url: str = "/token", scopes: tuple[str, ...] = (), **root: Any) -> dict[str, Any]:
    flow = {"tokenUrl": token_url, "scopes": {"read": "to read", "write": "to write"}}
    schemes = {"oauth": {"type": "oauth2", "flows": {"clientCredentials": flow}}}
    return plain({"oauth": list(scopes)}, schemes=schemes, **root)


class Site:
    """A token endpoint that numbers its tokens, and an API that lets the good ones in."""

    def __init__(self, *, lifetime: Any = 3600, grant: Answer | None = None, refused: tuple[str, ...] = ()) -> None:
        self.lifetime = lifetime
        self.grant = grant
        self.refused = refused
        self.asked: list[httpx.Request] = []
        self.called: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.asked.append(request)
            if self.grant is not None:
                return self.grant(request)
            token = {"access_token": f"t0ken-{len(self.asked)}", "token_type": "bearer", "expires_in": self.lifetime}
            return httpx.Response(200, json={name: value for name, value in token.items() if value is not None})
        self.called.append(request)
        return httpx.Response(401 if request.headers["authorization"][7:] in self.refused else 204)

    @property
    def tokens(self) -> list[str]:
        """What was shown with each call."""
        return [request.headers["authorization"] for request in self.called]

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.asked[-1].content.decode())


def client(clock: Clock, site: Answer, given: Any = None, auth: Any = None, **options: Any) -> Any:
    http = Connect(clock).http(site, **options.pop("http", {}))
    return Client(given or document(), auth=auth or AUTH, transport=Connect(clock).transport(http), **options)


def test_the_client_is_named_as_http_basic_says(clock: Clock) -> None:
    """Source: RFC 6749, sections 2.3.1 and 4.4.2."""
    site = Site()
    client(clock, site).things.list_things()
    (asked,) = site.asked
    assert base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")) == b"id:c-s3cret%26more"
    assert (str(asked.url), site.form) == (f"{HOME}/token", {"grant_type": ["client_credentials"]})
    assert site.tokens == ["Bearer t0ken-1"]


def test_or_in_the_body_where_that_is_wanted(clock: Clock) -> None:
    site = Site()
    auth = ClientCredentials("id", SECRET, in_body=True, parameters={"audience": "https://a.example"})
    client(clock, site, auth=auth).things.list_things()
    assert "authorization" not in site.asked[0].headers
    assert (site.form["client_id"], site.form["client_secret"]) == (["id"], [SECRET])
    assert site.form["audience"] == ["https://a.example"]


SCOPES: dict[str, tuple[Any, str]] = {
    "of-the-operation": (None, "read write"),
    "of-the-caller": (["admin"], "admin"),
    "as-text": ("a b", "a b"),
}


@pytest.mark.parametrize(("scopes", "expected"), SCOPES.values(), ids=SCOPES.keys())
def test_the_scopes_asked_for(clock: Clock, scopes: Any, expected: str) -> None:
    site = Site()
    auth = ClientCredentials("id", SECRET, scopes=scopes)
    client(clock, site, document(scopes=("read", "write")), auth).things.list_things()
    assert site.form["scope"] == [expected]


def test_a_token_serves_until_shortly_before_its_end(clock: Clock) -> None:
    site = Site(lifetime=100)
    made = client(clock, site)
    for passed in (0, 69, 2):
        clock.time += passed
        made.things.list_things()
    assert site.tokens == ["Bearer t0ken-1", "Bearer t0ken-1", "Bearer t0ken-2"]


def test_the_time_that_the_request_takes_counts(clock: Clock) -> None:
    slow = Site(lifetime=100)
    made = client(clock, clock.passing(40, slow))
    made.things.list_things()
    made.things.list_things()
    assert len(slow.asked) == 2


@pytest.mark.parametrize("lifetime", [None, "odd", "3600", 3600.5], ids=str)
def test_a_token_that_says_no_end_serves_on(clock: Clock, lifetime: Any) -> None:
    site = Site(lifetime=lifetime)
    made = client(clock, site)
    made.things.list_things()
    clock.time += 1800
    made.things.list_things()
    assert len(site.asked) == 1


def test_a_token_no_longer_taken_is_had_anew_and_the_call_tried_once_more(connect: Connect) -> None:
    site = Site(refused=("t0ken-1",))
    site.refused, made = (), _made(connect, site)
    made.things.list_things()
    site.refused = ("t0ken-1",)
    made.things.list_things()
    assert site.tokens == ["Bearer t0ken-1", "Bearer t0ken-1", "Bearer t0ken-2"]


def test_a_brand_new_one_that_is_refused_is_not(connect: Connect) -> None:
    site = Site(refused=("t0ken-1",))
    with pytest.raises(UnauthorizedError):
        _made(connect, site).things.list_things()
    assert len(site.asked) == len(site.called) == 1


def _made(connect: Connect, site: Site) -> Any:
    transport = connect.transport(connect.http(site))
    return connect._as_blocking(
        (AsyncClient if connect.is_async else Client)(document(), auth=AUTH, transport=transport)
    )


REFUSALS: dict[str, tuple[Answer, type[Exception], str]] = {
    "client": (
        answer(401, {"error": "invalid_client", "error_description": f"{SECRET} is wrong"}),
        UnauthorizedError,
        r"token endpoint of 'oauth' answered 401: invalid_client: \*\*\* is wrong; are client_id and client_secret",
    ),
    "scope": (answer(400, {"error": "invalid_scope"}), UnauthorizedError, "400: invalid_scope; say which scopes"),
    "as-success": (answer(200, {"error": "nope"}), UnauthorizedError, "answered 200: nope"),
    "redirect": (answer(307, headers={"Location": "/other"}), UnauthorizedError, "answered 307"),
    "page": (answer(200, text="<html>"), UnexpectedResponseError, "answered 200 without a token in JSON"),
    "line-break": (answer(200, {"access_token": "a\nb"}), UnexpectedResponseError, "without a token"),
    "kind": (answer(200, {"access_token": "a", "token_type": "mac"}), UnexpectedResponseError, "of the type 'mac'"),
    "away": (answer(503), ServiceUnavailableError, "answered 503"),
    "network": (failure(httpx.ConnectError, "dead"), ApiConnectionError, "could not reach api.example.com"),
}


@pytest.mark.parametrize(("grant", "kind", "told"), REFUSALS.values(), ids=REFUSALS.keys())
def test_without_a_token_the_call_is_not_sent(clock: Clock, grant: Answer, kind: type[Exception], told: str) -> None:
    site = Site(grant=grant)
    auth = ClientCredentials("id", SECRET, in_body=True)
    with pytest.raises(kind, match=f"things.list_things was not sent: .*{told}") as caught:
        client(clock, site, auth=auth).things.list_things()
    assert not site.called
    assert "c-s3cret" not in shown(caught.value)


def test_the_endpoint_sends_the_secret_nowhere_else(clock: Clock) -> None:
    site = Site(grant=answer(307, headers={"Location": "https://evil.example.net/t"}))
    with pytest.raises(UnauthorizedError):
        client(clock, site, auth=ClientCredentials("id", SECRET, in_body=True)).things.list_things()
    assert len(site.asked) == 1


def test_a_token_is_in_no_message(clock: Clock) -> None:
    site = Site()
    told = answer(403, {"message": "t0ken-1 may not do this"})
    serve = lambda request: (site if request.method == "POST" else told)(request)  # noqa: E731
    with pytest.raises(ForbiddenError, match=r"\*\*\* may not do this"):
        client(clock, serve).things.list_things()


def test_the_deadline_of_a_call_is_for_its_token_as_well(clock: Clock) -> None:
    site = Site()
    late = clock.passing(6, lambda request: httpx.Response(503) if request.method == "POST" else site(request))
    with pytest.raises((ApiTimeoutError, ServiceUnavailableError)):
        client(clock, late, deadline=10, max_retries=50).things.list_things()
    assert clock.time < 1_717_200_000 + 20


def test_the_endpoint_gets_nothing_else_that_is_secret(clock: Clock) -> None:
    site = Site()
    http = {"auth": ("u", "p"), "headers": {"X-Team": "private"}, "cookies": {"sid": "private"}}
    client(clock, site, http=http).things.list_things()
    (asked,) = site.asked
    assert "private" not in str(asked.headers)
    assert asked.headers["authorization"] != "Basic dTpw"


URLS: dict[str, tuple[str, dict[str, Any], str]] = {
    "relative": ("token", {}, f"{HOME}/token"),
    "below-base": ("./oauth/token", {"base_url": f"{HOME}/v1"}, f"{HOME}/v1/oauth/token"),
    "same-origin": (f"{HOME}/t", {}, f"{HOME}/t"),
    "allowed": (
        "https://id.example.net/t",
        {"allowed_origins": ["https://id.example.net"]},
        "https://id.example.net/t",
    ),
}


@pytest.mark.parametrize(("stated", "options", "expected"), URLS.values(), ids=URLS.keys())
def test_the_documents_token_url(clock: Clock, stated: str, options: Any, expected: str) -> None:
    site = Site()
    client(clock, site, document(stated), **options).things.list_things()
    assert str(site.asked[0].url) == expected


def test_one_that_the_caller_names_is_taken_wherever_it_is(clock: Clock) -> None:
    site = Site()
    auth = ClientCredentials("id", SECRET, token_url="https://id.example.net/t")
    client(clock, site, auth=auth).things.list_things()
    assert str(site.asked[0].url) == "https://id.example.net/t"


def test_one_of_a_foreign_origin_is_not_trusted_because_the_document_names_it(clock: Clock) -> None:
    site = Site()
    told = r"client secret for 'oauth' sent to https://evil.example.net/t, .*token_url=.*allowed_origins"
    with pytest.raises(ConfigurationError, match=told):
        client(clock, site, document("https://evil.example.net/t")).things.list_things()
    assert not site.asked


@pytest.mark.parametrize(
    "url", ["http://id.example.net/t", "ftp://id.example.net", "https://u:p@id.example.net/t", "https://a.example/#x"]
)
def test_no_secret_goes_where_others_could_read_it(clock: Clock, url: str) -> None:
    auth = ClientCredentials("id", SECRET, token_url=url)
    with pytest.raises(ConfigurationError, match="token URL"):
        client(clock, Site(), auth=auth).things.list_things()


def test_scopes_and_schemes_have_tokens_of_their_own(clock: Clock) -> None:
    site = Site()
    given = document(scopes=("read",))
    get = given["paths"]["/things"]["get"]
    given["paths"]["/others"] = {"get": {**get, "operationId": "listOthers", "security": [{"oauth": ["write"]}]}}
    made = client(clock, site, given)
    for call in (made.things.list_things, made.things.list_others, made.things.list_things):
        call()
    assert site.tokens == ["Bearer t0ken-1", "Bearer t0ken-2", "Bearer t0ken-1"]


class Endpoint(BaseHTTPRequestHandler):
    """A real one: a slow token endpoint and the API, on one socket."""

    asked = 0

    def do_POST(self) -> None:
        type(self).asked += 1
        time.sleep(0.05)
        self._answer(200, {"access_token": f"t0ken-{self.asked}", "token_type": "Bearer", "expires_in": 60})

    def do_GET(self) -> None:
        self._answer(200 if self.headers["Authorization"] == "Bearer t0ken-1" else 401, {})

    def _answer(self, status: int, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def endpoint() -> Any:
    """The URL of a server that runs while the test does, and its handler."""
    kind = type("Fresh", (Endpoint,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", kind
        server.shutdown()
        thread.join()


def real(url: str) -> dict[str, Any]:
    given = document()
    given["paths"]["/things"]["get"]["responses"] = {"200": {"description": ""}}
    return {**given, "servers": [{"url": url}]}


def test_threads_that_need_a_token_at_once_share_one_request(endpoint: Any) -> None:
    url, kind = endpoint
    with Client(real(url), auth=AUTH) as made, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: made.things.list_things(), range(16)))
    assert kind.asked == 1


def test_so_do_tasks(endpoint: Any) -> None:
    async def calls() -> None:
        async with AsyncClient(real(url), auth=AUTH) as made:
            await asyncio.gather(*(made.things.list_things() for _ in range(16)))

    url, kind = endpoint
    asyncio.run(calls())
    assert kind.asked == 1


def test_tasks_share_a_refusal_as_well(clock: Clock) -> None:
    site = Site()

    async def refuse(request: httpx.Request) -> httpx.Response:
        site.asked.append(request)
        await asyncio.sleep(0.01)
        return httpx.Response(401, json={"error": "invalid_client"})

    async def calls() -> list[Any]:
        http = httpx.AsyncClient(transport=httpx.MockTransport(refuse))
        made = AsyncClient(document(), auth=AUTH, httpx_client=http)
        return await asyncio.gather(*(made.things.list_things() for _ in range(8)), return_exceptions=True)

    errors = asyncio.run(calls())
    assert [type(error) for error in errors] == [UnauthorizedError] * 8
    assert len(site.asked) == 1


def test_a_call_that_is_cancelled_leaves_the_token_to_the_next(clock: Clock) -> None:
    site = Site()

    async def slow_once(request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and not site.asked:
            site.asked.append(request)
            await asyncio.sleep(30)
        return site(request)

    async def calls() -> None:
        http = httpx.AsyncClient(transport=httpx.MockTransport(slow_once))
        made = AsyncClient(document(), auth=AUTH, httpx_client=http)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(made.things.list_things(), 0.05)
        await asyncio.wait_for(made.things.list_things(), 5)

    asyncio.run(calls())
    assert site.tokens == ["Bearer t0ken-2"]


def test_a_download_from_the_api_shows_a_token_and_one_from_elsewhere_none(connect: Connect, tmp_path: Path) -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        fields.append((request.url.host, request.headers.get("authorization")))
        return site(request) if request.method == "POST" else httpx.Response(200, content=b"data")

    site, fields = Site(), []  # type: ignore[var-annotated]
    kind = AsyncClient if connect.is_async else Client
    transport = connect.transport(connect.http(serve))
    made = connect._as_blocking(kind(document(security=[{"oauth": []}]), auth=AUTH, transport=transport))
    made.download(f"{HOME}/file", tmp_path / "a")
    made.download("https://cdn.example.net/file", tmp_path / "b")
    assert fields[1:] == [("api.example.com", "Bearer t0ken-1"), ("cdn.example.net", None)]


@pytest.mark.parametrize("in_body", [True, False])
def test_a_traceback_with_local_variables_shows_neither_secret_nor_token(clock: Clock, in_body: bool) -> None:
    """As crash reporters take them."""
    site = Site(grant=answer(200, {"access_token": "t0ken-of-today", "token_type": "mac"}))
    with pytest.raises(UnexpectedResponseError) as caught:
        client(clock, site, auth=ClientCredentials("id", SECRET, in_body=in_body)).things.list_things()
    found = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [str(frame.locals) for frame in found.stack if Path(frame.filename).is_relative_to(PACKAGE)]
    assert len(ours) > 4
    assert all("t0ken" not in seen and "s3cret" not in seen for seen in ours)


LIFETIMES = {"infinite": 1e400, "negative": -5, "very long": 10**400, "text": "an hour", "list": [1], "none": 0}


@pytest.mark.parametrize("lifetime", LIFETIMES.values(), ids=LIFETIMES)
def test_a_token_of_a_strange_lifetime_is_used_until_it_is_refused(clock: Clock, lifetime: Any) -> None:
    stated = "1e400" if lifetime == 1e400 else json.dumps(lifetime)
    body = f'{{"access_token": "t0ken-1", "expires_in": {stated}}}'
    site = Site(grant=lambda _: httpx.Response(200, text=body, headers={"content-type": "application/json"}))
    called = client(clock, site)
    for _ in range(2):
        called.things.list_things()
    assert (site.tokens, len(site.asked)) == (["Bearer t0ken-1"] * 2, 1)
