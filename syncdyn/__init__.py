"""An OpenAPI document as a client: `Sync` for the bundled API, `Client` for any other.

Names are loaded when they are first asked for, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from syncdyn._version import __version__ as __version__

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
    "syncdyn.security.oauth": ("ClientCredentials",),
    "syncdyn.openapi.errors": ("DocumentError", "SyncdynError", "Violation"),
    "syncdyn.openapi.coding.events": ("Event",),
    "syncdyn.options": ("RequestOptions",),
    "syncdyn.streaming": ("AsyncStreamingResponse", "StreamingResponse"),
    "syncdyn.sync": ("AsyncSync", "Sync", "sign_webhook", "verify_webhook"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _HOME_OF:
        value = globals()[name] = getattr(import_module(_HOME_OF[name]), name)
        return value
    if name in ("common", "core"):
        return import_module(f"syncdyn.{name}")
    if name == "__all__":
        return sorted({*_HOME_OF, *dir(import_module("syncdyn.common")), "__version__"})
    # The API's classes begin with a capital; modules, for which `from syncdyn import` asks here first, do not.
    if name[:1].isupper():
        value = globals()[name] = getattr(import_module("syncdyn.common"), name)
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__getattr__("__all__"))
