"""XML text -> the value that a schema describes, by the `xml` objects of the schema where it has some.

Source: OpenAPI 3.1 and, for `nodeType` and null, 3.2, XML Object.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from syncdyn.openapi.coding import xml_objects
from syncdyn.openapi.coding.texts import decode_text, is_only, is_unwritten_array, types_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from syncdyn.openapi.messages import Json
    from syncdyn.openapi.schemas.shapes import Field, Shape

_NIL = f"{{{xml_objects.XSI}}}nil"


def decode_xml(shape: Shape | None, body: bytes) -> Json:
    """The value in an XML body: its root is the value, whatever the root is called.

    An array that is not wrapped and writes no element is empty where it is required and may be empty, else absent.
    Members that the shape does not declare are objects and texts; of a text among elements nothing is kept.
    Raises MalformedBody for what is no XML, or has a document type, or is nested too deeply.
    """
    # Programs without XML do without its parser.
    from syncdyn.openapi.coding.xml_parsing import parse_xml

    return _value(parse_xml(body), shape)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _by_name(element: Element) -> dict[str, list[Element]]:
    found: dict[str, list[Element]] = {}
    for child in element:
        found.setdefault(_local(child.tag), []).append(child)
    return found


def _value(element: Element, shape: Shape | None) -> Json:
    if element.get(_NIL) in ("true", "1"):
        return None
    types = types_of(shape)
    if is_only(shape, "array"):
        return _items(element, shape)
    if "object" in types and (len(element) or element.attrib or is_only(shape, "object")):
        return _object(element, shape) if _has_members(element, shape) else element.text
    if len(element):
        return _plain(element)
    text = element.text or ""
    return decode_text(text if "string" in types else text.strip(), shape)


def _items(elements: Iterable[Element], shape: Shape | None) -> list[Json]:
    items = shape.items if shape else None
    return [_value(element, items) for element in elements]


def _has_members(element: Element, shape: Shape | None) -> bool:
    """Whether an element can be an object: a text alone is one only where a member is that text."""
    if len(element) or not (element.text or "").strip():
        return True
    return any(xml_objects.is_text(member.shape) for member in (shape.all_fields if shape else {}).values())


def _object(element: Element, shape: Shape | None) -> dict[str, Json]:
    found: dict[str, Json] = {}
    children = _by_name(element)
    attributes = {_local(key): text for key, text in element.attrib.items()}
    for wire, member in (shape.all_fields if shape else {}).items():
        for value in _member(wire, member, element, attributes, children):
            found[wire] = value
    return _others(children, shape) | found


def _member(
    wire: str, member: Field, element: Element, attributes: Mapping[str, str], children: dict[str, list[Element]]
) -> Iterator[Json]:
    """The value of a member, if it has one; its elements are taken out."""
    shape = member.shape
    name = xml_objects.name_of(shape, wire)
    if xml_objects.is_attribute(shape) and name in attributes:
        yield decode_text(attributes[name], shape)
    elif xml_objects.is_text(shape):
        text = _text(element, shape)
        if text or member.is_required:
            yield decode_text(text, shape)
    elif xml_objects.is_bare(shape):
        items = children.pop(xml_objects.item_name(shape, wire), [])
        if items or is_unwritten_array(member):
            yield _items(items, shape)
    elif name in children:
        yield _of_one_name(children.pop(name), shape)


def _others(children: Mapping[str, list[Element]], shape: Shape | None) -> dict[str, Json]:
    """The members that are not declared."""
    values = shape.values if shape else None
    is_bare = values is not None and xml_objects.is_bare(values)
    return {name: _items(same, values) if is_bare else _of_one_name(same, values) for name, same in children.items()}


def _of_one_name(same: list[Element], shape: Shape | None) -> Json:
    """The value of elements that are called alike; several for anything but an array stay several, to be judged."""
    if len(same) > 1:
        return _items(same, shape)
    return _value(same[0], shape) if shape is not None else _plain(same[0])


def _text(element: Element, shape: Shape) -> str:
    """The text of an element without that of its children; between elements, blanks are layout."""
    text = "".join([element.text or "", *(child.tail or "" for child in element)])
    return text if "string" in types_of(shape) and not len(element) else text.strip()


def _plain(element: Element) -> Json:
    """An element of which no schema tells."""
    if not len(element):
        return element.text or ""
    return {name: _of_one_name(same, None) for name, same in _by_name(element).items()}
