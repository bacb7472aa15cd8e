"""One stub file in the making: annotations put in, imports and aliases worked out from them."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from syncdyn.stubs.spelling import FILE, Spelling
from syncdyn.stubs.text import Function, alias_text, import_text, replaced, words_of

_BUILTINS = frozenset(dir(builtins))
_STANDARD = {
    "Any": "typing",
    "AsyncIterator": "collections.abc",
    "Callable": "collections.abc",
    "DownloadProgress": "syncdyn.downloading",
    "IO": "typing",
    "Iterator": "collections.abc",
    "Literal": "typing",
    "Mapping": "collections.abc",
    "Path": "pathlib",
    "ProgressCallback": "syncdyn.waiting",
    "RawResponse": "syncdyn.response",
    "RequestOptions": "syncdyn.options",
    "Sequence": "collections.abc",
    "TypeAlias": "typing",
    "Types": "syncdyn.model",
    "date": "datetime",
    "datetime": "datetime",
    "Self": "typing_extensions",
}
_FILE_TYPES = (
    "IO[bytes] | bytes | bytearray | os.PathLike[str] | tuple[str | None, Any] | tuple[str | None, Any, str | None]"
)
_MODULES = {"httpx", "os"}

#: A first member of classes below one that has `__getattr__`: without it no checker would find a wrong name.
UNKNOWN_IS_A_MISTAKE = ("__getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake",)


class Module:
    """One stub file in the making: its lines, and the imports that they turn out to need."""

    def __init__(self, spelling: Spelling, homes: Mapping[str, str] | None = None) -> None:
        self.homes = {**_STANDARD, **(homes or {})}
        self.spelling = spelling
        self.imports: dict[str, set[str]] = {}
        self.lines: list[str] = []
        self.aliases: list[str] = []
        self.hidden: set[str] = set()

    def need(self, module: str, *names: str) -> None:
        """Has names imported from a module; without names, the module."""
        self.imports.setdefault(module, set()).update(names)

    def within(self, annotation: str, members: Iterable[str]) -> str:
        """The annotation as a class writes it whose members may have the names of types."""
        words = words_of(annotation)
        if FILE in words and not self.aliases:
            self.need("typing", "TypeAlias")
            self.aliases = alias_text(FILE, self.within(_FILE_TYPES, ()))
        for word in words & self.homes.keys():
            self.need(self.homes[word], word)
        for word in words & _MODULES:
            self.need(word)
        clashes = words & set(members)
        self.hidden |= clashes - _BUILTINS
        if clashes & _BUILTINS:
            self.need("builtins")
        return replaced(annotation, {word: f"builtins.{word}" if word in _BUILTINS else f"_{word}" for word in clashes})

    def function(self, function: Function, members: Iterable[str] = ()) -> list[str]:
        """The lines of a function, its imports noted."""
        arguments = tuple(
            replace(argument, annotation=self.within(argument.annotation, members)) for argument in function.arguments
        )
        decorators = tuple(self.within(name, members) for name in function.decorators)
        returns = self.within(function.returns, members)
        return replace(function, arguments=arguments, returns=returns, decorators=decorators).lines()

    def add(self, lines: Sequence[str]) -> None:
        """Puts lines at the end, a class after an empty line."""
        is_apart = bool(lines) and lines[0].startswith(("class ", "def ")) and bool(self.lines)
        self.lines += ["", *lines] if is_apart or (self.lines and self.lines[-1].startswith("    ")) else lines

    def text(self, summary: str) -> str:
        """The whole file."""
        for name in sorted(self.hidden):
            self.add(alias_text(f"_{name}", name))
            self.need("typing", "TypeAlias")
        head = [f'"""{summary}', "", "Made by `python -m syncdyn.stubs`; not to be edited.", '"""', ""]
        imports = [*import_text(self.imports), ""] if self.imports else []
        aliases = [*self.aliases, ""] if self.aliases else []
        return "\n".join([*head, *imports, *aliases, *self.lines, ""])
