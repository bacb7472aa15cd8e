"""ApiError under the path that the official SDK has for it."""

from syncdyn.errors import ApiError

__all__ = ["ApiError"]
