"""A schema without references and `allOf`, and what it says, read when first asked for and then known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TypeAlias

from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.messages import OBJECT, Json
from syncdyn.openapi.sampling.patterns import is_found

TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")
#: What has to be decided before a value can be made, and what follows from the members that there are.
_CHOICES = frozenset({"oneOf", "anyOf", "then", "else", "not", "dependentSchemas", "dependencies"})
_WORDS_OF_TYPE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("object", ("properties", "required", "additionalProperties", "patternProperties", "minProperties")),
    ("array", ("items", "prefixItems", "minItems", "contains", "uniqueItems")),
    ("string", ("pattern", "minLength", "maxLength", "format", "contentMediaType")),
    ("number", ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
)
_NOBODY: frozenset[str] = frozenset()


class Plain:
    """A schema's words, and the references that were followed to them."""

    def __init__(self, words: dict[str, Json], followed: frozenset[str] = _NOBODY) -> None:
        self.words = words
        self.followed = followed
        #: The members by name, as they were asked for; None where a member must not be.
        self.members: dict[str, Plain | None] = {}

    @cached_property
    def has_choices(self) -> bool:
        """Whether there is something to be decided, as between the branches of a union."""
        return not _CHOICES.isdisjoint(self.words)

    @cached_property
    def may_be_null(self) -> bool:
        """Whether the schema says itself that null will do."""
        stated = self.words.get("type")
        return self.words.get("nullable") is True or stated == "null" or (isinstance(stated, list) and "null" in stated)

    @cached_property
    def values(self) -> list[Json] | None:
        """The values that are allowed, of `const` or `enum`; None where neither is stated."""
        if "const" in self.words:
            return [self.words["const"]]
        return self.words.get("enum")

    @cached_property
    def stated(self) -> Json:
        """The example or default that the schema states, or MISSING."""
        if "example" in self.words:
            return self.words["example"]
        examples = self.words.get("examples")
        if isinstance(examples, list) and examples:
            return examples[0]
        return self.words.get("default", MISSING)

    @cached_property
    def types(self) -> list[str]:
        """The types to choose from: those that are stated but null, else the one that other words speak of."""
        stated = self.words.get("type")
        kinds = [kind for kind in (stated if isinstance(stated, list) else [stated]) if kind in TYPES]
        if not kinds:
            kinds = [kind for kind, words in _WORDS_OF_TYPE if any(word in self.words for word in words)][:1]
        return [kind for kind in kinds if kind != "null"] or kinds[:1] or ["string"]

    @cached_property
    def properties(self) -> Mapping[str, Json]:
        stated = self.words.get("properties")
        return stated if isinstance(stated, OBJECT) else {}

    @cached_property
    def required(self) -> list[str]:
        return [name for name in self.words.get("required") or () if isinstance(name, str)]

    @cached_property
    def optional(self) -> list[str]:
        """The names of declared members that may be left out."""
        return [name for name in self.properties if name not in self.required]

    def named(self, kept: list[str]) -> list[str]:
        """The names to make, those required and those kept, in the document's order; then those they bring along."""
        chosen = {*self.required, *kept}
        for name, others in (self.words.get("dependentRequired") or {}).items():
            if name in chosen:
                chosen.update(others)
        return [*(name for name in self.properties if name in chosen), *sorted(chosen - self.properties.keys())]

    @cached_property
    def all_names(self) -> list[str]:
        """The names to make where all are wanted that there are."""
        return self.named(self.optional)

    def member(self, name: str) -> Json:
        """What must hold for a member: what stands under its name, and under each pattern that its name has."""
        patterns = self.words.get("patternProperties")
        fitting = [self.properties[name]] if name in self.properties else []
        if isinstance(patterns, OBJECT):
            fitting += [schema for pattern, schema in patterns.items() if is_found(pattern, name)]
        if not fitting:
            return self.words.get("additionalProperties", True)
        return fitting[0] if len(fitting) == 1 else {"allOf": fitting}


#: Gives a schema its plain form: the same one each time.
Flatten: TypeAlias = Callable[[Json], Plain]
