"""From what a user names - nothing, a file, parsed data - to a contract and a core."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from mockserver.addresses import is_web_url
from mockserver.errors import MockError
from mockserver.faults.keeping import added, with_rules
from mockserver.faults.reading import known_of
from mockserver.faults.scenario import stated_rules
from mockserver.settings import Settings
from mockserver.state import State
from mockserver.storing.memory import MemoryStore
from mockserver.timing import is_amount
from syncdyn.openapi.bundled import bundled_files
from syncdyn.openapi.contract import Contract, contract_of
from syncdyn.openapi.document import Document
from syncdyn.openapi.hints import hint_clause
from syncdyn.openapi.loading import load_shared
from syncdyn.openapi.moments import moment_seconds

if TYPE_CHECKING:
    from mockserver.app import Mock as Core
    from mockserver.media.media_facts import MediaFacts
    from mockserver.storing.memory import Store
    from syncdyn.openapi.messages import Json

#: None (the bundled API), a path or URL, a parsed document, or what was made from one.
Source: TypeAlias = "str | os.PathLike[str] | Mapping[str, Json] | Document | Contract | None"
#: A rule of faults, or a YAML file of them.
Fault: TypeAlias = "str | os.PathLike[str] | Mapping[str, Json]"
Overlays: TypeAlias = "Sequence[str | os.PathLike[str]]"

_MOST_SPEED = 1_000_000
_UNKNOWN = ("made", "refused")


def contract_from(
    source: Source = None,
    overlays: Overlays = (),
    remote_hosts: Collection[str] = (),
) -> Contract:
    """The contract of a source, with OpenAPI overlays applied in order; references may lead to `remote_hosts`.

    Raises DocumentError for what cannot be read or used, with the place.
    """
    if isinstance(source, Contract):
        return source
    if isinstance(source, Document):
        return contract_of(source)
    if source is None:
        source, of_bundled = bundled_files(with_mock=True)
        overlays = (*of_bundled, *overlays)
    return contract_of(load_shared(source, overlays=overlays, fetch=_fetch, remote_hosts=remote_hosts))


def _fetch(url: str) -> bytes:
    from mockserver.fetching import fetch

    return fetch(url)


def core_from(contract: Contract, settings: Settings) -> Core:
    """The mock's core, with real media behind it; what makes and reads media is imported when first needed.

    Raises MockError for a plan that the document does not have.
    """
    from mockserver.app import Mock as Core

    plans = contract.extension("x-mock-plans") or {}
    if settings.plan is not None and settings.plan not in plans:
        known = ", ".join(plans) or "none"
        raise MockError(f"plan: no plan named {settings.plan!r} in the document; there are: {known}")
    return Core(contract, settings, clip=_clip, facts_of=_facts_of)


def _clip(duration_seconds: float) -> bytes:
    from mockserver.media.clips import clip

    return clip(duration_seconds)


def _facts_of(content: bytes, file_name: str) -> MediaFacts | None:
    from mockserver.media.media_facts import facts_of

    return facts_of(content, file_name)


def moment_from(clock: float | str) -> float | None:
    """The moment at which the mock's time begins, in seconds since 1970; None for the host's (`now`).

    Raises MockError for a text that is no moment.
    """
    if not isinstance(clock, str):
        return float(clock)
    seconds = moment_seconds(clock)
    if seconds is None and clock != "now":
        raise MockError(f"clock: {clock!r} is no moment such as 2030-01-01T00:00:00Z")
    return seconds


def speed_from(speed: float) -> float:
    """The speed itself. Raises MockError for one that would lead back, or to the end of all dates before long."""
    if not is_amount(speed) or speed > _MOST_SPEED:
        told = "1 is the host's, 60 makes a minute of a second, 0 stands still"
        raise MockError(f"speed: {speed!r} is no number from 0 to {_MOST_SPEED:,}; {told}")
    return float(speed)


def store_at(
    state: str | os.PathLike[str] | None, contract: Contract, *, is_shared: bool = True
) -> Callable[[Any], Store]:
    """What makes the place of the state from the initial one: in a file, or with None in memory.

    Unless the file `is_shared` with other processes, what these write is seen a moment later.
    """
    if state is None:
        return MemoryStore
    from mockserver.storing.sqlite import SqliteStore

    return partial(SqliteStore, state, document=title_of(contract), is_shared=is_shared)


def title_of(contract: Contract) -> str:
    """What the document calls its API, else the name of its file."""
    info = contract.extension("info")
    title = info.get("title") if isinstance(info, Mapping) else None
    return str(title or Path(contract.document.origin).name)


def mistakes_in(contract: Contract, source: Any) -> tuple[str, ...] | None:
    """What is wrong with a document and its data for mocks, as lines with their places; `source` is where it is from.

    None for a big document, since to look through one takes seconds.
    """
    from mockserver.behaviour.reviewing import data_mistakes
    from syncdyn.openapi.inspecting.mistakes import is_small, mistakes_told

    return (*mistakes_told(contract, source), *data_mistakes(contract)) if is_small(contract) else None


def settings_from(settings: Settings | None, changes: Mapping[str, Any]) -> Settings:
    """The settings with some fields changed. Raises MockError for a field that is none, or cannot be so."""
    known = [field.name for field in fields(Settings)]
    unknown = [f"{name}{hint_clause(name, known)}" for name in changes if name not in known]
    if unknown:
        raise MockError(f"no setting named {'; '.join(unknown)}; there are {', '.join(known)}")
    made = replace(settings or Settings(), **changes)
    _check(made)
    return made


def _check(settings: Settings) -> None:
    """Nothing, or MockError for a setting that would come to something else than was meant."""
    check_lists(api_keys=settings.api_keys, webhook_urls=settings.webhook_urls)
    for name, url in (("base_url", settings.base_url), *(("webhook_urls", one) for one in settings.webhook_urls)):
        if not is_web_url(url):
            raise MockError(f"{name}: {url[:200]!r} is no absolute URL, such as http://localhost:8000/hooks")
    if settings.unknown not in _UNKNOWN:
        raise MockError(f"unknown: {settings.unknown!r} is not one of {', '.join(map(repr, _UNKNOWN))}")
    for name, number in (("job_seconds", settings.job_seconds), ("webhook_retries", settings.webhook_retries)):
        if not is_amount(number):
            raise MockError(f"{name}: {number!r} is no number from 0 on")


def check_lists(**given: object) -> None:
    """Nothing, or MockError for a text where a list of texts is needed: each of its letters would count as one."""
    for name, value in given.items():
        if isinstance(value, str | bytes | os.PathLike):
            raise MockError(f"{name}: a list is needed, also of one: [{value!r}]")


def with_faults(settings: Settings, faults: Sequence[Fault], contract: Contract) -> Settings:
    """The settings with rules of faults: files of them, or rules stated one by one. Raises MockError for mistakes."""
    state = with_rules(State(), settings.faults)
    for one in faults:
        if isinstance(one, Mapping):
            state, _ = added(state, [one], known_of(contract))
        else:
            state, _ = added(state, stated_rules(one), known_of(contract), f"{one}: faults")
    return replace(settings, faults=state.faults)
