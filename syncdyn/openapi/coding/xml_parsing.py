"""The bytes of an XML text -> its root element; without document types, and so without entities, and not too deep."""

from __future__ import annotations

from typing import NoReturn
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from syncdyn.openapi.coding.malformed import MalformedBody

_MOST_DEPTH = 200


def parse_xml(body: bytes) -> Element:
    """The root of an XML text, in the encoding that it says itself.

    Raises MalformedBody for what is no XML, or has a document type, or is nested too deeply.
    """
    reader: XMLParser[Element] = XMLParser(target=_Builder())
    try:
        reader.feed(body)
        root = reader.close()
    except MalformedBody:
        raise
    except (ParseError, LookupError, ValueError) as error:
        # Of an encoding that is not known, or not read, Python tells by the latter two.
        raise MalformedBody(f"the body is no XML: {error}") from None
    _refuse_depth(root)
    return root


class _Builder(TreeBuilder):
    """Puts elements together."""

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> NoReturn:
        # Entities are what makes a small text large, or reads files.
        raise MalformedBody("the XML has a document type, which is not read")


def _refuse_depth(root: Element) -> None:
    level = [root]
    for _ in range(_MOST_DEPTH):
        level = [child for element in level for child in element]
        if not level:
            return
    raise MalformedBody(f"the XML is nested more than {_MOST_DEPTH} deep")
