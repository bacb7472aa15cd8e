"""Words of a command line as yargs reads them, by which scripts call Prism, in the forms that click reads.

Source: yargs-parser, "boolean-negation", "short-option-groups" and its reading of `=` and of a boolean's value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import click

_TRUTH = {"true": True, "false": False}
_END_OF_OPTIONS = "--"


@dataclass(frozen=True, slots=True)
class Switch:
    """A flag as click knows it: the word that sets it, and the one that unsets it, None where there is none."""

    on: str
    off: str | None = None

    def words(self, is_on: bool) -> list[str]:
        """The words that leave the flag so."""
        return [self.on] if is_on else [self.off] if self.off else []


def switches_of(parameters: Iterable[click.Parameter]) -> Mapping[str, Switch]:
    """The flags among a command's parameters, by every word that sets them."""
    flags = [one for one in parameters if isinstance(one, click.Option) and one.is_flag]
    return {
        word: Switch(word, next(iter(flag.secondary_opts), None))
        for flag in flags
        for word in flag.opts
        if isinstance(flag.default, bool | None)
    }


def plain(words: Sequence[str], switches: Mapping[str, Switch]) -> list[str]:
    """The words with `--errors=false`, `-m true` and `-p=4010` as click takes them; the rest as it was."""
    read: list[str] = []
    left = list(words)
    while left:
        word = left.pop(0)
        if word == _END_OF_OPTIONS:
            return [*read, word, *left]
        name, has_value, value = word.partition("=")
        switch = switches.get(name)
        if switch is not None and not has_value and left and left[0] in _TRUTH:
            has_value, value = "=", left.pop(0)
        if switch is not None and value in _TRUTH:
            read += switch.words(_TRUTH[value])
        elif switch is None and has_value and _is_short(name):
            read += [name, value]
        else:
            read.append(word)
    return read


def _is_short(name: str) -> bool:
    return len(name) == 2 and name[0] == "-" and name[1] != "-"
