"""What a document's `x-mock-*` data says of the whole mock: its world, its first state, the files it hands out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from typing import Any

from mockserver.behaviour import files
from mockserver.behaviour.accidents import ACCIDENTS, tell_mistakes
from mockserver.behaviour.actions import FactsOf, World
from mockserver.behaviour.deeds import Deeds
from mockserver.behaviour.expressions import Scope
from mockserver.behaviour.inference import Inference
from mockserver.behaviour.lifecycle import Nursery, seeded
from mockserver.behaviour.moulds import Moulds
from mockserver.behaviour.rules import numbered_records
from mockserver.behaviour.things import Things
from mockserver.media.caching import ByteCache
from mockserver.problems import Fault, Refused
from mockserver.settings import Settings
from mockserver.state import Resource, State, StoredFile
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.messages import Json, Request, Response
from syncdyn.openapi.sampling import Sampler

_EMPTY: Mapping[str, Json] = {}
#: The data at the root of a document, each of it an object.
DATA = (
    "x-mock-collections",
    "x-mock-errors",
    "x-mock-plans",
    "x-mock-rate",
    "x-mock-rules",
    "x-mock-security",
    "x-mock-tables",
    "x-mock-variants",
)


class Overlay:
    """The overlay data of one document, ready for use.

    `clip(duration_seconds)` makes a playable video; `facts_of(content, file_name)` tells what it can of a media
    file, as an object whose attributes (or a mapping whose members) are numbers and texts.
    """

    def __init__(
        self,
        contract: Contract,
        settings: Settings,
        clip: Callable[[float], bytes],
        facts_of: Callable[[bytes, str], Any],
    ) -> None:
        _check_data(contract)
        self._contract = contract
        self._settings = settings
        self._clip = ByteCache(_tagged(clip), lambda made: len(made[0]))
        self.collections: Mapping[str, Mapping[str, Json]] = contract.extension("x-mock-collections") or _EMPTY
        self._plan = (contract.extension("x-mock-plans") or _EMPTY).get(settings.plan or "")
        nursery = Nursery(self.collections, settings.seed, settings.job_seconds, self.scope)
        rules = contract.extension("x-mock-rules") or _EMPTY
        read_facts, most = _members_of(facts_of), settings.max_stored_bytes
        inference = Inference(contract, self.collections)
        self.behaviour = inference.behaviour
        moulds = Moulds(contract, Sampler(contract), settings.seed)
        things = Things(contract, inference, moulds, settings)
        deeds = Deeds(things, nursery, self.scope, settings.seed)
        told = partial(tell_mistakes, contract)
        self.world = World(self.collections, rules, nursery, self.scope, read_facts, settings.seed, most, deeds, told)

    def initial_state(self, now: float) -> State:
        """The state before the first request: what the document says is there from the start.

        Raises DocumentError where that cannot be understood.
        """
        try:
            return self._seeded(now)
        except ACCIDENTS:
            tell_mistakes(self._contract)
            raise

    def _seeded(self, now: float) -> State:
        state = State()
        for name, data in self.collections.items():
            if name.startswith("/"):
                continue  # What stands at a path of the document begins with what its kind has.
            state = seeded(state, now, name, data, self._settings.seed, self.scope)
        return state

    def serve_file(self, state: State, now: float, request: Request) -> Response:
        """A file of a resource. Raises Refused where there is none, DocumentError where data is not as it is to be."""
        try:
            return self._serve_file(state, now, request)
        except ACCIDENTS:
            tell_mistakes(self._contract)
            raise

    def _serve_file(self, state: State, now: float, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            raise Refused(Fault(405, ("a file is read with GET or HEAD",), headers={"allow": "GET, HEAD"}))
        place = files.place_of(request)
        resource = files.find(state, place) if place else None
        found = self._file_at(state, now, place, resource) if place and resource else None
        if found is None:
            raise Refused(Fault(404, ("there is no such file",)))
        return files.serve(request, found)

    def _file_at(self, state: State, now: float, place: tuple[str, str, str], resource: Resource) -> StoredFile | None:
        collection, _, name = place
        data = self.collections.get(collection, _EMPTY)
        root = {**resource.at(now), "facts": resource.facts}
        scope = self.scope(state, now, root, f"{collection}/{resource.id}")
        children = data.get("children", _EMPTY).get("collection", "")

        def child_at(id_: str) -> Json:
            child = state.find(children, id_)
            return child.at(now) if child else None

        return files.content_of(resource, data, scope, child_at, self._clip, name)

    def scope(self, state: State, now: float, root: Mapping[str, Json], place: str) -> Scope:
        """What expressions see: names at the root with `plan` and `variants` added, and the state's look-ups."""

        def find(collection: str, id_: str) -> Json:
            resource = state.find(collection, id_)
            return {**resource.at(now), "facts": resource.facts} if resource else None

        def active(collection: str) -> int:
            return sum(one.is_moving(now) and one.parent is None for one in state.all(collection))

        variants = self._contract.extension("x-mock-variants") or _EMPTY
        return Scope(
            root={"plan": self._plan, "variants": variants, **root},
            tables=self._contract.extension("x-mock-tables") or _EMPTY,
            find=find,
            active=active,
            records=lambda content: [record for _, record in numbered_records(content)],
            file_url=lambda name: files.file_url(self._settings.base_url, place, name),
            seed=self._settings.seed,
        )


def _check_data(contract: Contract) -> None:
    """Nothing, or DocumentError for data of the whole mock that is no object."""
    for name in DATA:
        stated = contract.extension(name)
        members = stated.values() if isinstance(stated, Mapping) and name == "x-mock-collections" else ()
        if not isinstance(stated, Mapping | None) or not all(isinstance(one, Mapping) for one in members):
            raise DocumentError(f"{contract.document.origin}: {name} is to be an object, found {str(stated)[:60]}")


def _tagged(clip: Callable[[float], bytes]) -> files.Clip:
    def make(seconds: float) -> tuple[bytes, str]:
        content = clip(seconds)
        return content, files.tag_of(content)

    return make


def _members_of(facts_of: Callable[[bytes, str], Any]) -> FactsOf:
    def read(content: bytes, file_name: str) -> Mapping[str, Json] | None:
        facts = facts_of(content, file_name)
        if is_dataclass(facts) and not isinstance(facts, type):
            return {one.name: getattr(facts, one.name) for one in fields(facts)}
        return facts if isinstance(facts, Mapping) else None

    return read
