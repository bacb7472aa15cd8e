"""What tests say of the requests that a mock received."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.errors import MockError
from mockserver.journal import Exchange
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.messages import Json


class Assertions:
    """Looks into the journal of a mock of a contract; a part of `mockserver.Mock`.

    What it needs is imported when it is asked, since a mock is to start quickly.
    """

    contract: Contract

    @property
    def journal(self) -> tuple[Exchange, ...]:
        """The latest exchanges, oldest first."""
        raise NotImplementedError

    def requests(
        self,
        operation: str | None = None,
        *,
        method: str | None = None,
        path: str | None = None,
        status: int | str | None = None,
        valid: bool | None = None,
    ) -> tuple[Exchange, ...]:
        """The latest exchanges of an operation (its operationId, or `POST /things`), oldest first.

        The others narrow it further: a path as it was sent, a status or `"4XX"`, whether the request kept the rules.
        Raises MockError for an operation that the document does not have.
        """
        from mockserver.control.recorded import Wanted

        key = self._key(operation)
        return Wanted(key, method, path, status, valid).among(self.journal, self.contract)

    def assert_called(
        self,
        operation: str | None = None,
        *,
        times: int | None = None,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        body: Json = MISSING,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        path_parameters: Mapping[str, Any] | None = None,
    ) -> tuple[Exchange, ...]:
        """The exchanges that are as described: as many as `times`, or at least one.

        `body`, `query`, `headers` and `path_parameters` are compared by `==`; members they do not name may be anything.
        Raises AssertionError that shows the nearest of what was received instead.
        """
        from mockserver.control.expecting import Expected, check_called
        from mockserver.control.masking import mask_of

        __tracebackhide__ = True
        key = self._key(operation)
        expected = Expected(key, method, path, status, body, query or {}, headers or {}, path_parameters or {})
        return check_called(self.journal, expected, times, mask_of(self.contract.security_schemes.values()))

    def assert_not_called(self, operation: str | None = None, **described: Any) -> None:
        """Raise AssertionError where there is an exchange as described; see `assert_called`."""
        __tracebackhide__ = True
        self.assert_called(operation, times=0, **described)

    def assert_all_valid(self) -> None:
        """Raise AssertionError where a request broke the document's rules, with each of them."""
        from mockserver.control.expecting import check_valid

        __tracebackhide__ = True
        check_valid(self.journal)

    def _key(self, operation: str | None) -> str | None:
        from mockserver.control.recorded import key_of
        from mockserver.control.seeing import Refusal

        try:
            return None if operation is None else key_of(self.contract, operation)
        except Refusal as refusal:
            raise MockError(refusal.detail) from None
