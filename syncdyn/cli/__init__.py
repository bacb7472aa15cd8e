"""The command line `syncdyn`: words in, exit code out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs one command, of the process's own arguments unless given, and ends the process."""
    try:
        from syncdyn.cli.commands import commands
        from syncdyn.cli.streams import flush_streams, forgive_encodings

        forgive_encodings()
        try:
            commands.main(arguments, prog_name="syncdyn")
        finally:
            flush_streams()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    sys.exit(0)
