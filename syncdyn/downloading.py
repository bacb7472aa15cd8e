"""Downloads: streamed to a file, taken up again where they broke off, never over another file.

The URL is the service's, used as it is; credentials go along only to the API's own origin.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from syncdyn.errors import ApiTimeoutError, DownloadError, RequestValidationError
from syncdyn.flow import (
    NOW,
    Close,
    Emit,
    Flow,
    Policy,
    Read,
    Tell,
    Wait,
    exchange,
    without_credentials,
)
from syncdyn.model import Model
from syncdyn.openapi.document import read_pointer
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.hints import kind_of
from syncdyn.openapi.messages import TOKEN, Headers, Json, Pairs, Request, Response
from syncdyn.openapi.urls import is_absolute, origin_of
from syncdyn.options import Options, read_size
from syncdyn.request import with_credentials
from syncdyn.retry import Failure
from syncdyn.saving import Saving, target_path, told
from syncdyn.security.access import Access, exchange_as
from syncdyn.taking import take_named

__all__ = ["Fetching", "download", "download_url", "read_lines", "target_path", "with_chunk", "with_options"]

DownloadProgress = Callable[[int, "int | None"], Any]

_CHUNK_BYTES = 64 * 1024
_UNFIT = re.compile(r"[^\w.\- ]+")
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_LONGEST_NAME_BYTES = 200
#: Source: RFC 9110, section 5.5.
_FIELD_TEXT = re.compile(r"[\t -~]*")


@dataclass(frozen=True, slots=True)
class Fetching:
    """What downloads of one client share. `read_error` makes the error for a refusal.

    `headers` are further fields; those that carry credentials go to the API's own origin alone.
    """

    base_url: str
    access: Access = field(repr=False)
    policy: Policy
    user_agent: str
    read_error: Callable[[Request, Response], Exception]
    chunk_bytes: int | None = None
    headers: Pairs = ()


def download_url(source: object) -> tuple[str, str]:
    """The URL that a result offers for download, and a file name for it.

    `source` is a URL, or a result whose schema has the extension `x-syncdyn-download`.
    Raises DownloadError when there is no URL (yet).
    """
    if isinstance(source, str):
        return _checked(source), _name_in(source)
    stated = type(source).__shape__.schema.get("x-syncdyn-download") if isinstance(source, Model) else None
    if not isinstance(stated, Mapping) or not isinstance(source, Model):
        raise DownloadError(f"{kind_of(source)} offers no download; give the URL as text")
    data: Json = source.__wire__()
    url = read_pointer(data, stated["url"])
    if not isinstance(url, str) or not url:
        found = read_pointer(data, stated.get("state", "/-"))
        state = f" (its state is {found})" if isinstance(found, str) else ""
        raise DownloadError(f"this {type(source).__name__} has no output to download yet{state}; wait for it first")
    named = read_pointer(data, stated.get("file-name", "/-"))
    suffix = stated.get("suffix", "")
    return _checked(url), f"{_safe(named)}{suffix}" if isinstance(named, str) and named else _name_in(url, suffix)


def _checked(url: str) -> str:
    if not is_absolute(url):
        raise DownloadError(f"{url!r} is no absolute http(s) URL to download from")
    return url


def download(
    fetching: Fetching, url: str, target: Path, *, overwrite: bool = False, progress: DownloadProgress | None = None
) -> Flow[Path]:
    """The path of the whole file. Until it is whole it stands beside it under another suffix.

    A part that an earlier download left is gone on with where the service says that it is of the same file.
    `progress` is called with the bytes so far and, where known, in all. The deadline of the policy is for all tries.
    Raises DownloadError, ApiTimeoutError at the deadline, or the error that the service's refusal stands for.
    """
    saving = Saving(target)
    saving.claim()
    ends = yield from _end(fetching)
    tries = 0
    while (failure := (yield from _attempt(fetching, url, saving, ends, progress))) is not None:
        now = yield NOW
        delay = fetching.policy.retry.delay_after(
            tries, failure, is_repeatable=True, random=fetching.policy.random, now=now
        )
        if now + (delay or 0) >= ends:
            raise _late(fetching, saving) from failure.error
        if delay is None:
            message = f"the download of {target.name} broke off: {failure.error}; call again to go on with it"
            raise DownloadError(message) from failure.error
        tries += 1
        yield Wait(delay)
    return saving.finish(overwrite=overwrite)


def _end(fetching: Fetching) -> Flow[float]:
    """The moment at which there must be an end."""
    deadline = fetching.policy.deadline
    return math.inf if deadline is None else (yield NOW) + deadline


def _late(fetching: Fetching, saving: Saving) -> ApiTimeoutError:
    return ApiTimeoutError(
        f"the download of {saving.target.name} was not done within {fetching.policy.deadline:g} s: "
        f"{saving.so_far}; call again to go on with it",
        operation="download",
    )


def _attempt(
    fetching: Fetching, url: str, saving: Saving, ends: float, progress: DownloadProgress | None
) -> Flow[Failure | None]:
    have, tag = saving.have()
    request = _request(fetching, url, have, tag)
    try:
        stream = yield from _open(fetching, request, ends)
    except ApiTimeoutError as error:
        if (yield NOW) >= ends:
            saving.done = have if tag else 0
            raise _late(fetching, saving) from error
        raise
    if not _fits(stream, have):
        saving.discard()
        yield Close(stream)
        return Failure(DownloadError("the part that was there does not fit the file"))
    if stream.status not in (200, 206):
        raise fetching.read_error(request, Response(stream.status, stream.headers, (yield from _rest(stream))))
    saving.begin(stream.headers, *_extent(stream.status, stream.headers))
    failure = yield from _pour(fetching, stream, saving, ends, progress)
    yield Close(stream)
    return failure


def _open(fetching: Fetching, request: Request, ends: float) -> Flow[Any]:
    left = None if ends == math.inf else max(ends - (yield NOW), 0.0)
    policy = replace(fetching.policy, deadline=left)
    home: dict[str, Any] = {"is_repeatable": True, "is_stream": True, "home": fetching.base_url}
    if origin_of(request.url) != origin_of(fetching.base_url):
        return (yield from exchange("download", request, policy, **home))
    request = with_credentials(request, fetching.access.placed)
    _, stream = yield from exchange_as(fetching.access, "download", request, policy, **home)
    return stream


def _pour(
    fetching: Fetching, stream: Any, saving: Saving, ends: float, progress: DownloadProgress | None
) -> Flow[Failure | None]:
    with told(saving.part), saving.part.open("r+b" if saving.done else "wb") as sink:
        if saving.done:
            sink.truncate(saving.done)
            sink.seek(saving.done)
        while True:
            chunk = yield Read(stream, fetching.chunk_bytes or _CHUNK_BYTES)
            if isinstance(chunk, Failure):
                return chunk
            if chunk is None:
                break
            sink.write(chunk)
            saving.done += len(chunk)
            if progress is not None:
                yield Tell(progress, (saving.done, saving.total))
            if ends != math.inf and (yield NOW) >= ends and saving.done != saving.total:
                raise _late(fetching, saving)
    is_whole = saving.total is None or saving.done == saving.total
    return None if is_whole else Failure(DownloadError(saving.so_far))


def read_lines(fetching: Fetching, url: str, read_line: Callable[[bytes], Any]) -> Flow[None]:
    """Emits every line of a remote text that is not blank, as `read_line` reads it; nothing is kept on disk.

    What the receiver of the lines does meanwhile does not count for the deadline of the policy.
    """
    ends = yield from _end(fetching)
    request = _request(fetching, url, 0, None)
    stream = yield from _open(fetching, request, ends)
    if stream.status != 200:
        raise fetching.read_error(request, Response(stream.status, stream.headers, (yield from _rest(stream))))
    rest, number = b"", 0
    while True:
        chunk = yield Read(stream, fetching.chunk_bytes)
        now = yield NOW
        if chunk is not None and now >= ends:
            raise _late_lines(fetching, number) from (chunk.error if isinstance(chunk, Failure) else None)
        if isinstance(chunk, Failure):
            raise DownloadError(f"the text broke off after {number:,} lines: {chunk.error}") from chunk.error
        lines = (rest + (chunk or b"")).split(b"\n")
        rest = lines.pop() if chunk is not None else b""
        for line in lines:
            number += 1
            if line.strip():
                yield Emit(_read(read_line, line, number))
        if chunk is None:
            yield Close(stream)
            return
        ends += (yield NOW) - now


def _late_lines(fetching: Fetching, number: int) -> ApiTimeoutError:
    message = f"the text was not read within {fetching.policy.deadline:g} s: {number:,} lines came; call again"
    return ApiTimeoutError(message, operation="download")


def _read(read_line: Callable[[bytes], Any], line: bytes, number: int) -> Any:
    try:
        return read_line(line)
    except (ValueError, RecursionError) as error:
        raise DownloadError(f"line {number} of the text cannot be read: {error}") from error


def _rest(stream: Any) -> Flow[bytes]:
    pieces = []
    while isinstance(chunk := (yield Read(stream, None)), bytes):
        pieces.append(chunk)
    return b"".join(pieces)


def _request(fetching: Fetching, url: str, have: int, tag: str | None) -> Request:
    own = [("User-Agent", fetching.user_agent), ("Accept", "*/*"), ("Accept-Encoding", "identity")]
    if have and tag:
        own += [("Range", f"bytes={have}-"), ("If-Range", tag)]
    given = Headers(fetching.headers)
    headers = [*(pair for pair in own if pair[0] not in given), *given.pairs]
    request = Request("GET", url, Headers(headers))
    is_home = origin_of(url) == origin_of(fetching.base_url)
    if is_home:
        return request
    return without_credentials(request, fetching.policy.private_headers)


def _fits(stream: Any, have: int) -> bool:
    """Whether what comes can follow on what is there: no gap between, and no part longer than the file."""
    if stream.status == 206:
        matched = _RANGE.match(stream.headers.get("content-range", ""))
        return matched is not None and int(matched.group(1)) <= have
    return not (stream.status == 416 and have)


def _extent(status: int, headers: Headers) -> tuple[int, int | None]:
    """Where the body that comes begins in the file, and the size of the whole. Source: RFC 9110, section 14.4."""
    if status == 206 and (matched := _RANGE.match(headers.get("content-range", ""))):
        start, total = matched.groups()
        return int(start), None if total == "*" else int(total)
    length = headers.get("content-length", "")
    return 0, int(length) if length.isdigit() and "content-encoding" not in headers else None


def _name_in(url: str, suffix: str = "") -> str:
    name = _safe(unquote(urlsplit(url).path).rpartition("/")[2])
    return name if not suffix or name.endswith(suffix) else f"{name}{suffix}"


def _safe(name: str) -> str:
    """A file name that stays in its folder."""
    fitting = _UNFIT.sub("_", name).strip(". ").encode("utf-8", "replace")[:_LONGEST_NAME_BYTES]
    return fitting.decode("utf-8", "ignore") or "download"


def with_chunk(fetching: Fetching, chunk_bytes: int | None) -> Fetching:
    """The same, read in pieces of another size. Raises RequestValidationError for what is no size."""
    read = take_named("download", {"chunk_size": read_size}, {"chunk_size": chunk_bytes})
    return replace(fetching, chunk_bytes=read.get("chunk_size"))


def with_options(fetching: Fetching, method: str, policy: Policy, options: Options) -> Fetching:
    """The same, as the options of one call ask. Raises RequestValidationError for a header field that cannot be."""
    headers, faults = [], []
    for name, value in options.headers.items():
        if not TOKEN.fullmatch(str(name)) or not _FIELD_TEXT.fullmatch(str(value)):
            faults.append(Violation("header", (str(name),), "no field that a header can hold", "encoding"))
        headers.append((str(name), str(value)))
    if faults:
        raise RequestValidationError(method, faults)
    return replace(fetching, policy=policy, chunk_bytes=options.chunk_size, headers=tuple(headers))
