"""What the error of an answer says, where the document does not say which members of its body to tell."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from syncdyn import ApiError, Client

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "https://api.example.com"}],
    "paths": {"/notes": {"post": {"operationId": "notes/create", "responses": {"201": {"description": ""}}}}},
}


def refused(body: dict[str, Any]) -> ApiError:
    """The error that a call ends with when the service answers 422 with this."""
    transport = httpx.MockTransport(lambda _: httpx.Response(422, json=body))
    with pytest.raises(ApiError) as caught:
        Client(DOCUMENT, httpx_client=httpx.Client(transport=transport)).notes.create()
    return caught.value


def test_the_single_errors_stand_behind_the_message() -> None:
    told = str(refused({"message": "Validation failed", "errors": [{"field": "title", "code": "missing"}]}))
    assert 'Validation failed: [{"field": "title", "code": "missing"}]' in told


def test_no_errors_are_not_told() -> None:
    assert "Validation failed (POST" in str(refused({"message": "Validation failed", "errors": []}))


def test_the_type_of_a_problem_that_has_none_is_no_code() -> None:
    """RFC 9457, section 4.2.1."""
    error = refused({"type": "about:blank", "title": "Unprocessable"})
    assert error.error_code is None
    assert "about:blank" not in str(error)


def test_a_message_that_is_null_gives_way_to_the_next_member() -> None:
    assert ": no title (POST" in str(refused({"message": None, "detail": "no title"}))
