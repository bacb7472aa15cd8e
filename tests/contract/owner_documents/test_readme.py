"""The snippets of the owner's README, in its order; `...` stands for the arguments of its first one."""

from __future__ import annotations

from ast import literal_eval

import httpx
import pytest

from syncdyn import ApiStatusError, Sync
from tests.contract.owner_documents.documents import document, fenced, filled
from tests.contract.owner_documents.faltering import Faltering
from tests.contract.owner_documents.stage import Stage

_SNIPPETS = fenced(document("readme.md"), "python")
_USAGE, _ASYNC, _ERRORS, _RETRIES, _TIMEOUTS, _CUSTOM = _SNIPPETS
_CREATED = "POST /v2/generate 201"


@pytest.mark.parametrize("code", [_USAGE, _ASYNC], ids=["usage", "async client"])
def test_a_generation_is_created_with_its_options(stage: Stage, code: str) -> None:
    played = stage.play(code)
    assert played.calls == [_CREATED]
    assert played.exchanges[0].request.headers["x-api-key"] == "YOUR_API_KEY"
    assert played.sent["options"] == {"sync_mode": "loop"}


def test_an_error_has_a_status_and_a_body(stage: Stage) -> None:
    client = Sync(api_key="invalid")
    played = stage.play(filled(_ERRORS, _USAGE), **_after_usage(stage, client))
    status, body = played.printed
    assert (status, literal_eval(body)) == ("401", {"message": "Unauthorized", "statusCode": 401})


def test_without_an_error_nothing_is_printed(stage: Stage) -> None:
    played = stage.play(filled(_ERRORS, _USAGE), **_after_usage(stage))
    assert (played.calls, played.printed) == ([_CREATED], [])


def test_one_retry_is_made_when_one_is_asked_for(stage: Stage) -> None:
    client = Sync(httpx_client=httpx.Client(transport=Faltering(stage.mock, failures=1)))
    assert stage.play(filled(_RETRIES, _USAGE), **_after_usage(stage, client)).calls == [_CREATED]


def test_no_second_retry_is_made_when_one_is_asked_for(stage: Stage) -> None:
    network = Faltering(stage.mock, failures=5)
    client = Sync(httpx_client=httpx.Client(transport=network))
    with pytest.raises(ApiStatusError) as raised:
        stage.play(filled(_RETRIES, _USAGE), **_after_usage(stage, client))
    assert (raised.value.status_code, network.left) == (503, 3)


def test_timeouts_are_set_for_a_client_and_for_a_call(stage: Stage) -> None:
    assert stage.play(filled(_TIMEOUTS, _USAGE), **_after_usage(stage)).calls == [_CREATED]


def test_a_client_of_ones_own_brings_its_proxy(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    # httpx has `proxy` where it had `proxies`; and the proxy here is one that exists: the mock itself.
    code = filled(_CUSTOM, _USAGE).replace("proxies='http://my.test.proxy.example.com'", f"proxy={stage.url!r}")
    monkeypatch.setenv("SYNC_BASE_URL", "http://only-the-proxy-knows.test")
    client = stage.play(code).names["client"]
    assert len(client.models.list()) == 5
    assert [one.operation for one in stage.mock.journal] == ["GET /v2/models"]


def _after_usage(stage: Stage, client: Sync | None = None) -> dict[str, object]:
    """The names that the first snippet leaves to those after it, with another client if one is given."""
    names = stage.play(_USAGE).names
    return {**names, "client": client or names["client"]}
