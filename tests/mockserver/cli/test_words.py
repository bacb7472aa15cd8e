"""The forms in which yargs takes a flag, which scripts that call Prism use: docs of yargs-parser."""

from __future__ import annotations

import click
import pytest

from mockserver.cli.mock import command as mock
from mockserver.cli.proxy import command as proxy
from mockserver.cli.words import Switch, plain

ERRORS = Switch("--errors", "--no-errors")
SWITCHES = {"--errors": ERRORS, "-m": Switch("-m", "--no-multiprocess"), "-q": Switch("-q")}


@pytest.mark.parametrize(
    ("given", "read"),
    [
        pytest.param("--errors=false doc", "--no-errors doc", id="=false"),
        pytest.param("--errors=true doc", "--errors doc", id="=true"),
        pytest.param("--errors false doc", "--no-errors doc", id="false as a word"),
        pytest.param("--errors doc", "--errors doc", id="a word that is no boolean"),
        pytest.param("--errors", "--errors", id="the last word"),
        pytest.param("doc -m false", "doc --no-multiprocess", id="short, after the document"),
        pytest.param("-m=true", "-m", id="short with ="),
        pytest.param("-p=4010 doc", "-p 4010 doc", id="a short option's value with ="),
        pytest.param("-q=false doc", "doc", id="a flag that nothing unsets"),
        pytest.param("--seed=true", "--seed=true", id="a value that reads like a boolean"),
        pytest.param("-- --errors=false", "-- --errors=false", id="after the end of options"),
    ],
)
def test_forms_of_yargs_are_read(given: str, read: str) -> None:
    assert plain(given.split(), SWITCHES) == read.split()


def params(command: click.Command, words: str) -> dict[str, object]:
    return command.make_context("it", words.split()).params


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("-p 4011", "port", 4011),
        ("--port=4011", "port", 4011),
        ("-h 0.0.0.0", "host", "0.0.0.0"),
        ("-d", "dynamic", True),
        ("--dynamic=false", "dynamic", False),
        ("-m false", "multiprocess", False),
        ("--multiprocess=false", "multiprocess", False),
        ("--no-errors", "errors", False),
        ("--errors true", "errors", True),
        ("--cors false", "cors", False),
        ("-v silent", "level", "silent"),
        ("--verboseLevel debug", "level", "debug"),
        ("--verbose-level=warn", "level", "warn"),
        ("--seed 7", "seed", 7),
        ("--seed any-text", "seed", 2908325779),
        ("--ignoreExamples", "ignore_examples", True),
        ("--ignore-examples", "ignore_examples", True),
        ("--ignore-examples=false", "ignore_examples", False),
        ("--json-schema-faker-fillProperties=false", "fill_properties", False),
    ],
)
@pytest.mark.parametrize("order", ["before", "after"])
def test_what_prism_mock_takes_is_taken(words: str, name: str, value: object, order: str) -> None:
    """Before the document or after it, which stays the document."""
    line = f"{words} doc.yaml" if order == "before" else f"doc.yaml {words}"
    found = params(mock, line)
    assert (found[name], found["documents"]) == (value, ("doc.yaml",))


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("--errors", "errors", True),
        ("--validate-request=false", "validate_request", False),
        ("--no-validate-request", "validate_request", False),
        ("--upstream-proxy http://proxy:1", "upstream_proxy", "http://proxy:1"),
        ("-m false -p 4011", "port", 4011),
    ],
)
def test_what_prism_proxy_takes_is_taken(words: str, name: str, value: object) -> None:
    found = params(proxy, f"doc.yaml http://api {words}")
    assert (found[name], found["document"], found["upstream"]) == (value, "doc.yaml", "http://api")


def test_what_nobody_said_is_left_to_the_mode() -> None:
    """None, so that what Prism's mode does by itself is not taken for the user's word."""
    found = params(mock, "doc.yaml")
    assert [found[name] for name in ("errors", "cors", "dynamic", "seed", "stateless")] == [None] * 5
