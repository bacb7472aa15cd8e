from __future__ import annotations

from unittest.mock import ANY

import pytest

from mockserver import Mock, MockError
from syncdyn.openapi.messages import Json
from tests.mockserver.control.pets import pets


@pytest.fixture
def mock() -> Mock:
    mock = pets()
    mock.handle("POST", "/pets", json={"name": "Rex", "age": 3}, headers={"authorization": "Bearer s3cret"})
    mock.handle("POST", "/pets", json={"name": "Tom"})
    mock.handle("GET", "/pets/7?limit=5")
    return mock


def failure(mock: Mock, *operation: str, **described: Json) -> str:
    with pytest.raises(AssertionError) as caught:
        mock.assert_called(*operation, **described)
    return str(caught.value)


def test_requests_of_an_operation_are_given_as_values(mock: Mock) -> None:
    first, second = mock.requests("createPet")
    assert (first.json, second.json["name"], first.status, first.is_valid) == (
        {"name": "Rex", "age": 3},
        "Tom",
        201,
        True,
    )
    assert [each.path_parameters for each in mock.requests("GET /pets/{petId}")] == [{"petId": "7"}]
    assert mock.requests("getPet")[0].query == {"limit": "5"}


def test_requests_are_narrowed(mock: Mock) -> None:
    assert len(mock.requests(method="POST", path="/pets", status=201)) == 2
    assert mock.requests(valid=False) == mock.requests(status="4XX") == ()


def test_an_operation_that_is_none_is_no_expectation(mock: Mock) -> None:
    with pytest.raises(MockError, match="did you mean 'createPet'"):
        mock.requests("createPt")
    with pytest.raises(MockError, match="did you mean 'createPet'"):
        mock.assert_not_called("createPt")


@pytest.mark.parametrize(
    "described",
    [
        {"body": {"name": "Rex"}},
        {"body": {"name": ANY, "age": 3}},
        {"headers": {"Authorization": "Bearer s3cret"}},
        {"status": 201, "method": "post", "times": 2},
    ],
    ids=repr,
)
def test_what_was_received_is_found(mock: Mock, described: dict[str, Json]) -> None:
    assert mock.assert_called("createPet", **described)


def test_parameters_may_be_numbers(mock: Mock) -> None:
    assert len(mock.assert_called("getPet", path_parameters={"petId": 7}, query={"limit": 5}, times=1)) == 1


def test_a_miss_shows_the_nearest_with_its_differences(mock: Mock) -> None:
    lines = failure(mock, "createPet", body={"name": "Rex", "age": 4}).splitlines()
    assert lines[0] == "POST /pets was to be called at least once, and was called never. The nearest of 2 others:"
    assert lines[1:3] == ["  #1 POST /pets -> 201", "      body.age: 3, not 4"]
    assert lines[3:] == [
        "  #2 POST /pets -> 201",
        "      body.name: 'Tom', not 'Rex'",
        "      body.age: missing, not 4",
    ]


def test_a_miss_of_an_operation_nobody_called_shows_what_came(mock: Mock) -> None:
    assert failure(mock, "deletePet").splitlines()[1:] == [
        "  #1 POST /pets -> 201",
        "  #2 POST /pets -> 201",
        "  #3 GET /pets/7 -> 200",
    ]


def test_too_many_are_shown(mock: Mock) -> None:
    assert "#1 POST /pets -> 201" in failure(mock, "createPet", times=1)
    with pytest.raises(AssertionError, match="called never, and was called twice"):
        mock.assert_not_called("createPet")
    mock.assert_not_called("deletePet")
    mock.assert_not_called("createPet", body={"name": "Jim"})


def test_true_is_not_one(mock: Mock) -> None:
    mock.handle("POST", "/pets", json={"name": "Jim", "age": 1})
    assert "body.age: 1, not True" in failure(mock, "createPet", body={"name": "Jim", "age": True})


def test_lists_are_compared_item_by_item() -> None:
    mock = pets()
    mock.handle("POST", "/pets", json={"name": "Rex", "tags": [{"a": 1, "b": 2}, {"a": 2}]})
    mock.assert_called(body={"tags": [{"a": 1}, {"a": 2}]})
    assert "body.tags[1].a: 2, not 3" in failure(mock, body={"tags": [{"a": 1}, {"a": 3}]})


def test_a_secret_is_compared_and_not_shown(mock: Mock) -> None:
    told = failure(mock, "createPet", headers={"authorization": "Bearer 0ther"})
    assert "header.authorization: another, and a secret" in told
    assert "s3cret" not in told
    assert "0ther" not in told


def test_all_valid_shows_each_that_was_not(mock: Mock) -> None:
    mock.assert_all_valid()
    mock.handle("POST", "/pets", json={})
    mock.handle("GET", "/nowhere")
    with pytest.raises(AssertionError) as caught:
        mock.assert_all_valid()
    assert str(caught.value).splitlines() == [
        "2 requests broke the document's rules:",
        "  #4 POST /pets -> 422",
        "      (not valid: body.name: missing (required))",
        "  #5 GET /nowhere -> 404",
        "      (the document has no such operation)",
    ]


def test_before_any_request_the_message_says_so() -> None:
    assert failure(pets(), "createPet").endswith("was called never; no other request came")


@pytest.mark.parametrize(
    ("content_type", "sent", "expected"),
    [
        ("application/x-www-form-urlencoded", b"a=1&b=2&b=3", {"a": "1", "b": ["2", "3"]}),
        ("text/plain", b"hello", "hello"),
        ("image/png", b"\xff\xd8", b"\xff\xd8"),
        ("application/json", b"{", b"{"),
    ],
)
def test_a_body_is_compared_as_what_it_is(content_type: str, sent: bytes, expected: Json) -> None:
    mock = pets()
    mock.handle("POST", "/pets", body=sent, headers={"content-type": content_type})
    assert mock.assert_called("createPet", body=expected, times=1)
    assert "body: " in failure(mock, "createPet", body="something else")
