"""What a call can raise. One handler, `except ApiError`, catches all of it.

ApiError                         anything that ends a call without its result
 +- ConfigurationError           the client lacks what it needs (a key, a base URL)
 +- RequestValidationError       the arguments break the contract; nothing was sent
 +- ResponseValidationError      the answer breaks the contract; it carries the data (strict mode)
 +- UnexpectedResponseError      a 2xx answer that cannot be read as what was promised
 +- ApiConnectionError           no answer: the network failed
 |   +- ApiTimeoutError          no answer in time
 +- ApiStatusError               the service answered with an error status
 |   +- BadRequestError 400, UnauthorizedError 401, PaymentRequiredError 402, ForbiddenError 403,
 |      NotFoundError 404, ConflictError 409, PayloadTooLargeError 413, UnprocessableEntityError 422,
 |      TooManyRequestsError 429
 |   +- ServerError 5xx
 |       +- InternalServerError 500, ServiceUnavailableError 503, GatewayTimeoutError 504
 +- WaitError                    the job waited for did not succeed; it carries the last result
     +- JobFailedError           it ended in a failure state
     +- WaitTimeoutError         it had not ended by the deadline
 +- DownloadError                a download that cannot be done or finished
WebhookVerificationError         a webhook that is not genuine or breaks its contract
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from syncdyn.openapi.errors import SyncdynError, Violation, describe
from syncdyn.openapi.messages import Headers, Json, Request, Response

_NO_HEADERS = Headers()


class ApiError(SyncdynError):
    """Anything that ends a call without its result.

    `status_code` is None when there was no answer; `body` is plain data (what JSON gives, else text);
    `error_code` is the service's own code; `request` is what was sent, without credentials.
    """

    def __init__(
        self,
        message: str | None = None,
        *,
        status_code: int | None = None,
        body: Json = None,
        headers: Mapping[str, str] | None = None,
        request: Request | None = None,
        request_id: str | None = None,
        error_code: str | None = None,
        operation: str | None = None,
    ) -> None:
        self.message = message if message is not None else _default_message(status_code, body)
        super().__init__(self.message)
        self.status_code = status_code
        self.body = body
        self.headers = headers if headers is not None else _NO_HEADERS
        self.request = request
        self.request_id = request_id
        self.error_code = error_code
        self.operation = operation

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        # Keyword-only facts would be lost by the way exceptions are pickled by default.
        return (_rebuild, (type(self), self.__dict__))


def _rebuild(kind: type[ApiError], facts: dict[str, Any]) -> ApiError:
    error = kind.__new__(kind, facts["message"])
    Exception.__init__(error, facts["message"])
    error.__dict__.update(facts)
    return error


def _default_message(status_code: int | None, body: Json) -> str:
    return f"status_code: {status_code}, body: {body}"


class ConfigurationError(ApiError):
    """The client cannot be made as asked: a key, a base URL or an option is missing or impossible."""


class RequestValidationError(ApiError):
    """The arguments break the contract. Nothing was sent; `violations` lists every fault."""

    def __init__(self, operation: str, violations: Sequence[Violation]) -> None:
        count = f"{len(violations)} fault" + ("s" if len(violations) != 1 else "")
        super().__init__(
            f"{operation} was not sent, its arguments have {count}:\n{describe(violations)}",
            operation=operation,
        )
        self.violations = tuple(violations)


class ResponseValidationError(ApiError):
    """The service broke the contract. `data` is the result all the same, `violations` what is wrong with it.

    `response` is the answer as it came: status, header fields and the body's bytes.
    """

    def __init__(
        self,
        operation: str,
        violations: Sequence[Violation],
        data: Any,
        response: Response | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(response_fault(operation, violations), operation=operation, **facts)
        self.violations = tuple(violations)
        self.data = data
        self.response = response


class ContractWarning(UserWarning):
    """An answer of the service differs from what the document promises; the result is given all the same.

    Where warnings are made errors it ends the call: then `data` is the result and `violations` what is wrong
    with it. For a request that is sent all the same `data` is None.
    """

    def __init__(self, message: str = "", violations: Sequence[Violation] = (), data: Any = None) -> None:
        super().__init__(message)
        self.violations = tuple(violations)
        self.data = data


def response_fault(operation: str, violations: Sequence[Violation]) -> str:
    """The sentence for an answer that breaks the contract."""
    return f"the answer to {operation} breaks the contract of the service:\n{describe(violations)}"


class UnexpectedResponseError(ApiError):
    """The service answered with success, but with something that cannot be read."""


class ApiConnectionError(ApiError):
    """There was no answer. Whether the service received the request is not known."""


class ApiTimeoutError(ApiConnectionError):
    """There was no answer in time. Whether the service received the request is not known."""


class ApiStatusError(ApiError):
    """The service answered with an error status."""


class BadRequestError(ApiStatusError):
    """400: the service refused the input."""


class UnauthorizedError(ApiStatusError):
    """401, or no token from the token endpoint: the credentials are missing or wrong."""


class PaymentRequiredError(ApiStatusError):
    """402: the plan or the balance does not allow it."""


class ForbiddenError(ApiStatusError):
    """403: these credentials may not do this."""


class NotFoundError(ApiStatusError):
    """404: nothing of that name."""


class ConflictError(ApiStatusError):
    """409: it clashes with the present state."""


class PayloadTooLargeError(ApiStatusError):
    """413: the body is larger than the service takes."""


class UnprocessableEntityError(ApiStatusError):
    """422: well-formed, and refused."""


class TooManyRequestsError(ApiStatusError):
    """429: a rate or concurrency limit was reached."""


class ServerError(ApiStatusError):
    """5xx: the service failed."""


class InternalServerError(ServerError):
    """500: the service failed."""


class ServiceUnavailableError(ServerError):
    """503: the service is away for now."""


class GatewayTimeoutError(ServerError):
    """504: something behind the service took too long."""


class WaitError(ApiError):
    """What was waited for did not come. `result` is the last answer, `state` its state."""

    def __init__(self, message: str, *, result: Any, state: str | None, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.result = result
        self.state = state


class JobFailedError(WaitError):
    """The job ended in a state of failure."""


class WaitTimeoutError(WaitError):
    """The job had not ended by the deadline; it may still end."""


class DownloadError(ApiError):
    """A download that cannot be begun or finished."""


class WebhookVerificationError(SyncdynError, ValueError):
    """A webhook that is not genuine, or that breaks its contract (then with `violations`)."""

    def __init__(self, message: str, violations: Sequence[Violation] = ()) -> None:
        super().__init__(message)
        self.violations = tuple(violations)


STATUS_ERRORS: Mapping[int, type[ApiStatusError]] = MappingProxyType(
    {
        400: BadRequestError,
        401: UnauthorizedError,
        402: PaymentRequiredError,
        403: ForbiddenError,
        404: NotFoundError,
        409: ConflictError,
        413: PayloadTooLargeError,
        422: UnprocessableEntityError,
        429: TooManyRequestsError,
        500: InternalServerError,
        503: ServiceUnavailableError,
        504: GatewayTimeoutError,
    }
)


def error_for(status: int) -> type[ApiStatusError]:
    """The class for an error status."""
    return STATUS_ERRORS.get(status, ServerError if status >= 500 else ApiStatusError)
