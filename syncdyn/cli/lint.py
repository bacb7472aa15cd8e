"""`syncdyn lint`: the verdict of openapi-spec-validator on a document, one fault to a line."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from syncdyn.cli.exit_codes import FAILED, described
from syncdyn.cli.group import Failure

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json

_DASH = "-"
_Steps: TypeAlias = "tuple[str | int, ...]"
_MOST_CHARACTERS = 200
_MOST_OF_INSTANCE = 60
#: With more paths the validator takes seconds.
_MANY_PATHS = 100


@dataclass(frozen=True, slots=True)
class _Fault:
    """What the library says of a value; its path may begin at any object of the document.

    `inside` are the steps from the value to what is wrong in it.
    """

    path: _Steps
    value: Json
    message: str
    inside: _Steps = ()

    def is_at(self, value: Json) -> bool:
        """Whether the fault is of this value. Without a path a small one could stand anywhere."""
        is_same = isinstance(value, Mapping | list) and value is self.value
        return is_same or bool(self.path and value == self.value)


@click.command(name="lint", context_settings={"help_option_names": ["-h", "--help"]}, epilog=f"\b\n{described()}")
@click.argument("document")
def command(document: str) -> None:
    """Judge DOCUMENT strictly by the specification, with openapi-spec-validator.

    DOCUMENT is a path, an http(s) URL, or - for stdin. What fails here may work all the same: `syncdyn inspect` tells
    what does not. Ends with 0 for a valid document, 1 for any other.
    """
    from syncdyn.cli.inspect_facts import place_findings
    from syncdyn.openapi.loading import load
    from syncdyn.transport import fetch

    source = sys.stdin.buffer.read() if document == _DASH else document
    loaded = load(source, fetch=fetch)
    root = loaded.plain()
    if len(root.get("paths") or ()) > _MANY_PATHS:
        click.echo("The document is large; this may take some seconds ...", err=True)
    found = list(_faults(root, loaded.version))
    told = zip(_pointers(root, found), (fault.message for fault in found), strict=True)
    faults = list(dict.fromkeys(told))
    places = place_findings(source, (pointer for pointer, _ in faults if pointer != "#"), fetch)
    for pointer, message in faults:
        place = places.get(pointer)
        where = f"{place['file']}:{place['line']}:{place['column']} " if place else ""
        click.echo(f"{where}{pointer} {message}")
    if faults:
        raise Failure(f"{loaded.origin} is not valid: {len(faults)} fault{'s' if len(faults) > 1 else ''}", FAILED)
    click.echo(f"{loaded.origin} is valid")


def _faults(root: Json, version: tuple[int, int]) -> Iterator[_Fault]:
    """Every fault that the library finds."""
    import openapi_spec_validator as library
    from jsonschema.exceptions import best_match  # type: ignore[import-untyped]  # it has no stubs

    kinds: dict[tuple[int, int], Any] = {
        (3, 0): library.OpenAPIV30SpecValidator,
        (3, 1): library.OpenAPIV31SpecValidator,
        (3, 2): library.OpenAPIV32SpecValidator,
    }
    # No handlers: a reference out of the document is not to be fetched by the library.
    validator = type("Validator", (kinds[version],), {"resolver_handlers": {}})(root)
    is_faulty = False
    try:
        for error in validator.iter_errors():
            is_faulty = True
            # The library's own errors have no context, and are not made to be compared.
            deepest = best_match([error]) if error.context else error
            yield _fault(deepest)
    except Exception as error:
        # What the library cannot follow it raises in a dozen kinds; after a fault that is its consequence.
        if not is_faulty:
            yield _Fault((), root, f"the validator gave up: {type(error).__name__}: {_short(str(error))}")


def _fault(error: Any) -> _Fault:
    path, schema = tuple(error.absolute_path), error.schema
    if not path and isinstance(schema, Mapping) and "default" in schema and schema["default"] is error.instance:
        # Of a default the library tells the bare value; the schema says where it is.
        return _Fault((), schema, f"the default: {_message(error)}", ("default",))
    return _Fault(path, error.instance, _message(error))


def _pointers(root: Json, faults: Sequence[_Fault]) -> list[str]:
    """Where each fault is: the first place that ends with its path and holds its value, not yet told of another."""
    from syncdyn.openapi.document import child

    found = ["#"] * len(faults)
    by_path: dict[_Steps, list[int]] = {}
    for index, fault in enumerate(faults):
        if fault.value is root:
            found[index] = child("#", *fault.path)
        else:
            by_path.setdefault(fault.path, []).append(index)
    for steps, value in _every_value(root) if by_path else ():
        for length in {len(path) for path in by_path if len(path) <= len(steps)}:
            waiting = by_path.get(steps[len(steps) - length :], [])
            told = next((each for each in waiting if faults[each].is_at(value)), None)
            if told is not None:
                found[told] = child("#", *steps, *faults[told].inside)
                waiting.remove(told)
    return found


def _every_value(root: Json) -> Iterator[tuple[_Steps, Json]]:
    waiting: list[tuple[_Steps, Json]] = [((), root)]
    while waiting:
        steps, value = waiting.pop()
        yield steps, value
        entries = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
        waiting.extend(reversed([((*steps, step), entry) for step, entry in entries]))


def _message(error: Any) -> str:
    text, instance = str(error.message).partition("\n\n")[0], repr(error.instance)
    return _short(text.replace(instance, _short(instance, _MOST_OF_INSTANCE)))


def _short(text: str, most: int = _MOST_CHARACTERS) -> str:
    """A text on one line, and without its middle where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most // 2]} ... {line[-(most // 2) :]}"
