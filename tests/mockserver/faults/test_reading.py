"""Rules as people write them, and the mistakes they make."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver.errors import MockError
from mockserver.faults.keeping import added, without
from mockserver.faults.reading import BadRules, known_of, read_rules, told
from mockserver.making import with_faults
from mockserver.settings import Settings
from mockserver.state import State
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import Json


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"stauts": 503}, "no such word; did you mean 'status'?"),
        ({"operation": "createOrdr", "status": 503}, "did you mean 'createOrder'"),
        ({"status": 99}, "99 is not a status from 200 to 599"),
        ({"status": True}, "True is not a status"),
        ({"status": 503, "nth": 0}, "0 is not a whole number from 1 on"),
        ({"status": 503, "nth": []}, "[] is not a whole number"),
        ({"status": 503, "probability": 1.5}, "1.5 is not a number from 0 to 1"),
        ({"latency": [2, 1]}, "[2, 1] is no range"),
        ({"bytes_per_second": 0}, "nothing would ever arrive"),
        ({"status": 503, "path": "orders"}, "'orders' is no path"),
        ({"status": 503, "method": "a b"}, "'a b' is no method"),
        ({"status": 503, "headers": {"a b": "1"}}, "'a b' cannot be the name of a header field"),
        ({"status": 503, "when": {"querry": {}}}, "did you mean 'query'?"),
        ({"status": 503, "when": {"query": "a"}}, "a text where an object"),
        ({"do": "resett"}, "did you mean 'reset'?"),
        ({"do": "tampered"}, "is for webhooks: name a `webhook`"),
        ({"webhook": "*", "do": "reset"}, "is for answers: leave `webhook` out"),
        ({"webhook": "orderSent", "do": "dropped"}, "the document has none"),
        ({"webhook": "*", "do": "dropped", "status": 503}, "status cannot be said of a webhook"),
        ({"webhook": "*"}, "`do` is one or several of dropped"),
        ({"operation": "createOrder"}, "it says nothing of what happens"),
        ({"retry_after": -1}, "-1 is not a number from 0"),
        (7, "a number is no rule"),
    ],
    ids=str,
)
def test_a_mistake_is_told_with_its_place(
    shop_contract: Contract, ids: Iterator[str], stated: Json, message: str
) -> None:
    with pytest.raises(BadRules) as caught:
        read_rules([stated], known_of(shop_contract), ids)
    assert message in str(caught.value)
    assert str(caught.value).startswith("faults[0]")


def test_all_mistakes_of_all_rules_are_told_at_once(shop_contract: Contract, ids: Iterator[str]) -> None:
    stated = [{"status": 503}, {"stauts": 1, "nth": -1}, {"do": "nothing"}]
    with pytest.raises(BadRules) as caught:
        read_rules(stated, known_of(shop_contract), ids)
    assert [fault.partition(":")[0] for fault in caught.value.faults] == [
        "faults[1].stauts",
        "faults[1].nth",
        "faults[2].do",
    ]


def test_a_rule_is_told_in_the_words_it_was_written_in(shop_contract: Contract) -> None:
    words = {"operation": "POST /orders", "nth": 2, "status": 503, "retry_after": "1", "do": ["stuck", "malformed"]}
    _, (rule,) = added(State(), [words], known_of(shop_contract))
    assert told(rule) == {"id": "fault-1", **words, "seen": 0, "struck": 0}


def test_ids_are_given_once(shop_contract: Contract) -> None:
    known = known_of(shop_contract)
    state, _ = added(State(), [{"status": 503}, {"status": 502, "id": "fault-3"}], known)
    state, rules = added(without(state, "fault-1"), [{"status": 500}, {"status": 500}], known)
    assert [rule.id for rule in rules] == ["fault-4", "fault-5"]
    with pytest.raises(BadRules, match="'fault-3' is taken"):
        added(state, [{"id": "fault-3", "status": 500}], known)


SCENARIO = """
# A bad morning.
faults:
  - name: the second order meets a busy shop
    comment: the client should come back
    operation: createOrder
    nth: 2
    status: 503
    retry_after: 1
  - name: some answers take their time
    probability: 0.2
    latency: [0.1, 0.4]
  - {path: /orders/*, do: [truncated]}
"""


def test_a_file_has_rules_in_order(shop_contract: Contract, tmp_path: Path) -> None:
    (tmp_path / "morning.yaml").write_text(SCENARIO)
    rules = with_faults(Settings(), [tmp_path / "morning.yaml"], shop_contract).faults
    assert [(rule.id, rule.nth, rule.status, rule.latency, rule.do) for rule in rules] == [
        ("fault-1", (2,), 503, None, ()),
        ("fault-2", (), None, (0.1, 0.4), ()),
        ("fault-3", (), None, None, ("truncated",)),
    ]
    assert rules[0].name == "the second order meets a busy shop"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fault: []", "did you mean 'faults'?"),
        ("faults: {status: 503}", "faults: an object where a list of rules is needed"),
        ("3", "a number where a list of rules is needed"),
        ("a: b: c", "morning.yaml, line 1"),
        ("- {stauts: 503}", "morning.yaml: faults[0].stauts: no such word; did you mean 'status'?"),
    ],
    ids=["word", "no list", "number", "no YAML", "rule"],
)
def test_a_file_with_mistakes_is_refused_with_them(
    shop_contract: Contract, tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "morning.yaml").write_text(text)
    with pytest.raises(MockError) as caught:
        with_faults(Settings(), [tmp_path / "morning.yaml"], shop_contract)
    assert message in str(caught.value)


def test_a_file_that_is_not_there_is_named(shop_contract: Contract, tmp_path: Path) -> None:
    with pytest.raises(MockError, match=r"night\.yaml: no such file"):
        with_faults(Settings(), [tmp_path / "night.yaml"], shop_contract)
