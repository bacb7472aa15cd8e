"""A schema -> an example value."""

from __future__ import annotations

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import Json
from syncdyn.openapi.normalise import Direction


class Sampler:
    """Makes example values."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def sample(self, pointer: str, direction: Direction, seed: str, *, use_examples: bool = True) -> Json:
        """A value of the schema."""
        return {}
