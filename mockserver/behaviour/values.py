"""The members of things: of a new one, and of one that was changed, valid by the schema that shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockserver.behaviour.calls import Call
from mockserver.behaviour.kinds import Kind
from mockserver.behaviour.moulds import in_order, merged
from mockserver.behaviour.naming import NUMBERS, plain
from mockserver.behaviour.patching import JSON_PATCH, MERGE_PATCH, json_patched, merge_patched
from mockserver.behaviour.things import Things
from syncdyn.openapi.coding.files import Upload
from syncdyn.openapi.coding.media_types import essence
from syncdyn.openapi.messages import OBJECT, Json
from syncdyn.openapi.operations import Operation

_UPLOAD_FACTS: Mapping[str, Callable[[Upload], Json]] = {
    **dict.fromkeys(("filename", "name", "originalname", "originalfilename"), lambda one: one.file_name or one.name),
    **dict.fromkeys(("bytes", "size", "filesize", "length", "contentlength"), lambda one: len(one.content)),
    **dict.fromkeys(("contenttype", "mimetype", "mediatype"), lambda one: one.content_type),
}


class Values:
    """Works out the members of things."""

    def __init__(self, things: Things) -> None:
        self._things = things

    def first(
        self, call: Call, kind: Kind, number: int, known: Mapping[str, Json], owners: tuple[str, ...]
    ) -> Mapping[str, Json]:
        """The members of a new thing: what was stated, what only the service can know, and no more than it must say."""
        if kind.shown is None:
            return {}
        things, thing = self._things, kind.shown.thing
        intake, base = things.intake(call.operation, thing), things.moulds.thing(kind.shown, number, known)
        moments = things.moments(kind, (*kind.created, *kind.updated), call.now, base)
        wanted = {**intake.defaults, **things.reflected(kind, owners), **moments, **known}
        own = thing.all_fields.get("id") if kind.id != "id" and "id" not in wanted else None
        if own is not None and own.shape.types & NUMBERS:
            wanted["id"] = number + 1  # A user is found by its name and numbered all the same.
        unstated = [wire for wire in intake.writable if wire not in wanted]
        return things.moulds.fitted(thing, base, wanted, unstated)

    def known(self, kind: Kind, operation: Operation, body: Json) -> dict[str, Json]:
        """The members of a body that a thing has as well; what a file says of itself among them."""
        if not isinstance(body, OBJECT) or kind.shown is None:
            return {}
        fields = kind.shown.thing.all_fields
        if len(body) == 1 and not body.keys() & fields.keys():
            (inner,) = body.values()
            body = inner if isinstance(inner, OBJECT) else body
        found = self._things.intake(operation, kind.shown.thing).of(body)
        uploads = [member for member in body.values() if isinstance(member, Upload)]
        if uploads:
            found = {wire: member for wire, member in found.items() if not isinstance(member, Upload)}
        for upload in uploads:
            stated = {wire: _UPLOAD_FACTS[plain(wire)](upload) for wire in fields if plain(wire) in _UPLOAD_FACTS}
            found = {**{wire: value for wire, value in stated.items() if value is not None}, **found}
        return found

    def after(self, kind: Kind, call: Call, view: Mapping[str, Json]) -> Mapping[str, Json]:
        """The members of a thing after a change."""
        assert kind.shown is not None
        things, thing = self._things, kind.shown.thing
        content_type = essence(call.request.content_type or "")
        kept = {kind.id: view[kind.id]} if kind.id in view and kind.id is not None else {}
        moments = things.moments(kind, kind.updated, call.now, view)
        if content_type == JSON_PATCH:
            patched = json_patched(dict(view), call.body)
            gone = [name for name in view if name not in patched]
            return things.moulds.fitted(thing, view, {**patched, **kept, **moments}, gone)
        body = call.query if call.body is None else call.body
        known = {**self.known(kind, call.operation, body), **kept}
        if call.data.get("how") == "replace":
            taken = things.intake(call.operation, thing).writable
            unstated = [wire for wire in taken if wire not in known]
            born = {wire: view[wire] for wire in kind.created if wire in view}
            return things.moulds.fitted(thing, view, {**known, **born, **moments}, unstated)
        if content_type == MERGE_PATCH:
            patched = merge_patched({name: view[name] for name in known if name in view}, known)
            gone = [name for name in known if name not in patched]
            return things.moulds.fitted(thing, view, {**patched, **moments}, gone)
        return self._merged(kind, view, known, moments)

    def _merged(
        self, kind: Kind, view: Mapping[str, Json], known: Mapping[str, Json], moments: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        """The members with others put in; null is a value where the schema has it, else it takes a member out."""
        assert kind.shown is not None
        stated = {name: member for name, member in known.items() if member is not None}
        both = merged({name: view[name] for name in stated if name in view}, stated)
        cleared = [name for name, member in known.items() if member is None]
        value = in_order(kind.shown.thing, {**view, **both, **moments, **dict.fromkeys(cleared)})
        if self._things.moulds.is_valid(kind.shown.thing.pointer, value):
            return value
        return self._things.moulds.fitted(kind.shown.thing, view, {**both, **moments}, cleared)
