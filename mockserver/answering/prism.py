"""Answers as Prism gives them, where ours differ on purpose.

Examples are given whether they keep their schema or not; without one the value is static, unless data is to be made
up; what cannot be written is a fault. See Prism's manual, "Mocking", and `static` for the values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mockserver.answering.answerer import Answerer, Given, Ready
from mockserver.answering.choosing import Choice
from mockserver.answering.headers import Fielder, Fields, deprecation
from mockserver.answering.negotiation import best
from mockserver.answering.static import TooComplex, root_example, static_value
from mockserver.answering.values import Values
from mockserver.answering.wishes import NO_WISHES, Unavailable, Wishes
from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.coding.texts import encode_text
from syncdyn.openapi.coding.xml_writing import write_elements
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.messages import Headers, Json, Pairs, Request, Response
from syncdyn.openapi.operations import Header, MediaType, Operation, ResponsePromise

_ANYTHING = "*/*"
_DEFAULT = "default"
_NO_TEXT = "Cannot serialise complex objects as text"


@dataclass(frozen=True, slots=True)
class PrismValues(Values):
    """Values as Prism shows them."""

    def examples_of(self, chosen: MediaType) -> Mapping[str, Json]:
        """The examples by name; one without a name, or the schema's own, is called `default` and comes first."""
        examples = dict(chosen.examples)
        own = examples.pop("example", MISSING)
        if own is MISSING and chosen.schema is not None:
            own = root_example(self.contract.document, chosen.schema)
        return examples if own is MISSING else {_DEFAULT: own, **examples}

    def stated(self, chosen: MediaType, wishes: Wishes) -> Json:
        """The example wished for, else the first one, else the static value; MISSING where data is to be made up."""
        examples = self.examples_of(chosen)
        if wishes.example is not None:
            if wishes.example not in examples:
                key = f"exampleKey: {wishes.example}"
                raise Unavailable(404, f"Response for contentType: {chosen.name} and {key} does not exist.")
            if self.has_examples:
                return examples[wishes.example]
        elif self._is_dynamic_for(wishes) and chosen.schema is None:
            told = f"Tried to force a dynamic response for: {chosen.name} but schema is not defined."
            raise Unavailable(500, told, "UNKNOWN")
        elif not self._is_dynamic_for(wishes) and self.has_examples and examples:
            return next(iter(examples.values()))
        return MISSING if self._is_dynamic_for(wishes) else self._static(chosen.schema, "body")

    def sample(self, pointer: str, wishes: Wishes, seed: str) -> Json:
        if self._is_dynamic_for(wishes):
            return _sorted(super(PrismValues, self).sample(pointer, wishes, seed))
        return self._static(pointer, "header")

    def _static(self, pointer: str | None, what: str) -> Json:
        if pointer is None:
            return b""
        try:
            value = static_value(self.contract.document, pointer)
        except TooComplex:
            told = f"Unable to generate {what} for response. The schema is too complex to generate."
            raise Unavailable(500, told, "SCHEMA_TOO_COMPLEX") from None
        return b"" if value is MISSING else value

    def _is_dynamic_for(self, wishes: Wishes) -> bool:
        return self.is_dynamic if wishes.is_dynamic is None else wishes.is_dynamic


class PrismFielder(Fielder):
    """Makes fields as Prism does: a value that is neither a text nor a number is `null`."""

    def fields(self, operation: Operation, promise: ResponsePromise, status: int) -> Fields:
        """The declared fields, their examples first; `Deprecation` besides where the operation is deprecated."""
        pairs = [(header.name, self._text(header, operation, status)) for header in promise.headers]
        return Fields((*pairs, *deprecation(operation, promise)))

    def _text(self, header: Header, operation: Operation, status: int) -> str:
        if header.schema is None:
            return "null"
        if header.example is not None:
            return _plain_text(header.example)
        value = self._make(header.schema, f"{operation.key}|{status}|{header.name}")
        is_plain = isinstance(value, str | int | float) and not isinstance(value, bool)
        return _plain_text(value) if is_plain else "null"


class PrismAnswerer(Answerer):
    """Makes answers as Prism does."""

    values_type = PrismValues
    fielder_type = PrismFielder
    _values: PrismValues

    def answer(self, operation: Operation, request: Request, wishes: Wishes, body: Json = MISSING) -> Given:
        """The answer to a valid request; where the code that is wished for cannot be given, the usual one."""
        try:
            return super().answer(operation, request, wishes, body)
        except Unavailable as error:
            if wishes.code is None or error.kind == "UNPROCESSABLE_ENTITY" or not _has_response(operation, wishes.code):
                raise _in_prisms_words(error, operation, wishes) from None
            return super().answer(operation, request, replace(wishes, code=None), body)

    def refusal(self, operation: Operation, choice: Choice, wishes: Wishes = NO_WISHES) -> Response:
        """The document's own answer to a request that breaks it: the first example there is, else the first schema."""
        content = choice.promise.content if choice.promise else ()
        shown = next((one for one in content if self._values.examples_of(one)), None)
        chosen = shown or next((one for one in content if one.schema is not None), None)
        assert choice.promise is not None
        fields = self._fielder.fields(operation, choice.promise, choice.status)
        if chosen is None:
            return Response(choice.status, Headers(fields.pairs))
        wishes = replace(wishes, is_dynamic=False) if shown else replace(wishes, example=None)
        value = self._values.stated(chosen, wishes)
        if value is MISSING:
            value = self._values.made(chosen, wishes, operation.key)
        return self._written(Ready(choice, fields, chosen, chosen.name), value, fields.pairs)

    def _chosen(self, choice: Choice, accept: str | None) -> MediaType | None:
        content = choice.promise.content if choice.promise else ()
        open_ = next((one for one in content if one.name == _ANYTHING), None)
        if accept is None and open_ is not None:
            return open_
        place = best([one.name for one in content], accept or f"application/json, {_ANYTHING}", is_prisms=True)
        if place is None and content and choice.status != 204 and _ANYTHING not in (accept or ""):
            raise Unavailable(406, f"Unable to find content for {accept}", "NOT_ACCEPTABLE")
        return None if place is None else content[place]

    def _prepared(
        self, operation: Operation, choice: Choice, accept: str | None, wishes: Wishes, *, is_stream_asked: bool = False
    ) -> Ready:
        if choice.promise is None:
            raise Unavailable(500, "", "NO_RESPONSE_RESPONSE_DEFINED")
        ready = super()._prepared(operation, choice, accept, wishes, is_stream_asked=is_stream_asked)
        if ready.media_type is None and accept is None and ready.response is not None:
            # Where nothing is said of a body, Prism says that it is text.
            pairs = (("content-type", "text/plain"), *ready.response.headers.pairs)
            return replace(ready, response=replace(ready.response, headers=Headers(pairs)))
        return ready

    def _written(self, ready: Ready, value: Json, pairs: Pairs) -> Response:
        assert ready.media_type is not None
        name = "text/plain" if ready.media_type.name == _ANYTHING else ready.content_type
        head = Headers((*(pair for pair in pairs if pair[0].lower() != "content-type"), ("content-type", name)))
        return Response(ready.choice.status, head, _encoded(media.essence(name), value))


def _sorted(value: Json) -> Json:
    """The value with the members of its objects by name, as Prism gives what it makes up."""
    if isinstance(value, Mapping):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def _plain_text(value: Json) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain_text, value))
    return encode_text(_as_script(value))


def _has_response(operation: Operation, code: str) -> bool:
    return operation.promise_for(int(code)) is not None


def _in_prisms_words(error: Unavailable, operation: Operation, wishes: Wishes) -> Unavailable:
    if error.kind == "NOT_FOUND" and wishes.code is not None and not _has_response(operation, wishes.code):
        return Unavailable(404, f"Requested status code {wishes.code} is not defined in the document.")
    return error


def _encoded(name: str, value: Json) -> bytes:
    """The bytes of a value in Prism's forms: JSON, XML of elements alone, or a text."""
    if isinstance(value, bytes):
        return value
    value = _as_script(value)
    if media.is_json(name):
        return encode_json(value).encode()
    if isinstance(value, str):
        return value.encode()
    if name == "application/xml" or name.endswith("+xml"):
        return write_elements("xml", value).encode()
    if name.startswith("text/"):
        raise Unavailable(500, _NO_TEXT, "NO_COMPLEX_OBJECT_TEXT")
    raise Unavailable(500, f"Cannot find serializer for {name}", "UNKNOWN")


def _as_script(value: Json) -> Json:
    """The value with numbers as JavaScript has them: 1.0 is 1."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(value)
    if isinstance(value, Mapping):
        return {name: _as_script(member) for name, member in value.items()}
    return [_as_script(item) for item in value] if isinstance(value, list) else value
