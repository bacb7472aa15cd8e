"""Callbacks: where they go, by runtime expressions, and what they tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from syncdyn.openapi.coding.runtime_expressions import Exchanged
from syncdyn.openapi.messages import Headers, Json, Request, Response
from tests.mockserver.webhooks.conftest import HOOK, JOB, Jobs, body_of, hook

EXCHANGED = Exchanged(
    Request(
        "POST",
        "http://mock/subs?u=http%3A%2F%2Fa%2Fb&u=2",
        Headers({"X-Who": "me", "content-type": "application/json"}),
        b'{"url": "http://h", "deep": {"a/b": [1, {"x": "y"}]}, "none": null, "number": 7}',
    ),
    Response(201, Headers({"Location": "/subs/1"}), b'{"id": "sub 1"}'),
    {"id": "p1"},
)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$url", "http://mock/subs?u=http%3A%2F%2Fa%2Fb&u=2"),
        ("$method", "POST"),
        ("$statusCode", 201),
        ("$request.body#/url", "http://h"),
        ("$request.body#/deep/a~1b/1/x", "y"),
        ("$request.body#/deep/a~1b/0", 1),
        ("$request.body#/nowhere", None),
        ("$request.body", EXCHANGED.request_body),
        ("$response.body#/id", "sub 1"),
        ("$request.query.u", "2"),
        ("$request.header.x-who", "me"),
        ("$request.path.id", "p1"),
        ("$response.header.location", "/subs/1"),
        ("$response.header.none", None),
        ("$nonsense", None),
    ],
)
def test_an_expression_leads_to_a_value(expression: str, value: Json) -> None:
    assert EXCHANGED.evaluate(expression) == value


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{$request.body#/url}/x?id={$response.body#/id}&n={$request.body#/number}", "http://h/x?id=sub 1&n=7"),
        ("$request.body#/url", "http://h"),
        ("http://fixed/path", "http://fixed/path"),
        ("{$request.body#/url}/{$request.body#/nowhere}", None),
        ("{$request.body#/none}", None),
        ("http://h/{plain}", "http://h/{plain}"),
    ],
)
def test_a_template_is_filled_or_leads_nowhere(template: str, text: str | None) -> None:
    assert EXCHANGED.fill(template) == text


def test_a_form_is_read_as_texts() -> None:
    form = Exchanged(Request("POST", "http://mock/", Headers(), b"url=http%3A%2F%2Fh&a=1"), Response(200))
    assert form.evaluate("$request.body#/url") == "http://h"


def test_a_callback_is_due_at_once_and_tells_the_thing(open_jobs: Callable[..., Jobs]) -> None:
    jobs = open_jobs()
    job = jobs.create(title="a", callbackUrl=HOOK)
    (called,) = jobs.due()
    assert (called.webhook, called.method, called.url) == ("onProgress", "POST", f"{HOOK}/{job['id']}")
    assert body_of(called) == job


def test_a_callback_without_its_url_is_not_sent(open_jobs: Callable[..., Jobs]) -> None:
    jobs = open_jobs()
    jobs.create(title="a")
    assert jobs.due(99) == ()


def test_a_refused_request_calls_nobody(open_jobs: Callable[..., Jobs]) -> None:
    jobs = open_jobs()
    assert jobs.call("POST", "/jobs", {"title": 7, "callbackUrl": HOOK}).response.status == 422
    assert jobs.due() == ()


def test_an_operation_that_remembers_nothing_calls_back_as_well(open_jobs: Callable[..., Jobs]) -> None:
    def change(document: Any) -> None:
        del document["paths"]["/jobs"]["post"]["x-mock"], document["x-mock-collections"]

    jobs = open_jobs(change, stateless=True)
    jobs.create(title="a", callbackUrl=HOOK)
    assert [one.webhook for one in jobs.due()] == ["onProgress"]


def test_several_callbacks_each_with_its_method_are_sent(open_jobs: Callable[..., Jobs]) -> None:
    def change(document: Any) -> None:
        callbacks = document["paths"]["/jobs"]["post"]["callbacks"]
        document["components"]["callbacks"] = {"Shared": {"http://127.0.0.1:9/shared": {"put": hook(JOB)["post"]}}}
        callbacks["shared"] = {"$ref": "#/components/callbacks/Shared"}
        callbacks["broken"] = {"$ref": "#/components/callbacks/Nowhere"}

    jobs = open_jobs(change)
    jobs.create(title="a", callbackUrl=HOOK)
    assert [(one.webhook, one.method) for one in jobs.due()] == [("onProgress", "POST"), ("shared", "PUT")]


def test_overlay_data_puts_a_callback_off(open_jobs: Callable[..., Jobs]) -> None:
    def change(document: Any) -> None:
        (item,) = document["paths"]["/jobs"]["post"]["callbacks"]["onProgress"].values()
        item["post"]["x-mock-webhook"] = {"after": 5}

    jobs = open_jobs(change)
    jobs.create(title="a", callbackUrl=HOOK)
    assert (jobs.due(4.9), len(jobs.due(0.1))) == ((), 1)
