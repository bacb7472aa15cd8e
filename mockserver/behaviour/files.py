"""The files of resources: kept as they were uploaded or made when asked for, and served below a path of the mock's own.

No credential is needed for them.
Source: RFC 9110, sections 13 and 14 (conditions, ranges); RFC 6266 (names).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import quote, unquote, urlsplit

from mockserver.behaviour.expressions import Scope
from mockserver.state import Resource, State, StoredFile
from syncdyn.openapi.coding.files import Upload
from syncdyn.openapi.coding.json_text import encode_lines
from syncdyn.openapi.messages import Headers, Json, Request, Response

#: Where the mock serves files: below it stand the collection, the id and the file's name.
PREFIX = "/_mock/files/"

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_DEFAULT_SECONDS = 1.0

#: A playable video of that many seconds, and its entity tag.
Clip = Callable[[float], tuple[bytes, str]]


def file_url(base_url: str, place: str, name: str) -> str:
    """The address of the file of a resource; `place` is `collection/id`."""
    return f"{base_url.rstrip('/')}{PREFIX}{quote(place)}/{quote(_safe_name(name))}"


def content_of(
    resource: Resource, data: Mapping[str, Json], scope: Scope, child_at: Callable[[str], Json], clip: Clip, name: str
) -> StoredFile | None:
    """A resource's file under the name asked for; None where it has none, or has none yet.

    The data's `file` has `when`, and either `clip` (an expression for seconds) or `lines` (the members of a line,
    one line for each child); an uploaded file is given back as it came.
    """
    if resource.file is not None:
        return replace(resource.file, name=name)
    stated = data.get("file")
    if stated is None or not scope.evaluate(stated["when"]):
        return None
    if "clip" in stated:
        seconds = scope.evaluate(stated["clip"])
        content, tag = clip(float(seconds or _DEFAULT_SECONDS))
        return StoredFile(name, stated["content-type"], content, tag)
    lines = [_line(stated["lines"], record, child_at(child_id), scope) for record, child_id in resource.children]
    content = encode_lines(lines)
    return StoredFile(name, stated["content-type"], content, tag_of(content))


def file_of(upload: Upload) -> StoredFile:
    """An upload as a file to keep, under a name that is safe."""
    content_type = upload.content_type or "application/octet-stream"
    return StoredFile(_safe_name(upload.file_name or upload.name), content_type, upload.content, tag_of(upload.content))


def _safe_name(text: str) -> str:
    """A file name without what would lead elsewhere or break a header."""
    return re.sub(r"[^\w.-]+", "_", text.replace("\\", "/").rpartition("/")[2]).strip("._")[:200] or "file"


def tag_of(content: bytes) -> str:
    """The entity tag of a content."""
    return f'"{hashlib.sha256(content).hexdigest()[:24]}"'


def serve(request: Request, file: StoredFile) -> Response:
    """The response to a GET or HEAD of a file: whole, a range of it (206), not changed (304), or 416."""
    content, tag, name = file.content, file.tag, file.name
    quoted = _safe_name(name)
    shared = [
        ("accept-ranges", "bytes"),
        ("etag", tag),
        ("content-disposition", f"attachment; filename=\"{quoted}\"; filename*=UTF-8''{quote(quoted)}"),
    ]
    if is_among(tag, request.headers.get("if-none-match")):
        return Response(304, Headers(shared))
    condition = request.headers.get("if-range")
    asked = request.headers.get("range") if condition in (None, tag) else None
    span = _span(asked, len(content))
    typed = [("content-type", file.content_type), *shared]
    if span is None:
        return Response(200, Headers(typed), content)
    start, end = span
    if start >= end:
        return Response(416, Headers([*shared, ("content-range", f"bytes */{len(content)}")]))
    told = ("content-range", f"bytes {start}-{end - 1}/{len(content)}")
    return Response(206, Headers([*typed, told]), content[start:end])


def place_of(request: Request) -> tuple[str, str, str] | None:
    """The collection, id and name in a file's path, or None."""
    pieces = urlsplit(request.url).path.removeprefix(PREFIX).split("/")
    return (unquote(pieces[0]), unquote(pieces[1]), unquote(pieces[2])) if len(pieces) == 3 else None


def find(state: State, place: tuple[str, str, str]) -> Resource | None:
    """The resource whose file stands at a place."""
    return state.find(place[0], place[1])


def _span(asked: str | None, size: int) -> tuple[int, int] | None:
    """The first byte and the one after the last; None for the whole. Several ranges are not served."""
    matched = _RANGE.fullmatch(asked.replace(" ", "")) if asked else None
    if matched is None or matched.group(0) == "bytes=-":
        return None
    first, last = matched.groups()
    if not first:
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return None
    return int(first), min(size, int(last) + 1) if last else size


def is_among(tag: str, condition: str | None) -> bool:
    """Whether the tags of a condition have one among them, or are `*`, by the weak comparison.

    Source: RFC 9110, section 13.1.2.
    """
    named = [one.strip().removeprefix("W/") for one in (condition or "").split(",")]
    return tag in named or named == ["*"]


def _line(stated: Mapping[str, Json], record: Json, child: Json, scope: Scope) -> dict[str, Json]:
    seen = Scope({"record": record, "child": child}, scope.tables, seed=scope.seed)
    return seen.evaluate_all(stated)
