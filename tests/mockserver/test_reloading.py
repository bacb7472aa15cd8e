from __future__ import annotations

import json
import queue
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from mockserver import Mock
from mockserver.errors import MockError
from mockserver.together import place_of
from syncdyn.openapi.errors import DocumentError
from tests.mockserver.storing.test_kill import document


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "pets.json"
    path.write_text(json.dumps(document()))
    return path


def changed(path: Path, title: str = "Pets", paths: Mapping[str, Any] = MappingProxyType({})) -> None:
    described: dict[str, Any] = document()
    described["info"]["title"] = title
    described["paths"].update(paths)
    path.write_text(json.dumps(described))


def test_a_document_that_was_changed_is_served_and_the_state_stays(path: Path) -> None:
    mock = Mock(str(path), unknown="refused")
    id_ = json.loads(mock.handle("POST", "/pets", json={"name": "Rex"}).body)["id"]
    assert mock.handle("GET", "/ping").status == 404
    changed(path, paths={"/ping": {"get": {"responses": {"204": {"description": "pong"}}}}})
    mock.reload()
    assert mock.handle("GET", "/ping").status == 204
    assert mock.handle("GET", f"/pets/{id_}").status == 200


def test_what_no_longer_fits_is_told_and_shown_as_far_as_it_fits(path: Path) -> None:
    mock = Mock(str(path))
    made = mock.handle("POST", "/pets", json={"name": "Rex"}).json
    path.write_text(path.read_text().replace('"name": {"type": "string"}', '"name": {"type": "integer"}'))
    mock.reload()
    assert [line.partition(made["id"])[2] for line in mock.misfits()] == [
        ': body.name: expected an integer, found a string "Rex"'
    ]
    shown = mock.handle("GET", f"/pets/{made['id']}")
    assert (shown.status, shown.json["id"], isinstance(shown.json.get("name", 0), int)) == (200, made["id"], True)


def test_a_broken_document_is_told_and_the_old_one_stays(path: Path) -> None:
    mock = Mock(str(path))
    path.write_text('{"openapi": "3.1.0", ')
    with pytest.raises(DocumentError, match="line 1"):
        mock.reload()
    assert mock.handle("POST", "/pets", json={}).status == 201


def test_a_setting_that_no_longer_fits_is_told_and_all_stays(path: Path) -> None:
    described: dict[str, Any] = document()
    path.write_text(json.dumps({**described, "x-mock-plans": {"gold": {}}}))
    mock = Mock(str(path), plan="gold")
    changed(path, "Other")
    with pytest.raises(MockError, match="no plan named 'gold'"):
        mock.reload()
    assert mock.contract.extension("info")["title"] == "Pets"


def test_a_kept_state_goes_on_under_a_new_title(path: Path, tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    with Mock(str(path), state=state) as mock:
        mock.handle("POST", "/pets", json={"name": "Rex"})
        changed(path, "More pets")
        mock.reload()
    with Mock(str(path), state=state) as again:
        assert len(again.host.state.all("/pets")) == 1


def test_a_changed_file_is_served_by_itself(path: Path) -> None:
    told: queue.Queue[str] = queue.Queue()
    mock = Mock(str(path))
    watcher = mock.watch(told.put)
    try:
        changed(path, paths={"/ping": {"get": {"responses": {"204": {"description": "pong"}}}}})
        assert told.get(timeout=3) == "Reloaded"
        assert mock.handle("GET", "/ping").status == 204
        changed(path, paths={"/ping": {"get": {"responses": {"20x": {"description": "pong"}}}}})
        lines = iter(lambda: told.get(timeout=3), None)
        assert any("/get/responses/20x: '20x' is no status" in line for line in lines)
    finally:
        watcher.stop()


def test_each_of_several_mocks_has_a_file_of_its_own() -> None:
    assert place_of(Path("a/mock.db"), "/pets/v2") == Path("a/mock-pets-v2.db")
    assert place_of(Path("a/mock.db"), "") == Path("a/mock.db")
