"""The arguments of a client that say how its document is read: `formats` and `remote_hosts`."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest

from syncdyn import Client
from syncdyn.errors import ConfigurationError, RequestValidationError
from syncdyn.openapi.errors import DocumentError

BODY = {"type": "object", "properties": {"mail": {"type": "string", "format": "email"}}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "a", "version": "1"},
    "servers": [{"url": "https://example.org"}],
    "paths": {
        "/letters": {
            "post": {
                "operationId": "letters/send",
                "requestBody": {"content": {"application/json": {"schema": BODY}}},
                "responses": {"204": {"description": "sent"}},
            }
        }
    },
}


class Sent(Exception):
    """The call came as far as the network."""


class Network:
    """Sends nothing."""

    def run(self, flow: Any) -> Any:
        next(flow)
        raise Sent

    iterate = run


def send(mail: str, **options: Any) -> None:
    Client(DOCUMENT, transport=Network(), **options).letters.send(mail=mail)


@pytest.mark.parametrize("formats", [None, False, ["uri"], {"email": str.isalpha}])
def test_a_format_that_is_not_asked_for_or_that_fits_is_sent(formats: Any) -> None:
    with pytest.raises(Sent):
        send("nobody", formats=formats)


@pytest.mark.parametrize("formats", ["all", True, ["email"], {"email": str.isdigit}])
def test_a_format_that_is_asked_for_is_checked(formats: Any) -> None:
    with pytest.raises(RequestValidationError, match=r'body\.mail: "nobody" is not an e-mail address'):
        send("nobody", formats=formats)


def test_a_format_that_is_not_known_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"^formats: no format 'emial' is known; did you mean 'email'"):
        send("nobody", formats=["emial"])


def test_a_host_must_be_in_a_list() -> None:
    with pytest.raises(ConfigurationError, match=r"use \['schemas.example.org'\]"):
        send("nobody", remote_hosts="schemas.example.org")


def test_a_host_that_is_not_allowed_is_told() -> None:
    document = {**DOCUMENT, "components": {"schemas": {"A": {"$ref": "https://schemas.example.org/a"}}}}
    with pytest.raises(DocumentError, match=r"remote_hosts=\['schemas\.example\.org'\]"):
        Client(document)


def test_a_relative_server_is_that_of_no_other_place_with_the_same_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both share one document in memory, and credentials go to the server."""
    text = json.dumps({**DOCUMENT, "servers": [{"url": "/v1"}]})
    monkeypatch.setattr("syncdyn.client._fetch", lambda _: text.encode())
    assert "https://other.example/v1" in repr(Client("https://other.example/openapi.json"))
    with pytest.raises(ConfigurationError, match="base_url"):
        Client(text)


def test_very_many_arguments_of_one_name_get_numbers() -> None:
    names = ["a" + "-" * n for n in range(1, 40)]
    parameters = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in ["a", *names]]
    operation = {"operationId": "read", "parameters": parameters, "responses": {}}
    client = Client({**DOCUMENT, "paths": {"/a": {"get": operation}}})
    taken = list(inspect.signature(client.operations["read"]).parameters)
    assert {"a", "a_", "a________", "a_9", "a_39"} <= set(taken)
