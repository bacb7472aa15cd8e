"""Which operation a path and method mean: a trie over the document's path templates.

A path of a document may hold a query, which tells it from the same path without: it is met by what holds its pairs.
Source: OpenAPI 3.1, Paths Object, "Path Templating Matching": concrete before templated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlsplit

_EXPRESSION = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Target:
    """An operation at a path: its key, the names of the path's templates, and the pairs of the path's own query."""

    key: str
    names: tuple[str, ...]
    query: tuple[tuple[str, str], ...] = ()

    def values(self, texts: Sequence[str], given: Sequence[tuple[str, str]]) -> dict[str, str] | None:
        """The raw texts of all templates; None where the path's own query is not among the pairs given."""
        found = dict(zip(self.names, texts, strict=True))
        for name, text in self.query:
            template = _EXPRESSION.fullmatch(text)
            if template is None and (name, text) not in given:
                return None
            if template is not None:
                if name not in dict(given):
                    return None
                found[template[1]] = quote(dict(given)[name], safe="")
        return found


@dataclass(frozen=True, slots=True)
class Route:
    """Where a path leads: its targets by method, those with most of a query first; and the texts of its templates."""

    targets: Mapping[str, Sequence[Target]]
    texts: tuple[str, ...]

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that the path knows; what can be read can be asked about with HEAD."""
        known = dict.fromkeys(self.targets)
        return (*known, "HEAD") if "GET" in known and "HEAD" not in known else tuple(known)

    def target(self, method: str, query: str = "") -> tuple[str, Mapping[str, str]] | None:
        """The operation's key and the raw texts of its path parameters, or None."""
        found = self.targets.get(method, ())
        # Most of a query comes first, so the first tells whether any has one.
        given = parse_qsl(query, keep_blank_values=True) if found and found[0].query else ()
        for each in found:
            values = each.values(self.texts, given)
            if values is not None:
                return each.key, values
        return None


@dataclass(slots=True)
class _Node:
    """A place in the trie; `whole` is below a template that is all of a segment, `templated` below others."""

    concrete: dict[str, _Node] = field(default_factory=dict)
    templated: dict[str, tuple[re.Pattern[str], _Node]] = field(default_factory=dict)
    whole: _Node | None = None
    targets: dict[str, list[Target]] = field(default_factory=dict)


class Router:
    """The routes of a document, at the root and below the base path of each server.

    `keys` are `METHOD /path`; `servers` their URLs, of which the path counts. With `takes_empty` a template may stand
    for no text at all.
    """

    def __init__(self, keys: Iterable[str], servers: Iterable[str] = (), *, takes_empty: bool = False) -> None:
        self._root = _Node()
        self._takes_empty = takes_empty
        for key in keys:
            method, _, path = key.partition(" ")
            self._add(method, path, key)
        bases = {_base_path(server) for server in servers} - {""}
        self._bases = sorted(bases, key=len, reverse=True)

    def find(self, path: str) -> Route | None:
        """The route of a path as it was sent, still percent-encoded; None where none leads."""
        found = _search(self._root, _segments(path), 0, ())
        if found is not None:
            return found
        below = (path[len(base) :] for base in self._bases if path.startswith(f"{base}/"))
        return next((route for rest in below if (route := _search(self._root, _segments(rest), 0, ()))), None)

    def _add(self, method: str, path: str, key: str) -> None:
        path, _, query = path.partition("?")
        node = self._root
        names: list[str] = []
        for segment in _segments(path):
            found = _EXPRESSION.findall(segment)
            names += found
            below = _below_template(node, segment, takes_empty=self._takes_empty) if found else None
            node = below or node.concrete.setdefault(segment, _Node())
        own = Target(key, tuple(names), tuple(parse_qsl(query, keep_blank_values=True)))
        others = (each for each in node.targets.get(method, ()) if each.query != own.query)
        node.targets[method] = sorted([*others, own], key=lambda each: -len(each.query))


def _search(node: _Node, segments: list[str], index: int, texts: tuple[str, ...]) -> Route | None:
    """The first route below a node, the most concrete first; `texts` are those of the templates before."""
    if index == len(segments):
        return Route(node.targets, texts) if node.targets else None
    segment = segments[index]
    below = node.concrete.get(segment) or (node.concrete.get(unquote(segment)) if "%" in segment else None)
    found = _search(below, segments, index + 1, texts) if below is not None else None
    for pattern, next_node in node.templated.values():
        if found is None and (matched := pattern.fullmatch(segment)):
            found = _search(next_node, segments, index + 1, (*texts, *matched.groups()))
    if found is None and node.whole is not None and segment:
        return _search(node.whole, segments, index + 1, (*texts, segment))
    return found


def _below_template(node: _Node, segment: str, *, takes_empty: bool) -> _Node:
    # Templates that differ in names alone are one: the specification calls them identical.
    shape = _EXPRESSION.sub("{}", segment)
    if shape == "{}" and not takes_empty:
        node.whole = node.whole or _Node()
        return node.whole
    if shape not in node.templated:
        pieces = (re.escape(piece) for piece in shape.split("{}"))
        text = "(.*?)" if takes_empty else "(.+?)"
        node.templated[shape] = (re.compile(text.join(pieces), re.DOTALL), _Node())
    return node.templated[shape][1]


def _segments(path: str) -> list[str]:
    return path.removeprefix("/").split("/")


def _base_path(server: str) -> str:
    try:
        return urlsplit(server).path.rstrip("/")
    except ValueError:
        return ""
