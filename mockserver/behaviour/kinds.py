"""What the things of a collection are like, read from the operations at its path and at the path of one thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mockserver.behaviour.forms import CREATED, Form, form_of, is_alike, list_form_of, success_status
from mockserver.behaviour.naming import id_member, member_like, moments_of, singular
from mockserver.behaviour.paths import Paths, form_of_path, last_word, names_of
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import Operation
from syncdyn.openapi.schemas.shapes import Shape

_EMPTY: Mapping[str, Json] = {}
_SCALARS = frozenset({"string", "integer", "number"})


@dataclass(frozen=True, slots=True)
class Kind:
    """The things of one collection, or the one thing at a path (`is_single`).

    `form` is the form of the collection's path, `name` that path as the document writes it, `word` what one is
    called. `shown` is how a thing is read, None where nothing is shown of it. `id` is the member with its id.
    `data` is what an overlay adds.
    """

    form: str
    name: str
    word: str
    shown: Form | None
    listed: Form | None
    id: str | None
    #: What a thing's member with the id is like; None where none is shown.
    id_shape: Shape | None
    is_single: bool = False
    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    #: Members that say the same as a template of the collection's path, by its place among them.
    reflected: tuple[tuple[int, str], ...] = ()
    #: Whether the document has an operation that makes one.
    is_made: bool = False
    data: Mapping[str, Json] = field(default_factory=dict)
    #: How many templates the path of the collection has.
    depth: int = 0

    def is_shown_by(self, form: Form) -> bool:
        """Whether an answer of a form shows a thing as it is read, with all of its members."""
        return self.shown is not None and form.thing.pointer == self.shown.thing.pointer


class Kinds:
    """The kinds of a document's things by the form of their collection's path, each worked out when first needed."""

    def __init__(self, contract: Contract, paths: Paths, collections: Mapping[str, Mapping[str, Json]]) -> None:
        self._contract = contract
        self._paths = paths
        self._stated = collections
        self._known: dict[str, Kind | None] = {}

    def at(self, form: str) -> Kind | None:
        """The kind of the things in the collection at a path; None where there is none."""
        if form not in self._known:
            self._known[form] = None  # while it is worked out
            self._known[form] = self._collection(form)
        return self._known[form]

    def single(self, form: str) -> Kind | None:
        """The kind of the one thing at a path that is no collection; None where there is none."""
        name = f"{form} "
        if name not in self._known:
            self._known[name] = self._single(form)
        return self._known[name]

    def operation(self, form: str, method: str) -> Operation | None:
        """The operation at a path with a method."""
        key = self._paths.at(form).get(method)
        return self._contract.operations[key] if key else None

    def _collection(self, form: str) -> Kind | None:
        item = self._paths.at(f"{form}/{{}}")
        own = self._paths.at(form)
        read, lists = self.operation(f"{form}/{{}}", "GET"), self.operation(form, "GET")
        word = last_word(form)
        listed = list_form_of(self._contract, lists, word) if lists else None
        create = self._creation(form, word, listed, has_items=bool(item))
        changes = [method for method in ("PUT", "PATCH", "DELETE", "POST") if method in item]
        pairs = (read is not None) + bool(changes) + (listed is not None) + (create is not None)
        if pairs < 2 or not (item or (create and listed)):
            return None
        name = _form_name(self._contract, own or item, form)
        shown = self._shown(form, read, create, listed, word)
        makers = [create, self.operation(f"{form}/{{}}", "PUT")]
        return self._kind(form, name, word, shown, listed, makers=makers)

    def _creation(self, form: str, word: str, listed: Form | None, *, has_items: bool) -> Operation | None:
        """The operation that makes one, if the POST at the collection's path is one."""
        create = self.operation(form, "POST")
        if create is None or has_items or listed is None:
            return create
        shown = form_of(self._contract, create, success_status(create, CREATED), word)
        return create if shown is not None and is_alike(shown.thing, listed.thing) else None

    def _shown(
        self, form: str, read: Operation | None, create: Operation | None, listed: Form | None, word: str
    ) -> Form | None:
        changes = [self.operation(f"{form}/{{}}", method) for method in ("PUT", "PATCH", "POST")]
        for operation in (read, create, *changes):
            if operation is not None:
                shown = form_of(self._contract, operation, success_status(operation, CREATED), word)
                if shown is not None and (operation is read or not _is_list_of(shown, listed)):
                    return shown
        return listed

    def _single(self, form: str) -> Kind | None:
        read = self.operation(form, "GET")
        others = [self.operation(form, method) for method in ("PUT", "PATCH", "POST", "DELETE")]
        known = [one for one in others if one is not None]
        word = last_word(form)
        if read is None or not known:
            return None
        shown = form_of(self._contract, read, success_status(read), word)
        has_content = any(promise.content for status, promise in read.responses.items() if status.startswith("2"))
        if shown is None and has_content:
            return None
        name = read.path
        return self._kind(form, name, word, shown, None, makers=known, is_single=True)

    def _kind(
        self,
        form: str,
        name: str,
        word: str,
        shown: Form | None,
        listed: Form | None,
        *,
        makers: Sequence[Operation | None],
        is_single: bool = False,
    ) -> Kind:
        stated = self._data(form)
        created, updated = moments_of(shown.thing) if shown else ((), ())
        own = stated.get("id")
        id_ = None if is_single else own if own and isinstance(own, str) else self._id(form, shown, word)
        return Kind(
            form=form,
            name=name,
            word=singular(word),
            shown=shown,
            listed=listed,
            id=id_,
            id_shape=_shape_of(shown, id_),
            is_single=is_single,
            created=created,
            updated=updated,
            reflected=_reflected(name, shown, id_),
            is_made=any(one is not None and one.method in ("POST", "PUT") for one in makers),
            data=stated,
            depth=form.count("{}"),
        )

    def _data(self, form: str) -> Mapping[str, Json]:
        found = (data for name, data in self._stated.items() if name.startswith("/") and form_of_path(name) == form)
        return next(found, _EMPTY)

    def _id(self, form: str, shown: Form | None, word: str) -> str | None:
        if shown is None:
            return None
        fields = shown.thing.all_fields
        for key in self._paths.at(f"{form}/{{}}").values():
            operation = self._contract.operations[key]
            names = names_of(operation.path)
            linked = self._linked(form, operation, names[-1])
            if linked in fields:
                return linked
            given = next((one for one in operation.parameters if (one.location, one.name) == ("path", names[-1])), None)
            shape = self._contract.shape(given.schema) if given else None
            return id_member(fields, names[-1], shape.types if shape else frozenset({"string"}), word)
        return member_like(fields, "id", ("uuid", "key", "name"))

    def _linked(self, form: str, item: Operation, parameter: str) -> str | None:
        """The member that a link of the creating operation puts into the path. Source: OpenAPI 3.1, Link Object."""
        create = self.operation(form, "POST")
        for promise in create.responses.values() if create else ():
            for link in promise.links.values():
                if isinstance(link, Mapping) and link.get("operationId") in (item.id, None) and item.id:
                    stated = (link.get("parameters") or {}).get(parameter)
                    if isinstance(stated, str) and stated.startswith("$response.body#/"):
                        return stated.rpartition("/")[2]
        return None


def _is_list_of(shown: Form, listed: Form | None) -> bool:
    """Whether what seems to be a thing is the list of them: to post one gives them all."""
    return listed is not None and shown.thing.pointer == listed.whole.pointer


def _shape_of(shown: Form | None, id_: str | None) -> Shape | None:
    field = shown.thing.all_fields.get(id_) if shown is not None and id_ is not None else None
    return None if field is None else field.shape


def _form_name(contract: Contract, methods: Mapping[str, str], form: str) -> str:
    """The path of a collection as the document writes it."""
    path = contract.operations.heads[next(iter(methods.values()))].path
    return path if path.count("{") == form.count("{}") else path.rpartition("/")[0]


def _reflected(name: str, shown: Form | None, id_: str | None) -> tuple[tuple[int, str], ...]:
    """Which members say what the path to a collection says: `{uid}` below `users` is `uid`, or `user_id`."""
    if shown is None:
        return ()
    fields = shown.thing.all_fields
    found = []
    for index, (before, parameter) in enumerate(zip(form_of_path(name).split("{}"), names_of(name), strict=False)):
        wire = member_like(fields, parameter, (f"{singular(last_word(before))}_id",))
        if wire is not None and wire != id_ and fields[wire].shape.types & _SCALARS:
            found.append((index, wire))
    return tuple(found)
