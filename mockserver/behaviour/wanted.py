"""Which webhook belongs to which occasion: by its `x-mock-webhook` data, else by its name where that is sure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mockserver.behaviour.naming import singular
from mockserver.behaviour.occasions import CHANGED, CREATED, DELETED, Occasion
from syncdyn.openapi.messages import OBJECT, Json
from syncdyn.openapi.operations import Operation

EXTENSION = "x-mock-webhook"

_KINDS: Mapping[str, str] = {
    **dict.fromkeys(("create", "created", "new", "added", "registered", "uploaded", "submitted"), CREATED),
    **dict.fromkeys(("update", "updated", "changed", "change", "modified", "edited"), CHANGED),
    **dict.fromkeys(("delete", "deleted", "removed", "destroyed"), DELETED),
}
#: The end of a thing's stages, whatever its state is called then.
_ENDS = frozenset({"finished", "ended", "done"})
_FILLERS = frozenset({"on", "webhook", "hook", "event", "has", "been", "was", "is", "notification", "callback", "the"})
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a webhook tells of: kinds of occasions in a collection (None: any).

    `state` is the text that one of the members which changed must have; `is_end` wants the last stage. `stated` is
    its overlay data.
    """

    name: str
    operation: Operation
    kinds: frozenset[str]
    nouns: tuple[str, ...] = ()
    collection: str | None = None
    state: str | None = None
    is_end: bool = False
    stated: Mapping[str, Json] | None = None

    def fits(self, occasion: Occasion) -> bool:
        """Whether the webhook is for an occasion, but for what its data's `when` says."""
        if occasion.kind not in self.kinds or not self._is_of(occasion.collection):
            return False
        if self.is_end:
            return occasion.is_last
        return self.state is None or any(_same(self.state, value) for value in occasion.news.values())

    def _is_of(self, collection: str) -> bool:
        if self.collection is not None or self.stated is not None:
            return self.collection in (None, collection)
        return self.nouns in nouns_of(collection)


def wanted_of(name: str, operation: Operation) -> Wanted | None:
    """What a webhook tells of; None where that is not sure."""
    stated = operation.extensions.get(EXTENSION)
    if isinstance(stated, OBJECT) and "on" in stated:
        return _stated(name, operation, stated)
    read = (_read(name, operation, text) for text in (name, operation.id or ""))
    return next((one for one in read if one is not None), None)


def words_of(text: str) -> list[str]:
    """The words of a name in any spelling, in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def nouns_of(collection: str) -> Iterator[tuple[str, ...]]:
    """What the things of a collection are called, as words: by the last step of its name, and by all of them."""
    steps = [step for step in re.sub(r"\{[^}]*\}", "", collection).split("/") if step]
    yield from {_singular(words_of(steps[-1])), _singular(words_of(" ".join(steps)))} if steps else ()


def _stated(name: str, operation: Operation, stated: Mapping[str, Json]) -> Wanted:
    kinds = stated["on"] if isinstance(stated["on"], list) else [stated["on"]]
    return Wanted(name, operation, frozenset(map(str, kinds)), collection=stated.get("collection"), stated=stated)


def _read(name: str, operation: Operation, text: str) -> Wanted | None:
    words = [word for word in words_of(text) if word not in _FILLERS]
    if len(words) < 2:
        return None
    for verb, rest in ((words[-1], words[:-1]), (words[0], words[1:])):
        if verb in _KINDS:
            return Wanted(name, operation, frozenset({_KINDS[verb]}), _singular(rest))
    verb, nouns = words[-1], _singular(words[:-1])
    if verb in _ENDS:
        return Wanted(name, operation, frozenset({CHANGED}), nouns, is_end=True)
    return Wanted(name, operation, frozenset({CREATED, CHANGED}), nouns, state=verb)


def _singular(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(singular, words))


def _same(state: str, value: Json) -> bool:
    """Whether a member's text is a state: `in progress` is `IN_PROGRESS`, and `canceled` is `cancelled`."""
    return isinstance(value, str) and "".join(words_of(value.lower())).replace("ll", "l") == state.replace("ll", "l")
