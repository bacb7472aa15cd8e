"""An Overlay upon a document -> a new document; the old one stays as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from syncdyn.openapi.errors import OverlayError
from syncdyn.openapi.hints import close_names

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json

Location: TypeAlias = "tuple[str | int, ...]"

_VERSION = re.compile(r"1\.0(\.[0-9]+)?")
#: As deep as documents may be nested; the library's own limit is 100.
_MAX_DEPTH = 500
#: Says that an action may find nothing; otherwise a target without a match is taken for a mistake.
_OPTIONAL = "x-optional"

_MEMBERS: dict[str, tuple[type, ...]] = {
    "target": (str,),
    "description": (str,),
    "remove": (bool,),
    _OPTIONAL: (bool,),
}
_ACTION_MEMBERS = (*_MEMBERS, "update")
_TYPE_NAMES = {str: "a string", bool: "true or false", dict: "an object", list: "an array", type(None): "null"}


def apply_overlay(root: Json, overlay: Json, *, origin: str, overlay_origin: str) -> Json:
    """The document after an overlay's actions, in order; `root` and `overlay` are never changed.

    An `update` merges into objects, recursively (arrays are joined, all else is replaced), and is
    appended as one entry to arrays. A `remove` may also take values that are no objects or arrays,
    as Overlay 1.1 allows. Unlike the specification, a target that matches nothing is an error, unless
    the action says `x-optional: true`.
    Raises OverlayError with all faults at once.
    Source: Overlay 1.0.0, sections 4.4.1 to 4.4.3; JSONPath: RFC 9535.
    """
    faults = list(_malformed(overlay))
    draft = _Draft(root)
    if not faults:
        queries = _Queries()
        for index, action in enumerate(overlay["actions"]):
            place = f"actions[{index}] ({action['target']})"
            faults.extend(f"{place}: {problem}" for problem in _act(draft, action, queries, origin))
    if faults:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise OverlayError("\n".join([f"{overlay_origin}: {count}", *(f"  {fault}" for fault in faults)]))
    return draft.root


def _malformed(overlay: Json) -> Iterator[str]:
    if not isinstance(overlay, dict):
        yield f"an overlay is an object, this is {_kind(overlay)}"
        return
    version = overlay.get("overlay")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        found = "missing" if "overlay" not in overlay else f"found {version!r}"
        yield f"overlay: a version that is read here, 1.0.0; {found}"
    info = overlay.get("info")
    for name in ("title", "version"):
        if not isinstance(info, dict) or not isinstance(info.get(name), str):
            yield f"info.{name}: missing, or not a string (required)"
    if not isinstance(overlay.get("extends", ""), str):
        yield f"extends: a string is allowed, found {_kind(overlay['extends'])}"
    yield from _malformed_actions(overlay.get("actions"))


def _malformed_actions(actions: Json) -> Iterator[str]:
    if not isinstance(actions, list) or not actions:
        yield "actions: missing, empty, or not an array (required)"
        return
    for index, action in enumerate(actions):
        if isinstance(action, dict):
            yield from (f"actions[{index}]{problem}" for problem in _malformed_action(action))
        else:
            yield f"actions[{index}]: an object is needed, found {_kind(action)}"


def _malformed_action(action: dict[str, Json]) -> Iterator[str]:
    if "target" not in action:
        yield ".target: missing (required)"
    for name, value in action.items():
        types = _MEMBERS.get(name)
        if types and not isinstance(value, types):
            yield f".{name}: {_TYPE_NAMES[types[0]]} is allowed, found {_kind(value)}"
        elif name not in _ACTION_MEMBERS and not name.startswith("x-"):
            near = close_names(name, _ACTION_MEMBERS)
            yield f".{name}: no such member" + (f"; did you mean {near[0]}?" if near else "")
    if "update" not in action and action.get("remove") is not True:
        yield ": has neither `update` nor `remove: true`"


def _act(draft: _Draft, action: dict[str, Json], queries: _Queries, origin: str) -> Iterator[str]:
    try:
        locations = queries.locations(action["target"], draft.root)
    except ValueError as error:
        yield str(error)
        return
    if not locations and action.get(_OPTIONAL) is not True:
        yield f"matches nothing in {origin}{queries.nearest(action['target'], draft.root)}"
    change = _remove if action.get("remove") is True else _update
    for location in locations:
        problem = change(draft, location, action.get("update"))
        if problem:
            yield problem
            return


def _remove(draft: _Draft, location: Location, _: Json) -> str | None:
    if not location:
        return "the whole document cannot be removed"
    del draft.own(location[:-1])[location[-1]]
    return None


def _update(draft: _Draft, location: Location, update: Json) -> str | None:
    target = draft.own(location)
    if isinstance(target, list):
        target.append(update)
        return None
    if not isinstance(target, dict):
        return f"matches {_kind(target)}; an update needs an object or an array: select what contains it"
    if not isinstance(update, dict):
        return f"matches an object, so the update must be an object, found {_kind(update)}"
    target.update(_merged(target, update))
    return None


def _merged(target: dict[str, Json], update: dict[str, Json]) -> dict[str, Json]:
    return {**target, **{key: _joined(target.get(key), value) for key, value in update.items()}}


def _joined(old: Json, new: Json) -> Json:
    if isinstance(old, dict) and isinstance(new, dict):
        return _merged(old, new)
    return [*old, *new] if isinstance(old, list) and isinstance(new, list) else new


class _Draft:
    """A document in the making: what is to change is copied first, once, and the rest is shared."""

    def __init__(self, root: Json) -> None:
        self.root = root
        # The copies are held, for the id of a thing that is gone may be given to another.
        self._copies: dict[int, Json] = {}

    def own(self, location: Location) -> Any:
        """The value at a location, free to be changed."""
        self.root = value = self._copy(self.root)
        for step in location:
            value[step] = self._copy(value[step])
            value = value[step]
        return value

    def _copy(self, value: Json) -> Json:
        if not isinstance(value, dict | list) or id(value) in self._copies:
            return value
        copy = value.copy()
        self._copies[id(copy)] = copy
        return copy


class _Queries:
    """JSONPath queries; the library is loaded when there is one, and its errors are ValueErrors here."""

    def __init__(self) -> None:
        import jsonpath_rfc9535

        class Environment(jsonpath_rfc9535.JSONPathEnvironment):
            max_recursion_depth = _MAX_DEPTH

        self._library = jsonpath_rfc9535
        self._environment = Environment()

    def locations(self, target: str, root: Json) -> list[Location]:
        """The places that a target selects, each once, the deepest and last ones first.

        In that order each place is still there when its turn comes.
        """
        nodes = self._translated(lambda: self._environment.compile(target).find(root))
        return sorted({node.location: None for node in nodes}, key=_from_behind, reverse=True)

    def nearest(self, target: str, root: Json) -> str:
        """How far a target that selects nothing does lead, and what was perhaps meant."""
        query = self._environment.compile(target)
        for length in range(len(query.segments) - 1, 0, -1):
            start = self._library.JSONPathQuery(env=self._environment, segments=query.segments[:length])
            nodes = start.find(root)
            if nodes:
                missing = str(query.segments[length]).strip("[]'\"")
                names = {name for node in nodes if isinstance(node.value, dict) for name in node.value}
                near = close_names(missing, names)
                return f"; {start} is there" + (f", did you mean {near[0]!r} below it?" if near else "")
        return ""

    def _translated(self, find: Callable[[], Any]) -> Any:
        try:
            return find()
        except self._library.JSONPathRecursionError:
            raise ValueError(f"the document is nested deeper than {_MAX_DEPTH} levels") from None
        except self._library.JSONPathError as error:
            raise ValueError(f"not a JSONPath of RFC 9535: {error}") from None
        except RecursionError:
            raise ValueError("nested too deep, the target or the document") from None


def _from_behind(location: Location) -> tuple[int, int]:
    last = location[-1] if location else 0
    return len(location), last if isinstance(last, int) else 0


def _kind(value: Json) -> str:
    return _TYPE_NAMES.get(type(value), "a number")
