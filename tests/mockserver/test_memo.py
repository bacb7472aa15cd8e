"""What was worked out before."""

from __future__ import annotations

from mockserver.memo import Memo
from mockserver.recalling import Recall, Span, key_of
from mockserver.state import State
from syncdyn.openapi.messages import Headers, Request

GET = Request("GET", "http://mock/pets/1", Headers({"accept": "*/*"}))


def test_what_was_put_is_got_until_much_came_after_it() -> None:
    memo: Memo[int] = Memo(6400)
    memo.put("first", 1, 100)
    assert memo.get("first") == 1
    for number in range(100):
        memo.put(number, number, 100)
    assert (memo.get("first"), memo.get(99)) == (None, 99)


def test_what_is_got_often_outlives_what_is_not() -> None:
    memo: Memo[int] = Memo(6400)
    for number in range(200):
        memo.put(number, number, 100)
        memo.put("often", 7, 100) if number == 0 else memo.get("often")
    assert (memo.get("often"), memo.get(1)) == (7, None)


def test_a_value_of_great_weight_is_not_kept() -> None:
    memo: Memo[int] = Memo(6400)
    memo.put("heavy", 1, 101)
    assert memo.get("heavy") is None


def test_an_answer_that_hangs_on_nothing_is_known_in_every_state() -> None:
    recall: Recall[str] = Recall()
    recall.keep("key", State(), Span.ALWAYS, "answer", 10)
    assert recall.find("key", State(count=1)) == "answer"


def test_an_answer_that_hangs_on_the_state_is_forgotten_with_it() -> None:
    recall: Recall[str] = Recall()
    first, second = State(), State()
    recall.keep("key", first, Span.STATE, "answer", 10)
    assert (recall.find("key", first), recall.find("key", second)) == ("answer", None)
    recall.keep("other", second, Span.STATE, "new", 10)
    assert (recall.find("key", first), recall.find("other", second)) == (None, "new")


def test_an_answer_that_hangs_on_the_moment_is_never_kept() -> None:
    recall: Recall[str] = Recall()
    state = State()
    recall.keep("key", state, Span.MOMENT, "answer", 10)
    assert recall.find("key", state) is None


def test_requests_that_differ_in_anything_have_other_keys() -> None:
    others = [
        Request("HEAD", GET.url, GET.headers),
        Request("GET", GET.url + "?a=1", GET.headers),
        Request("GET", GET.url, Headers({"accept": "text/plain"})),
        Request("GET", GET.url, GET.headers, b"{}"),
    ]
    assert len({key_of(request) for request in (GET, *others)}) == 5
    assert key_of(GET) == key_of(Request("GET", GET.url, Headers({"accept": "*/*"})))


def test_a_long_body_is_not_looked_up() -> None:
    assert key_of(Request("POST", GET.url, GET.headers, b"x" * 5000)) is None
