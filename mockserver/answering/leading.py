"""Where a made-up `Location` or `Link` leads: to something that this mock answers, not to the void.

What was created is found below the path that created it; what moved, at another path that can be read. Examples of
the document that lead to one of its servers are led back to the mock. Source: RFC 9110, sections 10.2.2, 8.7; RFC 8288.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import Operation

_LEADING = frozenset({"location", "content-location", "link"})
_ABSOLUTE_FORMATS = frozenset({"uri", "url", "iri"})
_LAST_TEMPLATE = re.compile(r"(/.*)/\{([^{}/]+)\}")


@dataclass(frozen=True, slots=True)
class Lead:
    """A field that leads somewhere. `path` is another path of the document; None: to `name`, below this one or itself.

    `name` is the member of the body whose value is the last step. `is_absolute` where a whole URL is asked for.
    """

    field: str
    path: str | None = None
    name: str | None = None
    is_absolute: bool = False

    def text(self, url: str, own_path: str, body: Json, made: Callable[[], Json]) -> str:
        """The text of the field for a request of this URL, met by the operation at `own_path`.

        `made()` is the last step where the body has none.
        """
        parts = urlsplit(url)
        target = parts.path
        if self.path is not None:
            target = _base(parts.path, own_path) + self.path
        elif self.name is not None:
            target = f"{parts.path.rstrip('/')}/{quote(str(_step(body, self.name, made)), safe='')}"
        whole = f"{parts.scheme}://{parts.netloc}{target}" if self.is_absolute else target
        return f'<{whole}>; rel="self"' if self.field.lower() == "link" else whole


def lead_of(field: str, format_: Json, status: int, operation: Operation, keys: Iterable[str]) -> Lead | None:
    """Where a field of this name leads, in an answer of this status; None for fields that lead nowhere.

    `keys` are those of all operations of the document, `METHOD /path`.
    """
    if field.lower() not in _LEADING:
        return None
    is_absolute = format_ in _ABSOLUTE_FORMATS
    readable = [key[4:] for key in keys if key.startswith("GET ")]
    if field.lower() == "location" and 300 <= status < 400:
        plain = (path for path in readable if "{" not in path and "?" not in path and path != operation.path)
        return Lead(field, next(plain, None), None, is_absolute)
    below = (_LAST_TEMPLATE.fullmatch(path) for path in readable)
    name = next((found[2] for found in below if found and found[1] == operation.path.rstrip("/")), None)
    return Lead(field, None, name if operation.method == "POST" else None, is_absolute)


def led_back(text: str, origins: Collection[str]) -> str:
    """A URL that leads to one of the document's servers, as a path; any other text as it is."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return text
    if not parts.netloc or f"{parts.scheme}://{parts.netloc}" not in origins:
        return text
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path


def origins_of(urls: Iterable[str]) -> frozenset[str]:
    """The origins of some URLs; relative ones have none."""
    found = (_origin(url) for url in urls if "://" in url)
    return frozenset(origin for origin in found if origin)


def _origin(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:  # as documents have them
        return None
    return f"{parts.scheme}://{parts.netloc}"


def _base(sent: str, own_path: str) -> str:
    """What stands before the operation's path in the path that was sent."""
    steps = sent.split("/")
    return "/".join(steps[: len(steps) - own_path.count("/")])


def _step(body: Json, name: str, made: Callable[[], Json]) -> Json:
    members = body if isinstance(body, Mapping) else {}
    found = next((members[one] for one in (name, "id") if isinstance(members.get(one), str | int)), None)
    return made() if found is None else found
