"""A client of any OpenAPI document: its operations as methods, blocking or awaited.

Both clients are one: what differs is the driver that carries out the flows.
"""

from __future__ import annotations

import json
import os
import random as random_module
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from syncdyn import downloading, waiting, webhooks
from syncdyn._version import __version__
from syncdyn.calling import Method, Opinion, Settings
from syncdyn.credentials import Credentials, Secret
from syncdyn.errors import ConfigurationError
from syncdyn.flow import Flow, Policy, origin_of
from syncdyn.model import Model, Types
from syncdyn.naming import method_names, stated_list
from syncdyn.openapi.contract import Contract, contract_of
from syncdyn.openapi.document import Document, read_pointer
from syncdyn.openapi.loading import load_shared
from syncdyn.openapi.messages import Request, Response
from syncdyn.options import Options, Strictness, read_strictness
from syncdyn.paging import Pagination, iterate
from syncdyn.response import RawResponse, ResponseReader
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
        random: Callable[[], float] = random_module.random,
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
                timeout=timeout,
                deadline=deadline,
                follow_redirects=follow_redirects is not False,
                random=random,
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
        return {name: Resource(self, name, methods) for name, methods in named.items()}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self._resources[name]
        except KeyError:
            known = ", ".join(self._resources)
            message = f"{type(self).__name__} has no {name!r}; its resources: {known}"
            raise AttributeError(message, name=name, obj=self) from None

    def __dir__(self) -> list[str]:
        return sorted({*(name for name in object.__dir__(self) if not name.startswith("_")), *self._resources})

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._settings.contract.document.origin} at {self._settings.base_url}>"

    def _run(self, flow: Flow[Any]) -> Any:
        return self._transport.run(flow)

    def _iterate(self, flow: Flow[Any]) -> Any:
        return self._transport.iterate(flow)

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
        return self._run(self._download(source, path, overwrite, progress, chunk_size))

    def _download(
        self, source: Any, path: Any, overwrite: bool, progress: Any, chunk_size: int | None
    ) -> Flow[Any]:
        url, name = downloading.download_url(source)
        target = downloading.target_path(path, name, overwrite=overwrite)
        fetching = downloading.with_chunk(self._fetching, chunk_size)
        return (yield from downloading.download(fetching, url, target, overwrite=overwrite, progress=progress))

    @cached_property
    def _fetching(self) -> downloading.Fetching:
        settings = self._settings
        contract = settings.contract
        operation = contract.operations[next(iter(contract.operations))]
        reader = ResponseReader(contract, settings.types, operation, "download")

        def read_error(request: Request, response: Response) -> Exception:
            return reader.error(request, response, settings.credentials.mask)

        security = tuple(tuple(alternative) for alternative in contract.document.root.get("security", ()))
        placed = settings.credentials.placed(security)
        return downloading.Fetching(settings.base_url, placed, settings.policy, settings.user_agent, read_error)

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
        return webhooks.verify(
            settings.contract, settings.types, raw_body, headers, secret, now=moment, tolerance_seconds=tolerance_seconds
        )


class Resource:
    """A group of operations; each is a method, made when it is first asked for."""

    def __init__(self, client: BaseClient, name: str, methods: Mapping[str, Any], *, is_raw: bool = False) -> None:
        self._client = client
        self._name = name
        self._named = methods
        self._is_raw = is_raw

    @property
    def with_raw_response(self) -> Resource:
        """The same methods, each giving its result together with status, header fields and violations."""
        return Resource(self._client, self._name, self._named, is_raw=True)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        make = self._makers.get(name)
        if make is None:
            close = ", ".join(self._makers)
            message = f"{self._name!r} has no method {name!r}; its methods: {close}"
            raise AttributeError(message, name=name, obj=self)
        function = self.__dict__[name] = make()
        return function

    @cached_property
    def _makers(self) -> dict[str, Callable[[], Any]]:
        makers: dict[str, Callable[[], Any]] = {
            name: partial(self._make, name, entry) for name, entry in self._named.items()
        }
        makers.update(_helpers(self, makers))
        return makers

    def _method(self, entry: Any) -> Method:
        return Method(self._client._settings, f"{self._name}.{entry.name}", entry.operation, entry.media_type)

    def _make(self, name: str, entry: Any) -> Any:
        method = self._method(entry)
        run, is_raw = self._client._run, self._is_raw

        def call(*args: Any, **kwargs: Any) -> Any:
            return run(_result(method.call(args, kwargs), is_raw))

        return self._dressed(call, name, method)

    def _dressed(self, function: Any, name: str, method: Method | None = None, documentation: str = "") -> Any:
        function.__name__ = name
        function.__qualname__ = f"{self._name}.{name}"
        function.__doc__ = method.documentation() if method else documentation
        if method is not None:
            function.__signature__ = method.signature()
        return function

    def __dir__(self) -> list[str]:
        return sorted({*self._makers, "with_raw_response"})

    def __repr__(self) -> str:
        return f"<{self._name}: {', '.join(self._makers)}>"


def _result(flow: Flow[RawResponse[Any]], is_raw: bool) -> Flow[Any]:
    answer = yield from flow
    return answer if is_raw else answer.data


def _helpers(resource: Resource, makers: Mapping[str, Any]) -> dict[str, Callable[[], Any]]:
    """The methods that extensions add beside the operations: waiters, page iterators, record readers."""
    found: dict[str, Callable[[], Any]] = {}
    settings = resource._client._settings
    for entry in resource._named.values():
        extensions = settings.contract.operations[entry.operation].extensions
        for word, make in _EXTENSIONS.items():
            for stated in stated_list(extensions.get(word)):
                if stated.get("resource") == resource._name:
                    found.update(make(resource, resource._method(entry), stated))
    return {name: make for name, make in found.items() if name not in makers}


def _waiters(resource: Resource, method: Method, stated: Mapping[str, Any]) -> dict[str, Callable[[], Any]]:
    waiter = waiting.Waiter.read(stated)
    run, is_raw = resource._client._run, resource._is_raw

    def flow(identifier: str, options: Any, *, interval: Any, deadline: Any, progress: Any) -> Flow[RawResponse[Any]]:
        def poll() -> Flow[RawResponse[Any]]:
            return method.call((identifier,), {"request_options": options})

        return waiting.wait(waiter, identifier, poll, interval=interval, deadline=deadline, progress=progress)

    def wait(
        id: Any,
        *,
        interval: float | None = None,
        deadline: float | None = None,
        progress: waiting.ProgressCallback | None = None,
        request_options: Any = None,
    ) -> Any:
        waited = flow(
            _identifier(waiter, id), request_options, interval=interval, deadline=deadline, progress=progress
        )
        return run(_result(waited, is_raw))

    def after(first: Method) -> Any:
        def create_and_wait(
            *args: Any,
            interval: float | None = None,
            deadline: float | None = None,
            progress: waiting.ProgressCallback | None = None,
            **kwargs: Any,
        ) -> Any:
            def both() -> Flow[RawResponse[Any]]:
                created = yield from first.call(args, kwargs)
                return (
                    yield from flow(
                        _identifier(waiter, created.data),
                        kwargs.get("request_options"),
                        interval=interval,
                        deadline=deadline,
                        progress=progress,
                    )
                )

            return run(_result(both(), is_raw))

        return create_and_wait

    makers: dict[str, Callable[[], Any]] = {
        waiter.name: lambda: resource._dressed(wait, waiter.name, documentation=_WAIT_DOC.format(waiter=waiter))
    }
    for entry in stated_list(stated.get("after")):
        first = resource._method(resource._named[entry["method"]])
        name = entry["name"]
        makers[name] = partial(_dressed_after, resource, after(first), name, entry["method"], waiter.name)
    return makers


def _dressed_after(resource: Resource, function: Any, name: str, first: str, then: str) -> Any:
    return resource._dressed(function, name, documentation=f"{first}(...), then {then}(...) for what it made.")


_WAIT_DOC = """Polls until the state is one of {waiter.success}, and gives the result.

`id` is the identifier or a result that has it. `interval` is seconds between polls; left out, they grow to
{waiter.interval_seconds}. `deadline` is seconds for the whole wait. `progress` is called after each poll with a
waiting.Progress. Raises JobFailedError for {waiter.failure}, WaitTimeoutError at the deadline.
"""


def _identifier(waiter: waiting.Waiter, given: Any) -> str:
    data = given.__wire__() if isinstance(given, Model) else given
    found = read_pointer(data, waiter.identifier) if isinstance(data, Mapping) else data
    if not isinstance(found, str):
        raise ConfigurationError(f"wait needs an identifier or a result that has one, not {type(given).__name__}")
    return found


def _iterators(resource: Resource, method: Method, stated: Mapping[str, Any]) -> dict[str, Callable[[], Any]]:
    pagination = Pagination.read(stated)

    def pages(*, max_items: int | None = None, **kwargs: Any) -> Any:
        def get_page(arguments: Mapping[str, Any]) -> Flow[RawResponse[Any]]:
            return method.call((), arguments)

        return resource._client._iterate(iterate(pagination, get_page, kwargs, max_items))

    documentation = f"Every item of every page. Takes what the page method takes, and `max_items`.\n\n{method.name}"
    return {pagination.name: lambda: resource._dressed(pages, pagination.name, documentation=documentation)}


def _records(resource: Resource, method: Method, stated: Mapping[str, Any]) -> dict[str, Callable[[], Any]]:
    client = resource._client
    types = client._settings.types

    def read_line(line: bytes) -> Any:
        return types.read(types.contract.shapes.at(stated["schema"]), json.loads(line))

    def flow(source: Any, options: Any) -> Flow[None]:
        if isinstance(source, str) and not source.startswith(("http://", "https://")):
            source = (yield from method.call((source,), {"request_options": options})).data
        url, _ = downloading.download_url(source)
        yield from downloading.read_lines(client._fetching, url, read_line)

    def results(source: Any, *, request_options: Any = None) -> Any:
        return client._iterate(flow(source, request_options))

    documentation = "Every record of the output, read as it comes. Takes an identifier, a result, or the output's URL."
    return {stated["name"]: lambda: resource._dressed(results, stated["name"], documentation=documentation)}


_EXTENSIONS = {
    "x-syncdyn-waiters": _waiters,
    "x-syncdyn-pagination": _iterators,
    "x-syncdyn-records": _records,
}


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
    url = stated if stated is not None else next(iter(contract.servers), "")
    scheme, host, _ = origin_of(url)
    if scheme not in ("http", "https") or host is None:
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


def _retries(count: int) -> int:
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise ConfigurationError(f"max_retries: expected a whole number from 0, found {count!r}")
    return count


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
