"""An OpenAPI document as a client: `Sync` for the bundled API, `Client` for any other.

Names are loaded when they are first asked for, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from syncdyn._version import __version__

if TYPE_CHECKING:
    from syncdyn.client import AsyncClient as AsyncClient
    from syncdyn.client import Client as Client
    from syncdyn.environment import SyncEnvironment as SyncEnvironment
    from syncdyn.errors import *  # noqa: F403
    from syncdyn.openapi.errors import DocumentError as DocumentError
    from syncdyn.openapi.errors import SyncdynError as SyncdynError
    from syncdyn.openapi.errors import Violation as Violation
    from syncdyn.options import RequestOptions as RequestOptions
    from syncdyn.sync import AsyncSync as AsyncSync
    from syncdyn.sync import Sync as Sync
    from syncdyn.sync import sign_webhook as sign_webhook
    from syncdyn.sync import verify_webhook as verify_webhook

_HOMES = {
    "syncdyn.client": ("Client", "AsyncClient"),
    "syncdyn.environment": ("SyncEnvironment",),
    "syncdyn.errors": (
        "ApiConnectionError",
        "ApiError",
        "ApiStatusError",
        "ApiTimeoutError",
        "BadRequestError",
        "ConfigurationError",
        "ConflictError",
        "ContractWarning",
        "DownloadError",
        "ForbiddenError",
        "GatewayTimeoutError",
        "InternalServerError",
        "JobFailedError",
        "NotFoundError",
        "PayloadTooLargeError",
        "PaymentRequiredError",
        "RequestValidationError",
        "ResponseValidationError",
        "ServerError",
        "ServiceUnavailableError",
        "TooManyRequestsError",
        "UnauthorizedError",
        "UnexpectedResponseError",
        "UnprocessableEntityError",
        "WaitError",
        "WaitTimeoutError",
        "WebhookVerificationError",
    ),
    "syncdyn.openapi.errors": ("DocumentError", "SyncdynError", "Violation"),
    "syncdyn.options": ("RequestOptions",),
    "syncdyn.sync": ("AsyncSync", "Sync", "sign_webhook", "verify_webhook"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted([*_HOME_OF, "__version__"])  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name in _HOME_OF:
        value = globals()[name] = getattr(import_module(_HOME_OF[name]), name)
        return value
    if name in ("common", "core"):
        return import_module(f"syncdyn.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
