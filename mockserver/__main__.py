"""`python -m mockserver`."""

from __future__ import annotations

from mockserver.cli.mock import command

if __name__ == "__main__":
    command(prog_name="python -m mockserver")
