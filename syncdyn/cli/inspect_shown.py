"""How `syncdyn inspect` shows its facts on a terminal, or in a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from syncdyn.cli.inspect_facts import Facts

#: So many operations, and findings of each kind, are shown unless all are asked for.
MOST_SHOWN = 5
_MOST_OPERATIONS = 30
_MOST_CHARACTERS = 120
_LABELS = {"degraded": "yellow", "note": "dim"}


def show_document(console: Console, facts: Facts, most: int | None) -> None:
    """Prints what the document is and offers, then its findings by kind; `most` of each, or all."""
    version = f" {facts['version']}" if facts["version"] else ""
    _print(console, f"{facts['title'] or facts['document']}{version}, OpenAPI {facts['openapi']}", "bold")
    _listed(console, "Servers", facts["servers"])
    _listed(console, "Security schemes", [_scheme(one) for one in facts["security_schemes"]])
    operations = facts["operations"]
    shown = operations if most is None else operations[:_MOST_OPERATIONS]
    _print(console, f"\nOperations ({len(operations)})", "bold")
    for operation in shown:
        _row(console, f"  {_operation(operation)}")
    _rest(console, len(operations) - len(shown))
    _show_findings(console, facts["findings"], most)


def _show_findings(console: Console, findings: Sequence[Facts], most: int | None) -> None:
    counts = {severity: sum(one["severity"] == severity for one in findings) for severity in _LABELS}
    _print(
        console,
        f"\nFindings: {counts['degraded']} degraded, {counts['note']} note{'' if counts['note'] == 1 else 's'}",
        "bold",
    )
    kinds: dict[tuple[str, str], list[Facts]] = {}
    for finding in findings:
        kinds.setdefault((finding["severity"], finding["kind"]), []).append(finding)
    for severity, style in _LABELS.items():
        for (own, _), group in kinds.items():
            if own == severity:
                _show_kind(console, severity, style, group, most)


def _show_kind(console: Console, severity: str, style: str, group: Sequence[Facts], most: int | None) -> None:
    first = group[0]
    _print(console, f"\n{severity}: {first['title']} ({len(group)}); {first['effect']}", style)
    for finding in group[:most]:
        place = finding["place"]
        where = f"{place['file']}:{place['line']}:{place['column']} " if place else ""
        _print(console, f"  {where}{finding['pointer']}")
        _print(console, f"    {finding['message']}")
    _rest(console, len(group) - len(group[:most]))


def show_operation(console: Console, facts: Facts) -> None:
    """Prints one operation, whole."""
    _print(console, _operation(facts), "bold")
    if facts["deprecated"]:
        _print(console, "deprecated", "yellow")
    _listed(console, "Description", facts["description"].strip().splitlines())
    _listed(console, "Parameters", [_parameter(one) for one in facts["parameters"]])
    if facts["body"]:
        needed = "required" if facts["body"]["required"] else "optional"
        _listed(console, f"Body ({needed})", [_media(one) for one in facts["body"]["content"]])
    _listed(console, "Responses", [_response(one) for one in facts["responses"]])
    _listed(console, "Security", [" and ".join(one) or "none needed" for one in facts["security"]])
    _listed(console, "Servers", facts["servers"])
    _listed(console, "A call", [facts["example"] or "no arguments were found that the document allows"])


def _operation(facts: Facts) -> str:
    method, tags = facts["methods"][0] if facts["methods"] else "", ", ".join(facts["tags"])
    parts = (facts["key"], method, facts["operationId"], f"[{tags}]" if tags else "", _one_line(facts["summary"]))
    return "  ".join(part for part in parts if part)


def _scheme(facts: Facts) -> str:
    return " ".join(
        filter(None, (f"{facts['name']}:", facts["type"], facts["scheme"], facts["in"], facts["parameter"]))
    )


def _parameter(facts: Facts) -> str:
    required = ", required" if facts["required"] else ""
    described = _one_line(facts["description"])
    return f"{facts['in']} {facts['name']} ({facts['type']}, {facts['style']}{required}) {described}".rstrip()


def _media(facts: Facts) -> str:
    return f"{facts['media_type']}: {facts['type']}"


def _response(facts: Facts) -> str:
    content = "; ".join(_media(one) for one in facts["content"])
    return "  ".join(filter(None, (facts["status"], _one_line(facts["description"]), content)))


def _one_line(text: str) -> str:
    return shorten(text, _MOST_CHARACTERS, placeholder=" ...")


def _listed(console: Console, title: str, lines: Iterable[str]) -> None:
    listed = list(lines)
    if listed:
        _print(console, f"\n{title}", "bold")
    for line in listed:
        _print(console, f"  {line}")


def _rest(console: Console, count: int) -> None:
    if count > 0:
        _print(console, f"  ... and {count} more; --all shows them", "dim")


def _row(console: Console, text: str) -> None:
    """Prints one row of a list: on a terminal as much as fits its width, in a pipe all of it."""
    if console.is_terminal:
        console.print(text, no_wrap=True, overflow="ellipsis", crop=False)
    else:
        _print(console, text)


def _print(console: Console, text: str, style: Any = None) -> None:
    # As it stands: whoever searches the output finds each thing on one line.
    console.print(text, style=style, soft_wrap=True)
