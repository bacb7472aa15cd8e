"""The clients as stub classes: resources with all their methods, blocking, awaited and raw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from syncdyn.openapi.contract import Contract
from syncdyn.stubs.methods import MethodStub, downloadable, resource_methods, webhook_type
from syncdyn.stubs.module import UNKNOWN_IS_A_MISTAKE, Module
from syncdyn.stubs.spelling import Spelling, union
from syncdyn.stubs.text import Argument, Function, class_text

_STRICTNESS = 'Literal["strict", "warn", "off"]'


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """What the clients of one document are called."""

    name: str
    environments: Mapping[str, str]

    @property
    def module(self) -> str:
        """The module that they are in."""
        return self.name.lower()

    @property
    def environment(self) -> str:
        """The enum of the environments."""
        return f"{self.name}Environment"


def clients_text(contract: Contract, spelling: Spelling, facts: ClientFacts) -> str:
    """The stub of the module of the clients: resources, both clients, functions."""
    homes = dict.fromkeys((*spelling.names.values(), *spelling.others), "syncdyn.common")
    module = Module(spelling, {**homes, facts.environment: "syncdyn.environment"})
    module.need("syncdyn.client", "AsyncClient", "Client")
    module.need("syncdyn.doors.resources", "Resource")
    resources = resource_methods(contract, spelling)
    for resource, methods in resources.items():
        for is_awaited, is_raw in product((False, True), (True, False)):
            module.add(_resource(module, resource, methods, is_awaited=is_awaited, is_raw=is_raw))
    event = webhook_type(contract, spelling)
    sources = union(["str", *downloadable(spelling)])
    for is_awaited in (False, True):
        module.add(_client(module, facts, list(resources), event, sources, is_awaited=is_awaited))
    for function in _module_functions(event):
        module.add(module.function(function))
    return module.text("The clients of the API, as type checkers and editors see them.")


def _driven(function: Function, *, is_awaited: bool, is_iterator: bool = False) -> Function:
    """The function as a blocking or an awaited client has it."""
    if is_iterator:
        return replace(function, returns=f"{'Async' if is_awaited else ''}Iterator[{function.returns}]")
    return replace(function, is_async=is_awaited)


def _class_name(resource: str, *, is_awaited: bool, is_raw: bool = False) -> str:
    words = "".join(word.capitalize() for word in resource.split("_"))
    return f"_{'Async' if is_awaited else ''}{words}{'Raw' if is_raw else ''}"


def _resource(
    module: Module, resource: str, methods: Sequence[MethodStub], *, is_awaited: bool, is_raw: bool
) -> list[str]:
    members = {method.name for method in methods}
    functions = [
        _driven(_method(method, is_raw=is_raw), is_awaited=is_awaited, is_iterator=method.is_iterator)
        for method in methods
    ]
    if not is_raw:
        raw = _class_name(resource, is_awaited=is_awaited, is_raw=True)
        functions.append(Function("with_raw_response", (), raw, _RAW, decorators=("property",)))
    lines = [UNKNOWN_IS_A_MISTAKE, *(module.function(function, members) for function in functions)]
    return class_text(_class_name(resource, is_awaited=is_awaited, is_raw=is_raw), "Resource", "", lines)


def _method(method: MethodStub, *, is_raw: bool) -> Function:
    function = Function(method.name, method.arguments, method.returns, method.summary)
    if not is_raw:
        return function
    bare = tuple(replace(argument, description="") for argument in method.arguments)
    returns = method.returns if method.is_iterator else f"RawResponse[{method.returns}]"
    return replace(function, arguments=bare, returns=returns)


_RAW = "The same methods; each result comes with status, header fields and violations."
_TIMEOUT = "Seconds for each wait for the network, or an httpx.Timeout; left out, 60."
_CONSTRUCTOR = (
    Argument("api_key", "str | None", "None", description="The API key; left out, the environment variable's."),
    Argument("base_url", "str | None", "None", description="In place of the servers of the document."),
    Argument("environment", "ENVIRONMENT | None", "None", description="One of the servers, by name."),
    Argument("timeout", "float | httpx.Timeout | None", "None", description=_TIMEOUT),
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
    Argument("random", "Callable[[], float] | None", "None", description="0 to 1, for the jitter of retries."),
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
    module: Module, facts: ClientFacts, resources: Sequence[str], event: str, sources: str, *, is_awaited: bool
) -> list[str]:
    base = "AsyncClient" if is_awaited else "Client"
    names = {"ENVIRONMENT": facts.environment, "CLIENT": base}
    constructor = tuple(replace(one, annotation=_filled(one.annotation, names)) for one in _CONSTRUCTOR)
    source = Argument("source", sources, None, True, "A result that offers a download, or a URL.")
    download = Function("download", (source, *_DOWNLOAD), "Path", "Download to a file, and give its path.")
    methods = [
        Function("__init__", constructor, "None", f"{'An awaited' if is_awaited else 'A blocking'} client."),
        *(Function(one, (), _class_name(one, is_awaited=is_awaited), decorators=("property",)) for one in resources),
        _driven(download, is_awaited=is_awaited),
        Function("verify_webhook", _VERIFY, event, _GENUINE),
        *(_driven(function, is_awaited=is_awaited) for function in _closing("a" if is_awaited else "")),
    ]
    members = {*resources, "download", "verify_webhook"}
    lines = [UNKNOWN_IS_A_MISTAKE, *(module.function(method, members) for method in methods)]
    name = f"{'Async' if is_awaited else ''}{facts.name}"
    return class_text(name, base, f"The API, {'awaited' if is_awaited else 'blocking'}.", lines)


def _filled(annotation: str, names: Mapping[str, str]) -> str:
    for placeholder, name in names.items():
        annotation = annotation.replace(placeholder, name)
    return annotation


def _closing(mark: str) -> list[Function]:
    words = dict.fromkeys((f"{mark}close", "close"))
    return [
        *(Function(word, (), "None", "Close the connections.") for word in words),
        Function(f"__{mark}enter__", (), "Self"),
        Function(f"__{mark}exit__", (Argument("*_", "object", is_positional=True),), "None"),
    ]


def _module_functions(event: str) -> list[Function]:
    return [
        Function("verify_webhook", _VERIFY, event, _GENUINE, first=None),
        Function("sign_webhook", _SIGN, "dict[str, str]", "The header fields that sign a body.", first=None),
        Function("bundled_types", (), "Types", "The classes of the bundled document.", first=None),
        Function("environments", (), "Any", "The enum of the environments.", first=None),
    ]
