"""How a mock is set up."""

from __future__ import annotations

from dataclasses import dataclass, field

from mockserver.fault_rules import Rule


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
    #: Answers as Prism does, where ours differ on purpose.
    prism: bool = False
    #: Whether what breaks the document is refused, else it is let through and told of in a field; None: by the mode.
    #: Prism refuses requests in any case, and means its own answers.
    errors: bool | None = None
    #: Whether pages of other origins may read the answers; None: only in Prism's mode.
    cors: bool | None = None
    #: Leaves every operation to the document's examples: nothing is remembered.
    stateless: bool = False
    #: What becomes of an id that nobody made, where the document alone says what there is: "made" or "refused" (404).
    unknown: str = "made"
    #: Makes data up, unless a request prefers otherwise.
    dynamic: bool = False
    #: Takes the document as one without examples.
    ignore_examples: bool = False
    #: The rules of faults that hold from the start.
    faults: tuple[Rule, ...] = ()
    #: Where every webhook of the document goes, from the start.
    webhook_urls: tuple[str, ...] = ()
    #: How often a webhook that was not taken is sent again, where the document says nothing.
    webhook_retries: int = 0
    #: What opens the control API to other machines, for who sends it; None: it is for this machine alone.
    control_token: str | None = field(default=None, repr=False)
    #: The path below which the mock is served, where it is one of several, such as `/pets`.
    prefix: str = ""

    @property
    def is_stateless(self) -> bool:
        """Whether nothing is remembered."""
        return self.stateless or self.prism

    @property
    def refuses(self) -> bool:
        """Whether what breaks the document is refused."""
        return not self.prism if self.errors is None else self.errors

    @property
    def lets_through(self) -> bool:
        """Whether requests that break the document are answered all the same."""
        return not self.refuses and not self.prism

    @property
    def has_cors(self) -> bool:
        """Whether pages of other origins may read the answers."""
        return self.prism if self.cors is None else self.cors
