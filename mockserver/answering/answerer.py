"""The answer of an operation that has no behaviour of its own: an example, or data made from the schema.

All that does not hang on the request is worked out once for an operation and what is wished of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar, NamedTuple, TypeAlias

from mockserver.answering.bodies import encode
from mockserver.answering.choosing import Choice, choose
from mockserver.answering.headers import Fielder, Fields
from mockserver.answering.negotiation import best, concrete
from mockserver.answering.streams import asking_member, is_asked, is_stream
from mockserver.answering.values import Values
from mockserver.answering.wishes import NO_WISHES, Unavailable, Wishes
from mockserver.state import StoredFile
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.coding.media_types import EVENT_STREAM, essence, is_json, matches
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.messages import Headers, Json, Pairs, Request, Response
from syncdyn.openapi.operations import MediaType, Operation, ResponsePromise
from syncdyn.openapi.sampling import Sampler
from syncdyn.openapi.schemas.shapes import Shape
from syncdyn.openapi.urls import path_and_query

_NO_BODY = frozenset({204, 205, 304})
_MOST_READY = 4096
_NO_FIELDS = Fields(())
_OF_JSON = (dict, list)
_JSON = ("content-type", "application/json")
#: Puts what happened into a made-up body, by its shape, as far as it stays valid.
Tell: TypeAlias = "Callable[[Json, Shape | None, Callable[[Json], bool]], Json]"


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer as far as it is known before its request; `response` is there where that is all of it."""

    choice: Choice
    fields: Fields = _NO_FIELDS
    media_type: MediaType | None = None
    content_type: str = ""
    value: Json = MISSING
    response: Response | None = None
    #: The fields where the body is JSON and they are always the same.
    headers: Headers | None = None


class Given(NamedTuple):
    """A response, and the value that its body was written from, where it is JSON that was made for it."""

    response: Response
    value: Json = MISSING


class Answerer:
    """Makes answers of what a document says, without state.

    `is_dynamic` makes data up where nobody wishes otherwise; `has_examples=False` takes the document as one without.
    """

    #: What makes the values of bodies, and what the header fields.
    values_type: ClassVar[type[Values]] = Values
    fielder_type: ClassVar[type[Fielder]] = Fielder

    def __init__(
        self,
        contract: Contract,
        sampler: Sampler,
        seed: int = 0,
        *,
        is_dynamic: bool = False,
        has_examples: bool = True,
    ) -> None:
        self._contract = contract
        self._seed = seed
        self._values = self.values_type(contract, sampler, is_dynamic, has_examples)
        self._fielder = self.fielder_type(contract, self._header_value)
        self._ready: dict[Hashable, Ready] = {}
        self._asking: dict[str, tuple[str, ...] | None] = {}
        #: What operations offer that offer a stream, too; nothing for others.
        self._streams: dict[str, tuple[str, ...]] = {}

    def answer(self, operation: Operation, request: Request, wishes: Wishes, body: Json = MISSING) -> Given:
        """The answer to a valid request with this body. Raises Unavailable when a wish cannot be met."""
        accept = request.headers.get("accept")
        is_stream_asked = body is not MISSING and self._is_stream_asked(operation, body)
        key = (operation.key, wishes, accept, is_stream_asked)
        ready = self._ready.get(key)
        if ready is None:
            chosen = choose(operation, wishes.code)
            made = self._prepared(operation, chosen, accept, wishes, is_stream_asked=is_stream_asked)
            ready = _kept(self._ready, key, made)
        return Given(ready.response) if ready.response else self._finished(ready, operation, request, wishes)

    def example(
        self,
        operation: Operation,
        promise: ResponsePromise | None,
        status: int,
        request: Request,
        wishes: Wishes = NO_WISHES,
        tell: Tell | None = None,
    ) -> Response:
        """A response of one status, the best that `Accept` leaves: its example, else made data; headers are filled.

        `tell` is given what was made, with the shape of it and what tells whether it is valid, and may change it.
        """
        choice = Choice(status, promise)
        try:
            ready = self._prepared(operation, choice, request.headers.get("accept"), wishes)
        except Unavailable:
            ready = self._prepared(operation, choice, None, wishes)
        return ready.response or self._finished(ready, operation, request, wishes, tell).response

    def showing(
        self,
        operation: Operation,
        request: Request,
        status: int,
        value: Json,
        fields: Pairs = (),
        *,
        has_all_fields: bool = True,
    ) -> Response:
        """A response that shows a value, or MISSING for the document's own; `fields` go before declared ones.

        Of those the required ones are made up, or all. A file stands as it is.
        Raises Unavailable where the value has no form that `Accept` leaves.
        """
        if value is MISSING:
            promise = _choice(operation, status, has_all_fields=has_all_fields).promise
            response = self.example(operation, promise, status, request)
            return replace(response, headers=_with_fields(response.headers.pairs, fields)) if fields else response
        key = (operation.key, status, has_all_fields, request.headers.get("accept"))
        ready = self._ready.get(key)
        if ready is None:
            choice = _choice(operation, status, has_all_fields=has_all_fields)
            ready = _kept(self._ready, key, self._open(operation, choice, request))
        if ready.headers is not None and isinstance(value, _OF_JSON):
            pairs = _with_fields(ready.fields.pairs, fields).pairs if fields else ()
            headers = Headers((ready.headers.pairs[0], *pairs)) if fields else ready.headers
            return Response(status, headers, _json_of(value, ready.content_type))
        pairs = _with_fields((*ready.fields.pairs, *self._led(ready, operation, request, value)), fields).pairs
        if isinstance(value, StoredFile):
            fits = ready.media_type is None or matches(ready.media_type.name, value.content_type)
            content_type = value.content_type if fits else ready.content_type
            return Response(status, Headers((("content-type", content_type), *pairs)), value.content)
        if ready.media_type is None:
            if ready.choice.promise:
                return Response(status, Headers(pairs))
            return Response(status, Headers((_JSON, *pairs)), encode_json(value).encode())
        return self._written(ready, value, pairs)

    def _open(self, operation: Operation, choice: Choice, request: Request) -> Ready:
        """What is known of an answer whose value is still to come."""
        if choice.promise is None:
            return Ready(choice)
        fields = self._fielder.fields(operation, choice.promise, choice.status)
        accept = request.headers.get("accept")
        chosen = self._chosen(choice, accept)
        if chosen is None:
            return Ready(choice, fields)
        content_type = concrete(chosen.name, accept)
        is_same = is_json(essence(content_type)) and not fields.leads
        headers = Headers((("content-type", content_type), *fields.pairs)) if is_same else None
        return Ready(choice, fields, chosen, content_type, headers=headers)

    def is_streamed(self, operation: Operation, request: Request, body: Json) -> bool:
        """Whether a stream answers a request, since its body asks for one or its `Accept` does."""
        names = self._streams.get(operation.key)
        if names is None:
            promise = choose(operation, None).promise
            offered = tuple(one.name for one in promise.content) if promise else ()
            names = self._streams[operation.key] = offered if any(map(is_stream, offered)) else ()
        if not names:
            return False
        place = best(names, request.headers.get("accept"))
        return self._is_stream_asked(operation, body) or (place is not None and is_stream(names[place]))

    def _is_stream_asked(self, operation: Operation, body: Json) -> bool:
        path = self._asking.get(operation.key, ())
        if path == ():
            path = self._asking[operation.key] = asking_member(self._contract, operation)
        return path is not None and is_asked(body, path)

    def _prepared(
        self, operation: Operation, choice: Choice, accept: str | None, wishes: Wishes, *, is_stream_asked: bool = False
    ) -> Ready:
        if choice.promise is None:
            return Ready(choice, response=Response(choice.status))
        fields = self._fielder.fields(operation, choice.promise, choice.status)
        chosen = (_stream_of(choice) if is_stream_asked else None) or self._chosen(choice, accept)
        if chosen is None:
            response = None if fields.leads else Response(choice.status, Headers(fields.pairs))
            return Ready(choice, fields, response=response)
        ready = Ready(choice, fields, chosen, concrete(chosen.name, accept), self._values.stated(chosen, wishes))
        if ready.value is MISSING or fields.leads:
            return ready
        return replace(ready, response=self._written(ready, ready.value, fields.pairs))

    def _chosen(self, choice: Choice, accept: str | None) -> MediaType | None:
        """The media type of the body; None where there is no body. Raises Unavailable where none is acceptable."""
        content = choice.promise.content if choice.promise else ()
        if not content or choice.status in _NO_BODY:
            return None
        place = best([one.name for one in content], accept)
        if place is None:
            offered = ", ".join(one.name for one in content)
            raise Unavailable(406, f"{accept} is not offered; there is: {offered}", "NOT_ACCEPTABLE")
        return content[place]

    def _finished(
        self, ready: Ready, operation: Operation, request: Request, wishes: Wishes, tell: Tell | None = None
    ) -> Given:
        """The answer to one request: data is made, fields are led to where the request tells."""
        seed = self._seed_of(operation, ready.choice.status, request, wishes)
        value = ready.value
        if value is MISSING and ready.media_type is not None:
            value = self._values.made(ready.media_type, wishes, seed)
            if tell is not None:
                shape = self._contract.shape(ready.media_type.schema)
                value = tell(value, shape, partial(self._values.is_valid, ready.media_type))
        pairs = (*ready.fields.pairs, *self._led(ready, operation, request, value))
        if ready.media_type is None:
            return Given(Response(ready.choice.status, Headers(pairs)))
        return Given(self._written(ready, value, pairs), value if isinstance(value, _OF_JSON) else MISSING)

    def _written(self, ready: Ready, value: Json, pairs: Pairs) -> Response:
        assert ready.media_type is not None
        if isinstance(value, _OF_JSON) and is_json(essence(ready.content_type)):
            headers = Headers((("content-type", ready.content_type), *pairs))
            return Response(ready.choice.status, headers, _json_of(value, ready.content_type))
        is_named = ready.media_type.name == ready.content_type
        media_type = ready.media_type if is_named else replace(ready.media_type, name=ready.content_type)
        body, content_type = encode(self._contract, media_type, value)
        return Response(ready.choice.status, Headers((("content-type", content_type), *pairs)), body)

    def _led(self, ready: Ready, operation: Operation, request: Request, body: Json) -> Iterator[tuple[str, str]]:
        for lead in ready.fields.leads:
            yield lead.field, lead.text(request.url, operation.path, body, lambda: self._word(operation, request))

    def _word(self, operation: Operation, request: Request) -> str:
        """A step of a path for what has no name of its own; the same for the same request."""
        return hashlib.sha256(self._seed_of(operation, 0, request, NO_WISHES).encode()).hexdigest()[:12]

    def _header_value(self, pointer: str, seed: str) -> Json:
        return self._values.sample(pointer, NO_WISHES, f"{self._seed}|{seed}")

    def _seed_of(self, operation: Operation, status: int, request: Request, wishes: Wishes) -> str:
        """What a sample hangs on: the mock's seed, the operation and the request, not the order of calls."""
        body = request.body if isinstance(request.body, bytes) else b""
        path, query = path_and_query(request.url)
        digest = hashlib.sha256(body).hexdigest()[:16] if body else ""
        return f"{self._seed}{wishes.seed}|{operation.key}|{status}|{path}|{query}|{digest}"


def _json_of(value: Json, content_type: str) -> bytes:
    try:
        return encode_json(value).encode()
    except ValueError as error:
        raise Unavailable(406, f"{content_type} is not made by this mock: {error}", "NOT_ACCEPTABLE") from None


def _stream_of(choice: Choice) -> MediaType | None:
    content = choice.promise.content if choice.promise else ()
    return next((one for one in content if essence(one.name) == EVENT_STREAM), None)


def _choice(operation: Operation, status: int, *, has_all_fields: bool) -> Choice:
    """A status and what is promised for it, with all of its header fields or the required ones."""
    promise = operation.promise_for(status)
    if promise is None or has_all_fields or not promise.headers:
        return Choice(status, promise)
    return Choice(status, replace(promise, headers=tuple(one for one in promise.headers if one.is_required)))


def _with_fields(pairs: Pairs, fields: Pairs) -> Headers:
    """Header fields with others in the place of those of their name; one without a value is left out."""
    names = {name.lower() for name, _ in fields}
    kept = (pair for pair in pairs if pair[0].lower() not in names)
    return Headers((*(pair for pair in fields if pair[1]), *kept))


def _kept(place: dict[Hashable, Ready], key: Hashable, made: Ready) -> Ready:
    """What was made, kept for the next; callers choose the keys, so there is a bound to them."""
    if len(place) >= _MOST_READY:
        place.clear()
    place[key] = made
    return made
