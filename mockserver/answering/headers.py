"""The header fields of a response, as the document declares them: their examples, else data made of their schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from mockserver.answering.bodies import text_of
from mockserver.answering.leading import Lead, lead_of, led_back, origins_of
from syncdyn.openapi.coding import styles
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import Json, Pairs
from syncdyn.openapi.operations import Header, Operation, Parameter, ResponsePromise

_COOKIE = "set-cookie"
#: How a field's value is made of the schema at a pointer, with a seed.
Make = Callable[[str, str], Json]


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one response: those that are always the same, and those that lead to where the request tells."""

    pairs: Pairs
    leads: tuple[Lead, ...] = ()


class Fielder:
    """Makes the fields of responses; `make(pointer, seed)` makes the value of a schema."""

    def __init__(self, contract: Contract, make: Make) -> None:
        self._contract = contract
        self._make = make
        self._origins = origins_of(server.fill() for server in contract.servers)

    def fields(self, operation: Operation, promise: ResponsePromise, status: int) -> Fields:
        """The declared fields of a response; `Deprecation` besides where the operation is deprecated."""
        pairs: list[tuple[str, str]] = []
        leads: list[Lead] = []
        for header in promise.headers:
            lead = self._lead(header, operation, status)
            if lead is not None:
                leads.append(lead)
            else:
                pairs += self._pairs(header, f"{operation.key}|{status}|{header.name}")
        return Fields((*pairs, *deprecation(operation, promise)), tuple(leads))

    def _lead(self, header: Header, operation: Operation, status: int) -> Lead | None:
        if header.example is not None:
            return None
        shape = self._contract.shape(header.schema)
        stated = shape.schema if shape else {}
        if stated.keys() & {"example", "examples", "default", "const", "enum", "pattern"}:
            return None
        return lead_of(header.name, stated.get("format"), status, operation, self._contract.operations)

    def _pairs(self, header: Header, seed: str) -> Iterator[tuple[str, str]]:
        value = header.example
        if value is None and header.schema is not None:
            value = self._make(header.schema, seed)
        if header.name.lower() == _COOKIE:
            yield from ((header.name, text) for text in _cookies(value))
            return
        text = _written(header, value)
        is_leading = header.name.lower() in ("location", "content-location")
        yield header.name, led_back(text, self._origins) if is_leading else text


def deprecation(operation: Operation, promise: ResponsePromise) -> Pairs:
    """The field that tells that an operation is deprecated, unless the document has it among its own."""
    is_told = operation.is_deprecated and not promise.has_header("deprecation")
    return (("deprecation", "true"),) if is_told else ()


def _written(header: Header, value: Json) -> str:
    parameter = Parameter(header.name, "header", style="simple", explode=header.explode, media_type=header.media_type)
    try:
        return styles.encode_header(parameter, value)
    except (TypeError, ValueError):
        # An example may hold what no field can: it is sent as near to it as can be.
        return text_of(value)


def _cookies(value: Json) -> Iterator[str]:
    """The texts of as many `Set-Cookie` fields as a value tells: for each item, or for each member a cookie."""
    if isinstance(value, Mapping):
        yield from (f"{name}={text_of(member)}" for name, member in value.items())
    elif isinstance(value, list):
        for item in value:
            yield from _cookies(item)
    else:
        text = text_of(value)
        yield text if "=" in text else f"mock={text}"
