"""Which names and addresses are this machine's own."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_own_name(name: str) -> bool:
    """Whether a host name is this machine's own, whatever the network says of it. Source: RFC 6761, 6.3."""
    return f".{name.removesuffix('.').lower()}".endswith(".localhost")


def is_loopback(name: str) -> bool:
    """Whether a host name or address is this machine's own. Source: RFC 1122, 3.2.1.3."""
    if is_own_name(name):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def is_web_url(text: str) -> bool:
    """Whether a text is an absolute URL of http or https."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
