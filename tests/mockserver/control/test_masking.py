from __future__ import annotations

import pytest

from mockserver.control.masking import Mask
from syncdyn.openapi.messages import Headers, Json

MASK = Mask(headers=frozenset({"x-shop"}), query=frozenset({"sig"}))


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("Authorization", "Bearer abc", "Bearer ***"),
        ("authorization", "abc", "***"),
        ("Proxy-Authorization", "Basic abc=", "Basic ***"),
        ("Cookie", "a=1; b=2", "a=***; b=***"),
        ("Set-Cookie", "a=1; Path=/; Max-Age=5", "a=***; Path=/; Max-Age=5"),
        ("X-Api-Key", "abc", "***"),
        ("X-Shop", "abc", "***"),
        ("X-Access-Token", "abc", "abc"),
        ("Access-Token", "abc", "***"),
        ("Content-Type", "text/plain", "text/plain"),
    ],
)
def test_headers(name: str, text: str, shown: str) -> None:
    assert MASK.header(name, text) == shown
    assert MASK.headers_of(Headers([(name, text)])) == {name.lower(): shown}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://m/a?sig=1&b=2", "http://m/a?sig=***&b=2"),
        ("http://m/a?SIG=1&access_token=2&token", "http://m/a?SIG=***&access_token=***&token"),
        ("http://user:pass@m:1/a%2Fb?q=%20#f", "http://***@m:1/a%2Fb?q=%20#f"),
        ("http://m/a?api%5Fkey=1", "http://m/a?api%5Fkey=***"),
        ("http://[", "http://["),
    ],
)
def test_urls(url: str, shown: str) -> None:
    assert MASK.url(url) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"password": "a", "b": [{"clientSecret": "c"}]}, {"password": "***", "b": [{"clientSecret": "***"}]}),
        (
            {"token": None, "max_tokens": 5, "nextPageToken": "t"},
            {"token": None, "max_tokens": 5, "nextPageToken": "t"},
        ),
        ("password", "password"),
    ],
)
def test_json(value: Json, shown: Json) -> None:
    assert MASK.json(value) == shown
