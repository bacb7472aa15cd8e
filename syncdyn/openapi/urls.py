"""URLs: of which origin they are, whether a request can go there, and how much of them may be shown."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import SplitResult, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Scheme, host and port.
Origin: TypeAlias = "tuple[str, str | None, int | None]"

#: The port of each scheme that a request can have, where none is stated.
PORTS: Mapping[str, int] = MappingProxyType({"http": 80, "https": 443})
#: The form of most URLs that are asked for; what is left to the library is several times as slow.
_PLAIN = re.compile(r"https?://[\w.:-]*(/[^?#\s]*)?(?:\?([^#\s]*))?", re.ASCII)
_USERINFO = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*@")


def origin_of(url: str | SplitResult) -> Origin:
    """Scheme, host and port: what credentials are good for. Raises ValueError for what is no URL.

    Source: RFC 6454, section 4.
    """
    parts = urlsplit(url) if isinstance(url, str) else url
    return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)


def is_absolute(url: str) -> bool:
    """Whether it is a URL that a request can go to: http or https, with a host, and a port that can be one."""
    try:
        scheme, host, _ = origin_of(url)
    except ValueError:
        return False
    return scheme in PORTS and bool(host)


def path_and_query(url: str) -> tuple[str, str]:
    """The path and the query, still percent-encoded. Raises ValueError for a URL that is malformed."""
    plain = _PLAIN.fullmatch(url)
    if plain is not None:
        return plain[1] or "/", plain[2] or ""
    _, _, path, query, _ = urlsplit(url)
    return path, query


def without_userinfo(url: str) -> str:
    """The URL without user name and password: as it may be shown. Source: RFC 3986, section 3.2.1."""
    return _USERINFO.sub(r"\1//", url) if "@" in url else url


def shown_url(url: str) -> str:
    """The URL without credentials, query and fragment: fit for messages."""
    try:
        return shown_origin(url) + urlsplit(url).path
    except ValueError:
        return "the given URL"


def shown_origin(url: str) -> str:
    """The origin as people write it, `https://api.example.com`. Raises ValueError for no URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{shown_host(url)}"


def shown_host(url: str) -> str:
    """Host and port as the URL writes them. Raises ValueError for no URL."""
    return urlsplit(url).netloc.rpartition("@")[2]
