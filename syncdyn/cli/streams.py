"""The standard streams of a program that may be piped anywhere: no character and no closed pipe is a crash."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress


def forgive_encodings() -> None:
    """Lets characters that a stream's encoding lacks be written as `?`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def flush_streams() -> None:
    """Writes out what is left. A stream that takes nothing more is let go, or the interpreter would complain."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:
            continue
        try:
            stream.flush()
        except (OSError, ValueError):
            _let_go(stream)


def _let_go(stream: object) -> None:
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # type: ignore[attr-defined]  # AttributeError is let pass
        os.close(nowhere)
