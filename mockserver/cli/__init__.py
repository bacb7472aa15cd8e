"""The command line: words in, a running server out."""

from mockserver.cli.mock import command

__all__ = ["command"]
