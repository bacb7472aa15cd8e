"""One call as a flow, driven by hand: tries, deadline, redirects."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn.errors import ApiConnectionError, ApiTimeoutError
from syncdyn.flow import Policy, exchange, redirected
from syncdyn.openapi.messages import Headers, Request, Response
from syncdyn.retry import Failure, RetryPolicy
from tests.syncdyn.hands import Hands, Stream, after

HOME = "https://api.example.com/v1/things"
GET = Request("GET", HOME, Headers({"X-Key": "k-123456", "Authorization": "Bearer t", "Accept": "*/*"}))
POST = Request("POST", HOME, Headers({"Content-Type": "application/json"}), b"{}")
POLICY = Policy(random=lambda: 0.0, private_headers=frozenset({"x-key"}))
DONE, AWAY = Response(200), Response(503)
DEAD = Failure(OSError("dead"), is_timeout=True)


def run(hands: Hands, request: Request = GET, policy: Policy = POLICY, **options: Any) -> Any:
    return hands.run(exchange("things.get", request, policy, **{"is_repeatable": True, **options}))


def moved(to: str, status: int = 302) -> Response:
    return Response(status, Headers({"Location": to}))


def test_an_answer_ends_the_call_without_a_wait() -> None:
    hands = Hands([DONE])
    assert run(hands) is DONE
    assert (len(hands.sent), hands.waits) == (1, [])


def test_a_failed_connection_is_an_outcome_like_any_other() -> None:
    hands = Hands([DEAD, AWAY, DONE])
    assert run(hands) is DONE
    assert hands.waits == [0.5, 1.0]


def test_when_tries_run_out_the_last_answer_is_given() -> None:
    last = Response(500)
    assert run(Hands([AWAY, AWAY, last])) is last


@pytest.mark.parametrize(
    ("failure", "kind"), [(DEAD, ApiTimeoutError), (Failure(OSError()), ApiConnectionError)], ids=["timeout", "line"]
)
def test_when_no_answer_came_there_is_an_error_with_its_cause(failure: Failure, kind: type[Exception]) -> None:
    with pytest.raises(kind) as caught:
        run(Hands([failure] * 3))
    assert type(caught.value) is kind
    assert caught.value.__cause__ is failure.error
    assert "after 3 tries" in str(caught.value)


def test_an_error_shows_no_password_of_the_url() -> None:
    request = Request("GET", "https://user:pass-word@api.example.com/x")
    with pytest.raises(ApiConnectionError) as caught:
        run(Hands([DEAD] * 3), request)
    assert "pass-word" not in str(caught.value)


def test_a_wait_of_no_time_is_none() -> None:
    hands = Hands([Response(429, Headers({"Retry-After": "0"})), DONE])
    assert run(hands) is DONE
    assert hands.waits == []


def test_a_wait_that_would_outlast_the_deadline_is_not_begun() -> None:
    hands = Hands([after(9.6, AWAY), DONE])
    assert run(hands, policy=Policy(random=lambda: 0.0, deadline=10)) is AWAY
    assert hands.waits == []


def test_a_deadline_that_ends_in_silence_is_a_timeout() -> None:
    with pytest.raises(ApiTimeoutError):
        run(Hands([after(10, DEAD)]), policy=Policy(deadline=10))


def test_each_try_is_told_what_is_left_of_the_deadline() -> None:
    hands = Hands([after(3, AWAY), DONE])
    run(hands, policy=Policy(random=lambda: 0.0, deadline=10))
    assert [step.most_seconds for step in hands.sent] == [10, 6.5]


def test_a_redirect_is_told_what_is_left_of_the_deadline() -> None:
    hands = Hands([after(3, moved("/there")), DONE])
    run(hands, policy=Policy(random=lambda: 0.0, deadline=10))
    assert [step.most_seconds for step in hands.sent] == [10, 7]


def test_without_a_deadline_the_time_is_nobodys_business() -> None:
    hands = Hands([DONE])
    run(hands)
    assert hands.sent[0].most_seconds is None


def test_the_timeout_is_handed_on_untouched() -> None:
    hands, timeout = Hands([DONE]), object()
    run(hands, policy=Policy(timeout=timeout))
    assert hands.sent[0].timeout is timeout


FOLLOWED: dict[str, tuple[Request, Response, tuple[str, str, bytes] | None]] = {
    "get-302": (GET, moved("/there"), ("GET", "https://api.example.com/there", b"")),
    "relative": (GET, moved("more?x=1"), ("GET", "https://api.example.com/v1/more?x=1", b"")),
    "post-303": (POST, moved("/there", 303), ("GET", "https://api.example.com/there", b"")),
    "post-307": (POST, moved("/there", 307), ("POST", "https://api.example.com/there", b"{}")),
    "post-308": (POST, moved("/there", 308), ("POST", "https://api.example.com/there", b"{}")),
    "post-301": (POST, moved("/there", 301), None),
    "post-302": (POST, moved("/there", 302), None),
    "other-scheme": (GET, moved("ftp://api.example.com/there"), None),
    "nowhere": (GET, Response(302), None),
    "no-address": (GET, moved("https://["), None),
    "no-host": (GET, moved("http://"), None),
    "no-port": (GET, moved("https://x:99999999/"), None),
    "not-modified": (GET, Response(304, Headers({"Location": "/there"})), None),
}


@pytest.mark.parametrize(("request_", "answer", "expected"), FOLLOWED.values(), ids=FOLLOWED.keys())
def test_where_a_redirect_leads(request_: Request, answer: Response, expected: tuple[str, str, bytes] | None) -> None:
    following = redirected(request_, answer)
    found = following and (following.method, following.url, following.body)
    assert found == expected


def test_a_get_that_was_a_post_has_no_content_type() -> None:
    following = redirected(POST, moved("/there", 303))
    assert following is not None
    assert "content-type" not in following.headers


def test_credentials_stay_at_home_and_do_not_come_back() -> None:
    hands = Hands([moved("https://other.example.com/"), moved("https://api.example.com/back"), DONE])
    run(hands)
    assert [step.is_trusted for step in hands.sent] == [True, False, False]
    assert [set(step.request.headers) for step in hands.sent[1:]] == [{"accept"}] * 2


def test_redirects_that_never_end_are_left_after_ten() -> None:
    hands = Hands([moved("/again")] * 20)
    assert run(hands).status == 302
    assert len(hands.sent) == 11


def test_a_redirect_that_may_not_be_followed_is_the_answer() -> None:
    hands = Hands([moved("/there")])
    assert run(hands, policy=Policy(follow_redirects=False)).status == 302


def test_a_line_that_is_dead_behind_a_redirect_names_the_host_that_it_led_to() -> None:
    hands = Hands([moved("https://files.example.org/x"), Failure(OSError("no route"), was_sent=False)])
    with pytest.raises(ApiConnectionError, match=r"could not reach files\.example\.org \(redirected to it by "):
        run(hands, policy=Policy(retry=RetryPolicy(max_retries=0)))


def test_a_line_that_breaks_behind_a_redirect_is_tried_from_the_start() -> None:
    hands = Hands([moved("/there"), DEAD, DONE])
    assert run(hands) is DONE
    assert [step.request.url for step in hands.sent] == [HOME, "https://api.example.com/there", HOME]


def test_an_open_stream_is_closed_before_its_redirect_is_followed() -> None:
    first, second = Stream(302, Headers({"Location": "/there"})), Stream(200, Headers())
    assert run(Hands([first, second]), is_stream=True) is second
    assert (first.is_closed, second.is_closed) == (True, False)


def test_an_open_stream_is_closed_before_the_next_try() -> None:
    first, second = Stream(503, Headers()), Stream(200, Headers())
    assert run(Hands([first, second]), is_stream=True) is second
    assert first.is_closed


def test_a_policy_without_retries_tries_once() -> None:
    hands = Hands([AWAY])
    assert run(hands, policy=Policy(retry=RetryPolicy(max_retries=0))) is AWAY
