"""What a control operation is given and what it gives: plain values, so that it neither locks nor waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mockserver.behaviour.webhooks import Webhooks
from mockserver.journal import Exchange
from mockserver.settings import Settings
from mockserver.state import State
from mockserver.timing import Pace
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import Json


@dataclass(frozen=True, slots=True)
class Seen:
    """The mock at the moment of a request to it.

    `real` is the host's time in seconds since 1970, `now` the mock's; `journal` gives what is kept,
    oldest first. `initial_state(now)` is the state of a mock that begins then, `first_pace` its pace if it begins now.
    """

    state: State
    real: float
    contract: Contract
    settings: Settings
    webhooks: Webhooks
    journal: Callable[[], tuple[Exchange, ...]]
    initial_state: Callable[[float], State]
    first_pace: Pace

    @property
    def now(self) -> float:
        return self.state.pace.at(self.real)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to the mock itself, read and checked: path and query parameters by name, the body's value or None."""

    path: Mapping[str, Json] = field(default_factory=dict)
    query: Mapping[str, Json] = field(default_factory=dict)
    body: Json = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a request to the mock itself comes to.

    `body` is written as JSON, bytes as they are; None is no body. `state` takes the place of the one seen; with
    `forgets` the journal is emptied.
    """

    body: Json = None
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    state: State | None = None
    forgets: bool = False


class Refusal(Exception):
    """A request to the mock itself cannot be met: a status, and why. Caught where requests are answered."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}
