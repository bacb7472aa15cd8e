"""The three doors of a client: resources with methods, operations by name, and requests by method and path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from syncdyn.doors.asking import Given
from syncdyn.doors.directory import Directory
from syncdyn.doors.functions import Driving, Shared, Streamed, is_private, listed, near, result_of
from syncdyn.doors.naming import Names, names_of
from syncdyn.doors.requesting import Requests
from syncdyn.doors.resources import Resource
from syncdyn.openapi.errors import MISSING, UnknownOperation
from syncdyn.openapi.hints import quoted
from syncdyn.options import RequestOptions
from syncdyn.showing import table
from syncdyn.streaming import streaming


class Surface(Shared):
    """What is called of an API; who has it says how calls are driven, and whether results come with their answers."""

    _driving: Driving
    _is_raw = False

    @cached_property
    def operations(self) -> Directory:
        """Every operation of the document, by operationId or by `METHOD /path`."""
        return Directory(self._driving, is_raw=self._is_raw)

    @property
    def with_raw_response(self) -> Any:
        """The same calls, each giving its result together with status, header fields and violations."""
        return RawSurface(self._driving)

    @property
    def with_streaming_response(self) -> Streamed:
        """The same calls, each giving its answer as a stream: an iterator of events, records or bytes."""
        return StreamedSurface(self)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Any = None,
        headers: Mapping[str, Any] | None = None,
        json: Any = MISSING,
        data: Any = None,
        files: Any = None,
        content: Any = None,
        request_options: RequestOptions | None = None,
    ) -> Any:
        """The result of a call by method and path, with arguments as HTTP libraries take them.

        `path` is what follows the base URL and begins with a slash, or a whole URL of the same origin. Where the
        document has an operation there, path, query, header fields and body are checked by it, and the result is read
        as by its method; query parameters that it does not have are refused when requests are checked strictly.
        Any other path is sent as it is, with the credentials that the API asks for on the whole, and its answer is
        plain data; below `with_streaming_response` it is a stream. `params` and `headers` are mappings or pairs; the
        body is `json`, or `content` (bytes, a file or an iterator), or the fields `data` and the `files` of a form.
        Raises what methods do.
        """
        return self._requested(method, path, Given(params, headers, json, data, files, content), request_options)

    def _requested(self, method: str, path: str, given: Given, request_options: RequestOptions | None) -> Any:
        return self._driving.run(result_of(self._requests.call(method, path, given, request_options), self._is_raw))

    @cached_property
    def _requests(self) -> Requests:
        return Requests(self._driving.settings)

    @cached_property
    def _names(self) -> Names:
        return names_of(self._driving.settings.contract)

    def __getattr__(self, name: str) -> Any:
        if is_private(name):
            raise AttributeError(name)
        if name not in self._names:
            raise AttributeError(self._told(name), name=name, obj=self)
        made = Resource(self._driving, name, self._names.methods(name), is_raw=self._is_raw)
        # The first one stays, whichever thread made it; from then on it is an attribute as any.
        return self.__dict__.setdefault(name, made)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.resources)

    def __getitem__(self, name: str) -> Resource:
        """The resource that is called so, here or in the document."""
        found = self._names.resource_of(str(name))
        if found is None:
            raise UnknownOperation(self._told(name))
        resource: Resource = getattr(self, found)
        return resource

    def _told(self, name: str) -> str:
        known = self._names.resources
        told = f"its resources: {listed(known)}" if known else "its document has no operations"
        hint = near(name, known) or f"; {told}"
        return f"{type(self).__name__} has no {quoted(name)}{hint}"

    def __dir__(self) -> list[str]:
        own = (name for name in object.__dir__(self) if not name.startswith("_"))
        return sorted({*own, *self._names.resources})

    def _repr_html_(self) -> str:
        names = self._names
        rows = ((name, ", ".join(names.methods(name))) for name in names.resources)
        return table(repr(self), ("resource", "methods"), rows, len(names.resources))

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._names.resources)


class StreamedSurface(Streamed):
    """The calls of a client, each giving its answer as a stream."""

    __slots__ = ()
    _source: Surface

    #: The same arguments; what comes of them differs.
    request = Surface.request

    def _requested(self, method: str, path: str, given: Given, request_options: RequestOptions | None) -> Any:
        source = self._source
        return streaming(source._driving.iterate(source._requests.stream(method, path, given, request_options)))


class RawSurface(Surface):
    """The calls of a client, each giving its whole answer."""

    _is_raw = True

    def __init__(self, driving: Driving) -> None:
        self._driving = driving

    @property
    def with_raw_response(self) -> RawSurface:
        """This."""
        return self

    def __repr__(self) -> str:
        return f"<raw responses of {self._driving.settings.contract.document.origin}>"
