"""What is known of webhooks that were sent, or tried to be: the delivery log's values; and who wants them."""

from __future__ import annotations

from dataclasses import dataclass, field

from syncdyn.openapi.messages import Headers, Json


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who gets webhooks: those named, none for all."""

    id: str
    url: str
    webhooks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver: the receiver's status, or why there is none. `at` is the mock's time, in seconds."""

    at: float
    status: int | None = None
    error: str | None = None

    @property
    def is_success(self) -> bool:
        """Whether the receiver said 2xx."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Posted:
    """A webhook that was to be sent, and what came of it.

    `violations` tell where its body is not as the document says; `faults` what was done to it on purpose; `of` is the
    operation whose callback it is. `is_pending` is true from when it is due until its last attempt is over.
    """

    id: str
    webhook: str
    url: str
    method: str
    headers: Headers
    body: bytes = field(repr=False)
    at: float
    attempts: tuple[Attempt, ...] = ()
    faults: tuple[str, ...] = ()
    violations: tuple[str, ...] = ()
    of: str | None = None
    is_pending: bool = True

    @property
    def status(self) -> int | None:
        """The status of the last attempt's answer."""
        return self.attempts[-1].status if self.attempts else None

    @property
    def error(self) -> str | None:
        """Why the last attempt has no answer."""
        return self.attempts[-1].error if self.attempts else None

    @property
    def is_success(self) -> bool:
        """Whether the receiver said 2xx at last."""
        return bool(self.attempts) and self.attempts[-1].is_success


@dataclass(frozen=True, slots=True)
class QueuedWebhook:
    """A webhook that waits for its time.

    It tells of the resource with `collection` and `resource_id` as that is when it is due; `payload` is what it says
    where that was settled before, empty for no body; `posted` is the id of a delivery that is tried again. `stage` is
    the moment of the stage that it tells of: it is not sent when that never came. `of` is the key of the operation
    whose callback it is. `faults` are done to it; where it `is_decided`, no rule adds to them. `due` and `stage` are in
    the mock's seconds since 1970.
    """

    due: float
    webhook: str
    url: str
    collection: str = ""
    resource_id: str = ""
    payload: tuple[Json, ...] | None = None
    method: str = "POST"
    posted: str = ""
    attempt: int = 1
    faults: tuple[str, ...] = ()
    is_decided: bool = False
    of: str | None = None
    stage: float | None = None
