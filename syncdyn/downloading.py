"""Downloads: streamed to a file, taken up again where they broke off, never over another file.

The URL is the service's, used as it is; credentials go along only to the API's own origin.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from syncdyn.credentials import Placed
from syncdyn.errors import DownloadError
from syncdyn.flow import Close, Emit, Flow, Policy, Read, Tell, Wait, exchange, is_absolute, origin_of
from syncdyn.model import Model
from syncdyn.openapi.document import read_pointer
from syncdyn.openapi.messages import Headers, Json, Request, Response
from syncdyn.request import with_credentials
from syncdyn.retry import Failure

DownloadProgress = Callable[[int, "int | None"], Any]

_CHUNK_BYTES = 64 * 1024
_UNFIT = re.compile(r"[^\w.\- ]+")
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(frozen=True, slots=True)
class Fetching:
    """What downloads of one client share. `read_error` makes the error for a refusal."""

    base_url: str
    placed: Placed = field(repr=False)
    policy: Policy
    user_agent: str
    read_error: Callable[[Request, Response], Exception]
    chunk_bytes: int = _CHUNK_BYTES


def download_url(source: object) -> tuple[str, str]:
    """The URL that a result offers for download, and a file name for it.

    `source` is a URL, or a result whose schema has the extension `x-syncdyn-download`.
    Raises DownloadError when there is no URL (yet).
    """
    if isinstance(source, str):
        return _checked(source), _name_in(source)
    stated = type(source).__shape__.schema.get("x-syncdyn-download") if isinstance(source, Model) else None
    if not isinstance(stated, Mapping) or not isinstance(source, Model):
        raise DownloadError(f"a {type(source).__name__} offers no download; give the URL as text")
    data: Json = source.__wire__()
    url = read_pointer(data, stated["url"])
    if not isinstance(url, str) or not url:
        state = f" (its status is {data['status']})" if isinstance(data.get("status"), str) else ""
        raise DownloadError(f"this {type(source).__name__} has no output to download yet{state}; wait for it first")
    named = read_pointer(data, stated.get("file-name", "/-"))
    suffix = stated.get("suffix", "")
    return _checked(url), f"{_safe(named)}{suffix}" if isinstance(named, str) and named else _name_in(url, suffix)


def _checked(url: str) -> str:
    if not is_absolute(url):
        raise DownloadError(f"{url!r} is no absolute http(s) URL to download from")
    return url


def target_path(path: str | os.PathLike[str] | None, name: str, *, overwrite: bool) -> Path:
    """Where the download goes: the path, the name inside it when it is a folder, or the name here.

    Raises DownloadError when a file is there already, unless `overwrite`.
    """
    target = Path(name) if path is None else Path(path)
    if target.is_dir():
        target /= name
    if target.exists() and not overwrite:
        raise DownloadError(f"{target} exists already; pass overwrite=True to replace it")
    if not target.parent.is_dir():
        raise DownloadError(f"{target.parent} is no folder; make it first")
    return target


def download(
    fetching: Fetching, url: str, target: Path, *, overwrite: bool = False, progress: DownloadProgress | None = None
) -> Flow[Path]:
    """The path of the whole file. Until it is whole it stands beside it under the suffix `.part`.

    A part that an earlier download left is gone on with where the service says that it is of the same file.
    `progress` is called with the bytes so far and, where known, in all.
    """
    part = target.with_name(target.name + ".part")
    tag_file = target.with_name(target.name + ".part.etag")
    tries = 0
    while True:
        failure = yield from _attempt(fetching, url, part, tag_file, progress)
        if failure is None:
            break
        delay = fetching.policy.retry.delay_after(
            tries, failure, is_repeatable=True, random=fetching.policy.random, now=0.0
        )
        if delay is None:
            told = f"the download of {target.name} broke off: {failure.error}; call again to go on with it"
            raise DownloadError(told) from failure.error
        tries += 1
        yield Wait(delay)
    if target.exists() and not overwrite:
        raise DownloadError(f"{target} has come to exist meanwhile; the download is in {part}")
    part.replace(target)
    tag_file.unlink(missing_ok=True)
    return target


def _attempt(
    fetching: Fetching, url: str, part: Path, tag_file: Path, progress: DownloadProgress | None
) -> Flow[Failure | None]:
    have, tag = _have(part, tag_file)
    request = _request(fetching, url, have, tag)
    stream = yield from _open(fetching, request)
    if not _fits(stream, have):
        part.unlink(missing_ok=True)
        tag_file.unlink(missing_ok=True)
        yield Close(stream)
        return Failure(DownloadError("the part that was there does not fit the file"))
    if stream.status not in (200, 206):
        raise fetching.read_error(request, Response(stream.status, stream.headers, (yield from _rest(stream))))
    start, total = _extent(stream.status, stream.headers)
    _keep_tag(tag_file, stream.headers)
    failure = yield from _pour(fetching, stream, part, start, total, progress)
    yield Close(stream)
    return failure


def _open(fetching: Fetching, request: Request) -> Flow[Any]:
    home = fetching.base_url
    return exchange("download", request, fetching.policy, is_repeatable=True, is_stream=True, home=home)


def _pour(
    fetching: Fetching, stream: Any, part: Path, start: int, total: int | None, progress: DownloadProgress | None
) -> Flow[Failure | None]:
    done = start
    try:
        sink = part.open("r+b" if start else "wb")
    except OSError as error:
        raise DownloadError(f"{part} cannot be written: {error.strerror}") from error
    with sink:
        sink.seek(start)
        sink.truncate()
        while True:
            chunk = yield Read(stream, fetching.chunk_bytes)
            if isinstance(chunk, Failure):
                return chunk
            if chunk is None:
                break
            sink.write(chunk)
            done += len(chunk)
            if progress is not None:
                yield Tell(progress, (done, total))
    if total is not None and done != total:
        return Failure(DownloadError(f"{done:,} of {total:,} bytes came"))
    return None


def read_lines(fetching: Fetching, url: str, read_line: Callable[[bytes], Any]) -> Flow[None]:
    """Emits every line of a remote text that is not blank, as `read_line` reads it; nothing is kept on disk."""
    request = _request(fetching, url, 0, None)
    stream = yield from _open(fetching, request)
    if stream.status != 200:
        raise fetching.read_error(request, Response(stream.status, stream.headers, (yield from _rest(stream))))
    rest, number = b"", 0
    while True:
        chunk = yield Read(stream, None)
        if isinstance(chunk, Failure):
            raise DownloadError(f"the text broke off: {chunk.error}")
        lines = (rest + (chunk or b"")).split(b"\n")
        rest = lines.pop() if chunk is not None else b""
        for line in lines:
            number += 1
            if line.strip():
                yield Emit(_read(read_line, line, number))
        if chunk is None:
            yield Close(stream)
            return


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
    headers = [("User-Agent", fetching.user_agent), ("Accept", "*/*"), ("Accept-Encoding", "identity")]
    if have and tag:
        headers += [("Range", f"bytes={have}-"), ("If-Range", tag)]
    request = Request("GET", url, Headers(headers))
    is_home = origin_of(url) == origin_of(fetching.base_url)
    return with_credentials(request, fetching.placed) if is_home else request


def _have(part: Path, tag_file: Path) -> tuple[int, str | None]:
    """How much is there of which version; nothing counts whose version is not known."""
    with suppress(OSError):
        tag = tag_file.read_text("utf-8").strip()
        return part.stat().st_size, tag or None
    return 0, None


def _keep_tag(tag_file: Path, headers: Headers) -> None:
    tag = headers.get("etag", "")
    if tag and not tag.startswith("W/"):
        tag_file.write_text(tag, "utf-8")
    else:
        tag_file.unlink(missing_ok=True)


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
    return _UNFIT.sub("_", name).strip(". ")[:200] or "download"


def with_chunk(fetching: Fetching, chunk_bytes: int | None) -> Fetching:
    """The same, read in pieces of another size."""
    return fetching if chunk_bytes is None else replace(fetching, chunk_bytes=chunk_bytes)
