"""The operation model of a document."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn.openapi.building import security_schemes, servers_of
from syncdyn.openapi.catalogue import Operations, webhooks
from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import UnknownOperation
from syncdyn.openapi.operations import Encoding, Header, OAuthFlow, Operation, Parameter, Server


def document(**members: Any) -> Document:
    return Document({"openapi": "3.1.0", **members}, "pets.yaml")


def operation(get: Any, item: Any = None, path: str = "/pets", **root: Any) -> Operation:
    return Operations(document(paths={path: {**(item or {}), "get": get}}, **root))[f"GET {path}"]


def only(*parameters: Any, path: str = "/pets", **components: Any) -> Parameter:
    (found,) = operation({"parameters": list(parameters)}, path=path, components=components).parameters
    return found


def test_an_operation_is_read_whole() -> None:
    raw = {
        "operationId": "getPet",
        "tags": ["pets", 5],
        "summary": "One pet",
        "description": "More",
        "deprecated": True,
        "x-limit": 3,
    }
    found = operation(raw)
    assert (found.key, found.id, found.name) == ("GET /pets", "getPet", "getPet")
    assert (found.method, found.path, found.pointer) == ("GET", "/pets", "#/paths/~1pets/get")
    assert (found.tags, found.summary, found.description) == (("pets",), "One pet", "More")
    assert found.is_deprecated
    assert found.extensions == {"x-limit": 3}


def test_an_operation_shows_itself_by_its_key() -> None:
    assert repr(operation({"operationId": "getPet", "summary": "One pet"})) == "<Operation GET /pets>"


def test_an_operation_that_says_nothing_is_an_operation() -> None:
    found = operation({})
    assert (found.id, found.name) == (None, "GET /pets")
    assert (found.parameters, found.request_body, dict(found.responses)) == ((), None, {})
    assert (found.security, found.servers) == ((), (Server("/"),))


def test_members_that_are_malformed_are_left_out() -> None:
    raw = {
        "operationId": 5,
        "tags": "pets",
        "summary": None,
        "parameters": [None, {"in": "query"}, {"name": "a"}, {"name": "b", "in": "body"}, {"name": "c", "in": "query"}],
        "requestBody": None,
        "responses": {"200": None, "x-a": {}},
        "security": ["key"],
        "servers": [{}, None],
    }
    found = operation(raw)
    assert (found.id, found.tags, found.summary) == (None, (), "")
    assert [parameter.name for parameter in found.parameters] == ["c"]
    assert found.request_body is not None
    assert (found.request_body.content, found.request_body.is_required) == ((), False)
    assert list(found.responses) == ["200"]
    assert (found.security, found.servers) == ((), (Server("/"),))


def test_parameters_of_the_path_hold_unless_the_operation_has_its_own() -> None:
    item = {"parameters": [{"name": "id", "in": "path", "description": "path's"}, {"name": "page", "in": "query"}]}
    own = [{"name": "id", "in": "path", "description": "own"}, {"name": "page", "in": "header"}]
    found = operation({"parameters": own}, item, "/pets/{id}").parameters
    assert [(one.location, one.name, one.description) for one in found] == [
        ("path", "id", "own"),
        ("query", "page", ""),
        ("header", "page", ""),
    ]


@pytest.mark.parametrize("name", ["Accept", "content-type", "AUTHORIZATION"])
def test_headers_that_are_not_parameters_are_ignored(name: str) -> None:
    found = only({"name": name, "in": "header"}, {"name": name, "in": "query"})
    assert found.location == "query"


@pytest.mark.parametrize(
    ("stated", "style", "explode"),
    [
        ({"in": "query"}, "form", True),
        ({"in": "cookie"}, "form", True),
        ({"in": "path"}, "simple", False),
        ({"in": "header"}, "simple", False),
        ({"in": "query", "style": "spaceDelimited"}, "spaceDelimited", False),
        ({"in": "query", "style": "deepObject"}, "deepObject", True),
        ({"in": "query", "explode": False}, "form", False),
        ({"in": "path", "style": "matrix", "explode": True}, "matrix", True),
        ({"in": "query", "style": None}, "form", True),
    ],
)
def test_style_and_explode_have_their_defaults_by_location(stated: Any, style: str, explode: bool) -> None:
    found = only({"name": "a", **stated}, path="/pets/{a}" if stated["in"] == "path" else "/pets")
    assert (found.style, found.explode) == (style, explode)


def test_a_parameter_is_read_whole() -> None:
    raw = {"name": "a", "in": "query", "required": True, "allowReserved": True, "deprecated": True, "schema": {}}
    assert only(raw) == Parameter(
        "a",
        "query",
        is_required=True,
        allow_reserved=True,
        is_deprecated=True,
        schema="#/paths/~1pets/get/parameters/0/schema",
        pointer="#/paths/~1pets/get/parameters/0",
    )


def test_what_is_no_object_among_media_types_is_passed_by() -> None:
    responses = {"200": {"description": "d", "content": {"description": "stray", "text/plain": {}}}}
    (promise,) = operation({"responses": responses}).responses.values()
    assert [one.name for one in promise.content] == ["text/plain"]


def test_a_parameter_has_its_own_examples_and_those_of_its_content() -> None:
    shared = {"tom": {"value": "Tom"}}
    raw = {"name": "a", "in": "query", "example": "Rex", "examples": {"tom": {"$ref": "#/components/examples/tom"}}}
    assert only(raw, examples=shared).examples == {"example": "Rex", "tom": "Tom"}
    described = {"name": "a", "in": "query", "content": {"application/json": {"example": ["Rex"]}}}
    assert only(described).examples == {"example": ["Rex"]}


def test_a_path_parameter_is_required_whatever_it_says() -> None:
    assert only({"name": "id", "in": "path", "required": False}, path="/pets/{id}").is_required


def test_a_parameter_that_the_path_names_and_nobody_declares_is_one_all_the_same() -> None:
    found = only(path="/pets/{id}")
    assert (found.name, found.location, found.is_required, found.schema) == ("id", "path", True, None)


def test_a_path_parameter_that_the_path_does_not_name_is_left_out() -> None:
    assert only({"name": "id", "in": "path"}, {"name": "a", "in": "query"}).name == "a"


NOWHERE = {"$ref": "#/components/nowhere"}


def test_a_reference_that_leads_nowhere_costs_no_more_than_itself() -> None:
    content = {"application/json": NOWHERE}
    found = operation(
        {
            "parameters": [NOWHERE, {"name": "a", "in": "query"}],
            "requestBody": {"content": content},
            "responses": {"200": {"content": content, "headers": {"X-A": NOWHERE}}, "404": NOWHERE},
        }
    )
    assert [one.name for one in found.parameters] == ["a"]
    assert found.request_body is not None
    assert [one.schema for one in found.request_body.content] == [None]
    assert list(found.responses) == ["200", "404"]
    assert found.responses["200"].headers == (Header("X-A"),)


@pytest.mark.parametrize("entry", [{"explode": "yes", "style": 5}, {"explode": None, "style": []}])
def test_members_of_wrong_types_count_as_absent(entry: Any) -> None:
    found = only({"name": "a", "in": "query", **entry})
    assert (found.style, found.explode) == ("form", True)
    body = operation({"requestBody": {"content": {"a/b": {"encoding": {"a": {"contentType": 5, **entry}}}}}})
    assert body.request_body is not None
    assert body.request_body.content[0].encoding["a"] == Encoding()


def test_the_additions_of_openapi_3_2_are_read() -> None:
    item = {"description": "an event"}
    media = {"itemSchema": item, "itemEncoding": {"contentType": "a/b"}, "prefixEncoding": [{"contentType": "c/d"}]}
    found = operation(
        {
            "parameters": [{"name": "all", "in": "querystring", "content": {"application/json": {"schema": {}}}}],
            "responses": {"200": {"summary": "Events", "content": {"text/event-stream": media}}},
        }
    )
    (whole,) = found.parameters
    assert (whole.location, whole.media_type) == ("querystring", "application/json")
    (stream,) = found.responses["200"].content
    assert found.responses["200"].summary == "Events"
    assert stream.item_schema == "#/paths/~1pets/get/responses/200/content/text~1event-stream/itemSchema"
    assert (stream.item_encoding, stream.prefix_encoding) == (Encoding("a/b"), (Encoding("c/d"),))


def test_a_cookie_style_is_exploded_unless_it_says_otherwise() -> None:
    assert only({"name": "a", "in": "cookie", "style": "cookie"}).explode


def test_additional_operations_have_the_methods_that_they_name() -> None:
    item = {"query": {}, "additionalOperations": {"LINK": {"operationId": "link"}, "Copy": {}, "no method": {}, "X": 5}}
    operations = Operations(document(paths={"/pets": item}))
    assert list(operations) == ["QUERY /pets", "LINK /pets", "Copy /pets"]
    assert (operations["link"].method, operations["Copy /pets"].method) == ("LINK", "Copy")
    assert operations["link"].pointer == "#/paths/~1pets/additionalOperations/LINK"
    assert [head.method for head in operations.heads.values()] == ["QUERY", "LINK", "Copy"]


def test_a_path_without_its_slash_does_not_go_on_with_the_name_of_the_host() -> None:
    assert Operations(document(paths={".evil.example/pets": {"get": {}}}))["GET .evil.example/pets"].path[0] == "/"


def test_a_header_may_be_described_by_content() -> None:
    headers: Any = {"X-A": {"content": {"application/json": {"schema": {}}}}}
    (found,) = operation({"responses": {"200": {"headers": headers}}}).responses["200"].headers
    assert found.media_type == "application/json"
    assert found.schema is not None
    assert found.schema.endswith("/headers/X-A/content/application~1json/schema")


def test_a_parameter_by_reference_has_its_schema_where_it_stands() -> None:
    found = only({"$ref": "#/components/parameters/P"}, parameters={"P": {"name": "a", "in": "query", "schema": {}}})
    assert found.schema == "#/components/parameters/P/schema"


@pytest.mark.parametrize(
    ("media", "schema"),
    [({"schema": {}}, "#/paths/~1pets/get/parameters/0/content/application~1json/schema"), ({}, None)],
)
def test_a_parameter_described_by_content(media: Any, schema: str | None) -> None:
    found = only({"name": "a", "in": "query", "content": {"application/json": media}})
    assert (found.media_type, found.schema) == ("application/json", schema)


def test_a_request_body_is_read_through_its_reference() -> None:
    body = {
        "required": True,
        "description": "A pet",
        "content": {"application/json": {"schema": {}}, "text/plain": None, "*/*": {"$ref": "#/components/x"}},
    }
    root = {"requestBodies": {"Pet": body}, "x": {"schema": {}}}
    found = operation({"requestBody": {"$ref": "#/components/requestBodies/Pet"}}, components=root).request_body
    assert found is not None
    assert (found.is_required, found.description) == (True, "A pet")
    assert [(media.name, media.schema) for media in found.content] == [
        ("application/json", "#/components/requestBodies/Pet/content/application~1json/schema"),
        ("text/plain", None),
        ("*/*", "#/components/x/schema"),
    ]


def test_the_encoding_of_parts_is_read() -> None:
    encoding = {
        "file": {"contentType": "image/*", "headers": {"X-A": {}}},
        "tags": {"style": "form", "explode": False, "allowReserved": True},
    }
    found = operation({"requestBody": {"content": {"multipart/form-data": {"encoding": encoding}}}}).request_body
    assert found is not None
    file, tags = found.content[0].encoding.values()
    assert (file.content_type, file.headers, file.style, file.explode) == ("image/*", (Header("X-A"),), None, None)
    assert (tags.style, tags.explode, tags.allow_reserved) == ("form", False, True)


def test_examples_are_read_by_name_and_through_references() -> None:
    examples = {
        "a": {"value": None},
        "b": {"$ref": "#/components/examples/B"},
        "elsewhere": {"externalValue": "https://example.org/a"},
        "written": {"dataValue": 3, "serializedValue": "3"},
        "nowhere": {"$ref": "#/nowhere"},
        "odd": 5,
    }
    media = {"application/json": {"example": 1, "examples": examples}}
    found = operation({"requestBody": {"content": media}}, components={"examples": {"B": {"value": 2}}}).request_body
    assert found is not None
    assert found.content[0].examples == {"example": 1, "a": None, "b": 2, "written": 3}


def test_responses_are_read_through_their_references() -> None:
    responses = {
        "200": {"$ref": "#/components/responses/Ok"},
        "4xx": {"description": "No"},
        "default": {"links": {"a": {}}},
    }
    ok = {
        "description": "Fine",
        "content": {"application/json": {"schema": {}}},
        "headers": {
            "X-Count": {"required": True, "explode": True, "description": "How many", "schema": {}, "example": 3},
            "Link": {"$ref": "#/components/headers/Link"},
            "Content-Type": {"schema": {}},
        },
    }
    components = {"responses": {"Ok": ok}, "headers": {"Link": {"schema": {}}}}
    found = operation({"responses": responses}, components=components).responses
    assert list(found) == ["200", "4XX", "default"]
    assert found["200"].description == "Fine"
    assert found["200"].content[0].schema == "#/components/responses/Ok/content/application~1json/schema"
    assert found["200"].headers == (
        Header("X-Count", True, "#/components/responses/Ok/headers/X-Count/schema", True, "How many", 3),
        Header("Link", schema="#/components/headers/Link/schema"),
    )
    assert found["default"].links == {"a": {}}


@pytest.mark.parametrize(
    ("documented", "status", "promised"),
    [
        (["200", "2XX", "default"], 200, "200"),
        (["200", "2xx", "default"], 201, "2XX"),
        (["200", "2XX", "default"], 404, "default"),
        (["200"], 404, None),
    ],
)
def test_of_the_promises_the_nearest_counts(documented: list[str], status: int, promised: str | None) -> None:
    found = operation({"responses": {name: {} for name in documented}}).promise_for(status)
    assert (found.status if found else None) == promised


SERVERS = [{"url": "https://a.example"}]


@pytest.mark.parametrize(
    ("get", "item", "root", "urls"),
    [
        ({"servers": [{"url": "/b"}]}, {"servers": [{"url": "/c"}]}, {"servers": SERVERS}, ("/b",)),
        ({}, {"servers": [{"url": "/c"}]}, {"servers": SERVERS}, ("/c",)),
        ({"servers": []}, {}, {"servers": SERVERS}, ("https://a.example",)),
        ({}, {}, {}, ("/",)),
    ],
    ids=["operation", "path", "root", "none"],
)
def test_the_nearest_servers_count(get: Any, item: Any, root: Any, urls: tuple[str, ...]) -> None:
    assert tuple(server.url for server in operation(get, item, **root).servers) == urls


def test_server_variables_are_filled_by_their_defaults() -> None:
    variables = {"region": {"default": "eu"}, "port": {"default": 443}, "odd": None}
    (server,) = servers_of(
        {"servers": [{"url": "https://{region}.example:{port}/{odd}/{other}", "variables": variables}]}
    )
    assert server.fill() == "https://eu.example:443/{odd}/{other}"


@pytest.mark.parametrize(
    ("own", "requirements"),
    [
        ({}, ({"key": ()},)),
        ({"security": []}, ()),
        ({"security": [{}]}, ({},)),
        ({"security": [{"a": [], "b": ["read"]}, {"c": []}]}, ({"a": (), "b": ("read",)}, {"c": ()})),
    ],
    ids=["inherited", "none", "optional", "alternatives"],
)
def test_security_is_inherited_unless_stated(own: Any, requirements: Any) -> None:
    assert operation(own, security=[{"key": []}]).security == requirements


def test_security_schemes_are_read_by_name() -> None:
    schemes = {
        "key": {"type": "apiKey", "in": "header", "name": "x-api-key", "description": "A key"},
        "bearer": {"type": "http", "scheme": "Bearer"},
        "oauth": {"$ref": "#/components/x"},
    }
    flows = {"clientCredentials": {"tokenUrl": "/token"}}
    found = security_schemes(document(components={"securitySchemes": schemes, "x": {"type": "oauth2", "flows": flows}}))
    assert (found["key"].type, found["key"].location, found["key"].parameter) == ("apiKey", "header", "x-api-key")
    assert (found["bearer"].scheme, found["oauth"].flows) == ("bearer", {"clientCredentials": OAuthFlow("/token")})
    assert security_schemes(document()) == {}


PATHS: dict[str, Any] = {
    "/pets": {"get": {"operationId": "listPets"}, "post": {}, "summary": "Pets"},
    "/pets/{id}": {"$ref": "#/components/pathItems/Pet"},
    "/twice": {"get": {"operationId": "listPets"}},
    "/nowhere": {"$ref": "paths.yaml#/a"},
    "/no-object": {"$ref": "#/info"},
    "/odd": None,
    "x-paths": {"get": {}},
}
PET_ITEM: dict[str, Any] = {"get": {"operationId": "getPet"}, "delete": None, "parameters": []}


@pytest.fixture
def operations() -> Operations:
    return Operations(document(paths=PATHS, components={"pathItems": {"Pet": PET_ITEM}}, info=5))


def test_operations_stand_in_document_order_and_what_cannot_be_read_is_left_out(operations: Operations) -> None:
    assert list(operations) == ["GET /pets", "POST /pets", "GET /pets/{id}", "GET /twice"]
    assert len(operations) == 4


@pytest.mark.parametrize("name", ["getPet", "GET /pets/{id}", "get /pets/{id}"])
def test_an_operation_is_found_by_id_and_key(operations: Operations, name: str) -> None:
    assert operations[name].pointer == "#/components/pathItems/Pet/get"
    assert operations[name] is operations["getPet"]


def test_of_a_repeated_id_the_first_operation_counts(operations: Operations) -> None:
    assert operations["listPets"].path == "/pets"
    assert operations["GET /twice"].path == "/twice"


def test_ids_and_keys_are_contained(operations: Operations) -> None:
    assert "getPet" in operations
    assert "GET /pets" in operations
    assert "zzz" not in operations
    number: object = 5
    assert number not in operations


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("getPets", "pets.yaml has no operation 'getPets'; did you mean 'getPet' or 'listPets'?"),
        ("xyz", "pets.yaml has no operation 'xyz'"),
    ],
)
def test_of_an_unknown_operation_it_is_asked_what_was_meant(operations: Operations, name: str, message: str) -> None:
    with pytest.raises(UnknownOperation) as caught:
        operations[name]
    assert str(caught.value) == message


def test_a_document_without_paths_has_no_operations() -> None:
    assert list(Operations(document())) == []


def test_webhooks_are_found_by_name() -> None:
    hooks = {
        "petSold": {"post": {"operationId": "onSale"}, "get": {}},
        "petLost": {"$ref": "#/components/pathItems/Lost"},
    }
    found = webhooks(document(webhooks=hooks, components={"pathItems": {"Lost": {"put": {}}}}))
    assert {name: one.key for name, one in found.items()} == {"petSold": "POST petSold", "petLost": "PUT petLost"}
