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
        # What an overlay's author or a caller stated is shown as it is, whatever the document says.
        is_stated = any(kind.data or one.is_given for one in shown)
        body = self._enveloped(form, items, facts, is_stated=is_stated)
        return body, (("link", field or ""),) if has_link else ()

    def _enveloped(self, form: Form, items: Sequence[Json], facts: Mapping[str, Json], *, is_stated: bool) -> Json:
        """The list in its envelope; MISSING where that is invalid, unless the items are to be shown as they are."""
        whole = self._things.moulds.whole(form)
        body = form.wrap(whole, items)
        if self._things.moulds.validator(form.whole.pointer).is_valid(body):
            return self._told(form, body, facts)
        # What may be told of a page is judged around things that are valid.
        return form.wrap(self._told(form, whole, facts), items) if is_stated else MISSING

    def _told(self, form: Form, body: Json, facts: Mapping[str, Json]) -> Json:
        if not form.steps:
            return body
        is_valid = self._things.moulds.validator(form.whole.pointer).is_valid
        for steps, told in told_of_pages(form):
            # A page that has no next one may say so by null, by an empty text, or by leaving it out.
            tried = (put(body, steps, facts[told]), _without(body, steps)) if told in facts else ()
            body = next((one for one in tried if is_valid(one)), body)
        return body


def _without(body: Json, steps: tuple[str, ...]) -> Json:
    if len(steps) == 1:
        return {name: member for name, member in body.items() if name != steps[0]}
    return {**body, steps[0]: _without(body[steps[0]], steps[1:])} if isinstance(body.get(steps[0]), Mapping) else body
