"""The snippets of the owner's two references, the newer without fences, the older in Markdown.

Generations and batches of the service come and go, so their example ids stand for ones that the test has made; the
asset of the example is in the mock's library.
"""

from __future__ import annotations

import pytest

from syncdyn import BadRequestError, RequestValidationError
from tests.contract.owner_documents.documents import called, document, fenced, unfenced
from tests.contract.owner_documents.stage import Stage

_NEWER = {called(code): code for code in unfenced(document("reference.txt"))}
_OLDER = {called(code): code for code in fenced(document("reference.md"), "python")}
_CALLS = {
    "assets.list": "GET /v2/assets 200",
    "assets.get": "GET /v2/assets/{id} 200",
    "batch.get": "GET /v2/batch/{id} 200",
    "batch.list": "GET /v2/batch 200",
    "generations.create": "POST /v2/generate 201",
    "generations.get": "GET /v2/generate/{id} 200",
    "generations.list": "GET /v2/generations 200",
    "generations.estimate_cost": "POST /v2/analyze/cost 200",
    "models.list": "GET /v2/models 200",
}
_INCOMPLETE = {"batch.create", "generations.create_with_files"}
_BOTH = [
    *(pytest.param(method, code, id=f"newer {method}") for method, code in _NEWER.items()),
    *(pytest.param(method, code, id=f"older {method}") for method, code in _OLDER.items()),
]


def test_each_method_has_its_snippet() -> None:
    assert _NEWER.keys() == _CALLS.keys() | _INCOMPLETE
    assert _OLDER.keys() == {name for name in _NEWER if name.startswith(("batch", "generations"))}


@pytest.mark.parametrize(("method", "code"), [one for one in _BOTH if one.values[0] not in _INCOMPLETE])
def test_a_snippet_makes_its_one_call(stage: Stage, method: str, code: str) -> None:
    code = code.replace("6533643b-aceb-4c40-967e-d9ba9baac39e", stage.create_generation())
    code = code.replace("batch_abc123", stage.create_batch())
    played = stage.play(code)
    assert played.calls == [_CALLS[method]]
    assert played.exchanges[0].request.headers["x-api-key"] == "YOUR_API_KEY"


@pytest.mark.parametrize("code", [_NEWER["batch.create"], _OLDER["batch.create"]], ids=["newer", "older"])
def test_a_batch_without_its_file_is_not_sent(stage: Stage, code: str) -> None:
    # The snippet leaves out `input`, which the same page says is needed.
    with pytest.raises(RequestValidationError) as raised:
        stage.play(code)
    assert [violation.where for violation in raised.value.violations] == ["body.input"]
    assert stage.mock.journal == ()


@pytest.mark.parametrize("name", ["newer", "older"])
def test_a_generation_from_files_without_files_is_refused(stage: Stage, name: str) -> None:
    # Every part but `model` is optional by itself, so this is sent; that there is nothing to work on, the service says.
    code = {"newer": _NEWER, "older": _OLDER}[name]["generations.create_with_files"]
    with pytest.raises(BadRequestError) as raised:
        stage.play(code)
    assert raised.value.error_code == "generation_input_validation_failed"
    assert [one.operation for one in stage.mock.journal] == ["POST /v2/generate"]


def test_the_same_calls_with_what_they_lack_are_answered(stage: Stage) -> None:
    files = 'video=open("video.mp4", "rb"), audio=open("audio.wav", "rb"), '
    generation = _NEWER["generations.create_with_files"].replace("model=", f"{files} model=")
    batch = _NEWER["batch.create"].replace("dry_run=", f"input={stage.batch_file!r}, dry_run=")
    assert stage.play(generation).calls == ["POST /v2/generate 201"]
    assert stage.play(batch).calls == ["POST /v2/batch 200"]
