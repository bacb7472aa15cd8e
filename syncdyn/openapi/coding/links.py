"""The text of a Link header field -> where it leads."""

from __future__ import annotations

import re

#: A parameter: its name, and its value as a quoted text or a token.
_PARAMETER = re.compile(r';\s*([^\s;,="]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?')
_LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[^\s;,="]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)')


def target_of(text: str, relation: str) -> str | None:
    """The target of the first link that has a relation, such as `next`: a URL reference; None where there is none.

    Source: RFC 8288, section 3; relations are compared without regard to case, and `rel` may hold several.
    """
    links = _LINK.findall(text)
    return next((target for target, parameters in links if relation in _relations(parameters)), None)


def _relations(parameters: str) -> list[str]:
    """The relations in the parameters of a link; of several `rel` the first one counts."""
    found = _PARAMETER.findall(parameters)
    stated = (quoted or token for name, quoted, token in found if name.lower() == "rel")
    return next(stated, "").lower().split()
