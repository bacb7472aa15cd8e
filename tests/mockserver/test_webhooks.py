"""Webhooks: queued, due once, signed, shaped as the document has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.signatures import verify
from tests.mockserver.test_batches import line

if TYPE_CHECKING:
    from collections.abc import Callable

    from syncdyn.openapi.contract import Contract
    from syncdyn.openapi.messages import Json
    from tests.mockserver.conftest import Service

HOOK = "https://hooks.example.com/sync"


def test_a_webhook_is_due_when_the_job_ends_and_only_once(service: Service, generation: dict[str, Json]) -> None:
    service.post("/v2/generate", {**generation, "webhookUrl": HOOK})
    assert service.mock.next_due(service.state) == service.now + 3
    service.advance(2.9)
    assert service.due() == ()
    service.advance(0.1)
    assert [one.url for one in service.due()] == [HOOK]
    assert service.due() == ()
    assert service.mock.next_due(service.state) is None


def test_a_webhook_tells_the_generation_without_empty_members(service: Service, generation: dict[str, Json]) -> None:
    created = service.post("/v2/generate", {**generation, "webhookUrl": HOOK, "outputFileName": "x"}).json
    service.advance(3)
    body = json.loads(service.due()[0].body)
    assert (body["id"], body["status"], body["outputDuration"]) == (created["id"], "COMPLETED", 8.64)
    assert not {"error", "error_code", "errorCode", "options", "outputFileName"} & body.keys()


def test_a_failed_generation_tells_its_code_in_snake_case(service: Service, generation: dict[str, Json]) -> None:
    service.post("/v2/generate", {**generation, "webhookUrl": HOOK, "outputFileName": "fail"})
    service.advance(3)
    body = json.loads(service.due()[0].body)
    assert (body["status"], body["error_code"]) == ("FAILED", "generation_pipeline_failed")
    assert "errorCode" not in body


def test_a_rejected_generation_calls_nobody(service: Service, generation: dict[str, Json]) -> None:
    service.post("/v2/generate", {**generation, "webhookUrl": HOOK, "outputFileName": "reject"})
    service.advance(99)
    assert service.due() == ()


def test_a_webhook_is_signed_at_the_time_it_was_due(
    serve: Callable[..., Service], contract: Contract, generation: dict[str, Json]
) -> None:
    service = serve(webhook_secret="whsec_other", job_seconds=1.5)
    service.post("/v2/generate", {**generation, "webhookUrl": HOOK})
    service.advance(500)
    (delivery,) = service.due()
    scheme = contract.signature_scheme
    assert scheme is not None
    at = verify(scheme, delivery.body, delivery.headers, ["whsec_other"], now=delivery.at)
    assert at == int(delivery.at) == 1_717_200_001
    assert b": " not in delivery.body


def test_a_batch_calls_with_its_final_counts(service: Service) -> None:
    created = service.post_batch(line("a"), webhook_url=HOOK).json
    service.advance(3)
    body = json.loads(service.due()[0].body)
    assert body == service.get(f"/v2/batch/{created['id']}").json
    assert body["metrics"]["success_count"] == 1


@pytest.mark.parametrize("file_name", ["fine", "fail"])
def test_bodies_keep_the_documents_promise(
    service: Service, contract: Contract, generation: dict[str, Json], file_name: str
) -> None:
    service.post("/v2/generate", {**generation, "webhookUrl": HOOK, "outputFileName": file_name})
    service.post_batch(line("a"), webhook_url=HOOK)
    service.advance(3)
    for delivery in service.due():
        promised = contract.webhooks[delivery.webhook].request_body
        assert promised is not None
        schema = promised.content[0].schema
        assert schema is not None
        assert contract.schemas.violations(schema, json.loads(delivery.body), Direction.REQUEST, "body") == ()


def test_webhooks_come_in_the_order_in_which_they_are_due(
    serve: Callable[..., Service], generation: dict[str, Json]
) -> None:
    service = serve(job_seconds=10)
    service.post_batch(line("a", payload={**generation, "webhookUrl": f"{HOOK}/item"}), webhook_url=f"{HOOK}/batch")
    service.advance(1)
    service.post("/v2/generate", {**generation, "webhookUrl": f"{HOOK}/late"})
    service.advance(20)
    assert [one.url.rpartition("/")[2] for one in service.due()] == ["item", "batch", "late"]
