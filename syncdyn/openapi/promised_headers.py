"""The header fields that the document promises for a response: checked, and decoded to values.

How a field is judged is compiled once for a status; most are plain texts, of which nothing can be wrong.
Source: OpenAPI 3.1, Header Object.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from syncdyn.openapi.coding import styles
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.messages import Headers, Json
from syncdyn.openapi.operations import Parameter, ResponsePromise
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.schema import Validator
from syncdyn.openapi.schemas.shapes import Shape

_ANNOTATIONS = frozenset({"title", "description", "example", "examples", "default", "deprecated", "readOnly"})


@dataclass(frozen=True, slots=True)
class HeaderRule:
    """One promised field, compiled. `validator` is None where every text will do."""

    parameter: Parameter
    shape: Shape | None
    validator: Validator | None

    def read(self, text: str) -> Json:
        """The value of the field's text."""
        return styles.decode_header(self.parameter, self.shape, text)


def header_rules(contract: Contract, promise: ResponsePromise) -> tuple[HeaderRule, ...]:
    """The rules for the fields of one promise, in its order."""
    found = []
    for header in promise.headers:
        parameter = Parameter(
            header.name,
            "header",
            header.is_required,
            "simple",
            header.explode,
            schema=header.schema,
            media_type=header.media_type,
        )
        shape = contract.shape(header.schema)
        validator = None
        if header.schema is not None and shape is not None and not _is_any_text(parameter, shape):
            validator = contract.schemas.validator(header.schema, Direction.RESPONSE)
        found.append(HeaderRule(parameter, shape, validator))
    return tuple(found)


def _is_any_text(parameter: Parameter, shape: Shape) -> bool:
    words = shape.schema.keys() - _ANNOTATIONS
    return parameter.media_type is None and words <= {"type"} and shape.types == {"string"}


def check_headers(rules: Iterable[HeaderRule], headers: Headers) -> Iterator[Violation]:
    """The violations in the fields of a response."""
    for rule in rules:
        name = rule.parameter.name
        text = headers.get(name)
        if text is None:
            if rule.parameter.is_required:
                yield Violation("header", (name,), "missing (required)", "required")
        elif rule.validator is not None and not rule.validator.is_valid(value := rule.read(text)):
            for violation in rule.validator.violations(value, "header"):
                yield replace(violation, path=(name, *violation.path))
