"""The plans of one operation: one for each media type of its body, and which of them a call goes by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncdyn.choosing import fitting_media_type, stated_media_type
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.operations import Operation
from syncdyn.request import Misfit, Plan


class Plans:
    """The plans of one operation, made when first used; with a media type named, that one alone."""

    def __init__(self, contract: Contract, operation: Operation, media_type: str | None = None) -> None:
        self.default = Plan(contract, operation, media_type)
        self._by_name: dict[str, Plan] = {}
        #: Whether the arguments have a say in the media type.
        self.is_open = media_type is None and len(operation.media_types) > 1

    def chosen(self, named: Mapping[str, Any], content_type: str | None) -> Plan:
        """The plan for the media type that was said, else the one that the arguments fit.

        Raises Misfit for a media type that the operation does not take.
        """
        default = self.default
        if content_type is not None:
            found = stated_media_type(default.operation, content_type)
            if isinstance(found, Violation):
                raise Misfit(found)
            return self._plan(content_type)
        fitting = fitting_media_type(default.contract, default.operation, named, default.whole_body)
        if fitting is not None:
            return self._plan(fitting.name)
        if default.takes(named):
            return default
        others = (self._plan(one.name) for one in default.operation.media_types)
        return next((plan for plan in others if plan.takes(named)), default)

    def _plan(self, name: str) -> Plan:
        if self.default.media_type is not None and self.default.media_type.name == name:
            return self.default
        if name not in self._by_name:
            self._by_name[name] = Plan(self.default.contract, self.default.operation, name)
        return self._by_name[name]
