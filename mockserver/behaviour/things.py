"""The things of inferred collections: found, made by schema, shown as each operation's answer wants them.

A thing that nobody made is there until it is deleted (`unknown` is "made"), the same each time; or it is not there
("refused"). A collection begins with what the document's example of its list shows, and empty where there is none but
things can be made, unless data is to be generated (`dynamic`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from mockserver.behaviour.calls import Call
from mockserver.behaviour.forms import Form, form_of, list_form_of, success_status
from mockserver.behaviour.ids import Ids, as_held, held_id
from mockserver.behaviour.inference import Inference
from mockserver.behaviour.intakes import Intake, intake_of
from mockserver.behaviour.kinds import Kind
from mockserver.behaviour.moulds import Moulds, in_order
from mockserver.behaviour.naming import moment_value
from mockserver.behaviour.paths import filled, form_of_path, item_forms, last_word, names_of, parent_of
from mockserver.problems import Fault, Refused, fault_of
from mockserver.settings import Settings
from mockserver.state import Resource, State
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import Operation
from syncdyn.openapi.schemas.shapes import Shape

_NOT_FOUND = 404
_MOST_REMEMBERED = 4096
_NONE: Mapping[str, Resource] = {}
_NOTHING: Mapping[str, Json] = {}


@dataclass(frozen=True, slots=True)
class Ground:
    """Where an operation works: the form of its path, the names in it, and the things it leads through."""

    form: str
    names: tuple[str, ...]
    owners: tuple[Kind, ...]


class Things:
    """The things of one document, in any state."""

    def __init__(self, contract: Contract, inference: Inference, moulds: Moulds, settings: Settings) -> None:
        self._contract = contract
        self._inference = inference
        self._is_made = settings.unknown == "made"
        self._is_filled = settings.dynamic
        self._intakes: dict[str, Intake] = {}
        self._statuses: dict[tuple[str, tuple[int, ...]], int] = {}
        self._kinds: dict[tuple[str, bool], Kind] = {}
        self._grounds: dict[str, Ground] = {}
        self._forms: dict[tuple[str, int], Form | None] = {}
        self._ids = Ids(moulds, settings.seed)
        self.moulds = moulds
        self._made = lru_cache(_MOST_REMEMBERED)(self._make)
        self._begun = lru_cache(_MOST_REMEMBERED)(self._begin)

    def kind(self, name: str, *, is_single: bool = False) -> Kind:
        """The kind of a collection by its path."""
        kind = self._kinds.get((name, is_single))
        if kind is None:
            form, kinds = form_of_path(name), self._inference.kinds
            kind = kinds.single(form) if is_single else kinds.at(form)
            if kind is None:
                raise DocumentError(f"x-mock: no collection of things stands at {name}")
            self._kinds[name, is_single] = kind
        return kind

    def methods(self, form: str) -> Mapping[str, str]:
        """The operations at a path."""
        return self._inference.paths.at(form)

    def ground(self, operation: Operation) -> Ground:
        """Where an operation works."""
        found = self._grounds.get(operation.key)
        if found is None:
            form = form_of_path(operation.path)
            owners = (self._inference.kinds.at(parent_of(one)) for one in item_forms(form))
            known = tuple(one for one in owners if one is not None)
            found = self._grounds[operation.key] = Ground(form, names_of(operation.path), known)
        return found

    def check_owners(self, state: State, ground: Ground, texts: tuple[str, ...]) -> None:
        """Nothing, or Refused where a thing that the path leads through is not there, down to the last of `texts`."""
        if self._is_made and not state.gone:
            return
        for kind in ground.owners:
            if kind.depth < len(texts):
                self.found(state, kind, filled(kind.form, texts), texts[kind.depth], texts)

    def found(self, state: State, kind: Kind, place: str, id_: str, texts: tuple[str, ...]) -> Resource:
        """The thing with an id. Raises Refused where there is none."""
        resource = self.find(state, kind, place, id_, texts)
        if resource is None:
            stated = kind.data.get("unknown")
            told = f"there is no {kind.word} {id_[:80]}" if id_ else f"there is no {kind.word}"
            raise Refused(fault_of(stated) if stated else Fault(_NOT_FOUND, (told,)))
        return resource

    def find(self, state: State, kind: Kind, place: str, id_: str, texts: tuple[str, ...]) -> Resource | None:
        """The thing with an id, or None."""
        resource = self.kept(state, kind, place, id_, texts)
        if resource is not None or not self._may_be_made(kind) or f"{place}/{id_}" in state.gone:
            return resource
        return self._made(kind.form, kind.is_single, id_, texts[: kind.depth])

    def _may_be_made(self, kind: Kind) -> bool:
        return kind.data.get("unknown") is None and (self._is_made or not (kind.is_made or kind.listed))

    def kept(self, state: State, kind: Kind, place: str, id_: str, texts: tuple[str, ...]) -> Resource | None:
        """The thing that was made, or was there from the start; None for any other."""
        resource = state.find(place, id_)
        if resource is not None:
            return resource
        if state.gone and f"{place}/{id_}" in state.gone:
            return None
        return self._first(kind, texts).get(id_)

    def all(self, state: State, kind: Kind, place: str, texts: tuple[str, ...]) -> Sequence[Resource]:
        """The things of a collection, oldest first."""
        kept = state.all(place)
        first = self._first(kind, texts)
        if not first:
            return kept
        there = [
            one for id_, one in first.items() if state.find(place, id_) is None and f"{place}/{id_}" not in state.gone
        ]
        return sorted([*there, *kept], key=lambda one: one.number) if there else kept

    def _first(self, kind: Kind, texts: tuple[str, ...]) -> Mapping[str, Resource]:
        """What a collection begins with, by id."""
        has_first = kind.listed is not None or "seeded" in kind.data
        return self._begun(kind.form, texts[: kind.depth]) if has_first else _NONE

    def _begin(self, form: str, texts: tuple[str, ...]) -> Mapping[str, Resource]:
        kind = self._inference.kinds.at(form)
        assert kind is not None
        found: dict[str, Resource] = {}
        shown = self._shown_first(kind)
        for index, item in enumerate(shown):
            id_ = str(item.get(kind.id or "", index + 1))
            members = {**item, **self.reflected(kind, texts)}
            # What the overlay's author states is shown as it is.
            value = members if "seeded" in kind.data else self._as_thing(kind, members)
            found.setdefault(id_, Resource(id_, index - len(shown), 0.0, value))
        return found

    def _shown_first(self, kind: Kind) -> Sequence[Mapping[str, Json]]:
        """The things that the overlay states, or the example of the list shows; of what no one can make, some."""
        if "seeded" in kind.data:
            return [one for one in kind.data["seeded"] if isinstance(one, Mapping)]
        assert kind.listed is not None
        stated = [*kind.listed.media_type.examples.values(), *_schema_examples(kind.listed.whole)]
        lists = [found for one in stated if isinstance(found := kind.listed.find(one), list)]
        lists += [[one] for one in _schema_examples(kind.listed.thing) if not lists and isinstance(one, Mapping)]
        if not lists and (self._is_filled or not kind.is_made):
            made = kind.listed.find(self.moulds.whole(kind.listed))
            lists = [made if isinstance(made, list) else []]
        return [one for one in lists[0] if isinstance(one, Mapping)] if lists else []

    def _as_thing(self, kind: Kind, members: Mapping[str, Json]) -> Mapping[str, Json]:
        if kind.shown is None:
            return {}
        if self.moulds.is_valid(kind.shown.thing.pointer, members):
            return members
        return self.moulds.fitted(kind.shown.thing, self.moulds.thing(kind.shown, 0, members), members)

    def _make(self, form: str, is_single: bool, id_: str, texts: tuple[str, ...]) -> Resource:
        """A thing that nobody made, the same each time."""
        kinds = self._inference.kinds
        kind = kinds.single(form) if is_single else kinds.at(form)
        assert kind is not None
        if kind.shown is None:
            return Resource(id_, 0, 0.0, {})
        wanted = self.reflected(kind, texts)
        if kind.id is not None and kind.id_shape is not None:
            wanted[kind.id] = held_id(kind, id_)
        number = crc32(f"{texts}{id_}".encode("utf-8", "replace"))
        base = self.moulds.thing(kind.shown, number, {})
        return Resource(id_, 0, 0.0, self.moulds.fitted(kind.shown.thing, base, wanted))

    def reflected(self, kind: Kind, texts: tuple[str, ...]) -> dict[str, Json]:
        """The members that say what the path to the collection says."""
        if kind.shown is None or not kind.reflected:
            return {}
        fields = kind.shown.thing.all_fields
        return {wire: as_held(fields[wire].shape, texts[index]) for index, wire in kind.reflected if index < len(texts)}

    def moments(self, kind: Kind, names: Sequence[str], now: float, like: Mapping[str, Json]) -> dict[str, Json]:
        """The members that say when something happened, at a moment."""
        if kind.shown is None or not names:
            return {}
        fields = kind.shown.thing.all_fields
        return {wire: moment_value(fields[wire].shape, now, like.get(wire)) for wire in names}

    def fresh_id(self, state: State, kind: Kind, place: str, texts: tuple[str, ...]) -> tuple[str, Json]:
        """An id that no thing of a collection has or had, as text and as its member holds it."""
        return self._ids.fresh(state, kind, place, self._first(kind, texts))

    def intake(self, operation: Operation, thing: Shape) -> Intake:
        """What an operation takes for a thing."""
        found = self._intakes.get(operation.key)
        if found is None:
            found = self._intakes[operation.key] = intake_of(self._contract, operation, thing)
        return found

    def status(self, call: Call, preferred: tuple[int, ...] = ()) -> int:
        """The status of success: as the data states, else the first preferred that is declared, else the lowest."""
        stated = call.data.get("status")
        if isinstance(stated, int):
            return stated
        key = (call.operation.key, preferred)
        if key not in self._statuses:
            self._statuses[key] = success_status(call.operation, preferred)
        return self._statuses[key]

    def form(self, operation: Operation, status: int, name: str) -> Form | None:
        """How an operation's answer shows one thing."""
        key = (operation.key, status)
        if key not in self._forms:
            self._forms[key] = form_of(self._contract, operation, status, last_word(name))
        return self._forms[key]

    def list_form(self, operation: Operation, name: str) -> Form | None:
        """How an operation's answer shows several."""
        key = (operation.key, 0)
        if key not in self._forms:
            self._forms[key] = list_form_of(self._contract, operation, last_word(name))
        return self._forms[key]

    def view(self, kind: Kind, resource: Resource, now: float) -> Mapping[str, Json]:
        """The members of a thing at a moment, those that are valid; all of one that was put by hand."""
        view = resource.at(now)
        return view if resource.is_given else self.sound(kind, view)

    def sound(self, kind: Kind, view: Mapping[str, Json]) -> Mapping[str, Json]:
        """The members that are valid: of a thing that was made by what the document said before, those that fit."""
        if kind.shown is None or kind.data or self.moulds.is_valid(kind.shown.thing.pointer, view):
            return view
        return self.moulds.mended(kind.shown.thing, self.moulds.thing(kind.shown, 0, view), view)

    def shown(
        self, kind: Kind, form: Form, resource: Resource, now: float, told: Mapping[str, Json] = _NOTHING
    ) -> Json:
        """The body of an answer that shows a thing as it is, and what else is `told` of it."""
        value = self.item(kind, form, resource, now, told)
        return form.wrap(self.moulds.whole(form), value) if form.steps else value

    def item(
        self, kind: Kind, form: Form, resource: Resource, now: float, told: Mapping[str, Json] = _NOTHING
    ) -> Mapping[str, Json]:
        """A thing in the shape that an answer shows."""
        view = self.view(kind, resource, now)
        view = {**view, **told} if told else view
        if resource.is_given:
            return view
        if kind.is_shown_by(form):
            return view
        known = form.thing.all_fields
        wanted = {name: member for name, member in view.items() if name in known}
        if self.moulds.is_valid(form.thing.pointer, wanted):
            return wanted
        base = self.moulds.thing(form, 0, wanted)
        # What the overlay's author states is never mended: what it breaks is told.
        return in_order(form.thing, {**base, **wanted}) if kind.data else self.moulds.fitted(form.thing, base, wanted)


def _schema_examples(shape: Shape) -> Sequence[Json]:
    stated = shape.schema.get("examples")
    found = list(stated) if isinstance(stated, list) else []
    return [shape.schema["example"], *found] if "example" in shape.schema else found
