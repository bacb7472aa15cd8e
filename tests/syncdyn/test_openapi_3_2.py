"""A document of OpenAPI 3.2 as a client: each of its additions in use."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from syncdyn import Client, RequestValidationError
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.inspecting import inspect
from syncdyn.openapi.loading import load
from tests.syncdyn.fakes import Service, answer

DOCUMENT = Path(__file__).parents[1] / "data" / "stations.openapi.yaml"
HOME = "https://api.stations.example/v2"
TOKEN = "token-of-a-device"
STATIONS = [{"id": "a", "at": {"latitude": 47.0, "longitude": 11.5}}]
EVENTS = b'event: reading\ndata: {"celsius": 3}\n\ndata: {"kind": "wind", "speed": 1}\n\n'

Connected = Callable[..., Any]


@pytest.fixture
def connected() -> Iterator[Connected]:
    """Makes a client in front of a service."""
    clients: list[httpx.Client] = []

    def connect(service: Service) -> Any:
        clients.append(httpx.Client(transport=httpx.MockTransport(service)))
        return Client(DOCUMENT, auth=TOKEN, httpx_client=clients[-1])

    yield connect
    for client in clients:
        client.close()


def test_nothing_in_it_is_degraded() -> None:
    assert inspect(Contract(load(DOCUMENT, cache_folder=None))) == ()


def test_a_query_operation_is_sent_with_its_body(connected: Connected) -> None:
    service = Service(answer(json=STATIONS))
    (station,) = connected(service).stations.search_stations(near={"latitude": 47, "longitude": 11}, within=5)
    assert (service.last.method, str(service.last.url)) == ("QUERY", f"{HOME}/stations")
    assert service.sent == {"near": {"latitude": 47, "longitude": 11}, "within": 5}
    assert station.at.latitude == 47.0


def test_an_additional_operation_is_a_method_and_has_a_key(connected: Connected) -> None:
    service = Service(answer(204))
    client = connected(service)
    client.stations.link_station("s 1", link='<urn:a>; rel="next"')
    assert (service.last.method, service.last.url.raw_path) == ("LINK", b"/v2/stations/s%201")
    assert service.last.headers["link"] == '<urn:a>; rel="next"'
    client.operations["UNLINK /stations/{station}"]("s1")
    assert service.last.method == "UNLINK"


def test_a_querystring_parameter_is_the_whole_query(connected: Connected) -> None:
    service = Service(answer(json=STATIONS))
    connected(service).stations.list_stations(filter={"region": "alps", "tags": ["a b", "c"], "limit": 5})
    assert sorted(service.last.url.params.multi_items()) == [
        ("limit", "5"), ("region", "alps"), ("tags", "a b"), ("tags", "c"),
    ]  # fmt: skip


def test_a_querystring_parameter_is_checked(connected: Connected) -> None:
    with pytest.raises(RequestValidationError, match=r"querystring\.filter\.limit: 500"):
        connected(Service(answer())).stations.list_stations(filter={"limit": 500})


def test_a_cookie_of_cookie_style_is_not_encoded(connected: Connected) -> None:
    service = Service(answer(json=STATIONS))
    connected(service).stations.list_stations(session="a/b=c%20")
    assert service.last.headers["cookie"] == "session=a/b=c%20"


def test_a_stream_of_events_is_read_item_by_item(connected: Connected) -> None:
    service = Service(answer(content=EVENTS, headers={"content-type": "text/event-stream"}))
    first, second = connected(service).readings.follow_readings("s1")
    assert (first.event, first.data.celsius, second.data.speed) == ("reading", 3, 1)


def test_a_stream_of_json_lines_is_sent_and_checked_item_by_item(connected: Connected) -> None:
    service = Service(answer(202))
    client = connected(service)
    readings = [{"celsius": 1}, {"kind": "wind", "speed": 2}]
    client.readings.add_readings("s1", body=readings)
    assert [json.loads(line) for line in service.last.content.splitlines()] == readings
    with pytest.raises(RequestValidationError, match=r"\[1\]\.speed"):
        client.readings.add_readings("s1", body=[{"celsius": 1}, {"kind": "wind", "speed": "fast"}])


def test_a_value_without_its_discriminator_is_of_the_default_mapping(connected: Connected) -> None:
    with pytest.raises(RequestValidationError, match=r"\[0\]\.celsius"):
        connected(Service(answer())).readings.add_readings("s1", body=[{"celsius": "warm"}])


def test_a_path_that_allows_reserved_characters_keeps_them_within_its_segment(connected: Connected) -> None:
    service = Service(answer(text="raw"))
    assert connected(service).raw.get_raw("a:b@c") == "raw"
    assert service.last.url.raw_path == b"/v2/raw/a:b@c"


def test_the_token_of_a_device_is_sent(connected: Connected) -> None:
    service = Service(answer(json=STATIONS))
    connected(service).stations.list_stations()
    assert service.last.headers["authorization"] == f"Bearer {TOKEN}"


def test_the_servers_have_names() -> None:
    servers = Contract(load(DOCUMENT, cache_folder=None)).servers
    assert [(server.name, server.fill()) for server in servers] == [
        ("production", HOME),
        ("at-a-site", "https://north.stations.example/v2"),
    ]


def test_an_example_of_a_parameter_is_its_data_value() -> None:
    (parameter, *_) = Contract(load(DOCUMENT, cache_folder=None)).operations["listStations"].parameters
    assert parameter.examples == {"a region": {"region": "alps", "limit": 10}}


def test_a_reference_by_the_document_s_own_address_leads_into_it() -> None:
    root = {
        "openapi": "3.2.0",
        "$self": "https://specs.example/api.yaml",
        "info": {"title": "A", "version": "1"},
        "paths": {"/a": {"get": {"parameters": [{"$ref": "https://specs.example/api.yaml#/components/parameters/P"}]}}},
        "components": {"parameters": {"P": {"name": "p", "in": "query", "schema": {}}}},
    }
    (parameter,) = Contract(load(root, cache_folder=None)).operations["GET /a"].parameters
    assert parameter.name == "p"
