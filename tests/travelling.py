"""A call on its way: written as the client writes it, read as the mock reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from syncdyn.arguments import Arguments
from syncdyn.openapi import checking
from syncdyn.openapi.document import Document
from syncdyn.openapi.messages import Headers, Json, Request
from syncdyn.openapi.opinion.part_writing import render_parts
from syncdyn.openapi.routing import Router
from syncdyn.options import Options, Strictness
from syncdyn.request import Plan

BASE = "http://127.0.0.1:9"
_OPTIONS = Options(Strictness())


def written(plan: Plan, arguments: Mapping[str, Any]) -> Request:
    """The request of a call, as bytes; its own check must find nothing."""
    collected = plan.collect((), arguments)
    assert plan.check(collected) == (), arguments
    return sent(plan, collected)


def sent(plan: Plan, arguments: Arguments) -> Request:
    """The request of arguments, as bytes and unchecked. Raises ValueError for what no request can carry."""
    request = plan.write(arguments, BASE, _OPTIONS, "test")
    if not isinstance(request.body, tuple):
        return request
    body, content_type = render_parts(request.body)
    return replace(request, headers=Headers((*request.headers.pairs, ("Content-Type", content_type))), body=body)


def read(plan: Plan, request: Request) -> checking.CheckedRequest:
    """A request as a server reads it."""
    key = plan.operation.key.partition("?")[0]
    route = Router([key]).find(request.url.removeprefix(BASE).partition("?")[0])
    assert route is not None, request.url
    target = route.target(plan.operation.method)
    assert target is not None
    return checking.read_request(plan.contract, plan.operation, request, target[1])


def unsecured(document: Document) -> Document:
    """The document without its security: credentials are no arguments, and openapi-core would look no further."""
    root = document.root

    def without(value: Json) -> Json:
        return {name: one for name, one in value.items() if name != "security"} if isinstance(value, Mapping) else value

    paths = {path: {method: without(raw) for method, raw in item.items()} for path, item in root["paths"].items()}
    return Document({**without(root), "paths": paths})
