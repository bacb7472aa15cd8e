"""One method of an API: from its arguments to its result, as a flow."""

from __future__ import annotations

import inspect
import os
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from syncdyn import documenting
from syncdyn.arguments import Arguments
from syncdyn.credentials import Placed
from syncdyn.errors import ConfigurationError, ContractWarning, RequestValidationError
from syncdyn.flow import Flow, Policy, end_of, shown_request
from syncdyn.model import Types
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import Violation, describe
from syncdyn.openapi.messages import Request
from syncdyn.openapi.operations import Operation
from syncdyn.options import Options, Strictness, read_options
from syncdyn.plans import Plans
from syncdyn.reporting import Reporter, levels_to_caller
from syncdyn.request import Misfit, Plan, with_credentials, with_key
from syncdyn.response import Judge, RawResponse, ResponseReader
from syncdyn.retry import IDEMPOTENT_METHODS
from syncdyn.security.access import Access, Authenticator, exchange_as
from syncdyn.security.servers import Servers
from syncdyn.streaming import read_stream


@dataclass(frozen=True, slots=True)
class Opinion:
    """Another validator, asked in place of our own: what it finds in a request and in an exchange."""

    request: Callable[[Operation, Request], tuple[Violation, ...]]
    response: Judge


@dataclass(frozen=True)
class Settings:
    """All that the calls of one client share."""

    contract: Contract
    types: Types
    servers: Servers
    authenticator: Authenticator
    policy: Policy = field(default_factory=Policy)
    options: Options = field(default_factory=lambda: Options(Strictness()))
    opinion: Opinion | None = None
    user_agent: str = "syncdyn"
    new_key: Callable[[], str] = field(default=lambda: os.urandom(16).hex())

    def shown(self, request: Request) -> Request:
        """A request as it may be shown: without credentials and the contents of files."""
        url = self.authenticator.privacy.mask_url(request.url)
        return shown_request(replace(request, url=url), self.policy.private_headers)

    def reporter(self, name: str, unauthorized: str) -> Reporter:
        """Tells what is wrong with the answers to what is called by a name."""
        return Reporter(self.contract, name, self.shown, self.authenticator.privacy.mask, unauthorized)

    def policy_for(self, options: Options) -> Policy:
        """How a call with these options is carried out."""
        if options is self.options:
            return self.policy
        retry = self.policy.retry
        if options.max_retries is not None:
            retry = replace(retry, max_retries=options.max_retries)
        return replace(
            self.policy,
            retry=retry,
            timeout=self.policy.timeout if options.timeout is None else options.timeout,
            deadline=self.policy.deadline if options.deadline is None else options.deadline,
        )


class Method:
    """A method of a resource; `call` is the flow of one call. Everything is compiled on first use."""

    def __init__(self, settings: Settings, name: str, key: str, media_type: str | None = None) -> None:
        self.settings = settings
        self.name = name
        #: The key of the operation it calls.
        self.key = key
        self._media_type = media_type

    @cached_property
    def operation(self) -> Operation:
        """The operation it calls."""
        return self.settings.contract.operations[self.key]

    @cached_property
    def plans(self) -> Plans:
        return Plans(self.settings.contract, self.operation, self._media_type)

    @property
    def plan(self) -> Plan:
        """The plan of a call whose arguments do not ask for another."""
        return self.plans.default

    @cached_property
    def reader(self) -> ResponseReader:
        settings = self.settings
        return ResponseReader(
            settings.contract, settings.types, self.operation, settings.reporter(self.name, self._access.remedy)
        )

    @cached_property
    def _is_idempotent(self) -> bool:
        stated = self.operation.extensions.get("x-syncdyn-idempotent")
        return stated is True or self.operation.method in IDEMPOTENT_METHODS

    @cached_property
    def _base_url(self) -> str:
        return self.settings.servers.base_url_of(self.operation)

    @cached_property
    def _access(self) -> Access:
        return self.settings.authenticator.access(self.operation.security, self._base_url)

    def call(
        self, positional: tuple[Any, ...], named: Mapping[str, Any], url: str | None = None
    ) -> Flow[RawResponse[Any]]:
        """One call: arguments checked, request sent as often as needed, answer checked and read.

        `url`, of the same origin, takes the place of the request's own: that to which an answer has led.
        Raises what `errors` lists below ApiError.
        """
        settings = self.settings
        request, options, is_repeatable = self._asked(positional, named)
        if url is not None:
            request = self._moved(request, url)
        policy = settings.policy_for(options)
        request, response = yield from self._exchange(request, policy, is_repeatable=is_repeatable)
        judge = settings.opinion.response if settings.opinion else None
        return self.reader.read(request, response, options.strictness.response, judge)

    def _moved(self, request: Request, url: str) -> Request:
        """The request at another URL; credentials in the URL are added where what led there left them out."""
        parts = urlsplit(url)
        # What is had anew for each call is added when the call is sent.
        added = {name for name, _ in self._access.sample.query}
        pairs = [pair for pair in parts.query.split("&") if pair.partition("=")[0] not in added]
        names = {pair.partition("=")[0] for pair in pairs}
        missing = tuple(pair for pair in self._access.placed.query if pair[0] not in names)
        # Of the same origin, it takes the user name and password of the base URL.
        there = parts._replace(netloc=urlsplit(request.url).netloc, query="&".join(pairs)).geturl()
        return with_credentials(replace(request, url=there), Placed(query=missing))

    def stream(self, positional: tuple[Any, ...], named: Mapping[str, Any]) -> Flow[None]:
        """One call whose answer is read as it comes: emits a streaming.Head, then item after item.

        Raises what `call` raises; ApiConnectionError also where the stream breaks off.
        """
        request, options, is_repeatable = self._asked(positional, named)
        policy = self.settings.policy_for(options)
        ends = yield from end_of(policy)
        request, stream = yield from self._exchange(request, policy, is_repeatable=is_repeatable, is_stream=True)
        yield from read_stream(self.reader, request, stream, options, ends)

    def _asked(self, positional: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Request, Options, bool]:
        """The request of a call, its options, and whether it may arrive twice."""
        settings, plans = self.settings, self.plans
        named = dict(named)
        options, faults = read_options(named.pop("request_options", None), settings.options)
        try:
            is_open = plans.is_open or options.content_type is not None
            plan = plans.chosen(named, options.content_type) if is_open else plans.default
            arguments = plan.collect(positional, named)
            arguments.faults += faults
            has_key = with_key(plan, arguments, options, settings.new_key)
            return self._checked_request(plan, arguments, options), options, has_key or self._is_idempotent
        except Misfit as misfit:
            raise RequestValidationError(self.name, [*faults, misfit.violation]) from None
        except (ValueError, RecursionError) as error:
            # Half a surrogate pair, a list that holds itself: nothing that has a wire form.
            raise RequestValidationError(self.name, [Violation("arguments", (), str(error), "encoding")]) from error

    def _exchange(
        self, request: Request, policy: Policy, *, is_repeatable: bool, is_stream: bool = False
    ) -> Flow[tuple[Request, Any]]:
        """The request as it was sent, and the answer to it."""
        how: dict[str, Any] = {"is_repeatable": is_repeatable, "is_stream": is_stream, "shown": self.settings.shown}
        return exchange_as(self._access, self.name, request, policy, **how)

    def _checked_request(self, plan: Plan, arguments: Arguments, options: Options) -> Request:
        strictness = options.strictness.request
        own = self.settings.opinion is None
        checked = plan.check(arguments) if strictness != "off" and own else tuple(arguments.faults)
        if checked and (strictness == "strict" or arguments.faults):
            raise RequestValidationError(self.name, checked)
        try:
            access = self._allowed(options)
            request = plan.write(arguments, self._base_url, options, self.settings.user_agent, access.placed)
        except Misfit as misfit:
            raise RequestValidationError(self.name, [*checked, misfit.violation]) from None
        if self.settings.opinion is not None and strictness != "off":
            whole = request if access.is_static else with_credentials(request, access.sample)
            checked = self.settings.opinion.request(self.operation, whole)
            if checked and strictness == "strict":
                raise RequestValidationError(self.name, checked)
        if checked:
            message = f"{self.name} is sent all the same:\n{describe(checked)}"
            warnings.warn(ContractWarning(message, checked), stacklevel=levels_to_caller())
        return request

    def _allowed(self, options: Options) -> Access:
        """The access of the operation. Raises ConfigurationError where it has none and the call brings none either."""
        access = self._access
        if access.fault is not None:
            own = {str(name).lower() for name in options.headers}
            if own.isdisjoint(self.settings.policy.private_headers):
                raise ConfigurationError(f"{self.name} was not sent: {access.fault}", operation=self.name)
        return access

    def signature(self) -> inspect.Signature:
        """The Python signature: path parameters first, the rest by name."""
        return documenting.signature(self.plan, self.settings.types)

    def documentation(self) -> str:
        """The docstring: what the document says of the operation and of each argument."""
        return documenting.documentation(self.plan)
