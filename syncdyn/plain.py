"""Results as the JSON that they came as."""

from __future__ import annotations

from typing import Any

from syncdyn.openapi.messages import Json


def plain(result: Any) -> Json:
    """The JSON of a result: of an object of the API, of a list of them, or of what is plain already."""
    if isinstance(result, list):
        return [plain(item) for item in result]
    return result.__wire__() if hasattr(result, "__wire__") else result
