"""`python -m syncdyn.stubs [--check]`."""

import sys

from syncdyn.stubs import main

sys.exit(main(sys.argv[1:]))
