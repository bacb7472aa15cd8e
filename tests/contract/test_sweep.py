"""Every method of the bundled API, blocking and awaited, valid and broken: client -> mock -> client, both checking.

The arguments come from the document's own examples, so a new operation is covered without a new test.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import pytest

from mockserver import Mock, VirtualClock
from syncdyn import AsyncSync, RequestValidationError, Sync
from syncdyn.doors.naming import MethodName, method_names
from syncdyn.openapi.coding.files import is_binary
from syncdyn.openapi.document import Document
from syncdyn.request import Plan
from syncdyn.sync import bundled_types

CONTRACT = bundled_types().contract
NAMES = [name for methods in method_names(CONTRACT).values() for name in methods.values()]


#: What only the service can make up: an example of it is no value of this mock.
OPAQUE = {"cursor"}


def label(name: MethodName) -> str:
    return f"{name.resource}.{name.name}"


def plan_of(name: MethodName) -> Plan:
    return Plan(CONTRACT, CONTRACT.operations[name.operation], name.media_type)


class Both:
    """One mock, and a client of each kind on it; `call` gives the result of either."""

    def __init__(self, is_async: bool, validator: str = "own") -> None:
        self.mock = Mock(clock=VirtualClock())
        options: dict[str, Any] = {"api_key": "a-test-key", "validate": "strict", "max_retries": 0}
        options["validator"] = validator
        self.client: Any
        if is_async:
            self.client = AsyncSync(httpx_client=httpx.AsyncClient(transport=self.mock.async_transport()), **options)
        else:
            self.client = Sync(httpx_client=httpx.Client(transport=self.mock.transport()), **options)

    async def call(self, name: MethodName, arguments: Mapping[str, Any]) -> Any:
        method = getattr(getattr(self.client, name.resource), name.name)
        result = method(**arguments)
        return await result if inspect.isawaitable(result) else result


@pytest.fixture(params=["blocking", "awaited"])
def both(request: pytest.FixtureRequest) -> Both:
    return Both(is_async=request.param == "awaited")


def examples_of(document: Document, plan: Plan) -> Iterator[dict[str, Any]]:
    """Arguments for each example that the document gives for the body, or once where there is no body."""
    given = {
        slot.name: example
        for slot in plan.slots
        if slot.parameter is not None
        and (example := document.at(slot.parameter.pointer).get("example")) is not None
        and slot.parameter.location != "header"
        and slot.name not in OPAQUE
    }
    bodies = list(plan.media_type.examples.values()) if plan.media_type else [{}]
    for body in bodies:
        named = {slot.name: body[slot.wire] for slot in plan.slots if slot.parameter is None and slot.wire in body}
        yield {**given, **{name: as_bytes(plan, name, value) for name, value in named.items()}}


def as_bytes(plan: Plan, name: str, value: Any) -> Any:
    """The text that stands for a file in an example, as the bytes of one."""
    slot = next(slot for slot in plan.slots if slot.name == name)
    return value.encode() if slot.is_file and isinstance(value, str) and slot.shape and is_binary(slot.shape) else value


async def known_identifier(both: Both, name: MethodName) -> str:
    """An identifier that exists: of the resource's first list, or of what its first method makes."""
    siblings = [one for one in NAMES if one.resource == name.resource]
    for maker in siblings:
        plan = plan_of(maker)
        if plan.operation.method == "POST" and not any("{" in piece for piece in plan.operation.path):
            for arguments in examples_of(CONTRACT.document, plan):
                made = await both.call(maker, arguments)
                if "id" in made:
                    return str(made["id"])
    for lister in siblings:
        listed = await both.call(lister, {}) if not plan_of(lister).operation.path.endswith("}") else None
        items = getattr(listed, "items", listed)
        if items:
            return str(items[0]["id"])
    raise AssertionError(f"nothing to get for {label(name)}")


async def valid_arguments(both: Both, name: MethodName) -> list[dict[str, Any]]:
    plan = plan_of(name)
    found = list(examples_of(CONTRACT.document, plan))
    paths = [slot.name for slot in plan.slots if slot.parameter and slot.parameter.location == "path"]
    if paths:
        identifier = await known_identifier(both, name)
        found = [{**arguments, **dict.fromkeys(paths, identifier)} for arguments in found]
    return found


@pytest.mark.parametrize("name", NAMES, ids=label)
async def test_a_valid_call_is_answered_as_promised(both: Both, name: MethodName) -> None:
    """Strict on both sides: neither the request nor the answer breaks the contract anywhere."""
    for arguments in await valid_arguments(both, name):
        result = await both.call(name, arguments)
        assert result is not None
    assert [exchange for exchange in both.mock.journal if exchange.violations] == []


@pytest.mark.parametrize("name", NAMES, ids=label)
async def test_the_second_opinion_finds_nothing_wrong_with_a_valid_call(name: MethodName) -> None:
    """openapi-core in place of our own checker, strict on requests and answers, agrees with every exchange."""
    both = Both(is_async=False, validator="openapi-core")
    for arguments in await valid_arguments(both, name):
        assert await both.call(name, arguments) is not None


def broken(plan: Plan, arguments: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The arguments with one fault each: nothing where something is required, a wrong type, an unknown name."""
    yield "an unknown name", {**arguments, "nonsense_": 1}
    for slot in plan.slots:
        if slot.is_required:
            yield f"no {slot.name}", {name: value for name, value in arguments.items() if name != slot.name}
        wrong: Callable[..., Any] = object
        yield f"{slot.name} of a type that JSON has not", {**arguments, slot.name: wrong()}


@pytest.mark.parametrize("name", NAMES, ids=label)
async def test_a_broken_call_is_never_sent(both: Both, name: MethodName) -> None:
    """Each fault alone is found here, told by name, and the service hears nothing of it."""
    plan = plan_of(name)
    arguments = (await valid_arguments(both, name))[0]
    before = len(both.mock.journal)
    for fault, faulty in broken(plan, arguments):
        with pytest.raises(RequestValidationError) as caught:
            await both.call(name, faulty)
        assert caught.value.violations, fault
    assert len(both.mock.journal) == before


@pytest.mark.parametrize("name", NAMES, ids=label)
async def test_the_mock_refuses_what_the_client_would_have_refused(both: Both, name: MethodName) -> None:
    """With checking off the same faults reach the mock, which answers each with a documented error."""
    plan = plan_of(name)
    arguments = (await valid_arguments(both, name))[0]
    required = [
        slot for slot in plan.slots if slot.is_required and not (slot.parameter and slot.parameter.location == "path")
    ]
    for slot in required:
        faulty = {key: value for key, value in arguments.items() if key != slot.name}
        options = {"request_options": {"validate": {"request": "off", "response": "strict"}}}
        with pytest.raises(Exception, match="answered 400") as caught:
            await both.call(name, {**faulty, **options})
        assert str(caught.value.status_code) in plan.operation.responses  # type: ignore[attr-defined]


def test_every_method_of_the_overlay_is_swept() -> None:
    """Eleven methods stand in the fact sheet; none may get lost."""
    assert len(NAMES) == 11
