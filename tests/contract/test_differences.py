"""Each difference that the manual tells of is one: Prism answers as it says, and so does our mock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockserver.engines import prism
from mockserver.engines.finding import NoPrism
from mockserver.facade import Mock
from tests.contract.differences import Difference, differences

DOCUMENT = Path(__file__).parents[1] / "data" / "differences.openapi.yaml"


@pytest.fixture(scope="module")
def differing(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """The name of the engine, and where it serves the document of the differences."""
    chosen = request.config.getoption("--mock-engine")
    if chosen == "prism":
        try:
            with prism.serve(DOCUMENT) as url:
                yield chosen, url
        except NoPrism as error:
            pytest.skip(str(error))
    elif chosen == "embedded":
        with Mock(DOCUMENT, stateless=True).serve() as url:
            yield chosen, url
    else:
        pytest.skip("what runs at a URL serves another document")


@pytest.mark.parametrize("difference", differences(), ids=lambda one: one.what)
def test_it_answers_as_the_table_says(differing: tuple[str, str], difference: Difference) -> None:
    engine, url = differing
    asked = difference.request
    answer = httpx.request(
        asked["method"], url + asked["target"], headers=asked.get("headers"), content=asked.get("body"), timeout=10
    )
    assert facts_of(answer, difference.expected(engine)) == difference.expected(engine)


def facts_of(answer: httpx.Response, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What the answer has of what is wanted."""
    found: dict[str, Any] = {"status": answer.status_code}
    if "with" in wanted and wanted["with"] in answer.headers:
        found["with"] = wanted["with"]
    if "without" in wanted and wanted["without"] not in answer.headers:
        found["without"] = wanted["without"]
    if "content_type" in wanted:
        found["content_type"] = answer.headers["content-type"].partition(";")[0]
    if "problem" in wanted:
        found["problem"] = answer.json()["type"]
    return found


@pytest.mark.parametrize("difference", differences(), ids=lambda one: one.what)
def test_it_is_a_difference_and_cites_who_is_right(difference: Difference) -> None:
    assert difference.prism != difference.ours
    assert difference.follows in ("ours", "prism", "both")
    assert any(name in difference.because for name in ("RFC", "OpenAPI", "JSON Schema", "Fetch"))
