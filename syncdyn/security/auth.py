"""`auth=` read: the credential for each security scheme, or one for whichever is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, TypeAlias, TypeGuard

from syncdyn.credentials import Credential, Secret, forms_of, strain
from syncdyn.errors import ConfigurationError
from syncdyn.openapi.hints import kind_of
from syncdyn.openapi.operations import SecurityScheme
from syncdyn.openapi.urls import is_absolute
from syncdyn.options import meant
from syncdyn.security.oauth import ClientCredentials

#: A function that gives a token, or a (user, password) pair; it may be awaitable.
Supplier: TypeAlias = Callable[[], Any]
#: A Credential, ClientCredentials or a Supplier, which make one, or any object with the HTTP library's `auth_flow`.
Value: TypeAlias = Any

_EXPECTED = "a str, a (user, password) pair, ClientCredentials, a function that gives a token, or an httpx.Auth"


@dataclass(frozen=True, slots=True)
class Auth:
    """`auth=` as it was read: one value for whichever scheme is asked for, or one for each by name."""

    any_scheme: Value = None
    by_scheme: Mapping[str, Value] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.any_scheme is not None or bool(self.by_scheme)

    def value_for(self, scheme: SecurityScheme) -> Value:
        """The value for a scheme; None for none."""
        return self.by_scheme.get(scheme.name, self.any_scheme)

    def secrets(self) -> Iterator[str]:
        """Every text that must not be shown."""
        for value in (self.any_scheme, *self.by_scheme.values()):
            if isinstance(value, ClientCredentials):
                yield from forms_of(Secret(value.client_secret))
            elif is_credential(value):
                yield from forms_of(value)

    def __repr__(self) -> str:
        return f"<Auth {', '.join(self.kinds())}>"

    def kinds(self) -> Iterator[str]:
        """What was given, in words without secrets."""
        if self.any_scheme is not None:
            yield _kind(self.any_scheme)
        for name, value in self.by_scheme.items():
            yield f"{_kind(value)} for {name!r}"


def read_auth(given: Any, schemes: Mapping[str, SecurityScheme]) -> Auth:
    """What `auth=` says. Raises ConfigurationError for what is no credential, or no scheme of the document."""
    if given is None:
        return Auth()
    if not isinstance(given, Mapping):
        return Auth(_read_value("auth", given))
    unknown = [name for name in given if name not in schemes]
    if unknown:
        known = f"it has {list(schemes)}" if schemes else "it has none: give one value in place of a mapping"
        hint = meant(unknown[0], schemes)
        raise ConfigurationError(f"auth: {unknown[0]!r} is no security scheme of the document{hint}; {known}")
    return Auth(None, {name: _read_by_name(f"auth: {name}", value) for name, value in given.items()})


def _read_by_name(where: str, value: Any) -> Value:
    if not isinstance(value, Mapping):
        return _read_value(where, value)
    known = [one.name for one in fields(ClientCredentials)]
    for name in value:
        if name not in known:
            raise ConfigurationError(f"{where}: unknown {name!r}{meant(name, known)}; it takes {', '.join(known)}")
    return ClientCredentials(**{"client_id": "", "client_secret": "", **value})


def _read_value(where: str, value: Any) -> Value:
    if isinstance(value, ClientCredentials) or is_auth_object(value):
        return value
    if callable(value) and not isinstance(value, type):
        return value
    return read_credential(where, value)


def read_credential(where: str, value: Any) -> Credential:
    """A token, a key, or a (user, password) pair, as Secrets. Raises ConfigurationError for anything else."""
    if isinstance(value, str):
        if not value.strip():
            raise ConfigurationError(f"{where}: it is empty; to send no credentials, leave it out")
        return Secret(value)
    if isinstance(value, tuple | list) and len(value) == 2 and all(isinstance(one, str) for one in value):
        return Secret(value[0]), Secret(value[1])
    raise ConfigurationError(f"{where}: expected {_EXPECTED}; found {kind_of(value)}")


def is_credential(value: Value) -> TypeGuard[Credential]:
    """Whether it is a credential itself, not what makes one."""
    return isinstance(value, Secret | tuple)


def is_auth_object(value: object) -> bool:
    """Whether it is authentication in the way of the HTTP library."""
    return not isinstance(value, type) and (hasattr(value, "auth_flow") or hasattr(value, "sync_auth_flow"))


def fit(scheme: SecurityScheme, value: Value) -> int | None:
    """How ill a value fits a scheme: 0 as it is meant, more if it can be made to, None if not at all."""
    if value is None or not scheme.type:
        return None
    if isinstance(value, ClientCredentials):
        flow = scheme.flows.get("clientCredentials")
        has_url = value.token_url is not None or (flow is not None and flow.token_url != "")
        is_bearer = scheme.type in ("oauth2", "openIdConnect") or (scheme.type, scheme.scheme) == ("http", "bearer")
        return 0 if has_url and is_bearer else None
    return strain(scheme, value)


def _kind(value: Value) -> str:
    if isinstance(value, str):
        return "a text"
    if isinstance(value, tuple):
        return "a (user, password) pair"
    if isinstance(value, ClientCredentials):
        return f"ClientCredentials with{'' if value.token_url else 'out'} a token_url"
    return kind_of(value) if is_auth_object(value) else "a function"


def read_origins(given: Any) -> Sequence[str]:
    """The origins of `allowed_origins=`. Raises ConfigurationError for what is no list of them."""
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ConfigurationError(f"allowed_origins: expected a list of origins, found {kind_of(given)}")
    for origin in given:
        if not isinstance(origin, str) or not is_absolute(origin):
            raise ConfigurationError(f"allowed_origins: {origin!r} is no origin such as 'https://files.example.com'")
    return given
