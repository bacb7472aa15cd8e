"""Tokens by the OAuth2 client credentials grant: had when first needed, kept until they end, one request for all."""

from __future__ import annotations

import base64
import copy
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote_plus, urlencode, urljoin, urlsplit

from syncdyn.credentials import Privacy, Secret
from syncdyn.errors import (
    ApiError,
    ApiTimeoutError,
    ConfigurationError,
    UnauthorizedError,
    UnexpectedResponseError,
    error_for,
)
from syncdyn.flow import NOBODY, NOW, Flow, Policy, Wait, exchange
from syncdyn.openapi.hints import kind_of
from syncdyn.openapi.messages import Headers, Json, Request, Response
from syncdyn.openapi.urls import is_absolute, without_userinfo
from syncdyn.reporting import plain_body

#: A token is no longer used so long before it ends; one that lives shorter, in its last half.
_LEEWAY_SECONDS = 30.0
#: How often it is looked whether the token that another call asks for has come.
_LOOK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """What a client identifies itself with at a token endpoint.

    scopes: those to ask for; left out, those that the operation needs. token_url: in place of the document's.
    in_body: whether id and secret go in the body, for services that do not take them as HTTP Basic.
    parameters: more form fields, such as an `audience`.
    Raises ConfigurationError for what is no id or secret.
    Source: RFC 6749, sections 2.3.1 and 4.4.
    """

    client_id: str
    client_secret: str = field(repr=False)
    scopes: Sequence[str] | None = None
    token_url: str | None = None
    in_body: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for name in ("client_id", "client_secret"):
            value = getattr(self, name)
            if not isinstance(value, str) or not value:
                found = "an empty one" if value == "" else kind_of(value)
                raise ConfigurationError(f"ClientCredentials: {name}: expected a str, found {found}")
        if isinstance(self.scopes, str):
            object.__setattr__(self, "scopes", self.scopes.split())
        object.__setattr__(self, "client_secret", Secret(self.client_secret))


@dataclass(frozen=True, slots=True)
class Grant:
    """A token to be had: by whom, from where, for what scopes. `scheme` is the name of the security scheme."""

    scheme: str
    client: ClientCredentials
    url: str
    scopes: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        return self.scheme, self.url, self.scopes


@dataclass(frozen=True, slots=True)
class Token:
    """A token, good until `ends`, in seconds since the epoch; None for one that does not say."""

    value: Secret
    ends: float | None = None


def token_url(stated: str, base_url: str) -> str:
    """The URL of a token endpoint, relative to the server's as if that were a folder.

    Raises ConfigurationError for one to which no secret may go: it must be https, or on this machine.
    Source: RFC 6749, section 3.2.
    """
    url = stated if is_absolute(stated) else urljoin(f"{base_url}/", stated)
    shown = without_userinfo(url)
    if not is_absolute(url) or url != shown or "#" in url or not url.isprintable() or " " in url:
        raise ConfigurationError(f"token URL: {shown!r} is no absolute URL without user name and fragment")
    if urlsplit(url).scheme != "https" and not _is_loopback(urlsplit(url).hostname or ""):
        raise ConfigurationError(f"token URL: {shown!r} is not https, so no client secret is sent to it")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Fetch:
    """A token on its way, for those who wait for it."""

    error: ApiError | None = None


class Tokens:
    """The tokens of one client. Calls that need the same one at the same time wait for one request.

    `privacy` is told of each token.
    """

    def __init__(self, privacy: Privacy) -> None:
        self.privacy = privacy
        self._held: dict[Any, Token] = {}
        self._underway: dict[Any, _Fetch] = {}
        self._lock = threading.Lock()

    def get(
        self, name: str, grant: Grant, policy: Policy, ends: float | None, unwanted: object = None
    ) -> Flow[tuple[Secret, bool]]:
        """A token other than the unwanted one, and whether it was fetched just now. `name` is the call's.

        Raises UnauthorizedError when the endpoint refuses, and what `exchange` raises.
        """
        while True:
            now = yield NOW
            if ends is not None and now >= ends:
                raise ApiTimeoutError(f"{name} was not sent: the token for {grant.scheme!r} was not there in time")
            with self._lock:
                held = self._held.get(grant.key)
                if held is not None and held.value != unwanted and (held.ends is None or now < held.ends):
                    return held.value, False
                others = self._underway.get(grant.key)
                own = self._underway.setdefault(grant.key, _Fetch())
            if others is None:
                return (yield from self._fetch(own, name, grant, policy, ends)), True
            # A lock would hold up the event loop that the other call may need to go on.
            yield Wait(_LOOK_SECONDS)
            if others.error is not None:
                raise copy.copy(others.error)

    def _fetch(self, own: _Fetch, name: str, grant: Grant, policy: Policy, ends: float | None) -> Flow[Secret]:
        try:
            token = yield from fetch_token(name, grant, policy, ends, self.privacy.mask)
            self.privacy.learn(token.value)
            self._held[grant.key] = token
            return token.value
        except ApiTimeoutError:
            # The others may have more time.
            raise
        except ApiError as error:
            own.error = error
            raise
        finally:
            with self._lock:
                self._underway.pop(grant.key, None)


def fetch_token(name: str, grant: Grant, policy: Policy, ends: float | None, mask: Callable[[str], str]) -> Flow[Token]:
    """A new token. Nothing but the client's credentials goes to the endpoint, and redirects are not followed."""
    now = yield NOW
    left = None if ends is None else max(ends - now, 0.001)
    policy = replace(policy, follow_redirects=False, deadline=left, auth=None)
    request = token_request(grant)
    told = f"{name} was not sent: the token endpoint of {grant.scheme!r}"
    response = yield from exchange(told, request, policy, is_repeatable=True, home=NOBODY, shown=_bare)
    return read_token(response, now, told, mask)


def token_request(grant: Grant) -> Request:
    """The request for a token. Source: RFC 6749, sections 2.3.1 and 4.4.2."""
    client = grant.client
    fields = {"grant_type": "client_credentials", **client.parameters}
    if grant.scopes:
        fields["scope"] = " ".join(grant.scopes)
    headers = [("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")]
    if client.in_body:
        fields |= {"client_id": client.client_id, "client_secret": client.client_secret}
    else:
        pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
        headers.append(("Authorization", Secret(f"Basic {base64.b64encode(pair.encode()).decode()}")))
    return Request("POST", grant.url, Headers(headers), urlencode(fields).encode())


def read_token(response: Response, now: float, told: str, mask: Callable[[str], str]) -> Token:
    """The token of an answer that came to a request of `now`.

    Raises UnauthorizedError for a refusal, UnexpectedResponseError for what holds no token.
    Source: RFC 6749, sections 5.1 and 5.2.
    """
    members = _without_secrets_in_sight(plain_body(response))
    if response.status >= 300 or "error" in members:
        raise _refusal(response, members, told, mask)
    facts: dict[str, Any] = {"status_code": response.status, "headers": response.headers}
    value, kind = members.get("access_token"), members.get("token_type", "Bearer")
    if not isinstance(value, Secret) or not value.isascii() or not value.isprintable() or not value:
        raise UnexpectedResponseError(f"{told} answered {response.status} without a token in JSON", **facts)
    if not str(kind).lower().startswith("bearer"):
        raise UnexpectedResponseError(f"{told} gave a token of the type '{kind}'; only Bearer is known here", **facts)
    return Token(value, _end(members.get("expires_in"), now))


def _without_secrets_in_sight(body: Json) -> Mapping[str, Json]:
    """The members of an answer, its texts such as no traceback shows."""
    members = body if isinstance(body, Mapping) else {}
    return {name: Secret(value) if isinstance(value, str) else value for name, value in members.items()}


def _end(lifetime: Json, now: float) -> float | None:
    try:
        seconds = float(lifetime)
    except (TypeError, ValueError, OverflowError):
        return None
    if not seconds > 0:
        # NaN as well: of no token of the kind is it known when it ends.
        return None
    return now + seconds - min(_LEEWAY_SECONDS, seconds / 2)


def _refusal(response: Response, members: Mapping[str, Json], told: str, mask: Callable[[str], str]) -> ApiError:
    status, code = response.status, members.get("error")
    words = [str(members[name]) for name in ("error", "error_description") if members.get(name)]
    message = ": ".join([f"{told} answered {status}", *words]) + _HINTS.get(str(code), "")
    is_for_good = status < 500 and status != 429
    return (UnauthorizedError if is_for_good else error_for(status))(
        mask(message),
        status_code=status,
        headers=response.headers,
        error_code=code if isinstance(code, str) else None,
    )


#: What a caller can do. Source: RFC 6749, section 5.2.
_HINTS = {
    "invalid_client": "; are client_id and client_secret right? Some services want them with in_body=True",
    "invalid_scope": "; say which scopes this client may have with scopes=",
    "unauthorized_client": "; may this client use the client credentials grant?",
    "unsupported_grant_type": "; the service knows no client credentials grant: give a token in its place",
}


def _bare(request: Request) -> Request:
    return Request(request.method, request.url, request.headers.replace(authorization=None))
