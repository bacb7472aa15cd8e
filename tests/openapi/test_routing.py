"""Paths to operations."""

from __future__ import annotations

import pytest

from syncdyn.openapi.routing import Router

KEYS = [
    "GET /pets",
    "POST /pets",
    "GET /pets/{id}",
    "GET /pets/mine",
    "DELETE /pets/{pet}",
    "GET /pets/{id}/toys/{toy}",
    "GET /pets/mine/toys/special",
    "GET /files/{name}.{suffix}",
    "GET /files/{name}",
    "GET /",
    "GET /a%20b",
]
FOUND = {
    "/pets": ("GET /pets", {}),
    "/pets/7": ("GET /pets/{id}", {"id": "7"}),
    "/pets/mine": ("GET /pets/mine", {}),
    "/pets/mine/toys/3": ("GET /pets/{id}/toys/{toy}", {"id": "mine", "toy": "3"}),
    "/pets/mine/toys/special": ("GET /pets/mine/toys/special", {}),
    "/pets/a%2Fb": ("GET /pets/{id}", {"id": "a%2Fb"}),
    "/files/a.tar": ("GET /files/{name}.{suffix}", {"name": "a", "suffix": "tar"}),
    "/files/a": ("GET /files/{name}", {"name": "a"}),
    "/": ("GET /", {}),
    "/api/v1/pets/7": ("GET /pets/{id}", {"id": "7"}),
    "/api/pets": ("GET /pets", {}),
}


def test_a_template_stands_for_no_text_where_that_is_asked_for() -> None:
    paths = ("/pets//toys/3", "/pets/", "/pets/7/toys/3")
    found = [Router(KEYS, takes_empty=True).find(path) for path in paths]
    assert [route and route.texts for route in found] == [("", "3"), ("",), ("7", "3")]
    assert [Router(KEYS).find(path) for path in paths[:2]] == [None, None]


@pytest.fixture
def router() -> Router:
    return Router(KEYS, ["https://pets.test/api/v1", "https://pets.test/api", "http://[", "/"])


@pytest.mark.parametrize(("path", "expected"), FOUND.items(), ids=FOUND)
def test_concrete_before_templated_at_the_root_and_below_each_server(
    router: Router, path: str, expected: tuple[str, dict[str, str]]
) -> None:
    route = router.find(path)
    assert route is not None
    assert route.target("GET") == expected


@pytest.mark.parametrize("path", ["/pet", "/pets/", "/pets/1/toys", "/pets//toys/1", "/api/v2/pets", "", "//"])
def test_other_paths_lead_nowhere(router: Router, path: str) -> None:
    route = router.find(path)
    assert route is None or path == ""


def test_templates_that_differ_in_names_are_one_path(router: Router) -> None:
    route = router.find("/pets/7")
    assert route is not None
    assert route.target("DELETE") == ("DELETE /pets/{pet}", {"pet": "7"})
    assert route.methods == ("GET", "DELETE", "HEAD")
    assert route.target("PUT") is None


def test_a_template_with_more_around_it_goes_before_one_that_is_all_of_a_segment() -> None:
    router = Router(["GET /files/{name}", "GET /files/{name}.json", "GET /files/{name}/raw"])
    found = [router.find(path) for path in ("/files/a.json", "/files/a", "/files/a.json/raw")]
    keys = [route.target("GET") for route in found if route]
    assert keys == [
        ("GET /files/{name}.json", {"name": "a"}),
        ("GET /files/{name}", {"name": "a"}),
        ("GET /files/{name}/raw", {"name": "a.json"}),
    ]


QUERIED = [
    "POST /jobs",
    "POST /jobs?beta=true",
    "POST /jobs?beta=true&wait=1",
    "GET /only?v=2",
    "GET /runs/{id}?at={at}",
]
BY_QUERY = {
    "none": ("POST", "/jobs", "", ("POST /jobs", {})),
    "the pair": ("POST", "/jobs", "x=1&beta=true", ("POST /jobs?beta=true", {})),
    "another value": ("POST", "/jobs", "beta=false", ("POST /jobs", {})),
    "most pairs": ("POST", "/jobs", "wait=1&beta=true", ("POST /jobs?beta=true&wait=1", {})),
    "no plain one": ("GET", "/only", "", None),
    "a template": ("GET", "/runs/7", "at=a b", ("GET /runs/{id}?at={at}", {"id": "7", "at": "a%20b"})),
    "a template without": ("GET", "/runs/7", "", None),
}


@pytest.mark.parametrize(("method", "path", "query", "expected"), BY_QUERY.values(), ids=BY_QUERY)
def test_a_query_in_a_path_of_the_document_tells_operations_apart(
    method: str, path: str, query: str, expected: object
) -> None:
    route = Router(QUERIED).find(path)
    assert route is not None
    assert route.target(method, query) == expected
