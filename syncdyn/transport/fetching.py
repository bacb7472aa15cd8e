"""A document behind a URL -> its bytes, within bounds of size and time."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import httpx

from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.opening.sources import MAX_BYTES
from syncdyn.openapi.urls import origin_of, shown_url
from syncdyn.transport.library import made

_MOST_SECONDS = 30.0
_MOST_REDIRECTS = 5


def fetch(url: str, now: Callable[[], float] = time.monotonic) -> bytes:
    """The body behind a URL: at most 64 MiB, within 30 seconds, redirected only within its origin.

    Raises DocumentError with the URL, without its credentials, for anything else.
    """
    ends = now() + _MOST_SECONDS
    try:
        with made("Client", timeout=_MOST_SECONDS) as client:
            return _fetched(client, url, lambda: now() > ends)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise _unfetched(url, f"could not be fetched: {str(error) or type(error).__name__}") from error


def _fetched(client: httpx.Client, url: str, is_late: Callable[[], bool]) -> bytes:
    fail = partial(_unfetched, url)
    for _ in range(_MOST_REDIRECTS + 1):
        with client.stream("GET", url, follow_redirects=False) as response:
            if response.next_request is None:
                return _document(response, is_late, fail)
            target = str(response.next_request.url)
        if origin_of(target) != origin_of(url):
            raise fail(f"it redirects to {shown_url(target)}; give that URL")
        url = target
    raise fail(f"it redirects more than {_MOST_REDIRECTS} times")


def _document(response: httpx.Response, is_late: Callable[[], bool], fail: Callable[[str], DocumentError]) -> bytes:
    if response.status_code != 200:
        raise fail(f"answered {response.status_code} {response.reason_phrase}")
    found = bytearray()
    for chunk in response.iter_bytes():
        found += chunk
        if len(found) > MAX_BYTES:
            raise fail(f"is larger than {MAX_BYTES // 2**20} MiB, which is what is read at most")
        if is_late():
            raise fail(f"was not there within {_MOST_SECONDS:g} seconds")
    return bytes(found)


def _unfetched(url: str, told: str) -> DocumentError:
    return DocumentError(f"{shown_url(url)}: {told}")
