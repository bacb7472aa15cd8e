"""One call, first attempt to last, as a generator of what it wants done.

Whoever drives it does the sending and the waiting; see `transport` for the two drivers.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, TypeVar
from urllib.parse import urljoin

from syncdyn.credentials import ALWAYS_PRIVATE
from syncdyn.errors import ApiConnectionError, ApiError, ApiTimeoutError, UnexpectedResponseError
from syncdyn.openapi.coding.files import Once
from syncdyn.openapi.messages import Headers, Request, Response
from syncdyn.openapi.urls import is_absolute, origin_of, shown_host, without_userinfo
from syncdyn.retry import Failure, RetryPolicy

T = TypeVar("T")

#: Whatever the caller gave as a timeout; None for the transport's own.
Timeout: TypeAlias = Any

_MOST_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Send:
    """Send this. Answered with the response, or the failure to get one.

    `is_trusted` is False where the client's own credentials must stay at home. `is_stream` asks for the
    body to be left unread: the answer is then an open Stream. `auth` is an auth object of the HTTP library,
    which stays at home as well.
    """

    request: Request
    timeout: Timeout = None
    most_seconds: float | None = None
    is_trusted: bool = True
    is_stream: bool = False
    auth: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Now:
    """Tell the time, in seconds since the epoch; it never runs backwards."""


@dataclass(frozen=True, slots=True)
class Read:
    """Read on in an open Stream, at most so many bytes. Answered with bytes, None at the end, or a failure.

    Waiting longer than `most_seconds` is a failure, as far as the driver can keep to it.
    """

    stream: Any
    most_bytes: int | None = None
    most_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """Close an open Stream, read to its end or not. The driver closes what a flow leaves open when it ends."""

    stream: Any


@dataclass(frozen=True, slots=True)
class Tell:
    """Call a function of the caller's, such as a progress callback; one that is awaitable is awaited."""

    callback: Callable[..., Any]
    arguments: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Emit:
    """Hand one value to whoever iterates over the flow."""

    value: Any


Step: TypeAlias = "Send | Wait | Now | Read | Close | Tell | Emit"
Flow: TypeAlias = Generator[Step, Any, T]

NOW = Now()
#: The `home` of a request to where no credentials may go.
NOBODY = "null"


@dataclass(frozen=True, slots=True)
class Policy:
    """How a call is carried out; `deadline` is seconds for all of it, tries and waits included."""

    retry: RetryPolicy = field(default_factory=RetryPolicy)
    timeout: Timeout = None
    deadline: float | None = None
    follow_redirects: bool = True
    random: Callable[[], float] = field(default=lambda: 0.5)
    #: Header fields that carry credentials, in lower case.
    private_headers: frozenset[str] = frozenset()
    #: An auth object of the HTTP library, for where credentials may go.
    auth: Any = field(default=None, repr=False)


def exchange(
    name: str,
    request: Request,
    policy: Policy,
    *,
    is_repeatable: bool,
    is_stream: bool = False,
    home: str | None = None,
    shown: Callable[[Request], Request] | None = None,
) -> Flow[Any]:
    """The answer to a request, after as many tries as the policy allows.

    `home` is a URL of the origin that credentials are for; left out, it is that of the request. `shown` gives
    the request as an error may carry it.
    Raises ApiTimeoutError and ApiConnectionError when there is none, UnexpectedResponseError for one whose body
    cannot be decoded.
    """
    ends = yield from end_of(policy)
    retries = 0
    if type(request.body) is Once:
        policy = replace(policy, retry=replace(policy.retry, max_retries=0))
    while True:
        outcome, last = yield from _follow(request, policy, ends, is_stream, home)
        if not isinstance(outcome, Failure) and outcome.status < 400:
            return outcome
        now = yield NOW
        was_turned = last.method != request.method
        delay = policy.retry.delay_after(
            retries, outcome, is_repeatable=is_repeatable, random=policy.random, now=now, was_answered=was_turned
        )
        if delay is None or (ends is not None and now + delay >= ends):
            if isinstance(outcome, Failure):
                bare = shown(request) if shown else shown_request(request, policy.private_headers)
                where = shown_host(last.url)
                raise no_answer(name, bare, outcome, retries, is_once=type(request.body) is Once, where=where)
            return outcome
        retries += 1
        if is_stream and not isinstance(outcome, Failure):
            yield Close(outcome)
        if delay > 0:
            yield Wait(delay)


def end_of(policy: Policy) -> Flow[float | None]:
    """The moment at which a call that begins now must be at its end; None for no deadline."""
    return None if policy.deadline is None else (yield NOW) + policy.deadline


def _follow(request: Request, policy: Policy, ends: float | None, is_stream: bool, home: str | None) -> Flow[Any]:
    """One try: the answer at the end of the redirects that may be followed, and the request that it is to."""
    home = home or request.url
    is_trusted = home is request.url or origin_of(request.url) == origin_of(home)
    outcome = yield from _send(request, policy, ends, is_trusted, is_stream)
    for _ in range(_MOST_REDIRECTS if policy.follow_redirects else 0):
        following = None if isinstance(outcome, Failure) else redirected(request, outcome)
        if following is None:
            break
        if is_stream:
            yield Close(outcome)
        is_trusted = is_trusted and origin_of(following.url) == origin_of(home)
        request = following if is_trusted else without_credentials(following, policy.private_headers)
        outcome = yield from _send(request, policy, ends, is_trusted, is_stream)
    return outcome, request


def _send(request: Request, policy: Policy, ends: float | None, is_trusted: bool, is_stream: bool) -> Flow[Any]:
    left = None if ends is None else ends - (yield NOW)
    return (yield Send(request, policy.timeout, left, is_trusted, is_stream, policy.auth))


def redirected(request: Request, response: Response) -> Request | None:
    """The request that a redirect leads to; None when it leads nowhere or must not be followed.

    A method other than GET and HEAD is never turned into GET by 301 or 302: the answer to a request that was
    not made as asked would be taken for the answer to the one that was.
    Source: RFC 9110, section 15.4.
    """
    location = response.headers.get("location") if response.status in _REDIRECTS else None
    if location is None:
        return None
    try:
        target = urljoin(request.url, location)
    except ValueError:
        return None
    if not is_absolute(target):
        return None
    if response.status in (307, 308) or request.method in ("GET", "HEAD"):
        return None if isinstance(request.body, Once) else replace(request, url=target)
    if response.status == 303:
        headers = request.headers.replace(content_type=None, content_length=None)
        return Request("GET", target, headers)
    return None


def without_credentials(request: Request, private_headers: frozenset[str]) -> Request:
    """The same request without the header fields that carry credentials."""
    private = ALWAYS_PRIVATE | private_headers
    kept = [pair for pair in request.headers.pairs if pair[0].lower() not in private]
    return replace(request, headers=Headers(kept))


def shown_request(request: Request, private_headers: frozenset[str]) -> Request:
    """The request as an error may carry it: no credentials in header fields or URL, no contents of files."""
    bare = without_credentials(request, private_headers)
    body = bare.body
    if isinstance(body, tuple):
        body = tuple(replace(part, content=b"") if part.file_name is not None else part for part in body)
    elif not isinstance(body, bytes):
        body = b""
    return replace(bare, url=without_userinfo(bare.url), body=body)


def no_answer(
    name: str, request: Request, failure: Failure, retries: int = 0, *, is_once: bool = False, where: str | None = None
) -> ApiError:
    """The error that a failure comes to; of a body that can be sent once only it says so.

    `where` is the host that did not answer, which after a redirect is not the one that was asked.
    """
    tries = "" if retries == 0 else f" after {retries + 1} tries"
    tries += " (its body comes piece by piece and cannot be sent again)" if is_once else ""
    asked = shown_host(request.url)
    host = asked if where in (None, asked) else f"{where} (redirected to it by {asked})"
    facts: dict[str, Any] = {"request": request, "operation": name}
    reason = str(failure.error) or type(failure.error).__name__
    error: ApiError
    if failure.response is not None:
        facts |= {"status_code": failure.response.status, "headers": failure.response.headers}
        coding = failure.response.headers.get("content-encoding", "none")
        error = UnexpectedResponseError(
            f"{name} answered {failure.response.status}, but the body could not be decoded "
            f"(Content-Encoding: {coding}): {reason}",
            **facts,
        )
    elif failure.is_timeout:
        error = ApiTimeoutError(f"{name} got no answer from {host} in time{tries}: {reason}", **facts)
    elif failure.was_sent:
        told = f"the connection to {host} broke off before the answer{tries}: {reason}; it may have been carried out"
        error = ApiConnectionError(f"{name}: {told}", **facts)
    else:
        message = f"{name} could not reach {host}{tries}: {reason}; is it up, and the base URL right?"
        error = ApiConnectionError(message, **facts)
    error.__cause__ = failure.error
    return error
