"""A page of things as an answer shows it: the list in its envelope, and what the envelope tells of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mockserver.behaviour.calls import Call
from mockserver.behaviour.forms import Form, put
from mockserver.behaviour.kinds import Kind
from mockserver.behaviour.list_terms import told_of_pages
from mockserver.behaviour.paging import cut_of, facts_of, link_field
from mockserver.behaviour.things import Things
from mockserver.state import Resource
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.messages import Json, Pairs


class Pages:
    """Shows pages of lists; `seed` is in their cursors."""

    def __init__(self, things: Things, seed: int) -> None:
        self._things = things
        self._seed = seed

    def page(self, call: Call, kind: Kind, form: Form, resources: Sequence[Resource]) -> tuple[Json, Pairs]:
        """The body of the page that is asked for, and its Link field where one is declared."""
        page = call.data.get("page") or {"default-limit": max(len(resources), 1)}
        cut = cut_of(page, call.query, resources, self._seed)
        shown = resources[cut.start : cut.end]
        items = [self._things.item(kind, form, one, call.now) for one in shown]
        facts = facts_of(page, cut, [one.id for one in shown], call.request.url, self._seed)
        promise = call.operation.promise_for(form.status)
        has_link = promise is not None and promise.has_header("link")
        field = link_field(page, cut, facts, call.request.url) if has_link else ""
        body = self._enveloped(form, items, facts, is_given=any(one.is_given for one in shown))
        return body, (("link", field or ""),) if has_link else ()

    def _enveloped(self, form: Form, items: Sequence[Json], facts: Mapping[str, Json], *, is_given: bool) -> Json:
        is_valid = _always if is_given else self._things.moulds.validator(form.whole.pointer).is_valid
        whole = self._things.moulds.whole(form)
        body = form.wrap(whole, items)
        if not form.steps:
            return body if is_valid(body) else MISSING
        if not is_valid(body):
            return MISSING
        for steps, told in told_of_pages(form):
            # A page that has no next one may say so by null, by an empty text, or by leaving it out.
            tried = (put(body, steps, facts[told]), _without(body, steps)) if told in facts else ()
            body = next((one for one in tried if is_valid(one)), body)
        return body


def _always(_body: Json) -> bool:
    return True


def _without(body: Json, steps: tuple[str, ...]) -> Json:
    if len(steps) == 1:
        return {name: member for name, member in body.items() if name != steps[0]}
    return {**body, steps[0]: _without(body[steps[0]], steps[1:])} if isinstance(body.get(steps[0]), Mapping) else body
