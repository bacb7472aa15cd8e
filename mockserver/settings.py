"""How a mock is set up."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Settings:
    """What the mock does where the document leaves it open.

    `seed` makes ids and data repeatable. `api_keys` are the credentials taken; when empty, any is, except those
    that the document's `x-mock-security` refuses. `job_seconds` is the time from a job's creation to its end.
    `plan` names an entry of the document's `x-mock-plans`; None switches plan limits off. `base_url` is what
    output URLs start with. Of uploaded contents `max_stored_bytes` are kept, the newest; the file of an older one is
    404. `strict_responses` has every own answer checked; a violation is a 500 naming itself.
    """

    seed: int = 0
    api_keys: tuple[str, ...] = field(default=(), repr=False)
    job_seconds: float = 3.0
    plan: str | None = None
    rate_limit: bool = False
    webhook_secret: str = field(default="whsec_mock_secret", repr=False)
    max_body_bytes: int = 64 * 2**20
    max_stored_bytes: int = 256 * 2**20
    base_url: str = "http://127.0.0.1:4010"
    strict_responses: bool = True
