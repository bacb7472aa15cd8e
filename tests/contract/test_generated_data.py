"""Generated data for every response of real documents is valid, as `jsonschema` judges, which knows nothing of us."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # comes without stubs
from jsonschema.validators import extend  # type: ignore[import-untyped]
from openapi_schema_validator import OAS30ReadValidator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from syncdyn.openapi.bundled import bundled
from syncdyn.openapi.contract import Contract, contract_of
from syncdyn.openapi.loading import load
from syncdyn.openapi.sampling import Sampler
from syncdyn.openapi.schemas.normalise import Direction

_SEED = 7
_SOME = 150
#: 3.0 as JSON Schema, with unions that are JSON Schema's own: a discriminator on a list confuses the other ones.
_UNIONS = {word: Draft202012Validator.VALIDATORS[word] for word in ("oneOf", "anyOf")}
JUDGE_30 = extend(OAS30ReadValidator, _UNIONS)


@pytest.fixture(scope="module", params=["bundled", "petstore.yaml", "github.json", "stripe.json", "openai.yaml"])
def document(request: pytest.FixtureRequest, corpus: Callable[[str], Path]) -> tuple[Contract, Callable[[str], Any]]:
    """A document as we read it, and a judge for each pointer that reads it by itself."""
    name: str = request.param
    path = bundled("sync.openapi.yaml") if name == "bundled" else corpus(name)
    text = path.read_text("utf-8")
    raw = json.loads(text) if name.endswith(".json") else yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    # `date` and the like are texts in JSON.
    raw = json.loads(json.dumps(raw, default=str))
    registry: Any = Registry().with_resource("urn:doc", DRAFT202012.create_resource(raw))
    kind = JUDGE_30 if str(raw["openapi"]).startswith("3.0") else Draft202012Validator
    return contract_of(load(path, cache_folder=None)), lambda at: kind({"$ref": f"urn:doc{at}"}, registry=registry)


def schemas_of(contract: Contract) -> Iterator[str]:
    for operation in contract.operations.values():
        for promise in operation.responses.values():
            yield from (media_type.schema for media_type in promise.content if media_type.schema)


@pytest.mark.parametrize("share", ["some", pytest.param("all", marks=pytest.mark.slow)])
def test_generated_data_is_valid(document: tuple[Contract, Callable[[str], Any]], share: str) -> None:
    """All of it: where no value is found, the sampler would say so, which no schema of these documents needs."""
    contract, judge = document
    pointers = list(schemas_of(contract))
    if share == "some":
        pointers = Random(_SEED).sample(pointers, min(len(pointers), _SOME))
    sampler = Sampler(contract)
    for pointer in pointers:
        value = sampler.valid(pointer, Direction.RESPONSE, str(_SEED), use_examples=False)
        assert next(judge(pointer).iter_errors(value), None) is None, pointer
