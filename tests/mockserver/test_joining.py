"""What a server writes reaches the network in as few pieces as may be, and nothing is held back for long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.serving.joining import Joining

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


def test_what_is_written_in_one_turn_goes_in_one_piece(transport: Joining, network: Network) -> None:
    for data in (HEAD, b"abc", HEAD, b"def"):
        transport.write(data)
    assert network.sent == []
    network.come_round()
    assert network.sent == [HEAD + b"abc" + HEAD + b"def"]


def test_what_is_written_in_the_next_turn_goes_in_another(transport: Joining, network: Network) -> None:
    transport.write(HEAD)
    network.come_round()
    transport.write(b"abc")
    network.come_round()
    assert network.sent == [HEAD, b"abc"]


def test_much_does_not_wait(transport: Joining, network: Network) -> None:
    """The transport has to know how much there is, to say that it is enough."""
    transport.write(HEAD)
    transport.write(b"a" * 100_000)
    assert network.sent == [HEAD + b"a" * 100_000]
    transport.write(b"rest")
    network.come_round()
    assert network.sent[1:] == [b"rest"]


def test_what_waits_is_sent_before_the_connection_is_closed(transport: Joining, network: Network) -> None:
    transport.write(HEAD)
    transport.close()
    network.come_round()
    assert (network.sent, transport.is_closing()) == ([HEAD], True)


def test_nothing_is_sent_to_who_is_gone(transport: Joining, network: Network) -> None:
    transport.write(HEAD)
    network.close()
    network.come_round()
    assert network.sent == []


def test_how_much_was_written_in_this_turn_is_known(transport: Joining, network: Network) -> None:
    for _ in range(3):
        transport.write(HEAD)
    assert transport.writes == 3
    network.come_round()
    assert transport.writes == 0
