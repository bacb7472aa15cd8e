"""The servers of a document: the base paths that its paths stand below, and whether a URL is one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from urllib.parse import urlsplit

from mockserver.answering.wishes import Unavailable
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.operations import Operation, Server

#: No more base paths are made of one server.
_MOST_CHOICES = 100
_SERVERS = frozenset({"servers"})
_VARIABLE = re.compile(r"\{([^{}]+)\}")


def check_server(contract: Contract, operation: Operation, url: str | None) -> None:
    """Raises Unavailable where a URL is asked for, by `__server`, that none of the operation's servers has."""
    if url is None:
        return
    if not _has_servers(contract, operation):
        message = f"No server configuration has been provided, although {url} is set as server url"
        raise Unavailable(404, message, "NO_SERVER_CONFIGURATION_PROVIDED_ERROR")
    if not any(_pattern(server).fullmatch(url) for server in operation.servers):
        message = f"The server url {url} hasn't been matched with any of the provided servers"
        raise Unavailable(404, message, "NO_SERVER_MATCHED_ERROR")


def _has_servers(contract: Contract, operation: Operation) -> bool:
    return bool(contract.document.root.get("servers")) or [one.url for one in operation.servers] not in ([], ["/"])


def _pattern(server: Server) -> re.Pattern[str]:
    """What matches the URLs of a server: a variable stands for one of its values, or for anything."""
    pieces = _VARIABLE.split(server.url)
    texts = [re.escape(piece) for piece in pieces[::2]]
    names = [_choice(server.variables[name].enum if name in server.variables else ()) for name in pieces[1::2]]
    return re.compile("".join(part for pair in zip(texts, [*names, ""], strict=True) for part in pair))


def _choice(values: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(map(re.escape, values))})" if values else ".*?"


def base_paths(contract: Contract) -> tuple[str, ...]:
    """The paths below which the operations are served as well.

    A variable stands for each of its values, or for its default.
    """
    return _base_paths(contract.servers)


def own_base_paths(contract: Contract) -> tuple[str, ...]:
    """The same of the servers that paths and operations have of their own, of which all must be looked through."""
    paths = contract.document.root.get("paths")
    items = paths if isinstance(paths, Mapping) else {}
    heads = contract.operations.heads.items()
    keys = [key for key, head in heads if head.states(_SERVERS) or "servers" in items.get(head.path, ())]
    return _base_paths(server for key in keys for server in contract.operations[key].servers)


def _base_paths(servers: Iterable[Server]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for server in servers for path in _paths(server) if path))


def _paths(server: Server) -> Iterator[str]:
    """The paths that a server's URL may have, without the slash at the end; none for one that is malformed."""
    choices = [[(name, value) for value in one.enum] for name, one in server.variables.items() if one.enum]
    for chosen in islice(product(*choices), _MOST_CHOICES):
        try:
            path = urlsplit(server.fill(dict(chosen))).path.strip("/")
        except ValueError:
            continue
        yield f"/{path}" if path else ""
