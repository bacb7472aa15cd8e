"""Which requests a rule is for, and at which of them it strikes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from syncdyn.openapi.messages import Json
from tests.mockserver.faults.conftest import Shop


@pytest.mark.parametrize(
    ("words", "struck"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"nth": 2}, [2]),
        ({"nth": [2, 5]}, [2, 5]),
        ({"every": 3}, [3, 6]),
        ({"first": 2}, [1, 2]),
        ({"from": 5}, [5, 6]),
        ({"since": 2, "every": 2}, [2, 4, 6]),
        ({"times": 3}, [1, 2, 3]),
        ({"every": 2, "times": 2}, [2, 4]),
        ({"probability": 0}, []),
        ({"probability": 1}, [1, 2, 3, 4, 5, 6]),
    ],
    ids=str,
)
def test_a_rule_strikes_by_its_count(shop: Shop, words: dict[str, Json], struck: list[int]) -> None:
    shop.add(operation="createOrder", status=503, **words)
    found = shop.statuses(6)
    assert [number for number, status in enumerate(found, 1) if status == 503] == struck


@pytest.mark.parametrize(
    ("words", "is_struck"),
    [
        ({"operation": "createOrder"}, True),
        ({"operation": "POST /orders"}, True),
        ({"operation": "post /orders"}, True),
        ({"operation": "readOrder"}, False),
        ({"method": "post"}, True),
        ({"method": "GET"}, False),
        ({"path": "/orders"}, True),
        ({"path": "/*"}, True),
        ({"path": "/orders/*"}, False),
        ({"path": "/**"}, True),
        ({"when": {"body": {"amount": 7}}}, True),
        ({"when": {"body": {"amount": 8}}}, False),
        ({"when": {"body": {"amount": True}}}, False),
        ({"when": {"query": {"dry": "yes"}}}, True),
        ({"when": {"query": {"dry": "*"}}}, True),
        ({"when": {"query": {"wet": "*"}}}, False),
        ({"when": {"query": {"wet": None}}}, True),
        ({"when": {"headers": {"X-Tenant": "a"}}}, True),
        ({"when": {"headers": {"X-Tenant": "b"}}}, False),
    ],
    ids=str,
)
def test_a_rule_is_for_the_requests_it_names(shop: Shop, words: dict[str, Json], is_struck: bool) -> None:
    shop.add(status=503, **words)
    answer = shop.call("POST", "/orders?dry=yes", {"amount": 7, "more": [1]}, x_tenant="a")
    assert (answer.response.status == 503) is is_struck


def test_requests_that_a_rule_is_not_for_do_not_count(shop: Shop) -> None:
    shop.add(operation="createOrder", nth=2, status=503)
    assert shop.statuses(1) == [201]
    assert shop.call("GET", "/orders").response.status == 200
    assert shop.statuses(2) == [503, 201]


def test_a_path_pattern_is_for_the_path_as_it_was_sent(shop: Shop) -> None:
    shop.add(path="/orders/a*", status=404)
    shop.add(path="/orders/{id}", status=410)
    assert shop.call("GET", "/orders/abc").response.status == 404
    assert shop.call("GET", "/orders/b").response.status == 410


def test_what_the_document_does_not_have_is_struck_as_well(shop: Shop) -> None:
    shop.add(path="/gateway/**", status=503, retry_after=5)
    shop.add(path="/fine", status=204)
    struck = shop.call("GET", "/gateway/of/others")
    assert (struck.response.status, struck.response.headers["retry-after"], struck.operation) == (503, "5", None)
    assert shop.call("GET", "/fine").response.status == 204
    assert shop.call("GET", "/elsewhere").response.status == 404


def test_chance_is_the_same_for_the_same_seed_and_near_its_probability(open_shop: Callable[..., Shop]) -> None:
    def run(seed: int) -> list[int]:
        shop = open_shop(seed=seed)
        shop.add(operation="createOrder", probability=0.3, status=503)
        return shop.statuses(200)

    first, again, other = run(1), run(1), run(2)
    assert first == again != other
    assert 30 < first.count(503) < 90


def test_rules_count_how_often_they_were_asked_and_struck(shop: Shop) -> None:
    shop.add(operation="createOrder", nth=2, status=503)
    shop.statuses(3)
    assert [(rule.seen, rule.struck) for rule in shop.state.faults] == [(3, 1)]


def test_without_rules_the_state_stays_the_same_object(shop: Shop) -> None:
    before = shop.state
    shop.call("GET", "/orders")
    assert shop.state is before
