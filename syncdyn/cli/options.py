"""What the values of options are read as; each raises BadParameter for what it cannot be."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click


def seconds(value: object) -> float:
    """A time span, more than 0 and not without end."""
    try:
        span = float(str(value))
    except ValueError:
        span = math.nan
    if not 0 < span < math.inf:
        raise click.BadParameter(f"{value!r} is no number of seconds more than 0")
    return span


def url(value: object) -> str:
    """An absolute http or https URL, as it stands."""
    text = str(value)
    try:
        parts = urlsplit(text)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_url = False
    if not is_url:
        raise click.BadParameter(f"{text!r} is no absolute URL, such as https://api.example.com")
    return text


def without_user(address: str) -> str:
    """A URL as it may be shown: without the user and password that it may hold."""
    before, _, after = address.partition("://")
    host, slash, path = after.partition("/")
    return f"{before}://{host.rpartition('@')[2]}{slash}{path}"


#: A file to read.
FILE: Any = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)

#: The same, or `-` for standard input.
FILE_OR_DASH: Any = click.Path(exists=True, dir_okay=False, readable=True, allow_dash=True, path_type=Path)
