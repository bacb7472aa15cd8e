"""RequestOptions under the path that the official SDK has for it."""

from syncdyn.options import RequestOptions

__all__ = ["RequestOptions"]
