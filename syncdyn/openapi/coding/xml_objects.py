"""What the XML Object of a schema says: how a value is called in XML, and as which kind of node it stands.

Source: OpenAPI 3.1 and, for `nodeType`, 3.2, XML Object; XML 1.0, section 2.3, for names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from syncdyn.openapi.coding.texts import is_only
from syncdyn.openapi.messages import OBJECT

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json
    from syncdyn.openapi.schemas.shapes import Shape

#: The namespace of `xsi:nil`, which makes an element null. Source: XML Schema 1.0, section 2.6.2.
XSI = "http://www.w3.org/2001/XMLSchema-instance"

#: What a name begins with, without what lies beyond U+FFFF: readers of the editions before the fifth refuse that.
_START = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z_0-9.-]*")
_COMPONENTS = "#/components/schemas/"
_ROOT = "root"


def xml_of(shape: Shape | None) -> Mapping[str, Json]:
    """The XML Object of a shape, empty where it has none."""
    stated = shape.schema.get("xml") if shape is not None else None
    return stated if isinstance(stated, OBJECT) else {}


def name_of(shape: Shape | None, otherwise: str) -> str:
    """What an element or attribute is called, without its prefix: as stated, else as the value is."""
    stated = xml_of(shape).get("name")
    return spelled(stated if isinstance(stated, str) and stated else otherwise)


def item_name(shape: Shape | None, wire: str) -> str:
    """What the items of an array are called; the name of the array itself counts where it is wrapped alone."""
    return name_of(shape.items if shape else None, name_of(shape, wire) if is_wrapped(shape) else wire)


def root_name(shape: Shape | None, otherwise: str = _ROOT) -> str:
    """What the element of a whole body is called: as stated, else as the component."""
    pointer = shape.pointer if shape else ""
    is_component = pointer.startswith(_COMPONENTS) and "/" not in pointer[len(_COMPONENTS) :]
    return name_of(shape, shape.name if shape and is_component else otherwise)


def is_wrapped(shape: Shape | None) -> bool:
    """Whether an array has an element of its own around its items."""
    stated = xml_of(shape)
    return stated.get("wrapped") is True or stated.get("nodeType") == "element"


def is_bare(shape: Shape | None) -> bool:
    """Whether it is an array that has none: its items stand among the members of the object."""
    return is_only(shape, "array") and not is_wrapped(shape)


def is_attribute(shape: Shape | None) -> bool:
    """Whether a text, number or boolean is an attribute."""
    stated = xml_of(shape)
    return stated.get("attribute") is True or stated.get("nodeType") == "attribute"


def is_text(shape: Shape | None) -> bool:
    """Whether a text, number or boolean is the text of the object's own element."""
    return xml_of(shape).get("nodeType") in ("text", "cdata")


def spelled(name: str) -> str:
    """A name that XML takes: what it does not take is an underscore."""
    return name if _PLAIN.fullmatch(name) else _no_name().sub("_", name) or "_"


@cache
def _no_name() -> re.Pattern[str]:
    """What is not in names. Compiled where it is needed, for that takes longer than all else here."""
    return re.compile(rf"[^{_START}.0-9\xb7\u0300-\u036f\u203f\u2040-]|^(?=[^{_START}])")
