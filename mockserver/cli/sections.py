"""A command whose help has a section for each kind of option, and that takes the words Prism takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from mockserver.cli.words import plain, switches_of

_F = TypeVar("_F", bound="Callable[..., Any]")


class _Option(click.Option):
    """An option that knows the section of the help it stands in, and how its words are `shown` there.

    Unless told otherwise these are its first long word and the short one.
    """

    def __init__(self, *args: Any, section: str, shown: str | None = None, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.section = section
        self._shown = shown

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        # The word that unsets a flag is read, but told only where it matters.
        return record and (self._shown or record[0].partition(" / ")[0], record[1].rpartition("  [x>=")[0] or record[1])


class Command(click.Command):
    """A command with sections; `-h` is the host, as with Prism, and the help is `--help` alone."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, plain(args, switches_of(self.params)))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                sections.setdefault(getattr(parameter, "section", "Other"), []).append(record)
        # What every command has comes last.
        sections["Other"] = sections.pop("Other", [])
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl(records)


def section(title: str) -> Callable[..., Callable[[_F], _F]]:
    """What makes options of one section: `option = section("Serving")`, then `@option("--port", ...)`."""

    def option(*words: str, **attributes: Any) -> Callable[[_F], _F]:
        return click.option(*words, cls=_Option, section=title, **attributes)

    return option


def together(*options: Callable[[_F], _F]) -> Callable[[_F], _F]:
    """Several options as one decorator, shown in this order."""

    def decorate(function: _F) -> _F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate
