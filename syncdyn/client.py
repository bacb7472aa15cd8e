"""A client of any OpenAPI document: its operations as methods, blocking or awaited.

Both clients are one: what differs is the driver that carries out the flows.
"""

from __future__ import annotations

import inspect
import os
import random as random_module
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, wraps
from typing import Any, TypeVar, cast

from syncdyn import downloading, webhooks
from syncdyn._version import __version__
from syncdyn.calling import Opinion, Settings
from syncdyn.doors.functions import Driving
from syncdyn.doors.surface import Surface
from syncdyn.errors import ConfigurationError
from syncdyn.flow import NOBODY, Flow, Policy
from syncdyn.model import Types, types_of
from syncdyn.openapi.contract import Contract, contract_of
from syncdyn.openapi.document import Document
from syncdyn.openapi.hints import hint, kind_of
from syncdyn.openapi.loading import load_shared
from syncdyn.openapi.schemas.formats import read_formats
from syncdyn.openapi.urls import without_userinfo
from syncdyn.options import Options, Strictness, read_count, read_seconds, read_strictness, read_timeout
from syncdyn.retry import RetryPolicy
from syncdyn.security.access import Authenticator
from syncdyn.security.servers import Servers, location_of

_USER_AGENT = f"syncdyn/{__version__}"
#: What other libraries call an argument, and what it is called here.
_ELSEWHERE = {
    "api_key": "auth",
    "credentials": "auth",
    "headers": "httpx_client",
    "http_client": "httpx_client",
    "key": "auth",
    "password": "auth",
    "retries": "max_retries",
    "session": "httpx_client",
    "token": "auth",
    "url": "base_url",
    "verify": "httpx_client",
}
_VALIDATORS = ("own", "openapi-core")


_C = TypeVar("_C", bound=Callable[..., Any])


def known_only(init: _C) -> _C:
    """The same constructor, to type checkers as well, which tells of an unknown argument what was meant by it."""
    known = [name for name in inspect.signature(init).parameters if name != "self"]

    @wraps(init)
    def checked(self: Any, *args: Any, **named: Any) -> None:
        for name in named:
            if name not in known:
                told = hint(_ELSEWHERE.get(name, name), known) or f"it takes {', '.join(known)}"
                raise TypeError(f"{type(self).__name__} takes no {name!r} ({told})")
        init(self, *args, **named)

    return cast("_C", checked)


class BaseClient(Surface):
    """What a client is made of, but for the driver. See Client for the arguments."""

    @staticmethod
    def _new_transport(httpx_client: Any) -> Any:
        """The driver; the HTTP library is loaded with the first client, not with the module."""
        raise NotImplementedError

    @known_only
    def __init__(
        self,
        document: Any,
        *,
        overlays: Sequence[Any] = (),
        base_url: str | None = None,
        server: int | str | None = None,
        server_variables: Mapping[str, Any] | None = None,
        auth: Any = None,
        allowed_origins: Sequence[str] = (),
        httpx_client: Any = None,
        timeout: Any = None,
        max_retries: int = 2,
        deadline: float | None = None,
        follow_redirects: bool | None = True,
        validate: str | Mapping[str, str] | None = None,
        validator: str = "own",
        formats: Any = None,
        remote_hosts: Sequence[str] = (),
        types: Types | None = None,
        transport: Any = None,
        random: Callable[[], float] | None = None,
    ) -> None:
        loaded = _loaded(document, overlays, remote_hosts)
        asserted = _read("formats", read_formats, formats)
        contract = (types.contract if types is not None else contract_of(loaded)).with_formats(asserted)
        # Of one document that several hosts have, all share what the first one gave, but for its place.
        location = location_of(document, loaded.origin if loaded is document else "")
        servers = Servers(contract, base_url=base_url, server=server, variables=server_variables, location=location)
        authenticator = Authenticator(contract, auth, servers.home, allowed_origins)
        self._settings = Settings(
            contract=contract,
            types=types or types_of(contract),
            servers=servers,
            authenticator=authenticator,
            policy=Policy(
                retry=RetryPolicy(max_retries=_read("max_retries", read_count, max_retries)),
                timeout=None if timeout is None else _read("timeout", read_timeout, timeout),
                deadline=None if deadline is None else _read("deadline", read_seconds, deadline),
                follow_redirects=follow_redirects is not False,
                random=random or random_module.random,
                private_headers=authenticator.privacy.headers,
            ),
            options=Options(_read("validate", _read_strictness, validate)),
            opinion=_opinion(contract, validator),
            user_agent=_USER_AGENT,
        )
        self._transport = transport or self._new_transport(httpx_client)

    @cached_property
    def _driving(self) -> Driving:  # type: ignore[override]
        return Driving(self._settings, self._transport.run, self._transport.iterate, lambda: self._fetching)

    def __repr__(self) -> str:
        where = without_userinfo(self._settings.servers.home or "the servers of its operations")
        return f"<{type(self).__name__} of {self._settings.contract.document.origin} at {where}>"

    def download(
        self,
        source: Any,
        path: str | os.PathLike[str] | None = None,
        *,
        overwrite: bool = False,
        progress: downloading.DownloadProgress | None = None,
        chunk_size: int | None = None,
    ) -> Any:
        """Downloads what a result offers, or a URL, to a file, and gives its path.

        `path` is a file or a folder; left out, the name is the service's. Nothing is overwritten unless asked for. A
        download that broke off is taken up again by the same call. Credentials go to the API's own origin alone.
        Raises DownloadError, or the ApiError of what the service answered.
        """
        return self._transport.run(self._download(source, path, overwrite, progress, chunk_size))

    def _download(self, source: Any, path: Any, overwrite: bool, progress: Any, chunk_size: int | None) -> Flow[Any]:
        url, name = downloading.download_url(source)
        target = downloading.target_path(path, name, overwrite=overwrite)
        fetching = downloading.with_chunk(self._fetching, chunk_size)
        return (yield from downloading.download(fetching, url, target, overwrite=overwrite, progress=progress))

    @cached_property
    def _fetching(self) -> downloading.Fetching:
        settings = self._settings
        home = settings.servers.home or NOBODY
        access = settings.authenticator.access(settings.contract.security, home)
        remedy = f"; no credentials were sent: {access.fault}" if access.fault else access.remedy
        reporter = settings.reporter("download", remedy)
        return downloading.Fetching(home, access, settings.policy, settings.user_agent, reporter.error)

    def verify_webhook(
        self,
        raw_body: bytes,
        headers: Mapping[str, str],
        secret: str | Sequence[str],
        *,
        tolerance_seconds: float | None = None,
        now: float | None = None,
    ) -> Any:
        """The typed event of a webhook that is genuine; see webhooks.verify."""
        settings = self._settings
        moment = self._transport.now() if now is None else now
        contract, types = settings.contract, settings.types
        return webhooks.verify(
            contract, types, raw_body, headers, secret, now=moment, tolerance_seconds=tolerance_seconds
        )


class Client(BaseClient):
    """A blocking client.

    document: a path, a URL (fetched at once, in 30 s and 64 MiB at most, redirected only within its origin), a
    dict, text, or a loaded Document; `overlays` are applied to it.
    base_url: in place of all servers of the document; else `server` chooses one of the root's, by index, name, URL or
    description, and `server_variables` fills in what a URL leaves open. auth: a token or key, a (user, password) pair,
    ClientCredentials, a function that gives a token for each call (an awaitable one for AsyncClient), an httpx.Auth,
    or a mapping of these by scheme name; of an operation's alternatives the one is met that they fit best. They go to
    the origin of the server alone, and to `allowed_origins`, such as ["https://files.example.com"].
    httpx_client: a client of the caller's own (it is not closed with this one).
    timeout: seconds for each wait for the network (60), or an httpx.Timeout; left out, the timeout of the caller's
    own client holds, but where that is httpx's default of 5 s, set or not, it becomes 60 s: to have 5 s, say
    `timeout=5` here. max_retries: more tries after a failed one.
    deadline: seconds for a whole call, tries and waits included. An AsyncClient keeps to it exactly. A blocking
    one looks at the clock between the phases of a request and between reads of the body, and no phase may wait
    longer for its next bytes than was left when it began: one last read may overrun by as much again, and a
    service that drips its header fields byte by byte by more. follow_redirects: False takes a redirect as the answer.
    validate: "strict", "warn" or "off", or a mapping with "request" and "response". validator: "own", or
    "openapi-core" for a second opinion in its place.
    formats: the string formats to check, which are annotation otherwise: "all" that are known, a list of names, or a
    mapping of names to functions from str to bool.
    remote_hosts: where the document's references may lead by https, such as ["schemas.example.com"]; they may lead to
    files below its own folder anyway.
    types, transport and random take the place of the client's own classes, driver and randomness.
    Raises DocumentError for a document that cannot be read, ConfigurationError for an impossible argument.
    """

    @staticmethod
    def _new_transport(httpx_client: Any) -> Any:
        from syncdyn.transport import BlockingTransport

        return BlockingTransport(httpx_client)

    def close(self) -> None:
        """Closes the connections."""
        self._transport.close()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncClient(BaseClient):
    """The same as Client, awaited.

    It has connections of its own for each event loop, so it may outlive one; `aclose` closes those of the
    running loop. A document's URL is fetched blocking, when the client is made.
    """

    @staticmethod
    def _new_transport(httpx_client: Any) -> Any:
        from syncdyn.transport import AwaitingTransport

        return AwaitingTransport(httpx_client)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._transport.close()

    close = aclose

    async def __aenter__(self) -> Any:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _loaded(document: Any, overlays: Sequence[Any], remote_hosts: Sequence[str]) -> Document:
    if isinstance(remote_hosts, str):
        raise ConfigurationError(f"remote_hosts: expected a list of hosts, found a str; use [{remote_hosts!r}]")
    if not isinstance(overlays, list | tuple):
        raise ConfigurationError(f"overlays: expected a list, also of one, found {kind_of(overlays)}")
    if isinstance(document, Document):
        if not overlays:
            return document
        document = document.root
    return load_shared(document, overlays=overlays, fetch=_fetch, remote_hosts=remote_hosts)


def _fetch(url: str) -> bytes:
    from syncdyn.transport import fetch

    return fetch(url)


def _read(name: str, reader: Callable[[Any], Any], value: Any) -> Any:
    """What an argument says. Raises ConfigurationError where it is none that can be read."""
    try:
        return reader(value)
    except ValueError as error:
        raise ConfigurationError(f"{name}: {error}") from None


def _read_strictness(stated: Any) -> Strictness:
    return read_strictness(stated, Strictness())


def _opinion(contract: Contract, validator: str) -> Opinion | None:
    if validator == "own":
        return None
    if validator != "openapi-core":
        raise ConfigurationError(f"validator: {validator!r} is not one of {', '.join(_VALIDATORS)}")
    from syncdyn.openapi.opinion.second_opinion import SecondOpinion

    second = SecondOpinion(contract)
    return Opinion(second.check_request, second.check_response)
