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
from syncdyn.credentials import Credentials, Secret
from syncdyn.errors import ConfigurationError
from syncdyn.flow import Flow, Policy, is_absolute
from syncdyn.model import Types
from syncdyn.naming import method_names
from syncdyn.openapi.contract import Contract, contract_of
from syncdyn.openapi.document import Document
from syncdyn.openapi.loading import load_shared
from syncdyn.options import Options, Strictness, read_strictness
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
        loaded = document if isinstance(document, Document) else load_shared(document, overlays=tuple(overlays))
        contract = types.contract if types is not None else contract_of(loaded)
        credentials = _credentials(contract, auth)
        self._settings = Settings(
            contract=contract,
            types=types or Types(contract),
            base_url=_base_url(base_url, contract),
            credentials=credentials,
            policy=Policy(
                retry=RetryPolicy(max_retries=_retries(max_retries)),
                timeout=_timeout(timeout),
                deadline=_timeout(deadline, "deadline"),
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
        return f"<{type(self).__name__} of {self._settings.contract.document.origin} at {self._settings.base_url}>"

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

    document: a path, a URL, a dict, text, or a loaded Document; `overlays` are applied to it.
    base_url: in place of the document's servers. auth: one secret for whichever scheme an operation asks
    for, or a mapping by scheme name. httpx_client: a client of the caller's own (it is not closed with this one).
    timeout: seconds for each wait for the network (60), or an httpx.Timeout. max_retries: more tries after a
    failed one. deadline: seconds for a whole call. validate: "strict", "warn" or "off", or a mapping with
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
    """The same as Client, awaited."""

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


def _base_url(stated: str | None, contract: Contract) -> str:
    url = next(iter(contract.servers), "") if stated is None else stated
    if not is_absolute(url):
        found = f"{url!r} is no absolute http(s) URL" if url else "the document names no server"
        raise ConfigurationError(f"{found}: pass base_url, such as https://api.example.com")
    return url.rstrip("/")


def _credentials(contract: Contract, auth: str | Mapping[str, Any] | None) -> Credentials:
    schemes = contract.security_schemes
    if auth is None or isinstance(auth, str):
        return Credentials(schemes, Secret(auth) if auth else None)
    unknown = [name for name in auth if name not in schemes]
    if unknown:
        raise ConfigurationError(f"auth: {unknown[0]!r} is no security scheme of the document; it has {list(schemes)}")
    return Credentials(schemes, None, dict(auth))


def _retries(count: object) -> int:
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise ConfigurationError(f"max_retries: expected a whole number from 0, found {count!r}")
    return count


def _timeout(value: Any, name: str = "timeout") -> Any:
    if isinstance(value, str | bool) or (isinstance(value, int | float) and value <= 0):
        raise ConfigurationError(f"{name}: expected seconds, more than 0, found {value!r}")
    return value


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
