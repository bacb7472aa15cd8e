"""The mistakes of a document that is used all the same, in lines for people."""

from __future__ import annotations

from collections.abc import Sequence

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.inspecting import DEGRADED, KINDS, Finding, inspect
from syncdyn.openapi.inspecting.formalities import formalities
from syncdyn.openapi.inspecting.placing import Found, place_all, text_of
from syncdyn.openapi.opening.partial import Pieces
from syncdyn.openapi.opening.sources import SourceLike

#: What is legal, and worth a note in `syncdyn inspect` alone.
_ADVICE = frozenset({"deep-array", "name", "ignored-header", "no-success", "no-server", "format"})
_MOST_TOLD = 10


def mistakes_of(contract: Contract, text: str = "") -> tuple[Finding, ...]:
    """What in a document is not as it should be; `text` is what it was read from, where that is at hand.

    Those that cost something come first. It takes milliseconds for a small document, seconds for many megabytes.
    """
    found = (*inspect(contract), *formalities(contract, text))
    return tuple(sorted((one for one in found if one.kind not in _ADVICE), key=_order))


def _order(finding: Finding) -> int:
    """What costs something comes first, what is hardly a mistake last."""
    return 0 if finding.severity == DEGRADED else 2 if finding.kind == "no-operation-id" else 1


def is_small(contract: Contract) -> bool:
    """Whether the mistakes of a document are found so quickly that they can be told each time it is opened."""
    return not isinstance(contract.document.root, Pieces)


def mistakes_told(contract: Contract, source: SourceLike | None = None, most: int = _MOST_TOLD) -> list[str]:
    """What a user is told of the mistakes: how many, the first of them with their places, how to see all.

    `source` is what the document was read from; without it there are pointers alone.
    """
    text = "" if source is None else text_of(source)[1]
    found = mistakes_of(contract, text)
    if not found:
        return []
    first = found[:most]
    places = {} if source is None else place_all(source, (one.pointer for one in first))
    count = "1 mistake" if len(found) == 1 else f"{len(found)} mistakes"
    name = contract.document.origin
    lines = [f"{count} in {name}, which is used all the same:", *_lines(first, places)]
    if len(found) > most:
        lines.append(f"  ... and {len(found) - most} more; all of them: syncdyn inspect --all {name}")
    return lines


def _lines(found: Sequence[Finding], places: dict[str, Found]) -> list[str]:
    return [f"  {_where(one, places)}: {one.message}; {KINDS[one.kind].effect}" for one in found]


def _where(finding: Finding, places: dict[str, Found]) -> str:
    place = places.get(finding.pointer)
    return f"{place} {finding.pointer}" if place else finding.pointer
