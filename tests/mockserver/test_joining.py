"""What a server writes reaches the network in as few pieces as may be, and nothing is held back for long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.serving.guarding import Joining

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n"


class Network:
    """A transport and a loop that note what they are asked for."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.is_closed = False
        self.later: list[Callable[[], Any]] = []

    def write(self, data: bytes) -> None:
        self.sent.append(data)

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    def call_soon(self, function: Callable[[], Any]) -> None:
        self.later.append(function)

    def come_round(self) -> None:
        while self.later:
            self.later.pop()()


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def transport(network: Network) -> Joining:
    return Joining(network, network)


def test_a_head_goes_with_the_first_of_its_body(transport: Joining, network: Network) -> None:
    transport.write(HEAD)
    transport.write(b"abc")
    network.come_round()
    assert network.sent == [HEAD + b"abc"]


def test_a_head_alone_goes_when_the_loop_comes_round(transport: Joining, network: Network) -> None:
    transport.write(HEAD)
    assert network.sent == []
    network.come_round()
    transport.write(b"abc")
    assert network.sent == [HEAD, b"abc"]


def test_what_is_no_head_goes_at_once(transport: Joining, network: Network) -> None:
    transport.write(b"abc")
    assert network.sent == [b"abc"]


def test_a_head_is_sent_before_the_connection_is_closed(transport: Joining, network: Network) -> None:
    transport.write(HEAD)
    transport.close()
    assert (network.sent, transport.is_closing()) == ([HEAD], True)
