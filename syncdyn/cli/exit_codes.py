"""Exit codes: what each means, and which error ends the program with which. The one table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from syncdyn.errors import (
    ApiStatusError,
    ConfigurationError,
    JobFailedError,
    RequestValidationError,
    ResponseValidationError,
    UnexpectedResponseError,
    WaitTimeoutError,
    WebhookVerificationError,
)

OK = 0
FAILED = 1
USAGE = 2
REQUEST_BREAKS_CONTRACT = 6
RESPONSE_BREAKS_CONTRACT = 7
WAIT_TIMED_OUT = 8
JOB_FAILED = 9
INTERRUPTED = 130

MEANINGS: Mapping[int, str] = MappingProxyType(
    {
        OK: "done",
        FAILED: "failed: no connection, a file that cannot be written, ...",
        USAGE: "called wrongly: an option, a file to read or the API key",
        3: "the server answered with a 3xx status",
        4: "the server answered with a 4xx status",
        5: "the server answered with a 5xx status",
        REQUEST_BREAKS_CONTRACT: "the request breaks the contract; it was not sent",
        RESPONSE_BREAKS_CONTRACT: "the response, or a webhook, breaks the contract",
        WAIT_TIMED_OUT: "the wait timed out; the job goes on",
        JOB_FAILED: "the job failed, or some of its items",
        INTERRUPTED: "interrupted by Ctrl-C",
    }
)

_CODES: Mapping[type[BaseException], int] = MappingProxyType(
    {
        ConfigurationError: USAGE,
        RequestValidationError: REQUEST_BREAKS_CONTRACT,
        ResponseValidationError: RESPONSE_BREAKS_CONTRACT,
        UnexpectedResponseError: RESPONSE_BREAKS_CONTRACT,
        WebhookVerificationError: RESPONSE_BREAKS_CONTRACT,
        WaitTimeoutError: WAIT_TIMED_OUT,
        JobFailedError: JOB_FAILED,
        KeyboardInterrupt: INTERRUPTED,
    }
)
_FAMILIES = frozenset({3, 4, 5})


def exit_code(error: BaseException) -> int:
    """The exit code for an error; 1 for one of no kind of its own."""
    if isinstance(error, ApiStatusError):
        family = (error.status_code or 0) // 100
        return family if family in _FAMILIES else FAILED
    return next((_CODES[kind] for kind in type(error).__mro__ if kind in _CODES), FAILED)


def described() -> str:
    """The table as text for a help page, one code to a line."""
    return "\n".join(["Exit codes:", *(f"  {code:>3}  {meaning}" for code, meaning in MEANINGS.items())])
