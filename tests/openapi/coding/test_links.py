"""Link header fields."""

from __future__ import annotations

import pytest

from syncdyn.openapi.coding.links import target_of

CASES = [
    ('</things?page=2>; rel="next"', "/things?page=2"),
    ('<https://a.example/?page=1>; rel="prev", <https://a.example/?page=3>; rel="next"', "https://a.example/?page=3"),
    ('</a,b;c>; rel="last next"; title="x, y"', "/a,b;c"),
    ('</a>; title="one; rel=next"; rel=last, </b>;rel=next', "/b"),
    ("</a>; REL=NEXT", "/a"),
    ('</a>; rel=last; rel="next"', None),
    ('</a>; rev="next"', None),
    ("</a>", None),
    ("", None),
    ("no link at all", None),
]


@pytest.mark.parametrize(("text", "target"), CASES, ids=[text or "empty" for text, _ in CASES])
def test_the_target_of_a_relation(text: str, target: str | None) -> None:
    assert target_of(text, "next") == target
