"""What a mock server may be able to do, by which tests say what they need (`pytest.mark.needs`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: The one key that is right, where keys are told apart.
KEY = "right-key"

ABILITIES: Mapping[str, str] = {
    "state": "what was created is found, and what was deleted is gone",
    "jobs": "a job moves on by itself",
    "keys": "a key that is not the right one is refused",
    "allow": "405 tells the methods there are",
    "json parts": "parts of a form whose media type is JSON are read as JSON",
    "undeclared fields": "the undeclared fields of a form are seen",
    "records": "the records in a file are checked",
    "empty values": "an empty query value is not one that is missing",
    "numbers": "numbers are written as JSON writes them",
    "dependentRequired": "the keyword is known",
    "no JSON": "what is no JSON is answered, and at once",
}


@dataclass(frozen=True, slots=True)
class Engine:
    """A mock server that runs, and what it is able to do."""

    name: str
    url: str
    abilities: frozenset[str] = frozenset(ABILITIES)
