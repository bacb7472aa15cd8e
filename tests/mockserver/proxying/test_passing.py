"""What goes on to the next hop."""

from __future__ import annotations

import gzip
import zlib

import pytest

from mockserver.proxying.passing import is_stream, legible, passed_on, target_at
from syncdyn.openapi.messages import Headers, Response


@pytest.mark.parametrize(
    "name",
    ["Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Proxy-Connection"],
)
def test_fields_of_one_hop_stay_there(name: str) -> None:
    """RFC 9110, section 7.6.1."""
    assert passed_on(Headers([(name, "x"), ("accept", "*/*")])) == (("accept", "*/*"), ("via", "1.1 syncdyn"))


def test_fields_that_connection_names_stay_too() -> None:
    headers = Headers([("Connection", "close, X-Mine"), ("x-mine", "1"), ("x-yours", "2")])
    assert passed_on(headers)[0] == ("x-yours", "2")


def test_repeated_fields_go_on_as_they_came() -> None:
    cookies = [("set-cookie", "a=1"), ("set-cookie", "b=2")]
    assert passed_on(Headers(cookies))[:2] == tuple(cookies)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        pytest.param("http://proxy/a/b?c=%20d&c", "http://up/base/a/b?c=%20d&c", id="path and query as they came"),
        pytest.param("http://elsewhere.example/a", "http://up/base/a", id="another host"),
        pytest.param("http://proxy//elsewhere.example/a", "http://up/base//elsewhere.example/a", id="two slashes"),
        pytest.param("http://proxy/@elsewhere.example/", "http://up/base/@elsewhere.example/", id="an at sign"),
        pytest.param("http://proxy", "http://up/base/", id="nothing"),
    ],
)
def test_every_request_leads_to_the_upstream(url: str, target: str) -> None:
    """Whatever it says, so that nobody uses the proxy to reach others."""
    assert target_at("http://up/base/", url) == target


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"text", mtime=0)),
        ("deflate", zlib.compress(b"text")),
        ("identity", b"text"),
        ("", b"text"),
    ],
)
def test_a_coded_body_is_read(coding: str, body: bytes) -> None:
    found = legible(Response(200, Headers({"content-encoding": coding}), body), 100)
    assert found is not None
    assert found.body == b"text"


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        pytest.param("gzip", gzip.compress(b"0" * 101), id="larger than is read"),
        pytest.param("gzip", gzip.compress(b"text", mtime=0)[:-9], id="cut off"),
        pytest.param("gzip", b"text", id="none"),
        pytest.param("br", b"text", id="another coding"),
    ],
)
def test_a_body_that_cannot_be_read_is_left_alone(coding: str, body: bytes) -> None:
    assert legible(Response(200, Headers({"content-encoding": coding}), body), 100) is None


@pytest.mark.parametrize(
    ("content_type", "is_one"),
    [
        ("text/event-stream; charset=utf-8", True),
        ("application/jsonl", True),
        ("multipart/x-mixed-replace; boundary=x", True),
        ("application/json", False),
        ("", False),
    ],
)
def test_what_comes_by_and_by_is_known_by_its_type(content_type: str, is_one: bool) -> None:
    assert is_stream(Headers({"content-type": content_type})) is is_one
