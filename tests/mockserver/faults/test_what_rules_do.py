"""What becomes of an answer that a rule strikes."""

from __future__ import annotations

import json
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import pytest

from mockserver.manners import AT_ONCE, Ending
from syncdyn.openapi import checking
from syncdyn.openapi.coding import media
from syncdyn.openapi.messages import Json
from tests.mockserver.faults.conftest import Shop


def test_a_status_comes_with_the_documents_body(shop: Shop) -> None:
    shop.add(operation="createOrder", status=503, retry_after=1)
    response = shop.order().response
    assert json.loads(response.body) == {"reason": "too many orders"}
    assert response.headers["retry-after"] == "1"


def test_a_status_that_the_document_does_not_have_comes_with_a_problem(shop: Shop) -> None:
    shop.add(name="the gateway is down", status=502)
    response = shop.order().response
    assert (response.status, response.content_type) == (502, "application/problem+json")
    assert json.loads(response.body)["detail"] == "the gateway is down"


@pytest.mark.parametrize(
    ("body", "content_type", "sent"),
    [({"a": 1}, "application/json", b'{"a":1}'), ("down", "text/plain; charset=utf-8", b"down")],
    ids=["JSON", "text"],
)
def test_a_body_of_its_own_takes_the_place_of_the_documents(
    shop: Shop, body: Json, content_type: str, sent: bytes
) -> None:
    shop.add(status=503, body=body)
    response = shop.order().response
    assert (response.content_type, response.body) == (content_type, sent)


def test_nothing_is_done_where_a_status_is_the_answer(shop: Shop) -> None:
    shop.add(status=503)
    shop.order()
    assert not shop.state.all("orders")


def test_a_body_without_a_status_is_that_of_an_answer_whose_work_is_done(shop: Shop) -> None:
    shop.add(body={"odd": True})
    assert shop.order().response.status == 201
    assert len(shop.state.all("orders")) == 1


def test_headers_are_set_on_the_answer(shop: Shop) -> None:
    shop.add(headers={"X-Served-By": "blue", "content-type": "text/plain"})
    headers = shop.order().response.headers
    assert (headers["x-served-by"], headers.all("content-type")) == ("blue", ("text/plain",))


def test_retry_after_as_a_date_follows_the_mocks_time(shop: Shop) -> None:
    shop.add(status=503, retry_after_date=30)
    stated = shop.order().response.headers["retry-after"]
    assert parsedate_to_datetime(stated).timestamp() == shop.now + 30


def test_an_answer_names_the_rules_that_struck_it(shop: Shop) -> None:
    shop.add(id="slow", latency=1)
    shop.add(id="busy", status=503)
    assert shop.order().response.headers["x-mock-fault"] == "slow, busy"


def test_latencies_add_up_and_a_range_is_drawn_by_the_seed(open_shop: Callable[..., Shop]) -> None:
    def delays(seed: int) -> list[float]:
        shop = open_shop(seed=seed)
        shop.add(latency=1)
        shop.add(latency=[0.5, 2])
        return [shop.order().manner.delay_seconds for _ in range(5)]

    assert delays(1) == delays(1) != delays(2)
    assert len(set(delays(1))) == 5
    assert all(1.5 <= seconds <= 3 for seconds in delays(1))


@pytest.mark.parametrize(
    ("words", "ending", "is_done"),
    [
        ({"do": "reset"}, Ending.RESET, False),
        ({"do": "lost"}, Ending.RESET, True),
        ({"do": "truncated"}, Ending.TRUNCATED, True),
    ],
    ids=["reset", "lost", "truncated"],
)
def test_a_connection_that_fails_is_the_answers_manner(
    shop: Shop, words: dict[str, Json], ending: Ending, is_done: bool
) -> None:
    shop.add(**words)
    assert shop.order().manner.ending is ending
    assert bool(shop.state.all("orders")) is is_done


def test_a_slow_body_is_the_answers_manner_and_its_end_is_none(shop: Shop) -> None:
    shop.add(bytes_per_second=10, times=1)
    assert shop.order().manner.bytes_per_second == 10
    assert shop.order().manner is AT_ONCE


@pytest.mark.parametrize("seed", range(8))
def test_malformed_json_cannot_be_read_and_is_the_same_for_a_seed(open_shop: Callable[..., Shop], seed: int) -> None:
    def body() -> bytes:
        shop = open_shop(seed=seed)
        shop.add(do="malformed")
        return shop.order().response.body

    with pytest.raises(ValueError, match=r"Expecting|Unterminated|Illegal|Extra"):
        json.loads(body())
    assert body() == body()


@pytest.mark.parametrize("seed", range(12))
def test_a_schema_breaking_answer_is_json_that_breaks_its_schema(open_shop: Callable[..., Shop], seed: int) -> None:
    shop = open_shop(seed=seed)
    shop.add(do="breaks_schema")
    response = shop.order().response
    operation = shop.contract.operations["createOrder"]
    json.loads(response.body)
    assert {one.location for one in checking.read_response(shop.contract, operation, response).violations} == {"body"}


def test_schemas_are_broken_in_several_ways(open_shop: Callable[..., Shop]) -> None:
    def body(seed: int) -> bytes:
        shop = open_shop(seed=seed)
        shop.add(do="breaks_schema")
        return shop.order().response.body

    assert len({body(seed) for seed in range(20)}) > 5


def test_the_wrong_media_type_is_one_that_the_document_does_not_name(shop: Shop) -> None:
    shop.add(do="wrong_content_type")
    response = shop.order().response
    promise = shop.contract.operations["createOrder"].promise_for(201)
    assert promise is not None
    assert media.best_match(promise.content, response.content_type or "") is None
    assert json.loads(response.body)["state"] == "new"


def test_what_is_made_stuck_never_moves_on_and_others_do(shop: Shop) -> None:
    shop.add(do="stuck", nth=1)
    stuck, free = (json.loads(shop.order().response.body)["id"] for _ in range(2))
    shop.now += 1000
    states = [json.loads(shop.call("GET", f"/orders/{id_}").response.body)["state"] for id_ in (stuck, free)]
    assert states == ["new", "sent"]


def test_a_refused_request_counts_and_is_struck_as_well(shop: Shop) -> None:
    shop.add(latency=2)
    answer = shop.call("POST", "/orders", {"amount": "many"})
    assert (answer.response.status, answer.manner.delay_seconds) == (422, 2)


@pytest.mark.parametrize(
    ("body", "left"),
    [("no JSON", b"no JSON"), ({"id": "1", "state": "new"}, None)],
    ids=["text", "JSON"],
)
def test_what_has_no_schema_to_break_stays_as_it_is(shop: Shop, body: Json, left: bytes | None) -> None:
    shop.add(do="breaks_schema", body=body)
    response = shop.order().response
    assert response.body == left if left is not None else b'"id":"1","state":"new"' not in response.body


def test_an_empty_answer_can_be_malformed(shop: Shop) -> None:
    shop.add(status=204, do="malformed")
    response = shop.order().response
    assert response.content_type == "application/json"
    with pytest.raises(ValueError, match="Expecting"):
        json.loads(response.body)


def test_a_success_of_the_document_may_stand_for_the_answer(shop: Shop) -> None:
    shop.add(operation="createOrder", status=201)
    assert json.loads(shop.order().response.body).keys() >= {"id", "state"}
    assert not shop.state.all("orders")
