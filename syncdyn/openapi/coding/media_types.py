"""Media types by name: their essence, what they match, and which of a body's is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syncdyn.openapi.operations import MediaType

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
OCTETS = "application/octet-stream"
EVENT_STREAM = "text/event-stream"

_JSON = frozenset({"application/json", "text/json"})
_JSON_LINES = frozenset(
    {"application/jsonl", "application/x-jsonl", "application/jsonlines", "application/x-jsonlines",
     "application/x-ndjson", "application/ndjson"}
)  # fmt: skip


def essence(content_type: str) -> str:
    """The type and subtype in lower case, without parameters. Source: RFC 9110, section 8.3.1."""
    return content_type.partition(";")[0].strip().lower()


def is_json(name: str) -> bool:
    """Whether an essence is JSON, by name or by suffix. Source: RFC 6839, section 3.1."""
    return name in _JSON or name.endswith("+json")


def is_json_lines(name: str) -> bool:
    """Whether an essence is JSON values on lines; `application/json-seq` has other separators."""
    return name in _JSON_LINES


def is_json_sequence(name: str) -> bool:
    """Whether an essence is JSON values behind separators. Source: RFC 7464; RFC 8091 for the suffix."""
    return name == "application/json-seq" or name.endswith("+json-seq")


def is_xml(name: str) -> bool:
    """Whether an essence is XML, by name or by suffix. Source: RFC 7303."""
    return name in ("application/xml", "text/xml") or name.endswith("+xml")


def is_multipart(name: str) -> bool:
    """Whether a media type is one of many parts, `multipart/form-data` among them."""
    return name.startswith("multipart/")


def is_text(name: str) -> bool:
    """Whether an essence is text of no other kind known here."""
    return name.startswith("text/") and not is_json(name)


def is_range(name: str) -> bool:
    """Whether a name leaves something open, as `image/*` does."""
    return "*" in name


def matches(allowed: str, name: str) -> bool:
    """Whether an essence is among the allowed: a type, a range, or a list of them with commas."""
    return any(_rank(essence(one), name) for one in allowed.split(","))


def best_match(content: Sequence[MediaType], content_type: str) -> MediaType | None:
    """The body described for a Content-Type: exact before `type/*` before `*/*`, or None.

    Of several with one name (`application/json; version=2`) the one whose parameters are there, else the first.
    Source: OpenAPI 3.1, Request Body Object, `content`: the most specific key counts.
    """
    name = essence(content_type)
    ranked = [(max(_rank(essence(one), name) for one in media.name.split(",")), media) for media in content]
    best = max((rank for rank, _ in ranked), default=0)
    meant = [media for rank, media in ranked if rank == best]
    if len(meant) > 1:
        meant.sort(key=lambda media: -_parameters_met(media.name, content_type))
    return meant[0] if best else None


def _parameters_met(name: str, content_type: str) -> int:
    """How many parameters a name states, where a Content-Type has them all; else -1."""
    stated, found = _parameters(name), _parameters(content_type)
    return len(stated) if stated <= found else -1


def _parameters(name: str) -> set[str]:
    return {piece.strip().lower().replace('"', "") for piece in name.split(";")[1:]}


def _rank(allowed: str, name: str) -> int:
    if allowed == name:
        return 3
    if allowed.endswith("/*") and allowed != "*/*" and name.startswith(allowed[:-1]):
        return 2
    return 1 if allowed in ("*/*", "*") else 0
