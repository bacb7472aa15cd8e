"""Which operation a request is for, below any of the document's servers; or what is told where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from mockserver.answering.servers import base_paths, own_base_paths
from mockserver.problems import Fault, Refused
from mockserver.problems.nearest import meant
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.routing import Route, Router


class Routes:
    """The ways to the operations of one document; `as_prism` finds and refuses as Prism does."""

    def __init__(self, contract: Contract, *, as_prism: bool = False) -> None:
        self._contract = contract
        self._as_prism = as_prism
        self._bases = base_paths(contract)
        self._router = Router(contract.operations, self._bases)

    def find(self, path: str, query: str, method: str) -> tuple[str, Mapping[str, str]]:
        """The key of the operation that is meant, and the texts of its path's templates.

        `path` is as it was sent, still percent-encoded. Raises Refused (404, 405) where there is none.
        """
        route = self._router.find(path) or self._late_router.find(path)
        target = route.target(method, query) if route else None
        if target is None:
            raise Refused(self._no_path(path, method) if route is None else self._no_method(route, method))
        return target

    @cached_property
    def _late_router(self) -> Router:
        """The router that knows the servers of single paths and operations, too: made when a path is not found."""
        own = own_base_paths(self._contract)
        if not own and not self._as_prism:
            return self._router
        # To Prism a segment without a text is a parameter that is missing.
        return Router(self._contract.operations, (*self._bases, *own), takes_empty=self._as_prism)

    @cached_property
    def _told_paths(self) -> tuple[str, ...]:
        """The paths that one who asks for another may be told of; none where refusals have words of their own."""
        has_words = self._as_prism or self._contract.extension("x-mock-errors") is not None
        return () if has_words else tuple(dict.fromkeys(each.path for each in self._contract.operations.values()))

    def _no_path(self, path: str, method: str) -> Fault:
        told = f"Cannot {method[:20]} {path[:200]}{meant(path, self._told_paths)}"
        return Fault(404, (told,), kind="NO_PATH_MATCHED_ERROR")

    def _no_method(self, route: Route, method: str) -> Fault:
        allowed = ", ".join(route.targets if self._as_prism else route.methods)
        told = f"{method[:20]} is not one of {allowed}"
        return Fault(405, (told,), headers={"allow": allowed}, kind="NO_METHOD_MATCHED_ERROR")
