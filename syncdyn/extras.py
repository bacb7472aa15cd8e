"""Methods that extensions add beside the operations: waiters, page iterators, record readers.

Each is a flow; the resource that it stands in drives it.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from syncdyn import downloading, paging, waiting
from syncdyn.calling import Method
from syncdyn.errors import ConfigurationError
from syncdyn.flow import Flow
from syncdyn.model import Model
from syncdyn.naming import stated_list
from syncdyn.openapi.document import read_pointer
from syncdyn.response import RawResponse

_KEYWORD = inspect.Parameter.KEYWORD_ONLY


@dataclass(frozen=True, slots=True)
class Extra:
    """A method made of others: `call` gives its flow, which emits items where `is_iterator`."""

    name: str
    call: Callable[..., Flow[Any]]
    documentation: str
    signature: inspect.Signature
    is_iterator: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an extra is made from: the method that the extension stands at, the others, how to download."""

    method: Method
    named: Callable[[str], Method]
    fetching: Callable[[], downloading.Fetching]


def extras_of(resource: str, around: Surroundings) -> Iterator[Extra]:
    """The extras that an operation's extensions add to a resource."""
    extensions = around.method.operation.extensions
    for word, make in _MAKERS.items():
        for stated in stated_list(extensions.get(word)):
            if stated.get("resource") == resource:
                yield from make(around, stated)


def _waiters(around: Surroundings, stated: Mapping[str, Any]) -> Iterator[Extra]:
    waiter = waiting.Waiter.read(stated)

    def wait(
        id: Any,
        *,
        interval: float | None = None,
        deadline: float | None = None,
        progress: waiting.ProgressCallback | None = None,
        request_options: Any = None,
    ) -> Flow[RawResponse[Any]]:
        identifier = _identifier(waiter, id)

        def poll() -> Flow[RawResponse[Any]]:
            return around.method.call((identifier,), {"request_options": request_options})

        return waiting.wait(waiter, identifier, poll, interval=interval, deadline=deadline, progress=progress)

    yield Extra(waiter.name, wait, _WAIT_DOC.format(waiter=waiter), inspect.signature(wait))
    for entry in stated_list(stated.get("after")):
        yield _and_wait(entry["name"], around.named(entry["method"]), waiter.name, wait)


def _and_wait(name: str, first: Method, then: str, wait: Callable[..., Flow[RawResponse[Any]]]) -> Extra:
    def first_and_wait(
        *args: Any,
        interval: float | None = None,
        deadline: float | None = None,
        progress: waiting.ProgressCallback | None = None,
        **kwargs: Any,
    ) -> Flow[RawResponse[Any]]:
        made = yield from first.call(args, kwargs)
        return (
            yield from wait(
                made.data,
                interval=interval,
                deadline=deadline,
                progress=progress,
                request_options=kwargs.get("request_options"),
            )
        )

    own = inspect.signature(first_and_wait).parameters
    waits = [own[word] for word in ("interval", "deadline", "progress")]
    taken = list(first.signature().parameters.values())
    signature = inspect.Signature([*taken[:-1], *waits, taken[-1]])
    documentation = f"{first.documentation()}\n\nThen waits for what it made, as `{then}` does."
    return Extra(name, first_and_wait, documentation, signature)


_WAIT_DOC = """Polls until the state is one of {waiter.success}, and gives the result.

`id` is the identifier, or a result that has it. `interval` is seconds between polls; left out, they grow to
{waiter.interval_seconds}. `deadline` is seconds for the whole wait. `progress` is called after each poll with a
waiting.Progress. Raises JobFailedError for {waiter.failure}, WaitTimeoutError at the deadline.
"""


def _identifier(waiter: waiting.Waiter, given: Any) -> str:
    data = given.__wire__() if isinstance(given, Model) else given
    found = read_pointer(data, waiter.identifier) if isinstance(data, Mapping) else data
    if not isinstance(found, str) or not found:
        message = f"{waiter.name} needs an identifier or a result that has one, not a {type(given).__name__}"
        raise ConfigurationError(message)
    return found


def _iterators(around: Surroundings, stated: Mapping[str, Any]) -> Iterator[Extra]:
    pagination = paging.Pagination.read(stated)

    def iterate(*, max_items: int | None = None, **kwargs: Any) -> Flow[None]:
        def get_page(arguments: Mapping[str, Any]) -> Flow[RawResponse[Any]]:
            return around.method.call((), arguments)

        return paging.iterate(pagination, get_page, kwargs, max_items)

    taken = list(around.method.signature().parameters.values())
    most = inspect.Parameter("max_items", _KEYWORD, default=None, annotation=int | None)
    signature = inspect.Signature([*taken[:-1], most, taken[-1]])
    documentation = f"Every item of every page, `max_items` at most.\n\n{around.method.documentation()}"
    yield Extra(pagination.name, iterate, documentation, signature, is_iterator=True)


def _records(around: Surroundings, stated: Mapping[str, Any]) -> Iterator[Extra]:
    types = around.method.settings.types

    def read_line(line: bytes) -> Any:
        return types.read(types.contract.shapes.at(stated["schema"]), json.loads(line))

    def records(source: Any, *, request_options: Any = None) -> Flow[None]:
        if isinstance(source, str) and not source.startswith(("http://", "https://")):
            source = (yield from around.method.call((source,), {"request_options": request_options})).data
        url, _ = downloading.download_url(source)
        yield from downloading.read_lines(around.fetching(), url, read_line)

    documentation = "Every record of the output, as it comes. Takes an identifier, a result, or the output's URL."
    yield Extra(stated["name"], records, documentation, inspect.signature(records), is_iterator=True)


_MAKERS: dict[str, Callable[[Surroundings, Mapping[str, Any]], Iterator[Extra]]] = {
    "x-syncdyn-waiters": _waiters,
    "x-syncdyn-pagination": _iterators,
    "x-syncdyn-records": _records,
}
