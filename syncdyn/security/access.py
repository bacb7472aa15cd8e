"""What a call shows to be let in: of the alternatives of an operation, the one that can be met best.

Credentials go to the origins that the user allowed, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from inspect import isawaitable, iscoroutine
from typing import Any

from syncdyn.credentials import NOWHERE, Credential, Placed, Privacy, Secret, forms_of, place
from syncdyn.errors import ConfigurationError
from syncdyn.flow import NOBODY, NOW, Close, Flow, Policy, Tell, end_of, exchange
from syncdyn.openapi.coding.files import Once
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import Request
from syncdyn.openapi.operations import SecurityRequirements, SecurityScheme
from syncdyn.openapi.urls import origin_of, shown_origin
from syncdyn.request import with_credentials
from syncdyn.security.auth import (
    Auth,
    Supplier,
    Value,
    fit,
    is_auth_object,
    is_credential,
    read_auth,
    read_credential,
    read_origins,
)
from syncdyn.security.oauth import ClientCredentials, Grant, Tokens, token_url

#: Schemes that are needed together, each with the scopes asked of it.
Alternative = tuple[tuple[SecurityScheme, tuple[str, ...]], ...]

#: Stands for a secret that is not known yet, where only its place counts.
_UNKNOWN = Secret("secret")
#: An alternative that asks for nothing is the last to be taken: who gives credentials means to show them.
_LAST = 1000
#: What is usual, for documents that name no scheme.
_BEARER = SecurityScheme("", "http", scheme="bearer")
_BASIC = SecurityScheme("", "http", scheme="basic")


@dataclass(frozen=True, slots=True)
class Access:
    """What the calls of one operation show.

    `placed` stays the same; `sources` are asked for each call, and `tokens` holds what they gave; `auth` is an object
    for the HTTP library. `sample` is how what these two add will look, for checks. `home` is None where credentials
    may go to the server. `fault` says why nothing can be sent, `remedy` what can be done about a 401.
    """

    tokens: Tokens
    placed: Placed = NOWHERE
    sources: tuple[tuple[SecurityScheme, Supplier | Grant], ...] = ()
    auth: Any = field(default=None, repr=False)
    sample: Placed = NOWHERE
    home: str | None = None
    fault: str | None = None
    remedy: str = ""

    @property
    def is_static(self) -> bool:
        """Whether a request is whole with what is placed."""
        return not self.sources and self.auth is None


class Authenticator:
    """Who a client is: `auth` as the user gave it, for the origin of `home` and the `origins` allowed besides.

    Raises ConfigurationError for what is no credential, no scheme of the document or no origin.
    """

    def __init__(
        self, contract: Contract, auth: Any = None, home: str | None = None, origins: Sequence[str] = ()
    ) -> None:
        self._contract = contract
        self._given: Auth = read_auth(auth, contract.security_schemes)
        urls = (*read_origins(origins), *((home,) if home else ()))
        self._origins = frozenset(map(origin_of, urls))
        self.privacy = Privacy(contract.security_schemes.values(), self._given.secrets())
        self._tokens = Tokens(self.privacy)

    def is_allowed(self, url: str) -> bool:
        """Whether credentials may go to a URL."""
        return origin_of(url) in self._origins

    def access(self, security: SecurityRequirements, base_url: str) -> Access:
        """What the calls of an operation show at a server: of the alternatives that can be met, the best.

        Source: OpenAPI 3.1, Security Requirement Object.
        """
        home = None if self.is_allowed(base_url) else NOBODY
        alternatives = self._alternatives(security)
        if not self._given or not any(alternatives):
            return Access(self._tokens, home=home, remedy=_asked(alternatives) + (_kept_back(base_url) if home else ""))
        chosen = self._chosen(alternatives)
        if chosen is None:
            given = " and ".join(self._given.kinds())
            return Access(self._tokens, home=home, fault=f"it needs {_described(alternatives)}; auth= gives {given}")
        try:
            access = self._assembled(chosen, base_url)
        except ConfigurationError as error:
            return Access(self._tokens, home=home, fault=str(error))
        if home and not (access.is_static and access.placed is NOWHERE):
            return Access(self._tokens, home=home, fault=_foreign(base_url))
        return replace(access, home=home)

    def _alternatives(self, security: SecurityRequirements) -> list[Alternative]:
        """The alternatives with their schemes; of a document that nowhere says what it asks, any scheme it has."""
        schemes = self._contract.security_schemes
        if self._contract.states_security:
            return [
                tuple((schemes.get(name) or SecurityScheme(name, ""), scopes) for name, scopes in one.items())
                for one in security
            ]
        usual = _BASIC if isinstance(self._given.any_scheme, tuple) else _BEARER
        return [((scheme, ()),) for scheme in schemes.values() or (usual,)]

    def _chosen(self, alternatives: Sequence[Alternative]) -> Alternative | None:
        strained = [(strain, one) for one in alternatives if (strain := self._strain(one)) is not None]
        return min(strained, key=lambda pair: pair[0])[1] if strained else None

    def _strain(self, alternative: Alternative) -> int | None:
        """How ill what was given fits an alternative; None if it cannot be met."""
        if not alternative:
            return _LAST
        # One value in several places is seldom what is meant.
        total = len(alternative) - 1 if self._given.any_scheme is not None else 0
        for scheme, _ in alternative:
            # Only the user's own HTTP client knows whether it has a certificate.
            found = 1 if scheme.type == "mutualTLS" else fit(scheme, self._given.value_for(scheme))
            if found is None:
                return None
            total += found
        return total

    def _assembled(self, alternative: Alternative, base_url: str) -> Access:
        access = Access(self._tokens, remedy="; are the credentials right?")
        for scheme, scopes in alternative:
            value = self._given.value_for(scheme)
            if value is not None and scheme.type != "mutualTLS":
                access = self._with(access, scheme, value, scopes, base_url)
        return access

    def _with(
        self, access: Access, scheme: SecurityScheme, value: Value, scopes: tuple[str, ...], base_url: str
    ) -> Access:
        """The access with one more credential."""
        if is_credential(value):
            return replace(access, placed=access.placed + place(scheme, value))
        access = replace(access, sample=access.sample + place(scheme, _UNKNOWN))
        if is_auth_object(value):
            if access.auth not in (None, value):
                raise ConfigurationError(f"auth: {scheme.name!r} has a second auth object; a request can take one")
            return replace(access, auth=value)
        is_client = isinstance(value, ClientCredentials)
        source = self._grant(scheme, value, scopes, base_url) if is_client else value
        return replace(access, sources=(*access.sources, (scheme, source)))

    def _grant(
        self, scheme: SecurityScheme, client: ClientCredentials, scopes: tuple[str, ...], base_url: str
    ) -> Grant:
        wanted = scopes if client.scopes is None else tuple(client.scopes)
        if client.token_url is not None:
            return Grant(scheme.name, client, token_url(client.token_url, base_url), wanted)
        url = token_url(scheme.flows["clientCredentials"].token_url, base_url)
        if not self.is_allowed(url):
            raise ConfigurationError(
                f"the document has the client secret for {scheme.name!r} sent to {url}, whose origin was not allowed: "
                f"if that is right, say token_url={url!r} with the client_id, "
                f"or allowed_origins=[{shown_origin(url)!r}]"
            )
        return Grant(scheme.name, client, url, wanted)

    def __repr__(self) -> str:
        return f"<Authenticator with {self._given!r}>"


def exchange_as(
    access: Access, name: str, request: Request, policy: Policy, **options: Any
) -> Flow[tuple[Request, Any]]:
    """The request as it was sent at last, and the answer to it; for the options see `exchange`.

    The request has what is placed; what the sources give is added. A 401 to a credential that can be had anew makes
    one more try. The deadline of the policy is for all of it.
    """
    options = {"home": access.home, **options}
    if access.is_static:
        return request, (yield from exchange(name, request, policy, **options))
    ends = yield from end_of(policy)
    policy = replace(policy, auth=access.auth)
    values, is_new = yield from _values(access, name, policy, ends, (None,) * len(access.sources))
    signed = with_credentials(request, _placed(access, values))
    response = yield from exchange(name, signed, (yield from _rest(policy, ends)), **options)
    if response.status != 401 or is_new or not access.sources or isinstance(request.body, Once):
        return signed, response
    renewed, _ = yield from _values(access, name, policy, ends, values)
    if renewed == values:
        return signed, response
    if options.get("is_stream"):
        yield Close(response)
    signed = with_credentials(request, _placed(access, renewed))
    return signed, (yield from exchange(name, signed, (yield from _rest(policy, ends)), **options))


def _values(
    access: Access, name: str, policy: Policy, ends: float | None, unwanted: Sequence[Credential | None]
) -> Flow[tuple[tuple[Credential, ...], bool]]:
    """The credentials of the sources, and whether all of them are brand-new, so that a refusal is final."""
    found: list[Credential] = []
    are_new = True
    for (_, source), old in zip(access.sources, unwanted, strict=True):
        if isinstance(source, Grant):
            token, is_new = yield from access.tokens.get(name, source, policy, ends, old)
            found.append(token)
            are_new = are_new and is_new
        else:
            found.append(_read_supplied((yield Tell(source, ())), access.tokens.privacy))
            are_new = False
    return tuple(found), are_new


def _read_supplied(value: Any, privacy: Privacy) -> Credential:
    """What a function of the caller's gave. Raises ConfigurationError for what is no credential."""
    if iscoroutine(value):
        value.close()
    if isawaitable(value):
        raise ConfigurationError("auth: the function is to be awaited, and only an AsyncClient can")
    credential = read_credential("auth: what the function gave", value)
    for text in forms_of(credential):
        privacy.learn(text)
    return credential


def _placed(access: Access, values: Sequence[Credential]) -> Placed:
    pairs = zip(access.sources, values, strict=True)
    return sum((place(scheme, value) for (scheme, _), value in pairs), NOWHERE)


def _rest(policy: Policy, ends: float | None) -> Flow[Policy]:
    """The policy with what is left of its deadline."""
    return policy if ends is None else replace(policy, deadline=max(ends - (yield NOW), 0.001))


def _asked(alternatives: Sequence[Alternative]) -> str:
    if not any(alternatives):
        return "; the document asks for no credentials here, and none were sent"
    return f"; there was no auth=, and the document asks for {_described(alternatives)}"


def _foreign(base_url: str) -> str:
    origin = shown_origin(base_url)
    return f"it goes to {origin}, where no credentials may go; allow it with allowed_origins=[{origin!r}]"


def _kept_back(base_url: str) -> str:
    origin = shown_origin(base_url)
    return f"; those of the httpx_client are kept from {origin}, unless allowed with allowed_origins=[{origin!r}]"


def _described(alternatives: Sequence[Alternative]) -> str:
    """The alternatives in words: `a (http bearer), or b (apiKey in header X-Key) and c (oauth2)`."""
    return ", or ".join(" and ".join(_words(scheme) for scheme, _ in one) for one in alternatives if one)


def _words(scheme: SecurityScheme) -> str:
    told = {
        "": "not in the document",
        "apiKey": f"apiKey in {scheme.location} {scheme.parameter}",
        "http": f"http {scheme.scheme}",
        "oauth2": f"oauth2 {', '.join(scheme.flows)}",
    }
    kind = told.get(scheme.type, scheme.type)
    return f"{scheme.name!r} ({kind})" if scheme.name else kind
