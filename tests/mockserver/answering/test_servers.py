"""Servers: their base paths, and `__server`, which asks whether a URL is one of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.answering.asking import FINE, ask, document, read

SERVERS = [
    {"url": "https://api.test/v1"},
    {
        "url": "https://{region}.test/{version}",
        "variables": {"region": {"default": "eu", "enum": ["eu", "us"]}, "version": {"default": "v2"}},
    },
]
ROOT = document({"/pets": {"get": FINE}}, servers=SERVERS)


@pytest.mark.parametrize("url", ["https://api.test/v1", "https://us.test/v9"])
def test_a_server_of_the_document_is_taken(url: str) -> None:
    assert ask(ROOT, target=f"/pets?__server={url}").status == 200


@pytest.mark.parametrize("url", ["https://api.test", "https://asia.test/v2", "http://api.test/v1"])
def test_another_server_is_not_found(url: str) -> None:
    refused = ask(ROOT, target=f"/pets?__server={url}")
    assert (refused.status, url in read(refused)["detail"]) == (404, True)


def test_where_there_are_no_servers_none_can_be_asked_for() -> None:
    refused = ask(document({"/pets": {"get": FINE}}), target="/pets?__server=https://api.test")
    assert (refused.status, "No server configuration" in read(refused)["detail"]) == (404, True)


BASES = {
    "a whole URL": ({"url": "https://api.test/v1"}, {"/v1"}),
    "a path": ({"url": "/api/v1/"}, {"/api/v1"}),
    "a path without a slash": ({"url": "api"}, {"/api"}),
    "none": ({"url": "https://api.test"}, set()),
    "a default": ({"url": "/{v}", "variables": {"v": {"default": "v2"}}}, {"/v2"}),
    "each value": ({"url": "/{v}/x", "variables": {"v": {"default": "v1", "enum": ["v1", "v2"]}}}, {"/v1/x", "/v2/x"}),
    "a port that is open": (
        {"url": "https://api.test:{port}/v1", "variables": {"port": {"default": "443", "enum": ["443", "8443"]}}},
        {"/v1"},
    ),
    "malformed": ({"url": "https://[/v1"}, set()),
}


@pytest.mark.parametrize(("server", "bases"), BASES.values(), ids=BASES)
def test_paths_are_served_at_the_root_and_below_each_base(server: Any, bases: set[str]) -> None:
    root = document({"/pets": {"get": FINE}}, servers=[server])
    asked = ("", "/v1", "/v2", "/api", "/api/v1", "/v1/x", "/v2/x", "/v3")
    assert {base for base in asked if ask(root, target=f"{base}/pets").status == 200} == {"", *bases}


@pytest.mark.parametrize("level", ["path", "operation"])
def test_servers_of_a_path_or_an_operation_count_too(level: str) -> None:
    servers = {"servers": [{"url": "/own"}]}
    item = {"get": {**FINE, **servers}} if level == "operation" else {"get": FINE, **servers}
    assert ask(document({"/pets": item}), target="/own/pets").status == 200
