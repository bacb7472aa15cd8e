"""Answers to pages of other origins."""

from __future__ import annotations

from tests.mockserver.answering.asking import FINE, ask, one

ASKED = {"origin": "https://page.test", "access-control-request-method": "PUT"}


def test_a_page_of_another_origin_reads_nothing_unless_it_is_told_so() -> None:
    assert "access-control-allow-origin" not in ask(one(get=FINE), headers={"origin": "https://page.test"}).headers


def test_a_preflight_is_answered_with_what_it_asks_for() -> None:
    asked = {**ASKED, "access-control-request-headers": "x-key"}
    answer = ask(one(put=FINE), "OPTIONS", headers=asked, cors=True)
    assert (answer.status, answer.body) == (204, b"")
    shown = ("allow-origin", "allow-methods", "allow-headers", "allow-credentials")
    assert [answer.headers[f"access-control-{name}"] for name in shown] == ["https://page.test", "PUT", "x-key", "true"]


def test_any_answer_may_be_read_then_refusals_too() -> None:
    for target in ("/pets", "/nothing"):
        answer = ask(one(get=FINE), target=target, headers={"origin": "https://page.test"}, cors=True)
        assert answer.headers["access-control-allow-origin"] == "https://page.test"
    assert ask(one(get=FINE), cors=True).headers["access-control-allow-origin"] == "*"


def test_options_that_is_no_preflight_is_a_request_like_others() -> None:
    assert ask(one(get=FINE), "OPTIONS", headers={"origin": "https://page.test"}, cors=True).status == 405
    assert ask(one(get=FINE, options=FINE), "OPTIONS", cors=True).status == 200


def test_without_the_flag_a_preflight_is_not_answered() -> None:
    assert ask(one(put=FINE), "OPTIONS", headers=ASKED).status == 405
