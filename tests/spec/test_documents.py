"""The bundled documents: valid by the specification, and every example true to its schema."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from syncdyn.openapi import checking
from syncdyn.openapi.bundled import bundled_files, spec_folder
from syncdyn.openapi.loading import load
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.operations import MediaType, Operation
from syncdyn.sync import bundled_types

CONTRACT = bundled_types().contract
OPERATIONS = [CONTRACT.operations[key] for key in CONTRACT.operations]
EVERY = [*OPERATIONS, *CONTRACT.webhooks.values()]


def described_bodies(operation: Operation) -> Iterator[tuple[str, MediaType, Direction]]:
    for media_type in operation.request_body.content if operation.request_body else ():
        yield "request", media_type, Direction.REQUEST
    for status, promise in operation.responses.items():
        for media_type in promise.content:
            yield status, media_type, Direction.RESPONSE


EXAMPLES = [
    pytest.param(media_type, example, direction, id=f"{operation.name}-{where}-{name}")
    for operation in EVERY
    for where, media_type, direction in described_bodies(operation)
    for name, example in media_type.examples.items()
]


def test_the_document_is_valid_openapi() -> None:
    document, _ = bundled_files()
    errors = OpenAPIV31SpecValidator(yaml.safe_load(document.read_text("utf-8"))).iter_errors()
    assert [str(error) for error in errors] == []


@pytest.mark.parametrize(("media_type", "example", "direction"), EXAMPLES)
def test_an_example_fits_its_schema(media_type: MediaType, example: Any, direction: Direction) -> None:
    """Strictly: what is tolerated in answers of a service is none of our own examples'."""
    assert checking.check_body(CONTRACT, media_type, example, direction) == ()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_an_operation_documents_its_answers(operation: Operation) -> None:
    """A success, no or wrong credentials, too many requests and a failure, each JSON with an example."""
    assert {"401", "429", "500"} <= set(operation.responses)
    assert any(status.startswith("2") for status in operation.responses)
    for status, promise in operation.responses.items():
        assert promise.description, status
        assert [media_type.name for media_type in promise.content] == ["application/json"], status
        assert promise.content[0].examples, status


@pytest.mark.parametrize("operation", EVERY, ids=lambda operation: operation.name)
def test_everything_is_described(operation: Operation) -> None:
    assert operation.summary
    assert operation.description
    assert all(parameter.description for parameter in operation.parameters)


def test_the_overlays_fit_the_document() -> None:
    """A target that matches nothing would be refused."""
    document, overlays = bundled_files(with_mock=True)
    assert load(document, overlays=overlays, cache_folder=None).root["x-syncdyn-client"]["name"]


@pytest.mark.parametrize("path", sorted(spec_folder().glob("*.yaml")), ids=lambda path: path.name)
def test_a_document_has_no_anchors(path: Path) -> None:
    """Readers of JSON and of YAML see the same."""
    assert not any(
        isinstance(token, yaml.AnchorToken | yaml.AliasToken) for token in yaml.scan(path.read_text("utf-8"))
    )
