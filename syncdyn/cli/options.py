"""Option types that more than one command has."""

from __future__ import annotations

import math
from urllib.parse import urlsplit

import click


class Seconds(click.ParamType):
    """A time span in seconds, more than 0 and not without end."""

    name = "seconds"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            seconds = float(str(value))
        except ValueError:
            seconds = math.nan
        if not 0 < seconds < math.inf:
            self.fail(f"{value!r} is no number of seconds more than 0", param, ctx)
        return seconds


class WebUrl(click.ParamType):
    """An absolute http or https URL."""

    name = "url"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        try:
            parts = urlsplit(text)
            is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_url = False
        if not is_url:
            self.fail(f"{text!r} is no absolute URL, such as https://api.example.com", param, ctx)
        return text


def existing_file() -> click.Path:
    """The type of an option that names a file to read."""
    from pathlib import Path

    return click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
