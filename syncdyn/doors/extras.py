"""Methods that extensions add beside the operations: waiters, page iterators, record readers.

Each is a flow; the resource that it stands in drives it.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Optional

from syncdyn import downloading, paging, waiting
from syncdyn.calling import Method
from syncdyn.doors.naming import stated_list
from syncdyn.errors import RequestValidationError, UnexpectedResponseError
from syncdyn.flow import NOW, Flow
from syncdyn.openapi.document import read_pointer
from syncdyn.openapi.hints import kind_of
from syncdyn.options import RequestOptions, read_count, read_options, read_seconds
from syncdyn.plain import plain
from syncdyn.response import RawResponse
from syncdyn.taking import Reader, as_it_is, read_function, read_pause, take, take_named

_KEYWORD = inspect.Parameter.KEYWORD_ONLY


@dataclass(frozen=True, slots=True)
class Extra:
    """A method made of others: `call` gives its flow, which emits items where `is_iterator`."""

    name: str
    call: Callable[..., Flow[Any]]
    documentation: Callable[[], str]
    signature: Callable[[], inspect.Signature]
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
    resource = stated["resource"]
    method = f"{resource}.{waiter.name}"
    readers: Mapping[str, Reader] = {"id": partial(_read_identifier, waiter), **_WAITING, "request_options": as_it_is}

    def wait(*args: Any, **kwargs: Any) -> Flow[RawResponse[Any]]:
        given = take(method, readers, args, kwargs)
        return (yield from _wait(around.method, waiter, given.pop("id"), given))

    def signature() -> inspect.Signature:
        return inspect.Signature([_ID, *_WAIT_PARAMETERS, _REQUEST_OPTIONS])

    yield Extra(waiter.name, wait, partial(_WAIT_DOC.format, waiter=waiter), signature)
    for entry in stated_list(stated.get("after")):
        yield _and_wait(resource, entry["name"], around.named(entry["method"]), around.method, waiter)


def _wait(
    method: Method,
    waiter: waiting.Waiter,
    identifier: str,
    given: Mapping[str, Any],
    began: float | None = None,
    made: RawResponse[Any] | None = None,
) -> Flow[RawResponse[Any]]:
    """Waits with the arguments given; after a call that made the job, since it `began`."""

    def poll(left: float | None) -> Flow[RawResponse[Any]]:
        return method.call((identifier,), {"request_options": _within(method, given.get("request_options"), left)})

    timing = {word: given[word] for word in _WAITING if word in given}
    return waiting.wait(waiter, identifier, poll, **timing, began=began, last=made)


def _within(method: Method, request_options: Any, left: float | None) -> Any:
    """The options of a call that may take so many seconds; what is wrong with them, the call itself tells."""
    if left is None or not (request_options is None or isinstance(request_options, Mapping)):
        return request_options
    own = dict(request_options or {})
    stated = own.get("deadline")
    try:
        most = read_seconds(stated) if stated is not None else method.settings.policy.deadline
    except ValueError:
        return request_options
    return {**own, "deadline": left if most is None else min(most, left)}


def _and_wait(resource: str, name: str, first: Method, then: Method, waiter: waiting.Waiter) -> Extra:
    method = f"{resource}.{name}"

    def first_and_wait(*args: Any, **kwargs: Any) -> Flow[RawResponse[Any]]:
        own = take_named(method, _WAITING, {word: kwargs.pop(word) for word in _WAITING if word in kwargs})
        own["request_options"] = kwargs.pop("request_options", None)
        began = yield NOW
        options = _within(first, own["request_options"], own.get("deadline"))
        made = yield from first.call(args, {**kwargs, "request_options": options})
        return (yield from _wait(then, waiter, _made_identifier(waiter, first, made), own, began, made))

    def signature() -> inspect.Signature:
        return _with(first, *_WAIT_PARAMETERS)

    def documentation() -> str:
        return (
            f"{first.documentation()}\n\nThen waits for what it made, as `{waiter.name}` does; "
            "`deadline` is seconds for both together."
        )

    return Extra(name, first_and_wait, documentation, signature)


_WAITING: Mapping[str, Reader] = {"interval": read_pause, "deadline": read_seconds, "progress": read_function}
_ID = inspect.Parameter("id", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Any)
_REQUEST_OPTIONS = inspect.Parameter("request_options", _KEYWORD, default=None, annotation=RequestOptions | None)
_WAIT_PARAMETERS = (
    inspect.Parameter("interval", _KEYWORD, default=None, annotation=float | None),
    inspect.Parameter("deadline", _KEYWORD, default=None, annotation=float | None),
    inspect.Parameter("progress", _KEYWORD, default=None, annotation=Optional[waiting.ProgressCallback]),  # noqa: UP045 -- a value
)
_MOST_ITEMS = inspect.Parameter("max_items", _KEYWORD, default=None, annotation=int | None)


def _with(method: Method, *parameters: inspect.Parameter) -> inspect.Signature:
    """The signature of a method with parameters of our own before its options."""
    *taken, options = method.signature().parameters.values()
    return inspect.Signature([*taken, *parameters, options])


_WAIT_DOC = """Polls until the state is one of {waiter.success}, and gives the result.

`id` is the identifier, or a result that has it. `interval` is seconds between polls; left out, they grow to
{waiter.interval_seconds}. `deadline` is seconds for the whole wait. `progress` is called after each poll with a
waiting.Progress. Raises JobFailedError for {waiter.failure}, WaitTimeoutError at the deadline.
"""


def _read_identifier(waiter: waiting.Waiter, given: Any) -> str:
    """The identifier that the caller of a waiter gave, or that of the result. Raises ValueError."""
    found = given if isinstance(given, str) else _identifier_in(waiter, given)
    if not found:
        told = repr(given) if isinstance(given, str) else kind_of(given)
        raise ValueError(f"expected an identifier or a result that has one, found {told}")
    return found


def _identifier_in(waiter: waiting.Waiter, result: Any) -> str | None:
    found = read_pointer(plain(result), waiter.identifier)
    return found if isinstance(found, str) and found else None


def _made_identifier(waiter: waiting.Waiter, first: Method, made: RawResponse[Any]) -> str:
    """The identifier of what a call made. What was made may have been paid for: the error carries the answer."""
    found = _identifier_in(waiter, made.data)
    if found is None:
        raise UnexpectedResponseError(
            f"{first.name} answered {made.status_code} without an identifier at {waiter.identifier}, so there is "
            "nothing to wait for; the answer is in `body`",
            status_code=made.status_code,
            body=plain(made.data),
            headers=made.headers,
            request=made.request,
            operation=first.name,
        )
    return found


def _iterators(around: Surroundings, stated: Mapping[str, Any]) -> Iterator[Extra]:
    pagination = paging.Pagination.read(stated)
    method = f"{stated['resource']}.{pagination.name}"

    def iterate(*args: Any, **kwargs: Any) -> Flow[None]:
        own = take_named(method, _ITERATING, {word: kwargs.pop(word) for word in _ITERATING if word in kwargs})

        def get_page(arguments: Mapping[str, Any]) -> Flow[RawResponse[Any]]:
            return around.method.call(args, arguments)

        yield from paging.iterate(pagination, get_page, kwargs, own.get("max_items"))

    def signature() -> inspect.Signature:
        return _with(around.method, _MOST_ITEMS)

    def documentation() -> str:
        return f"Every item of every page, `max_items` at most.\n\n{around.method.documentation()}\n\n{_PLAIN_ITEMS}"

    yield Extra(pagination.name, iterate, documentation, signature, is_iterator=True)


_ITERATING: Mapping[str, Reader] = {"max_items": read_count}
_PLAIN_ITEMS = "What comes are the items themselves, through `with_raw_response` as well."


def _records(around: Surroundings, stated: Mapping[str, Any]) -> Iterator[Extra]:
    settings = around.method.settings
    types = settings.types
    method = f"{stated['resource']}.{stated['name']}"
    readers: Mapping[str, Reader] = {"source": as_it_is, "request_options": as_it_is}

    def read_line(line: bytes) -> Any:
        return types.read(types.contract.shapes.at(stated["schema"]), json.loads(line))

    def records(*args: Any, **kwargs: Any) -> Flow[None]:
        given = take(method, readers, args, kwargs)
        source, request_options = given["source"], given.get("request_options")
        options, faults = read_options(request_options, settings.options)
        if faults:
            raise RequestValidationError(method, faults)
        if isinstance(source, str) and not source.startswith(("http://", "https://")):
            source = (yield from around.method.call((source,), {"request_options": request_options})).data
        url, _ = downloading.download_url(source)
        fetching = downloading.with_options(around.fetching(), method, settings.policy_for(options), options)
        yield from downloading.read_lines(fetching, url, read_line)

    def documentation() -> str:
        return (
            "Every record of the output, as it comes. Takes an identifier, a result, or the output's URL.\n\n"
            f"{_PLAIN_ITEMS}"
        )

    def signature() -> inspect.Signature:
        return inspect.Signature([_ID.replace(name="source"), _REQUEST_OPTIONS])

    yield Extra(stated["name"], records, documentation, signature, is_iterator=True)


_MAKERS: dict[str, Callable[[Surroundings, Mapping[str, Any]], Iterator[Extra]]] = {
    "x-syncdyn-waiters": _waiters,
    "x-syncdyn-pagination": _iterators,
    "x-syncdyn-records": _records,
}

#: The extensions of an operation that add methods.
EXTENSIONS = frozenset(_MAKERS)
