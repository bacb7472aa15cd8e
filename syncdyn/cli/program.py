"""By what name this program can be called again: messages show commands that are there to be copied."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

_NAME = "syncdyn"


def program() -> str:
    """The word that calls `syncdyn` here: its name where the PATH knows it, else the path it was called by."""
    return name_of(sys.argv[0], shutil.which(_NAME))


def interpreter() -> str:
    """What to call the Python that has this package: just that, or its path where `syncdyn` goes by a path."""
    called = program()
    return "Python" if called == _NAME else str(Path(called).with_name("python"))


def name_of(called: str, found: str | None) -> str:
    """The name, or the path it was `called` by, where another or none is `found` on the PATH."""
    path = Path(called)
    if path.stem != _NAME or not path.is_file():
        return _NAME
    if found is not None and path.samefile(found):
        return _NAME
    return os.path.relpath(path) if path.resolve().is_relative_to(Path.cwd()) else called
