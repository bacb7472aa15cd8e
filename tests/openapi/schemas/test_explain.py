"""A broken schema rule, told: where, what was found, what is allowed, what was meant."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.wording import show

IT = "#/components/schemas/It"

CAT: dict[str, Any] = {
    "type": "object",
    "required": ["kind", "name"],
    "properties": {"kind": {"type": "string"}, "name": {"type": "string"}, "lives": {"type": "integer"}},
}
DOG: dict[str, Any] = {
    "type": "object",
    "required": ["kind", "bark"],
    "properties": {"kind": {"type": "string"}, "name": {"type": "integer"}, "bark": {"type": "boolean"}},
}
CIRCLE: dict[str, Any] = {
    "type": "object",
    "required": ["type", "radius"],
    "properties": {"type": {"const": "circle"}, "radius": {"type": "number"}},
}
SQUARE: dict[str, Any] = {
    "type": "object",
    "required": ["type", "side"],
    "properties": {"type": {"enum": ["square"]}, "side": {"type": "number"}},
}
REFERENCES = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]


def told(
    schema: Any,
    value: Any,
    direction: Direction = Direction.REQUEST,
    version: str = "3.1.0",
    formats: dict[str, None] | None = None,
    **others: Any,
) -> tuple[Violation, ...]:
    schemas = {"It": schema, "Cat": CAT, "Dog": DOG, **others}
    contract = Contract(Document({"openapi": version, "components": {"schemas": schemas}}), formats)
    return contract.schemas.violations(IT, value, direction, "body")


def of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


RULES: dict[str, tuple[Any, Any, str]] = {
    "type": ({"type": "string"}, [], "body: expected a string, found an array []"),
    "types": ({"type": ["integer", "null"]}, True, "body: expected an integer or null, found a boolean true"),
    "type, null found": ({"type": "object"}, None, "body: expected an object, found null"),
    "enum": ({"enum": ["a", "b"]}, "zzz", 'body: "zzz" is not one of "a", "b"'),
    "const": ({"const": "a"}, "zzz", 'body: "zzz" is not "a", the only value allowed'),
    "pattern": ({"pattern": "^a"}, "b", 'body: "b" does not match the pattern ^a'),
    "minimum": ({"minimum": 2}, 1, "body: 1 is less than the minimum, 2"),
    "maximum": ({"maximum": 2}, 2.5, "body: 2.5 is more than the maximum, 2"),
    "exclusiveMinimum": ({"exclusiveMinimum": 2}, 2, "body: 2 is not more than 2"),
    "exclusiveMaximum": ({"exclusiveMaximum": 2}, 2, "body: 2 is not less than 2"),
    "multipleOf": ({"multipleOf": 5}, 7, "body: 7 is not a multiple of 5"),
    "minLength": ({"minLength": 3}, "a", "body: 1 character long, shorter than the minimum, 3"),
    "maxLength": ({"maxLength": 3}, "aaaa", "body: 4 characters long, longer than the maximum, 3"),
    "minItems": ({"minItems": 2}, [1], "body: 1 item, fewer than the minimum, 2"),
    "maxItems": ({"maxItems": 1}, [1, 2], "body: 2 items, more than the maximum, 1"),
    "minProperties": ({"minProperties": 1}, {}, "body: 0 properties, fewer than the minimum, 1"),
    "maxProperties": (
        {"maxProperties": 1},
        {"a": 1, "b": 2},
        "body: 2 properties, more than the maximum, 1",
    ),
    "uniqueItems": ({"uniqueItems": True}, [1, 1], "body: the same item stands in it more than once"),
    "contains": (
        {"contains": {"type": "string"}},
        [1, 2],
        "body: too few of its 2 items: at least 1 must be a string",
    ),
    "minContains": (
        {"contains": {"$ref": "#/components/schemas/Cat"}, "minContains": 2},
        [1],
        "body: too few of its 1 item: at least 2 must be Cat",
    ),
    "maxContains": (
        {"contains": {"enum": ["a", "b"]}, "maxContains": 1},
        ["a", "b"],
        'body: too many of its 2 items: at most 1 may be one of "a", "b"',
    ),
    "contains what is not plain": (
        {"contains": {"minimum": 5, "multipleOf": 2}},
        [1],
        'body: too few of its 1 item: at least 1 must be of the schema {"minimum": 5, "multipleOf": 2}',
    ),
    "unevaluatedItems": (
        {"prefixItems": [{}], "unevaluatedItems": False},
        [1, 2],
        "body: 2 is more than may stand in it",
    ),
    "propertyNames": (
        {"propertyNames": {"pattern": "^a"}},
        {"b": 1},
        'body.b: this name is not allowed: "b" does not match the pattern ^a',
    ),
    "false": ({"properties": {"a": False}}, {"a": 1}, "body.a: 1 must not be here"),
    "no names": ({"propertyNames": False}, {"a": 1}, "body: it must have no properties"),
    "not": ({"not": {"type": "string"}}, "x", 'body: "x" is not allowed: it must not be a string'),
    "not required": (
        {"not": {"required": ["a", "b"]}},
        {"a": 1, "b": 2},
        """body: {"a": 1, "b": 2} is not allowed: it must not be an object with 'a' and 'b'""",
    ),
    "not a pattern": (
        {"not": {"pattern": "^x"}},
        "x",
        'body: "x" is not allowed: it must not be a text that matches ^x',
    ),
    "more items than by place": (
        {"prefixItems": [{}], "items": False},
        [1, 2],
        "body[1]: 2 is more than may stand in it: 1 item",
    ),
    "unevaluatedItems of a kind": (
        {"prefixItems": [{}], "unevaluatedItems": {"const": "a"}},
        [1, 2],
        'body: 2 must be "a"',
    ),
    "unevaluatedProperties of a kind": (
        {"properties": {"a": {}}, "unevaluatedProperties": {"type": ["string", "null"]}},
        {"b": 1},
        "body.b: 1 is not a string or null, as an undeclared property must be",
    ),
    "patternProperties": (
        {"patternProperties": {"^x-": {"type": "string"}}},
        {"x-a": 1},
        'body.x-a: expected a string, found an integer 1 (did you mean "1"?)',
    ),
    "patternProperties alone": (
        of(a={}) | {"patternProperties": {"^x-": {}}},
        {"zzz": 1},
        "body.zzz: unknown property; known: a, those that match ^x-",
    ),
    "if and then": (
        {"if": {"required": ["a"]}, "then": {"properties": {"a": {"maxLength": 1}}}},
        {"a": "xy"},
        "body.a: 2 characters long, longer than the maximum, 1, since a is there",
    ),
    "dependentSchemas": (
        {"dependentSchemas": {"a": False}},
        {"a": 1},
        "body: 'a' must not be given here",
    ),
    "required": (of(a={}) | {"required": ["a"]}, {}, "body.a: missing (required)"),
    "dependentRequired": ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, "body.b: missing (required beside 'a')"),
    "dependencies": ({"dependencies": {"a": ["b"]}}, {"a": 1}, "body.b: missing (required beside 'a')"),
    "additionalProperties": (of(a={}, b={}), {"zzz": 1}, "body.zzz: unknown property; known: a, b"),
    "nothing known": ({"additionalProperties": False}, {"z": 1}, "body.z: unknown property; known: none"),
    "unevaluatedProperties": (
        {"unevaluatedProperties": False, "allOf": [{"properties": {"a": {}}}]},
        {"zzz": 1},
        "body.zzz: unknown property; known: a",
    ),
    "deep": (
        of(a={"items": of(b={"type": "null"})}),
        {"a": [{}, {"b": 1}]},
        "body.a[1].b: expected null, found an integer 1",
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_broken_rule_is_told_where_and_how(rule: str) -> None:
    schema, value, message = RULES[rule]
    assert [str(violation) for violation in told(schema, value)] == [message]


def test_a_format_that_is_asserted_is_named() -> None:
    (violation,) = told({"format": "regex"}, "{x}(", formats={"regex": None})
    assert str(violation) == "body: \"{x}(\" is not of the format 'regex'"


HINTS: dict[str, tuple[Any, Any, str | None]] = {
    "misspelt name": (of(webhookUrl={}), {"webhookUlr": 1}, "did you mean 'webhookUrl'?"),
    "name in another case": (of(webhookUrl={}), {"webhook_url": 1}, "did you mean 'webhookUrl'?"),
    "name with other separators": (of(**{"x-y": {}}), {"X_Y": 1}, "did you mean 'x-y'?"),
    "a name that is there is not meant": (of(name={}, names={}), {"name": 1, "nam": 1}, "did you mean 'names'?"),
    "required name misspelt": (
        {"required": ["webhookUrl"], "properties": {"webhookUrl": {}}},
        {"WEBHOOK_URL": 1},
        "'WEBHOOK_URL' is there: was it meant?",
    ),
    "required by a part, another declared": (
        {"allOf": [{"required": ["names"]}], "properties": {"name": {}}},
        {"name": 1},
        None,
    ),
    "required name, another declared": ({"required": ["names"], "properties": {"name": {}}}, {"name": 1}, None),
    "enum value": ({"enum": ["queued", "done"]}, "Queud", "did you mean 'queued'?"),
    "enum value, separators": ({"enum": ["lipsync-2"]}, "LIPSYNC_2", "did you mean 'lipsync-2'?"),
    "enum value far off": ({"enum": ["queued", "done"]}, "xyz", None),
    "enum of another type": ({"enum": [1, 2]}, "2", "did you mean 2?"),
    "enum of texts, number found": ({"enum": ["1", "2"]}, 2, 'did you mean "2"?'),
    "const": ({"const": "circle"}, "Circle", "did you mean 'circle'?"),
    "text for an integer": ({"type": "integer"}, "30", "did you mean 30?"),
    "text for a number": ({"type": "number"}, "30", "did you mean 30?"),
    "text for a boolean": ({"type": "boolean"}, "True", "did you mean true?"),
    "text of another type": ({"type": "integer"}, "true", None),
    "text that is nothing": ({"type": "integer"}, "many", None),
    "number for a text": ({"type": "string"}, 1.5, 'did you mean "1.5"?'),
    "boolean for a text": ({"type": "string"}, True, None),
    "one for a list": ({"type": "array"}, {"a": 1}, "did you mean a list of one?"),
    "null for a list": ({"type": "array"}, None, None),
    "nested too deep to read": ({"type": "integer"}, "[" * 100_000, None),
}


@pytest.mark.parametrize("case", HINTS)
def test_what_was_meant_is_asked(case: str) -> None:
    schema, value, hint = HINTS[case]
    violations = told(schema, value)
    assert violations
    assert [violation.hint for violation in violations] == [hint]


def test_a_value_nested_too_deep_to_be_shown_is_named_by_its_type() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    assert show(value) == "list"


def test_long_values_are_cut() -> None:
    (violation,) = told({"type": "integer"}, "x" * 500)
    assert violation.message == f'expected an integer, found a string "{"x" * 79}... (502 characters)'


def test_of_many_allowed_values_a_dozen_is_shown() -> None:
    (violation,) = told({"enum": list(range(20))}, "x")
    assert violation.message.endswith("10, 11 and 8 more")
    assert violation.allowed == tuple(range(20))


def test_all_faults_are_told_at_once_in_the_order_of_the_message() -> None:
    schema = of(a={"type": "string"}, b={"items": {"maximum": 1}}, c={}) | {"required": ["c"]}
    value = {"zzz": 1, "b": [5, 0, 6], "a": 2}
    assert [violation.where for violation in told(schema, value)] == [
        "body.zzz",
        "body.b[0]",
        "body.b[2]",
        "body.a",
        "body.c",
    ]


def test_a_fault_that_two_rules_share_is_told_once() -> None:
    schema = {"allOf": [{"required": ["a"]}, {"required": ["a"]}]}
    assert [violation.where for violation in told(schema, {})] == ["body.a"]


def test_allowed_values_say_the_type_as_well() -> None:
    (violation,) = told({"type": "string", "enum": ["1", "2"]}, 2)
    assert violation.keyword == "enum"


def test_a_violation_carries_its_facts() -> None:
    (violation,) = told(of(a={"type": "integer", "maximum": 3}), {"a": 4})
    assert (violation.keyword, violation.found, violation.allowed) == ("maximum", 4, 3)
    assert violation.schema_pointer == f"{IT}/properties/a/maximum"


UNION_BY_NAME = {"oneOf": REFERENCES, "discriminator": {"propertyName": "kind"}}
UNION_BY_MAPPING = {
    "oneOf": REFERENCES,
    "discriminator": {"propertyName": "kind", "mapping": {"c": "Cat", "d": "#/components/schemas/Dog"}},
}
UNION_OF_CONSTANTS = {"oneOf": [CIRCLE, SQUARE]}
OPEN_UNION = {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "object", "required": ["a"]}]}
NULLABLE_UNION = {"nullable": True, "oneOf": [{"type": "string"}, {"type": "boolean"}]}
NESTED = {"oneOf": [{"type": "string"}, {"oneOf": [CIRCLE, SQUARE]}]}
#: Cats and dogs in a union of their own, told apart by `kind` like the birds beside them.
ANIMALS: dict[str, Any] = {
    "oneOf": [{"oneOf": REFERENCES}, {"$ref": "#/components/schemas/Bird"}],
    "discriminator": {"propertyName": "kind", "mapping": {"cat": "Cat", "dog": "Dog", "bird": "Bird"}},
}
BIRD = {"type": "object", "required": ["wings"], "properties": {"kind": {"type": "string"}}}

UNIONS: dict[str, tuple[Any, Any, list[str]]] = {
    "discriminator by name": (
        UNION_BY_NAME,
        {"kind": "Cat", "lives": "9"},
        ['body.lives: expected an integer, found a string "9" (did you mean 9?)', "body.name: missing (required)"],
    ),
    "discriminator mapped to a name": (
        UNION_BY_MAPPING,
        {"kind": "c", "lives": "9", "name": 3, "bark": 1},
        [
            'body.lives: expected an integer, found a string "9" (did you mean 9?)',
            'body.name: expected a string, found an integer 3 (did you mean "3"?)',
        ],
    ),
    "discriminator mapped to a reference": (
        UNION_BY_MAPPING,
        {"kind": "d", "name": "x", "lives": 1.5},
        ['body.name: expected an integer, found a string "x"', "body.bark: missing (required)"],
    ),
    "discriminator missing": (UNION_BY_MAPPING, {"name": []}, ['body.kind: missing (required): "c", "d"']),
    "discriminator unknown": (
        UNION_BY_NAME,
        {"kind": "cta", "name": []},
        ['body.kind: "cta" is not one of "Cat", "Dog" (did you mean \'Cat\'?)'],
    ),
    "discriminator of a wrong type": (
        UNION_BY_MAPPING,
        {"kind": ["c"], "name": []},
        ['body.kind: ["c"] is not one of "c", "d"'],
    ),
    "discriminator in a nested union": (
        ANIMALS,
        {"kind": "cat", "name": []},
        ["body.name: expected a string, found an array []"],
    ),
    "discriminator, but no object": (
        UNION_BY_NAME,
        5,
        ["body: expected an object, found an integer 5"],
    ),
    "constant": (UNION_OF_CONSTANTS, {"type": "square"}, ["body.side: missing (required)"]),
    "constant unknown": (
        UNION_OF_CONSTANTS,
        {"type": "circel"},
        ['body.type: "circel" is not one of "circle", "square" (did you mean \'circle\'?)'],
    ),
    "constant missing": (
        UNION_OF_CONSTANTS,
        {"side": 1},
        ["body.type: missing (required)"],
    ),
    "a choice of several is no constant": (
        {
            "oneOf": [
                {"required": ["id"], "properties": {"state": {"enum": ["queued", "running"]}}},
                {"properties": {"state": {"enum": ["done"]}}},
            ]
        },
        {"state": "xyz"},
        ['body.state: "xyz" is not one of "done"'],
    ),
    "constants that are the same tell nothing": (
        {
            "oneOf": [
                {"properties": {"kind": {"const": "a"}, "object": {"const": "pet"}}},
                {"properties": {"kind": {"const": "b"}, "object": {"const": "pet"}}},
            ]
        },
        {"object": "pets", "kind": "b"},
        ['body.object: "pets" is not "pet", the only value allowed (did you mean \'pet\'?)'],
    ),
    "fewest faults": (
        {"oneOf": [of(a={}, b={}, c={}) | {"required": ["a", "b", "c"]}, of(a={}, x={}) | {"required": ["a", "x"]}]},
        {"a": 1},
        ["body.x: missing (required)"],
    ),
    "fewest unknown names": (
        {"oneOf": [of(a={}), of(b={}, c={})]},
        {"a": 1, "b": 2, "c": 3},
        ["body.a: unknown property; known: b, c"],
    ),
    "no type fits": (
        OPEN_UNION,
        1.5,
        ['body: expected a string or an integer or an object, found a number 1.5 (did you mean "1.5"?)'],
    ),
    "no type fits an object": (
        {"oneOf": [{"type": "string"}, {"type": "array"}]},
        {"a": 1},
        ['body: expected a string or an array, found an object {"a": 1} (did you mean a list of one?)'],
    ),
    "no type fits, with faults below": (
        {"anyOf": [{"type": "string", "properties": {"a": {"type": "null"}}}, {"type": "integer"}]},
        {"a": True},
        ['body: expected a string or an integer, found an object {"a": true}'],
    ),
    "the type decides": (OPEN_UNION, {}, ["body.a: missing (required)"]),
    "nested union": (NESTED, {"type": "circle"}, ["body.radius: missing (required)"]),
    "nested union, no type fits": (
        NESTED,
        5,
        ['body: expected a string or an object, found an integer 5 (did you mean "5"?)'],
    ),
    "nested union of another type": (
        {"anyOf": [{"anyOf": [{"type": "string"}, {"type": "integer"}]}, {"type": "object", "required": ["a"]}]},
        {},
        ["body.a: missing (required)"],
    ),
    "discriminator of a union that may be null": (
        UNION_BY_MAPPING | {"nullable": True},
        {"kind": "c", "lives": "9", "name": 3, "bark": 1},
        [
            'body.lives: expected an integer, found a string "9" (did you mean 9?)',
            'body.name: expected a string, found an integer 3 (did you mean "3"?)',
        ],
    ),
    "union that may be null": (
        NULLABLE_UNION,
        5,
        ['body: expected a string or a boolean or null, found an integer 5 (did you mean "5"?)'],
    ),
    "one of these is needed": (
        {
            "type": "object",
            "properties": {"a": {}, "b": {}, "c": {}},
            "anyOf": [{"required": [name]} for name in "abc"],
        },
        {},
        ["body: needs 'a', 'b' or 'c'"],
    ),
    "one of these is needed, misspelt": (
        {
            "properties": {"videoUrl": {}, "assetId": {}},
            "oneOf": [{"required": ["videoUrl"]}, {"required": ["assetId"]}],
        },
        {"asset_id": 1},
        ["body: needs 'videoUrl' or 'assetId' (did you mean 'assetId' instead of 'asset_id'?)"],
    ),
    "only one of these is allowed": (
        {"oneOf": [{"required": [name]} for name in "abc"]},
        {"a": 1, "b": 2},
        ["body: only one of 'a' or 'b' may be given"],
    ),
    "more than one form fits": (
        {"oneOf": [{"type": "string"}, {"maxLength": 3}, {"type": "integer"}]},
        "a",
        ["body: fits 2 forms, form 1 and form 2; it must fit exactly one"],
    ),
    "more than one form fits that has a name": (
        {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"title": "creature", "type": "object"}]},
        {"kind": "cat", "name": "Tom"},
        ["body: fits 2 forms, Cat and creature; it must fit exactly one"],
    ),
    "one name or two": ({"anyOf": [{"required": ["a"]}, {"required": ["b", "c"]}]}, {}, ["body.a: missing (required)"]),
    "one name or the rest of two": (
        {"anyOf": [{"required": ["a"]}, {"required": ["b", "c"]}]},
        {"b": 1},
        ["body: needs 'a' or 'c'"],
    ),
    "constants of items": (
        {"anyOf": [{"items": {"const": 1}}, {"items": {"const": 2}}]},
        [3],
        ["body[0]: 3 is not 1, the only value allowed"],
    ),
    "union beside a reference that leads nowhere": (
        {"oneOf": [{"required": ["a"], "$ref": "#/nowhere"}, {"required": ["a"], "maxProperties": 0}]},
        {"b": 1},
        ["body.a: missing (required)"],
    ),
}


@pytest.mark.parametrize("case", UNIONS)
def test_of_a_union_the_branch_that_was_meant_is_told(case: str) -> None:
    schema, value, messages = UNIONS[case]
    assert [str(violation) for violation in told(schema, value, Bird=BIRD)] == messages


def test_forms_that_overlap_are_told_in_a_nested_union() -> None:
    inner = {"oneOf": [{"type": "object"}, {"required": ["a"]}]}
    (violation,) = told({"anyOf": [inner, {"type": "string"}]}, {"a": 1})
    assert violation.message == "fits 2 forms, form 1 and form 2; it must fit exactly one"


RECEIVED: dict[str, tuple[Any, Any, bool]] = {
    "new enum value": ({"type": "string", "enum": ["a", "b"]}, "c", True),
    "new number": ({"enum": [1, 2]}, 3, True),
    "enum value of another type": ({"enum": ["a"]}, 3, False),
    "new discriminator": (UNION_BY_NAME, {"kind": "Fox", "name": []}, True),
    "new constant of a union": (UNION_OF_CONSTANTS, {"type": "oval"}, True),
    "discriminator of another type": (UNION_BY_NAME, {"kind": 1, "name": []}, False),
    "another constant": ({"const": "a"}, "b", False),
    "wrong type": ({"type": "string"}, 1, False),
}


@pytest.mark.parametrize("case", RECEIVED)
def test_values_of_tomorrow_are_tolerated_in_responses_only(case: str) -> None:
    schema, value, is_tolerated = RECEIVED[case]
    assert [one.is_tolerated for one in told(schema, value, Direction.RESPONSE)] == [is_tolerated]
    assert not any(one.is_tolerated for one in told(schema, value))


def test_a_recursive_schema_is_told_at_any_depth() -> None:
    tree = of(name={"type": "string"}, children={"type": "array", "items": {"$ref": IT}})
    (violation,) = told(tree, {"children": [{"name": "a"}, {"children": [{"name": 5}]}]})
    assert violation.where == "body.children[1].children[0].name"
    assert violation.schema_pointer == f"{IT}/properties/name/type"


@pytest.mark.parametrize("name", ["1", "01", "+1", "-1"])
def test_a_member_whose_name_looks_like_a_number_is_named_as_it_is(name: str) -> None:
    votes = of(**{name: {"type": "integer"}, "other": {"type": "integer"}})
    (violation,) = told(of(votes={"type": "array", "items": votes}), {"votes": [{"other": 1}, {name: "many"}]})
    assert violation.path == ("votes", 1, name)
    assert violation.schema_pointer == f"{IT}/properties/votes/items/properties/{name}/type"


@pytest.mark.parametrize("direction", Direction)
def test_a_branch_of_a_union_that_may_be_null_is_named_as_the_document_has_it(direction: Direction) -> None:
    union = UNION_OF_CONSTANTS | {"nullable": True}
    (violation,) = told(union, {"type": "circle"}, direction, version="3.0.3")
    assert str(violation) == "body.radius: missing (required)"
    assert violation.schema_pointer == f"{IT}/oneOf/0/required"


def test_a_format_is_not_told_beside_a_pattern_that_says_more() -> None:
    schema = {"type": "string", "format": "uri", "pattern": "^https?://"}
    assert [fault.keyword for fault in told(schema, "talk.mp4", formats={"uri": None})] == ["pattern"]
    only_format = {"type": "string", "format": "uri"}
    assert [fault.keyword for fault in told(only_format, "talk.mp4", formats={"uri": None})] == ["format"]


def test_a_rule_that_hangs_on_a_condition_names_it() -> None:
    when = {"properties": {"kind": {"const": "web"}}, "required": ["kind"]}
    limits = {"properties": {"then": {"minimum": 3}}}
    schema = {"if": when, "then": {"required": ["url"], **limits}, "else": {"required": ["path"]}, **limits}
    contract = Contract(Document({"openapi": "3.1.0", "paths": {}, "components": {"schemas": {"A": schema}}}))

    def told(value: object) -> list[str]:
        found = contract.schemas.violations("#/components/schemas/A", value, Direction.REQUEST, "body")
        return [str(one) for one in found]

    assert told({"kind": "web"}) == ['body.url: missing (required), since kind is "web"']
    assert told({"kind": "x"}) == ['body.path: missing (required), unless kind is "web"']
    assert told({"path": 1, "then": 1}) == ["body.then: 1 is less than the minimum, 3"]


def test_of_very_many_violations_the_first_thousand_are_told() -> None:
    found = told({"type": "array", "items": {"type": "string"}}, list(range(3000)))
    assert [violation.path for violation in found] == [(index,) for index in range(1000)]


def test_what_is_tolerated_hides_no_violation_behind_it() -> None:
    schema = {"type": "array", "items": {"enum": ["a"]}}
    found = told(schema, ["new" + str(n) for n in range(3000)] + [1], Direction.RESPONSE)
    assert [violation.path for violation in found if not violation.is_tolerated] == [(3000,)]


def test_what_was_meant_is_guessed_for_the_first_ones_alone() -> None:
    """Comparing names is slow, and nobody reads it for the thousandth time."""
    values = [f"value number {n}" for n in range(200)]
    found = told({"type": "array", "items": {"enum": values}}, ["valeu number 7"] * 1000)
    hints = [violation.hint is not None for violation in found]
    assert hints == [True] * 50 + [False] * 950


SURROGATES: dict[str, tuple[Any, Any]] = {
    "text": ({"type": "string"}, "\ud800"),
    "name": ({"additionalProperties": {"type": "integer"}}, {"\udfff": 1}),
}


@pytest.mark.parametrize(("schema", "value"), SURROGATES.values(), ids=SURROGATES)
def test_a_lone_surrogate_is_a_violation(schema: Any, value: Any) -> None:
    (found,) = told(schema, value)
    assert str(found) == "body: a text in it holds a lone surrogate, which is no character"
