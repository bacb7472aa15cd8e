"""Webhooks: signed, verified, and read as typed events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any

from syncdyn.errors import WebhookVerificationError
from syncdyn.model import Types
from syncdyn.openapi import signatures
from syncdyn.openapi.coding import media
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import Violation, describe
from syncdyn.openapi.messages import Headers, Json
from syncdyn.openapi.operations import Operation
from syncdyn.openapi.schemas.normalise import Direction


def __getattr__(name: str) -> Any:
    """The events of the bundled API: scripts for the official SDK import them from a module of this name."""
    if name.startswith("_"):
        raise AttributeError(name)
    return getattr(import_module("syncdyn.common"), name)


def verify(
    contract: Contract,
    types: Types,
    raw_body: bytes,
    headers: Mapping[Any, Any] | Iterable[tuple[Any, Any]],
    secrets: str | bytes | Sequence[str | bytes],
    *,
    now: float,
    tolerance_seconds: float | None = None,
) -> Any:
    """The event that a webhook brings, as the class that the document names, once it is known to be genuine.

    `raw_body` is the body as it arrived, byte for byte; any of several secrets may have signed it. The header
    fields are a mapping or pairs, of text or of bytes.
    Raises WebhookVerificationError for a signature that does not hold, one that is too old or from the future,
    and a body that is no event of the document.
    """
    scheme = _scheme(contract)
    named = (secrets,) if isinstance(secrets, str | bytes) else tuple(secrets)
    try:
        signatures.verify(
            scheme, raw_body, _text_fields(headers), [_text(one) or "" for one in named], now, tolerance_seconds
        )
    except ValueError as error:
        raise WebhookVerificationError(str(error)) from error
    return read_event(contract, types, raw_body)


def _text_fields(headers: Mapping[Any, Any] | Iterable[tuple[Any, Any]]) -> Headers:
    """Header fields of any web framework: a mapping or pairs, of text or of bytes."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    named = ((_text(name), _text(value)) for name, value in pairs)
    return Headers([(name, value) for name, value in named if name is not None and value is not None])


def _text(value: object) -> str | None:
    return value.decode("latin-1") if isinstance(value, bytes) else value if isinstance(value, str) else None


def sign(contract: Contract, body: bytes, secret: str, timestamp: int) -> dict[str, str]:
    """The header fields that sign a body, as the service would: for tests of what receives webhooks."""
    return signatures.sign(_scheme(contract), body, secret, timestamp)


def read_event(contract: Contract, types: Types, raw_body: bytes) -> Any:
    """The event in a body, of the webhook of the document that it fits."""
    try:
        body = json.loads(raw_body)
    except (ValueError, RecursionError) as error:
        raise WebhookVerificationError(f"the signature holds, but the body is not JSON: {error}") from None
    best: tuple[Violation, ...] | None = None
    name = ""
    for webhook, operation in contract.webhooks.items():
        schema = _body_schema(operation)
        if schema is None:
            continue
        found = _firm(contract.schemas.violations(schema, body, Direction.RESPONSE, "body"))
        if not found:
            return types.read(contract.shapes.at(schema), body)
        if best is None or len(found) < len(best):
            best, name = found, webhook
    raise WebhookVerificationError(f"the signature holds, but this is no {name}:\n{describe(best or ())}", best or ())


def _firm(violations: tuple[Violation, ...]) -> tuple[Violation, ...]:
    return tuple(violation for violation in violations if not violation.is_tolerated)


def _body_schema(operation: Operation) -> str | None:
    content = operation.media_types
    return next((one.schema for one in content if media.is_json(media.essence(one.name))), None)


def _scheme(contract: Contract) -> signatures.SignatureScheme:
    scheme = contract.signature_scheme
    if scheme is None:
        raise WebhookVerificationError(
            f"{contract.document.origin} does not say how webhooks are signed (x-syncdyn-webhook-signature)"
        )
    return scheme


def event_name(contract: Contract, body: Json) -> str | None:
    """The webhook of the document that a body belongs to, if any."""
    for webhook, operation in contract.webhooks.items():
        schema = _body_schema(operation)
        if schema is not None and contract.schemas.validator(schema, Direction.RESPONSE).is_valid(body):
            return webhook
    return None
