"""Who may use the control API: this machine, or who knows the token."""

from __future__ import annotations

from hmac import compare_digest
from urllib.parse import urlsplit

from mockserver.addresses import is_loopback
from mockserver.control.seeing import Refusal
from syncdyn.openapi.messages import Request

_HOW_TO_OPEN = "start the mock with --control-token TOKEN and send `Authorization: Bearer TOKEN`"


def admit(request: Request, peer: str | None, token: str | None) -> None:
    """Let a request pass, or raise Refusal: 401 without the token, where there is one, else 403 from elsewhere.

    `peer` is the client's address, None for a caller in this process, who may do all. A page in a browser of this
    machine is not this machine: its requests name their origin, or a host whose name leads here by DNS rebinding.
    """
    if peer is None:
        return
    if token is not None:
        _check_token(request, token)
        return
    if not is_loopback(peer):
        raise Refusal(403, f"the control API is for this machine alone, not for {peer or 'others'}; {_HOW_TO_OPEN}")
    for name, host in (("Host", _host_of(request)), ("Origin", _origin_of(request))):
        if host is not None and not is_loopback(host):
            raise Refusal(403, f"the control API is for this machine alone, not for {name} {host!r}; {_HOW_TO_OPEN}")


def _check_token(request: Request, token: str) -> None:
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    is_right = compare_digest(sent.strip().encode(), token.encode())
    if scheme.lower() != "bearer" or not is_right:
        raise Refusal(
            401,
            "the control API wants its token: `Authorization: Bearer TOKEN`, as given by --control-token",
            {"www-authenticate": 'Bearer realm="control"'},
        )


def _host_of(request: Request) -> str | None:
    return _name_in(f"//{request.headers.get('host', '')}")


def _origin_of(request: Request) -> str | None:
    origin = request.headers.get("origin")
    return None if origin is None else _name_in(origin)


def _name_in(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
