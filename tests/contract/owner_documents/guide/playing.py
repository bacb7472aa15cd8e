"""Plays the listings of the owner's guide as they are retyped in the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tests.contract.owner_documents.documents import document, numbered
from tests.contract.owner_documents.stage import Played, Stage

LISTINGS = numbered(document("guide.txt"))
_NOTHING: Mapping[str, str] = MappingProxyType({})
_BEFORE = """
from sync import Sync
from sync.common import Audio, GenerationOptions, Video

sync = Sync()
"""


@dataclass(frozen=True)
class Guide:
    """Plays listings of the guide."""

    stage: Stage

    def play(self, listing: str, *, replacing: Mapping[str, str] = _NOTHING, **names: Any) -> Played:
        """What a listing does, with example ids replaced.

        It has to be one of the guide's: line by line the same, but for the indentation.
        """
        assert [line.strip() for line in listing.splitlines()] in LISTINGS
        for example, own in replacing.items():
            listing = listing.replace(f'"{example}"', f'"{own}"')
        return self.stage.play(listing, **names)

    def names(self) -> dict[str, Any]:
        """What the listings before it have made, for one that goes on from them: the classes, and the client `sync`."""
        return self.stage.play(_BEFORE).names
