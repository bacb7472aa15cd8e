"""What operations do to the things of inferred collections: create, read, list, update, upsert, delete, act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from mockserver.behaviour import listing
from mockserver.behaviour.calls import Call, Done
from mockserver.behaviour.conditions import check_condition, is_unchanged, tag_fields
from mockserver.behaviour.files import file_of
from mockserver.behaviour.forms import CREATED
from mockserver.behaviour.ids import held_id
from mockserver.behaviour.kinds import Kind
from mockserver.behaviour.lifecycle import Birth, Nursery, ScopeOf
from mockserver.behaviour.pages import Pages
from mockserver.behaviour.paths import filled
from mockserver.behaviour.things import Ground, Things
from mockserver.behaviour.transitions import check_requirement, set_members, with_members
from mockserver.behaviour.values import Values
from mockserver.problems import Fault, Refused
from mockserver.state import Resource, State, StoredFile
from syncdyn.openapi.coding.files import Upload
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.messages import OBJECT, Json, Pairs
from syncdyn.openapi.operations import Operation

_CONFLICT = 409
#: Words that a path ends in where a thing's own content is had.
_CONTENT_WORDS = frozenset({"content", "download", "file", "raw", "data", "media"})


@dataclass(frozen=True, slots=True)
class Site:
    """Where an operation works: on which kind, on what ground; `by_member` of the body has the id that no path has.

    `created` is the status that tells of a new thing. What it makes is several things where `is_plural`; where a thing
    is had is told if it `can_be_read`, as a step below the path that was asked for, or where `is_beside` below the step
    before.
    """

    kind: Kind
    ground: Ground
    by_member: str | None
    created: int
    is_plural: bool
    can_be_read: bool
    is_beside: bool


class Place(NamedTuple):
    """Where a call works: at which site, in which collection, by which texts of its path."""

    site: Site
    texts: tuple[str, ...]
    path: str

    @property
    def kind(self) -> Kind:
        return self.site.kind

    @property
    def id(self) -> str:
        """The id in the path, that of the collection's things; empty where there is one thing only."""
        kind = self.site.kind
        return "" if kind.is_single else self.texts[kind.depth]


class Deeds:
    """Does what calls ask, to things in a state."""

    def __init__(self, things: Things, nursery: Nursery, scope_of: ScopeOf, seed: int) -> None:
        self._things = things
        self._nursery = nursery
        self._scope_of = scope_of
        self._values = Values(things)
        self._pages = Pages(things, seed)
        self._sites: dict[str, Site] = {}

    def create(self, state: State, call: Call) -> Done:
        """A thing more, or several where the body lists them; 409 for an id that is taken, if that is documented."""
        place = self._place(call, "create")
        self._things.check_owners(state, place.site.ground, place.texts)
        status = place.site.created
        if place.site.is_plural or isinstance(call.body, list):
            return self._create_several(state, call, place, status)
        state, resource = self._made(state, call, place, call.body)
        headers = self._location(call, place, resource.id) if status == CREATED[0] else ()
        return Done(state, status, self._shown(call, place, resource, status), headers)

    def _create_several(self, state: State, call: Call, place: Place, status: int) -> Done:
        made = []
        for body in self._bodies(place.kind, call.body):
            state, resource = self._made(state, call, place, body)
            made.append(resource)
        shown = self._several(call, place, made, status)
        if shown is None:
            shown = self._shown(call, place, made[-1], status) if made else MISSING
        headers = self._location(call, place, made[-1].id) if made and status == CREATED[0] else ()
        return Done(state, status, shown, headers)

    def _location(self, call: Call, place: Place, id_: str) -> Pairs:
        """Where a new thing is, if it can be read: below the collection, on whatever base path that was met."""
        if not place.site.can_be_read:
            return ()
        steps = call.path_of_request.rstrip("/")
        return (("location", f"{steps.rpartition('/')[0] if place.site.is_beside else steps}/{filled('{}', (id_,))}"),)

    def read(self, state: State, call: Call) -> Done:
        """A thing as it is."""
        place = self._place(call, "read")
        resource = self._found(state, place)
        status = self._things.status(call)
        shown = self._shown(call, place, resource, status)
        if is_unchanged(call, shown):
            return Done(state, 304, MISSING, tag_fields(call.operation, 304, shown))
        fields = tag_fields(call.operation, status, shown)
        return Done(state, status, shown, fields, is_given=resource.is_given)

    def update(self, state: State, call: Call) -> Done:
        """A thing changed: its members replaced or put in."""
        place = self._place(call, "update")
        resource = self._found(state, place)
        check_requirement(self._scope_of, state, call, resource, place.path)
        return self._changed(state, call, place, resource, self._things.status(call))

    def upsert(self, state: State, call: Call) -> Done:
        """A thing changed, or made where there is none."""
        place = self._place(call, "upsert")
        self._things.check_owners(state, place.site.ground, place.texts[: place.kind.depth])
        kept = self._things.kept(state, place.kind, place.path, place.id, place.texts)
        if kept is None and call.data.get("how") == "merge":
            kept = self._things.find(state, place.kind, place.path, place.id, place.texts)
        if kept is not None:
            codes = (200, 204, 202) if call.operation.method != "POST" else CREATED
            return self._changed(state, call, place, kept, self._things.status(call, codes))
        state, resource = self._made(state, call, place, call.body, place.id)
        status = self._things.status(call, CREATED)
        return Done(state, status, self._shown(call, place, resource, status))

    def delete(self, state: State, call: Call) -> Done:
        """A thing gone, with all that stands below it."""
        place = self._place(call, "delete")
        resource = self._found(state, place)
        check_requirement(self._scope_of, state, call, resource, place.path)
        check_condition(call, self._things.view(place.kind, resource, call.now))
        status = self._things.status(call)
        shown = self._told_gone(call, place, resource, status)
        gone = state.without(place.path, place.id, call.now)
        return Done(gone, status, shown, is_given=resource.is_given)

    def act(self, state: State, call: Call) -> Done:
        """What is done to a thing and leaves it as it is, unless `set` says otherwise, or what is read below it."""
        place = self._place(call, "act")
        resource = self._found(state, place)
        check_requirement(self._scope_of, state, call, resource, place.path)
        members = set_members(self._scope_of, state, call, resource, place.path)
        if members is not None:
            state = with_members(state, place.path, resource, members)
            resource = self._found(state, place)
        status = self._things.status(call)
        last = call.operation.path.rstrip("/").rpartition("/")[2]
        if resource.file is not None and call.operation.method == "GET" and last in _CONTENT_WORDS:
            return Done(state, status, resource.file)
        form = self._things.form(call.operation, status, place.kind.name)
        is_shown = form is not None and place.kind.is_shown_by(form)
        shown = self._shown(call, place, resource, status) if is_shown else MISSING
        return Done(state, status, shown, is_given=resource.is_given)

    def list(self, state: State, call: Call) -> Done:
        """A page of the things of a collection."""
        place = self._place(call, "list")
        kind, things = place.kind, self._things
        things.check_owners(state, place.site.ground, place.texts)
        form = things.list_form(call.operation, kind.name)
        if form is None:
            return Done(state, self._things.status(call), MISSING)
        resources = things.all(state, kind, place.path, place.texts)
        if listing.is_asked(call.data, call.query):
            views = [one.at(call.now) if one.stages else one.value for one in resources]
            by_view = {id(view): one for view, one in zip(views, resources, strict=True)}
            resources = [by_view[id(view)] for view in listing.select(call.data, views, call.query)]
        body, headers = self._pages.page(call, kind, form, resources)
        return Done(state, form.status, body, headers, is_given=any(one.is_given for one in resources))

    def _place(self, call: Call, word: str) -> Place:
        site = self._sites.get(call.operation.key) or self._site(call, word)
        texts = tuple([str(call.path.get(name, "")) for name in site.ground.names])
        if site.by_member is not None:
            texts = (*texts, str((call.body or {}).get(site.by_member, "")) if isinstance(call.body, OBJECT) else "")
        return Place(site, texts, filled(site.kind.form, texts))

    def _site(self, call: Call, word: str) -> Site:
        kind = self._things.kind(call.data[word], is_single=call.data.get("single", False))
        ground = self._things.ground(call.operation)
        site = self._sites[call.operation.key] = Site(
            kind,
            ground,
            call.data.get("by-member") if word == "update" else None,
            self._things.status(call, CREATED),
            is_plural=self._gives_several(call, kind),
            can_be_read=bool(self._things.methods(f"{kind.form}/{{}}")),
            is_beside=ground.form != kind.form,
        )
        return site

    def _found(self, state: State, place: Place) -> Resource:
        self._things.check_owners(state, place.site.ground, place.texts[: place.kind.depth])
        return self._things.found(state, place.kind, place.path, place.id, place.texts)

    def _shown(self, call: Call, place: Place, resource: Resource, status: int) -> Json:
        form = self._things.form(call.operation, status, place.kind.name)
        return MISSING if form is None else self._things.shown(place.kind, form, resource, call.now)

    def _gives_several(self, call: Call, kind: Kind) -> bool:
        """Whether the answer lists things of the kind, and is none itself."""
        form = self._things.list_form(call.operation, kind.name)
        return form is not None and kind.is_shown_by(form)

    def _bodies(self, kind: Kind, body: Json) -> Sequence[Json]:
        """What each of the things to make is made from: the items of a list, alone or as the only list of a body."""
        if isinstance(body, list):
            return body
        lists = [one for one in body.values() if isinstance(one, list)] if isinstance(body, OBJECT) else []
        if len(lists) != 1:
            return [body]
        return [one if isinstance(one, OBJECT) or kind.id is None else {kind.id: one} for one in lists[0]]

    def _told_gone(self, call: Call, place: Place, resource: Resource, status: int) -> Json:
        """What an answer shows of a thing that is gone: the thing, or that it is `deleted`."""
        form = self._things.form(call.operation, status, place.kind.name)
        if form is None:
            return MISSING
        told = {} if place.kind.is_shown_by(form) else {"deleted": True}
        return self._things.shown(place.kind, form, resource, call.now, told)

    def _several(self, call: Call, place: Place, made: Sequence[Resource], status: int) -> Json:
        form = self._things.list_form(call.operation, place.kind.name)
        if form is None or form.status != status:
            return None  # It tells of one, or of none.
        items = [self._things.item(place.kind, form, one, call.now) for one in made]
        return form.wrap(self._things.moulds.whole(form), items)

    def _made(
        self, state: State, call: Call, place: Place, body: Json, id_: str | None = None
    ) -> tuple[State, Resource]:
        kind, things = place.site.kind, self._things
        known = self._values.known(kind, call.operation, body)
        owners = place.texts[: kind.depth]
        stated = known.get(kind.id) if id_ is None and kind.id is not None else None
        if stated not in (None, ""):
            id_ = str(stated)
            if things.kept(state, kind, place.path, id_, owners) is not None:
                _refuse_taken(call.operation, kind, id_)
        else:
            id_, held = things.fresh_id(state, kind, place.path, owners) if id_ is None else (id_, held_id(kind, id_))
            if kind.id is not None and kind.id_shape is not None:
                known[kind.id] = held
        value = self._values.first(call, kind, state.count, known, owners)
        number = state.count + 1
        if kind.data:
            data, file = kind.data, _upload_of(body)
            birth = Birth(place.path, {"body": body}, call.outcome, data=data, id=id_, base=value, file=file)
            return self._nursery.make(state, call.now, birth)
        resource = Resource(id_, number, call.now, value, file=_upload_of(body))
        return state.with_resource(place.path, resource), resource

    def _changed(self, state: State, call: Call, place: Place, resource: Resource, status: int) -> Done:
        kind = place.kind
        check_condition(call, self._things.view(kind, resource, call.now))
        # What is changed by the API is as the document says from then on.
        view = self._things.sound(kind, resource.at(call.now))
        value = self._values.after(kind, call, view) if kind.shown is not None else {}
        number = resource.number or state.count + 1
        created = resource.created or call.now
        after = replace(resource, number=number, created=created, value=value, stages=(), is_given=False)
        if after.id == "" or after.id == place.id:
            state = state.with_resource(place.path, after)
        shown = self._shown(call, place, after, status)
        return Done(state, status, shown, tag_fields(call.operation, status, shown))


def _refuse_taken(operation: Operation, kind: Kind, id_: str) -> None:
    """Refused for an id that is taken, where the document has 409; else the new takes the place of the old."""
    if str(_CONFLICT) in operation.responses:
        raise Refused(Fault(_CONFLICT, (f"there is a {kind.word} {id_[:80]} already",)))


def _upload_of(body: Json) -> StoredFile | None:
    uploads = (one for one in body.values() if isinstance(one, Upload)) if isinstance(body, OBJECT) else iter(())
    upload = next(uploads, None)
    return None if upload is None else file_of(upload)
