from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockserver import Mock
from mockserver.errors import MockError
from mockserver.serving.several import Several, documents_of
from mockserver.together import serve_several


@pytest.mark.parametrize(
    ("words", "documents"),
    [
        pytest.param(
            ["/pets=pets.yaml", "/shop/v2=shop.yaml"], {"/pets": "pets.yaml", "/shop/v2": "shop.yaml"}, id="two"
        ),
        pytest.param(
            ["pets=pets.yaml", "shop/=s.yaml"], {"/pets": "pets.yaml", "/shop": "s.yaml"}, id="no first slash"
        ),
        pytest.param(["pets.yaml"], {"": "pets.yaml"}, id="one"),
        pytest.param(["/pets=pets.yaml"], {"/pets": "pets.yaml"}, id="one below a prefix"),
        pytest.param([r"C:\api\a=b.yaml"], {"": r"C:\api\a=b.yaml"}, id="drive"),
        pytest.param([r"/pets=C:\api\pets.yaml"], {"/pets": r"C:\api\pets.yaml"}, id="prefix and drive"),
        pytest.param(["https://a.test/x?v=1"], {"": "https://a.test/x?v=1"}, id="URL"),
        pytest.param(["/x=https://a.test/x?v=1"], {"/x": "https://a.test/x?v=1"}, id="prefix and URL"),
    ],
)
def test_words_name_documents_by_prefix(words: list[str], documents: dict[str, str]) -> None:
    assert documents_of(words) == documents


def test_a_file_of_that_name_is_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a=b.yaml").touch()
    assert documents_of(["a=b.yaml"]) == {"": "a=b.yaml"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(["/a=a.yaml", "spec/my shop.yaml"], "each needs a prefix: /my-shop=spec/my shop.yaml", id="none"),
        pytest.param(["/a=a.yaml", "a=b.yaml"], "/a is the prefix of a.yaml and of b.yaml", id="same"),
    ],
)
def test_words_that_do_not_fit_together_are_told(words: list[str], told: str) -> None:
    with pytest.raises(MockError, match=told):
        documents_of(words)


THINGS = {"type": "object", "properties": {"id": {"type": "string", "readOnly": True}, "name": {"type": "string"}}}
RESPONSE = {"description": "ok", "content": {"application/json": {"schema": THINGS}}}


def document(title: str) -> dict[str, Any]:
    """A document of things that are made and read."""
    body = {"required": True, "content": {"application/json": {"schema": THINGS}}}
    id_ = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "servers": [{"url": "https://api.test/v1"}],
        "paths": {
            "/things": {"post": {"requestBody": body, "responses": {"201": RESPONSE}}},
            "/things/{id}": {"parameters": [id_], "get": {"responses": {"200": RESPONSE}}},
        },
    }


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve_several({"/a": Mock(document("A"), unknown="refused"), "/a/b": Mock(document("B"))}) as url:
        yield url


def test_each_mock_remembers_for_itself(url: str) -> None:
    made = httpx.post(f"{url}/a/things", json={"name": "Rex"})
    place = made.headers["location"]
    assert place.startswith("/a/things/")
    assert httpx.get(f"{url}{place}").json()["name"] == "Rex"
    assert httpx.get(f"{url}/a/v1/things/{made.json()['id']}").json()["name"] == "Rex"
    assert httpx.get(f"{url}/a/things/unknown").status_code == 404
    assert httpx.get(f"{url}/a/b/things/unknown").status_code == 200


def test_each_has_its_own_control(url: str) -> None:
    httpx.post(f"{url}/a/b/things", json={"name": "Tom"})
    told = httpx.get(f"{url}/a/b/_mock/requests").json()["requests"]
    assert [each["request"]["path"] for each in told if each["operation_key"] == "POST /things"] == ["/a/b/things"]
    assert httpx.get(f"{url}/a/_mock/health").json()["status"] == "ok"


@pytest.mark.parametrize("path", ["/", "/_mock/health"])
def test_the_root_tells_what_there_is(url: str, path: str) -> None:
    documents = [{"prefix": "/a", "title": "A"}, {"prefix": "/a/b", "title": "B"}]
    assert httpx.get(f"{url}{path}").json() == {"status": "ok", "documents": documents}
    assert httpx.head(f"{url}{path}").status_code == 200
    refused = httpx.post(f"{url}{path}")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/c", "/ab/things", "/things"])
def test_a_path_that_belongs_to_none_is_told_the_prefixes(url: str, path: str) -> None:
    refused = httpx.get(f"{url}{path}")
    assert refused.status_code == 404
    assert refused.json()["detail"] == f"no document is served at {path}; there are /a (A), /a/b (B)"


def test_webhooks_of_all_are_delivered_while_it_runs() -> None:
    """Each application lives within its own lifespan."""
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for event in ("startup", "shutdown"):
            seen.append((await receive())["type"])
            await send({"type": f"lifespan.{event}.complete"})

    async def run() -> None:
        events = iter(["lifespan.startup", "lifespan.shutdown"])

        async def receive() -> dict[str, str]:
            return {"type": next(events)}

        async def send(message: dict[str, Any]) -> None:
            seen.append(message["type"])

        await Several({"/a": app, "/b": app}, {"/a": "A", "/b": "B"})({"type": "lifespan"}, receive, send)

    asyncio.run(run())
    up, down = "lifespan.startup", "lifespan.shutdown"
    assert seen == [up, up, f"{up}.complete", down, down, f"{down}.complete"]


@pytest.mark.parametrize("prefix", ["pets", "/pets/", ""])
def test_a_prefix_that_is_none_is_told(prefix: str) -> None:
    with (
        pytest.raises(MockError, match="is no prefix of a path"),
        serve_several({prefix: Mock(document("C")), "/x": Mock(document("C"))}),
    ):
        pass


def test_the_mocks_own_prefix_cannot_be_had() -> None:
    with (
        pytest.raises(MockError, match="'/_mock/x' cannot be a prefix"),
        serve_several({"/_mock/x": Mock(document("C")), "/x": Mock(document("C"))}),
    ):
        pass


def test_a_prefix_may_be_a_path_of_the_document() -> None:
    with serve_several({"/things": Mock(document("A"), unknown="refused"), "/b": Mock(document("B"))}) as url:
        assert httpx.post(f"{url}/things/things", json={}).headers["location"].startswith("/things/things/")
        assert httpx.get(f"{url}/things/unknown").status_code == 404
