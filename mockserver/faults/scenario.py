"""A YAML file of faults -> its rules as they are stated, in the file's order.

faults:
  - name: the second order meets a busy service
    operation: createOrder
    nth: 2
    status: 503
    retry_after: 1
"""

from __future__ import annotations

import os
from pathlib import Path

from mockserver.errors import MockError
from mockserver.faults.reading import BadRules
from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.hints import hint_clause, json_kind
from syncdyn.openapi.messages import Json
from syncdyn.openapi.opening.parsing import decode, parse
from syncdyn.openapi.opening.sources import read_source

_WORDS = ("faults", "name", "comment")


def stated_rules(path: str | os.PathLike[str]) -> list[Json]:
    """The rules of a file as they are stated. Raises MockError for a file that is none of rules."""
    try:
        source = read_source(Path(path))
        stated = parse(decode(source.data, source.label), source.label)
    except DocumentError as error:
        raise MockError(f"faults: {error}") from error
    mistakes: list[str] = []
    if isinstance(stated, dict):
        mistakes = [f"{path}: {word}: no such word{hint_clause(word, _WORDS)}" for word in stated if word not in _WORDS]
        stated = stated.get("faults", None if mistakes else [])
    if not isinstance(stated, list):
        mistakes.append(f"{path}: faults: {json_kind(stated)} where a list of rules is needed")
    if mistakes:
        raise BadRules(mistakes)
    return list(stated)
