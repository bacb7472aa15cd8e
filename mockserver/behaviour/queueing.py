"""What webhooks and callbacks an answer leads to: which, when, where to, and what they tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from mockserver.behaviour.accidents import ACCIDENTS, tell_mistakes
from mockserver.behaviour.lifecycle import ScopeOf
from mockserver.behaviour.occasions import Occasion, occasions
from mockserver.behaviour.payloads import Payload, Payloads, Telling
from mockserver.behaviour.wanted import EXTENSION, Wanted, wanted_of, words_of
from mockserver.posted import QueuedWebhook
from mockserver.settings import Settings
from mockserver.state import State
from syncdyn.openapi.catalogue import Callback, callbacks
from syncdyn.openapi.coding.runtime_expressions import Exchanged
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import OBJECT, Json
from syncdyn.openapi.operations import Operation

if TYPE_CHECKING:
    from mockserver.behaviour.expressions import Scope

_FIRST_ERROR = 400
_EMPTY: Mapping[str, Json] = {}


class Queueing:
    """Queues the webhooks and callbacks of one contract. `collections` are those of the overlay data."""

    def __init__(
        self,
        contract: Contract,
        settings: Settings,
        collections: Mapping[str, Mapping[str, Json]],
        scope_of: ScopeOf,
        payloads: Payloads,
    ) -> None:
        self._contract = contract
        self._settings = settings
        self._collections = collections
        self._scope_of = scope_of
        self._payloads = payloads
        self._callbacks: dict[str, tuple[Callback, ...]] = {}

    @cached_property
    def wanted(self) -> Mapping[str, Wanted]:
        """What the webhooks tell of, by name, but for those that their collection's own data queues."""
        stated = {data["webhook"].get("name") for data in self._collections.values() if "webhook" in data}
        found = (wanted_of(name, each) for name, each in self._contract.webhooks.items() if name not in stated)
        return {one.name: one for one in found if one is not None}

    def callbacks_of(self, operation: Operation) -> tuple[Callback, ...]:
        """The callbacks of an operation, found when they are first asked for."""
        found = self._callbacks.get(operation.key)
        if found is None:
            found = self._callbacks[operation.key] = tuple(callbacks(self._contract.document, operation))
        return found

    def find(self, name: str, of: str | None = None) -> Operation | None:
        """The operation of a webhook, or of a callback of the operation with the key `of`."""
        if of is None:
            return self._contract.webhooks.get(name)
        found = self.callbacks_of(self._contract.operations[of]) if of in self._contract.operations else ()
        return next((one.operation for one in found if one.name == name), None)

    def targets(self, state: State, name: str) -> list[str]:
        """Where a webhook goes, by who subscribed to it."""
        subscribed = (one.url for one in state.subscribers if not one.webhooks or name in one.webhooks)
        return list(dict.fromkeys((*self._settings.webhook_urls, *subscribed)))

    def after(self, before: State, after: State, now: float, operation: Operation, exchanged: Exchanged) -> State:
        """The state in which what an answer led to is queued: webhooks of what happened, and callbacks.

        Raises DocumentError where their data is not as it is to be.
        """
        try:
            return self._after(before, after, now, operation, exchanged)
        except ACCIDENTS:
            called = (each.operation for each in self.callbacks_of(operation))
            tell_mistakes(self._contract, *called, *self._contract.webhooks.values())
            raise

    def _after(self, before: State, after: State, now: float, operation: Operation, exchanged: Exchanged) -> State:
        queued: list[QueuedWebhook] = []
        if after.collections is not before.collections and self.wanted:
            for occasion in occasions(before, after, now):
                queued += self._of_occasion(after, occasion, exchanged)
        if exchanged.response.status < _FIRST_ERROR:
            for callback in self.callbacks_of(operation):
                queued += self._of_callback(callback, operation, now, exchanged)
        return after.with_queued(queued) if queued else after

    def late_payload(self, state: State, one: QueuedWebhook) -> Payload | None:
        """What a webhook tells of a thing, now that it is due; None where its stage never came or the thing is gone."""
        resource = state.find(one.collection, one.resource_id)
        if resource is None or (one.stage is not None and all(stage.at != one.stage for stage in resource.stages)):
            return None
        view = resource.at(one.due)
        scope = self._scope_of(state, one.due, view, f"{one.collection}/{one.resource_id}")
        stated = as_object(self._collections.get(one.collection, _EMPTY).get("webhook"))
        if stated.get("name") == one.webhook and "members" in stated:
            return (_members(stated, scope),)
        operation = self.find(one.webhook)
        return (dict(view),) if operation is None else self._payload(one.webhook, operation, view, one.due, scope)

    def _of_occasion(self, state: State, occasion: Occasion, exchanged: Exchanged) -> Iterator[QueuedWebhook]:
        root = {**occasion.view, "before": occasion.before, "body": exchanged.request_body}
        scope = self._scope_of(state, occasion.at, root, f"{occasion.collection}/{occasion.id}")
        for wanted in self.wanted.values():
            stated = wanted.stated or _EMPTY
            if not wanted.fits(occasion) or ("when" in stated and not scope.evaluate(stated["when"])):
                continue
            name, operation = wanted.name, wanted.operation
            payload = None if occasion.stage else self._payload(name, operation, occasion.view, occasion.at, scope)
            urls = [scope.evaluate(stated["url"])] if "url" in stated else self.targets(state, name)
            yield from (
                QueuedWebhook(
                    occasion.at,
                    name,
                    url,
                    occasion.collection,
                    occasion.id,
                    payload,
                    operation.method,
                    stage=occasion.stage,
                )
                for url in urls
                if isinstance(url, str) and url
            )

    def _of_callback(
        self, callback: Callback, operation: Operation, now: float, exchanged: Exchanged
    ) -> Iterator[QueuedWebhook]:
        url = exchanged.fill(callback.expression)
        if not url:
            return
        called = callback.operation
        thing, asked = as_object(exchanged.response_body), as_object(exchanged.request_body)
        payload = self._payloads.make(called, Telling(thing, now, event_names(callback.name), asked))
        after_seconds = as_object(called.extensions.get(EXTENSION)).get("after", 0)
        yield QueuedWebhook(
            now + after_seconds, callback.name, url, payload=payload, method=called.method, of=operation.key
        )

    def _payload(self, name: str, operation: Operation, view: Mapping[str, Json], at: float, scope: Scope) -> Payload:
        stated = as_object(operation.extensions.get(EXTENSION))
        if "members" in stated:
            return (_members(stated, scope),)
        return self._payloads.make(operation, Telling(view, at, event_names(name)))


def event_names(name: str) -> tuple[str, ...]:
    """What the event of a webhook may be called in its body, the likeliest first."""
    words = words_of(name)
    if not words:
        return (name,)
    dotted = f"{'_'.join(words[:-1])}.{words[-1]}" if words[1:] else words[0]
    joined = (by.join(words) for by in "._-")
    return tuple(dict.fromkeys((name, dotted, *joined, "_".join(words).upper(), words[-1])))


def as_object(value: Json) -> Mapping[str, Json]:
    """The value where it is an object, else an empty one."""
    return value if isinstance(value, OBJECT) else _EMPTY


def _members(stated: Mapping[str, Json], scope: Scope) -> dict[str, Json]:
    """The members of a body, those without a value left out unless they are `kept`."""
    kept = stated.get("kept", ())
    members = scope.evaluate_all(stated["members"])
    return {name: value for name, value in members.items() if value is not None or name in kept}
