"""A value that breaks a few rules -> the value without the members that do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.messages import Json


def mended(value: Json, violations: Iterable[Violation]) -> Json:
    """The value without the members that break a rule, or MISSING where there is nothing to leave out."""
    paths = {violation.path for violation in violations if violation.path and violation.keyword != "required"}
    for path in sorted(paths, key=len, reverse=True):
        value = _without(value, path)
        if value is MISSING:
            return MISSING
    return value if paths else MISSING


def _without(value: Json, path: tuple[str | int, ...]) -> Json:
    """The value without what stands at a path, or without the nearest member around it."""
    names = [index for index, step in enumerate(path) if isinstance(step, str)]
    return _removed(value, path[: names[-1] + 1]) if names else MISSING


def _removed(value: Json, path: tuple[str | int, ...]) -> Json:
    step, *rest = path
    if isinstance(value, Mapping) and isinstance(step, str) and step in value:
        if not rest:
            return {name: member for name, member in value.items() if name != step}
        return {**value, step: _removed(value[step], tuple(rest))}
    if isinstance(value, list) and type(step) is int and step < len(value) and rest:
        return [*value[:step], _removed(value[step], tuple(rest)), *value[step + 1 :]]
    return value
