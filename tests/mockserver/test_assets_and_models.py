"""The media library and the models of the bundled API."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from syncdyn.openapi.messages import Json
    from tests.mockserver.conftest import Service

ORDERS = {
    "name": "name",
    "date": "createdAt",
    "duration": "durationSeconds",
    "size": "size",
    "kind": "type",
}


def all_pages(service: Service, query: str) -> list[Json]:
    items: list[Json] = []
    cursor = ""
    for _ in range(100):
        page = service.get(f"/v2/assets?{query}{cursor}").json
        items += page["items"]
        if page["nextCursor"] is None:
            break
        cursor = f"&cursor={quote(page['nextCursor'])}"
    return items


def test_the_library_has_all_kinds_from_the_start(service: Service) -> None:
    page = service.get("/v2/assets?limit=100").json
    assert page["totalCount"] == len(page["items"]) >= 31
    assert {one["type"] for one in page["items"]} == {"AUDIO", "VIDEO", "IMAGE"}
    assert len({one["id"] for one in page["items"]}) == page["totalCount"]


def test_a_page_has_twenty_unless_told(service: Service) -> None:
    assert len(service.get("/v2/assets").json["items"]) == 20


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_pages_together_are_the_whole_list_once(service: Service, limit: int) -> None:
    whole = [one["id"] for one in service.get("/v2/assets?limit=100").json["items"]]
    assert [one["id"] for one in all_pages(service, f"limit={limit}")] == whole


def test_a_page_goes_on_where_it_stopped_though_the_list_grew(service: Service) -> None:
    first = service.get("/v2/assets?limit=5").json
    service.post_form(
        "/v2/generate", ("model", b"lipsync-2", None), ("video", b"v", "new.mp4"), ("audio", b"a", "new.wav")
    )
    second = service.get(f"/v2/assets?limit=5&cursor={first['nextCursor']}").json
    assert not {one["id"] for one in first["items"]} & {one["id"] for one in second["items"]}
    assert second["totalCount"] == first["totalCount"] + 2


@pytest.mark.parametrize(("order", "member"), ORDERS.items())
def test_assets_are_sorted_both_ways(service: Service, order: str, member: str) -> None:
    rising = [
        one[member] for one in service.get(f"/v2/assets?limit=100&sortBy={order}Asc").json["items"] if member in one
    ]
    falling = [
        one[member] for one in service.get(f"/v2/assets?limit=100&sortBy={order}Desc").json["items"] if member in one
    ]
    fold = [one.casefold() if isinstance(one, str) else one for one in rising]
    assert fold == sorted(fold)
    assert falling == rising[::-1]


def test_newest_first_is_the_usual_order(service: Service) -> None:
    assert service.get("/v2/assets").json["items"] == service.get("/v2/assets?sortBy=dateDesc").json["items"]


@pytest.mark.parametrize("query", ["types=AUDIO,IMAGE", "types=AUDIO&types=IMAGE"])
def test_types_are_taken_with_commas_and_repeated(service: Service, query: str) -> None:
    assert {one["type"] for one in all_pages(service, f"{query}&limit=50")} == {"AUDIO", "IMAGE"}


def test_search_looks_at_names_in_any_case(service: Service) -> None:
    names = [one["name"] for one in all_pages(service, "searchQuery=PODCAST&limit=50")]
    assert names
    assert all("podcast" in name for name in names)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "sortBy=age", "types=TEXT"],
)
def test_a_bad_query_is_400_with_a_list_of_messages(service: Service, query: str) -> None:
    reply = service.get(f"/v2/assets?{query}")
    assert reply.status == 400
    assert reply.json["statusCode"] == 400
    assert query.partition("=")[0] in reply.json["message"][0]
    assert reply.json["error"] == "Bad Request"


@pytest.mark.parametrize("cursor", ["YTE", "%00", "%C3%A9"])
def test_a_cursor_that_no_page_gave_leads_past_the_end(service: Service, cursor: str) -> None:
    reply = service.get(f"/v2/assets?cursor={cursor}")
    assert (reply.status, reply.json["items"], reply.json["nextCursor"]) == (200, [], None)
    assert reply.json["totalCount"] > 0


def test_a_cursor_of_another_seed_leads_past_the_end(serve: Callable[..., Service]) -> None:
    cursor = serve(seed=1).get("/v2/assets?limit=1").json["nextCursor"]
    assert serve(seed=2).get(f"/v2/assets?cursor={cursor}").json["items"] == []


def test_an_asset_is_found_by_its_id(service: Service) -> None:
    listed = service.get("/v2/assets?limit=1").json["items"][0]
    assert service.get(f"/v2/assets/{listed['id']}").json == listed


def test_an_unknown_asset_is_404_with_its_code(service: Service) -> None:
    reply = service.get("/v2/assets/nothing")
    assert (reply.status, reply.json["errorCode"]) == (404, "asset_not_found")


def test_models_leave_out_the_deprecated_one(service: Service) -> None:
    models = service.get("/v2/models").json
    assert {one["name"] for one in models} == {"lipsync-2", "lipsync-2-pro", "lipsync-1.9.0-beta", "react-1", "sync-3"}
    assert not any(one.get("deprecatedAt") for one in models)
