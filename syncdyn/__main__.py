"""`python -m syncdyn`."""

from __future__ import annotations

from syncdyn.cli import main

if __name__ == "__main__":
    main()
