"""A curl command as a scenario has it -> the request that curl would send."""

from __future__ import annotations

import argparse
import base64
import re
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote, urlsplit

from syncdyn.openapi.messages import Headers, Request

_BOUNDARY = "------------------------scenario"
_FORM = "application/x-www-form-urlencoded"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ValueError(f"curl: {message}")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("urls", nargs="*")
    parser.add_argument("--url", action="append", default=[])
    parser.add_argument("-X", "--request")
    parser.add_argument("-H", "--header", action="append", default=[])
    parser.add_argument("-d", "--data", "--data-ascii", dest="data", action="append", default=[])
    parser.add_argument("--data-raw", dest="raw", action="append", default=[])
    parser.add_argument("--data-binary", dest="binary", action="append", default=[])
    parser.add_argument("--data-urlencode", dest="encoded", action="append", default=[])
    parser.add_argument("--json", action="append", default=[])
    parser.add_argument("-F", "--form", action="append", default=[])
    parser.add_argument("-u", "--user")
    parser.add_argument("-b", "--cookie", action="append", default=[])
    parser.add_argument("-A", "--user-agent")
    parser.add_argument("-G", "--get", action="store_true")
    parser.add_argument("-I", "--head", action="store_true")
    parser.add_argument("-m", "--max-time")
    for flag in (
        "-i",
        "--include",
        "-s",
        "--silent",
        "-S",
        "-k",
        "-g",
        "--globoff",
        "-v",
        "--path-as-is",
        "-sS",
        "-si",
    ):
        parser.add_argument(flag, action="store_true")
    return parser


_PARSER = _parser()


def request_of(command: str, folder: Path) -> Request:
    """The request of a curl command; files that it names are in a folder. Raises ValueError for no curl command."""
    words = shlex.split(re.sub(r"\\\r?\n", " ", command))
    if not words or words[0] != "curl":
        raise ValueError(f"no curl command: {command!r}")
    given = _PARSER.parse_args([*words[1:]])
    url = _whole([*given.urls, *given.url][0])
    pairs = [_header(line) for line in given.header if not line.rstrip().endswith(":")]
    body, content_type = _body(given, folder)
    if given.get:
        url += ("&" if "?" in url else "?") + body.decode()
        body, content_type = b"", None
    # A name without a value keeps curl from sending the field that it sends else.
    names = {line.partition(":")[0].strip("; ").lower() for line in given.header}
    pairs = [*_defaults(given, url, content_type, names), *pairs]
    if body:
        pairs.append(("Content-Length", str(len(body))))
    return Request(_method(given, content_type), url, Headers(pairs), body)


def _whole(url: str) -> str:
    url = url if "://" in url else f"http://{url}"
    parts = urlsplit(url)
    return url if parts.path else url.replace(parts.netloc, f"{parts.netloc}/", 1)


def _header(line: str) -> tuple[str, str]:
    if ":" not in line:
        return line.rstrip("; "), ""
    name, _, value = line.partition(":")
    return name.strip(), value.strip()


def _defaults(
    given: argparse.Namespace, url: str, content_type: str | None, names: set[str]
) -> Iterable[tuple[str, str]]:
    stated = {
        "Host": urlsplit(url).netloc,
        "Authorization": given.user and f"Basic {base64.b64encode(given.user.encode()).decode()}",
        "User-Agent": given.user_agent or "curl/8",
        "Accept": "application/json" if given.json else "*/*",
        "Cookie": "; ".join(given.cookie),
        "Content-Type": content_type,
    }
    return [(name, value) for name, value in stated.items() if value and name.lower() not in names]


def _method(given: argparse.Namespace, content_type: str | None) -> str:
    return given.request or ("HEAD" if given.head else "POST" if content_type else "GET")


def _body(given: argparse.Namespace, folder: Path) -> tuple[bytes, str | None]:
    if given.form:
        return _multipart(given.form, folder), f"multipart/form-data; boundary={_BOUNDARY}"
    if given.json:
        return b"".join(_data(text, folder) for text in given.json), "application/json"
    pieces = [_data(text, folder).replace(b"\n", b"") if text.startswith("@") else text.encode() for text in given.data]
    pieces += [text.encode() for text in given.raw]
    pieces += [_data(text, folder) for text in given.binary]
    pieces += [_encoded(text).encode() for text in given.encoded]
    return b"&".join(pieces), _FORM if pieces else None


def _data(text: str, folder: Path) -> bytes:
    return (folder / text[1:]).read_bytes() if text.startswith("@") else text.encode()


def _encoded(text: str) -> str:
    name, mark, value = text.partition("=")
    return f"{name}={quote(value, safe='')}" if mark and name else quote(value or name, safe="")


def _multipart(fields: list[str], folder: Path) -> bytes:
    parts = b"".join(_part(*each.partition("=")[::2], folder) for each in fields)
    return parts + f"--{_BOUNDARY}--\r\n".encode()


def _part(name: str, value: str, folder: Path) -> bytes:
    text, *options = value.split(";")
    told = dict(option.partition("=")[::2] for option in options)
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
    content = text.encode()
    if text.startswith("@"):
        content = (folder / text[1:]).read_bytes()
        head += f'; filename="{told.get("filename", Path(text[1:]).name)}"'
        told.setdefault("type", "application/octet-stream")
    head += f"\r\nContent-Type: {told['type']}" if told.get("type") else ""
    return f"{head}\r\n\r\n".encode() + content + b"\r\n"
