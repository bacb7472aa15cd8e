"""The environments of the API.

Made by `python -m syncdyn.stubs`; not to be edited.
"""

from enum import Enum

class SyncEnvironment(Enum):
    """A server of the API, by its base URL."""

    DEFAULT = "https://api.sync.so"
    DEV = "https://dev-api.sync.so"
