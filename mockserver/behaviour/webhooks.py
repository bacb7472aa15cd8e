"""Webhooks whose time has come: written, signed, harmed on purpose; and what came of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mockserver.behaviour.lifecycle import ScopeOf
from mockserver.behaviour.patching import merge_patched
from mockserver.behaviour.payloads import Payload, Payloads, Telling
from mockserver.behaviour.queueing import Queueing, as_object, event_names
from mockserver.faults.deciding import decide_webhook
from mockserver.posted import Attempt, Posted, QueuedWebhook
from mockserver.settings import Settings
from mockserver.state import State
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import OBJECT, Headers, Json
from syncdyn.openapi.signatures import sign

if TYPE_CHECKING:
    from syncdyn.openapi.sampling import Sampler

#: So many deliveries are remembered.
_MOST_POSTED = 500
#: How much later than asked for, in the mock's seconds, where a rule says no other time.
_DELAY_SECONDS = 60.0
#: How long ago a stale webhook was signed: so many times what its receiver should tolerate.
_STALE_TOLERANCES = 2
_PUT_OFF = ("delayed", "reordered")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook to be sent: `body` to `url`. `at` is when it was due, in seconds since 1970.

    `id` is that of the delivery, the same for each `attempt`, from 1. Of a duplicate the first
    `has_copy`.
    """

    url: str
    headers: Headers
    body: bytes = field(repr=False)
    webhook: str
    at: float
    method: str = "POST"
    id: str = ""
    attempt: int = 1
    has_copy: bool = False


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one try: the status of the receiver's answer, or why there is none.

    `is_refused` says that it was not sent, because its receiver may not be called.
    """

    delivery: Delivery
    status: int | None = None
    error: str | None = None
    is_refused: bool = False

    @property
    def is_success(self) -> bool:
        """Whether the receiver said 2xx."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Trigger:
    """A wish to have a webhook sent now: to where, with which members in its body, and harmed how.

    `of` is the key of the operation whose callback it is.
    """

    webhook: str
    urls: tuple[str, ...]
    payload: Json = None
    faults: tuple[str, ...] = ()
    of: str | None = None


class Webhooks:
    """The webhooks and callbacks of one contract. What is queued and what was sent is in the state."""

    def __init__(
        self,
        contract: Contract,
        settings: Settings,
        collections: Mapping[str, Mapping[str, Json]],
        scope_of: ScopeOf,
        sampler: Sampler,
    ) -> None:
        self._contract = contract
        self._settings = settings
        self.payloads = Payloads(contract, sampler, settings.seed)
        self.queueing = Queueing(contract, settings, collections, scope_of, self.payloads)

    def due(self, state: State, now: float) -> tuple[State, tuple[Delivery, ...]]:
        """The state in which the webhooks that are due are under way, and these."""
        due = tuple(one for one in state.queued if one.due <= now)
        if not due:
            return state, ()
        state = replace(state, queued=state.queued[len(due) :])
        deliveries: list[Delivery] = []
        for one in due:
            state, made = self._send(state, one)
            deliveries += made
            if made:
                state, released = self._release(state, one)
                deliveries += released
        return state, tuple(deliveries)

    def delivered(self, state: State, now: float, delivered: Delivered) -> State:
        """The state that knows what came of a delivery; it is queued again where it failed and may be tried again."""
        delivery, attempt = delivered.delivery, Attempt(now, delivered.status, delivered.error)
        posted = next((one for one in state.posted if one.id == delivery.id), None)
        if posted is None:
            return state
        posted = replace(posted, attempts=(*posted.attempts, attempt), is_pending=delivery.has_copy)
        waits = self._waits()
        is_over = delivered.is_refused or attempt.is_success or delivery.has_copy or delivery.attempt > len(waits)
        if is_over:
            return _with_posted(state, posted)
        again = _again(posted, now + waits[delivery.attempt - 1], delivery.attempt + 1)
        return _with_posted(state, replace(posted, is_pending=True)).with_queued([again])

    def resent(self, state: State, now: float, posted: Posted, faults: tuple[str, ...] = ()) -> State:
        """The state in which a delivery is sent once more, as it was but for the time of its signature."""
        due = now + _DELAY_SECONDS if "delayed" in faults else now
        again = _again(posted, due, len(self._waits()) + 1, faults)
        return _with_posted(state, replace(posted, is_pending=True)).with_queued([again])

    def resumed(self, state: State, due: float) -> State:
        """The state in which what is under way is tried again, unless what came of it is known when that is due.

        So nothing is lost with a process that was killed, and nothing is sent twice that another one has in hand.
        """
        waiting = {one.posted for one in state.queued}
        lost = [one for one in state.posted if one.is_pending and one.id not in waiting]
        return state.with_queued(_again(one, due, len(one.attempts) + 1) for one in lost) if lost else state

    def triggered(self, state: State, now: float, wish: Trigger) -> tuple[State, tuple[str, ...]]:
        """The state in which a webhook is sent because somebody wants it, and the ids of the deliveries.

        `reordered` makes two that are a second apart, and sends the later one first.
        """
        moments = (now, now + 1) if "reordered" in wish.faults else (now,)
        made: list[Posted] = []
        for url in wish.urls:
            for at in moments:
                state, entry = self._wished(state, at, wish, url)
                made.append(entry)
        for entry in reversed(made):
            state = self.resent(state, now, entry, wish.faults)
        return state, tuple(entry.id for entry in made)

    def _wished(self, state: State, at: float, wish: Trigger, url: str) -> tuple[State, Posted]:
        operation = self.queueing.find(wish.webhook, wish.of)
        payload = self.payloads.make(operation, Telling({}, at, event_names(wish.webhook))) if operation else ()
        if wish.payload is not None:
            payload = (merge_patched(payload[0] if payload else {}, wish.payload),)
        method = operation.method if operation else "POST"
        return self._new_entry(state, QueuedWebhook(at, wish.webhook, url, method=method, of=wish.of), payload)

    def _send(self, state: State, one: QueuedWebhook) -> tuple[State, list[Delivery]]:
        state, one, delay_seconds = self._decided(state, one)
        if delay_seconds is not None:
            return state.with_queued([replace(one, due=one.due + delay_seconds)]), []
        state, posted = self._posted(state, one)
        if posted is None:
            return state, []
        if "dropped" in one.faults:
            return _with_posted(state, replace(posted, is_pending=False)), []
        posted = replace(posted, headers=self._headers(posted, one))
        body = tampered(posted.body) if "tampered" in one.faults else posted.body
        delivery = Delivery(posted.url, posted.headers, body, one.webhook, one.due, one.method, posted.id, one.attempt)
        if "duplicate" in one.faults:
            return _with_posted(state, posted), [replace(delivery, has_copy=True), delivery]
        return _with_posted(state, posted), [delivery]

    def _decided(self, state: State, one: QueuedWebhook) -> tuple[State, QueuedWebhook, float | None]:
        """The webhook with what the rules that strike it do to it, and by how much they put it off, if they do."""
        if one.is_decided or not state.faults:
            return state, one, None
        rules, struck = decide_webhook(state.faults, one.webhook, self._settings.seed)
        faults = tuple(dict.fromkeys((*one.faults, *(deed for rule in struck for deed in rule.do))))
        delay = max((rule.latency[0] for rule in struck if rule.latency), default=_DELAY_SECONDS)
        decided = replace(one, faults=faults, is_decided=True)
        return replace(state, faults=rules), decided, delay if any(deed in _PUT_OFF for deed in faults) else None

    def _release(self, state: State, sent: QueuedWebhook) -> tuple[State, list[Delivery]]:
        """What was held back until something else went to the same place."""
        held = [one for one in state.queued if "reordered" in one.faults and one.url == sent.url and one.is_decided]
        if not held or sent in held:
            return state, []
        state = replace(state, queued=tuple(one for one in state.queued if one not in held))
        deliveries: list[Delivery] = []
        for one in held:
            state, made = self._send(state, replace(one, due=sent.due))
            deliveries += made
        return state, deliveries

    def _posted(self, state: State, one: QueuedWebhook) -> tuple[State, Posted | None]:
        """The entry of the log for a webhook, a new one unless it was tried before; None where nothing is sent."""
        if one.posted:
            known = next((each for each in state.posted if each.id == one.posted), None)
            if known is None or not known.is_pending:
                return state, None
            return state, replace(known, faults=tuple(dict.fromkeys((*known.faults, *one.faults))))
        payload = one.payload if one.payload is not None else self.queueing.late_payload(state, one)
        if payload is None:
            return state, None
        return self._new_entry(state, one, payload)

    def _new_entry(self, state: State, one: QueuedWebhook, payload: Payload) -> tuple[State, Posted]:
        operation = self.queueing.find(one.webhook, one.of)
        body, content_type = self.payloads.write(operation, payload)
        found = self.payloads.violations(operation, payload)
        entry = Posted(
            self._id(state.posted_made + 1),
            one.webhook,
            one.url,
            one.method,
            Headers([("content-type", content_type)] if content_type else []),
            body,
            one.due,
            faults=one.faults,
            violations=tuple(map(str, found)),
            of=one.of,
        )
        return replace(state, posted_made=state.posted_made + 1), entry

    def _headers(self, posted: Posted, one: QueuedWebhook) -> Headers:
        """The header fields of a webhook, signed as the document says at the time that it is due."""
        scheme = self._contract.signature_scheme
        plain = [pair for pair in posted.headers.pairs if pair[0] == "content-type"]
        if scheme is None or "unsigned" in one.faults:
            return Headers(plain)
        signed_at = one.due - (_STALE_TOLERANCES * scheme.tolerance_seconds if "stale" in one.faults else 0)
        signed = sign(scheme, posted.body, self._settings.webhook_secret, int(signed_at), posted.id)
        return Headers([*plain, *signed.items()])

    def _id(self, number: int) -> str:
        return f"whd_{hashlib.sha256(f'{self._settings.seed}|delivery|{number}'.encode()).hexdigest()[:20]}"

    def _waits(self) -> tuple[float, ...]:
        """How many seconds pass before each further attempt."""
        stated = as_object(self._contract.extension("x-mock-webhooks")).get("retry-after")
        if isinstance(stated, list):
            return tuple(float(one) for one in stated if isinstance(one, int | float))
        return tuple(float(2**number) for number in range(self._settings.webhook_retries))


def tampered(body: bytes) -> bytes:
    """A body that is not the one that was signed, though it can be read as well."""
    try:
        value = json.loads(body)
    except ValueError:
        return body + b" "
    return encode_json({**value, "tampered": True} if isinstance(value, OBJECT) else [value]).encode()


def _again(posted: Posted, due: float, attempt: int, faults: tuple[str, ...] = ()) -> QueuedWebhook:
    return QueuedWebhook(
        due,
        posted.webhook,
        posted.url,
        method=posted.method,
        posted=posted.id,
        attempt=attempt,
        faults=faults,
        is_decided=bool(faults),
        of=posted.of,
    )


def _with_posted(state: State, posted: Posted) -> State:
    """The state whose log has an entry, in its place where it was there."""
    if any(one.id == posted.id for one in state.posted):
        return replace(state, posted=tuple(posted if one.id == posted.id else one for one in state.posted))
    return replace(state, posted=(*state.posted, posted)[-_MOST_POSTED:])
