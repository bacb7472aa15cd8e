"""All that a document promises, in one place."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn.openapi.contract import Contract, contract_of
from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.operations import Server
from syncdyn.openapi.schemas.formats import Formats
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.signatures import SignatureScheme

TEXT = {"schemas": {"Address": {"format": "ipv4"}}}


def contract(formats: Any = None, **members: Any) -> Contract:
    return Contract(Document({"openapi": "3.1.0", **members}), formats)


def asserts(promised: Contract) -> bool:
    return bool(promised.schemas.violations("#/components/schemas/Address", "x", Direction.REQUEST, "body"))


def test_what_the_root_says_is_read() -> None:
    promised = contract(
        paths={"/pets": {"get": {}}},
        webhooks={"sold": {"post": {}}},
        servers=[{"url": "https://example.org"}],
        components={"securitySchemes": {"key": {"type": "apiKey"}}},
        **{"x-a": 5, "x-syncdyn-webhook-signature": {"header": "X-Signature"}},
    )
    assert list(promised.operations) == ["GET /pets"]
    assert list(promised.webhooks) == ["sold"]
    assert promised.servers == (Server("https://example.org"),)
    assert promised.security_schemes["key"].type == "apiKey"
    assert promised.signature_scheme == SignatureScheme("X-Signature")
    assert (promised.extension("x-a"), promised.extension("x-b")) == (5, None)


def test_a_document_that_says_nothing_promises_nothing() -> None:
    promised = contract(servers="odd")
    assert (len(promised.operations), promised.servers) == (0, (Server("/"),))
    assert (dict(promised.webhooks), dict(promised.security_schemes)) == ({}, {})
    assert promised.signature_scheme is None


@pytest.mark.parametrize(
    ("formats", "stated", "is_asserted"),
    [
        (None, None, False),
        ({"ipv4": None}, None, True),
        (None, ["ipv4"], True),
        (None, "all", True),
        ({"ipv4": lambda _: True}, ["ipv4"], False),
        ({"uuid": None}, None, False),
    ],
    ids=["annotation", "asked for", "by the document", "all by the document", "own check wins", "another"],
)
def test_formats_are_asserted_when_asked_or_by_the_document(formats: Any, stated: Any, is_asserted: bool) -> None:
    plain = contract(components=TEXT, **{"x-syncdyn-formats": stated})
    assert asserts(contract(formats, components=TEXT, **{"x-syncdyn-formats": stated})) == is_asserted
    assert asserts(plain.with_formats(formats or {})) == is_asserted


@pytest.mark.parametrize("stated", [["ipv5"], "ipv4", 5])
def test_a_document_that_asks_for_formats_nobody_knows_is_told_so(stated: Any) -> None:
    with pytest.raises(DocumentError, match=r"^the document: x-syncdyn-formats: "):
        contract(components=TEXT, **{"x-syncdyn-formats": stated})


def test_a_contract_with_formats_shares_all_but_its_validators() -> None:
    promised = contract(components=TEXT)
    other = promised.with_formats({"ipv4": None})
    assert other.shapes is promised.shapes
    assert other.operations is promised.operations
    assert not asserts(promised)


def test_for_the_same_named_formats_it_is_the_same_contract() -> None:
    promised = contract(components=TEXT)
    assert promised.with_formats({}) is promised
    assert promised.with_formats({"ipv4": None}) is promised.with_formats({"ipv4": None})
    own: Formats = {"ipv4": str.isdigit}
    assert promised.with_formats(own) is not promised.with_formats(own)


def test_a_shape_is_found_by_pointer_and_none_by_none() -> None:
    promised = contract(components=TEXT)
    shape = promised.shape("#/components/schemas/Address")
    assert shape is promised.shapes.at("#/components/schemas/Address")
    assert promised.shape(None) is None


def test_a_document_has_one_contract() -> None:
    first, second = Document({"openapi": "3.1.0"}), Document({"openapi": "3.1.0"})
    assert contract_of(first) is contract_of(first)
    assert contract_of(first) is not contract_of(second)


@pytest.mark.parametrize(
    ("root", "get", "is_stated"),
    [({}, {}, False), ({"security": []}, {}, True), ({}, {"security": [{"key": []}]}, True)],
    ids=["nowhere", "root", "operation"],
)
def test_whether_security_is_stated_anywhere(root: Any, get: Any, is_stated: bool) -> None:
    assert contract(paths={"/pets": {"get": get}}, **root).states_security is is_stated
