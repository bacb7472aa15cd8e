"""A value -> XML text, by the `xml` objects of its schema where it has some; `xml_reading` is the way back.

Source: OpenAPI 3.1 and, for `nodeType` and null, 3.2, XML Object; XML 1.0, section 2.2, for the characters there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from syncdyn.openapi.coding import xml_objects
from syncdyn.openapi.coding.texts import encode_text, member_shape

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json
    from syncdyn.openapi.schemas.shapes import Shape

#: The attributes of an element, and the namespaces in force: `xmlns` and `xmlns:prefix` -> address.
_Attributes: TypeAlias = "dict[str, str]"

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]|[\ud800-\udfff]|\ufffe|\uffff")
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_IN_TEXT = str.maketrans(_ESCAPED)
#: There, a reader would take line ends and tabs for blanks, too.
_IN_ATTRIBUTE = str.maketrans({**_ESCAPED, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"})
_NOTHING_KNOWN: Mapping[str, str] = {"xmlns:xml": "http://www.w3.org/XML/1998/namespace"}


def encode_xml(shape: Shape | None, value: Json, root: str = "") -> bytes:
    """The XML of a value; its root is called as given, else by `xml.name`, else as the component.

    Members are elements, or attributes where `xml.attribute` says so; the items of an array are elements of the
    array's name, inside one more element where it is `wrapped`. An array that is not wrapped and has no items
    writes nothing. What XML takes in no name is an underscore.
    Raises ValueError for a text that XML cannot carry, and for what is nested too deeply.
    """
    try:
        text = _element(root or xml_objects.root_name(shape), value, shape, _NOTHING_KNOWN)
    except RecursionError:
        raise ValueError("the value is nested too deeply for XML, or holds itself") from None
    return f"{_DECLARATION}{text}".encode()


def is_xml_text(shape: Shape | None, text: str) -> bool:
    """Whether a text is XML itself, and not a value that goes into an element, where the schema has texts."""
    return text.lstrip("\ufeff \t\r\n").startswith("<") or shape is None or "string" not in shape.types


def write_elements(wire: str, value: Json, shape: Shape | None = None) -> str:
    """The elements of a member, without declaration: as many as an array has items, unless it is wrapped."""
    return "".join(_elements(wire, value, shape, _NOTHING_KNOWN))


def _elements(wire: str, value: Json, shape: Shape | None, known: Mapping[str, str]) -> Iterator[str]:
    if isinstance(value, list | tuple) and not xml_objects.is_wrapped(shape):
        yield from _items(xml_objects.item_name(shape, wire), value, shape, known)
    elif value is not None or not xml_objects.is_bare(shape):
        yield _element(xml_objects.name_of(shape, wire), value, shape, known)


def _items(name: str, values: Any, shape: Shape | None, known: Mapping[str, str]) -> Iterator[str]:
    items = shape.items if shape else None
    for value in values:
        yield _element(name, value, items, known)


def _element(name: str, value: Json, shape: Shape | None, known: Mapping[str, str]) -> str:
    attributes = _namespace(shape, known)
    if isinstance(value, Mapping):
        attributes |= _attributes(value, shape, {**known, **attributes})
    elif value is None and shape is not None:
        attributes |= {"xmlns:xsi": xml_objects.XSI, "xsi:nil": "true"}
    known = {**known, **attributes}
    head = "".join(f' {key}="{text.translate(_IN_ATTRIBUTE)}"' for key, text in attributes.items())
    name = _prefixed(name, shape, known)
    return f"<{name}{head}>{_inside(name, value, shape, known)}</{name}>"


def _inside(name: str, value: Json, shape: Shape | None, known: Mapping[str, str]) -> str:
    if isinstance(value, Mapping):
        return "".join(_members(value, shape, known))
    if isinstance(value, list | tuple):
        items = xml_objects.name_of(shape.items if shape else None, name.rpartition(":")[2])
        return "".join(_items(items, value, shape, known))
    return _escaped(value)


def _attributes(value: Mapping[str, Json], shape: Shape | None, known: Mapping[str, str]) -> _Attributes:
    """Those members that are attributes, and the namespaces of their prefixes; null is none."""
    found: _Attributes = {}
    for wire, member in value.items():
        below = member_shape(shape, wire)
        if member is not None and xml_objects.is_attribute(below) and not _is_nested(member):
            # Without a prefix an attribute has no namespace: what is declared would be that of the element.
            found |= {key: address for key, address in _namespace(below, known).items() if key != "xmlns"}
            found[_prefixed(xml_objects.name_of(below, wire), below, {**known, **found})] = _fit(member)
    return found


def _members(value: Mapping[str, Json], shape: Shape | None, known: Mapping[str, str]) -> Iterator[str]:
    for wire, member in value.items():
        below = member_shape(shape, wire)
        is_plain = not _is_nested(member)
        if is_plain and xml_objects.is_text(below):
            yield _cdata(member) if xml_objects.xml_of(below)["nodeType"] == "cdata" else _escaped(member)
        elif not (is_plain and xml_objects.is_attribute(below)):
            yield from _elements(wire, member, below, known)


def _is_nested(value: Json) -> bool:
    return isinstance(value, Mapping | list | tuple)


def _namespace(shape: Shape | None, known: Mapping[str, str]) -> _Attributes:
    """The declaration of the namespace that is stated, unless it is in force."""
    stated = xml_objects.xml_of(shape)
    address, prefix = stated.get("namespace"), stated.get("prefix")
    if not isinstance(address, str) or not address:
        return {}
    key = f"xmlns:{xml_objects.spelled(prefix)}" if isinstance(prefix, str) and prefix else "xmlns"
    return {} if known.get(key) == address else {key: _fit(address)}


def _prefixed(name: str, shape: Shape | None, known: Mapping[str, str]) -> str:
    """The name with the prefix that is stated, unless it belongs to no namespace: that would be no XML."""
    prefix = xml_objects.xml_of(shape).get("prefix")
    prefix = xml_objects.spelled(prefix) if isinstance(prefix, str) else ""
    return f"{prefix}:{name}" if f"xmlns:{prefix}" in known else name


def _escaped(value: Json) -> str:
    return _fit(value).translate(_IN_TEXT)


def _cdata(value: Json) -> str:
    """A text as it stands; its end, and a line end that a reader would change, lie between two sections."""
    text = _fit(value).replace("]]>", "]]]]><![CDATA[>").replace("\r", "]]>&#13;<![CDATA[")
    return f"<![CDATA[{text}]]>"


def _fit(value: Json) -> str:
    text = encode_text(value)
    unfit = _UNFIT.search(text)
    if unfit:
        raise ValueError(f"the text holds the character U+{ord(unfit[0]):04X}, which XML cannot carry")
    return text
