"""What a caller wishes of the mock, not of the service: which code, which example, made-up data.

Told by `Prefer: code=404, example=name, dynamic=true`, or in the query by `__code`, `__example`, `__dynamic` (the
words are Prism's); the header counts first, and of several equal words the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import unquote_plus

from syncdyn.openapi.messages import Request

_MARK = "__"
_WORDS = ("code", "example", "dynamic", "outcome", "seed", "server")
_STATUS = re.compile(r"[1-5][0-9]{2}")
_BOOLEANS = {"true": True, "false": False}
#: A preference ends at a comma or a semicolon that stands in no quotes. Source: RFC 7240, section 2.
_PREFERENCE = re.compile(r'(?:[^",;]|"(?:[^"\\]|\\.)*"?)+')


class Unavailable(Exception):
    """What was asked for is not to be had; `status` says how, `kind` in one of Prism's words."""

    def __init__(self, status: int, message: str, kind: str = "NOT_FOUND") -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller wishes. `is_dynamic` is None where the caller leaves that open.

    `seed` has made-up data made anew; `outcome` names the end of a lifecycle; `server` is the URL of one of the
    document's servers, to be checked.
    """

    code: str | None = None
    example: str | None = None
    outcome: str | None = None
    is_dynamic: bool | None = None
    seed: str = ""
    server: str | None = None


NO_WISHES = Wishes()


def wishes_of(request: Request) -> Wishes:
    """The wishes in a request's `Prefer` header and query.

    Raises Unavailable for a code that is no status and for a `dynamic` that is neither `true` nor `false`.
    """
    preferred = request.headers.get("prefer")
    _, _, query = request.url.partition("?")
    if preferred is None and _MARK not in query:
        return NO_WISHES
    return _read(preferred or "", query if _MARK in query else "")


def without_wishes(request: Request) -> Request:
    """The request as the service would see it: without the pairs of the query that are wishes."""
    path, mark, query = request.url.partition("?")
    if _MARK not in query:
        return request
    kept = "&".join(pair for pair in query.split("&") if not _is_wish(pair))
    return request if kept == query else replace(request, url=f"{path}{mark}{kept}" if kept else path)


def _is_wish(pair: str) -> bool:
    name, _, _ = pair.partition("=")
    return name.startswith(_MARK) and name[len(_MARK) :] in _WORDS


@lru_cache(maxsize=1024)
def _read(preferred: str, query: str) -> Wishes:
    found: dict[str, str] = {}
    for preference in _PREFERENCE.findall(preferred):
        name, _, value = preference.partition("=")
        found.setdefault(name.strip().lower(), value.strip().strip('"'))
    for pair in filter(_is_wish, query.split("&")):
        name, _, value = pair.partition("=")
        found.setdefault(name[len(_MARK) :], unquote_plus(value))
    return Wishes(
        code=_code(found.get("code")),
        example=found.get("example"),
        outcome=found.get("outcome"),
        is_dynamic=_flag(found.get("dynamic")),
        seed=found.get("seed", ""),
        server=found.get("server"),
    )


def _code(text: str | None) -> str | None:
    if text is None or _STATUS.fullmatch(text):
        return text
    raise Unavailable(422, f"the preferred code {text[:40]!r} is no status", "UNPROCESSABLE_ENTITY")


def _flag(text: str | None) -> bool | None:
    if text is None or text in _BOOLEANS:
        return _BOOLEANS.get(text or "")
    raise Unavailable(422, f"`dynamic` is {text[:40]!r}, not true or false", "UNPROCESSABLE_ENTITY")
