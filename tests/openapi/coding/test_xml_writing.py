"""XML written by its schema, and read back: OpenAPI 3.1 and 3.2, XML Object, whose examples these are in part."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncdyn.openapi.coding.xml_reading import decode_xml
from syncdyn.openapi.coding.xml_writing import encode_xml
from tests.openapi.coding.test_media import shape_of

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
NIL = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'
S: dict[str, Any] = {"type": "string"}
N: dict[str, Any] = {"type": "integer"}


def of(**members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members}


def named(schema: dict[str, Any], **xml: Any) -> dict[str, Any]:
    return {**schema, "xml": xml}


def many(items: dict[str, Any], **xml: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, "xml": xml}


WRITTEN: dict[str, tuple[dict[str, Any], Any, str]] = {
    "members": (of(id=N), {"id": 1, "ok": True}, "<a><id>1</id><ok>true</ok></a>"),
    "name": (of(id=named(N, name="no")), {"id": 1}, "<a><no>1</no></a>"),
    "attribute": (of(id=named(N, attribute=True)), {"id": 1}, '<a id="1"></a>'),
    "attribute of 3.2": (of(id=named(N, nodeType="attribute")), {"id": 1}, '<a id="1"></a>'),
    "null in an attribute": (of(id=named(N, attribute=True)), {"id": None}, "<a></a>"),
    "null": (of(id=S), {"id": None}, f"<a><id {NIL}></id></a>"),
    "array": (of(x=many(S)), {"x": ["1", "2"]}, "<a><x>1</x><x>2</x></a>"),
    "array of a name": (of(x=many(S, name="y")), {"x": ["1"]}, "<a><x>1</x></a>"),
    "items of a name": (of(x=many(named(S, name="i"), name="y")), {"x": ["1"]}, "<a><i>1</i></a>"),
    "wrapped": (of(x=many(S, wrapped=True)), {"x": ["1"]}, "<a><x><x>1</x></x></a>"),
    "wrapped in 3.2": (of(x=many(S, nodeType="element")), {"x": ["1"]}, "<a><x><x>1</x></x></a>"),
    "wrapped, of a name": (of(x=many(S, wrapped=True, name="y")), {"x": ["1"]}, "<a><y><y>1</y></y></a>"),
    "wrapped, items of a name": (
        of(x=many(named(S, name="i"), wrapped=True, name="y")), {"x": ["1"]}, "<a><y><i>1</i></y></a>"
    ),
    "arrays of arrays": (of(x=many(many(N))), {"x": [[1, 2], [3]]}, "<a><x><x>1</x><x>2</x></x><x><x>3</x></x></a>"),
    "null for an array": (of(x=many(S)), {"x": None}, "<a></a>"),
    "no items": (of(x=many(S)), {"x": []}, "<a></a>"),
    "text": (of(id=named(N, attribute=True), t=named(S, nodeType="text")), {"id": 1, "t": "x"}, '<a id="1">x</a>'),
    "CDATA": (of(t=named(S, nodeType="cdata")), {"t": "a]]>b"}, "<a><![CDATA[a]]]]><![CDATA[>b]]></a>"),
    "a line end in CDATA": (of(t=named(S, nodeType="cdata")), {"t": "a\r"}, "<a><![CDATA[a]]>&#13;<![CDATA[]]></a>"),
    "namespace": (named(of(id=N), namespace="urn:x"), {"id": 1}, '<a xmlns="urn:x"><id>1</id></a>'),
    "prefix": (
        named(of(id=named(N, prefix="p")), prefix="p", namespace="urn:x"), {"id": 1},
        '<p:a xmlns:p="urn:x"><p:id>1</p:id></p:a>',
    ),
    "prefix once more": (
        named(of(id=named(N, prefix="p", namespace="urn:x")), prefix="p", namespace="urn:x"), {"id": 1},
        '<p:a xmlns:p="urn:x"><p:id>1</p:id></p:a>',
    ),
    "prefix of an attribute": (
        of(id=named(N, prefix="p", namespace="urn:x", attribute=True)), {"id": 1}, '<a xmlns:p="urn:x" p:id="1"></a>'
    ),
    "namespace of an attribute": (of(id=named(N, namespace="urn:x", attribute=True)), {"id": 1}, '<a id="1"></a>'),
    "prefix without a namespace": (of(id=named(N, prefix="p")), {"id": 1}, "<a><id>1</id></a>"),
    "names that XML does not take": (of(), {"a b": 1, "1": 2, "ä": 3}, "<a><a_b>1</a_b><_1>2</_1><ä>3</ä></a>"),
    "characters that mean something": (of(), {"t": "<&>\r"}, "<a><t>&lt;&amp;&gt;&#13;</t></a>"),
    "line ends in an attribute": (of(t=named(S, attribute=True)), {"t": '"\n'}, '<a t="&quot;&#10;"></a>'),
}  # fmt: skip


@pytest.mark.parametrize(("schema", "value", "text"), WRITTEN.values(), ids=WRITTEN)
def test_a_value_is_written_as_its_schema_says(schema: dict[str, Any], value: Any, text: str) -> None:
    assert encode_xml(shape_of(schema), value, "a").decode() == HEAD + text


@pytest.mark.parametrize(("schema", "root"), [(S, "It"), (named(S, name="pet"), "pet")], ids=["component", "name"])
def test_the_root_is_called_as_the_schema_says(schema: dict[str, Any], root: str) -> None:
    assert encode_xml(shape_of(schema), "x").decode() == f"{HEAD}<{root}>x</{root}>"


def test_the_root_of_what_has_no_name_is_root() -> None:
    assert encode_xml(None, "x").decode() == f"{HEAD}<root>x</root>"


def test_what_xml_has_no_character_for_is_refused() -> None:
    with pytest.raises(ValueError, match=r"U\+0001, which XML cannot carry"):
        encode_xml(None, {"a": "\x01"})


def test_a_value_that_holds_itself_is_refused() -> None:
    value: dict[str, Any] = {}
    value["a"] = value
    with pytest.raises(ValueError, match="too deeply"):
        encode_xml(None, value)


_NO_XML = "\ufffe\uffff"
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters=_NO_XML, include_characters="\t\n\r")
)
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "string": TEXT,
    "integer": st.integers(),
    "number": st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
}
NAMES = st.sampled_from(
    [{}, {"name": "y"}, {"prefix": "p", "namespace": "urn:p"}, {"namespace": "urn:q"}, {"prefix": "r"}]
)
KINDS = st.sampled_from([*SCALARS])
PLAIN = st.builds(lambda kind, xml: {"type": kind, "xml": xml}, KINDS, NAMES)
OR_NULL = st.builds(lambda kind, xml: {"type": [kind, "null"], "xml": xml}, KINDS, NAMES)
ATTRIBUTE = st.builds(lambda kind, xml: {"type": kind, "xml": {**xml, "attribute": True}}, KINDS, NAMES)
OWN_TEXT = st.builds(
    lambda kind, node: {"type": kind, "xml": {"nodeType": node}}, KINDS, st.sampled_from(["text", "cdata"])
)


def objects(members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(_object, st.lists(members, max_size=4), NAMES, st.booleans())


def _object(members: list[dict[str, Any]], xml: dict[str, Any], is_required: bool) -> dict[str, Any]:
    """An object whose members are called differently in XML, too; wires that are no names among them."""
    properties = {f"{index} m": _renamed(schema, index) for index, schema in enumerate(members)}
    return {"type": "object", "xml": xml, "properties": properties, "required": [*properties] if is_required else []}


def _renamed(schema: dict[str, Any], index: int) -> dict[str, Any]:
    xml = schema.get("xml", {})
    renamed = {**schema, "xml": {**xml, **({"name": f"y{index}"} if "name" in xml else {})}}
    return {**renamed, "items": _renamed(schema["items"], index)} if "items" in schema else renamed


def arrays(items: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda item, xml, wrapped: many(item, **xml, wrapped=wrapped), items, NAMES, st.booleans())


SCHEMAS = st.recursive(PLAIN | OR_NULL, lambda inner: arrays(inner) | objects(inner | ATTRIBUTE), max_leaves=12)
TEXTUAL = st.builds(
    lambda attributes, text: _object([*attributes, text], {}, is_required=True), st.lists(ATTRIBUTE), OWN_TEXT
)


def values_of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    kind = schema["type"]
    if isinstance(kind, list):
        return st.none() | SCALARS[kind[0]]
    if kind == "array":
        return st.lists(values_of(schema["items"]), max_size=3)
    if kind != "object":
        return SCALARS[kind]
    members = {wire: _member_of(below, wire in schema["required"]) for wire, below in schema["properties"].items()}
    optional = {wire: members.pop(wire) for wire in [*members] if wire not in schema["required"]}
    return st.fixed_dictionaries(members, optional=optional)


def _member_of(schema: dict[str, Any], is_required: bool) -> st.SearchStrategy[Any]:
    """Values of a member; an array that nothing wraps is not told to be empty, but by being required."""
    is_bare = schema["type"] == "array" and not schema["xml"].get("wrapped")
    return values_of(schema) if is_required or not is_bare else values_of(schema).filter(bool)


@given((SCHEMAS | TEXTUAL).flatmap(lambda schema: st.tuples(st.just(schema), values_of(schema))))
def test_what_is_written_is_read_back(pair: tuple[dict[str, Any], Any]) -> None:
    schema, value = pair
    shape = shape_of(schema)
    assert decode_xml(shape, encode_xml(shape, value, "a")) == value


@given(st.recursive(TEXT, lambda inner: st.dictionaries(st.sampled_from("abc"), inner, min_size=1), max_leaves=8))
def test_texts_and_objects_need_no_schema(value: Any) -> None:
    assert decode_xml(None, encode_xml(None, value)) == value
