"""openapi-core in place of our own checker: does it find this message to keep the operation's promise?

It decides about values, parameters, statuses and credentials. Four things are not left to it: which
operation is meant (known), the parts of a multipart form (it reads every field as text or bytes), what
XML says (it reads none by its schema), and whether a response may have more than was promised (told, but
tolerated, as with our own checker).
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.media_types import MULTIPART, essence
from syncdyn.openapi.coding.xml_reading import decode_xml
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.messages import Json, Part, Request, Response
from syncdyn.openapi.operations import MediaType, Operation
from syncdyn.openapi.opinion.part_writing import render_parts
from syncdyn.openapi.records import stand_in
from syncdyn.openapi.schemas.normalise import Direction

if TYPE_CHECKING:
    from collections.abc import Callable

    from openapi_core import OpenAPI


class SecondOpinion:
    """What openapi-core finds in the messages of one contract; it is imported and built on first use.

    One serves any number of threads. A deprecated parameter gives its DeprecationWarning.
    """

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._core: OpenAPI | None = None
        self._building = threading.Lock()

    def check_request(self, operation: Operation, request: Request) -> tuple[Violation, ...]:
        """Every violation in a request as it is sent, credentials included, to whatever base URL.

        Parts of files are not read: a schema sees an empty text in their place.
        """
        return self._check_request(self._built().request_validator.iter_errors, operation, request)

    def check_webhook(self, operation: Operation, request: Request) -> tuple[Violation, ...]:
        """Every violation in a request that the service sent to a webhook of `contract.webhooks`."""
        return self._check_request(self._built().webhook_request_validator.iter_errors, operation, request)

    def check_response(self, operation: Operation, request: Request, response: Response) -> tuple[Violation, ...]:
        """Every violation in the response to a request."""
        from syncdyn.openapi.opinion.core_adapter import adapt_request, adapt_response

        promise = operation.promise_for(response.status)
        try:
            value = self._xml(promise.content if promise else (), response.content_type or "", response.body)
        except media.MalformedBody as error:
            return (Violation("body", (), str(error), "malformed"),)
        asked = adapt_request(operation, replace(request, body=b""))
        check = partial(self._built().response_validator.iter_errors, asked, adapt_response(response, value))
        return tuple(_violations(check, Direction.RESPONSE))

    def _check_request(
        self, errors: Callable[..., Iterator[Exception]], operation: Operation, request: Request
    ) -> tuple[Violation, ...]:
        from syncdyn.openapi.opinion.core_adapter import adapt_request

        try:
            if not isinstance(request.body, bytes | tuple):
                # What is read while it is sent cannot be judged before.
                request = replace(request, body=b"")
            value = self._value(operation, request)
        except media.MalformedBody as error:
            return (Violation("body", (), str(error), "malformed"),)
        asked = adapt_request(operation, request, value)
        given = asked.parameters.query.keys()
        found = _violations(partial(errors, asked), Direction.REQUEST)
        return tuple(one for one in found if not _is_of_nothing(one, operation, given))

    def _value(self, operation: Operation, request: Request) -> Json:
        """The value of a multipart form, with an empty text for each file, or of XML; MISSING of any other body."""
        if isinstance(request.body, tuple):
            body, content_type = render_parts(map(_without_file, request.body))
        else:
            body, content_type = request.body, request.content_type or ""
        if operation.request_body is None:
            return MISSING
        content = operation.request_body.content
        if essence(content_type) != MULTIPART:
            return self._xml(content, content_type, body)
        media_type = media.best_match(content, content_type)
        shape = self.contract.shape(media_type.schema) if media_type else None
        return stand_in(media.decode_body(media_type, shape, content_type, body))

    def _xml(self, content: Sequence[MediaType], content_type: str, body: bytes) -> Json:
        """The value of XML as its schema lays it out; MISSING of any other body."""
        media_type = media.best_match(content, content_type)
        if media_type is None or media_type.schema is None or not media.is_xml(essence(content_type)):
            return MISSING
        return decode_xml(self.contract.shape(media_type.schema), body)

    def _built(self) -> OpenAPI:
        with self._building:
            if self._core is None:
                from syncdyn.openapi.opinion.core_adapter import build

                self._core = build(self.contract.document)
            return self._core


def _is_of_nothing(violation: Violation, operation: Operation, given: Collection[str]) -> bool:
    """Whether the fault is in an optional parameter that was not given.

    openapi-core refuses styles that it cannot read (arrays as deepObject) before it looks for a value.
    """
    if violation.location != "query" or violation.keyword != "malformed":
        return False
    (name,) = violation.path
    is_given = any(key == name or key.startswith(f"{name}[") for key in given)
    required = {one.name for one in operation.parameters if one.location == "query" and one.is_required}
    return not is_given and name not in required


def _without_file(part: Part) -> Part:
    return part if part.file_name is None else replace(part, content=b"")


def _violations(check: Callable[[], Iterator[Exception]], direction: Direction) -> Iterator[Violation]:
    from syncdyn.openapi.opinion.core_errors import violations_of

    errors: list[Exception] = []
    try:
        errors.extend(check())
    except Warning:
        raise
    except Exception as error:
        # A document that openapi-core cannot read must not look like one that it agreed with.
        errors.append(error)
    for found in errors:
        yield from violations_of(found, direction)
