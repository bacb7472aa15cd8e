"""The names of a document as Python writes them."""

from __future__ import annotations

import keyword
import re
import unicodedata

_NO_WORDS, _UNDERSCORES = re.compile(r"\W+"), re.compile(r"__+")
_WORD_ENDS = (re.compile(r"(.)([A-Z][a-z]+)"), re.compile(r"([a-z0-9])([A-Z])"))


def python_name(wire: str) -> str:
    """A wire name as Python writes it: `petName` -> `pet_name`, `class` -> `class_`."""
    # Python itself reads identifiers in this form.
    wire = wire if wire.isascii() else unicodedata.normalize("NFKC", wire)
    name = _NO_WORDS.sub("_", wire).strip("_") or "value"
    for pattern in () if name.islower() else _WORD_ENDS:
        name = pattern.sub(r"\1_\2", name)
    name = _UNDERSCORES.sub("_", name).lower()
    if name[0].isdigit():
        name = f"_{name}"
    return f"{name}_" if keyword.iskeyword(name) else name
