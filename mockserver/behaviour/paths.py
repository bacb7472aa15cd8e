"""The paths of a document, found by their form: that of `/users/{uid}/posts` is `/users/{}/posts`.

A path that ends in a template is that of one thing, in the collection at the path before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from urllib.parse import quote

from syncdyn.openapi.catalogue import Operations
from syncdyn.openapi.messages import Json

_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_ENDING = re.compile(r"(\.json)?/?$")
_NONE: Mapping[str, str] = {}


def form_of_path(path: str) -> str:
    """The form of a path: its templates without their names, `.json` and a last slash left out."""
    return _TEMPLATE.sub("{}", _ENDING.sub("", path))


def names_of(path: str) -> tuple[str, ...]:
    """The names of a path's templates."""
    return tuple(_TEMPLATE.findall(path))


def parent_of(form: str) -> str:
    """The path before the last step."""
    return form.rpartition("/")[0]


def is_item(form: str) -> bool:
    """Whether a path is that of one thing."""
    return form.endswith("/{}")


def last_word(form: str) -> str:
    """The last step of a path that is no template: what its things are called."""
    return next((step for step in reversed(form.split("/")) if step and "{" not in step), "thing")


def item_forms(form: str) -> Iterator[str]:
    """The forms of the things that a path leads through, itself not among them; the outermost first."""
    steps = form.split("/")
    for number in range(1, len(steps)):
        if steps[number - 1] == "{}":
            yield "/".join(steps[:number])


@lru_cache(4096)
def filled(form: str, values: tuple[Json, ...]) -> str:
    """The path with its templates filled in order, as far as it has any."""
    pieces = form.split("{}")
    texts = [quote(str(value), safe="") for value in values[: len(pieces) - 1]]
    return "".join(piece + text for piece, text in zip(pieces, [*texts, ""]))  # noqa: B905 (a tail has no text)


class Paths:
    """The operations of a document by the form of their path and their method."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    @cached_property
    def _by_form(self) -> Mapping[str, Mapping[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for key, head in self._operations.heads.items():
            if "?" not in head.path and "#" not in head.path:
                found.setdefault(form_of_path(head.path), {}).setdefault(head.method, key)
        return found

    def __contains__(self, form: str) -> bool:
        return form in self._by_form

    def at(self, form: str) -> Mapping[str, str]:
        """The keys of the operations at a path, by method."""
        return self._by_form.get(form, _NONE)
