"""Signing and verifying webhooks, as the document's `x-syncdyn-webhook-signature` lays them out."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from syncdyn.openapi.errors import DocumentError, SyncdynError
from syncdyn.openapi.messages import Headers

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json

EXTENSION = "x-syncdyn-webhook-signature"

_ALGORITHMS: dict[str, Any] = {"hmac-sha256": hashlib.sha256, "hmac-sha512": hashlib.sha512}
_PLACE = re.compile(r"\{timestamp\}|\{id\}")
_TIMESTAMP = re.compile(r"[0-9]{1,15}")
_DEFAULT_TOLERANCE_SECONDS = 300


class SignatureMismatch(SyncdynError, ValueError):
    """A webhook is not shown to come from a holder of the secret; the message says what failed."""


@dataclass(frozen=True, slots=True)
class SignatureScheme:
    """How webhooks are signed.

    `value` is the header's text, `message` what is signed; both hold `{timestamp}` (unix seconds),
    and `{signature}` (lower-case hex, or base64) or `{body}`. Where `timestamp_header` tells the timestamp,
    `value` is one of several texts with spaces between; `id_header` tells what `message` has as `{id}`. The
    bytes of a secret are its text, or what it is the base64 of, behind `whsec_` or not.
    Source of the latter: Standard Webhooks, "Signature scheme".
    """

    header: str
    also_accepted_headers: tuple[str, ...] = ()
    algorithm: str = "hmac-sha256"
    value: str = "t={timestamp},v1={signature}"
    message: str = "{timestamp}.{body}"
    tolerance_seconds: float = _DEFAULT_TOLERANCE_SECONDS
    timestamp_header: str | None = None
    id_header: str | None = None
    encoding: str = "hex"
    secret_encoding: str = "text"

    @property
    def has_timestamp(self) -> bool:
        return self.timestamp_header is not None or "{timestamp}" in self.value

    @property
    def accepted_headers(self) -> tuple[str, ...]:
        return (self.header, *self.also_accepted_headers)


def read_scheme(root: Mapping[str, Json]) -> SignatureScheme | None:
    """The scheme that a document's root declares, or None. Raises DocumentError for one that cannot work."""
    raw = root.get(EXTENSION)
    if raw is None:
        return None
    if not isinstance(raw, Mapping) or not isinstance(raw.get("header"), str):
        raise DocumentError(f"{EXTENSION}: an object that names a `header` is needed")
    plain = SignatureScheme(raw["header"])
    scheme = SignatureScheme(
        header=raw["header"],
        also_accepted_headers=tuple(raw.get("also-accepted-headers", ())),
        algorithm=raw.get("algorithm", plain.algorithm),
        value=raw.get("value", plain.value),
        message=raw.get("message", plain.message),
        tolerance_seconds=raw.get("tolerance-seconds", plain.tolerance_seconds),
        timestamp_header=raw.get("timestamp-header"),
        id_header=raw.get("id-header"),
        encoding=raw.get("encoding", plain.encoding),
        secret_encoding=raw.get("secret-encoding", plain.secret_encoding),
    )
    _refuse_unworkable(scheme)
    return scheme


def sign(scheme: SignatureScheme, body: bytes, secret: str, timestamp: int, message_id: str = "") -> dict[str, str]:
    """The header fields that sign a body, by their names. Raises ValueError for an empty secret.

    `message_id` is the same for each try to deliver; left out, it hangs on the body.
    """
    _refuse_text(body)
    id_ = message_id or f"msg_{hashlib.sha256(body).hexdigest()[:24]}"
    signature = _signature(scheme, body, _checked([secret])[0], str(timestamp), id_)
    filled = scheme.value.replace("{timestamp}", str(timestamp)).replace("{signature}", signature)
    told = {scheme.id_header: id_, scheme.timestamp_header: str(timestamp), scheme.header: filled}
    return {name: text for name, text in told.items() if name is not None}


def verify(
    scheme: SignatureScheme,
    body: bytes,
    headers: Mapping[str, str],
    secrets: Sequence[str],
    now: float,
    tolerance_seconds: float | None = None,
) -> int:
    """The timestamp of a webhook that is proven to be signed with one of the secrets.

    `body` is the raw body, byte for byte; `now` is in unix seconds. The tolerance, the scheme's own
    unless given, holds for the past and for the future.
    Raises SignatureMismatch, TypeError for a body that is not bytes, ValueError for an empty secret.
    """
    _refuse_text(body)
    keys = _checked([secrets] if isinstance(secrets, str) else secrets)
    arrived = Headers(headers)
    present = [name for name in scheme.accepted_headers if name in arrived]
    if not present:
        raise SignatureMismatch(_absent(scheme, arrived))
    tolerance = scheme.tolerance_seconds if tolerance_seconds is None else tolerance_seconds
    *others, last = reversed(present)
    for name in reversed(others):
        with suppress(SignatureMismatch):
            return _verify_header(scheme, body, name, arrived, keys, now, tolerance)
    return _verify_header(scheme, body, last, arrived, keys, now, tolerance)


def _verify_header(
    scheme: SignatureScheme,
    body: bytes,
    name: str,
    arrived: Headers,
    secrets: Sequence[str],
    now: float,
    tolerance_seconds: float,
) -> int:
    read = _read_value if scheme.timestamp_header is None else _read_fields
    timestamp, signatures = read(scheme, name, arrived)
    id_ = arrived.get(scheme.id_header, "") if scheme.id_header else ""
    expected = [_signature(scheme, body, secret, timestamp, id_).encode() for secret in secrets]
    came = [(one.lower() if scheme.encoding == "hex" else one).encode(errors="replace") for one in signatures]
    # Every pair is compared, in constant time, so that time tells nothing of which was near.
    matched = [hmac.compare_digest(one, given) for one in expected for given in came]
    if not any(matched):
        raise SignatureMismatch(
            f"{name}: no signature matches {_number_of(secrets)};"
            " the secret is another one, or the body is not byte for byte the one that came"
        )
    if scheme.has_timestamp:
        _refuse_stale(name, int(timestamp), now, tolerance_seconds)
    return int(timestamp)


def _read_fields(scheme: SignatureScheme, name: str, arrived: Headers) -> tuple[str, list[str]]:
    """The timestamp in its own header, and the signatures, which have spaces between them."""
    timestamp = arrived.get(scheme.timestamp_header or "", "")
    if not _TIMESTAMP.fullmatch(timestamp):
        raise SignatureMismatch(f"{scheme.timestamp_header}: missing or malformed; it should be unix seconds")
    before, _, after = scheme.value.partition("{signature}")
    listed = [one for one in arrived[name].split() if one.startswith(before) and one.endswith(after)]
    if not listed:
        raise SignatureMismatch(f"{name}: malformed; it should read like {scheme.value!r}")
    return timestamp, [one[len(before) : len(one) - len(after)] for one in listed]


def _read_value(scheme: SignatureScheme, name: str, arrived: Headers) -> tuple[str, list[str]]:
    """The timestamp and signatures in a header; a scheme without timestamps has `0`."""
    text = arrived[name]
    wanted = dict(map(_item, scheme.value.split(",")))
    found: dict[str, list[str]] = {"{timestamp}": [], "{signature}": []}
    for key, value in map(_item, text.split(",")):
        if key in wanted:
            found.setdefault(wanted[key], []).append(value)
    timestamps = set(found["{timestamp}"]) or ({"0"} if "{timestamp}" not in scheme.value else set())
    timestamp = timestamps.pop() if len(timestamps) == 1 else ""
    if not _TIMESTAMP.fullmatch(timestamp) or not any(found["{signature}"]):
        raise SignatureMismatch(f"{name}: malformed; it should read like {scheme.value!r}")
    return timestamp, found["{signature}"]


def _item(text: str) -> tuple[str, str]:
    key, equals, value = text.strip().partition("=")
    return (key.strip(), value.strip()) if equals else ("", key)


def _refuse_stale(name: str, timestamp: int, now: float, tolerance_seconds: float) -> None:
    age_seconds = now - timestamp
    if abs(age_seconds) > tolerance_seconds:
        direction = "in the past" if age_seconds > 0 else "in the future"
        raise SignatureMismatch(
            f"{name}: the timestamp is {abs(age_seconds):.0f} seconds {direction};"
            f" {tolerance_seconds:g} are tolerated (an old delivery replayed, or a clock that is wrong)"
        )


def _signature(scheme: SignatureScheme, body: bytes, secret: str, timestamp: str, id_: str) -> str:
    before, _, after = scheme.message.partition("{body}")
    fill = {"{timestamp}": timestamp, "{id}": id_}
    first, last = (
        _PLACE.sub(lambda found: fill[found[0]], text).encode("utf-8", "replace") for text in (before, after)
    )
    digest = hmac.new(_SECRETS[scheme.secret_encoding](secret), first + body + last, _ALGORITHMS[scheme.algorithm])
    return digest.hexdigest() if scheme.encoding == "hex" else b64encode(digest.digest()).decode()


def _from_base64(secret: str) -> bytes:
    """The bytes of a secret in base64 of either alphabet, padded or not. Raises ValueError for none."""
    text = secret.removeprefix("whsec_").rstrip("=").replace("+", "-").replace("/", "_")
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise ValueError("the webhook secret is not base64, as the document says secrets are") from None


_SECRETS: Mapping[str, Callable[[str], bytes]] = {"text": str.encode, "base64": _from_base64}


def _absent(scheme: SignatureScheme, arrived: Headers) -> str:
    accepted = " or ".join(scheme.accepted_headers)
    came = f"the headers that came are {', '.join(arrived)}" if arrived else "no headers came"
    return f"no signature: {accepted} is missing; {came}"


def _checked(secrets: Sequence[str]) -> list[str]:
    if not secrets or not all(secrets):
        raise ValueError("the webhook secret is empty, and anybody can sign with an empty secret")
    return list(secrets)


def _refuse_text(body: object) -> None:
    if not isinstance(body, bytes):
        raise TypeError(
            f"the body is a {type(body).__name__}, but the raw bytes of the request are needed: the signature"
            " covers them exactly, and parsing and writing again may change spaces, order or escapes"
        )


def _refuse_unworkable(scheme: SignatureScheme) -> None:
    if scheme.algorithm not in _ALGORITHMS:
        raise DocumentError(f"{EXTENSION}: algorithm {scheme.algorithm!r}; known: {', '.join(_ALGORITHMS)}")
    if "{signature}" not in scheme.value or "{body}" not in scheme.message:
        raise DocumentError(f"{EXTENSION}: `value` needs a {{signature}}, `message` needs a {{body}}")
    if "{timestamp}" in scheme.message and not scheme.has_timestamp:
        raise DocumentError(f"{EXTENSION}: `message` signs a {{timestamp}} that `value` does not tell")
    if "{id}" in scheme.message and scheme.id_header is None:
        raise DocumentError(f"{EXTENSION}: `message` signs an {{id}} that no `id-header` tells")
    if scheme.encoding not in ("hex", "base64") or scheme.secret_encoding not in _SECRETS:
        raise DocumentError(f"{EXTENSION}: `encoding` is hex or base64, `secret-encoding` text or base64")


def _number_of(secrets: Sequence[str]) -> str:
    return "the secret" if len(secrets) == 1 else f"any of the {len(secrets)} secrets"
