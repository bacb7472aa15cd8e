"""A group of commands that are imported when they are called, and whose errors are messages."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

from syncdyn.cli.exit_codes import FAILED, INTERRUPTED, exit_code
from syncdyn.openapi.errors import SyncdynError
from syncdyn.openapi.hints import close_names


class Failure(click.ClickException):
    """The end of a command: one message on stderr, and the exit code."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.exit_code = code  # type: ignore[misc]  # click reads it from the instance


@dataclass(frozen=True, slots=True)
class Home:
    """Where a command is to be found, and the line that the group's help has for it."""

    module: str
    attribute: str
    summary: str


class LazyGroup(click.Group):
    """A group that shows its help without importing a command, and turns what a command raises into a Failure."""

    def __init__(self, *args: Any, homes: Mapping[str, Home], **options: Any) -> None:
        super().__init__(*args, **options)
        self.homes = homes

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  the signature is click's
        return list(self.homes)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  as above
        home = self.homes.get(cmd_name)
        if home is None:
            return None
        command: click.Command = getattr(import_module(home.module), home.attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        close = [] if args[0] in self.homes else close_names(args[0], self.homes)
        if close:
            ctx.fail(f"No such command {args[0]!r}. Did you mean {close[0]!r}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  as above
        with formatter.section("Commands"):
            formatter.write_dl([(name, home.summary) for name, home in self.homes.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SyncdynError as error:
            raise Failure(str(error), exit_code(error)) from error
        except KeyboardInterrupt as error:
            raise Failure("interrupted", INTERRUPTED) from error
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            raise Failure(_told(error)) from error
        except ImportError as error:
            raise Failure(f'{error}; the mock and the demo need: pip install "syncdyn[mock]"') from error


def _told(error: OSError) -> str:
    reason = error.strerror or str(error) or type(error).__name__
    return f"{error.filename}: {reason}" if error.filename else reason
