"""Every operation of every real document: called with made-up arguments, answered with made-up answers.

What is valid passes, our own checks and openapi-core's; what is broken is caught where it is broken. Of the biggest
documents a part drawn by seed is looked at; `-m "slow or not slow"` looks at all of them.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import httpx
import pytest

from mockserver import Mock
from mockserver.answering.answerer import Answerer
from mockserver.answering.wishes import Unavailable, Wishes
from syncdyn import Client
from syncdyn.examples import example_arguments
from syncdyn.openapi import checking
from syncdyn.openapi.bundled import bundled
from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.contract import Contract, contract_of
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.loading import load
from syncdyn.openapi.messages import Headers, Request, Response
from syncdyn.openapi.operations import Operation, ResponsePromise
from syncdyn.openapi.opinion.second_opinion import SecondOpinion
from syncdyn.openapi.sampling import Sampler
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.request import Plan
from tests.contract.breaking import Broken, one_of_each_kind
from tests.travelling import BASE, read, unsecured, written

_SEED = 0
_SOME_SEEDS, _ALL_SEEDS = 2, 4
#: So many operations of a document are looked at, unless all are asked for.
_MOST = {"github.json": 300, "stripe.json": 40, "openai.yaml": 150}


@dataclass(frozen=True)
class Real:
    """A real document, and the operations of it that are looked at."""

    name: str
    contract: Contract
    operations: tuple[Operation, ...]
    #: What arguments are made by.
    seeds: range

    @property
    def is_whole(self) -> bool:
        return len(self.operations) == len(self.contract.operations) and len(self.seeds) == _ALL_SEEDS

    @property
    def plans(self) -> Iterator[Plan]:
        """How each operation is called, with each media type that it takes."""
        for operation in self.operations:
            content = operation.request_body.content if operation.request_body else ()
            for media_type in content:
                yield Plan(self.contract, operation, media_type.name)
            if not content:
                yield Plan(self.contract, operation)

    @property
    def promises(self) -> Iterator[tuple[Operation, int, ResponsePromise]]:
        """What each operation may answer, each with a status that it stands for."""
        for operation in self.operations:
            for promise in operation.responses.values():
                meant = (status for status in range(200, 600) if operation.promise_for(status) is promise)
                yield from ((operation, status, promise) for status in [*meant][:1])


@pytest.fixture(scope="module", params=["bundled", "petstore.yaml", "github.json", "stripe.json", "openai.yaml"])
def contract(request: pytest.FixtureRequest, corpus: Callable[[str], Path]) -> tuple[str, Contract]:
    """The name of a document and what it promises."""
    name: str = request.param
    return name, contract_of(
        load(bundled("sync.openapi.yaml") if name == "bundled" else corpus(name), cache_folder=None)
    )


@pytest.fixture(params=["some", pytest.param("all", marks=pytest.mark.slow)])
def real(request: pytest.FixtureRequest, contract: tuple[str, Contract]) -> Real:
    """A document with some of its operations, or with all."""
    name, promised = contract
    keys = list(promised.operations)
    if request.param == "some":
        keys = Random(_SEED).sample(keys, min(len(keys), _MOST.get(name, len(keys))))
    seeds = range(_SOME_SEEDS if request.param == "some" else _ALL_SEEDS)
    return Real(name, promised, tuple(promised.operations[key] for key in keys), seeds)


def named(plan: Plan) -> str:
    media_type = plan.media_type.name if plan.media_type else "no body"
    return f"{plan.operation.key} ({media_type})"


def test_made_up_arguments_become_a_request_that_is_read_back_as_valid(real: Real) -> None:
    """Written as the client does and read as the mock does, with no violation on either side; nothing gets lost."""
    for plan in real.plans:
        for seed in real.seeds:
            arguments = example_arguments(plan, seed)
            checked = read(plan, written(plan, arguments))
            assert checked.violations == (), (named(plan), arguments)
            given = {slot.wire for slot in plan.slots if slot.parameter is not None and slot.name in arguments}
            assert {name for _, name in checked.parameters} >= given, (named(plan), arguments)
            assert (checked.body is MISSING) is (plan.collect((), arguments).body is MISSING), (named(plan), arguments)


def test_a_call_through_the_client_is_answered_by_the_mock_and_read_without_a_fault(real: Real) -> None:
    """Strict on both sides, over the door of each operation; where a redirect points to, nobody has promised."""
    mock = Mock(real.contract.document, journal_size=len(real.operations), stateless=True)
    client = Client(
        real.contract.document,
        base_url=BASE,
        auth="a-test-key",
        validate="strict",
        max_retries=0,
        follow_redirects=False,
        httpx_client=httpx.Client(transport=mock.transport()),
    )
    for operation in real.operations:
        call = client.operations[operation.key]
        call(**call.example_arguments(_SEED))
    assert len(mock.journal) == len(real.operations)
    assert [exchange for exchange in mock.journal if exchange.violations] == []


@dataclass(frozen=True)
class Difference:
    """Where openapi-core says otherwise: in which document, at which location, with which keyword; and why."""

    document: str
    location: str
    keyword: str
    reason: str

    def covers(self, document: str, violation: Violation) -> bool:
        told = (document, violation.location, violation.keyword)
        return told == (self.document, self.location, self.keyword)


_DEEP_ARRAYS = "openapi-core cannot read an array, or a union with one, as deepObject"
_BRACKETS = "openapi-core takes any pair whose name ends in [member] for a member of the object, however deep"
_OPAQUE = "content that is neither JSON nor text nor a form is not read, and stands as an empty text for openapi-core"
_DISCRIMINATORS = "openapi-core wants the discriminator's value to name a schema, where a branch fixes it by enum"
DIFFERENCES = (
    Difference("petstore.yaml", "body", "malformed", "an object in a form is JSON text (3.0.4, Encoding Object)"),
    Difference("stripe.json", "query", "malformed", _DEEP_ARRAYS),
    Difference("stripe.json", "body", "malformed", _DEEP_ARRAYS),
    Difference("stripe.json", "query", "type", _BRACKETS),
    Difference("stripe.json", "body", "type", _BRACKETS),
    Difference("github.json", "path", "readOnly", "readOnly is for properties (3.0.4, Schema Object): these are none"),
    Difference("openai.yaml", "body", "oneOf", _DISCRIMINATORS),
    Difference("openai.yaml", "body", "type", "nullable is of 3.0; a 3.1 document that says it means it all the same"),
)


def test_openapi_core_finds_nothing_in_that_request_or_the_reason_is_listed(real: Real) -> None:
    core = SecondOpinion(Contract(unsecured(real.contract.document)))
    verdicts: Counter[Difference | None] = Counter()
    for plan in real.plans:
        for seed in real.seeds:
            request = written(plan, example_arguments(plan, seed))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                found = core.check_request(plan.operation, request)
            covering = [next((one for one in DIFFERENCES if one.covers(real.name, fault)), None) for fault in found]
            assert None not in covering, (named(plan), request, found)
            verdicts.update(set(covering) or {None})
    assert verdicts[None] > verdicts.total() / 2
    if real.is_whole:
        expected = {one for one in DIFFERENCES if one.document == real.name}
        assert verdicts.keys() - {None} == expected, "a difference that is none any more is struck from the list"


@pytest.mark.parametrize("is_dynamic", [False, True], ids=["by example", "by chance"])
def test_a_made_up_answer_keeps_every_promise(real: Real, is_dynamic: bool) -> None:
    """Every documented status with each of its media types, headers included."""
    answerer = Answerer(real.contract, Sampler(real.contract), _SEED)
    wishes = Wishes(is_dynamic=is_dynamic)
    for operation, status, promise in real.promises:
        for accept in [one.name for one in promise.content] or ["*/*"]:
            request = Request(operation.method, BASE, Headers([("accept", accept)]))
            try:
                answer = answerer.example(operation, promise, status, request, wishes)
            except Unavailable:
                assert accept.startswith("multipart/")
                continue
            found = checking.read_response(real.contract, operation, answer).violations
            assert found == (), (operation.key, status, accept, answer)


_STREAMS = "a stream is judged item by item, openapi-core takes all of it for one value"
ANSWER_DIFFERENCES = (
    Difference("github.json", "body", "type", _OPAQUE),
    Difference("openai.yaml", "body", "anyOf", _STREAMS),
    Difference("openai.yaml", "body", "type", _STREAMS),
    Difference("openai.yaml", "body", "oneOf", _DISCRIMINATORS),
)


def test_openapi_core_finds_nothing_in_a_made_up_answer_or_the_reason_is_listed(real: Real) -> None:
    core = SecondOpinion(Contract(unsecured(real.contract.document)))
    answerer = Answerer(real.contract, Sampler(real.contract), _SEED)
    verdicts: Counter[Difference | None] = Counter()
    for operation, status, promise in real.promises:
        for media_type in promise.content:
            request = Request(operation.method, BASE, Headers([("accept", media_type.name)]))
            answer = answerer.example(operation, promise, status, request, Wishes(is_dynamic=True))
            found = [one for one in core.check_response(operation, request, answer) if not one.is_tolerated]
            covering = [next((row for row in ANSWER_DIFFERENCES if row.covers(real.name, one)), None) for one in found]
            assert None not in covering, (operation.key, status, answer, found)
            verdicts.update(set(covering) or {None})
    assert verdicts[None] > verdicts.total() / 2
    if real.is_whole:
        expected = {one for one in ANSWER_DIFFERENCES if one.document == real.name}
        assert verdicts.keys() - {None} == expected, "a difference that is none any more is struck from the list"


def broken_answers(real: Real) -> Iterator[tuple[Operation, Response, Broken]]:
    """An answer for each kind of fault that a promise in JSON knows."""
    sampler = Sampler(real.contract)
    for operation, status, promise in real.promises:
        for media_type in promise.content:
            if media_type.schema is None or not media.is_json(media.essence(media_type.name)):
                continue
            shape = real.contract.shapes.at(media_type.schema)
            value = sampler.valid(media_type.schema, Direction.RESPONSE, f"{operation.key} {status}")
            for broken in one_of_each_kind(shape, value, Direction.RESPONSE, Random(operation.key)):
                body = encode_json(broken.value).encode()
                yield operation, Response(status, Headers([("content-type", media_type.name)]), body), broken


def test_a_broken_answer_is_caught_where_it_is_broken(real: Real) -> None:
    kinds: Counter[str] = Counter()
    for operation, answer, broken in broken_answers(real):
        found = checking.read_response(real.contract, operation, answer).violations
        assert broken.path in {one.path for one in found if one.location == "body"}, (operation.key, broken, found)
        kinds[broken.kind] += 1
    assert kinds.keys() == {"wrong type", "missing"}


def test_a_broken_body_is_caught_where_it_is_broken(real: Real) -> None:
    kinds: Counter[str] = Counter()
    for plan in real.plans:
        arguments = plan.collect((), example_arguments(plan, seed=1))
        if plan.body_shape is None or arguments.body is MISSING:
            continue
        for broken in one_of_each_kind(plan.body_shape, arguments.body, Direction.REQUEST, Random(named(plan))):
            found = plan.check(replace(arguments, body=broken.value))
            assert broken.path in {one.path for one in found if one.location == "body"}, (named(plan), broken, found)
            kinds[broken.kind] += 1
    assert kinds.keys() >= {"wrong type", "missing"}


def test_a_required_parameter_left_out_is_told_by_its_name(real: Real) -> None:
    for plan in real.plans:
        arguments = example_arguments(plan)
        for slot in plan.slots:
            if slot.parameter is not None and slot.is_required:
                rest = {name: value for name, value in arguments.items() if name != slot.name}
                (found,) = plan.check(plan.collect((), rest))
                assert (found.location, found.path, found.keyword) == (slot.location, (slot.wire,), "required")
