"""The bundled API: its clients, made from the bundled document and its overlay.

What they are called, where the key comes from and which servers there are stands in the overlay.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any

from syncdyn import webhooks
from syncdyn.client import AsyncClient, BaseClient, Client, known_only
from syncdyn.errors import ConfigurationError
from syncdyn.model import Types
from syncdyn.openapi.bundled import load_bundled
from syncdyn.openapi.contract import contract_of
from syncdyn.openapi.hints import kind_of

# A cache alone would let two threads that ask at once make two of a thing.
_MAKING = threading.RLock()


def bundled_types() -> Types:
    """The classes of the bundled document; one set for the whole process, whichever thread asks first."""
    with _MAKING:
        return _bundled_types()


@cache
def _bundled_types() -> Types:
    return Types(contract_of(load_bundled()), module="syncdyn.common", origin="syncdyn.sync:bundled_types")


def environments() -> Any:
    """The enum of the environments that the overlay names, each with its base URL."""
    with _MAKING:
        return _environments()


@cache
def _environments() -> Any:
    stated = bundled_types().contract.extension("x-syncdyn-environments")
    made: Any = Enum(f"{_client_facts()['name']}Environment", stated, module="syncdyn.environment")  # type: ignore[misc]
    return made


def _client_facts() -> Mapping[str, str]:
    facts: Mapping[str, str] = bundled_types().contract.extension("x-syncdyn-client")
    return facts


def _settings(
    api_key: str | None, base_url: str | None, environment: Any, environ: Mapping[str, str]
) -> dict[str, Any]:
    """The key and the base URL: as given, else from the environment variables, else the document's own."""
    facts = _client_facts()
    key_variable = facts["api-key-environment-variable"]
    key = environ.get(key_variable) if api_key is None else api_key
    if key is not None and not isinstance(key, str):
        raise ConfigurationError(f"api_key: expected a str, found {kind_of(key)}")
    if key is None or not key.strip():
        given = "api_key is empty; " if api_key is not None else f"{key_variable} is empty; " if key is not None else ""
        raise ConfigurationError(f"no API key: {given}set {key_variable}, or pass api_key=")
    if not key.isascii() or not key.isprintable() or key != key.strip():
        raise ConfigurationError("the API key has spaces, line breaks or other characters that no header can carry")
    url = base_url or (environment.value if environment is not None else None)
    return {"auth": key, "base_url": url or environ.get(facts["base-url-environment-variable"]) or None}


class _Bundled(BaseClient):
    """The constructor that both bundled clients share."""

    @known_only
    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        environment: Any = None,
        timeout: Any = None,
        max_retries: int = 2,
        follow_redirects: bool | None = True,
        httpx_client: Any = None,
        deadline: float | None = None,
        validate: str | Mapping[str, str] | None = None,
        validator: str = "own",
        transport: Any = None,
        random: Callable[[], float] | None = None,
    ) -> None:
        if environment is not None and not isinstance(environment, environments()):
            raise ConfigurationError(f"environment: expected one of {list(environments())}, found {environment!r}")
        super().__init__(
            bundled_types().contract.document,
            types=bundled_types(),
            timeout=timeout,
            max_retries=max_retries,
            follow_redirects=follow_redirects,
            httpx_client=httpx_client,
            deadline=deadline,
            validate=validate,
            validator=validator,
            transport=transport,
            random=random,
            **_settings(api_key, base_url, environment, os.environ),
        )


class Sync(_Bundled, Client):
    """A blocking client of the bundled API.

    The key is `api_key`, else the SYNC_API_KEY of the moment; the base URL is `base_url`, else that of the
    `environment`, else SYNC_BASE_URL, else the document's. The other arguments are those of Client.
    Raises ConfigurationError when there is no key.
    """


class AsyncSync(_Bundled, AsyncClient):
    """The same as Sync, awaited."""


def verify_webhook(
    raw_body: bytes,
    headers: Mapping[str, str],
    secret: str | Sequence[str],
    *,
    tolerance_seconds: float | None = None,
    now: float | None = None,
) -> Any:
    """The typed event of a genuine webhook.

    `raw_body` is the body byte for byte as it arrived; `secret` one secret, or several while they change.
    `now` and the tolerance are seconds. Raises WebhookVerificationError for what is not genuine or no event.
    """
    moment = time.time() if now is None else now
    types = bundled_types()
    return webhooks.verify(
        types.contract, types, raw_body, headers, secret, now=moment, tolerance_seconds=tolerance_seconds
    )


def sign_webhook(raw_body: bytes, secret: str, *, timestamp: int | None = None) -> dict[str, str]:
    """The header fields with which the service would send a body; for tests of a receiver."""
    moment = int(time.time()) if timestamp is None else timestamp
    return webhooks.sign(bundled_types().contract, raw_body, secret, moment)
