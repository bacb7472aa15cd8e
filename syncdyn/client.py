"""A client of any OpenAPI document: its operations as methods, blocking or awaited.

Both clients are one: what differs is the driver that carries out the flows.
"""

from __future__ import annotations

import os
import random as random_module
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from syncdyn import downloading, webhooks
from syncdyn._version import __version__
from syncdyn.calling import Method, Opinion, Settings
from syncdyn.credentials import Credentials, Secret, without_userinfo
from syncdyn.errors import ConfigurationError
from syncdyn.flow import Flow, Policy, is_absolute
from syncdyn.model import Types
from syncdyn.naming import method_names
from syncdyn.openapi.contract import Contract, contract_of
from syncdyn.openapi.document import Document
from syncdyn.openapi.loading import load_shared
from syncdyn.options import Options, Strictness, read_count, read_seconds, read_strictness, read_timeout
from syncdyn.resources import Driving, Resource
from syncdyn.retry import RetryPolicy

_USER_AGENT = f"syncdyn/{__version__}"
_VALIDATORS = ("own", "openapi-core")


class BaseClient:
    """What a client is made of, but for the driver. See Client for the arguments."""

    @staticmethod
    def _new_transport(httpx_client: Any) -> Any:
        """The driver; the HTTP library is loaded with the first client, not with the module."""
        raise NotImplementedError

    def __init__(
        self,
        document: Any,
        *,
        overlays: Sequence[Any] = (),
        base_url: str | None = None,
        auth: str | Mapping[str, Any] | None = None,
        httpx_client: Any = None,
        timeout: Any = None,
        max_retries: int = 2,
        deadline: float | None = None,
        follow_redirects: bool | None = True,
        validate: str | Mapping[str, str] | None = None,
        validator: str = "own",
        types: Types | None = None,
        transport: Any = None,
        random: Callable[[], float] | None = None,
    ) -> None:
        loaded = document if isinstance(document, Document) else _loaded(document, tuple(overlays))
        contract = types.contract if types is not None else contract_of(loaded)
        credentials = _credentials(contract, auth)
        self._settings = Settings(
            contract=contract,
            types=types or Types(contract),
            base_url=_base_url(base_url, contract),
            credentials=credentials,
            policy=Policy(
                retry=RetryPolicy(max_retries=_read("max_retries", read_count, max_retries)),
                timeout=None if timeout is None else _read("timeout", read_timeout, timeout),
                deadline=None if deadline is None else _read("deadline", read_seconds, deadline),
                follow_redirects=follow_redirects is not False,
                random=random or random_module.random,
                private_headers=credentials.private_headers,
            ),
            options=Options(_strictness(validate)),
            opinion=_opinion(contract, validator),
            user_agent=_USER_AGENT,
        )
        self._transport = transport or self._new_transport(httpx_client)

    @cached_property
    def _resources(self) -> dict[str, Resource]:
        named = method_names(self._settings.contract)
        driving = Driving(self._settings, self._transport.run, self._transport.iterate, lambda: self._fetching)
        return {name: Resource(driving, name, methods) for name, methods in named.items()}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self._resources[name]
        except KeyError:
            close = get_close_matches(name, self._resources, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"its resources: {', '.join(self._resources)}"
            message = f"{type(self).__name__} has no {name!r}; {hint}"
            raise AttributeError(message, name=name, obj=self) from None

    def __dir__(self) -> list[str]:
        return sorted({*(name for name in object.__dir__(self) if not name.startswith("_")), *self._resources})

    def __repr__(self) -> str:
        where = without_userinfo(self._settings.base_url)
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
        contract = settings.contract
        operation = contract.operations[next(iter(contract.operations))]
        reader = Method(settings, "download", operation.key).reader
        security = tuple(tuple(alternative) for alternative in contract.document.root.get("security", ()))
        placed = settings.credentials.placed(security)
        return downloading.Fetching(settings.base_url, placed, settings.policy, settings.user_agent, reader.error)

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
    base_url: in place of the document's servers. auth: one secret for whichever scheme an operation asks
    for, or a mapping by scheme name. httpx_client: a client of the caller's own (it is not closed with this one).
    timeout: seconds for each wait for the network (60), or an httpx.Timeout; left out, the timeout of the caller's
    own client holds, but where that is httpx's default of 5 s, set or not, it becomes 60 s: to have 5 s, say
    `timeout=5` here. max_retries: more tries after a failed one.
    deadline: seconds for a whole call, tries and waits included. An AsyncClient keeps to it exactly. A blocking
    one looks at the clock between the phases of a request and between reads of the body, and no phase may wait
    longer for its next bytes than was left when it began: one last read may overrun by as much again, and a
    service that drips its header fields byte by byte by more. validate: "strict", "warn" or "off", or a mapping with
    "request" and "response". validator: "own", or "openapi-core" for a second opinion in its place.
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


def _loaded(document: Any, overlays: tuple[Any, ...]) -> Document:
    return load_shared(document, overlays=overlays, fetch=_fetch)


def _fetch(url: str) -> bytes:
    from syncdyn.transport import fetch

    return fetch(url)


def _base_url(stated: Any, contract: Contract) -> str:
    url = next(iter(contract.servers), "") if stated is None else stated
    if not isinstance(url, str):
        if not (hasattr(url, "scheme") and hasattr(url, "host")):
            raise ConfigurationError(f"base_url: expected a str or a URL, found a {type(url).__name__}")
        url = str(url)
    shown = without_userinfo(url)
    if not is_absolute(url):
        found = f"{shown!r} is no absolute http(s) URL" if url else "the document names no server"
        raise ConfigurationError(f"{found}: pass base_url, such as https://api.example.com")
    if not url.isprintable() or set(url) & set(" ?#"):
        raise ConfigurationError(f"base_url: {shown!r} has a query, a fragment, spaces or line breaks; leave them out")
    return url.rstrip("/")


def _credentials(contract: Contract, auth: Any) -> Credentials:
    schemes = contract.security_schemes
    if auth is None or isinstance(auth, str):
        return Credentials(schemes, Secret(auth) if auth else None)
    if not isinstance(auth, Mapping):
        raise ConfigurationError(f"auth: expected a str or a mapping by scheme name, found a {type(auth).__name__}")
    unknown = [name for name in auth if name not in schemes]
    if unknown:
        raise ConfigurationError(f"auth: {unknown[0]!r} is no security scheme of the document; it has {list(schemes)}")
    return Credentials(schemes, None, {name: _secret(name, value) for name, value in auth.items()})


def _secret(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return Secret(value)
    if isinstance(value, tuple | list) and len(value) == 2 and all(isinstance(one, str) for one in value):
        return Secret(value[0]), Secret(value[1])
    raise ConfigurationError(f"auth: {name}: expected a str or a (user, password) pair, found a {type(value).__name__}")


def _read(name: str, reader: Callable[[Any], Any], value: Any) -> Any:
    try:
        return reader(value)
    except ValueError as error:
        raise ConfigurationError(f"{name}: {error}") from None


def _strictness(stated: Any) -> Strictness:
    try:
        return read_strictness(stated, Strictness())
    except ValueError as error:
        raise ConfigurationError(f"validate: {error}") from None


def _opinion(contract: Contract, validator: str) -> Opinion | None:
    if validator == "own":
        return None
    if validator != "openapi-core":
        raise ConfigurationError(f"validator: {validator!r} is not one of {', '.join(_VALIDATORS)}")
    from syncdyn.openapi.second_opinion import SecondOpinion

    second = SecondOpinion(contract)
    return Opinion(second.check_request, second.check_response)
