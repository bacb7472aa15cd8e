"""One method of an API: from its arguments to its result, as a flow."""

from __future__ import annotations

import inspect
import os
import textwrap
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Optional

from syncdyn.arguments import Arguments, Slot
from syncdyn.credentials import Credentials
from syncdyn.errors import ContractWarning, RequestValidationError
from syncdyn.flow import Flow, Policy, exchange, shown_request
from syncdyn.model import Types
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import Violation, describe
from syncdyn.openapi.messages import Request, Response
from syncdyn.openapi.operations import Operation
from syncdyn.options import Options, RequestOptions, Strictness, read_options
from syncdyn.request import Misfit, Plan, with_key, without_placed
from syncdyn.response import Judge, RawResponse, ResponseReader, levels_to_caller
from syncdyn.retry import IDEMPOTENT_METHODS

_WIDTH = 100


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
    base_url: str
    credentials: Credentials
    policy: Policy = field(default_factory=Policy)
    options: Options = field(default_factory=lambda: Options(Strictness()))
    opinion: Opinion | None = None
    user_agent: str = "syncdyn"
    new_key: Callable[[], str] = field(default=lambda: os.urandom(16).hex())

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

    def __init__(self, settings: Settings, name: str, operation: str, media_type: str | None = None) -> None:
        self.settings = settings
        self.name = name
        self._operation = operation
        self._media_type = media_type

    @cached_property
    def operation(self) -> Operation:
        """The operation it calls."""
        return self.settings.contract.operations[self._operation]

    @cached_property
    def plan(self) -> Plan:
        return Plan(self.settings.contract, self.operation, self._media_type)

    @cached_property
    def reader(self) -> ResponseReader:
        settings = self.settings
        return ResponseReader(
            settings.contract, settings.types, self.operation, self.name, self._shown, settings.credentials.mask
        )

    def _shown(self, request: Request) -> Request:
        """A request as it may be shown: without credentials and the contents of files."""
        return shown_request(without_placed(request, self._placed), self.settings.policy.private_headers)

    @cached_property
    def _is_idempotent(self) -> bool:
        stated = self.operation.extensions.get("x-syncdyn-idempotent")
        return stated is True or self.operation.method in IDEMPOTENT_METHODS

    @cached_property
    def _placed(self) -> Any:
        return self.settings.credentials.placed(self.operation.security)

    def call(self, positional: tuple[Any, ...], named: Mapping[str, Any]) -> Flow[RawResponse[Any]]:
        """One call: arguments checked, request sent as often as needed, answer checked and read.

        Raises what `errors` lists below ApiError.
        """
        settings = self.settings
        named = dict(named)
        options, faults = read_options(named.pop("request_options", None), settings.options)
        try:
            arguments = self.plan.collect(positional, named)
            arguments.faults += faults
            has_key = with_key(self.plan, arguments, options, settings.new_key)
            request = self._checked_request(arguments, options)
        except (ValueError, RecursionError) as error:
            # Half a surrogate pair, a list that holds itself: nothing that has a wire form.
            raise RequestValidationError(self.name, [Violation("arguments", (), str(error), "encoding")]) from error
        policy = settings.policy_for(options)
        is_repeatable = has_key or self._is_idempotent
        response: Response = yield from exchange(
            self.name, request, policy, is_repeatable=is_repeatable, shown=self._shown
        )
        judge = settings.opinion.response if settings.opinion else None
        return self.reader.read(request, response, options.strictness.response, judge)

    def _checked_request(self, arguments: Arguments, options: Options) -> Request:
        strictness = options.strictness.request
        own = self.settings.opinion is None
        checked = self.plan.check(arguments) if strictness != "off" and own else tuple(arguments.faults)
        if checked and (strictness == "strict" or arguments.faults):
            raise RequestValidationError(self.name, checked)
        try:
            request = self.plan.write(
                arguments, self.settings.base_url, options, self.settings.user_agent, self._placed
            )
        except Misfit as misfit:
            raise RequestValidationError(self.name, [*checked, misfit.violation]) from None
        if self.settings.opinion is not None and strictness != "off":
            checked = self.settings.opinion.request(self.operation, request)
            if checked and strictness == "strict":
                raise RequestValidationError(self.name, checked)
        if checked:
            message = f"{self.name} is sent all the same:\n{describe(checked)}"
            warnings.warn(ContractWarning(message, checked), stacklevel=levels_to_caller())
        return request

    def signature(self) -> inspect.Signature:
        """The Python signature: path parameters first, the rest by name."""
        keyword, positional = inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD
        parameters = []
        slots = sorted(self.plan.slots, key=lambda slot: (not slot.is_in_path, not slot.is_required))
        for slot in slots:
            default = inspect.Parameter.empty if slot.is_required else None
            annotation = self._annotation(slot)
            kind = positional if slot.is_in_path else keyword
            parameters.append(inspect.Parameter(slot.name, kind, default=default, annotation=annotation))
        parameters.append(inspect.Parameter("request_options", keyword, default=None, annotation=RequestOptions | None))
        return inspect.Signature(parameters)

    def _annotation(self, slot: Slot) -> Any:
        stated = self.settings.types.annotation(slot.shape) if slot.shape and not slot.is_file else Any
        return stated if slot.is_required else Optional[stated]  # noqa: UP045 -- a value, not an annotation

    def documentation(self) -> str:
        """The docstring: what the document says of the operation and of each argument."""
        operation = self.operation
        lines = [operation.summary or operation.name, "", *_wrapped(operation.description, "")]
        lines += ["", f"{operation.key}", "", "Arguments:"]
        for slot in self.plan.slots:
            described = slot.parameter.description if slot.parameter else _description(slot.shape)
            required = " (required)" if slot.is_required else ""
            lines += _wrapped(f"{slot.name}{required}: {described}", "    ")
        return "\n".join(lines)


def _description(shape: Any) -> str:
    stated = shape.schema.get("description") if shape is not None else None
    return stated if isinstance(stated, str) else ""


def _wrapped(text: str, indent: str) -> list[str]:
    """The lines of a text; of an indented one all but the first stand further in."""
    following = f"{indent}    " if indent else ""
    return textwrap.wrap(" ".join(text.split()), _WIDTH, initial_indent=indent, subsequent_indent=following)
