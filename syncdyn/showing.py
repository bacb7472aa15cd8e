"""Clients, operations and results as tables of HTML, for notebooks: escaped, bounded, without styles of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import islice
from reprlib import Repr
from typing import Any

_MOST_ROWS = 50
_MOST_COLUMNS = 12
_LONGEST_TEXT = 120

_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = _LONGEST_TEXT


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], count: int) -> str:
    """A table of the first rows, with a line that tells how many more there are of `count`."""
    shown = list(islice(rows, _MOST_ROWS))
    head = "".join(f"<th>{_text(column)}</th>" for column in columns)
    body = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in shown)
    more = f"<p>and {count - len(shown):,} more</p>" if count > len(shown) else ""
    return f"<p><b>{_text(title)}</b></p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def object_table(title: str, members: Mapping[str, Any]) -> str:
    """A table of names and values."""
    return table(title, ("name", "value"), ((name, members[name]) for name in members), len(members))


def list_table(title: str, items: Sequence[Any]) -> str:
    """A table of a list: one column for each member of its objects, as far as they fit, or one for its values."""
    shown = [members_of(item) for item in items[:_MOST_ROWS]]
    columns = list(islice(dict.fromkeys(name for row in shown for name in row), _MOST_COLUMNS))
    rows = ([row.get(name) for name in columns] for row in shown)
    return table(title, columns, rows, len(items))


def members_of(item: Any) -> dict[str, Any]:
    """The members of an object by wire name; a value of its own under `value`."""
    return {name: item[name] for name in item} if hasattr(item, "to_dict") else {"value": item}


def raw_html(answer: Any) -> str:
    """An answer and its result. Of the header fields only the names are shown: a value may be a credential."""
    facts = {"status": answer.status_code, "header fields": ", ".join(answer.headers)}
    facts |= {f"violation {number}": str(one) for number, one in enumerate(answer.violations, 1)}
    shown = answer.data._repr_html_() if hasattr(answer.data, "_repr_html_") else f"<p>{_text(answer.data)}</p>"
    return object_table("Response", facts) + shown


def _text(value: Any) -> str:
    text = " ".join(("" if value is None else value if isinstance(value, str) else _SHORT.repr(value)).split())
    return escape(text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}...")
