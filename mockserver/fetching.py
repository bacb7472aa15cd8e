"""A document behind a URL -> its bytes, within bounds of size and time."""

from __future__ import annotations

import time

import httpx

from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.opening.sources import MAX_BYTES
from syncdyn.openapi.urls import origin_of, shown_url

_MOST_SECONDS = 30.0
_MOST_REDIRECTS = 5
_OK = 200


def fetch(url: str) -> bytes:
    """The body behind a URL: at most 64 MiB, within 30 seconds, redirected only within its origin.

    Raises DocumentError with the URL, without its credentials, for anything else.
    """
    ends = time.monotonic() + _MOST_SECONDS
    try:
        with httpx.Client(timeout=_MOST_SECONDS) as client:
            return _fetched(client, url, ends)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise _Unfetched(url, f"could not be fetched: {str(error) or type(error).__name__}") from error


class _Unfetched(DocumentError):
    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"{shown_url(url)}: {why}")


def _fetched(client: httpx.Client, url: str, ends: float) -> bytes:
    started_at = url
    for _ in range(_MOST_REDIRECTS + 1):
        with client.stream("GET", url, follow_redirects=False) as response:
            if response.next_request is None:
                return _body(response, url, ends)
            url = str(response.next_request.url)
        if origin_of(url) != origin_of(started_at):
            raise _Unfetched(started_at, f"it redirects to {shown_url(url)}; give that URL")
    raise _Unfetched(started_at, f"it redirects more than {_MOST_REDIRECTS} times")


def _body(response: httpx.Response, url: str, ends: float) -> bytes:
    if response.status_code != _OK:
        raise _Unfetched(url, f"answered {response.status_code} {response.reason_phrase}")
    found = bytearray()
    for chunk in response.iter_bytes():
        found += chunk
        if len(found) > MAX_BYTES:
            raise _Unfetched(url, f"is larger than {MAX_BYTES // 2**20} MiB, which is what is read at most")
        if time.monotonic() > ends:
            raise _Unfetched(url, f"was not there within {_MOST_SECONDS:g} seconds")
    return bytes(found)
