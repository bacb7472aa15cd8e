"""Resources, their methods, and operations by name: reachable, named, and shown as functions are."""

from __future__ import annotations

import asyncio
import copy
import functools
import inspect
import pickle
import pydoc
import re
from typing import Any

import httpx
import pytest

from syncdyn import AsyncClient, Client, RequestValidationError
from syncdyn.client import BaseClient
from syncdyn.doors.naming import CLIENT_NAMES, RESOURCE_NAMES
from syncdyn.doors.resources import Resource
from syncdyn.openapi.errors import UnknownOperation
from tests.syncdyn.shop import DOCUMENT, Shop

PLAIN: Any = vars(pydoc)["plaintext"]


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def client(shop: Shop) -> Any:
    return shop.client()


NAMES = ["items/get", "GET /items/{id}", "get /items/{id}"]


@pytest.mark.parametrize("name", NAMES)
def test_an_operation_is_called_by_id_or_by_method_and_path(client: Any, shop: Shop, name: str) -> None:
    assert client.operations[name](5).name == "lamp"
    assert shop.target == "GET /v2/items/5"


@pytest.mark.parametrize("name", NAMES)
def test_every_name_leads_to_one_function(client: Any, name: str) -> None:
    assert client.operations[name] is client.operations["items/get"]
    assert name in client.operations


def test_the_operations_are_a_mapping_by_key_in_document_order(client: Any) -> None:
    assert list(client.operations)[:2] == ["GET /items/{id}", "PUT /items/{id}"]
    assert len(client.operations) == 5
    assert client.operations.get("nothing") is None
    assert "nothing" not in client.operations
    assert 5 not in client.operations


def test_an_unknown_operation_is_a_key_error_that_says_what_was_meant(client: Any) -> None:
    with pytest.raises(UnknownOperation, match="did you mean 'items/get'") as caught:
        client.operations["items/gett"]
    assert isinstance(caught.value, KeyError)
    assert not str(caught.value).startswith(("'", '"'))


def test_a_path_without_the_method_is_told_with_the_methods_it_has(client: Any) -> None:
    with pytest.raises(UnknownOperation, match=r"no operation 'POST /items/\{id\}'; /items/\{id\} has GET, PUT$"):
        client.operations["POST /items/{id}"]


def test_an_operation_has_what_the_document_says_of_it(client: Any) -> None:
    get = client.operations["items/get"]
    assert (get.id, get.key, get.method, get.path) == ("items/get", "GET /items/{id}", "GET", "/items/{id}")
    assert (get.tags, get.summary) == (("items",), "Get one")
    assert {one.name for one in get.parameters} == {"id", "limit", "tags[]", "filter", "X-Trace"}
    assert get.operation.responses is get.responses


def test_what_an_operation_does_not_have_is_told_with_what_is_near(client: Any) -> None:
    with pytest.raises(AttributeError, match="has no 'parameter'; did you mean 'parameters'"):
        _ = client.items.get.parameter


def test_a_call_gives_the_whole_answer_through_every_raw_door(client: Any) -> None:
    doors = [
        client.with_raw_response.items.get,
        client.items.with_raw_response.get,
        client.items.get.with_raw_response,
        client.operations.with_raw_response["items/get"],
        client.with_raw_response.operations["items/get"],
        client.with_raw_response.with_raw_response["items"].get,
    ]
    assert [door(1).status_code for door in doors] == [200] * len(doors)


def test_the_signature_is_that_of_the_operation(client: Any) -> None:
    signature = inspect.signature(client.items.get)
    assert list(signature.parameters) == ["id", "limit", "tags", "filter", "x_trace", "request_options"]
    assert signature == client.operations["items/get"].signature
    assert signature.parameters["id"].kind is inspect.Parameter.POSITIONAL_OR_KEYWORD


def test_help_shows_a_function_with_the_words_of_the_document(client: Any) -> None:
    text = pydoc.render_doc(client.items.get, renderer=PLAIN)
    # Python 3.13 breaks the line of a long signature.
    assert re.search(r"get\(\s*id: int,\s*\*,", text)
    for words in ("Get one", "- first\n", "x_trace: Follows the call.", "200: Fine."):
        assert words in text


def test_a_method_is_a_function_to_inspect_and_functools(client: Any) -> None:
    get = client.items.get

    @functools.wraps(get)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return get(*args, **kwargs)

    assert inspect.isroutine(get)
    assert (get.__name__, get.__qualname__) == ("get", "items.get")
    assert (wrapped.__name__, wrapped.__doc__) == ("get", get.__doc__)
    assert inspect.signature(wrapped) == inspect.signature(get)


def test_a_method_in_a_class_is_not_bound_to_its_objects(client: Any, shop: Shop) -> None:
    class Mine:
        get = client.items.get

    Mine().get(3)
    assert shop.target == "GET /v2/items/3"


def test_nothing_of_an_operation_is_read_before_it_is_wanted(client: Any) -> None:
    get = client.items.get
    assert repr(get) == "<items.get: GET /items/{id}>"
    assert not {"plan", "operation"} & vars(get._method).keys()


def test_dir_lists_resources_and_methods(client: Any) -> None:
    assert {"items", "forms", "request_", "operations", "request", "download"} <= set(dir(client))
    assert {"get", "put", "mine", "with_raw_response"} <= set(dir(client.items))
    assert {"signature", "parameters", "example_arguments"} <= set(dir(client.items.get))
    assert "items" in client._ipython_key_completions_()
    assert "items/get" in client.operations._ipython_key_completions_()
    assert "put" in client.items._ipython_key_completions_()


def test_reserved_names_stay_reachable(client: Any, shop: Shop) -> None:
    client.request_.with_raw_response_(body="hi", async_="now")
    assert shop.last.content == b'{"body":"hi","async":"now"}'
    assert client["request"] is client["request_"] is client.request_
    assert client.request_["with_raw_response"] is client.request_.with_raw_response_


@pytest.mark.parametrize("find", [lambda client: client["item"], lambda client: client.items["gett"]])
def test_an_item_that_is_not_there_says_what_was_meant(client: Any, find: Any) -> None:
    with pytest.raises(KeyError, match="did you mean"):
        find(client)


def test_a_document_names_no_attribute_of_a_client() -> None:
    public = {name for kind in (Client, AsyncClient) for name in dir(kind) if not name.startswith("_")}
    assert public <= CLIENT_NAMES
    assert {name for name in dir(Resource) if not name.startswith("_")} == RESOURCE_NAMES


def test_a_name_that_begins_with_a_digit_is_reachable(shop: Shop) -> None:
    operation = {"operationId": "3ds", "tags": ["2fa"], "responses": {}}
    document = {**DOCUMENT, "paths": {"/a": {"get": operation}}}
    client = Client(document, httpx_client=httpx.Client(transport=httpx.MockTransport(shop)), validate="off")
    client._2fa._3ds()
    assert shop.target == "GET /v2/a"


def test_a_copy_of_a_client_is_the_client_itself(client: Any) -> None:
    assert copy.copy(client) is client
    assert copy.deepcopy({"get": client.items.get})["get"] is client.items.get


@pytest.mark.parametrize("pick", [lambda c: c, lambda c: c.items, lambda c: c.items.get, lambda c: c.operations])
def test_what_belongs_to_a_client_is_not_pickled(client: Any, pick: Any) -> None:
    with pytest.raises(TypeError, match="cannot be pickled: it holds connections and credentials"):
        pickle.dumps(pick(client))


def test_a_repr_is_short_and_shows_no_secret(client: Any) -> None:
    reprs = [repr(client), repr(client.items), repr(client.operations), repr(client.with_raw_response)]
    assert reprs[1] == "<items: get, put, mine>"
    assert all(len(text) < 100 and "shop-key" not in text for text in reprs)


def test_every_door_of_an_async_client_is_awaited(shop: Shop) -> None:
    async def run() -> list[str]:
        http = httpx.AsyncClient(transport=httpx.MockTransport(shop))
        async with AsyncClient(DOCUMENT, httpx_client=http) as client:
            found = [await client.items.get(1), await client.operations["items/get"](1)]
            return [one.name for one in (*found, await client.request("GET", "/items/1"))]

    assert asyncio.run(run()) == ["lamp"] * 3


def test_a_name_in_path_and_body_is_an_error_that_says_how_to_say_which(client: Any, shop: Shop) -> None:
    with pytest.raises(RequestValidationError, match="id__path or id__body") as caught:
        client.items.put(id=1)
    assert [fault.keyword for fault in caught.value.violations] == ["ambiguous"]
    assert shop.sent == []


SAID = {
    "suffixes": lambda put: put(id__path=1, id__body=2),
    "position": lambda put: put(1, id__body=2),
    "body": lambda put: put(1, body={"id": 2}),
}


@pytest.mark.parametrize("put", SAID.values(), ids=SAID)
def test_which_is_meant_can_be_said(client: Any, shop: Shop, put: Any) -> None:
    put(client.items.put)
    assert (shop.target, shop.last.content) == ("PUT /v2/items/1", b'{"id":2}')


def test_names_that_stand_in_one_place_are_plain(client: Any) -> None:
    names = list(inspect.signature(client.items.put).parameters)
    assert names == ["id__path", "id__body", "name", "secret_code", "request_options"]


@pytest.mark.parametrize("name", ["tags[]", "tags"])
def test_an_argument_goes_by_its_wire_name_as_well(client: Any, shop: Shop, name: str) -> None:
    client.items.get(1, **{name: ["a"]})
    assert shop.last.url.params.get_list("tags[]") == ["a"]


def test_a_body_with_a_member_of_that_name_is_given_under_another(client: Any, shop: Shop) -> None:
    client.operations["POST /notes"](body_={"body": "hi", "async": "now"})
    assert shop.last.content == b'{"body":"hi","async":"now"}'


def test_the_base_of_the_clients_has_the_doors() -> None:
    assert {"operations", "request", "with_raw_response"} <= set(dir(BaseClient))


def test_a_signature_tells_the_form_in_which_a_result_is_given(client: Any) -> None:
    get = client.items.get
    plain, raw, streamed = map(inspect.signature, (get, get.with_raw_response, get.with_streaming_response))
    assert isinstance(get(5), plain.return_annotation)
    assert isinstance(get.with_raw_response(5), raw.return_annotation)
    assert streamed.return_annotation is Any


def test_an_argument_called_self_is_one_as_any(client: Any) -> None:
    with pytest.raises(RequestValidationError, match="self: unknown argument"):
        client.operations["items/get"](5, self=1)
