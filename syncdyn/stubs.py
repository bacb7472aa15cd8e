"""Stubs of an API for editors and type checkers: its classes, clients and environments as `.pyi` text.

The clients are made while they run; the stubs say beforehand what they will have. `python -m syncdyn.stubs`
writes those of the bundled API, and with `--check` tells whether the files are what it would write.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import syncdyn
from syncdyn.model import Model
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.shapes import Field, Shape
from syncdyn.stub_methods import MethodStub, downloadable, resource_methods, webhook_type
from syncdyn.stub_text import (
    Argument,
    Function,
    alias_text,
    class_text,
    docstring,
    import_order,
    import_text,
    replaced,
    words_of,
)
from syncdyn.stub_types import FILE, Spelling, is_class, union
from syncdyn.sync import bundled_types

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
_FILE_TYPES = "IO[bytes] | bytes | bytearray | os.PathLike[str] | tuple[str | None, Any] | tuple[str | None, Any, str | None]"
_STRICTNESS = 'Literal["strict", "warn", "off"]'
_UNKNOWN_IS_A_MISTAKE = ("__getattr__: None  # type: ignore[misc, assignment]  # what is not declared is a mistake",)


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """What the clients of one document are called."""

    name: str
    environments: Mapping[str, str]

    @property
    def module(self) -> str:
        return self.name.lower()

    @property
    def environment(self) -> str:
        return f"{self.name}Environment"


class _Module:
    """One stub file in the making: its lines, and the imports that they turn out to need."""

    def __init__(self, spelling: Spelling, homes: Mapping[str, str]) -> None:
        self.homes = {**_STANDARD, **homes}
        self.spelling = spelling
        self.imports: dict[str, set[str]] = {}
        self.lines: list[str] = []
        self.aliases: list[str] = []
        self.hidden: set[str] = set()

    def need(self, module: str, *names: str) -> None:
        self.imports.setdefault(module, set()).update(names)

    def within(self, annotation: str, members: Iterable[str]) -> str:
        """The annotation as a class writes it whose members may have the names of types."""
        words = words_of(annotation)
        if FILE in words and not self.aliases:
            self.need("typing", "TypeAlias")
            self.aliases = alias_text(FILE, self.within(_FILE_TYPES, ()))
        for word in words - set(members):
            if word in self.homes:
                self.need(self.homes[word], word)
        for word in ("os", "httpx"):
            if word in words:
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


def stub_files(contract: Contract, homes: Mapping[str, Sequence[str]] | None = None) -> dict[str, str]:
    """The stubs of a document by file name.

    The names of clients and environments are those of the extensions `x-syncdyn-client` and
    `x-syncdyn-environments`. With `homes`, the names of a package by module, there is an `__init__.pyi` as well.
    """
    stated = contract.extension("x-syncdyn-client") or {}
    facts = ClientFacts(stated.get("name", "Api"), contract.extension("x-syncdyn-environments") or {})
    spelling = Spelling(contract)
    files = {
        "common.pyi": _common(spelling),
        f"{facts.module}.pyi": _clients(contract, spelling, facts),
        "environment.pyi": _environment(spelling, facts),
    }
    return files if homes is None else {**files, "__init__.pyi": _package(spelling, homes)}


def _common(spelling: Spelling) -> str:
    module = _Module(spelling, {})
    module.need("syncdyn.model", "Model as _Model")
    module.add(class_text("_Object", "_Model", "", [_UNKNOWN_IS_A_MISTAKE]))
    for pointer, name in spelling.names.items():
        shape = spelling.contract.shapes.at(pointer)
        if is_class(shape):
            module.add(_object(module, name, shape))
        else:
            module.add(_alias(module, name, spelling.unnamed(shape), shape.schema.get("description", "")))
        for other in (other for other, own in spelling.others.items() if own == name):
            module.add(_alias(module, other, name, ""))
    return module.text("The objects of the API, as type checkers and editors see them.")


def _alias(module: _Module, name: str, annotation: str, told: str) -> list[str]:
    module.need("typing", "TypeAlias")
    lines = alias_text(name, module.within(annotation, ()))
    return [*lines, *(line.removeprefix("    ") for line in docstring(told))]


def _object(module: _Module, name: str, shape: Shape) -> list[str]:
    fields = list(shape.all_fields.values())
    members = {field.name for field in fields}
    spelling = module.spelling
    arguments = []
    for field in sorted(fields, key=lambda field: (not field.is_required, field.wire in shape.constants)):
        needed = field.is_required and field.wire not in shape.constants
        annotation = spelling.argument(field.shape)
        default = None if needed else "None"
        if field.wire in shape.constants:
            default = repr(shape.constants[field.wire]).replace("'", '"')
        elif not needed:
            annotation = union([annotation, "None"])
        arguments.append(Argument(field.name, annotation, default))
    init = module.function(Function("__init__", tuple(arguments), "None"), members)
    properties = [_property(module, shape, field, members) for field in fields if not hasattr(Model, field.name)]
    return class_text(name, "_Object", str(shape.schema.get("description", "")), [init, *properties])


def _property(module: _Module, shape: Shape, field: Field, members: Iterable[str]) -> list[str]:
    annotation = module.spelling.result(field.shape)
    if not field.is_required and field.wire not in shape.constants:
        annotation = union([annotation, "None"])
    told = module.spelling.description(shape, field.wire, field.shape)
    return module.function(Function(field.name, (), annotation, told, decorators=("property",)), members)


def _environment(spelling: Spelling, facts: ClientFacts) -> str:
    module = _Module(spelling, {})
    module.need("enum", "Enum")
    members = [(f'{name} = "{url}"',) for name, url in facts.environments.items()]
    module.add(class_text(facts.environment, "Enum", "A server of the API, by its base URL.", members))
    return module.text("The environments of the API.")


def _package(spelling: Spelling, homes: Mapping[str, Sequence[str]]) -> str:
    module = _Module(spelling, {})
    taken = {name for names in homes.values() for name in names}
    components = {*spelling.names.values(), *spelling.others} - taken
    for home, names in {**homes, "syncdyn.common": sorted(components)}.items():
        module.need(home, *names)
    module.need("syncdyn._version", "__version__")
    every = sorted({*taken, *components, "__version__"}, key=import_order)
    module.add(["__all__ = [", *(f'    "{name}",' for name in every), "]"])
    return module.text("The names of the package.")


def _clients(contract: Contract, spelling: Spelling, facts: ClientFacts) -> str:
    homes = dict.fromkeys((*spelling.names.values(), *spelling.others), "syncdyn.common")
    module = _Module(spelling, {**homes, facts.environment: "syncdyn.environment"})
    module.need("syncdyn.client", "AsyncClient", "Client", "Resource")
    resources = resource_methods(contract, spelling)
    for resource, methods in resources.items():
        for make in (_blocking, _awaited):
            module.add(_resource(module, resource, methods, make, is_raw=True))
            module.add(_resource(module, resource, methods, make, is_raw=False))
    event = webhook_type(contract, spelling)
    sources = union(["str", *downloadable(spelling)])
    for make in (_blocking, _awaited):
        module.add(_client(module, facts, list(resources), make, event, sources))
    for function in _module_functions(event):
        module.add(module.function(function))
    return module.text("The clients of the API, as type checkers and editors see them.")


#: Makes the blocking or the awaited form of a method.
_Form = Callable[[Function, bool], Function]


def _blocking(function: Function, is_iterator: bool) -> Function:
    return replace(function, returns=f"Iterator[{function.returns}]") if is_iterator else function


def _awaited(function: Function, is_iterator: bool) -> Function:
    if is_iterator:
        return replace(function, returns=f"AsyncIterator[{function.returns}]")
    return replace(function, is_async=True)


def _class_name(resource: str, make: _Form, is_raw: bool = False) -> str:
    words = "".join(word.capitalize() for word in resource.split("_"))
    return f"_{'Async' if make is _awaited else ''}{words}{'Raw' if is_raw else ''}"


def _resource(
    module: _Module, resource: str, methods: Sequence[MethodStub], make: _Form, *, is_raw: bool
) -> list[str]:
    members = {method.name for method in methods}
    lines: list[Sequence[str]] = [_UNKNOWN_IS_A_MISTAKE]
    for method in methods:
        function = Function(method.name, method.arguments, method.returns, method.summary)
        if is_raw:
            bare = tuple(replace(argument, description="") for argument in method.arguments)
            returns = method.returns if method.is_iterator else f"RawResponse[{method.returns}]"
            function = replace(function, arguments=bare, returns=returns)
        lines.append(module.function(make(function, method.is_iterator), members))
    if not is_raw:
        told = "The same methods; each result comes with status, header fields and violations."
        raw = Function(
            "with_raw_response", (), _class_name(resource, make, True), told, decorators=("property",)
        )
        lines.append(module.function(raw, members))
    return class_text(_class_name(resource, make, is_raw), "Resource", "", lines)


_KEPT = "Seconds for each wait for the network, or an httpx.Timeout; left out, 60."
_CONSTRUCTOR = (
    Argument("api_key", "str | None", "None", description="The API key; left out, the environment variable's."),
    Argument("base_url", "str | None", "None", description="In place of the servers of the document."),
    Argument("environment", "ENVIRONMENT | None", "None", description="One of the servers, by name."),
    Argument("timeout", "float | httpx.Timeout | None", "None", description=_KEPT),
    Argument("max_retries", "int", "2", description="More tries after a failed one."),
    Argument("follow_redirects", "bool | None", "True", description="Whether a GET goes on to where it is sent."),
    Argument("httpx_client", "httpx.CLIENT | None", "None", description="A client of your own; it stays open."),
    Argument("deadline", "float | None", "None", description="Seconds for a whole call with all its tries."),
    Argument(
        "validate",
        f"{_STRICTNESS} | Mapping[str, str] | None",
        "None",
        description="How broken promises are met; a mapping has `request` and `response`.",
    ),
    Argument("validator", 'Literal["own", "openapi-core"]', '"own"', description="Who checks."),
    Argument("transport", "Any", "None", description="In place of the HTTP library; for tests."),
)
_DOWNLOAD = (
    Argument("path", "str | os.PathLike[str] | None", "None", True, "File or folder; left out, the service's name."),
    Argument("overwrite", "bool", "False", description="Whether a file that is there may be replaced."),
    Argument("progress", "DownloadProgress | None", "None", description="Called with the bytes so far and in all."),
    Argument("chunk_size", "int | None", "None", description="Bytes to read at a time."),
)
_VERIFY = (
    Argument("raw_body", "bytes", None, True, "The body as it arrived, byte for byte."),
    Argument("headers", "Mapping[str, str]", None, True, "The header fields that came with it."),
    Argument("secret", "str | Sequence[str]", None, True, "The secret, or several while they change."),
    Argument("tolerance_seconds", "float | None", "None", description="How old it may be."),
    Argument("now", "float | None", "None", description="Seconds since 1970; left out, the clock's."),
)
_SIGN = (
    Argument("raw_body", "bytes", None, True, "The body, byte for byte."),
    Argument("secret", "str", None, True, "The secret of the receiver."),
    Argument("timestamp", "int | None", "None", description="Seconds since 1970; left out, the clock's."),
)
_GENUINE = "The typed event of a genuine webhook; raises WebhookVerificationError for any other."


def _client(
    module: _Module, facts: ClientFacts, resources: Sequence[str], make: _Form, event: str, sources: str
) -> list[str]:
    is_awaited = make is _awaited
    name, base = (f"Async{facts.name}", "AsyncClient") if is_awaited else (facts.name, "Client")
    library = {"ENVIRONMENT": facts.environment, "httpx.CLIENT": f"httpx.{base}"}
    constructor = tuple(
        replace(one, annotation=_filled(one.annotation, library)) for one in _CONSTRUCTOR
    )
    source = Argument("source", sources, None, True, "A result that offers a download, or a URL.")
    methods = [
        Function("__init__", constructor, "None", f"{'An awaited' if is_awaited else 'A blocking'} client."),
        *(Function(one, (), _class_name(one, make), decorators=("property",)) for one in resources),
        make(Function("download", (source, *_DOWNLOAD), "Path", "Download to a file, and give its path."), False),
        Function("verify_webhook", _VERIFY, event, _GENUINE),
        *_closing(make),
    ]
    members = {*resources, "download", "verify_webhook"}
    lines = [_UNKNOWN_IS_A_MISTAKE, *(module.function(method, members) for method in methods)]
    return class_text(name, base, f"The API, {'awaited' if is_awaited else 'blocking'}.", lines)


def _filled(annotation: str, names: Mapping[str, str]) -> str:
    for placeholder, name in names.items():
        annotation = annotation.replace(placeholder, name)
    return annotation


def _closing(make: _Form) -> list[Function]:
    words = ("aclose", "close") if make is _awaited else ("close",)
    a = "a" if make is _awaited else ""
    ended = Argument("*_", "object")
    return [
        *(make(Function(word, (), "None", "Close the connections."), False) for word in words),
        make(Function(f"__{a}enter__", (), "Self"), False),
        make(Function(f"__{a}exit__", (replace(ended, is_positional=True),), "None"), False),
    ]


def _module_functions(event: str) -> list[Function]:
    return [
        Function("verify_webhook", _VERIFY, event, _GENUINE, first=None),
        Function("sign_webhook", _SIGN, "dict[str, str]", "The header fields that sign a body.", first=None),
        Function("bundled_types", (), "Types", "The classes of the bundled document.", first=None),
        Function("environments", (), "Any", "The enum of the environments.", first=None),
    ]


def main(words: Sequence[str], folder: Path | None = None) -> int:
    """0 when the files of the bundled API are there and current, written unless `--check` is among the words."""
    folder = folder or Path(__file__).parent
    files = stub_files(bundled_types().contract, syncdyn._HOMES)
    stale = [name for name, text in files.items() if _present(folder / name) != text]
    if "--check" not in words:
        for name in stale:
            (folder / name).write_text(files[name], "utf-8")
        return 0
    for name in stale:
        sys.stderr.write(f"{name} is not current: run `python -m syncdyn.stubs`\n")
    return 1 if stale else 0


def _present(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
