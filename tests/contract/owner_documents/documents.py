"""The owner's documents, and the code that stands in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

_FOLDER = Path(__file__).parents[2] / "data" / "owner"
#: The documents of old name the package `sync`; only lines that import it are changed.
_IMPORT = re.compile(r"^(\s*(?:from|import)\s+)sync\b", re.MULTILINE)
_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w+)\n(?P<code>.*?)^(?P=indent)```", re.MULTILINE | re.DOTALL)
_UNFENCED = re.compile(r"^from sync import .*?(?=^\S*\s*Parameters$)", re.MULTILINE | re.DOTALL)


def document(name: str) -> str:
    """The text of a document."""
    return (_FOLDER / name).read_text(encoding="utf-8")


def fenced(text: str, language: str) -> list[str]:
    """The code of a Markdown text that is fenced as of a language."""
    return [dedent(found["code"]).strip("\n") for found in _FENCE.finditer(text) if found["language"] == language]


def unfenced(text: str) -> list[str]:
    """The snippets of a reference whose fences are lost: from the import to the heading of the parameters."""
    return [found.group().strip("\n") for found in _UNFENCED.finditer(text)]


def numbered(text: str) -> list[list[str]]:
    """The listings of a text in which each line of code begins with its number; their indentation is lost."""
    lines = iter(text.splitlines())
    return [[line[1:].strip(), *_continued(lines)] for line in lines if re.match(r"1(?!\d)", line)]


def _continued(lines: Iterator[str]) -> Iterator[str]:
    """Lines 2 and on of a listing; the line after it is never the first of another."""
    for number, line in enumerate(lines, 2):
        if not line.startswith(str(number)):
            return
        yield line.removeprefix(str(number)).strip()


def of_syncdyn(code: str) -> str:
    """The same code, `sync` replaced by `syncdyn` in its import lines."""
    return _IMPORT.sub(r"\1syncdyn", code)


def filled(code: str, model: str) -> str:
    """The code with each `...` argument replaced by what a complete snippet gives to the same function."""
    complete = {ast.unparse(call.func): call.keywords for call in _calls(ast.parse(model))}
    tree = ast.parse(code)
    for call in _calls(tree):
        if any(isinstance(given, ast.Constant) and given.value is ... for given in call.args):
            call.args = []
            own = {keyword.arg for keyword in call.keywords}
            call.keywords[:0] = [one for one in complete[ast.unparse(call.func)] if one.arg not in own]
    return ast.unparse(tree)


def called(code: str) -> str:
    """The method that the last statement of a snippet calls, as in `assets.list`."""
    last = next(_calls(ast.parse(code).body[-1]))
    return ast.unparse(last.func).partition(".")[2]


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))
