"""What notebooks show: tables, escaped and bounded, with nothing secret in them."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn.model import Types
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.showing import table
from tests.syncdyn.shop import DOCUMENT, KEY, Shop

TYPES = Types(Contract(Document(DOCUMENT)))
ITEM = TYPES.contract.shapes.at("#/paths/~1items~1mine/get/responses/200/content/application~1json/schema")
MANY = {"type": "array", "items": {"type": "object", "properties": {"a": {}, "b": {}}}}


@pytest.fixture
def client() -> Any:
    return Shop().client()


SHOWN = {
    "client": (lambda client: client, ["<td>items</td><td>get, put, mine</td>"]),
    "operations": (lambda client: client.operations, ["<td>GET /items/{id}</td><td>items/get</td><td>items</td>"]),
    "resource": (lambda client: client.items, ["<td>get</td><td>GET /items/{id}</td><td>Get one</td>"]),
    "method": (lambda client: client.items.get, ["<td>x_trace</td><td>header</td><td></td><td>Follows the call.</td>"]),
    "result": (lambda client: client.items.get(1), ["<td>id</td><td>7</td>", "<td>name</td><td>lamp</td>"]),
    "answer": (
        lambda client: client.with_raw_response.items.get(1),
        ["<td>status</td><td>200</td>", "content-type", "<td>name</td><td>lamp</td>"],
    ),
}


@pytest.mark.parametrize(("pick", "rows"), SHOWN.values(), ids=SHOWN)
def test_everything_shows_as_a_table(client: Any, pick: Any, rows: list[str]) -> None:
    html = pick(client)._repr_html_()
    assert all(row in html for row in rows)
    assert KEY not in html


def test_what_is_shown_is_escaped() -> None:
    html = TYPES.read(ITEM, {"id": 1, "<b>": "<script>&"})._repr_html_()
    assert "<td>&lt;b&gt;</td><td>&lt;script&gt;&amp;</td>" in html


def test_a_list_has_a_column_for_each_member() -> None:
    document = {"openapi": "3.1.0", "info": {"title": "S", "version": "1"}, "components": {"schemas": {"Many": MANY}}}
    types = Types(Contract(Document(document)))
    results = types.read(types.contract.shapes.at("#/components/schemas/Many"), [{"a": 1}, {"a": 2, "b": "x"}, 5])
    html = results._repr_html_()
    assert "<th>a</th><th>b</th><th>value</th>" in html
    assert "<tr><td>2</td><td>x</td><td></td></tr><tr><td></td><td></td><td>5</td></tr>" in html


def test_a_table_is_bounded_and_tells_what_it_leaves_out() -> None:
    html = table("T", ("n",), ([f"row {number} " + "x" * 500] for number in range(2000)), 2000)
    assert html.count("<tr>") == 51
    assert "and 1,950 more" in html
    assert len(html) < 10_000


def test_only_what_is_shown_is_made() -> None:
    rows = iter([(number,) for number in range(2000)])
    table("T", ("n",), rows, 2000)
    assert next(rows) == (50,)


def test_values_of_header_fields_are_not_shown(client: Any) -> None:
    answer = client.with_raw_response.items.get(1)
    assert "application/json" not in answer._repr_html_()
