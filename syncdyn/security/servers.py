"""Which server a call goes to: that of the operation over that of its path over that of the root, or one for all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from syncdyn.errors import ConfigurationError
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import SyncdynError
from syncdyn.openapi.hints import kind_of
from syncdyn.openapi.operations import Operation, Server
from syncdyn.openapi.urls import is_absolute, shown_url, without_userinfo
from syncdyn.options import meant

_EXAMPLE = "pass base_url, such as https://api.example.com"
#: A value must not lead to another host than the URL of the server shows.
_UNFIT = re.compile(r"[@?#\\\s]|[^ -~]")
#: A URL that lacks its scheme.
_HOST = re.compile(r"(localhost|[\w-]+(\.[\w-]+)+)(:\d+)?(/[\w/.-]*)?")
_AUTHORITY = re.compile(r"^[A-Za-z{][^:/]*://([^/]*)")


class Servers:
    """The base URLs of a client's calls.

    `base_url` stands in place of every server of the document. `server` chooses one of the root's, by index, name,
    URL or description; left out, it is the first. `variables` fill the variables of all servers that have them.
    `location` is the URL that the document was read from, if any: relative servers are relative to it.
    Raises ConfigurationError for what does not fit the document, with what would.
    """

    def __init__(
        self,
        contract: Contract,
        *,
        base_url: Any = None,
        server: int | str | None = None,
        variables: Mapping[str, Any] | None = None,
        location: str | None = None,
    ) -> None:
        if base_url is not None and (server is not None or variables):
            raise ConfigurationError(
                "base_url stands in place of all servers: give it, or server= and server_variables="
            )
        self._contract = contract
        self._location = location
        self._variables = _read_variables(variables)
        self._override = None if base_url is None else _read_url("base_url", _text(base_url))
        self._chosen = _choose(contract.servers, server)
        self._check_names()
        self._check_values(self._chosen)
        #: The base URL of the root's server, whose origin is the one that credentials are for; None for none.
        self.home: str | None = self._home()

    def base_url_of(self, operation: Operation) -> str:
        """The URL before the path of an operation, without a slash at its end.

        Raises ConfigurationError where none is known, or a variable has no value.
        """
        if self._override is not None:
            return self._override
        is_of_root = operation.servers == self._contract.servers
        return self._url_of(self._chosen if is_of_root else operation.servers[0])

    def _home(self) -> str | None:
        try:
            return self._override or self._url_of(self._chosen)
        except ConfigurationError:
            if any(map(self._is_reachable, self._contract.operations)):
                return None
            raise

    def _is_reachable(self, key: str) -> bool:
        try:
            return bool(self.base_url_of(self._contract.operations[key]))
        except SyncdynError:
            return False

    def _url_of(self, server: Server) -> str:
        self._check_values(server)
        url = server.fill(self._variables)
        missing = [name for name in server.names if f"{{{name}}}" in url]
        if missing:
            raise ConfigurationError(f"the server {_shown(server)} needs a value: {_wanted(server, missing[0])}")
        if is_absolute(url) or self._location is None:
            return _read_url("the document's server", url)
        return _read_url("the document's server", urljoin(self._location, url))

    def _check_names(self) -> None:
        for name in self._variables.keys() - set(self._chosen.names):
            # Only where it is not of the root are the servers of all operations looked through.
            known = self._all_names()
            if name not in known:
                told = f"the servers have {', '.join(known)}" if known else "the servers have no variables"
                raise ConfigurationError(f"server_variables: no server has {name!r}{meant(name, known)}; {told}")

    def _check_values(self, server: Server) -> None:
        for name in server.names:
            if name in self._variables:
                _check_value(server, name, self._variables[name])

    def _all_names(self) -> tuple[str, ...]:
        servers = list(self._contract.servers)
        for key in self._contract.operations:
            servers += self._contract.operations[key].servers
        return tuple(dict.fromkeys(name for server in servers for name in server.names))


def location_of(source: Any, origin: str) -> str | None:
    """The URL that a document was read from, without credentials; None for a file, a mapping or a text."""
    for url in (source, origin):
        if isinstance(url, str) and "\n" not in url and is_absolute(url):
            return shown_url(url)
    return None


def _choose(servers: tuple[Server, ...], wanted: int | str | None) -> Server:
    if wanted is None:
        return servers[0]
    if isinstance(wanted, int) and not isinstance(wanted, bool) and 0 <= wanted < len(servers):
        return servers[wanted]
    for fact in ("name", "url", "description"):
        for one in servers:
            if wanted == getattr(one, fact) or (fact == "url" and wanted == one.fill()):
                return one
    listed = "; ".join(f"{index}: {_listed(one)}" for index, one in enumerate(servers))
    raise ConfigurationError(f"server: {wanted!r} is none of the document's servers. They are {listed}")


def _listed(server: Server) -> str:
    told = (server.name and repr(server.name), _shown(server), server.description and f"({server.description})")
    return " ".join(filter(None, told))


def _read_variables(given: Any) -> dict[str, str]:
    if given is not None and not isinstance(given, Mapping):
        raise ConfigurationError(f"server_variables: expected a mapping, found {kind_of(given)}")
    for name, value in (given or {}).items():
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ConfigurationError(f"server_variables: {name}: expected a str, found {kind_of(value)}")
    return {name: str(value) for name, value in (given or {}).items()}


def _check_value(server: Server, name: str, value: str) -> None:
    variable = server.variables.get(name)
    if variable is not None and variable.enum:
        if value not in variable.enum:
            allowed = ", ".join(map(repr, variable.enum))
            raise ConfigurationError(f"server_variables: {name}: {value!r} is not one of {allowed}")
        return
    authority = _AUTHORITY.match(server.url)
    is_in_authority = authority is not None and f"{{{name}}}" in authority[1]
    if _UNFIT.search(value) or (is_in_authority and "/" in value):
        raise ConfigurationError(f"server_variables: {name}: {value!r} does not fit into {_shown(server)}")


def _wanted(server: Server, name: str) -> str:
    variable = server.variables.get(name)
    allowed = f" (one of {', '.join(map(repr, variable.enum))})" if variable is not None and variable.enum else ""
    return f"pass server_variables={{{name!r}: ...}}{allowed}"


def _text(url: Any) -> str:
    """The text of a URL, which may be an object of the HTTP library."""
    if isinstance(url, str) or (hasattr(url, "scheme") and hasattr(url, "host")):
        return str(url)
    raise ConfigurationError(f"base_url: expected a str or a URL, found {kind_of(url)}")


def _read_url(what: str, url: str) -> str:
    shown = without_userinfo(url)
    if not is_absolute(url):
        found = "the document names no server" if url == "/" else f"{shown!r} is no absolute http(s) URL"
        raise ConfigurationError(f"{found}: {_EXAMPLE}{_with_scheme(url)}")
    if not url.isprintable() or set(url) & set(" ?#"):
        told = "has a query, a fragment, spaces or line breaks"
        raise ConfigurationError(f"{what}: {shown!r} {told}; {'leave them out' if what == 'base_url' else _EXAMPLE}")
    return url.rstrip("/")


def _with_scheme(url: str) -> str:
    """What a URL without its scheme was probably meant to be."""
    scheme = "http" if url.startswith(("localhost", "127.")) else "https"
    return f" (did you mean '{scheme}://{url}'?)" if _HOST.fullmatch(url) else ""


def _shown(server: Server) -> str:
    return without_userinfo(server.url)
