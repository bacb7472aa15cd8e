"""Every operation of a client, by operationId or key: the second door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from syncdyn.calling import Method
from syncdyn.doors.functions import Driving, OperationMethod, Shared, Streamed
from syncdyn.doors.naming import NamingFault, naming_faults
from syncdyn.showing import table


class Directory(Shared, Mapping[str, OperationMethod]):
    """The operations of a document by key, `METHOD /path`, in document order; an operationId finds one as well.

    Each can be called like the method of a resource, and has the document's words of it as attributes. The method
    may be in any case. A name that is none raises UnknownOperation, a KeyError that says what was probably meant.
    """

    def __init__(self, driving: Driving, *, is_raw: bool = False) -> None:
        self._driving = driving
        self._operations = driving.settings.contract.operations
        self._is_raw = is_raw
        self._made: dict[str, OperationMethod] = {}

    @property
    def with_raw_response(self) -> Directory:
        """The same operations, each giving its result together with status, header fields and violations."""
        return Directory(self._driving, is_raw=True)

    @property
    def with_streaming_response(self) -> Streamed:
        """The same operations, each giving its answer as a stream: an iterator of events, records or bytes."""
        return Streamed(self)

    @property
    def renamed(self) -> tuple[NamingFault, ...]:
        """The operations whose method is not called what the document makes of it, and why."""
        return naming_faults(self._driving.settings.contract)

    def __getitem__(self, name: str) -> OperationMethod:
        found = self._made.get(name)
        if found is None:
            operation = self._operations[name]
            method = Method(self._driving.settings, operation.name, operation.key)
            made = self._made.setdefault(operation.key, OperationMethod(self._driving, method, is_raw=self._is_raw))
            found = self._made[name] = made
        return found

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        method, _, path = name.partition(" ")
        return name in self._operations or f"{method.upper()} {path}" in self._operations

    def __iter__(self) -> Iterator[str]:
        return iter(self._operations)

    def __len__(self) -> int:
        return len(self._operations)

    def _repr_html_(self) -> str:
        heads = self._operations.heads.values()
        rows = ((head.key, head.id, ", ".join(head.tags)) for head in heads)
        return table(repr(self), ("key", "operationId", "tags"), rows, len(self))

    def _ipython_key_completions_(self) -> list[str]:
        return [*self._operations.ids, *self._operations]

    def __repr__(self) -> str:
        return f"<{len(self)} operations of {self._operations.document.origin}>"
