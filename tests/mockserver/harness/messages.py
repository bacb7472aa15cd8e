"""A response as curl prints it, and what a scenario expects of it, compared."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from xml.etree import ElementTree

from syncdyn.openapi.messages import Response

#: The field that changes from run to run: nothing is expected of it. All others that are expected are compared.
_VOLATILE = "date"
_NAME = re.compile(r"\{\{(\w+)\}\}")
_MARKS = re.compile(
    r"\{\{(?P<name>\w+)\}\}|<(?P<any>anyString|anyNumber)>|<(?P<how>stringContaining|stringMatching):(?P<what>[^>]*)>"
)
_NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"


@dataclass(frozen=True, slots=True)
class Message:
    """A response: its first line without the version, its fields by lower-case name, its body."""

    status: str
    headers: dict[str, str]
    body: str


def read_message(text: str) -> Message:
    """The last response in what `curl -i` prints; those before it are interim ones."""
    head, _, body = text.replace("\r\n", "\n").partition("\n\n")
    if re.match(r"HTTP/\S+ 1\d\d", head) and body:
        return read_message(body)
    first, *lines = head.split("\n")
    pairs = [line.partition(":") for line in lines if line]
    headers: dict[str, str] = {}
    for name, _, value in pairs:
        key = name.strip().lower()
        headers[key] = f"{headers[key]}, {value.strip()}" if key in headers else value.strip()
    return Message(first.partition(" ")[2].strip(), headers, body.strip())


def written(response: Response) -> str:
    """A response as `curl -i` prints it."""
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:
        phrase = ""
    lines = [f"{name}: {value}" for name, value in response.headers.pairs]
    return "\n".join([f"HTTP/1.1 {response.status} {phrase}", *lines, "", response.body.decode(errors="replace")])


def filled(text: str, kept: dict[str, str]) -> str:
    """A command with what was kept put in place of `{{name}}`."""
    return _NAME.sub(lambda match: kept.get(match[1], match[0]), text)


def differences(kind: str, expected: str, found: Message, kept: dict[str, str]) -> Iterator[str]:
    """How a response differs from what is expected; what `{{name}}` stands for is put into `kept`."""
    wanted = read_message(expected)
    if not _same_status(wanted.status, found.status):
        yield f"status: {found.status!r} is not {wanted.status!r}; the body is {found.body[:600]}"
    for name, value in wanted.headers.items():
        if name == _VOLATILE:
            continue
        if value == "<absent>":
            if name in found.headers:
                yield f"header {name}: {found.headers[name]!r} is there"
        elif not _matches(value, found.headers.get(name), kept):
            yield f"header {name}: {found.headers.get(name)!r} is not {value!r}"
    yield from _BODIES[kind](wanted.body, found.body, kept)


def _same_status(wanted: str, found: str) -> bool:
    """Whether code and phrase are the same; a Python may have another phrase for a code, so the code decides."""
    return wanted.split(" ")[0] == found.split(" ")[0]


def _exact(wanted: str, found: str, kept: dict[str, str]) -> Iterator[str]:
    if _is_xml(wanted) and _is_xml(found):
        if _tree(ElementTree.fromstring(wanted)) != _tree(ElementTree.fromstring(found)):
            yield f"body: {found} is not {wanted}"
    elif not _matches(wanted, found, kept):
        yield f"body: {found} is not {wanted}"


def _keys_only(wanted: str, found: str, _: dict[str, str]) -> Iterator[str]:
    keys, there = list(json.loads(wanted)), list(json.loads(found))
    if [key for key in there if key in keys] != keys:
        yield f"keys: {there} are not {keys}"


def _part(wanted: str, found: str, kept: dict[str, str]) -> Iterator[str]:
    if not wanted:
        return
    try:
        yield from _missing(json.loads(wanted), json.loads(found), kept, "body")
    except ValueError:
        yield f"body: {found!r} is no JSON"


def _missing(wanted: Any, found: Any, kept: dict[str, str], place: str) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name, value in wanted.items():
            if name not in found:
                yield f"{place}.{name}: missing; there are {', '.join(found)}"
            else:
                yield from _missing(value, found[name], kept, f"{place}.{name}")
    elif isinstance(wanted, list) and isinstance(found, list):
        if len(wanted) != len(found):
            yield f"{place}: {len(found)} items, not {len(wanted)}: {json.dumps(found)[:300]}"
        for index, (one, other) in enumerate(zip(wanted, found, strict=False)):
            yield from _missing(one, other, kept, f"{place}[{index}]")
    elif isinstance(wanted, str) and _MARKS.search(wanted):
        if not _matches(wanted, found if isinstance(found, str) else json.dumps(found), kept):
            yield f"{place}: {found!r} is not {wanted!r}"
    elif wanted != found or isinstance(wanted, bool) is not isinstance(found, bool):
        yield f"{place}: {found!r} is not {wanted!r}"


def _nothing(_: str, __: str, ___: dict[str, str]) -> Iterator[str]:
    return iter(())


_BODIES = {"expect": _exact, "expect-loose": _nothing, "expect-keysonly": _keys_only, "expect-part": _part}


def _matches(wanted: str, found: str | None, kept: dict[str, str]) -> bool:
    """Whether a text is the one wanted, marks and names in it understood."""
    if found is None:
        return False
    pattern, names, start = "", set[str](), 0
    for mark in _MARKS.finditer(wanted):
        pattern += re.escape(wanted[start : mark.start()]) + _pattern(mark, names, kept)
        start = mark.end()
    match = re.fullmatch(pattern + re.escape(wanted[start:]), found, re.DOTALL)
    if match:
        kept.update(match.groupdict())
    return match is not None


def _pattern(mark: re.Match[str], names: set[str], kept: dict[str, str]) -> str:
    name = mark["name"]
    if name in kept:
        return re.escape(kept[name])
    if name:
        is_known = name in names
        names.add(name)
        return f"(?P={name})" if is_known else f"(?P<{name}>.*?)"
    if mark["any"]:
        return ".*?" if mark["any"] == "anyString" else _NUMBER
    what = mark["what"]
    if mark["how"] == "stringContaining":
        return f".*{re.escape(what)}.*"
    start, end = "" if what.startswith("^") else ".*?", "" if what.endswith("$") else ".*?"
    return f"{start}{what.removeprefix('^').removesuffix('$')}{end}"


def _is_xml(text: str) -> bool:
    return text.startswith("<") and text.endswith(">") and not _MARKS.fullmatch(text)


def _tree(element: ElementTree.Element) -> tuple[Any, ...]:
    """Names and attributes without values: what Prism's harness compares of XML, and the order."""
    return (element.tag, tuple(element.attrib), tuple(_tree(child) for child in element))
