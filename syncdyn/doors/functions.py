"""Functions made of a document: called like any other, with help and signature rendered when asked for."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, NoReturn

from syncdyn import paging
from syncdyn.calling import Method, Settings
from syncdyn.documenting import described
from syncdyn.downloading import Fetching
from syncdyn.errors import ConfigurationError
from syncdyn.flow import Flow
from syncdyn.openapi.hints import close_names, kind_of
from syncdyn.openapi.operations import Operation
from syncdyn.options import read_count
from syncdyn.response import RawResponse
from syncdyn.showing import table
from syncdyn.streaming import streaming
from syncdyn.taking import take_named

if TYPE_CHECKING:
    from typing_extensions import Self

#: So many names a repr or a message tells, and so many are taken for what was meant.
_MOST_LISTED, _MOST_MEANT = 10, 3


@dataclass(frozen=True)
class Driving:
    """How the flows of one client are carried out: `run` for a result, `iterate` for what is emitted."""

    settings: Settings
    run: Callable[[Flow[Any]], Any]
    iterate: Callable[[Flow[Any]], Any]
    fetching: Callable[[], Fetching]


class Shared:
    """What belongs to a client: a copy of it is itself, and it goes to no other process."""

    __slots__ = ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        told = "it holds connections and credentials; make a client where it is needed"
        raise TypeError(f"{kind_of(self)} cannot be pickled: {told}")


#: The docstring of a function below: a class sets its own over one that it inherits.
DOCUMENTATION: Any = property(lambda function: function._documentation())


class Function(Shared):
    """Called like a function, and like one it has a name, a signature and a docstring.

    `documentation` and `signature` are asked for them when somebody wants to know, and not before.
    """

    __slots__ = ("__weakref__", "_call", "_documentation", "_name", "_signature")

    def __init__(
        self,
        name: str,
        call: Callable[..., Any],
        documentation: Callable[[], str],
        signature: Callable[[], inspect.Signature],
    ) -> None:
        self._name = name
        self._call = call
        self._documentation = documentation
        self._signature = signature

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        return self._call(*args, **kwargs)

    # What has a __get__ is a routine to inspect, pydoc and IPython; they then show it as a function.
    def __get__(self, _instance: object, _owner: type | None = None) -> Self:
        return self

    @property
    def __name__(self) -> str:
        return self._name.rpartition(".")[2]

    __doc__ = DOCUMENTATION

    @property
    def __signature__(self) -> inspect.Signature:
        return self._signature()

    @property
    def signature(self) -> inspect.Signature:
        """The signature, as inspect.signature gives it."""
        return self._signature()

    def __getattr__(self, name: str) -> Any:
        # In the body of a class __qualname__ is that of the class.
        if name == "__qualname__":
            return self._name
        raise AttributeError(name)

    def __repr__(self) -> str:
        return f"<{self._name}>"


class OperationMethod(Function):
    """An operation as a function, with what the document says of it as attributes.

    They are those of `operation`, the immutable model: `.key`, `.path`, `.parameters`, `.responses` and so on.
    """

    __slots__ = ("_driving", "_is_raw", "_method")
    __doc__ = DOCUMENTATION

    def __init__(self, driving: Driving, method: Method, *, is_raw: bool = False) -> None:
        signature = partial(_giving, method, RawResponse) if is_raw else method.signature
        super().__init__(method.name, self._called, method.documentation, signature)
        self._driving = driving
        self._method = method
        self._is_raw = is_raw

    def _called(self, /, *args: Any, **kwargs: Any) -> Any:
        return self._driving.run(result_of(self._method.call(args, kwargs), self._is_raw))

    @property
    def operation(self) -> Operation:
        """The model of the operation."""
        return self._method.operation

    @property
    def with_raw_response(self) -> OperationMethod:
        """The same, giving the result together with status, header fields and violations."""
        return OperationMethod(self._driving, self._method, is_raw=True)

    @property
    def with_streaming_response(self) -> Function:
        """The same, giving the answer as a stream: an iterator of its items and a context manager that closes it."""
        driving, method = self._driving, self._method

        def call(*args: Any, **kwargs: Any) -> Any:
            return streaming(driving.iterate(method.stream(args, kwargs)))

        return Function(method.name, call, method.documentation, partial(_giving, method, Any))

    def iterate(self, /, *args: Any, max_items: int | None = None, **kwargs: Any) -> Any:
        """Every item of every page, `max_items` at most, where the answers lead on by the Link field `rel="next"`.

        The items are the list that comes, or the one list in the object that comes; a page is asked for when its first
        item is. Raises ConfigurationError for an operation whose answers declare no Link field, and what a call does.
        Source: RFC 8288.
        """
        method = self._method
        if not any(promise.has_header("link") for promise in self.operation.responses.values()):
            told = "its answers declare no Link field; an overlay can state x-syncdyn-pagination for it"
            raise ConfigurationError(f"{self._name} cannot be iterated: {told}", operation=self._name)
        read = take_named(self._name, {"max_items": read_count}, {"max_items": max_items})

        def page_at(url: str | None) -> Flow[RawResponse[Any]]:
            return method.call(args, kwargs, url)

        return self._driving.iterate(paging.follow_links(page_at, read.get("max_items")))

    def example_arguments(self, seed: int = 0) -> dict[str, Any]:
        """Arguments by name that the operation takes, valid by construction; the same for the same seed."""
        from syncdyn.examples import example_arguments

        found: dict[str, Any] = example_arguments(self._method.plan, seed)
        return found

    def __getattr__(self, name: str) -> Any:
        if is_private(name):
            return super().__getattr__(name)
        operation = self.operation
        try:
            return getattr(operation, name)
        except AttributeError:
            raise AttributeError(f"{self._name} has no {name!r}{near(name, dir(self))}", name=name, obj=self) from None

    def __dir__(self) -> list[str]:
        return sorted({*_public(type(self)), *_public(Operation)})

    def __repr__(self) -> str:
        return f"<{self._name}: {self._method.key}>"

    def _repr_html_(self) -> str:
        slots = self._method.plan.slots
        rows = ((slot.name, slot.location, "yes" if slot.is_required else "", described(slot)) for slot in slots)
        columns = ("argument", "in", "required", "description")
        return table(f"{self._name}: {self._method.key}", columns, rows, len(slots))


class Streamed(Shared):
    """The operations of a resource, or resources of a client, each giving its answer as a stream."""

    __slots__ = ("_source",)

    def __init__(self, source: Any) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        if is_private(name):
            raise AttributeError(name)
        found = getattr(getattr(self._source, name), "with_streaming_response", None)
        if found is None:
            raise AttributeError(f"{name!r} cannot be streamed: operations can", name=name, obj=self)
        return found

    def __getitem__(self, name: str) -> Any:
        return self._source[name].with_streaming_response

    def __dir__(self) -> list[str]:
        return dir(self._source)

    def __repr__(self) -> str:
        return f"<{self._source!r}, streamed>"


def result_of(flow: Flow[RawResponse[Any]], is_raw: bool) -> Flow[Any]:
    """What a call comes to: its result, or the whole answer."""
    answer = yield from flow
    return answer if is_raw else answer.data


def _giving(method: Method, kind: Any) -> inspect.Signature:
    """The signature of a method that gives its result in another form."""
    return method.signature().replace(return_annotation=kind)


def near(name: str, known: Any) -> str:
    """What was probably meant, as the end of a sentence; nothing where nothing is near."""
    close = close_names(str(name), known) or [one for one in known if name in one.split("_")][:_MOST_MEANT]
    return f"; did you mean {' or '.join(map(repr, close))}?" if close else ""


def listed(names: Collection[str]) -> str:
    """The first names, and how many more there are."""
    more = f", and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return f"{', '.join(islice(names, _MOST_LISTED))}{more}"


def is_private(name: str) -> bool:
    """Whether no name from a document is like that: those that would begin with a digit begin with `_`."""
    return name.startswith("_") and not name[1:2].isdigit()


def _public(kind: type) -> list[str]:
    return [name for name in dir(kind) if not name.startswith("_")]
