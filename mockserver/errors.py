"""What the mock raises at those who start it; what it tells its callers is data, in `problems`.

SyncdynError
 +- MockError    the mock cannot be started or cannot do what it was asked
"""

from __future__ import annotations

from syncdyn.openapi.errors import SyncdynError


class MockError(SyncdynError):
    """The mock cannot be started, or cannot do what it was asked."""
