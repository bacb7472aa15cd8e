"""The bundled API as a mock server serves it: our client gets along with it, and our checker agrees with its own.

By default the server is our own mock; `--mock-engine prism` starts Prism, a mock by others (`make prism`).
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from syncdyn import ApiStatusError, AsyncSync, RequestValidationError, Sync, UnauthorizedError, UnprocessableEntityError
from syncdyn.doors.naming import MethodName
from syncdyn.openapi.messages import Json, Request
from syncdyn.openapi.opinion.part_writing import render_parts
from syncdyn.request import Plan
from tests.contract.abilities import ABILITIES, Engine
from tests.contract.test_second_opinion import Case, changed_cases, documented_cases, own_verdict
from tests.contract.test_sweep import CONTRACT, NAMES, examples_of, label, plan_of

BY_LABEL = {label(name): name for name in NAMES}
Arguments = dict[str, Any]

#: What a server needs to be able to do so that its verdict on a request is ours, by the id of the case.
NEEDS: Mapping[str, str] = {
    "createGeneration request multipart/form-data file-and-url": "json parts",
    "createGeneration request multipart/form-data file-and-text": "json parts",
    "createGeneration request multipart/form-data file-and-segments": "json parts",
    "body: one of two that go together": "dependentRequired",
    "query: listAssets limit=+1": "numbers",
    "query: listAssets limit=%201": "numbers",
    "query: listAssets limit=": "empty values",
    "query: listAssets types=": "empty values",
    "form: createBatch undeclared field": "undeclared fields",
    "form: createBatch a line that is wrong": "records",
    "bytes: cut off": "no JSON",
    "bytes: with NaN": "no JSON",
}
#: Not sent to who lacks this: some versions of Prism never answer (prism#2664).
UNANSWERED = "no JSON"
#: Our checker leaves credentials alone, a mock does not.
NO_CREDENTIALS = "credentials missing"

#: Calls with one fault each: method, what is wrong, and the arguments that replace those of an example.
FAULTS: tuple[tuple[str, str, Arguments], ...] = (
    ("generations.create", "unknown model", {"model": "lipsync-9"}),
    ("generations.create", "no input", {"input": []}),
    ("generations.create", "neither url nor asset", {"input": [{"type": "video"}]}),
    ("generations.create", "over the maximum", {"options": {"temperature": 2}}),
    ("generations.create", "undeclared member", {"options": {"colour": "red"}}),
    ("generations.create", "not the pattern", {"output_file_name": "a b"}),
    ("generations.create", "no URI", {"webhook_url": "not a URI"}),
    ("generations.create", "header too long", {"idempotency_key": "k" * 129}),
    ("generations.create_with_files", "unknown model", {"model": "lipsync-9"}),
    ("generations.create_with_files", "not the pattern", {"output_file_name": "a b"}),
    ("generations.estimate_cost", "unknown model", {"model": "lipsync-9"}),
    ("generations.list", "unknown state", {"status": ["DONE"]}),
    ("batch.create", "no boolean", {"dry_run": "perhaps"}),
    ("batch.create", "no URI", {"webhook_url": "not a URI"}),
    ("batch.list", "unknown state", {"status": "DONE"}),
    ("batch.list", "no moment", {"created_after": "yesterday"}),
    ("assets.list", "over the maximum", {"limit": 101}),
    ("assets.list", "no number", {"limit": "ten"}),
    ("assets.list", "unknown order", {"sort_by": "upwards"}),
    ("assets.list", "unknown kind", {"types": ["SOUND"]}),
)


class Caller:
    """A client of either kind, strict in both directions; `call` gives the result of both."""

    def __init__(self, url: str, is_async: bool) -> None:
        self.client: Any = (AsyncSync if is_async else Sync)(
            api_key="any-key", base_url=url, validate="strict", max_retries=0, timeout=20
        )

    async def call(self, name: MethodName, arguments: Mapping[str, Any], **options: Any) -> Any:
        method = getattr(getattr(self.client, name.resource), name.name)
        result = method(**arguments, request_options=options)
        return await result if inspect.isawaitable(result) else result

    async def close(self) -> None:
        if inspect.isawaitable(closing := self.client.close()):
            await closing


@pytest.fixture(params=["blocking", "awaited"])
async def caller(request: pytest.FixtureRequest, engine: Engine) -> Any:
    caller = Caller(engine.url, is_async=request.param == "awaited")
    yield caller
    await caller.close()


def examples(name: MethodName, engine: Engine) -> list[Arguments]:
    """The arguments of a method, for each example that the engine can read."""
    plan = plan_of(name)
    given = examples_of(CONTRACT.document, plan)
    return [one for one in given if "json parts" in engine.abilities or not has_json_parts(plan, one)]


def has_json_parts(plan: Plan, arguments: Arguments) -> bool:
    is_form = plan.media_type is not None and plan.media_type.name == "multipart/form-data"
    return is_form and any(isinstance(value, list | dict) for value in arguments.values())


@pytest.mark.parametrize("name", NAMES, ids=label)
async def test_every_method_is_answered_as_promised(caller: Caller, engine: Engine, name: MethodName) -> None:
    """With every example of the document: we find no fault in the answer, the engine none in the request."""
    for arguments in examples(name, engine):
        assert await caller.call(name, arguments) is not None


@pytest.mark.parametrize("name", NAMES, ids=label)
async def test_every_documented_answer_is_read(caller: Caller, engine: Engine, name: MethodName) -> None:
    """The engine gives each example of each status on demand; strict reading refuses none."""
    arguments = examples(name, engine)[0]
    for status, example, body in documented_answers(name):
        wanted = {"Prefer": f"code={status}, example={example}"}
        if status.startswith("2"):
            assert await caller.call(name, arguments, additional_headers=wanted) is not None
            continue
        with pytest.raises(ApiStatusError) as caught:
            await caller.call(name, arguments, additional_headers=wanted)
        assert (caught.value.status_code, caught.value.body) == (int(status), body)


def documented_answers(name: MethodName) -> Iterator[tuple[str, str, Json]]:
    """Status, name and body of each example of an answer."""
    for status, promise in CONTRACT.operations[name.operation].responses.items():
        for media_type in promise.content:
            yield from ((status, example, body) for example, body in media_type.examples.items())


@pytest.mark.parametrize(("method", "fault", "change"), FAULTS, ids=[f"{one[0]}: {one[1]}" for one in FAULTS])
async def test_what_we_refuse_to_send_the_engine_refuses_too(
    caller: Caller, engine: Engine, method: str, fault: str, change: Arguments
) -> None:
    name = BY_LABEL[method]
    arguments = {**examples(name, engine)[0], **change}
    with pytest.raises(RequestValidationError):
        await caller.call(name, arguments)
    with pytest.raises(ApiStatusError) as caught:
        await caller.call(name, arguments, validate={"request": "off", "response": "strict"})
    assert caught.value.status_code in (400, 422)


async def test_without_a_key_the_answer_is_401(caller: Caller) -> None:
    """An empty one stands for none, since some servers take any other for right."""
    with pytest.raises(UnauthorizedError):
        await caller.call(BY_LABEL["models.list"], {}, additional_headers={"x-api-key": ""})


async def test_parts_that_are_json_are_read_by_who_is_able_to(caller: Caller, engine: Engine) -> None:
    """Why `examples` may leave some out: when this fails, the engine has learnt it."""
    name = BY_LABEL["generations.create_with_files"]
    given = [one for one in examples_of(CONTRACT.document, plan_of(name)) if has_json_parts(plan_of(name), one)]
    assert len(given) == 3
    for arguments in given:
        if "json parts" in engine.abilities:
            assert await caller.call(name, arguments) is not None
            continue
        with pytest.raises(UnprocessableEntityError) as caught:
            await caller.call(name, arguments)
        assert all(one["code"] == "type" for one in json.loads(caught.value.headers["sl-violations"]))


CASES = [case for case in (*documented_cases(), *changed_cases()) if case.response is None and not case.is_webhook]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_verdict_on_a_request_is_ours_exactly_where_the_engine_is_able_to(engine: Engine, case: Case) -> None:
    needed = NEEDS.get(case.id)
    is_able = needed is None or needed in engine.abilities
    if needed == UNANSWERED and not is_able:
        pytest.skip(f"{engine.name} lacks {needed}: {ABILITIES[needed]}")
    answer = send(engine.url, case.request)
    assert answer.status_code in (200, 201, 400, 401, 413, 415, 422)
    is_right = own_verdict(case) and case.id != NO_CREDENTIALS
    assert (answer.is_success == is_right) is is_able, answer.text


def send(url: str, request: Request) -> httpx.Response:
    headers, body = request.headers, request.body
    if isinstance(body, tuple):
        body, content_type = render_parts(body)
        headers = headers.replace(content_type=content_type)
    target = url + request.url[request.url.index("/v2/") :]
    return httpx.request(request.method, target, headers=[*headers.pairs], content=body)


def test_every_case_that_needs_something_is_there() -> None:
    assert {*NEEDS, NO_CREDENTIALS} <= {case.id for case in CASES}
    assert set(NEEDS.values()) <= set(ABILITIES)
