"""Which operation a request is for, and what is told where there is none."""

import pytest

from mockserver.problems import Refused
from mockserver.routing import Routes
from syncdyn.openapi.contract import contract_of
from syncdyn.openapi.document import Document
from syncdyn.openapi.messages import Json

ANSWERED: Json = {"responses": {"204": {"description": "Done."}}}


def routes(*, as_prism: bool = False) -> Routes:
    root: Json = {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "servers": [{"url": "https://shop.example/v1"}],
        "paths": {
            "/orders": {"get": ANSWERED, "post": ANSWERED},
            "/orders/{id}": {"get": {**ANSWERED, "parameters": [{"name": "id", "in": "path", "required": True}]}},
            "/files": {"put": ANSWERED, "servers": [{"url": "https://files.example/upload"}]},
        },
    }
    return Routes(contract_of(Document(root)), as_prism=as_prism)


@pytest.mark.parametrize("path", ["/orders/7", "/v1/orders/7"], ids=["at the root", "below a server"])
def test_a_path_is_found_with_the_texts_of_its_templates(path: str) -> None:
    assert routes().find(path, "", "GET") == ("GET /orders/{id}", {"id": "7"})


def test_a_path_is_found_below_its_own_server() -> None:
    assert routes().find("/upload/files", "", "PUT")[0] == "PUT /files"


def test_a_path_that_is_not_there_is_told_with_the_one_that_was_meant() -> None:
    with pytest.raises(Refused) as caught:
        routes().find("/order", "", "GET")
    assert caught.value.fault.status == 404
    assert caught.value.fault.messages[0].endswith("did you mean /orders?")


@pytest.mark.parametrize(
    ("as_prism", "allowed"), [(False, "GET, POST, HEAD"), (True, "GET, POST")], ids=["ours", "Prism"]
)
def test_a_method_that_is_not_there_is_told_with_those_that_are(as_prism: bool, allowed: str) -> None:
    with pytest.raises(Refused) as caught:
        routes(as_prism=as_prism).find("/orders", "", "DELETE")
    assert (caught.value.fault.status, caught.value.fault.headers["allow"]) == (405, allowed)


def test_a_template_without_a_text_is_found_as_prism_does() -> None:
    assert routes(as_prism=True).find("/orders/", "", "GET") == ("GET /orders/{id}", {"id": ""})
