"""Documents with random faults: they open, and every operation can be looked at, described, tried and inspected."""

from __future__ import annotations

import copy
import inspect as signatures
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncdyn import Client
from syncdyn.calling import Method
from syncdyn.doors.naming import method_names
from syncdyn.openapi.errors import DocumentError, SyncdynError
from syncdyn.openapi.inspecting import inspect
from syncdyn.openapi.loading import load
from syncdyn.openapi.sampling import Unsampled

DATA = Path(__file__).parents[1] / "data"
ODD_VALUES: list[Any] = [
    None, True, False, 0, -1, 1.5, "", "x", "#/nowhere", [], [None], ["x"], [[]], [{}], {}, {"": {}}, {"x": None},
    {"a": []}, {"$ref": "#/nowhere"}, {"$ref": 5}, {"$ref": "#"}, {"$ref": "#/components"}, {"type": "array"},
]  # fmt: skip

_Steps = tuple[Any, ...]


class Unused:
    """A transport that nothing is sent with."""

    def run(self, *_: Any) -> NoReturn:
        raise AssertionError("nothing is to be sent")

    iterate = run

    def now(self) -> float:
        return 0.0


def _paths(value: Any, path: _Steps = ()) -> Iterator[_Steps]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, entry in entries:
        yield (*path, step)
        yield from _paths(entry, (*path, step))


def _broken(root: Any, faults: list[tuple[_Steps, Any]]) -> Any:
    broken = copy.deepcopy(root)
    for (*around, last), value in faults:
        place = broken
        # An earlier fault may have taken away what the place stood in.
        with suppress(LookupError, TypeError):
            for step in around:
                place = place[step]
            place[last] = copy.deepcopy(value)
    return broken


def _use(root: Any) -> None:
    """Opens a document and looks at everything in it, as a user at a prompt would."""
    try:
        client = Client(root, base_url="https://api.example", transport=Unused())
    except DocumentError:
        return  # refused at once, as it may be where the root is no OpenAPI document
    settings = client._settings
    for resource, methods in method_names(settings.contract).items():
        assert set(methods) <= set(dir(getattr(client, resource)))
    for key in settings.contract.operations:
        function = client.operations[key]
        assert signatures.signature(function) is not None
        assert function.__doc__
        with suppress(Unsampled):
            _try(Method(settings, key, key), function.example_arguments())
    inspect(settings.contract)


def _try(method: Method, arguments: dict[str, Any]) -> None:
    """Writes the request of a call, up to where it would be sent."""
    assert method.reader is not None
    with suppress(SyncdynError):
        next(method.call((), arguments))


@pytest.mark.parametrize("name", ["shop.openapi.yaml", "stations.openapi.yaml", "petstore.yaml"])
def test_no_fault_within_a_document_is_more_than_degraded(name: str) -> None:
    root = load(DATA / name, cache_folder=None).plain()
    fault = st.tuples(st.sampled_from(list(_paths(root))), st.sampled_from(ODD_VALUES))

    @settings(max_examples=40)
    @given(st.lists(fault, min_size=1, max_size=3))
    def use(faults: list[tuple[_Steps, Any]]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _use(_broken(root, faults))

    use()
