"""Names for the operations of a document: which resource, which method.

The document's own words come first (extensions), then its operationId, then method and path. An operation that
states no group is grouped by its first tag, else by the first segment of its path that is no version.
Whatever is found is written in snake_case; what two operations want goes to the first in document order, the other
gets a number behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import count

from syncdyn.openapi.catalogue import Head
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import Json
from syncdyn.openapi.schemas.names import python_name

#: What a client calls its own: a resource of that name gets a `_`.
CLIENT_NAMES = frozenset(
    {
        "aclose",
        "close",
        "download",
        "operations",
        "request",
        "verify_webhook",
        "with_options",
        "with_raw_response",
        "with_streaming_response",
    }
)
#: The same for a resource and its methods.
RESOURCE_NAMES = frozenset({"with_raw_response", "with_streaming_response"})


@dataclass(frozen=True, slots=True)
class MethodName:
    """A method of a resource: which operation it calls, with a body of which media type."""

    resource: str
    name: str
    operation: str
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class NamingFault:
    """An operation whose method, `given`, is not called what the document makes of it, `wanted`; and why."""

    operation: str
    wanted: str
    given: str
    reason: str


# The extensions by which makers of SDKs and command lines have operations grouped and named, as they count. A group
# may be a list, as groups inside groups are written.
# Sources: the references of Fern, Speakeasy, LoopBack, the Linode CLI and Restish. That of Stainless keeps names beside
# the document; its two words here are for documents that carry them along.
_GROUP_WORDS = (
    "x-fern-sdk-group-name",
    "x-stainless-group",
    "x-speakeasy-group",
    "x-controller-name",
    "x-linode-cli-command",
)
_NAME_WORDS = (
    "x-fern-sdk-method-name",
    "x-stainless-method",
    "x-speakeasy-name-override",
    "x-operation-name",
    "x-linode-cli-action",
    "x-cli-name",
)
_METHODS = "x-syncdyn-methods"
_OWN_WORDS = frozenset({_METHODS})
_GROUPING, _NAMING = _OWN_WORDS.union(_GROUP_WORDS), frozenset(_NAME_WORDS)

_RESERVED = "a name of the client's own"
_VERSION = re.compile(r"v\d+([._]\d+)*((alpha|beta|rc|preview)\d*)?", re.IGNORECASE)
#: What parts an operationId into a prefix and the name itself.
_PARTING = re.compile(r"[/.#]|::")


class Names:
    """The resources of a document and their methods; those of a resource are named when first asked for."""

    def __init__(self, heads: Mapping[str, Head]) -> None:
        self._heads = heads
        self._methods: dict[str, Mapping[str, MethodName]] = {}
        self._faults: dict[str, tuple[NamingFault, ...]] = {}

    @cached_property
    def _groups(self) -> Mapping[str, list[tuple[str, Head]]]:
        """The operations of each resource, with the group that the document has each in."""
        found: dict[str, list[tuple[str, Head]]] = {}
        for head in self._heads.values():
            for group in _groups_of(head):
                found.setdefault(_resource(group), []).append((group, head))
        return found

    @property
    def resources(self) -> tuple[str, ...]:
        """The names of the resources, in document order."""
        return tuple(self._groups)

    def __contains__(self, resource: object) -> bool:
        return resource in self._groups

    def resource_of(self, text: str) -> str | None:
        """The name of a resource that is called so here or in the document; None where none is."""
        return next((name for name in (text, _resource(text)) if name in self._groups), None)

    def methods(self, resource: str) -> Mapping[str, MethodName]:
        """The methods of a resource by name, in document order; KeyError where there is none of that name."""
        if resource not in self._methods:
            self._methods[resource] = {entry.name: entry for entry in self._named(resource)}
        return self._methods[resource]

    @property
    def faults(self) -> tuple[NamingFault, ...]:
        """The operations that could not have the name that the document makes for them."""
        for resource in self._groups:
            self.methods(resource)
        return tuple(fault for resource in self._groups for fault in self._faults[resource])

    def _named(self, resource: str) -> Iterator[MethodName]:
        taken: dict[str, str] = {}
        faults = []
        for group, wish in self._wishes(resource):
            wanted = python(wish.name)
            name = _untaken(_free(wanted, RESOURCE_NAMES), taken)
            taken[name] = wish.operation
            yield MethodName(resource, name, wish.operation, wish.media_type)
            if (python(group), wanted) != (resource, name):
                reason = _RESERVED if name == _free(wanted, RESOURCE_NAMES) else f"taken by {taken[wanted]}"
                faults.append(NamingFault(wish.operation, f"{python(group)}.{wanted}", f"{resource}.{name}", reason))
        self._faults[resource] = tuple(faults)

    def _wishes(self, resource: str) -> Iterator[tuple[str, MethodName]]:
        for group, head in self._groups[resource]:
            stated = [entry for entry in _entries(head) if entry["resource"] == group]
            for entry in stated:
                yield group, MethodName(group, entry["name"], head.key, entry.get("media-type"))
            if not stated:
                yield group, MethodName(group, _name(head), head.key)


def names_of(contract: Contract) -> Names:
    """The names of a contract's operations: one object for all clients of the document."""
    found = contract.document.compiled.get("names")
    if not isinstance(found, Names):
        found = contract.document.compiled["names"] = Names(contract.operations.heads)
    return found


def method_names(contract: Contract) -> dict[str, Mapping[str, MethodName]]:
    """Every method by resource and name, in document order."""
    names = names_of(contract)
    return {resource: names.methods(resource) for resource in names.resources}


def naming_faults(contract: Contract) -> tuple[NamingFault, ...]:
    """The operations that could not have the name that the document makes for them, in document order."""
    return names_of(contract).faults


@lru_cache(maxsize=4096)
def python(words: str) -> str:
    """Words as Python writes a name."""
    return python_name(words)


@lru_cache(maxsize=4096)
def _resource(group: str) -> str:
    return _free(python(group), CLIENT_NAMES)


def _free(name: str, reserved: frozenset[str]) -> str:
    return f"{name}_" if name in reserved else name


def _entries(head: Head) -> list[Mapping[str, Json]]:
    """What the document says of the operation's methods in our own words, where it does."""
    if not head.states(_OWN_WORDS):
        return []
    listed = stated_list(head.extensions[_METHODS])
    return [entry for entry in listed if all(isinstance(entry.get(word), str) for word in ("resource", "name"))]


def _groups_of(head: Head) -> Iterable[str]:
    if not head.states(_GROUPING):
        return (_group(head),)
    own = dict.fromkeys(entry["resource"] for entry in _entries(head))
    return own or (_stated(head, _GROUP_WORDS) or _group(head),)


def _group(head: Head) -> str:
    tag = next((tag for tag in head.tags if tag.strip()), None)
    if tag is not None:
        return tag
    steps = [step for step in head.path.split("/") if step and not step.startswith("{")]
    return next((step for step in steps if not _VERSION.fullmatch(step)), steps[0] if steps else "root")


def _name(head: Head) -> str:
    stated = _stated(head, _NAME_WORDS) if head.states(_NAMING) else ""
    parts = [part for part in _PARTING.split(head.id or "") if part.strip()]
    return stated or (parts[-1] if parts else f"{head.method} {re.sub(r'[{}]', '', head.path)}")


def _stated(head: Head, words: Sequence[str]) -> str:
    """What the first of the extensions says that says anything; the words of a list are joined."""
    extensions = head.extensions
    for value in (extensions[word] for word in words if word in extensions):
        listed = value if isinstance(value, list) else [value]
        text = " ".join(one for one in listed if isinstance(one, str)).strip()
        if text:
            return text
    return ""


def _untaken(name: str, taken: Mapping[str, str]) -> str:
    numbered = (f"{name}_{number}" for number in count(2))
    return name if name not in taken else next(other for other in numbered if other not in taken)


def stated_list(value: Json) -> list[Mapping[str, Json]]:
    """The entries of an extension that is one object or a list of them."""
    listed = value if isinstance(value, list) else [value]
    return [entry for entry in listed if isinstance(entry, Mapping)]
