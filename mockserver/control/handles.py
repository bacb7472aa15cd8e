"""The faults and webhooks of a mock as Python holds them: `mock.faults`, `mock.webhooks`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from mockserver.errors import MockError
from mockserver.fault_rules import Rule
from mockserver.faults.keeping import added, with_rules, without
from mockserver.faults.reading import known_of
from mockserver.faults.scenario import stated_rules
from mockserver.host import Host
from mockserver.posted import Posted
from syncdyn.openapi.messages import Json

if TYPE_CHECKING:
    from mockserver.app import Mock as Core
    from mockserver.control.seeing import Told


#: A delivery gives up earlier.
_PATIENCE_SECONDS, _POLL_SECONDS = 12.0, 0.005


class FaultId(str):
    """The id of a rule; as a context manager it takes the rule away at the end of its block."""

    __slots__ = ("_faults",)
    _faults: Faults

    def __enter__(self) -> FaultId:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._faults.remove(self)


class Faults:
    """The rules of faults of a mock.

    mock.faults.add(operation="createThing", nth=2, status=503, retry_after=1)
    """

    def __init__(self, host: Host) -> None:
        self._host = host

    def add(self, rule: Mapping[str, Json] | None = None, /, **words: Json) -> FaultId:
        """The id of a rule that holds from now on, stated as a mapping, in keywords, or both.

        Raises MockError with every mistake in it.
        """
        (made,) = self._add([{**(rule or {}), **words}])
        id_ = FaultId(made.id)
        id_._faults = self
        return id_

    def load(self, path: str | os.PathLike[str]) -> tuple[str, ...]:
        """The ids of the rules of a YAML file, which hold from now on. Raises MockError with every mistake."""
        return tuple(rule.id for rule in self._add(stated_rules(path), f"{Path(path).name}: faults"))

    def begin(self, rules: tuple[Rule, ...]) -> None:
        """Let these rules, if there are any, take the place of those that were kept from an earlier run."""
        if rules:
            self._host.change(
                lambda state, _real: state if state.faults == rules else with_rules(without(state), rules)
            )

    def remove(self, id_: str) -> None:
        """Take a rule away, if it is there."""
        self._host.change(lambda state, _real: without(state, id_))

    def clear(self) -> None:
        """Take all rules away."""
        self._host.change(lambda state, _real: without(state))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in order, with how often each was `seen` and `struck`."""
        rules: tuple[Rule, ...] = self._host.state.faults
        return rules

    def _add(self, stated: list[Json], place: str = "faults") -> tuple[Rule, ...]:
        made: tuple[Rule, ...] = ()
        known = known_of(cast("Core", self._host.core).contract)

        def step(state: Any, _real: float) -> Any:
            nonlocal made
            state, made = added(state, stated, known, place)
            return state

        self._host.change(step)
        return made


class WebhookHandle:
    """The webhooks and callbacks of a mock. `deliver` sends what is due, and returns when that is done."""

    def __init__(self, host: Host, deliver: Callable[[], None]) -> None:
        self._host = host
        self._deliver = deliver

    def trigger(
        self, name: str, *, url: str | None = None, payload: Json = None, faults: Iterable[str] = ()
    ) -> tuple[Posted, ...]:
        """A webhook or callback sent now to a URL, else to its subscribers: what was sent, and what came of it.

        `payload` has members for its body; a body that breaks the document is sent, too, and its `violations` tell
        so. `faults` are those of WEBHOOK_DEEDS; a delayed one is still pending on return. Raises MockError.
        """
        body = {"url": url, "payload": payload, "faults": list(faults)}
        return self._sent("triggerWebhook", {"webhook": name}, body)

    def resend(self, delivery: str, *, faults: Iterable[str] = ()) -> Posted:
        """A delivery sent once more, by its id. Raises MockError."""
        (posted,) = self._sent("resendDelivery", {"delivery": delivery}, {"faults": list(faults)})
        return posted

    def subscribe(self, url: str, *webhooks: str) -> str:
        """The id under which a URL gets these webhooks from now on, or all. Raises MockError."""
        told = self._do("subscribe", body={"url": url, "webhooks": list(webhooks)})
        return str(told.body["id"])

    def unsubscribe(self, subscriber: str) -> None:
        """Send nothing there any more. Raises MockError."""
        self._do("unsubscribe", {"subscriber": subscriber})

    @property
    def deliveries(self) -> tuple[Posted, ...]:
        """What was sent or tried to be, oldest first; the latest are kept."""
        return self._host.deliveries

    def deliver(self) -> tuple[Posted, ...]:
        """Send what is due, where no server does: all deliveries, these included."""
        self._deliver()
        return self.deliveries

    def _sent(self, operation: str, path: Mapping[str, str], body: Json) -> tuple[Posted, ...]:
        from mockserver.control.webhooks import AWAITED, is_under_way

        told = self._do(operation, path, body)
        self._deliver()
        ids = told.headers[AWAITED].split(", ")
        give_up = time.monotonic() + _PATIENCE_SECONDS
        # A server that runs may have taken them first.
        while is_under_way(self._host.state, ids, self._host.now()) and time.monotonic() < give_up:
            time.sleep(_POLL_SECONDS)
        return tuple(one for one in self.deliveries if one.id in ids)

    def _do(self, operation: str, path: Mapping[str, str] | None = None, body: Json = None) -> Told:
        # Imported when first asked, since a mock is to start quickly.
        from mockserver.control.api import do
        from mockserver.control.seeing import Asked, Refusal

        try:
            return do(self._host, operation, Asked(path=path or {}, body=body))
        except Refusal as refusal:
            raise MockError(refusal.detail) from None
