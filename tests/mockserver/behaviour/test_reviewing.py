from __future__ import annotations

from typing import Any

import pytest

from mockserver.behaviour.reviewing import data_mistakes
from mockserver.making import contract_from
from syncdyn.openapi.messages import Json

_DONE: Json = {"responses": {"200": {"description": "done"}}}


def mistakes(operation: Json = None, webhook: Json = None, **root: Any) -> list[str]:
    """What is told of data at an operation, at a webhook, and at the root."""
    described = {
        "openapi": "3.1.0",
        "info": {"title": "Jobs", "version": "1"},
        "paths": {"/jobs": {"post": {**_DONE, **(operation or {})}}},
        "webhooks": {"jobDone": {"post": {**_DONE, **(webhook or {})}}},
        **{f"x-mock-{name}": value for name, value in root.items()},
    }
    return list(data_mistakes(contract_from(described)))


def test_the_bundled_data_has_none() -> None:
    assert list(data_mistakes(contract_from(None))) == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"x-mock": {"creat": "/jobs"}}, "POST /jobs: x-mock.creat: no such word; did you mean 'create'?"),
        ({"x-mock": 5}, "POST /jobs: x-mock: 5 where an object is needed"),
        ({"x-mock": {"create": "job"}}, "POST /jobs: x-mock.create: no collection 'job'; did you mean 'jobs'?"),
        ({"x-mock": {"rules": ["x"]}}, "POST /jobs: x-mock.rules[0]: no rule 'x'; there is none"),
        ({"x-mock": {"limits": {}}}, "POST /jobs: x-mock.limits: an object where a list is needed"),
        ({"x-mock": {"create": "jobs", "list": "jobs"}}, "POST /jobs: x-mock: one of create and list, not both"),
        ({"x-mok-rate": {}, "x-mock-rat": {}}, "POST /jobs: x-mock-rat: no such data; did you mean 'x-mock-rate'?"),
    ],
    ids=["word", "kind", "collection", "rule", "list", "two actions", "data"],
)
def test_a_mistake_of_an_operation_is_told_with_what_was_meant(data: Json, told: str) -> None:
    assert mistakes(data, collections={"jobs": {}}) == [told]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            {"on": "create"},
            "x-mock-webhook.on: 'create' is not one of created, changed, deleted; did you mean 'created'?",
        ),
        ({"on": ["changed"], "wen": "x"}, "x-mock-webhook.wen: no such word; did you mean 'when'?"),
        ({"on": "deleted", "when": "a =="}, "x-mock-webhook.when: the expression 'a ==' cannot be read: "),
    ],
    ids=["occasion", "word", "expression"],
)
def test_a_mistake_of_a_webhook_is_told(data: Json, told: str) -> None:
    (line,) = mistakes(webhook={"x-mock-webhook": data})
    assert line.startswith(f"webhooks.jobDone: {told}")


def test_mistakes_of_a_collection_are_told_all() -> None:
    told = mistakes(collections={"jobs": {"outcoms": {}, "members": {"a": "f("}}}, colections={})
    assert [line.partition(":")[0] for line in told] == [
        "x-mock-colections",
        "x-mock-collections.jobs.outcoms",
        "x-mock-collections.jobs.members.a",
    ]
