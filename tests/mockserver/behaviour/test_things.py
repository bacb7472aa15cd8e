"""Documents without behaviour data: what is created is found, changed, and gone when it is deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.mockserver.behaviour.service import GONE, ID, PET_REF, body, content, document, parameter, pets, service

REX = {"name": "Rex", "kind": "cat"}
MOMENT, LATER = "2001-09-09T01:46:40.000Z", "2001-09-09T01:47:40.000Z"


def test_what_is_created_is_found() -> None:
    shop = service(pets())
    made = shop.json("POST", "/pets", REX)
    assert made == {"id": 1, "name": "Rex", "kind": "cat", "created_at": MOMENT, "updatedAt": MOMENT}
    assert shop.json("GET", "/pets/1") == made
    assert shop.json("GET", "/pets") == [made]


def test_a_created_thing_has_a_place() -> None:
    assert service(pets()).ask("POST", "/pets", REX).headers["location"] == "/pets/1"


def test_defaults_of_the_request_are_filled_in_and_nothing_else_is_made_up() -> None:
    made = service(pets()).json("POST", "/pets", {"name": "Rex"})
    assert made.keys() == {"id", "name", "kind", "created_at", "updatedAt"}
    assert made["kind"] == "dog"


def test_write_only_members_are_never_shown() -> None:
    shop = service(pets())
    shop.json("POST", "/pets", {**REX, "secret": "s"})
    assert "secret" not in shop.json("GET", "/pets/1")


def test_ids_go_on_and_those_of_the_deleted_are_not_given_again() -> None:
    shop = service(pets())
    ids = [shop.json("POST", "/pets", REX)["id"] for _ in range(3)]
    shop.json("DELETE", "/pets/3")
    assert [*ids, shop.json("POST", "/pets", REX)["id"]] == [1, 2, 3, 4]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_what_is_deleted_is_gone_for_every_method(method: str) -> None:
    shop = service(pets())
    shop.json("POST", "/pets", REX)
    assert shop.ask("DELETE", "/pets/1").status == 204
    assert shop.ask(method, "/pets/1", REX if method[0] == "P" else None).status == 404
    assert shop.json("GET", "/pets") == []


def test_put_replaces_and_keeps_what_only_the_service_knows() -> None:
    shop = service(pets())
    shop.json("POST", "/pets", {**REX, "age": 3})
    shop.now += 60
    assert shop.json("PUT", "/pets/1", {"name": "Max"}) == {
        "id": 1, "name": "Max", "created_at": MOMENT, "updatedAt": LATER
    }  # fmt: skip
    assert shop.json("GET", "/pets/1")["name"] == "Max"


def test_patch_changes_what_it_states() -> None:
    shop = service(pets())
    shop.json("POST", "/pets", {**REX, "age": 3})
    assert shop.json("PATCH", "/pets/1", {"age": 4}).items() >= {"name": "Rex", "age": 4}.items()


def test_null_in_a_merge_patch_takes_a_member_out() -> None:
    shop = service(pets())
    shop.json("POST", "/pets", {**REX, "age": 3})
    patched = shop.json("PATCH", "/pets/1", {"age": None}, content_type="application/merge-patch+json")
    assert "age" not in patched


def test_the_id_of_the_path_is_not_to_be_changed() -> None:
    shop = service(pets())
    shop.json("POST", "/pets", REX)
    assert shop.json("PATCH", "/pets/1", {"id": 9})["id"] == 1


def test_what_nobody_made_is_there_until_it_is_deleted() -> None:
    shop = service(pets())
    seen = shop.json("GET", "/pets/77")
    assert seen["id"] == 77
    assert shop.json("GET", "/pets/77") == seen
    assert shop.ask("DELETE", "/pets/77").status == 204
    assert shop.ask("GET", "/pets/77").status == 404


def test_what_nobody_made_and_somebody_changed_is_kept() -> None:
    shop = service(pets())
    shop.json("PATCH", "/pets/77", {"name": "Max"})
    assert shop.json("GET", "/pets/77")["name"] == "Max"
    assert [one["id"] for one in shop.json("GET", "/pets")] == [77]


def test_what_nobody_made_is_refused_on_request() -> None:
    shop = service(pets(), unknown="refused")
    assert shop.ask("GET", "/pets/77").status == 404
    shop.json("POST", "/pets", REX)
    assert shop.ask("GET", "/pets/1").status == 200


def test_stateless_remembers_nothing() -> None:
    shop = service(pets(), stateless=True)
    shop.json("POST", "/pets", REX)
    assert shop.ask("DELETE", "/pets/1").status == 204
    assert shop.ask("GET", "/pets/1").status == 200


def test_the_example_of_the_list_is_there_from_the_start() -> None:
    root = pets()
    listed = content({"type": "array", "items": PET_REF}, example=[{"id": 7, "name": "Tom"}, {"id": 8, "name": "Kim"}])
    root["paths"]["/pets"]["get"]["responses"]["200"] = listed
    shop = service(root)
    assert [one["name"] for one in shop.json("GET", "/pets")] == ["Tom", "Kim"]
    assert shop.json("GET", "/pets/8") == {"id": 8, "name": "Kim"}
    shop.json("PATCH", "/pets/7", {"name": "Max"})
    shop.json("DELETE", "/pets/8")
    assert [one["name"] for one in shop.json("GET", "/pets")] == ["Max"]


def nested() -> dict[str, Any]:
    post = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string", "format": "uuid"}, "user_id": {"type": "string"}},
    }
    name = parameter("uid", None, "path")
    return document(
        {
            "/users": {"post": {"requestBody": body({"type": "object"}), "responses": {"201": content()}}},
            "/users/{id}": {
                "parameters": [parameter("id", None, "path")],
                "get": {"responses": {"200": content({"type": "object", "properties": {"id": {"type": "string"}}})}},
                "delete": {"responses": GONE},
            },
            "/users/{uid}/posts": {
                "parameters": [name],
                "get": {"responses": {"200": content({"type": "array", "items": post})}},
                "post": {"responses": {"201": content(post)}},
            },
            "/users/{uid}/posts/{pid}": {
                "parameters": [name, parameter("pid", None, "path")],
                "get": {"responses": {"200": content(post)}},
            },
            "/users/{uid}/settings": {
                "parameters": [name],
                "get": {"responses": {"200": content({"type": "object", "properties": {"dark": {"type": "boolean"}}})}},
                "put": {
                    "requestBody": body({"type": "object", "properties": {"dark": {"type": "boolean"}}}),
                    "responses": GONE,
                },
            },
        }
    )


def test_a_nested_collection_belongs_to_its_owner_and_goes_with_it() -> None:
    shop = service(nested())
    made = shop.json("POST", "/users/ann/posts")
    assert made["user_id"] == "ann"
    assert shop.json("GET", "/users/ann/posts") == [made]
    assert shop.json("GET", "/users/bob/posts") == []
    assert shop.json("GET", f"/users/ann/posts/{made['id']}") == made
    shop.json("DELETE", "/users/ann")
    assert shop.ask("GET", f"/users/ann/posts/{made['id']}").status == 404
    assert shop.ask("POST", "/users/ann/posts").status == 404


def test_a_single_thing_below_another_is_kept() -> None:
    shop = service(nested())
    shop.json("PUT", "/users/ann/settings", {"dark": True})
    assert shop.json("GET", "/users/ann/settings") == {"dark": True}
    shop.json("PUT", "/users/ann/settings", {"dark": False})
    assert shop.json("GET", "/users/ann/settings") == {"dark": False}


def test_a_flag_without_a_body_is_set_and_taken_away() -> None:
    flag = {"204": {"description": "d"}, "404": {"description": "d"}}
    item = {"parameters": [ID], **{method: {"responses": flag} for method in ("get", "put", "delete")}}
    shop = service(document({"/starred/{petId}": item}), unknown="refused")
    assert shop.ask("GET", "/starred/5").status == 404
    assert shop.ask("PUT", "/starred/5").status == 204
    assert shop.ask("GET", "/starred/5").status == 204
    shop.json("DELETE", "/starred/5")
    assert shop.ask("GET", "/starred/5").status == 404


def test_an_id_that_the_client_gives_is_taken_and_conflicts_where_that_is_documented() -> None:
    user = {"type": "object", "required": ["username"], "properties": {"username": {"type": "string"}}}
    responses = {"201": content(user), "409": {"description": "taken"}}
    paths = {
        "/users": {"post": {"requestBody": body(user), "responses": responses}},
        "/users/{username}": {
            "parameters": [parameter("username", None, "path")],
            "get": {"responses": {"200": content(user)}},
        },
    }
    shop = service(document(paths))
    shop.json("POST", "/users", {"username": "ann"})
    assert shop.json("GET", "/users/ann") == {"username": "ann"}
    assert shop.ask("POST", "/users", {"username": "ann"}).status == 409


def test_put_makes_what_no_post_makes() -> None:
    responses = {"200": content(), "201": content()}
    item = {
        "parameters": [ID],
        "get": {"responses": {"200": content()}},
        "put": {"requestBody": body(), "responses": responses},
    }
    shop = service(document({"/pets/{petId}": item}))
    assert shop.ask("PUT", "/pets/5", REX).status == 201
    assert shop.json("GET", "/pets/5").items() >= {"id": 5, "name": "Rex"}.items()
    assert shop.ask("PUT", "/pets/5", REX).status == 200


def test_an_action_leaves_the_thing_and_shows_it() -> None:
    paths = {"/pets/{petId}/walk": {"parameters": [ID], "post": {"responses": {"200": content()}}}}
    shop = service(pets(**paths))
    made = shop.json("POST", "/pets", REX)
    assert shop.json("POST", "/pets/1/walk") == made
    shop.json("DELETE", "/pets/1")
    assert shop.ask("POST", "/pets/1/walk").status == 404


def test_several_are_made_from_a_list() -> None:
    several = {"type": "array", "items": PET_REF}
    paths = {"/pets/many": {"post": {"requestBody": body(several), "responses": {"201": content(several)}}}}
    shop = service(pets(**paths))
    response = shop.ask("POST", "/pets/many", [REX, REX])
    assert [one["id"] for one in json.loads(response.body)] == [1, 2]
    assert response.headers["location"] == "/pets/2"
    assert len(shop.json("GET", "/pets")) == 2


def test_an_answer_of_another_schema_shows_what_it_knows_of_the_thing() -> None:
    short = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
    gone = {
        "type": "object",
        "required": ["id", "deleted"],
        "properties": {"id": {"type": "integer"}, "deleted": {"const": True}},
    }
    root = pets()
    root["paths"]["/pets"]["post"]["responses"] = {"201": content(short)}
    root["paths"]["/pets/{petId}"]["delete"]["responses"] = {"200": content(gone)}
    shop = service(root)
    assert shop.json("POST", "/pets", REX) == {"id": 1}
    assert shop.json("GET", "/pets/1")["name"] == "Rex"
    assert shop.json("DELETE", "/pets/1") == {"id": 1, "deleted": True}


def test_a_wrapper_around_the_thing_is_seen_through() -> None:
    wrapped = {"type": "object", "required": ["pet"], "properties": {"pet": PET_REF}}
    root = pets()
    root["paths"]["/pets"]["post"] = {"requestBody": body(wrapped), "responses": {"201": content(wrapped)}}
    root["paths"]["/pets/{petId}"]["get"]["responses"] = {"200": content(wrapped)}
    shop = service(root)
    shop.json("POST", "/pets", {"pet": REX})
    assert shop.json("GET", "/pets/1")["pet"].items() >= {"id": 1, "name": "Rex"}.items()


def test_a_link_says_which_member_is_the_id() -> None:
    thing = {
        "type": "object",
        "required": ["code"],
        "properties": {"id": {"type": "string"}, "code": {"type": "string"}},
    }
    made = {**content(thing), "links": {"it": {"operationId": "one", "parameters": {"key": "$response.body#/code"}}}}
    paths = {
        "/things": {"post": {"requestBody": body(thing), "responses": {"201": made}}},
        "/things/{key}": {
            "parameters": [parameter("key", None, "path")],
            "get": {"operationId": "one", "responses": {"200": content(thing)}},
        },
    }
    shop = service(document(paths))
    shop.json("POST", "/things", {"code": "abc", "id": "x"})
    assert shop.json("GET", "/things/abc") == {"id": "x", "code": "abc"}


def test_a_wish_for_another_answer_leaves_the_state_alone() -> None:
    shop = service(pets())
    shop.ask("POST", "/pets", REX, prefer="dynamic=true")
    assert shop.json("GET", "/pets") == []


def test_what_is_switched_off_remembers_nothing() -> None:
    root = pets()
    root["paths"]["/pets"]["x-mock-state"] = False
    root["paths"]["/pets"]["get"]["x-mock-state"] = True
    shop = service(root)
    shop.json("POST", "/pets", REX)
    assert shop.json("GET", "/pets") == []


def test_two_lives_of_one_seed_are_the_same() -> None:
    def life() -> bytes:
        shop = service(pets(), seed=3)
        return b"".join(shop.ask(*one).body for one in (("POST", "/pets", REX), ("GET", "/pets"), ("GET", "/pets/9")))

    assert life() == life()


def test_an_etag_is_given_and_compared_where_it_is_declared() -> None:
    root = pets()
    item = root["paths"]["/pets/{petId}"]
    tagged = {**content(), "headers": {"ETag": {"schema": {"type": "string"}}}}
    item["get"]["responses"] = {"200": tagged, "304": {"description": "d"}}
    item["put"]["parameters"] = [parameter("If-Match", None, "header")]
    item["put"]["responses"]["412"] = {"description": "d"}
    shop = service(root)
    shop.json("POST", "/pets", REX)
    tag = shop.ask("GET", "/pets/1").headers["etag"]
    assert shop.ask("GET", "/pets/1", if_none_match=tag).status == 304
    assert shop.ask("PUT", "/pets/1", REX, if_match='"other"').status == 412
    assert shop.ask("PUT", "/pets/1", REX, if_match=tag).status == 200


def test_ten_thousand_things_are_as_quick_as_ten() -> None:
    """No more than a bound on work that must not grow with the collection: a second for two hundred calls."""
    from time import perf_counter

    shop = service(pets(), strict_responses=False)
    for _ in range(10_000):
        shop.ask("POST", "/pets", REX)
    started = perf_counter()
    for number in range(200):
        assert json.loads(shop.ask("POST", "/pets", REX).body)["id"] == 10_001 + number
        shop.ask("GET", f"/pets/{number + 1}")
    assert perf_counter() - started < 1


def test_an_uploaded_file_tells_of_itself_and_is_given_back() -> None:
    info = {
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {"type": "string"},
            "filename": {"type": "string"},
            "bytes": {"type": "integer"},
            "purpose": {"type": "string"},
        },
    }
    form = {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}, "purpose": {"type": "string"}},
    }
    name = [parameter("id", None, "path")]
    raw = {
        "description": "d",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
    paths = {
        "/files": {"post": {"requestBody": body(form, "multipart/form-data"), "responses": {"200": content(info)}}},
        "/files/{id}": {"parameters": name, "get": {"responses": {"200": content(info)}}},
        "/files/{id}/content": {"parameters": name, "get": {"responses": {"200": raw}}},
    }
    shop = service(document(paths))
    lines = (
        "--B", 'Content-Disposition: form-data; name="purpose"', "", "tests",
        "--B", 'Content-Disposition: form-data; name="file"; filename="a.txt"', "Content-Type: text/plain", "", "hello",
        "--B--", "",
    )  # fmt: skip
    made = json.loads(shop.send("POST", "/files", "\r\n".join(lines).encode(), "multipart/form-data; boundary=B").body)
    assert made.items() >= {"filename": "a.txt", "bytes": 5, "purpose": "tests"}.items()
    given = shop.ask("GET", f"/files/{made['id']}/content")
    assert (given.headers["content-type"], given.body) == ("application/octet-stream", b"hello")


def test_what_is_read_only_is_never_taken_from_a_request() -> None:
    assert (
        service(pets()).json("POST", "/pets", {**REX, "id": 99, "created_at": LATER}).items()
        >= {
            "id": 1,
            "created_at": MOMENT,
        }.items()
    )


def test_an_empty_id_is_none() -> None:
    thing = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
    paths = {
        "/things": {"post": {"requestBody": body(thing), "responses": {"201": content(thing)}}},
        "/things/{name}": {
            "parameters": [parameter("name", None, "path")],
            "get": {"responses": {"200": content(thing)}},
        },
    }
    shop = service(document(paths))
    made = shop.json("POST", "/things", {"name": ""})
    assert shop.json("GET", f"/things/{made['name']}") == made


def test_a_member_called_id_is_numbered_also_where_things_are_found_by_another() -> None:
    user = {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "username": {"type": "string"}},
    }
    paths = {
        "/users": {"post": {"requestBody": body(user), "responses": {"201": content(user)}}},
        "/users/{username}": {
            "parameters": [parameter("username", None, "path")],
            "get": {"responses": {"200": content(user)}},
        },
    }
    shop = service(document(paths))
    assert shop.json("POST", "/users", {"username": "ann"}) == {"id": 1, "username": "ann"}


def test_members_that_only_a_change_may_state_are_taken_from_it() -> None:
    root = pets()
    only_name = {"type": "object", "properties": {"name": {"type": "string"}}}
    root["paths"]["/pets"]["post"]["requestBody"] = body(only_name)
    shop = service(root)
    shop.json("POST", "/pets", {"name": "Rex"})
    assert shop.json("PATCH", "/pets/1", {"age": 4})["age"] == 4


def test_what_was_below_a_deleted_thing_does_not_come_back_with_its_id() -> None:
    root = nested()
    user = {"type": "object", "properties": {"id": {"type": "string"}}}
    del root["paths"]["/users"]
    root["paths"]["/users/{id}"]["put"] = {"requestBody": body(user), "responses": {"200": content(user)}}
    shop = service(root)
    shop.json("PUT", "/users/ann", {})
    shop.json("POST", "/users/ann/posts")
    shop.json("DELETE", "/users/ann")
    shop.json("PUT", "/users/ann", {})
    assert shop.json("GET", "/users/ann/posts") == []
