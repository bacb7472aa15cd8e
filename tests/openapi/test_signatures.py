"""Webhook signatures: two known vectors, and every way in which one can fail."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.signatures import (
    EXTENSION,
    SignatureMismatch,
    SignatureScheme,
    read_scheme,
    sign,
    verify,
)

SECRET = "whsec_test_0123456789"
SENT = 1717200000
SCHEME = SignatureScheme("Sync-Signature", ("X-Signature-Primary",))
BODY = b'{"id":"b"}'
LONG_BODY = (
    b'{"status":"COMPLETED","createdAt":"2024-06-01T00:00:00.000Z","id":"6f1e2d3c-0000-4000-8000-000000000001",'
    b'"input":[{"type":"video","url":"https://media.example.com/in.mp4"},'
    b'{"type":"audio","url":"https://media.example.com/in.wav"}],"model":"lipsync-2",'
    b'"outputUrl":"https://media.example.com/out.mp4","outputDuration":8.64,'
    b'"webhookUrl":"https://hooks.example.com/sync"}'
)
V1 = "f31853cb8f5cdbf9fdb1f94014723819846b4c2c942053f22d33d8e6a95a85ad"
LONG_V1 = "b83c38fecae10ecde56ad06edea15abaa6e836be68adf6f6bad962af9ccba0ca"


def headers(value: str = f"t={SENT},v1={V1}", name: str = "Sync-Signature") -> dict[str, str]:
    return {"Content-Type": "application/json", name: value}


@pytest.mark.parametrize(("body", "v1"), [(BODY, V1), (LONG_BODY, LONG_V1)], ids=["short", "long"])
def test_known_vectors(body: bytes, v1: str) -> None:
    assert sign(SCHEME, body, SECRET, SENT) == {"Sync-Signature": f"t={SENT},v1={v1}"}
    assert verify(SCHEME, body, headers(f"t={SENT},v1={v1}"), [SECRET], SENT) == SENT


@given(body=st.binary(), secret=st.text("abc019", min_size=1), sent=st.integers(0, 2**40))
def test_what_is_signed_verifies(body: bytes, secret: str, sent: int) -> None:
    assert verify(SCHEME, body, sign(SCHEME, body, secret, sent), ["other", secret], sent) == sent


@given(body=st.binary(), other=st.binary())
def test_another_body_does_not_verify(body: bytes, other: bytes) -> None:
    signed = sign(SCHEME, body, SECRET, SENT)
    if body != other:
        with pytest.raises(SignatureMismatch, match="no signature matches"):
            verify(SCHEME, other, signed, [SECRET], SENT)


ACCEPTED = {
    "another-accepted-header": headers(name="X-Signature-Primary"),
    "any-case": headers(name="SYNC-SIGNATURE"),
    "several-signatures": headers(f"t={SENT},v1={'0' * 64},v1={V1}"),
    "unknown-members": headers(f"t={SENT}, v0=abc, v1={V1}"),
    "a-broken-header-beside-it": {**headers("junk"), **headers(name="X-Signature-Primary")},
}


@pytest.mark.parametrize("given_headers", ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(given_headers: dict[str, str]) -> None:
    assert verify(SCHEME, BODY, given_headers, [SECRET], SENT) == SENT


MALFORMED = [
    "",
    "junk",
    f"v1={V1}",
    f"t={SENT}",
    f"t=-1,v1={V1}",
    f"t=1,t=2,v1={V1}",
    f"t={'9' * 5000},v1={V1}",
    "t=1,v1=",
]


@pytest.mark.parametrize("value", MALFORMED, ids=lambda value: value[:12])
def test_a_malformed_header_is_told_how_it_should_read(value: str) -> None:
    with pytest.raises(SignatureMismatch, match=r"malformed.*t=\{timestamp\},v1=\{signature\}"):
        verify(SCHEME, BODY, headers(value), [SECRET], SENT)


def test_a_missing_header_names_the_accepted_and_the_arrived() -> None:
    with pytest.raises(SignatureMismatch) as caught:
        verify(SCHEME, BODY, {"X-Other": "private"}, [SECRET], SENT)
    for name in ("Sync-Signature", "X-Signature-Primary", "x-other"):
        assert name in str(caught.value)
    assert "private" not in str(caught.value)


@pytest.mark.parametrize(("late", "told"), [(301, "301 seconds in the past"), (-301, "301 seconds in the future")])
def test_the_tolerance_holds_both_ways(late: int, told: str) -> None:
    with pytest.raises(SignatureMismatch, match=told):
        verify(SCHEME, BODY, headers(), [SECRET], SENT + late)
    assert verify(SCHEME, BODY, headers(), [SECRET], SENT + late, tolerance_seconds=302) == SENT


def test_the_secret_is_never_told() -> None:
    with pytest.raises(SignatureMismatch) as caught:
        verify(SCHEME, BODY, headers(), ["whsec_wrong"], SENT)
    assert "whsec" not in str(caught.value)
    assert V1 not in str(caught.value)


@pytest.mark.parametrize("secrets", [[], [""], [SECRET, ""]], ids=["none", "empty", "one-empty"])
def test_an_empty_secret_is_refused(secrets: list[str]) -> None:
    with pytest.raises(ValueError, match="secret is empty"):
        verify(SCHEME, BODY, headers(), secrets, SENT)


@pytest.mark.parametrize("body", [{"id": "b"}, BODY.decode()], ids=["dict", "str"])
def test_a_body_that_is_not_bytes_is_refused(body: Any) -> None:
    with pytest.raises(TypeError, match="raw bytes"):
        verify(SCHEME, body, headers(), [SECRET], SENT)


def test_a_scheme_is_read_from_the_document() -> None:
    raw = {
        "header": "Sync-Signature",
        "also-accepted-headers": ["X-Signature-Primary"],
        "algorithm": "hmac-sha256",
        "value": "t={timestamp},v1={signature}",
        "message": "{timestamp}.{body}",
        "tolerance-seconds": 300,
    }
    assert read_scheme({EXTENSION: raw}) == SCHEME
    assert read_scheme({}) is None


def test_a_scheme_without_a_timestamp_signs_the_body_alone() -> None:
    scheme = SignatureScheme("X-Hub-Signature-256", value="sha256={signature}", message="{body}")
    assert verify(scheme, BODY, sign(scheme, BODY, SECRET, SENT), [SECRET], now=0) == 0


UNWORKABLE = {
    "no-header": {},
    "algorithm": {"header": "A", "algorithm": "md5"},
    "no-signature": {"header": "A", "value": "t={timestamp}"},
    "no-body": {"header": "A", "message": "{timestamp}"},
    "untold-timestamp": {"header": "A", "value": "{signature}"},
    "untold-id": {"header": "A", "message": "{id}.{body}", "value": "{signature}"},
    "encoding": {"header": "A", "encoding": "base32"},
    "secret-encoding": {"header": "A", "secret-encoding": "hex"},
}


@pytest.mark.parametrize("raw", UNWORKABLE.values(), ids=UNWORKABLE)
def test_a_scheme_that_cannot_work_is_a_fault_of_the_document(raw: dict[str, Any]) -> None:
    with pytest.raises(DocumentError, match=EXTENSION):
        read_scheme({EXTENSION: raw})


STANDARD = {
    "header": "webhook-signature",
    "timestamp-header": "webhook-timestamp",
    "id-header": "webhook-id",
    "value": "v1,{signature}",
    "message": "{id}.{timestamp}.{body}",
    "encoding": "base64",
    "secret-encoding": "base64",
}


def test_standard_webhooks_are_signed_by_data_alone() -> None:
    """The vector is that of the Standard Webhooks libraries."""
    scheme = read_scheme({EXTENSION: STANDARD})
    assert scheme is not None
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    headers = sign(scheme, body, secret, 1614265330, "msg_p5jXN8AQM9LWM0D4loKWxJek")
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    several = {**headers, "webhook-signature": f"v1,AAAA {headers['webhook-signature']} v2,x"}
    assert verify(scheme, body, several, [secret], now=1614265330) == 1614265330


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"webhook-id": "msg_other"}, "no signature matches"),
        ({"webhook-timestamp": "1"}, "no signature matches"),
        ({"webhook-timestamp": "soon"}, "it should be unix seconds"),
        ({"webhook-signature": "v2,abc"}, "should read like 'v1,{signature}'"),
    ],
    ids=["id", "timestamp", "no timestamp", "version"],
)
def test_what_a_standard_webhook_tells_is_signed(change: dict[str, str], told: str) -> None:
    scheme = read_scheme({EXTENSION: STANDARD})
    assert scheme is not None
    headers = {**sign(scheme, b"{}", "whsec_c2VjcmV0", 1000), **change}
    with pytest.raises(SignatureMismatch, match=re.escape(told)):
        verify(scheme, b"{}", headers, ["whsec_c2VjcmV0"], now=1000)


def test_a_secret_that_is_no_base64_is_told() -> None:
    scheme = read_scheme({EXTENSION: STANDARD})
    assert scheme is not None
    with pytest.raises(ValueError, match="not base64"):
        sign(scheme, b"{}", "whsec_a", 1000)
