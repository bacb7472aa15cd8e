"""What the mock is: its document, its health, and what its own API has."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from mockserver.control.seeing import Asked, Seen, Told
from mockserver.making import title_of
from syncdyn.openapi.contract import Contract, contract_of
from syncdyn.openapi.loading import load_shared
from syncdyn.openapi.messages import Json
from syncdyn.openapi.moments import moment_text

#: Below it the control API is; its own document names its paths from there.
PREFIX = "/_mock"


@cache
def control_contract() -> Contract:
    """The contract of the control API itself."""
    return contract_of(load_shared(Path(__file__).with_name("control.openapi.yaml")))


def read_index(seen: Seen, _asked: Asked) -> Told:
    """What there is to ask."""
    operations = [
        {"method": each.method, "path": f"{PREFIX}{each.path}", "summary": each.summary}
        for each in control_contract().operations.values()
    ]
    description = f"{PREFIX}/control.openapi.json"
    return Told({**_mocked(seen), "description": description, "operations": operations})


def read_health(seen: Seen, _asked: Asked) -> Told:
    """That the mock answers."""
    told = _mocked(seen)
    count = len(seen.contract.operations)
    return Told({"status": "ok", "document": told["document"], "operations": count, "now": moment_text(seen.now)})


def read_document(seen: Seen, _asked: Asked) -> Told:
    """The document that is mocked."""
    return Told(seen.contract.document.plain())


def read_document_as_yaml(seen: Seen, _asked: Asked) -> Told:
    """The same as YAML."""
    import yaml

    # The fast one is written in C, and is not everywhere.
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text = yaml.dump(seen.contract.document.plain(), Dumper=dumper, sort_keys=False, allow_unicode=True)
    return Told(text.encode(), content_type="application/yaml")


def read_description(_seen: Seen, _asked: Asked) -> Told:
    """The document of the control API."""
    return Told(control_contract().document.plain())


def _mocked(seen: Seen) -> dict[str, Json]:
    return {"title": title_of(seen.contract), "document": seen.contract.document.origin}
