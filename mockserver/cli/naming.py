"""What a server is called in a greeting, and a call to try first."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from syncdyn.openapi.contract import Contract


def without_user(url: str) -> str:
    """A URL as it may be shown: without the user and password that it may hold."""
    before, _, after = url.partition("://")
    host, slash, path = after.partition("/")
    return f"{before}://{host.rpartition('@')[2]}{slash}{path}"


def example_call(contract: Contract, url: str) -> str:
    """A curl command for the first GET operation whose path has no parameters, else for the URL itself."""
    operations = list(contract.operations.values())
    simple = [each for each in operations if each.method == "GET" and "{" not in each.path]
    path = simple[0].path if simple else "/"
    return shlex.join(["curl", *_credentials(contract), f"{url}{path}"])


def _credentials(contract: Contract) -> list[str]:
    for scheme in contract.security_schemes.values():
        if scheme.type == "apiKey" and scheme.location == "header":
            return ["-H", f"{scheme.parameter}: KEY"]
        if scheme.type in ("http", "oauth2", "openIdConnect") and scheme.scheme.lower() in ("bearer", ""):
            return ["-H", "Authorization: Bearer TOKEN"]
    return []
