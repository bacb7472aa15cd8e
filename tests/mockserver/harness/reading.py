"""Scenario files: the text of one -> its document, how that is served, and what is asked and answered.

The format is that of Prism's test harness, so that its files can be read: sections that begin with `====name====`,
`test` (a title), `spec` (a document), `server` (the words of the command line, `${document}` in them), `command`
(curl) and one of the kinds of `expect`. Ours may have more:

- several commands, each with its expectation, and a `step` before it that says what it shows;
- `file NAME`: a further file beside the document, `${folder}/NAME` in the words of the server;
- `upstream`: the words of a second mock that is started first, where a proxy is the server;
- `expect-part`: JSON of which all must be in the body, which may hold more;
- `expect-warnings`: what is said of the document at the start, each line a part of a line of it;
- `{{name}}` in what is expected stands for a text that is kept, and is put where it is named again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_HEADING = re.compile(
    r"^====(test|spec|document|server|upstream|step|command|expect(?:-loose|-keysOnly|-part|-warnings)?|file [^=\s]+)"
    r"====[ \t]*\r?\n",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Step:
    """A command and what it must come to; `kind` is the heading of what is expected."""

    title: str
    command: str
    kind: str
    expected: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story: `document` and `files` are texts, `server` and `upstream` words of a command line."""

    title: str
    document: str
    server: str
    steps: tuple[Step, ...]
    upstream: str = ""
    warnings: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


def read_scenario(path: Path) -> Scenario:
    """The scenario in a file. Raises ValueError for a file that tells no whole story."""
    sections = list(_sections(path.read_text(encoding="utf-8")))
    single = {name: text for name, text in sections if name in ("test", "spec", "server", "upstream")}
    missing = {"test", "spec", "server"} - single.keys()
    steps = tuple(_steps(sections))
    if missing or not steps:
        raise ValueError(f"{path}: no {', '.join(sorted(missing)) or 'command with what is expected of it'}")
    warnings = next((text for name, text in sections if name == "expect-warnings"), "")
    return Scenario(
        title=" ".join(single["test"].split()),
        document=single["spec"],
        server=single["server"].strip(),
        steps=steps,
        upstream=single.get("upstream", "").strip(),
        warnings=tuple(line.strip() for line in warnings.splitlines() if line.strip()),
        files={name.removeprefix("file "): text for name, text in sections if name.startswith("file ")},
    )


def _sections(text: str) -> Iterator[tuple[str, str]]:
    _, *parts = _HEADING.split(text)
    for name, content in zip(parts[::2], parts[1::2], strict=True):
        kind = name if name.startswith("file ") else name.lower()
        yield ("spec" if kind == "document" else kind), content


def _steps(sections: list[tuple[str, str]]) -> Iterator[Step]:
    title = command = ""
    for name, text in sections:
        if name == "step":
            title = " ".join(text.split())
        elif name == "command":
            command = text.strip()
        elif name.startswith("expect") and name != "expect-warnings" and command:
            yield Step(title, command, name, text.strip())
            title = command = ""
