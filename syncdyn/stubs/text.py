"""Python text for stubs: functions, classes, imports and docstrings, laid out as the formatter would."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

WIDTH = 120
INDENT = "    "

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|(?<![\w.])[A-Za-z_]\w*')


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a function: what it takes, its default as text (None: required), what it is for."""

    name: str
    annotation: str
    default: str | None = None
    is_positional: bool = False
    description: str = ""

    @property
    def text(self) -> str:
        """The argument as it stands in a signature."""
        return f"{self.name}: {self.annotation}" + (f" = {self.default}" if self.default is not None else "")


@dataclass(frozen=True, slots=True)
class Function:
    """A function or method of a stub; `first` is its `self` or nothing."""

    name: str
    arguments: tuple[Argument, ...]
    returns: str
    summary: str = ""
    first: str | None = "self"
    decorators: tuple[str, ...] = ()
    is_async: bool = False

    def lines(self) -> list[str]:
        """The definition and its docstring, not indented."""
        words = f"{'async ' if self.is_async else ''}def {self.name}"
        pieces = list(self._pieces())
        told = docstring(self.summary, self.arguments)
        end = f") -> {self.returns}:" + ("" if told else " ...")
        whole = f"{words}({', '.join(pieces)}{end}"
        head = [f"@{name}" for name in self.decorators]
        if len(whole) + len(INDENT) <= WIDTH:
            return [*head, whole, *told]
        return [*head, f"{words}(", *(f"{INDENT}{piece}," for piece in pieces), end, *told]

    def _pieces(self) -> Iterable[str]:
        if self.first is not None:
            yield self.first
        yield from (argument.text for argument in self.arguments if argument.is_positional)
        named = [argument.text for argument in self.arguments if not argument.is_positional]
        if named:
            yield "*"
            yield from named


def docstring(summary: str, arguments: Sequence[Argument] = ()) -> list[str]:
    """The lines of a docstring, indented once; none when there is nothing to say."""
    told = [argument for argument in arguments if argument.description]
    lead = _wrapped(summary, "") or ([] if not told else ["What it takes:"])
    if not lead:
        return []
    if not told and len(lead) == 1:
        apart = " " if lead[0].endswith('"') else ""
        return [f'{INDENT}"""{lead[0]}{apart}"""']
    lines = [f'{INDENT}"""{lead[0]}', *(f"{INDENT}{line}" for line in lead[1:])]
    if told:
        lines.append("")
    for argument in told:
        lines += (f"{INDENT}{line}" for line in _wrapped(f"{argument.name}: {argument.description}", INDENT))
    return [*lines, f'{INDENT}"""']


def _wrapped(text: str, hanging: str) -> list[str]:
    clean = " ".join(text.split()).replace("\\", "\\\\").replace('"""', "'''")
    return textwrap.wrap(clean, WIDTH - 2 * len(INDENT) - 6, subsequent_indent=hanging)


def class_text(name: str, bases: str, summary: str, members: Iterable[Sequence[str]]) -> list[str]:
    """A class of members, each a few lines that are not indented yet; an empty line follows a docstring."""
    lines = [f"class {name}({bases}):" if bases else f"class {name}:"]
    told = docstring(summary)
    body: list[str] = []
    for member in members:
        if body and body[-1].endswith('"""'):
            body.append("")
        body += (f"{INDENT}{line}" if line else "" for line in member)
    if told and body:
        body.insert(0, "")
    return [*lines, *told, *body] if told or body else [f"{lines[0]} ..."]


def alias_text(name: str, annotation: str, mark: str = ": TypeAlias") -> list[str]:
    """A type alias, one choice to a line where it is long."""
    whole = f"{name}{mark} = {annotation}"
    if len(whole) <= WIDTH:
        return [whole]
    choices = choices_of(annotation)
    if annotation.startswith("Literal[") and len(choices) == 1:
        choices = re.findall(r'"(?:[^"\\]|\\.)*"|[^,\[\]\s]+', annotation.removeprefix("Literal["))
        return [f"{name}{mark} = Literal[", *(f"{INDENT}{choice}," for choice in choices), "]"]
    if len(INDENT) + len(annotation) <= WIDTH:
        return [f"{name}{mark} = (", f"{INDENT}{annotation}", ")"]
    first, *others = choices
    return [f"{name}{mark} = (", f"{INDENT}{first}", *(f"{INDENT}| {other}" for other in others), ")"]


def choices_of(annotation: str) -> list[str]:
    """The alternatives that stand side by side in an annotation, those within brackets left together."""
    found, depth, start = [], 0, 0
    for index, character in enumerate(_QUOTED.sub(lambda text: "_" * len(text.group()), annotation)):
        depth += {"[": 1, "]": -1}.get(character, 0)
        if character == "|" and depth == 0:
            found.append(annotation[start:index].strip())
            start = index + 1
    return [*found, annotation[start:].strip()]


def quoted(text: str) -> str:
    """The text as a Python literal in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def words_of(annotation: str) -> set[str]:
    """The names that an annotation is made of, without those that follow a dot."""
    return {word for word in _WORD.findall(annotation) if not word.startswith('"')}


def replaced(annotation: str, names: Mapping[str, str]) -> str:
    """The annotation with some of its names replaced; text in quotes stays."""
    return _WORD.sub(lambda found: names.get(found.group(), found.group()), annotation)


def import_text(imports: Mapping[str, Set[str]]) -> list[str]:
    """Import lines by section: the standard library, other libraries, this package.

    A module with no names is imported whole; a name may be `X as Y`, and then has a line of its own.
    """
    sections: list[list[str]] = [[], [], []]
    for module in sorted(imports, key=lambda module: (bool(imports[module]), module)):
        names = sorted(imports[module], key=import_order)
        section = sections[_SECTIONS.get(module.partition(".")[0], 0)]
        section += _import_lines(module, names)
    return "\n\n".join("\n".join(section) for section in sections if section).split("\n")


_SECTIONS = {"httpx": 1, "typing_extensions": 1, "syncdyn": 2}


def _import_lines(module: str, names: Sequence[str]) -> list[str]:
    if not names:
        return [f"import {module}"]
    plain = [name for name in names if " as " not in name]
    lines = [f"from {module} import {', '.join(plain)}"] if plain else []
    if lines and len(lines[0]) > WIDTH:
        lines = [f"from {module} import (", *(f"{INDENT}{name}," for name in plain), ")"]
    return [*lines, *(f"from {module} import {name}" for name in names if " as " in name)]


def import_order(name: str) -> tuple[int, str]:
    """Constants, classes, other names: the order in which import sorters put them."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name
