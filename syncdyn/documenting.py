"""Signature and documentation of a method, made from what the document says of its operation."""

from __future__ import annotations

import html
import inspect
import re
import textwrap
from typing import Any, Literal, Optional, Union, get_args, get_origin

from syncdyn.arguments import Slot
from syncdyn.model import Model, Types
from syncdyn.openapi.coding.media import essence, is_json
from syncdyn.openapi.items import is_sequence
from syncdyn.openapi.operations import MediaType, ResponsePromise
from syncdyn.openapi.schemas.shapes import Shape
from syncdyn.options import RequestOptions
from syncdyn.request import Plan

_WIDTH = 100
_MOST_VALUES = 12
_MADE_IN = f"{Model.__module__}."
_STREAMED = "Can answer with a stream: a call reads it whole, one below `with_streaming_response` item by item."
_KEYWORD, _POSITIONAL = inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD


class Signature(inspect.Signature):
    """One that is shown with the bare names of classes that were made of a document: they are of no module."""

    __slots__ = ()

    def __str__(self) -> str:
        return super().__str__().replace(_MADE_IN, "")

    def format(self, **how: Any) -> str:
        """The text, as Python 3.13 and later ask for it."""
        text: str = super().format(**how)  # type: ignore[misc, unused-ignore]
        return text.replace(_MADE_IN, "")


def signature(plan: Plan, types: Types) -> inspect.Signature:
    """The Python signature: path parameters first, the rest by name, required ones before others."""
    slots = sorted(plan.slots, key=lambda slot: (not slot.is_in_path, not slot.is_required))
    parameters = [
        inspect.Parameter(
            slot.name,
            _POSITIONAL if slot.is_in_path else _KEYWORD,
            default=inspect.Parameter.empty if slot.is_required else None,
            annotation=_annotation(types, slot),
        )
        for slot in slots
    ]
    options = inspect.Parameter("request_options", _KEYWORD, default=None, annotation=RequestOptions | None)
    return Signature([*parameters, options], return_annotation=_result(plan, types))


def _result(plan: Plan, types: Types) -> Any:
    """The type of the results; awaited, where the client is."""
    promises = _successes(plan)
    contents = [media_type for promise in promises for media_type in promise.content]
    kinds = [_result_of(plan, types, one) for one in contents]
    if promises and not all(promise.content for promise in promises):
        kinds.append(None)
    if not kinds or Any in kinds:
        return Any
    return Union[tuple(kinds)] if any(kinds) else None  # noqa: UP007 -- a value


def _result_of(plan: Plan, types: Types, promised: MediaType) -> Any:
    if is_sequence(promised.name):
        return list[Any]
    shape = plan.contract.shape(promised.schema) if is_json(essence(promised.name)) else None
    return Any if shape is None else _stated(types, shape)


def _stated(types: Types, shape: Shape) -> Any:
    try:
        return _shortened(types.annotation(shape))
    except RecursionError:
        # An array of itself, which Python has no type for.
        return Any


def _annotation(types: Types, slot: Slot) -> Any:
    stated = _stated(types, slot.shape) if slot.shape and not slot.is_file else Any
    return stated if slot.is_required else Optional[stated]  # noqa: UP045 -- a value, not an annotation


def _shortened(annotation: Any) -> Any:
    """The annotation, with the type of its values in place of a long list of them."""
    values = get_args(annotation)
    if get_origin(annotation) is Literal and len(values) > _MOST_VALUES:
        return type(values[0])
    if get_origin(annotation) is Union:
        return Union[tuple(_shortened(value) for value in values)]  # noqa: UP007 -- a value
    return annotation


def documentation(plan: Plan) -> str:
    """What the document says of the operation and of each argument, as the text of a docstring."""
    operation = plan.operation
    arguments = [line for slot in plan.slots for line in _argument(slot)]
    if plan.whole_body == "body_":
        arguments += _under("body_: ", "The whole body, in place of its members: `body` is one of them.")
    answers = [line for status, one in operation.responses.items() for line in _under(f"{status}: ", one.description)]
    paragraphs = (
        operation.summary.strip() or operation.name,
        "\n".join(laid_out(operation.description)),
        "Deprecated." if operation.is_deprecated else "",
        operation.key,
        _STREAMED if any(map(is_sequence, _promised(plan))) else "",
        "\n".join(["Arguments:", *arguments]) if arguments else "",
        "\n".join(["Answers:", *answers]) if answers else "",
    )
    return "\n\n".join(filter(None, paragraphs))


def _promised(plan: Plan) -> list[str]:
    """The media types that are promised for success."""
    return [media_type.name for promise in _successes(plan) for media_type in promise.content]


def _successes(plan: Plan) -> list[ResponsePromise]:
    return [promise for status, promise in plan.operation.responses.items() if status.startswith("2")]


def _argument(slot: Slot) -> list[str]:
    return _under(f"{slot.name}{' (required)' if slot.is_required else ''}: ", described(slot))


def described(slot: Slot) -> str:
    """What the document says of an argument: of the parameter, else of its schema."""
    stated = slot.shape.schema.get("description") if slot.shape is not None else None
    own = slot.parameter.description if slot.parameter else ""
    return own or (stated if isinstance(stated, str) else "")


def _under(head: str, text: str) -> list[str]:
    """A text behind its head, indented, what follows the first line further in."""
    lines = [line for line in laid_out(f"{head}{text.strip()}", _WIDTH - 8) if line]
    return [f"    {lines[0].rstrip(': ')}", *(f"        {line}" for line in lines[1:])]


#: Lines that are laid out already: of tables, headings, rules, and what is indented as code.
_AS_IT_IS = re.compile(r"\||#|---|    ")
_QUOTE = re.compile(r"\s*>\s?")
_ITEM = re.compile(r"\s*([-*+]|\d{1,9}[.)])\s+")
_FENCE = re.compile(r"\s*(```|~~~)")
_BREAK = re.compile(r"<br\s*/?>|</?(?:p|ul|ol|div|table|tr|h[1-6])(?:\s[^<>]*)?>", re.IGNORECASE)
_ITEM_TAG = re.compile(r"<li(?:\s[^<>]*)?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:a|b|i|em|strong|code|li|span|sup|sub|td|th|tt)(?:\s[^<>]*)?>", re.IGNORECASE)


def laid_out(text: str, width: int = _WIDTH) -> list[str]:
    """The lines of a CommonMark text for a terminal: paragraphs wrapped, lists, tables and code left standing.

    The tags of HTML that stands in it are left out.
    """
    lines: list[str] = []
    paragraph: list[str] = []
    is_code = False
    for line in [*_without_tags(text).expandtabs(4).splitlines(), ""]:
        is_fence = _FENCE.match(line) is not None
        stands = is_code or is_fence or not line.strip() or (_AS_IT_IS.match(line) and not paragraph)
        if stands or _ITEM.match(line) or _QUOTE.match(line):
            lines += _wrapped(paragraph, width)
            paragraph = []
        if not stands:
            paragraph.append(line)
        elif line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
        is_code = is_code != is_fence
    return lines[:-1] if lines and not lines[-1] else lines


def _wrapped(paragraph: list[str], width: int) -> list[str]:
    if not paragraph:
        return []
    quote, item = _QUOTE.match(paragraph[0]), _ITEM.match(paragraph[0])
    start = " " * (len(paragraph[0]) - len(paragraph[0].lstrip())) if item else ""
    following = "> " if quote else " " * len(item.group()) if item else ""
    wrapper = textwrap.TextWrapper(
        width,
        initial_indent=start,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapper.wrap(" ".join(" ".join(paragraph).split()))


def _without_tags(text: str) -> str:
    if "<" in text:
        text = _TAG.sub("", _ITEM_TAG.sub("\n- ", _BREAK.sub("\n", text)))
    return html.unescape(text) if "&" in text else text
