"""Prism, a mock by others, serves the bundled API: our client gets along with it, and our checker agrees with its own.

Left out unless asked for: `make prism`, which needs a Docker daemon, or a Prism that PRISM_COMMAND names.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from syncdyn import ApiStatusError, AsyncSync, RequestValidationError, Sync, UnauthorizedError, UnprocessableEntityError
from syncdyn.doors.naming import MethodName
from syncdyn.openapi.messages import Json, Request
from syncdyn.openapi.opinion.part_writing import render_parts
from syncdyn.request import Plan
from tests.contract import prism as prism_server
from tests.contract.test_second_opinion import Case, changed_cases, documented_cases, own_verdict
from tests.contract.test_sweep import CONTRACT, NAMES, examples_of, label, plan_of

pytestmark = pytest.mark.docker

DOCUMENT = Path(__file__).parents[2] / "spec" / "sync.openapi.yaml"
BY_LABEL = {label(name): name for name in NAMES}
Arguments = dict[str, Any]

_JSON_PARTS = "Prism takes each part of a form for text, also where its media type is JSON"
_EMPTY = "Prism takes an empty query value for one that is not there"
_NUMBERS = "Prism turns text into numbers as JavaScript does"

#: Why Prism's verdict on a request is not ours, by the id of the case.
DIFFERENCES: Mapping[str, str] = {
    "createGeneration request multipart/form-data file-and-url": _JSON_PARTS,
    "createGeneration request multipart/form-data file-and-text": _JSON_PARTS,
    "createGeneration request multipart/form-data file-and-segments": _JSON_PARTS,
    "body: one of two that go together": "Prism drops dependentRequired",
    "credentials missing": "our checker leaves credentials alone; Prism answers 401, as our mock does",
    "query: listAssets limit=+1": _NUMBERS,
    "query: listAssets limit=%201": _NUMBERS,
    "query: listAssets limit=": _EMPTY,
    "query: listAssets types=": _EMPTY,
    "form: createBatch undeclared field": "Prism drops a form's undeclared fields before it validates",
    "form: createBatch a line that is wrong": "what stands in a file is checked by our extensions alone",
}

#: Not sent: some versions never answer what is no JSON (prism#2664).
UNANSWERED = {"bytes: cut off", "bytes: with NaN"}

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


@pytest.fixture(scope="module")
def prism() -> Iterator[str]:
    """The URL at which Prism serves the bundled API."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(prism_server.serve(DOCUMENT))
        except prism_server.NoPrism as error:
            pytest.skip(str(error))
        yield url


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
async def caller(request: pytest.FixtureRequest, prism: str) -> Any:
    caller = Caller(prism, is_async=request.param == "awaited")
    yield caller
    await caller.close()


def examples(name: MethodName) -> list[Arguments]:
    """The arguments of a method, for each example that Prism can read."""
    plan = plan_of(name)
    return [given for given in examples_of(CONTRACT.document, plan) if not has_json_parts(plan, given)]


def has_json_parts(plan: Plan, arguments: Arguments) -> bool:
    is_form = plan.media_type is not None and plan.media_type.name == "multipart/form-data"
    return is_form and any(isinstance(value, list | dict) for value in arguments.values())


@pytest.mark.parametrize("name", NAMES, ids=label)
async def test_every_method_is_answered_as_promised(caller: Caller, name: MethodName) -> None:
    """With every example of the document: we find no fault in the answer, Prism none in the request."""
    for arguments in examples(name):
        assert await caller.call(name, arguments) is not None


@pytest.mark.parametrize("name", NAMES, ids=label)
async def test_every_documented_answer_is_read(caller: Caller, name: MethodName) -> None:
    """Prism gives each example of each status on demand; strict reading refuses none."""
    for status, example, body in documented_answers(name):
        wanted = {"Prefer": f"code={status}, example={example}"}
        if status.startswith("2"):
            assert await caller.call(name, examples(name)[0], additional_headers=wanted) is not None
            continue
        with pytest.raises(ApiStatusError) as caught:
            await caller.call(name, examples(name)[0], additional_headers=wanted)
        assert (caught.value.status_code, caught.value.body) == (int(status), body)


def documented_answers(name: MethodName) -> Iterator[tuple[str, str, Json]]:
    """Status, name and body of each example of an answer."""
    for status, promise in CONTRACT.operations[name.operation].responses.items():
        for media_type in promise.content:
            yield from ((status, example, body) for example, body in media_type.examples.items())


@pytest.mark.parametrize(("method", "fault", "change"), FAULTS, ids=[f"{one[0]}: {one[1]}" for one in FAULTS])
async def test_what_we_refuse_to_send_prism_refuses_too(
    caller: Caller, method: str, fault: str, change: Arguments
) -> None:
    name = BY_LABEL[method]
    arguments = {**examples(name)[0], **change}
    with pytest.raises(RequestValidationError):
        await caller.call(name, arguments)
    with pytest.raises(ApiStatusError) as caught:
        await caller.call(name, arguments, validate={"request": "off", "response": "strict"})
    assert caught.value.status_code in (400, 422)


async def test_without_a_key_prism_answers_401(caller: Caller) -> None:
    """It asks for a key alone: any is right, so an empty one stands for a wrong one."""
    with pytest.raises(UnauthorizedError):
        await caller.call(BY_LABEL["models.list"], {}, additional_headers={"x-api-key": ""})


async def test_parts_that_are_json_are_not_read_by_prism(caller: Caller) -> None:
    """Why `examples` leaves some out: when this fails, Prism has learnt it, and all can be sent."""
    name = BY_LABEL["generations.create_with_files"]
    unread = [given for given in examples_of(CONTRACT.document, plan_of(name)) if has_json_parts(plan_of(name), given)]
    for arguments in unread:
        with pytest.raises(UnprocessableEntityError) as caught:
            await caller.call(name, arguments)
        assert all(one["code"] == "type" for one in json.loads(caught.value.headers["sl-violations"]))
    assert len(unread) == 3


CASES = [
    case
    for case in (*documented_cases(), *changed_cases())
    if case.response is None and not case.is_webhook and case.id not in UNANSWERED
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_verdicts_on_a_request_differ_exactly_where_a_reason_is_listed(prism: str, case: Case) -> None:
    answer = send(prism, case.request)
    assert answer.status_code in (200, 201, 400, 401, 415, 422)
    assert (answer.is_success != own_verdict(case)) is (case.id in DIFFERENCES), DIFFERENCES.get(case.id)


def send(url: str, request: Request) -> httpx.Response:
    headers, body = request.headers, request.body
    if isinstance(body, tuple):
        body, content_type = render_parts(body)
        headers = headers.replace(content_type=content_type)
    target = url + request.url[request.url.index("/v2/") :]
    return httpx.request(request.method, target, headers=[*headers.pairs], content=body)


def test_every_listed_reason_is_of_a_case() -> None:
    assert set(DIFFERENCES) <= {case.id for case in CASES}
