"""What is told of a violation that was let through: a header field with one entry for each, as Prism writes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from syncdyn.openapi.errors import Violation
from syncdyn.openapi.messages import Json, Response

_FIELD = "sl-violations"
#: Servers take header fields of 8 KiB, all told.
_MOST_CHARACTERS = 8 * 1024 - 100


def diagnostic(side: str, violation: Violation) -> dict[str, Json]:
    """One violation as an entry: `side` is `request` or `response`."""
    location = [side, violation.location, *(str(step) for step in violation.path)]
    severity = "Warning" if violation.is_tolerated else "Error"
    hint = f" ({violation.hint})" if violation.hint else ""
    return {
        "location": location,
        "severity": severity,
        "code": violation.keyword,
        "message": f"{violation.message}{hint}",
    }


def reported(response: Response, entries: Iterable[dict[str, Json]]) -> Response:
    """The response with a field that tells what was let through; without entries, as it is."""
    listed: Sequence[dict[str, Json]] = [*entries]
    if not listed:
        return response
    text = json.dumps(listed, separators=(",", ":"))
    if len(text) > _MOST_CHARACTERS:
        text = f"Too many violations! {text[:_MOST_CHARACTERS]}"
    return replace(response, headers=response.headers.replace(**{_FIELD: text}))
