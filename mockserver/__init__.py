"""A mock server that answers as an OpenAPI document promises, with a memory.

with Mock("openapi.yaml").serve() as url: ...
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.app import Answer, Delivered, Delivery
    from mockserver.clock import VirtualClock
    from mockserver.errors import MockError
    from mockserver.facade import Mock, serve
    from mockserver.host import Host
    from mockserver.journal import Exchange
    from mockserver.media.clips import clip, tone
    from mockserver.media.media_facts import MediaFacts, facts_of
    from mockserver.proxy import Proxy
    from mockserver.serving.asgi import Asgi
    from mockserver.serving.server import Running
    from mockserver.settings import Settings
    from mockserver.together import serve_several

__all__ = [
    "Answer",
    "Asgi",
    "Delivered",
    "Delivery",
    "Exchange",
    "Host",
    "MediaFacts",
    "Mock",
    "MockError",
    "Proxy",
    "Running",
    "Settings",
    "VirtualClock",
    "clip",
    "facts_of",
    "serve",
    "serve_several",
    "tone",
]

# Imported when asked for, so that one who needs the settings alone does not wait for the rest.
_HOMES = {
    "Answer": "app",
    "Asgi": "serving.asgi",
    "Delivered": "app",
    "Delivery": "app",
    "Exchange": "journal",
    "Host": "host",
    "MediaFacts": "media.media_facts",
    "Mock": "facade",
    "MockError": "errors",
    "Proxy": "proxy",
    "Running": "serving.server",
    "Settings": "settings",
    "VirtualClock": "clock",
    "clip": "media.clips",
    "facts_of": "media.media_facts",
    "serve": "facade",
    "serve_several": "together",
    "tone": "media.clips",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
