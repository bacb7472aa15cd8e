from __future__ import annotations

import pytest

from mockserver.problems.nearest import meant

PATHS = ("/orders", "/orders/{orderId}", "/orders/{orderId}/lines/{number}")


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/ordres", "/orders"),
        ("/orders/", "/orders"),
        ("/v1/orders", "/orders"),
        ("/order/5f3c", "/orders/{orderId}"),
        ("/orders/5/line/2", "/orders/{orderId}/lines/{number}"),
    ],
)
def test_the_path_that_was_meant_is_told(path: str, template: str) -> None:
    assert meant(path, PATHS) == f"; did you mean {template}?"


@pytest.mark.parametrize(("path", "paths"), [("/", PATHS), ("/customers", PATHS), ("/ordres", PATHS * 200)])
def test_nothing_is_told_where_nothing_is_near_or_there_are_very_many(path: str, paths: tuple[str, ...]) -> None:
    assert meant(path, paths) == ""
