"""Whatever is sent, the mock answers as documented: never with a fault of its own."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver.answering.wishes import NO_WISHES, Unavailable, wishes_of
from mockserver.app import Mock
from syncdyn.openapi.bundled import load_bundled
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import Headers, Request
from syncdyn.openapi.operations import Operation
from tests.mockserver.conftest import BOUNDARY, START, multipart

CONTRACT = Contract(load_bundled(with_mock=True, cache_folder=None))
MOCK = Mock(CONTRACT)
STATE = MOCK.initial_state(START)
#: What a request can meet before its operation is known, or in spite of what it promises.
UNPROMISED = {404, 405, 413}
MODEST = settings(
    max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)

#: Words that lead deeper than noise does.
WORDS = ["model", "input", "type", "url", "assetId", "refId", "segments", "startTime", "endTime", "audioInput"]
VALUES = ["lipsync-2", "sync-3", "video", "audio", "image", "text", "https://a.test/v?seconds=4", "a", "true", "1e1"]
TEXTS = st.sampled_from([*WORDS, *VALUES]) | st.text(max_size=8)
NUMBERS = st.integers() | st.sampled_from([10**400, -(10**18), 1.7e308, -0.0, 5e-324]) | st.floats(allow_nan=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS.filter(lambda number: abs(number) != float("inf")) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=6),
    max_leaves=12,
)
ITEM = st.fixed_dictionaries(
    {"type": st.sampled_from(VALUES[2:6]), "url": st.sampled_from(VALUES)}, optional={"refId": TEXTS}
)
SEGMENT = st.fixed_dictionaries(
    {
        "startTime": NUMBERS | st.integers(0, 9),
        "endTime": NUMBERS | st.integers(0, 9),
        "audioInput": st.fixed_dictionaries({"refId": TEXTS}),
    }
)
NEARLY = st.fixed_dictionaries(
    {"model": st.sampled_from(VALUES[:2]), "input": st.lists(ITEM, max_size=3)},
    optional={"segments": st.lists(SEGMENT, max_size=3), "options": JSON, "outputFileName": TEXTS, "webhookUrl": TEXTS},
)
LATIN = st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=20)
QUERY = st.dictionaries(
    st.sampled_from(["limit", "cursor", "ids", "status", "types", "sortBy", "created_after", "__code"]) | TEXTS,
    TEXTS | NUMBERS.map(str),
    max_size=4,
)
HEADERS = st.dictionaries(
    st.sampled_from(["prefer", "accept", "idempotency-key", "cookie", "range", "x-other"]),
    LATIN | st.sampled_from(["code=999", "example=x", "dynamic=true", "outcome=FAILED", "code=", "*/*;q=x"]),
    max_size=3,
)
PARTS = st.lists(
    st.tuples(
        st.sampled_from([*WORDS[:2], "video", "audio", "dry_run", "options"]),
        st.binary(max_size=20) | NEARLY.map(json.dumps).map(str.encode) | st.just(b"lipsync-2"),
        st.none() | st.just("f"),
    ),
    max_size=4,
)
BODIES = st.one_of(
    st.tuples((JSON | NEARLY).map(json.dumps).map(str.encode) | st.binary(max_size=60), st.just("application/json")),
    st.tuples(PARTS.map(multipart) | st.binary(max_size=60), st.just(f"multipart/form-data; boundary={BOUNDARY}")),
    st.tuples(st.binary(max_size=20), LATIN),
)


@pytest.mark.parametrize("key", [*CONTRACT.operations])
@MODEST
@given(identifier=TEXTS, query=QUERY, headers=HEADERS, body=BODIES)
def test_any_request_is_answered_as_documented(
    key: str, identifier: str, query: dict[str, str], headers: dict[str, str], body: tuple[bytes, str]
) -> None:
    operation = CONTRACT.operations[key]
    path = operation.path.replace("{id}", quote(identifier.encode("utf-8", "replace"), safe=""))
    asked = "&".join(f"{quote(name)}={quote(text)}" for name, text in query.items())
    fields = Headers([("x-api-key", "key"), ("content-type", body[1]), *headers.items()])
    sent = Request(operation.method, f"http://mock.test{path}?{asked}", fields, body[0])
    answer = MOCK.answer(STATE, START, sent)
    check(operation, answer.response.status, answer.response.body, sent)
    check_lists(answer.state)


def wishes(sent: Request) -> bool:
    """Whether something is wished of the mock, be it what cannot be."""
    try:
        return wishes_of(sent) != NO_WISHES
    except Unavailable:
        return True


def check(operation: Operation, status: int, body: bytes, sent: Request) -> None:
    is_wished = wishes(sent)
    assert status < 500 or is_wished
    # A wish that cannot be met is 404, 406 or 422, whether the document has such an answer or not.
    is_unmet = is_wished and status in (404, 422)
    assert operation.promise_for(status) is not None or status in UNPROMISED | {406} or is_unmet
    if status >= 400:
        told: dict[str, Any] = json.loads(body)
        assert told["statusCode"] == status
        assert told["message"]


def check_lists(state: Any) -> None:
    """What was made can be seen, now and at its end."""
    if state is STATE:
        return
    for path in ("/v2/generations", "/v2/batch"):
        request = Request("GET", f"http://mock.test{path}", Headers({"x-api-key": "key"}))
        for now in (START, START + 10):
            assert MOCK.answer(state, now, request).response.status == 200
