"""Origins, URLs that a request can go to, and URLs as they may be shown."""

from __future__ import annotations

import pytest

from syncdyn.openapi.urls import is_absolute, origin_of, path_and_query, shown_origin, shown_url, without_userinfo

ORIGINS = {
    "port": ("https://a.example.com:8443/x", "https://a.example.com/x", False),
    "default-port": ("https://a.example.com:443/x", "https://a.example.com/y", True),
    "case": ("https://A.Example.com/x", "https://a.example.com/x", True),
    "scheme": ("http://a.example.com/x", "https://a.example.com/x", False),
    "subdomain": ("https://b.a.example.com/x", "https://a.example.com/x", False),
    "user": ("https://u:p@a.example.com/x", "https://a.example.com/x", True),
}
WITHOUT_USERINFO = {
    "https://u:p@h/a": "https://h/a",
    "https://h/a@b": "https://h/a@b",
    "https://u@v@h?x@y": "https://h?x@y",
    "https://h": "https://h",
}
NOT_ABSOLUTE = ("/v1", "h.example.com", "ftp://h/a", "https://", "https:///a", "https://h:port/", "https://[::1")


@pytest.mark.parametrize(("one", "other", "is_same"), ORIGINS.values(), ids=ORIGINS.keys())
def test_origins(one: str, other: str, is_same: bool) -> None:
    assert (origin_of(one) == origin_of(other)) is is_same


@pytest.mark.parametrize("url", NOT_ABSOLUTE)
def test_what_no_request_can_go_to_is_not_absolute(url: str) -> None:
    assert not is_absolute(url)


@pytest.mark.parametrize(("url", "shown"), WITHOUT_USERINFO.items(), ids=WITHOUT_USERINFO.keys())
def test_user_and_password_are_taken_out_of_a_url(url: str, shown: str) -> None:
    assert without_userinfo(url) == shown


def test_a_shown_url_has_neither_credentials_nor_query() -> None:
    url = "https://u:p@h.example.com:8443/a/b.json?key=secret#x"
    assert (shown_url(url), shown_origin(url)) == ("https://h.example.com:8443/a/b.json", "https://h.example.com:8443")


def test_of_what_is_no_url_nothing_is_shown() -> None:
    assert shown_url("https://[secret") == "the given URL"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://h:1/a%20b?x=1&y", ("/a%20b", "x=1&y")),
        ("http://h", ("/", "")),
        ("http://h/a?", ("/a", "")),
        ("http://u:p@[::1]/a?x#y", ("/a", "x")),
    ],
)
def test_the_path_and_the_query_are_told_apart(url: str, found: tuple[str, str]) -> None:
    assert path_and_query(url) == found


def test_a_malformed_url_has_no_path() -> None:
    with pytest.raises(ValueError, match="IPv6"):
        path_and_query("http://[::1/a")
