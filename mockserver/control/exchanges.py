"""The operations on the journal: as JSON, as an HTTP Archive, forgotten."""

from __future__ import annotations

from mockserver.control.har import har
from mockserver.control.masking import mask_of
from mockserver.control.recorded import Wanted, exchange_json
from mockserver.control.seeing import Asked, Refusal, Seen, Told
from mockserver.journal import Exchange
from syncdyn.openapi.messages import Json

_FILTERS = ("operation", "method", "path", "status", "valid", "since")


def list_requests(seen: Seen, asked: Asked) -> Told:
    """The exchanges that are wanted, as JSON or, if that is asked for, as an HTTP Archive."""
    if asked.query.get("format") == "har":
        return read_har(seen, asked)
    found = _wanted(seen, asked)
    mask = mask_of(seen.contract.security_schemes.values())
    told = [exchange_json(each, seen.contract, mask) for each in _latest(found, asked.query.get("limit"))]
    return Told({"requests": told, "count": len(found)})


def read_request(seen: Seen, asked: Asked) -> Told:
    """One exchange by its number."""
    number, kept = asked.path["number"], seen.journal()
    found = next((each for each in kept if each.number == number), None)
    if found is None:
        kept_numbers = f"{kept[0].number} to {kept[-1].number}" if kept else "none"
        raise Refusal(404, f"no request has the number {number}; kept are {kept_numbers}")
    return Told(exchange_json(found, seen.contract, mask_of(seen.contract.security_schemes.values())))


def read_har(seen: Seen, asked: Asked) -> Told:
    """The exchanges that are wanted, as an HTTP Archive."""
    found = _latest(_wanted(seen, asked), asked.query.get("limit"))
    return Told(har(found, mask_of(seen.contract.security_schemes.values())))


def clear_requests(_seen: Seen, _asked: Asked) -> Told:
    """Nothing; the journal is emptied."""
    return Told(status=204, forgets=True)


def _wanted(seen: Seen, asked: Asked) -> tuple[Exchange, ...]:
    filters: dict[str, Json] = {name: asked.query[name] for name in _FILTERS if name in asked.query}
    return Wanted(**filters).among(seen.journal(), seen.contract)


def _latest(exchanges: tuple[Exchange, ...], limit: int | None) -> tuple[Exchange, ...]:
    return exchanges if limit is None else exchanges[-limit:]
