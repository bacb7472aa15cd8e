"""The component schemas as stub classes and aliases."""

from __future__ import annotations

from collections.abc import Iterable

from syncdyn.errors import STATUS_ERRORS
from syncdyn.model import attribute_of
from syncdyn.openapi.schemas.shapes import Field, Shape
from syncdyn.stubs.module import UNKNOWN_IS_A_MISTAKE, Module
from syncdyn.stubs.spelling import Spelling, is_class, union
from syncdyn.stubs.text import Argument, Function, alias_text, class_text, docstring, quoted


def objects_text(spelling: Spelling) -> str:
    """The stub of all component schemas: classes for objects, aliases for all else."""
    module = Module(spelling)
    module.need("syncdyn.model", "Model as _Model")
    module.need("syncdyn.errors", *(f"{kind.__name__} as {kind.__name__}" for kind in STATUS_ERRORS.values()))
    module.add(class_text("_Object", "_Model", "", [UNKNOWN_IS_A_MISTAKE]))
    for pointer, name in spelling.names.items():
        shape = spelling.contract.shapes.at(pointer)
        if is_class(shape):
            module.add(_object(module, name, shape))
        else:
            module.add(_alias(module, name, spelling.unnamed(shape), shape.schema.get("description", "")))
        for other in (other for other, own in spelling.others.items() if own == name):
            module.add(_alias(module, other, name, ""))
    return module.text("The objects of the API, as type checkers and editors see them.")


def _alias(module: Module, name: str, annotation: str, told: str) -> list[str]:
    module.need("typing", "TypeAlias")
    lines = alias_text(name, module.within(annotation, ()))
    return [*lines, *(line.removeprefix("    ") for line in docstring(told))]


def _object(module: Module, name: str, shape: Shape) -> list[str]:
    fields = list(shape.all_fields.values())
    members = {field.name for field in fields}
    ordered = sorted(fields, key=lambda field: (field.wire in shape.constants, not field.is_required))
    arguments = tuple(_member(module.spelling, shape, field) for field in ordered)
    init = module.function(Function("__init__", arguments, "None"), members)
    properties = [_property(module, shape, field, members) for field in fields]
    return class_text(name, "_Object", str(shape.schema.get("description", "")), [init, *properties])


def _member(spelling: Spelling, shape: Shape, field: Field) -> Argument:
    """The argument of a class for one of its members; what can have one value only has it by itself."""
    annotation = spelling.argument(field.shape)
    if field.wire in shape.constants:
        constant = shape.constants[field.wire]
        return Argument(field.name, annotation, quoted(constant) if isinstance(constant, str) else repr(constant))
    if field.is_required:
        return Argument(field.name, annotation)
    return Argument(field.name, union([annotation, "None"]), "None")


def _property(module: Module, shape: Shape, field: Field, members: Iterable[str]) -> list[str]:
    annotation = module.spelling.result(field.shape)
    if not field.is_required:
        annotation = union([annotation, "None"])
    told = module.spelling.description(shape, field.wire, field.shape)
    name = attribute_of(field.name)
    return module.function(Function(name, (), annotation, told, decorators=("property",)), members)
