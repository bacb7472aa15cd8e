"""Keys of YAML that are numbers, found where they stand."""

from __future__ import annotations

import pytest

from syncdyn.openapi.opening.bare_keys import bare_keys, double_keys


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a:\n  200: {}\n  '404': {}\n  default: {}", ["#/a/200"]),
        ("a: [x, {1: b}, {2: [y], 3: z}]", ["#/a/1/1", "#/a/2/2", "#/a/2/3"]),
        ("a: &one {200: b}\nc: *one\n201: d", ["#/a/200", "#/201"]),
        ("a/b: {200: c}", ["#/a~1b/200"]),
        ("a: 200\nb: !!str 5", []),
        ('{"200": {}}', []),
        ("200: [", ["#/200"]),
    ],
    ids=["in a mapping", "in lists", "beside aliases", "escaped", "values", "JSON", "faulty"],
)
def test_keys_without_quotes_are_found(text: str, wanted: list[str]) -> None:
    assert list(bare_keys(text)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("paths:\n  /a: {get: 1}\n  /b: {}\n  /a: {post: 2}", ["#/paths/~1a"]),
        ("a: {b: 1, c: {b: 2}}\nd: {b: 3}", []),
        ("a: 1\na: 2\na: 3", ["#/a", "#/a"]),
        ("x: &x {a: 1}\ny: {<<: *x, <<: *x, a: 2}", []),
        ('{"a": 1, "a": 2}', []),
    ],
    ids=["a path", "elsewhere", "three times", "merged", "JSON"],
)
def test_a_key_that_stands_twice_is_found(text: str, wanted: list[str]) -> None:
    assert list(double_keys(text)) == wanted
