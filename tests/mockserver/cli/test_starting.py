from __future__ import annotations

import json
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import httpx
import pytest

from mockserver.cli import starting
from mockserver.cli.mock import _make, command
from mockserver.cli.starting import Started, start
from mockserver.errors import MockError
from tests.mockserver.storing.test_kill import document


@pytest.fixture(autouse=True)
def _documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for title in ("Pets", "Shop"):
        described = {**document(), "info": {"title": title, "version": "1"}}
        Path(f"{title.lower()}.json").write_text(json.dumps(described))


@contextmanager
def started(*words: str) -> Iterator[Started]:
    with command.make_context("mock", [*words, "--port", "0", "--quiet", "--unknown", "refused"]) as context:
        running = start(context.params, _make, None)
    try:
        yield running
    finally:
        running.stop()


def test_several_documents_are_served_below_their_prefixes() -> None:
    with started("/pets=pets.json", "shop=shop.json") as running:
        assert running.documents == {"/pets": "pets.json", "/shop": "shop.json"}
        listed = httpx.get(running.url).json()["documents"]
        assert [each["title"] for each in listed] == ["Pets", "Shop"]
        assert httpx.post(f"{running.url}/shop/pets", json={}).status_code == 201


def test_the_state_of_each_is_kept_in_a_file_of_its_own() -> None:
    words = ("/pets=pets.json", "/shop=shop.json", "--state", "mock.db")
    with started(*words) as running:
        place = httpx.post(f"{running.url}/pets/pets", json={"name": "Rex"}).headers["location"]
    with started(*words) as running:
        assert httpx.get(f"{running.url}{place}").json()["name"] == "Rex"
    assert sorted(path.name for path in Path().glob("*.db")) == ["mock-pets.db", "mock-shop.db"]


def test_a_document_that_is_edited_is_served_with_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    told: queue.Queue[str] = queue.Queue()
    monkeypatch.setattr(click, "echo", lambda line, **_: told.put(line))
    with started("pets.json", "--watch"):
        Path("pets.json").write_text("{")
        assert told.get(timeout=3).startswith("Not reloaded, the document is served as it was: pets.json, line")


def test_a_port_that_is_taken_leaves_nothing_open() -> None:
    with started("pets.json") as running, pytest.raises(MockError, match="in use"):
        start(command.make_context("mock", ["pets.json", "-p", running.url.rpartition(":")[2]]).params, _make, None)


def test_the_limit_of_open_files_is_only_raised() -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    starting._allow_many_connections()
    after = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert after[0] >= before[0]
    assert after[1] == before[1]
