"""What can be wrong with the objects of OpenAPI itself: a small check for each, by the kind of object."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from syncdyn.openapi.building import is_status
from syncdyn.openapi.catalogue import operation_steps
from syncdyn.openapi.coding.styles import degraded_style
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import child
from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.hints import hint_clause
from syncdyn.openapi.inspecting.finding import Finding
from syncdyn.openapi.inspecting.grammar import Node, known_members
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import Parameter
from syncdyn.openapi.schemas.dialects import is_known

#: The locations of parameters, each with its styles. Source: OpenAPI 3.2, Parameter Object, "Style Values".
_STYLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "path": ("simple", "label", "matrix"),
        "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
        "header": ("simple",),
        "cookie": ("form", "cookie"),
        "querystring": (),
    }
)
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
_SCHEMES = frozenset({"apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"})
_SWAGGER_2_WORDS = frozenset(
    {"swagger", "definitions", "consumes", "produces", "host", "basePath", "schemes", "securityDefinitions",
     "collectionFormat", "type", "format", "items", "responses", "parameters"}
)  # fmt: skip
_ANNOTATIONS = frozenset({"summary", "description"})
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+*-]+/[\w!#$&^.+*-]+\s*(;.*)?")
_TEMPLATE_NAME = re.compile(r"\{([^{}]*)\}")
_ABSOLUTE_URL = re.compile(r"https?://[^/{}]+", re.IGNORECASE)

_Findings = Iterator[Finding]
Check = Callable[[Contract, Node], _Findings]


def check_members(_: Contract, node: Node) -> _Findings:
    """Members that the object does not have: of Swagger 2.0, or of nobody."""
    known = known_members(node.kind)
    if known is None or node.reference is not None:
        return
    for name in node.value:
        if name in known or name.startswith("x-"):
            continue
        kind = "swagger-2" if name in _SWAGGER_2_WORDS else "unknown-word"
        meant = hint_clause(name, known) if kind == "unknown-word" else ""
        yield Finding(kind, child(node.pointer, name), f"{name!r} is no member of a {node.kind}{meant}")


def _document(contract: Contract, node: Node) -> _Findings:
    info = node.value.get("info")
    stated = info if isinstance(info, Mapping) else {}
    for name in ("title", "version"):
        if not isinstance(stated.get(name), str):
            yield Finding("info", child(node.pointer, "info"), f"no {name}")
    dialect = node.value.get("jsonSchemaDialect")
    if dialect is not None and not is_known(str(dialect)):
        yield Finding("dialect", child(node.pointer, "jsonSchemaDialect"), f"{dialect!r} is not known")
    urls = [server.url for server in contract.servers]
    if not any(_ABSOLUTE_URL.match(url) for url in urls):
        yield Finding("no-server", child(node.pointer, "servers"), f"found {', '.join(urls) or 'none'}")


def _server(_: Contract, node: Node) -> _Findings:
    url = node.value.get("url")
    if not isinstance(url, str):
        yield Finding("server", node.pointer, "no url")
        return
    variables = node.value.get("variables")
    declared = variables if isinstance(variables, Mapping) else {}
    for name in _TEMPLATE_NAME.findall(url):
        variable = declared.get(name)
        if not isinstance(variable, Mapping) or not isinstance(variable.get("default"), str):
            yield Finding("server", node.pointer, f"the variable {name!r} of {url} has no default")
        elif isinstance(variable.get("enum"), list) and variable["default"] not in variable["enum"]:
            message = f"the default of {name!r}, {variable['default']!r}, is not in its enum"
            yield Finding("server", child(node.pointer, "variables", name), message)


def _path_item(_: Contract, node: Node) -> _Findings:
    if node.reference is not None:
        beside = [name for name in node.value if name in (known_members(node.kind) or ()) and name not in _ANNOTATIONS]
        if beside:
            yield Finding("ref-siblings", node.pointer, f"{', '.join(beside)} beside the $ref")


def _operation(_: Contract, node: Node) -> _Findings:
    is_called = "/callbacks/" not in node.pointer and not node.pointer.startswith("#/webhooks/")
    if is_called and not isinstance(node.value.get("operationId"), str):
        yield Finding("no-operation-id", node.pointer, "no operationId")
    responses = node.value.get("responses")
    if not isinstance(responses, Mapping) or not responses:
        yield Finding("no-response", node.pointer, "no responses")
        return
    for status in responses:
        if not is_status(status) and not status.startswith("x-"):
            yield Finding("response-key", child(node.pointer, "responses", status), f"{status!r} is no status")
    if not any(status[0] == "2" or status == "default" for status in responses if status):
        yield Finding("no-success", child(node.pointer, "responses"), f"only {', '.join(responses)}")


def _security_requirement(contract: Contract, node: Node) -> _Findings:
    for name in node.value:
        if name not in contract.security_schemes:
            known = ", ".join(contract.security_schemes) or "none"
            yield Finding("security", child(node.pointer, name), f"{name!r} is no security scheme; there are: {known}")


def _security_scheme(_: Contract, node: Node) -> _Findings:
    if node.reference is not None:
        return
    stated = node.value.get("type")
    if not isinstance(stated, str) or stated not in _SCHEMES:
        yield Finding("security-scheme", node.pointer, f"type {stated!r} is none of {', '.join(sorted(_SCHEMES))}")
    elif stated == "apiKey" and node.value.get("in") not in ("query", "header", "cookie"):
        yield Finding("security-scheme", node.pointer, f"an apiKey in {node.value.get('in')!r}")
    elif stated == "http" and not isinstance(node.value.get("scheme"), str):
        yield Finding("security-scheme", node.pointer, "type http without a scheme")


def _parameter(contract: Contract, node: Node) -> _Findings:
    if node.reference is not None:
        return
    name, location = node.value.get("name"), node.value.get("in")
    if not isinstance(name, str) or not name:
        yield Finding("parameter", node.pointer, "no name")
    elif not isinstance(location, str) or location not in _STYLES:
        yield Finding("parameter", node.pointer, f"{name!r} is in {location!r}, none of {', '.join(_STYLES)}")
    elif location == "header" and name.lower() in _IGNORED_HEADERS:
        yield Finding("ignored-header", node.pointer, f"{name!r} is to be ignored")
    else:
        yield from _described(node, f"{name!r}", needs_content=location == "querystring")
        yield from _style(contract, node, name, location)


def _header(_: Contract, node: Node) -> _Findings:
    if node.reference is None:
        yield from _described(node, "the header", needs_content=False)


def _described(node: Node, told: str, *, needs_content: bool) -> _Findings:
    has_schema, content = "schema" in node.value, node.value.get("content")
    if has_schema and content is not None:
        yield Finding("description", node.pointer, f"{told} has a schema and content")
    elif content is None and (needs_content or not has_schema):
        yield Finding("description", node.pointer, f"{told} has no {'content' if needs_content else 'schema'}")
    elif isinstance(content, Mapping) and len(content) != 1:
        yield Finding("description", node.pointer, f"{told} has content of {len(content)} media types, one is meant")


def _style(contract: Contract, node: Node, name: str, location: str) -> _Findings:
    style = node.value.get("style")
    if style is None or "content" in node.value or location == "querystring":
        return
    used = degraded_style(Parameter(name, location, style=str(style)))
    if used is not None:
        told = f"{name!r} in {location} has {style!r}; {used} is used; allowed: {', '.join(_STYLES[location])}"
        yield Finding("style", child(node.pointer, "style"), told)
    elif style == "deepObject" and isinstance(node.value.get("schema"), Mapping):
        shape = contract.shapes.at(child(node.pointer, "schema"))
        below = {field.wire for field in shape.all_fields.values() if field.shape.types == {"array"}}
        if shape.types == {"array"} or below:
            where = f" below {', '.join(sorted(below))}" if below else ""
            yield Finding("deep-array", node.pointer, f"{name!r} has arrays{where}")


def _content(_: Contract, node: Node) -> _Findings:
    content = node.value.get("content")
    for name in content if isinstance(content, Mapping) else ():
        if not _MEDIA_TYPE.fullmatch(name):
            yield Finding("media-type", child(node.pointer, "content", name), f"{name!r} is no media type")


CHECKS: Mapping[str, Sequence[Check]] = MappingProxyType(
    {
        "document": (_document,),
        "server": (_server,),
        "path item": (_path_item,),
        "operation": (_operation,),
        "security requirement": (_security_requirement,),
        "security scheme": (_security_scheme,),
        "parameter": (_parameter, _content),
        "header": (_header, _content),
        "request body": (_content,),
        "response": (_content,),
    }
)


def check_paths(contract: Contract) -> _Findings:
    """What the paths of a document have wrong together: templates, and operationIds."""
    first: dict[str, str] = {}
    for path, item, pointer in _path_items(contract):
        if not path.startswith("/"):
            yield Finding("path", child("#/paths", path), f"{path!r} has no slash before it")
        earlier = first.setdefault(_TEMPLATE_NAME.sub("{}", path), path)
        if earlier != path:
            yield Finding("same-template", child("#/paths", path), f"{path} and {earlier} are one address")
        for steps in operation_steps(item):
            yield from _template(contract, path, item, pointer, steps)
    yield from _repeated_ids(contract)


def _path_items(contract: Contract) -> Iterator[tuple[str, Mapping[str, Json], str]]:
    paths = contract.document.root.get("paths")
    for path, raw in paths.items() if isinstance(paths, Mapping) else ():
        item, pointer = contract.document.follow_object(raw, child("#/paths", path))
        if not path.startswith("x-"):
            yield path, item, pointer


def _template(contract: Contract, path: str, item: Mapping[str, Json], pointer: str, steps: Sequence[str]) -> _Findings:
    place = child(pointer, *steps)
    raw: Json = item
    for step in steps:
        raw = raw[step]
    named = set(_TEMPLATE_NAME.findall(path))
    declared = {}
    for owner, start in ((item, pointer), (raw, place)):
        listed = owner.get("parameters")
        for index, entry in enumerate(listed if isinstance(listed, list) else ()):
            at = child(start, "parameters", index)
            parameter, _ = contract.document.follow_object(entry, at)
            name = parameter.get("name")
            if parameter.get("in") == "path" and isinstance(name, str):
                declared[name] = at
    for name in sorted(named - declared.keys()):
        yield Finding("path-template", place, f"{path} names {{{name}}}, and no parameter declares it")
    for name, at in declared.items():
        if name not in named:
            yield Finding("path-parameter", at, f"{path} does not name {{{name}}}")


def _repeated_ids(contract: Contract) -> _Findings:
    first: dict[str, str] = {}
    for key, head in contract.operations.heads.items():
        if head.id is None:
            continue
        earlier = first.setdefault(head.id, key)
        if earlier != key:
            pointer = child(contract.operations[key].pointer, "operationId")
            yield Finding("operation-id", pointer, f"{head.id!r} is that of {earlier} already")


def reference_fault(contract: Contract, reference: str) -> str | None:
    """Why a reference is of no use, or None."""
    try:
        value, _ = contract.document.follow(contract.document.at(reference), reference)
    except DocumentError as error:
        return str(error).removeprefix(f"{contract.document.origin}: ")
    return None if isinstance(value, Mapping | bool) else f"what stands at {reference} is no object"
