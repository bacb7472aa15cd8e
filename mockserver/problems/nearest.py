"""Which path of a document was probably meant by one that it does not have."""

from __future__ import annotations

from collections.abc import Sequence

from syncdyn.openapi.hints import close_names

#: Comparing takes its time, which requests to a document of many paths do not have.
_MOST_COMPARED = 300


def meant(path: str, templates: Sequence[str]) -> str:
    """The end of a sentence, `; did you mean /pets/{petId}?`; empty where none is near, or there are very many."""
    if len(templates) > _MOST_COMPARED:
        return ""
    steps = path.split("/")
    filled = {_filled(template, steps): template for template in reversed(templates)}
    close = close_names(path, filled)
    return f"; did you mean {filled[close[0]]}?" if close else ""


def _filled(template: str, steps: Sequence[str]) -> str:
    """The template with what stands in its place in a path, so that names alone are compared."""
    own = template.split("/")
    return "/".join(_at(steps, at) or one if "{" in one else one for at, one in enumerate(own))


def _at(steps: Sequence[str], at: int) -> str:
    return steps[at] if at < len(steps) else ""
