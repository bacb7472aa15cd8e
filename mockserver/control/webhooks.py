"""The webhooks and callbacks of a document, seen and set off from outside; who gets them; what became of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mockserver.addresses import is_web_url
from mockserver.app import Trigger
from mockserver.control.seeing import Asked, Refusal, Seen, Told
from mockserver.fault_rules import WEBHOOK_DEEDS
from mockserver.posted import Posted, Subscriber
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.hints import hint_clause
from syncdyn.openapi.messages import Headers, Json, Response
from syncdyn.openapi.moments import moment_text

if TYPE_CHECKING:
    from mockserver.state import State

#: The field that names the deliveries of an answer, for which an edge may wait.
AWAITED = "x-mock-deliveries"


def list_webhooks(seen: Seen, _asked: Asked) -> Told:
    """What there is, who gets it, and what was sent."""
    subscribers = [_subscriber(one) for one in seen.state.subscribers]
    deliveries = [shown(one) for one in seen.state.posted]
    return Told({"webhooks": [*_known(seen)], "subscribers": subscribers, "deliveries": deliveries})


def subscribe(seen: Seen, asked: Asked) -> Told:
    """One who gets webhooks more."""
    wanted = tuple(asked.body.get("webhooks", ()))
    names = [*seen.contract.webhooks]
    unknown = [f"no webhook {name!r}{hint_clause(name, names)}" for name in wanted if name not in names]
    if unknown:
        raise Refusal(422, "; ".join(unknown))
    _check_url(asked.body["url"])
    number = seen.state.posted_made + 1
    one = Subscriber(f"sub-{number}", asked.body["url"], wanted)
    state = replace(seen.state, subscribers=(*seen.state.subscribers, one), posted_made=number)
    return Told(_subscriber(one), 201, state=state)


def unsubscribe(seen: Seen, asked: Asked) -> Told:
    """One less."""
    kept = tuple(one for one in seen.state.subscribers if one.id != asked.path["subscriber"])
    if len(kept) == len(seen.state.subscribers):
        raise Refusal(404, f"there is no subscriber {asked.path['subscriber']!r}")
    return Told(status=204, state=replace(seen.state, subscribers=kept))


def read_delivery(seen: Seen, asked: Asked) -> Told:
    """One delivery."""
    return Told(shown(_delivery(seen, asked)))


def trigger(seen: Seen, asked: Asked) -> Told:
    """A webhook sent now, and what became of it as far as it is known."""
    body = asked.body or {}
    name, of = found(seen, asked.path["webhook"])
    urls = (body["url"],) if body.get("url") else tuple(seen.webhooks.queueing.targets(seen.state, name))
    for url in urls:
        _check_url(url)
    if not urls:
        raise Refusal(422, "nobody gets this webhook: state a `url`, or POST one to /_mock/webhooks")
    wish = Trigger(name, urls, body.get("payload"), faults_of(body.get("faults", ())), of)
    state, ids = seen.webhooks.triggered(seen.state, seen.now, wish)
    return _awaited(state, ids)


def resend(seen: Seen, asked: Asked) -> Told:
    """A delivery sent once more, and what became of it as far as it is known."""
    posted = _delivery(seen, asked)
    faults = faults_of((asked.body or {}).get("faults", ()))
    return _awaited(seen.webhooks.resent(seen.state, seen.now, posted, faults), (posted.id,))


def found(seen: Seen, name: str) -> tuple[str, str | None]:
    """The name of a webhook, or of a callback (`operation/name` where several have it) and the key of its operation.

    Raises Refusal for one that is not there.
    """
    if name in seen.contract.webhooks:
        return name, None
    operation, _, short = name.rpartition("/")
    known: list[str] = []
    for one in _callbacks(seen):
        if one["name"] == short and operation in ("", one["of"], one["operation"]):
            return short, one["of"]
        known.append(one["name"])
    names = [*seen.contract.webhooks, *dict.fromkeys(known)]
    there = hint_clause(name, names) or f"; there is: {', '.join(names[:20]) or 'none'}"
    raise Refusal(404, f"there is no webhook {name!r}{there}")


def _check_url(url: str) -> None:
    if not is_web_url(url):
        raise Refusal(422, f"body.url: {url[:200]!r} is no absolute URL, such as http://localhost:8000/hooks")


def faults_of(stated: Iterable[str]) -> tuple[str, ...]:
    """What is to be done to a webhook. Raises Refusal for what cannot."""
    unknown = [f"no fault {one!r}{hint_clause(one, WEBHOOK_DEEDS)}" for one in stated if one not in WEBHOOK_DEEDS]
    if unknown:
        raise Refusal(422, f"{'; '.join(unknown)}; there is: {', '.join(WEBHOOK_DEEDS)}")
    return tuple(stated)


def shown(posted: Posted) -> dict[str, Json]:
    """A delivery as it is told. The body is JSON where it is that, else a text."""
    try:
        body = json.loads(posted.body) if posted.body else None
    except ValueError:
        body = posted.body.decode("utf-8", "replace")
    attempts = [{"at": moment_text(one.at), "status": one.status, "error": one.error} for one in posted.attempts]
    return {
        "id": posted.id,
        "webhook": posted.webhook,
        **({"of": posted.of} if posted.of else {}),
        "url": posted.url,
        "due": moment_text(posted.at),
        "pending": posted.is_pending,
        "status": posted.status,
        "error": posted.error,
        "attempts": attempts,
        "faults": list(posted.faults),
        "violations": list(posted.violations),
        "request": {"method": posted.method, "headers": dict(posted.headers.pairs), "body": body},
    }


def is_under_way(state: State, ids: Sequence[str], now: float) -> bool:
    """Whether any of these deliveries is to be sent now, or being sent; not those that wait for a later time."""
    later = {one.posted for one in state.queued if one.due > now}
    return any(one.is_pending and one.id not in later for one in _with_ids(state, ids))


def settled(state: State, ids: Sequence[str]) -> Response:
    """The answer to a wish for these deliveries, with what became of them."""
    found = _with_ids(state, ids)
    body = encode_json({"deliveries": [shown(one) for one in found]}).encode()
    status = 202 if any(one.is_pending for one in found) else 200
    return Response(status, Headers([("content-type", "application/json"), (AWAITED, ", ".join(ids))]), body)


def _with_ids(state: State, ids: Sequence[str]) -> list[Posted]:
    return [one for one in state.posted if one.id in ids]


def _awaited(state: State, ids: tuple[str, ...]) -> Told:
    deliveries = [shown(one) for one in _with_ids(state, ids)]
    return Told({"deliveries": deliveries}, 202, headers={AWAITED: ", ".join(ids)}, state=state)


def _delivery(seen: Seen, asked: Asked) -> Posted:
    for one in _with_ids(seen.state, [asked.path["delivery"]]):
        return one
    raise Refusal(404, f"there is no delivery {asked.path['delivery']!r}; the latest {len(seen.state.posted)} are kept")


def _known(seen: Seen) -> Iterator[Json]:
    for name, operation in seen.contract.webhooks.items():
        wanted = seen.webhooks.queueing.wanted.get(name)
        yield {
            "name": name,
            "kind": "webhook",
            "method": operation.method,
            "on": sorted(wanted.kinds) if wanted else [],
            "urls": seen.webhooks.queueing.targets(seen.state, name),
        }
    yield from _callbacks(seen)


def _callbacks(seen: Seen) -> Iterator[dict[str, Json]]:
    for key, operation in seen.contract.operations.items():
        for one in seen.webhooks.queueing.callbacks_of(operation):
            told = {"name": one.name, "kind": "callback", "method": one.operation.method, "of": key}
            yield {**told, "operation": operation.name, "urls": [one.expression]}


def _subscriber(one: Subscriber) -> dict[str, Json]:
    return {"id": one.id, "url": one.url, "webhooks": list(one.webhooks)}
