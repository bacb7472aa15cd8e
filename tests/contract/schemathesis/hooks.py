"""What Schemathesis has to be told to send and judge these documents' bodies; it imports this file by its name."""

from __future__ import annotations

from typing import Any

import schemathesis

_FORM, _XML = "application/x-www-form-urlencoded", "application/xml"
#: Members of the documents' forms and XML bodies that are arrays, and that are objects.
_ARRAYS, _OBJECTS = frozenset({"photoUrls", "tags"}), frozenset({"category"})


@schemathesis.serializer("application/jsonl", "application/x-ndjson")
def lines(_context: Any, value: Any) -> bytes:
    """Lines of JSON are made as texts; it has no writer of its own for them."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def filter_case(_context: Any, case: Any) -> bool:
    """Leaves out bodies that say something else than was meant."""
    if not isinstance(case.body, dict):
        # An empty root is an empty object, too.
        return not (case.media_type == _XML and isinstance(case.body, str | list) and not case.body)
    says_another = {_FORM: _form_says_another, _XML: _xml_says_another}.get(case.media_type)
    return says_another is None or not any(says_another(name, value) for name, value in case.body.items())


def _form_says_another(name: str, value: Any) -> bool:
    """One text is an array of one text, and of objects Schemathesis writes the names of their members alone."""
    is_texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, dict) or (name in _ARRAYS and not is_texts)


def _xml_says_another(name: str, value: Any) -> bool:
    """An empty element is an empty array, an empty object and an empty text."""
    return name in _ARRAYS | _OBJECTS and value in ("", None, [], {})
