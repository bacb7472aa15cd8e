"""The garbage collector of a process that does nothing but serve."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: So many new objects before the youngest are looked through, and so often before the older ones are.
_THRESHOLDS = 20_000, 10, 10


@contextmanager
def paused() -> Iterator[None]:
    """Have the collector wait while things are made that stay: it would look through them at every turn."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def collect_seldom() -> None:
    """Have the collector pass over what is there already, and look less often at what comes.

    What the mock remembers stays for long and holds no circles: to look for them at every turn is a tenth of a request.
    """
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
