"""What the values of options are read as; each raises BadParameter for what it cannot be."""

from __future__ import annotations

import zlib

import click

from syncdyn.openapi.moments import moment_seconds


def seed(text: str) -> int:
    """A whole number; of any other text, which Prism takes as well, a number made from it."""
    try:
        return int(text)
    except ValueError:
        return zlib.crc32(text.encode())


def moment(text: str) -> float:
    """A moment of RFC 3339 as seconds since 1970."""
    seconds = moment_seconds(text)
    if seconds is None:
        raise click.BadParameter(f"{text!r} is no moment, such as 2030-01-01T00:00:00Z")
    return seconds
