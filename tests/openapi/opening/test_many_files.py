"""Documents of several files are loaded, kept and known again."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import DocumentError, UnresolvedReference
from syncdyn.openapi.loading import load, load_shared
from syncdyn.openapi.opening.bundling import faults_of
from syncdyn.openapi.opening.cache import read_cached, write_cached

MAIN = """
openapi: 3.1.0
paths: {}
components: {schemas: {A: {$ref: parts/a.yaml}}}
"""
JSON_MAIN = '{"openapi": "3.1.0", "components": {"schemas": {"A": {"$ref": "parts/a.yaml"}}}}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "api/parts").mkdir(parents=True)
    write(tmp_path / "api/main.yaml", MAIN)
    write(tmp_path / "api/parts/a.yaml", "title: first")
    return tmp_path / "api"


def write(path: Path, text: str, age_seconds: float = 60) -> None:
    """A file as it was written a while ago; of younger ones nothing is noted."""
    path.write_text(text)
    written = time.time() - age_seconds
    os.utime(path, (written, written))


def title(document: Document) -> object:
    """The title where the component leads; None where that is nowhere."""
    try:
        return document.follow(document.at("#/components/schemas/A"), "")[0]["title"]
    except UnresolvedReference:
        return None


def later() -> int:
    """So long after that the files' times can be relied on."""
    return time.time_ns() + 10_000_000_000


@pytest.fixture(params=[load, load_shared])
def loading(request: pytest.FixtureRequest) -> Callable[..., Document]:
    return partial(request.param, now=later)


@pytest.mark.parametrize("main", [MAIN, JSON_MAIN], ids=["yaml", "json"])
def test_the_files_are_found_beside_the_main_one(
    loading: Callable[..., Document], folder: Path, tmp_path: Path, main: str
) -> None:
    write(folder / "main.yaml", main)
    for _ in range(2):
        assert title(loading(folder / "main.yaml", cache_folder=tmp_path / "cache")) == "first"


def test_unchanged_files_are_not_converted_again(folder: Path, tmp_path: Path) -> None:
    load(folder / "main.yaml", cache_folder=tmp_path / "cache", now=later)
    (kept,) = (tmp_path / "cache").glob("*.json")
    converted = json.dumps(read_cached(kept.parent, kept.name))
    write_cached(kept.parent, kept.name, json.loads(converted.replace("first", "kept")))
    assert title(load(folder / "main.yaml", cache_folder=tmp_path / "cache")) == "kept"


def test_a_changed_file_makes_another_document(loading: Callable[..., Document], folder: Path, tmp_path: Path) -> None:
    first = loading(folder / "main.yaml", cache_folder=tmp_path / "cache")
    write(folder / "parts/a.yaml", "title: second", age_seconds=30)
    second = loading(folder / "main.yaml", cache_folder=tmp_path / "cache")
    assert (title(first), title(second)) == ("first", "second")
    assert first.digest != second.digest


def test_a_file_that_was_missing_is_read_when_it_is_there(
    loading: Callable[..., Document], folder: Path, tmp_path: Path
) -> None:
    (folder / "parts/a.yaml").unlink()
    without = loading(folder / "main.yaml", cache_folder=tmp_path / "cache")
    assert (title(without), len(faults_of(without.root))) == (None, 1)
    write(folder / "parts/a.yaml", "title: late")
    assert title(loading(folder / "main.yaml", cache_folder=tmp_path / "cache")) == "late"


def test_the_same_text_elsewhere_is_another_document(
    loading: Callable[..., Document], folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "other/parts").mkdir(parents=True)
    write(tmp_path / "other/main.yaml", MAIN)
    write(tmp_path / "other/parts/a.yaml", "title: other")
    sources = [MAIN, folder / "main.yaml", tmp_path / "other/main.yaml"]
    assert [title(loading(source, cache_folder=tmp_path / "cache")) for source in sources] == [None, "first", "other"]


def test_one_document_of_many_files_is_shared(folder: Path, tmp_path: Path) -> None:
    for now in (time.time_ns, later):
        first = load_shared(folder / "main.yaml", cache_folder=tmp_path / "cache", now=now)
        assert load_shared(folder / "main.yaml", cache_folder=tmp_path / "cache", now=now) is first


def test_an_overlay_may_lead_to_a_file_beside_the_document(folder: Path) -> None:
    action = {"target": "$.components.schemas", "update": {"A": {"$ref": "parts/b.yaml"}}}
    overlay = {"overlay": "1.0.0", "info": {"title": "b", "version": "1"}, "actions": [action]}
    write(folder / "parts/b.yaml", "title: overlaid")
    assert title(load(folder / "main.yaml", overlays=[overlay], cache_folder=None)) == "overlaid"


def test_what_leads_out_of_the_folder_is_refused_with_its_line(folder: Path) -> None:
    write(folder / "main.yaml", MAIN.replace("parts/", "../"))
    with pytest.raises(UnresolvedReference, match=r"^main\.yaml, line 4: the reference '\.\./a\.yaml' leads out"):
        load(folder / "main.yaml", cache_folder=None)


PAGES = {
    "https://example.org/api/main.yaml": MAIN.encode(),
    "https://example.org/api/parts/a.yaml": b"$ref: 'https://schemas.example.org/a.json#/$defs/a'",
    "https://schemas.example.org/a.json": b'{"$defs": {"a": {"title": "remote"}}}',
}


def test_a_url_leads_to_what_is_beside_it_and_to_allowed_hosts(loading: Callable[..., Document]) -> None:
    hosts = ["schemas.example.org"]
    url = "https://example.org/api/main.yaml"
    assert title(loading(url, fetch=PAGES.__getitem__, remote_hosts=hosts, cache_folder=None)) == "remote"
    with pytest.raises(DocumentError, match=r"allow it with remote_hosts=\['schemas\.example\.org'\]"):
        loading(url, fetch=PAGES.__getitem__, cache_folder=None)


def test_a_file_leads_to_allowed_hosts(folder: Path) -> None:
    write(folder / "parts/a.yaml", "$ref: 'https://schemas.example.org/a.json#/$defs/a'")
    hosts = ["schemas.example.org"]
    document = load(folder / "main.yaml", fetch=PAGES.__getitem__, remote_hosts=hosts, cache_folder=None)
    assert title(document) == "remote"


def test_a_file_may_hold_nothing_but_a_text(tmp_path: Path) -> None:
    write(tmp_path / "main.yaml", "openapi: 3.1.0\ninfo: {title: {$ref: name.yaml}}")
    write(tmp_path / "name.yaml", "Pets")
    document = load(tmp_path / "main.yaml", cache_folder=None)
    assert document.follow(document.root["info"]["title"], "#/info/title")[0] == "Pets"
