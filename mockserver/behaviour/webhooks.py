"""Webhooks whose time has come: their bodies, written and signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from mockserver.behaviour.expressions import Scope
from mockserver.state import QueuedWebhook, State
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.messages import Headers, Json
from syncdyn.openapi.signatures import SignatureScheme, sign


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook to be sent: a POST of `body` to `url`. `at` is when it was due, in seconds since 1970."""

    url: str
    headers: Headers
    body: bytes = field(repr=False)
    webhook: str
    at: float


def take_due(
    state: State,
    now: float,
    collections: Mapping[str, Mapping[str, Json]],
    scheme: SignatureScheme | None,
    secret: str,
) -> tuple[State, tuple[Delivery, ...]]:
    """The state without the webhooks that are due, and these."""
    due = tuple(one for one in state.queued if one.due <= now)
    if not due:
        return state, ()
    left = state.queued[len(due) :]
    return replace(state, queued=left), tuple(_deliveries(state, due, collections, scheme, secret))


def _deliveries(
    state: State,
    due: tuple[QueuedWebhook, ...],
    collections: Mapping[str, Mapping[str, Json]],
    scheme: SignatureScheme | None,
    secret: str,
) -> Iterator[Delivery]:
    for one in due:
        resource = state.find(one.collection, one.id)
        if resource is None:
            continue
        stated = collections[one.collection]["webhook"]
        body = encode_json(_body(stated, resource.at(one.due))).encode()
        signed = sign(scheme, body, secret, int(one.due)) if scheme else {}
        headers = Headers([("content-type", "application/json"), *signed.items()])
        yield Delivery(one.url, headers, body, one.webhook, one.due)


def _body(stated: Mapping[str, Json], view: Mapping[str, Json]) -> dict[str, Json]:
    """The members of a webhook's body, those without a value left out unless they are `kept`."""
    kept = stated.get("kept", ())
    members = Scope(view).evaluate_all(stated["members"])
    return {name: value for name, value in members.items() if value is not None or name in kept}
