"""An overlay upon a document: what its actions do, and what is told about one that does not fit."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from syncdyn.openapi.errors import OverlayError
from syncdyn.openapi.opening.overlay import apply_overlay

ROOT: dict[str, Any] = {
    "info": {"title": "T", "description": "d"},
    "tags": [{"name": "a"}, {"name": "b"}, {"name": "c"}],
    "paths": {
        "/pets": {"get": {"tags": ["x"], "deprecated": True}, "post": {"tags": ["x"]}},
        "/cats": {"get": {"tags": ["y"]}},
    },
}


def overlay(*actions: Any, **changes: Any) -> dict[str, Any]:
    whole = {"overlay": "1.0.0", "info": {"title": "O", "version": "1"}, "actions": list(actions), **changes}
    return {name: value for name, value in whole.items() if value is not None}


def applied(*actions: Any) -> Any:
    return apply_overlay(ROOT, overlay(*actions), origin="doc.yaml", overlay_origin="o.yaml")


def refusal(*actions: Any, root: Any = ROOT, **changes: Any) -> str:
    with pytest.raises(OverlayError) as caught:
        apply_overlay(root, overlay(*actions, **changes), origin="doc.yaml", overlay_origin="o.yaml")
    return str(caught.value)


def test_update_merges_into_the_object() -> None:
    root = applied({"target": "$.info", "update": {"title": "New", "contact": {"name": "n"}}})
    assert root["info"] == {"title": "New", "description": "d", "contact": {"name": "n"}}


def test_update_joins_arrays_and_goes_down_into_objects() -> None:
    root = applied({"target": "$.paths", "update": {"/pets": {"get": {"tags": ["z"]}}}})
    assert root["paths"]["/pets"]["get"] == {"tags": ["x", "z"], "deprecated": True}
    assert "/cats" in root["paths"]


def test_update_replaces_a_value_of_another_kind() -> None:
    assert applied({"target": "$.info", "update": {"title": ["a"]}})["info"]["title"] == ["a"]


@pytest.mark.parametrize("entry", [{"name": "d"}, "text", ["list"]], ids=["object", "text", "list"])
def test_update_is_appended_to_an_array_as_one_entry(entry: Any) -> None:
    assert applied({"target": "$.tags", "update": entry})["tags"] == [*ROOT["tags"], entry]


def test_update_reaches_every_match() -> None:
    root = applied({"target": "$.paths.*.get", "update": {"x-seen": True}})
    assert [item["get"]["x-seen"] for item in root["paths"].values()] == [True, True]
    assert "x-seen" not in root["paths"]["/pets"]["post"]


def test_update_of_the_whole_document() -> None:
    assert applied({"target": "$", "update": {"x": 1}}) == {**ROOT, "x": 1}


def test_remove_takes_every_match_out_of_an_array() -> None:
    root = applied({"target": "$.tags[?@.name != 'b']", "remove": True})
    assert root["tags"] == [{"name": "b"}]


def test_remove_takes_members_and_what_is_below_them() -> None:
    root = applied({"target": "$.paths..*", "remove": True})
    assert root["paths"] == {}


def test_remove_takes_a_text() -> None:
    assert applied({"target": "$.info.description", "remove": True})["info"] == {"title": "T"}


def test_remove_wins_over_update() -> None:
    assert "info" not in applied({"target": "$.info", "remove": True, "update": {"x": 1}})


def test_place_selected_twice_is_changed_once() -> None:
    assert len(applied({"target": "$['tags', 'tags']", "update": 1})["tags"]) == 4


def test_later_action_sees_what_an_earlier_one_did() -> None:
    root = applied(
        {"target": "$.paths", "update": {"/new": {}}},
        {"target": "$.paths['/new']", "update": {"get": {}}},
    )
    assert root["paths"]["/new"] == {"get": {}}


def test_inputs_stay_as_they_were() -> None:
    root, shared = copy.deepcopy(ROOT), {"list": [1]}
    actions = [
        {"target": "$.paths.*", "update": {"x": shared}},
        {"target": "$.paths['/pets'].x.list", "update": 2},
        {"target": "$.tags[0]", "remove": True},
    ]
    result = apply_overlay(root, overlay(*actions), origin="d", overlay_origin="o")
    assert root == ROOT
    assert shared == {"list": [1]}
    assert result["paths"]["/pets"]["x"] == {"list": [1, 2]}
    assert result["paths"]["/cats"]["x"] == {"list": [1]}


def test_value_that_the_document_shares_is_changed_in_one_place_only() -> None:
    twice = {"a": 1}
    action = {"target": "$.left", "update": {"b": 2}}
    result = apply_overlay({"left": twice, "right": twice}, overlay(action), origin="d", overlay_origin="o")
    assert result == {"left": {"a": 1, "b": 2}, "right": {"a": 1}}


def test_target_may_lie_deeper_than_a_hundred_levels() -> None:
    root: Any = {"end": {}}
    for _ in range(300):
        root = {"a": root}
    result = apply_overlay(root, overlay({"target": "$..end", "update": {"x": 1}}), origin="d", overlay_origin="o")
    for _ in range(300):
        result = result["a"]
    assert result == {"end": {"x": 1}}


def test_target_without_a_match_is_told_with_its_index_and_what_was_meant() -> None:
    told = refusal({"target": "$.info", "update": {}}, {"target": "$.paths['/pet'].get", "update": {}})
    assert "o.yaml: 1 fault" in told
    assert "actions[1] ($.paths['/pet'].get): matches nothing in doc.yaml" in told
    assert "$['paths'] is there, did you mean '/pets' below it?" in told


def test_optional_target_may_match_nothing() -> None:
    assert applied({"target": "$.none", "update": {}, "x-optional": True}) == ROOT


ACTION_FAULTS = {
    "no target": ({"update": {}}, "actions[0].target: missing"),
    "target no text": ({"target": 1, "update": {}}, "actions[0].target: a string is allowed, found a number"),
    "nothing to do": ({"target": "$"}, "actions[0]: has neither `update` nor `remove: true`"),
    "remove no boolean": ({"target": "$", "remove": "yes"}, "actions[0].remove: true or false"),
    "misspelt member": ({"target": "$", "update": {}, "udpate": {}}, "did you mean update?"),
    "no object": ("$", "actions[0]: an object is needed, found a string"),
    "bad path": ({"target": "$.[", "update": {}}, "actions[0] ($.[): not a JSONPath"),
    "primitive target": ({"target": "$.info.title", "update": {}}, "matches a string; an update needs"),
    "object gets a text": ({"target": "$.info", "update": "x"}, "the update must be an object, found a string"),
    "remove all": ({"target": "$", "remove": True}, "the whole document cannot be removed"),
}


@pytest.mark.parametrize(("action", "told"), ACTION_FAULTS.values(), ids=ACTION_FAULTS)
def test_faulty_action_is_told(action: Any, told: str) -> None:
    assert told in refusal(action)


DOCUMENT_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "no version": ({"overlay": None}, "overlay: a version that is read here, 1.0.0; missing"),
    "another version": ({"overlay": "2.0.0"}, "found '2.0.0'"),
    "version 1.1": ({"overlay": "1.1.0"}, "found '1.1.0'"),
    "number as version": ({"overlay": 1.0}, "found 1.0"),
    "no info": ({"info": None}, "info.title: missing"),
    "no actions": ({"actions": None}, "actions: missing"),
    "empty actions": ({"actions": []}, "actions: missing, empty"),
    "extends no text": ({"extends": 1}, "extends: a string is allowed, found a number"),
}


@pytest.mark.parametrize(("changes", "told"), DOCUMENT_FAULTS.values(), ids=DOCUMENT_FAULTS)
def test_faulty_overlay_is_told(changes: dict[str, Any], told: str) -> None:
    assert told in refusal({"target": "$", "update": {}}, **changes)


def test_all_faults_are_told_at_once() -> None:
    assert "o.yaml: 4 faults" in refusal({"target": 1}, "x", overlay="3")
    told = refusal({"target": "$.none", "update": {}}, {"target": "$.info", "update": 1})
    assert "actions[0]" in told
    assert "actions[1]" in told


def test_overlay_that_is_no_object_is_told() -> None:
    with pytest.raises(OverlayError, match="an overlay is an object, this is an array"):
        apply_overlay(ROOT, [], origin="d", overlay_origin="o")


def test_a_target_or_document_nested_too_deep_is_told() -> None:
    root: dict[str, Any] = {}
    for _ in range(2_000):
        root = {"a": root}
    assert "the document is nested deeper than" in refusal({"target": "$..b", "update": {}}, root={**ROOT, "a": root})
    target = f"$[?{'(' * 20_000}@.a{')' * 20_000}]"
    assert "nested too deep" in refusal({"target": target, "update": {}})
