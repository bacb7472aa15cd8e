"""Which formats are asserted: what a user says -> checks by name.

A format is annotation unless it is asked for.
Source: JSON Schema 2020-12 validation, section 7.2.1; OpenAPI 3.1, "Data Type Format".
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from syncdyn.openapi.hints import hint

#: A check of one string format: whether the text is of the format.
FormatCheck = Callable[[str], bool]
#: Checks by name; None stands for the validator's own.
Formats = Mapping[str, FormatCheck | None]


def _is_byte(text: str) -> bool:
    try:
        b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


#: Formats of whole numbers, and between which they lie; they are asserted as bounds. Source: OpenAPI Format Registry.
WIDTHS: Mapping[str, tuple[int, int]] = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
}

#: What can be asserted by its name alone.
KNOWN: Formats = {
    **dict.fromkeys(
        (
            "date", "date-time", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6",
            "uri", "uri-reference", "uri-template", "iri", "iri-reference", "uuid", "json-pointer",
            "relative-json-pointer", "regex",
        )
    ),
    "byte": _is_byte,
    **dict.fromkeys(WIDTHS),
}  # fmt: skip


def read_formats(stated: Any) -> Formats:
    """The formats to assert: none for None; for True or "all" all that are known; those of a list of names.

    A mapping names checks of the user's own, functions from str to bool; True stands for the known one.
    Raises ValueError for anything else, and for names that are not known.
    """
    if stated is None or stated is False:
        return {}
    if stated is True or stated == "all":
        return KNOWN
    if isinstance(stated, Mapping):
        own = {name: check for name, check in stated.items() if callable(check)}
        others = [name for name, check in stated.items() if name not in own]
        odd = [name for name in others if stated[name] is not True]
        if odd:
            raise ValueError(f"{odd[0]!r}: expected a function from str to bool, or True; found {stated[odd[0]]!r}")
        return {**_known(others), **own}
    if isinstance(stated, str | bytes) or not isinstance(stated, Iterable):
        raise ValueError(f'expected "all", a list of names or a mapping of names to checks, found {stated!r}')
    return _known(stated)


def _known(names: Iterable[Any]) -> Formats:
    names = list(names)
    unknown = [name for name in names if name not in KNOWN]
    if unknown:
        told = hint(unknown[0], KNOWN) or f"known: {', '.join(KNOWN)}; or give a check of your own"
        raise ValueError(f"no format {unknown[0]!r} is known; {told}")
    return {name: KNOWN[name] for name in names}
