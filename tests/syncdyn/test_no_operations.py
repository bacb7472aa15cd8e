"""A document without operations: what needs none works all the same."""

from __future__ import annotations

from pathlib import Path

import httpx

from syncdyn import Client
from tests.syncdyn.fakes import Service, answer

DOCUMENT = {"openapi": "3.1.0", "info": {"title": "Empty", "version": "1"}, "components": {}}


def client(service: Service) -> Client:
    http = httpx.Client(transport=httpx.MockTransport(service))
    return Client(DOCUMENT, base_url="https://empty.test", httpx_client=http)


def test_a_url_is_downloaded(tmp_path: Path) -> None:
    path = client(Service(answer(200, content=b"film"))).download("https://empty.test/a.mp4", tmp_path)
    assert path.read_bytes() == b"film"


def test_a_path_is_requested() -> None:
    assert client(Service(answer(json=[1]))).request("GET", "/numbers") == [1]
