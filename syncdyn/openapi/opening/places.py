"""A fault in a text, told with its line, its column and the line itself."""

from __future__ import annotations

from syncdyn.openapi.errors import DocumentError

#: So much of a long line is shown, around the column.
_SHOWN = 100


def fault_at(label: str, text: str, line: int, column: int, problem: str) -> DocumentError:
    """The error for a fault at a line and column, both counted from 1; the line stands below, marked."""
    # Not splitlines: parsers count line feeds, and a form feed is no line's end to them.
    start = _start_of(text, line)
    end = text.find("\n", start)
    shown = text[start : end if end >= 0 else len(text)].rstrip("\r")
    from_here = max(0, column - 1 - _SHOWN // 2)
    window = "".join(c if c.isprintable() else " " for c in shown[from_here : from_here + _SHOWN])
    mark = " " * (column - 1 - from_here) + "^"
    return DocumentError(f"{label}, line {line}, column {column}: {problem}\n    {window}\n    {mark}")


def fault_after(label: str, text: str, index: int, problem: str) -> DocumentError:
    """The error for a fault at an index into the text."""
    line = text.count("\n", 0, index) + 1
    return fault_at(label, text, line, index - text.rfind("\n", 0, index), problem)


def _start_of(text: str, line: int) -> int:
    start = 0
    for _ in range(line - 1):
        following = text.find("\n", start) + 1
        if not following:
            return len(text)
        start = following
    return start
