"""A rule for faults as a value: which requests or webhooks it is for, when it strikes, and what happens then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from syncdyn.openapi.messages import Json

#: Any webhook, or any text.
ANY = "*"
#: What may be done to an answer, in the order in which it is done.
ANSWER_DEEDS: Mapping[str, str] = {
    "reset": "nothing is done, and the connection is reset",
    "lost": "the request is answered, but the connection is reset instead of sending the answer",
    "stuck": "what is made never leaves its first state",
    "breaks_schema": "the body is JSON that is not as the document says",
    "malformed": "the body is no JSON",
    "wrong_content_type": "the body is sent under a media type that the document does not name",
    "truncated": "the connection is closed in the middle of the body",
}
#: What may be done to a webhook.
WEBHOOK_DEEDS: Mapping[str, str] = {
    "dropped": "it is not sent",
    "duplicate": "it is sent twice",
    "reordered": "it is sent after the next one that goes to the same place",
    "delayed": "it is sent later, by `latency` or 60 seconds of the mock's time",
    "tampered": "its body is changed after it was signed",
    "stale": "it was signed so long ago that nobody should take it",
    "unsigned": "it has no signature",
}


@dataclass(frozen=True, slots=True, repr=False)
class Rule:
    """One rule. A rule that names nothing is for every request; one that counts nothing strikes each time.

    Which: `operation` is a key; `path` a template or a pattern with `*` and `**`; `when` has `query`, `headers` and
    `body`, each of them a part of what the request must have. `webhook` is the name of a webhook or callback, `*` any.
    When: of the requests it is for, `nth` are the numbers, from 1, at which it strikes, `every` each so manieth,
    `first` how many from the beginning, `since` from which number on; `probability` is drawn by the seed and the
    number; `times` is how often at most.
    What: `status` with the document's body or `body`; `retry_after` in seconds or as a text,
    `retry_after_date` the same as a date in so many seconds; `latency` the least and the most seconds before the
    answer; `bytes_per_second` how fast its body goes; `do` names of ANSWER_DEEDS or WEBHOOK_DEEDS.
    `seen` counts the requests it was for, `struck` how often it struck.
    """

    id: str
    name: str = ""
    comment: str = ""
    operation: str | None = None
    method: str | None = None
    path: str | None = None
    when: Mapping[str, Json] = field(default_factory=dict)
    webhook: str | None = None
    nth: tuple[int, ...] = ()
    every: int | None = None
    first: int | None = None
    since: int | None = None
    probability: float | None = None
    times: int | None = None
    status: int | None = None
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)
    retry_after: str | None = None
    retry_after_date: float | None = None
    latency: tuple[float, float] | None = None
    bytes_per_second: float | None = None
    do: tuple[str, ...] = ()
    seen: int = 0
    struck: int = 0

    def __repr__(self) -> str:
        # Most of its words are not said.
        plain = Rule(self.id)
        said = [each.name for each in fields(self) if getattr(self, each.name) != getattr(plain, each.name)]
        return f"Rule({', '.join([repr(self.id), *(f'{name}={getattr(self, name)!r}' for name in said)])})"
