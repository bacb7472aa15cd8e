"""The HTTP library, for the blocking driver and for the awaiting one. Nothing else imports it."""

from __future__ import annotations

from syncdyn.transport.awaiting import AwaitingTransport
from syncdyn.transport.blocking import BlockingTransport
from syncdyn.transport.fetching import fetch
from syncdyn.transport.library import clock

__all__ = ["AwaitingTransport", "BlockingTransport", "clock", "fetch"]
