from __future__ import annotations

import json

import pytest

from tests.mockserver.control.pets import ask, pets

HERE = {"peer": "127.0.0.1", "host": "localhost:4010"}
RIGHT = "Bearer t0ken"


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "127.8.8.8", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:4010", "[::1]:4010", "api.localhost:4010", "LOCALHOST"])
def test_this_machine_is_let_in(peer: str, host: str) -> None:
    assert ask(pets(), "GET", "/clock", peer=peer, host=host).status == 200


@pytest.mark.parametrize("peer", ["10.0.0.7", "::ffff:10.0.0.7", "", "testclient"])
def test_others_are_refused_and_told_how_to_be_let_in(peer: str) -> None:
    response = ask(pets(), "GET", "/clock", **{**HERE, "peer": peer})
    assert response.status == 403
    assert "--control-token" in json.loads(response.body)["detail"]


@pytest.mark.parametrize("host", ["evil.example", "[::1", "127.0.0.1.evil.example", "localhost.evil.example:4010", ""])
def test_a_name_that_leads_here_by_rebinding_is_refused(host: str) -> None:
    assert ask(pets(), "GET", "/clock", peer="127.0.0.1", host=host).status == 403


def test_a_page_of_another_origin_is_refused() -> None:
    assert ask(pets(), "POST", "/reset", **HERE, origin="https://evil.example").status == 403
    assert ask(pets(), "POST", "/reset", **HERE, origin="null").status == 403
    assert ask(pets(), "POST", "/reset", **HERE, origin="http://localhost:3000").status == 204


def test_with_a_token_whoever_sends_it_is_let_in() -> None:
    mock = pets(control_token="t0ken")
    assert ask(mock, "GET", "/clock", peer="10.0.0.7", host="mock.example", authorization=RIGHT).status == 200


@pytest.mark.parametrize("sent", ["", "Bearer other", "Bearer", "Basic t0ken", "Bearer t0kené"])
def test_with_a_token_nobody_is_let_in_without_it(sent: str) -> None:
    response = ask(pets(control_token="t0ken"), "GET", "/clock", **HERE, authorization=sent)
    assert (response.status, response.headers["www-authenticate"]) == (401, 'Bearer realm="control"')


def test_who_holds_the_mock_in_process_is_let_in() -> None:
    assert ask(pets(control_token="t0ken"), "GET", "/clock", peer=None).status == 200


def test_a_refused_request_changes_nothing() -> None:
    mock = pets()
    ask(mock, "POST", "/clock", {"advance": 60}, peer="10.0.0.7", host="localhost")
    assert ask(mock, "GET", "/clock").body.startswith(b'{"now":"2030-01-01T00:00:00.000Z"')


@pytest.mark.parametrize("settings", [{}, {"control_token": "t0ken"}], ids=["no token", "token"])
def test_whether_it_is_alive_everyone_is_told_and_nothing_else(settings: dict[str, str]) -> None:
    mock = pets(**settings)
    response = ask(mock, "GET", "/health", peer="10.0.0.7", host="mock:4010")
    assert (response.status, json.loads(response.body)) == (200, {"status": "ok"})
    assert ask(mock, "POST", "/health", peer="10.0.0.7", host="mock:4010").status in (401, 403)
    assert "document" in json.loads(ask(mock, "GET", "/health").body)
