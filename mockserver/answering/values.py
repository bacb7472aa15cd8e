"""The value that stands in a body: an example of the document, else one made of the schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mockserver.answering.streams import is_stream
from mockserver.answering.wishes import Unavailable, Wishes
from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.texts import is_only
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.items import item_shape
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import MediaType
from syncdyn.openapi.sampling import Sampler
from syncdyn.openapi.schemas.normalise import Direction

#: So many items are made for a stream of which the document shows none.
_ITEMS = 3


@dataclass(frozen=True, slots=True)
class Values:
    """Makes values. `is_dynamic` passes the media type's examples by, `has_examples=False` those of schemas, too."""

    contract: Contract
    sampler: Sampler
    is_dynamic: bool = False
    has_examples: bool = True

    def stated(self, chosen: MediaType, wishes: Wishes) -> Json:
        """The example wished for, else the first one that keeps its schema; MISSING where there is none to give.

        Raises Unavailable for an example of a name that the media type has not.
        """
        if wishes.example is not None and self.has_examples:
            return _example_named(chosen, wishes.example)
        if self.is_made_up(wishes):
            return MISSING
        return next((value for value in chosen.examples.values() if self.is_valid(chosen, value)), MISSING)

    def made(self, chosen: MediaType, wishes: Wishes, seed: str) -> Json:
        """A value made of the schema; the same for the same seed."""
        pointer = chosen.item_schema or chosen.schema
        if pointer is None:
            return {} if media.is_json(media.essence(chosen.name)) else ""
        if is_stream(chosen.name):
            return [*self._items(chosen, pointer, wishes, seed)]
        return self.sample(pointer, wishes, seed)

    def sample(self, pointer: str, wishes: Wishes, seed: str) -> Json:
        """A value of the schema at a pointer, of its own examples and defaults where they may be used."""
        use_examples = not self.is_made_up(wishes)
        return self.sampler.sample(pointer, Direction.RESPONSE, seed, use_examples=use_examples)

    def is_made_up(self, wishes: Wishes) -> bool:
        """Whether no example may be used."""
        is_dynamic = self.is_dynamic if wishes.is_dynamic is None else wishes.is_dynamic
        return is_dynamic or not self.has_examples

    def _items(self, chosen: MediaType, pointer: str, wishes: Wishes, seed: str) -> Iterator[Json]:
        shape = item_shape(self.contract, chosen)
        if shape is None or (chosen.item_schema is None and is_only(self.contract.shape(pointer), "array")):
            value = self.sample(pointer, wishes, seed)
            yield from value if isinstance(value, list) else [value]
            return
        for index in range(_ITEMS):
            yield self.sample(pointer, wishes, f"{seed}|{index}")

    def is_valid(self, chosen: MediaType, value: Json) -> bool:
        """Whether a value keeps the schema of its media type: an example that does not is worse than made-up data."""
        if isinstance(value, str) and (is_stream(chosen.name) or media.is_xml(media.essence(chosen.name))):
            return True
        pointer = chosen.schema
        if chosen.item_schema is not None and isinstance(value, list):
            validator = self.contract.schemas.validator(chosen.item_schema, Direction.RESPONSE)
            return all(validator.is_valid(item) for item in value)
        return pointer is None or self.contract.schemas.validator(pointer, Direction.RESPONSE).is_valid(value)


def _example_named(chosen: MediaType, name: str) -> Json:
    """The example of a name. Raises Unavailable where the media type has none such."""
    if name in chosen.examples:
        return chosen.examples[name]
    known = ", ".join(chosen.examples) or "none"
    raise Unavailable(404, f"{chosen.name} has no example {name[:40]!r}; there is: {known}")
