"""The table of differences between Prism and our mock, read from its file and written for the manual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("differences.yaml")
_FOLLOWS = {"ours": "ours", "prism": "Prism", "both": "both"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One request that the two answer differently. `prism` and `ours` say what their answers have."""

    what: str
    request: Mapping[str, Any]
    prism: Mapping[str, Any]
    ours: Mapping[str, Any]
    follows: str
    because: str

    def expected(self, engine: str) -> Mapping[str, Any]:
        """What the answer of an engine has: `prism`, else ours."""
        return self.prism if engine == "prism" else self.ours


def differences() -> list[Difference]:
    """All of them, in the order of the file."""
    return [Difference(**entry) for entry in yaml.safe_load(_FILE.read_text("utf-8"))]


def table() -> str:
    """The table in Markdown."""
    rows = ["| request | Prism | ours | follows the specification | which |", "|---|---|---|---|---|"]
    for one in differences():
        shown = (one.what, _answer(one.prism), _answer(one.ours), _FOLLOWS[one.follows], one.because)
        rows.append(f"| {' | '.join(text.replace('|', chr(92) + '|') for text in shown)} |")
    return "\n".join(rows)


def _answer(expected: Mapping[str, Any]) -> str:
    said = [str(expected["status"])]
    said += [f"with `{name}`" for name in [expected.get("with")] if name]
    said += [f"no `{name}`" for name in [expected.get("without")] if name]
    said += [f"`{text}`" for text in (expected.get("content_type"), expected.get("problem")) if text]
    return ", ".join(said)


if __name__ == "__main__":
    print(table())
