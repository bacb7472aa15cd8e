"""Several mocks behind one server: each below a prefix, with a state, a journal and a seed of its own."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mockserver.errors import MockError
from mockserver.facade import Mock
from mockserver.making import title_of

if TYPE_CHECKING:
    from mockserver.serving.server import Serving


@contextmanager
def serve_several(mocks: Mapping[str, Mock], *, port: int = 0, host: str = "127.0.0.1") -> Iterator[str]:
    """The URL of a server that runs until the block ends, with mocks by the prefixes of their paths.

        with serve_several({"/pets": Mock("pets.yaml"), "/shop": Mock("shop.yaml")}) as url:
            httpx.get(f"{url}/pets/pets/1")

    Each prefix has its own `/_mock/`. Raises MockError for a prefix that is none and an address that cannot be opened.
    """
    from mockserver.serving.server import open_socket

    for prefix in mocks:
        check_prefix(prefix)
    serving = start_on(open_socket(host, port), mocks)
    try:
        yield serving.url
    finally:
        serving.stop()


def start_on(sock: socket.socket, mocks: Mapping[str, Mock]) -> Serving:
    """A server of mocks on a socket that listens; a single one may have the prefix "", and is served at the root."""
    from mockserver.serving.server import serve_app, url_of
    from mockserver.serving.several import Several

    if list(mocks) == [""]:
        return mocks[""].start_on(sock)
    url, titles = url_of(sock), {}
    for prefix, mock in mocks.items():
        mock.follow(url, prefix)
        titles[prefix] = title_of(mock.contract)
    return serve_app(sock, Several({prefix: mock.asgi() for prefix, mock in mocks.items()}, titles))


def check_prefix(prefix: str) -> None:
    """Nothing, or MockError for a prefix below which no document can be served."""
    if not prefix.startswith("/") or prefix.endswith("/"):
        raise MockError(f"{prefix!r} is no prefix of a path, such as '/pets'")
    if f"{prefix}/".startswith("/_mock/"):
        raise MockError(f"{prefix!r} cannot be a prefix: below /_mock/ the mock tells of itself; choose another")


def place_of(file: Path, prefix: str) -> Path:
    """Where what is kept in a file is for one of several mocks: `mock-pets.db` beside `mock.db`."""
    return file.with_name(f"{file.stem}{prefix.replace('/', '-')}{file.suffix}")
