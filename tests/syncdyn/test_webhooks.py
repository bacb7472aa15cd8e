"""Webhooks: only what is genuine becomes an event."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncdyn import SyncdynError, WebhookVerificationError, common, sign_webhook, verify_webhook
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.sync import bundled_types
from syncdyn.webhooks import event_name, read_event, sign
from tests.syncdyn.fakes import BATCH, GENERATION_ID, Clock, Connect, Service

SECRET = "whsec_test_0123456789"
SENT = 1717200000
SHORT = b'{"id":"b"}'
SHORT_V1 = "f31853cb8f5cdbf9fdb1f94014723819846b4c2c942053f22d33d8e6a95a85ad"
BODY = (
    b'{"status":"COMPLETED","createdAt":"2024-06-01T00:00:00.000Z","id":"6f1e2d3c-0000-4000-8000-000000000001",'
    b'"input":[{"type":"video","url":"https://media.example.com/in.mp4"},'
    b'{"type":"audio","url":"https://media.example.com/in.wav"}],"model":"lipsync-2",'
    b'"outputUrl":"https://media.example.com/out.mp4","outputDuration":8.64,'
    b'"webhookUrl":"https://hooks.example.com/sync"}'
)
BODY_V1 = "b83c38fecae10ecde56ad06edea15abaa6e836be68adf6f6bad962af9ccba0ca"
HEADERS = {"Sync-Signature": f"t={SENT},v1={BODY_V1}"}


def verify(body: bytes = BODY, headers: Any = HEADERS, secret: Any = SECRET, now: float = SENT, **more: Any) -> Any:
    return verify_webhook(body, headers, secret, now=now, **more)


@pytest.mark.parametrize(("body", "v1"), [(SHORT, SHORT_V1), (BODY, BODY_V1)], ids=["short", "long"])
def test_signing_gives_the_known_vectors(body: bytes, v1: str) -> None:
    assert sign_webhook(body, SECRET, timestamp=SENT) == {"Sync-Signature": f"t={SENT},v1={v1}"}


def test_a_generation_becomes_a_typed_event() -> None:
    event = verify()
    assert type(event) is common.GenerationNotification
    assert (event.id, event.status, event.output_duration) == (GENERATION_ID, "COMPLETED", 8.64)


def test_a_batch_becomes_a_typed_event() -> None:
    body = json.dumps({**BATCH, "status": "COMPLETED"}).encode()
    event = verify(body, sign_webhook(body, SECRET, timestamp=SENT))
    assert (type(event), event.metrics.success_count) == (common.BatchResponse, 3)


@pytest.mark.parametrize("status", ["REJECTED", "ARCHIVED"])
def test_a_status_of_tomorrow_is_an_event_all_the_same(status: str) -> None:
    body = BODY.replace(b"COMPLETED", status.encode())
    assert verify(body, sign_webhook(body, SECRET, timestamp=SENT)).status == status


@pytest.mark.parametrize("name", ["sync-signature", "SYNC-SIGNATURE", "X-Signature-Primary"])
def test_the_field_may_have_another_case_and_the_other_name(name: str) -> None:
    assert verify(headers={name: HEADERS["Sync-Signature"]}).id == GENERATION_ID


def test_any_of_several_secrets_may_have_signed() -> None:
    assert verify(secret=["whsec_new", SECRET]).id == GENERATION_ID


@pytest.mark.parametrize("age", [-300, 0, 300])
def test_five_minutes_off_are_tolerated(age: int) -> None:
    assert verify(now=SENT + age).id == GENERATION_ID


OTHER_BODY = BODY.replace(b"8.64", b"9.64")
UNTRUE: dict[str, tuple[dict[str, Any], str]] = {
    "stale": ({"now": SENT + 301}, "301 seconds in the past"),
    "future": ({"now": SENT - 301}, "301 seconds in the future"),
    "own-tolerance": ({"now": SENT + 11, "tolerance_seconds": 10}, "11 seconds in the past"),
    "tampered": ({"body": OTHER_BODY}, "no signature matches"),
    "written-again": ({"body": json.dumps(json.loads(BODY)).encode()}, "no signature matches"),
    "other-secret": ({"secret": "whsec_other"}, "no signature matches"),
    "none-of-several": ({"secret": ["whsec_a", "whsec_b"]}, "any of the 2 secrets"),
    "moved-in-time": ({"headers": {"Sync-Signature": f"t={SENT + 1},v1={BODY_V1}"}}, "no signature matches"),
    "unsigned": ({"headers": {"Content-Type": "application/json"}}, "Sync-Signature or X-Signature-Primary is missing"),
    "malformed": ({"headers": {"Sync-Signature": "secret"}}, "malformed"),
}


@pytest.mark.parametrize(("change", "told"), UNTRUE.values(), ids=UNTRUE.keys())
def test_what_is_not_genuine_is_refused(change: dict[str, Any], told: str) -> None:
    with pytest.raises(WebhookVerificationError, match=told) as caught:
        verify(**change)
    assert isinstance(caught.value, SyncdynError)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "told"),
    [(b"no json", "not JSON"), (b"[" * 100_000, "not JSON"), (SHORT, "is no "), (b"[]", "is no ")],
    ids=["text", "deep", "object", "list"],
)
def test_what_is_genuine_but_no_event_is_refused(body: bytes, told: str) -> None:
    with pytest.raises(WebhookVerificationError, match=f"the signature holds, but .*{told}"):
        verify(body, sign_webhook(body, SECRET, timestamp=SENT))


def test_a_near_miss_lists_what_is_wrong_with_the_nearest_event() -> None:
    body = BODY.replace(b'"lipsync-2"', b"17")
    with pytest.raises(WebhookVerificationError, match="no generationFinished") as caught:
        verify(body, sign_webhook(body, SECRET, timestamp=SENT))
    assert [violation.where for violation in caught.value.violations] == ["body.model"]


def test_an_empty_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        verify(secret="")


def test_text_is_no_raw_body() -> None:
    with pytest.raises(TypeError, match="raw bytes"):
        verify(BODY.decode())  # type: ignore[arg-type]


events = st.fixed_dictionaries(
    {
        "id": st.text(min_size=1),
        "status": st.sampled_from(["COMPLETED", "FAILED"]),
        "createdAt": st.just("2024-06-01T00:00:00Z"),
        "model": st.just("lipsync-2"),
        "input": st.just([]),
        "error": st.none() | st.text(),
    }
)


@given(event=events, secret=st.text(st.characters(codec="ascii"), min_size=1), sent=st.integers(0, 2**33))
def test_what_is_signed_is_verified_and_read(event: dict[str, Any], secret: str, sent: int) -> None:
    body = json.dumps(event).encode()
    signed = sign_webhook(body, secret, timestamp=sent)
    assert verify(body, signed, ["whsec_other", secret], now=sent).to_dict() == event


def test_by_default_the_clock_counts() -> None:
    assert verify_webhook(BODY, sign_webhook(BODY, SECRET), SECRET).id == GENERATION_ID


def test_a_client_verifies_by_its_own_clock(connect: Connect, clock: Clock) -> None:
    client = connect(Service())
    assert client.verify_webhook(BODY, HEADERS, SECRET).id == GENERATION_ID
    clock.time += 301
    with pytest.raises(WebhookVerificationError, match="in the past"):
        client.verify_webhook(BODY, HEADERS, SECRET)
    assert client.verify_webhook(BODY, HEADERS, SECRET, now=SENT).id == GENERATION_ID


def test_a_document_without_a_scheme_cannot_verify() -> None:
    bare = Contract(Document({"openapi": "3.1.0", "info": {}, "paths": {}}, "bare.yaml"))
    with pytest.raises(WebhookVerificationError, match=r"bare\.yaml does not say how webhooks are signed"):
        sign(bare, SHORT, SECRET, SENT)


def test_a_webhook_without_a_json_body_is_passed_over() -> None:
    root = {"openapi": "3.1.0", "info": {}, "paths": {}, "webhooks": {"ping": {"post": {"responses": {}}}}}
    contract = Contract(Document(root))
    assert event_name(contract, {}) is None
    with pytest.raises(WebhookVerificationError):
        read_event(contract, bundled_types(), b"{}")


def test_the_webhook_of_a_body_is_told() -> None:
    contract = bundled_types().contract
    assert event_name(contract, json.loads(BODY)) == "generationFinished"
    assert event_name(contract, BATCH) == "batchFinished"
    assert event_name(contract, {}) is None


@pytest.mark.parametrize(
    "headers",
    [
        [(b"sync-signature", HEADERS["Sync-Signature"].encode()), (b"host", b"x")],
        {b"Sync-Signature": HEADERS["Sync-Signature"].encode()},
        {**HEADERS, "X-Signature-Primary": None},
    ],
    ids=["pairs-of-bytes", "bytes", "an-absent-one"],
)
def test_header_fields_come_as_frameworks_give_them(headers: Any) -> None:
    assert verify(headers=headers).id == GENERATION_ID


def test_a_secret_may_be_bytes() -> None:
    assert verify(secret=SECRET.encode()).id == GENERATION_ID


@pytest.mark.parametrize("secret", ["", [], [""]], ids=["empty", "none", "an-empty-one"])
def test_without_a_secret_nothing_is_genuine(secret: Any) -> None:
    """One handler catches it, and the message says that it is the secret."""
    with pytest.raises(WebhookVerificationError, match="secret"):
        verify(secret=secret)
