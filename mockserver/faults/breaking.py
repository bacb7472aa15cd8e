"""Bodies that a client must not take: JSON that breaks its schema, text that is no JSON, the wrong media type."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from itertools import islice

from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import OBJECT, Headers, Json, Response
from syncdyn.openapi.operations import MediaType, Operation
from syncdyn.openapi.schemas.normalise import Direction

#: So many changes are tried; a schema that allows them all has nothing to break.
_MOST_TRIES = 400
_UNDECLARED = "undeclared-by-the-document"
_OF_EACH_TYPE: tuple[Json, ...] = (None, 1.5, [], {}, "text", True)
_OTHER_TYPES = ("text", "html"), ("application", "octet-stream"), ("application", "xml"), ("image", "png")


def malformed(response: Response, seed: str) -> Response:
    """The response with a body that is no JSON, made from what it was."""
    text = response.body.decode("utf-8", "replace") or "{}"
    ways: list[Callable[[str], str]] = [_unclosed, _with_comma, _with_apostrophes]
    random.Random(seed).shuffle(ways)
    broken = next((made for way in ways if not _is_json(made := way(text))), f'{{"{text[:20]}')
    headers = response.headers if response.headers.get("content-type") else _typed(response, "application/json")
    return Response(response.status, headers, broken.encode())


def breaking_schema(contract: Contract, operation: Operation | None, response: Response, seed: str) -> Response:
    """The response with a JSON body that breaks its schema; the same where nothing would break it."""
    promise = operation.promise_for(response.status) if operation else None
    media_type = media.best_match(promise.content, response.content_type or "") if promise else None
    if media_type is None or media_type.schema is None:
        return response
    try:
        value = json.loads(response.body)
    except ValueError:
        return response
    broken = next(_broken(contract, media_type, value, random.Random(seed)), None)
    return response if broken is None else Response(response.status, response.headers, encode_json(broken[0]).encode())


def wrongly_typed(operation: Operation | None, response: Response) -> Response:
    """The response under a media type that the document does not name for it."""
    promise = operation.promise_for(response.status) if operation else None
    content = promise.content if promise else ()
    names = ["/".join(pair) for pair in _OTHER_TYPES]
    chosen = next((name for name in names if media.best_match(content, name) is None), names[-1])
    return Response(response.status, _typed(response, chosen), response.body)


def _broken(contract: Contract, media_type: MediaType, value: Json, rng: random.Random) -> Iterator[tuple[Json]]:
    assert media_type.schema is not None
    validator = contract.schemas.validator(media_type.schema, Direction.RESPONSE)
    candidates = list(islice(_changed(value), _MOST_TRIES))
    rng.shuffle(candidates)
    yield from ((one,) for one in candidates if not validator.is_valid(one))


def _changed(value: Json) -> Iterator[Json]:
    """The value with one thing changed, in each way: a member left out, one of another type, an undeclared text."""
    if isinstance(value, OBJECT):
        for name, member in value.items():
            yield {key: one for key, one in value.items() if key != name}
            yield from ({**value, name: changed} for changed in _changed(member))
    if isinstance(value, list):
        for index, item in enumerate(value[:3]):
            yield from ([*value[:index], changed, *value[index + 1 :]] for changed in _changed(item))
    if isinstance(value, str):
        yield _UNDECLARED
    yield from (other for other in _OF_EACH_TYPE if type(other) is not type(value))


def _unclosed(text: str) -> str:
    return text.rstrip()[:-1]


def _with_comma(text: str) -> str:
    return f"{text.rstrip()[:-1]},{text.rstrip()[-1:]}"


def _with_apostrophes(text: str) -> str:
    return text.replace('"', "'")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _typed(response: Response, content_type: str) -> Headers:
    return response.headers.replace(content_type=content_type)
