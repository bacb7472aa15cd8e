"""YAML text -> JSON values: which scalar is what, keys, aliases, and texts that want to do harm."""

from __future__ import annotations

import math
import time
from typing import Any

import pytest
import yaml

from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.opening.parsing import parse
from syncdyn.openapi.opening.yaml_text import read_yaml

SCALARS = {
    "~": None,
    "Null": None,
    "true": True,
    "FALSE": False,
    "yes": "yes",
    "Off": "Off",
    "2024-01-31": "2024-01-31",
    "2024-01-31T10:00:00Z": "2024-01-31T10:00:00Z",
    "12:30:45": "12:30:45",
    "1_000": "1_000",
    "017": 17,
    "0o17": 15,
    "0x1F": 31,
    "-12": -12,
    "1e3": 1000.0,
    ".5": 0.5,
    "1.": 1.0,
    "-.inf": -math.inf,
    "1.2.3": "1.2.3",
    "-": "-",
    "'200'": "200",
    '"true"': "true",
    "!!str 12": "12",
    "! 12": "12",
    "!!int 12": 12,
    "!!float 1": 1.0,
    "!!timestamp 2024-01-31": "2024-01-31",
    "=": "=",
}


@pytest.fixture(params=["c", "python"])
def loader(request: pytest.FixtureRequest) -> Any:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader) if request.param == "c" else yaml.SafeLoader


@pytest.mark.parametrize(("text", "value"), [pytest.param(*item, id=item[0]) for item in SCALARS.items()])
def test_scalar_follows_the_core_schema(text: str, value: object) -> None:
    found = read_yaml(f"- {text}\n", "doc") if text != "-" else read_yaml("- '-'\n", "doc")
    assert found == [value]
    assert type(found[0]) is type(value)


def test_nan_is_a_number() -> None:
    assert math.isnan(read_yaml("- .nan\n", "doc")[0])


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("200", "200"),
        ("1.10", "1.10"),
        ("true", "true"),
        ("True", "true"),
        ("~", "null"),
        ("on", "on"),
        ("2024-01-31", "2024-01-31"),
        ("&a x", "x"),
    ],
)
def test_key_becomes_a_string(key: str, name: str) -> None:
    assert read_yaml(f"{key}: 1\n", "doc") == {name: 1}


def test_alias_stands_for_what_it_names() -> None:
    assert read_yaml("a: &x [1, &k k]\nb: *x\n*k : 2\n", "doc") == {"a": [1, "k"], "b": [1, "k"], "k": 2}


def test_own_key_wins_over_a_merged_one_and_an_earlier_merge_over_a_later() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {z: 3, <<: [*a, *b]}\n"
    assert read_yaml(text, "doc")["c"] == {"x": 1, "y": 1, "z": 3}


def test_quoted_merge_key_is_a_key() -> None:
    assert read_yaml("'<<': 1\n", "doc") == {"<<": 1}


def test_last_of_equal_keys_wins() -> None:
    assert read_yaml("a: 1\na: 2\n", "doc") == {"a": 2}


def test_text_without_a_document_is_none() -> None:
    assert read_yaml("# nothing\n", "doc") is None


FAULTS = {
    "syntax": ("a: 1\nb: c: d\n", "line 2, column 5", "mapping values"),
    "undefined alias": ("a: 1\nb: *x\n", "line 2, column 4", "no anchor &x"),
    "circle": ("a: &x\n  - *x\n", "line 2, column 5", "circle"),
    "circle by merge": ("a: &x\n  <<: *x\n", "line 2, column 7", "circle"),
    "merge of a text": ("a: 1\n<<: text\n", "line 2, column 5", "merge key"),
    "collection as key": ("a: 1\n? [b]\n: c\n", "line 2", "plain value"),
    "foreign tag": ("a: 1\nb: !!python/name:os.system x\n", "line 2, column 4", "tag"),
    "foreign collection tag": ("a: 1\nb: !!set {x}\n", "line 2, column 4", "tag"),
    "tag that does not fit": ("a: 1\nb: !!int x\n", "line 2, column 4", "does not fit"),
    "second document": ("a: 1\n---\nb: 1\n", "line 2, column 1", "second YAML document"),
    "control character": ("a: 1\nb: ü\x07\n", "line 2, column 5", ""),
    "endless number": ("a: 1\nb: " + "9" * 5000, "line 2, column 4", "digits"),
    "open bracket": ("a: 1\nb: [1,\n", "line 3, column 1", ""),
}


@pytest.mark.parametrize(("text", "place", "problem"), FAULTS.values(), ids=FAULTS)
def test_fault_is_told_with_its_place(text: str, place: str, problem: str, loader: Any) -> None:
    with pytest.raises(DocumentError) as caught:
        read_yaml(text, "doc.yaml", loader=loader)
    assert f"doc.yaml, {place}" in str(caught.value)
    assert problem in str(caught.value)


def test_fault_shows_the_line_with_a_mark_below() -> None:
    with pytest.raises(DocumentError) as caught:
        read_yaml("a: 1\nb: c: d\nc: 2\n", "doc")
    _, shown, mark = str(caught.value).split("\n")
    assert shown.strip() == "b: c: d"
    assert shown[mark.index("^")] == ":"


def doubling(opening: str, reference: str) -> str:
    lines = [f"a0: &a0 {opening.format('x', 'x')}"]
    lines += [f"a{n}: &a{n} {opening.format(reference.format(n - 1), reference.format(n - 1))}" for n in range(1, 60)]
    return "\n".join(lines)


BOMBS = {
    "doubling lists": (doubling("[{}, {}]", "*a{}"), "values"),
    "doubling objects": (doubling("{{l: {}, r: {}}}", "*a{}"), "values"),
    "long text repeated": (
        "a: &a " + "x" * 1_000_000 + "\nb: [" + ",".join(["*a"] * 1000) + "]",
        "values",
    ),
    "chain of aliases": (
        "- &a0 []\n" + "\n".join(f"- &a{n} [*a{n - 1}]" for n in range(1, 10_000)),
        "500 levels",
    ),
    "deep flow sequences": ("[" * 10_000 + "]" * 10_000, "500 levels"),
    "deep flow mappings": ("{a: " * 10_000 + "1" + "}" * 10_000, "500 levels"),
    "deep block sequences": ("- " * 10_000 + "x\n", "500 levels"),
    "deep JSON arrays": ('{"a":' + "[" * 10_000 + "]" * 10_000 + "}", "500 levels"),
    "deep JSON objects": ('{"a":' * 100_000 + "1" + "}" * 100_000, "500 levels"),
    "JSON just too deep": ('{"a":' * 501 + "1" + "}" * 501, "500 levels"),
}


@pytest.mark.parametrize(("text", "problem"), BOMBS.values(), ids=BOMBS)
def test_bomb_is_refused_soon(text: str, problem: str) -> None:
    began = time.monotonic()
    with pytest.raises(DocumentError, match=problem):
        parse(text, "bomb")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("text", ['{"a":' * 500 + "1" + "}" * 500, "[" * 500 + "]" * 500], ids=["JSON", "YAML"])
def test_nesting_of_500_levels_is_read(text: str) -> None:
    assert parse(text, "doc")
