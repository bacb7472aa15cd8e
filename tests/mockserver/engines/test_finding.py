"""How Prism is to be had, on machines of every kind."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mockserver.engines.finding import COMMAND_VARIABLE, PACKAGE, NoPrism, Way, find_prism


def found(there: str, docker: str | None = None, environment: Mapping[str, str] | None = None) -> Way:
    """What is found where so many commands are there, and Docker has this fault."""
    commands = {name: f"/bin/{name}" for name in there.split()}
    return find_prism(environment or {}, commands.get, lambda: docker)


@pytest.mark.parametrize(
    ("there", "docker", "name"),
    [
        pytest.param("docker prism npx", None, "Docker", id="an engine runs"),
        pytest.param("docker prism npx", "no engine answers", "prism", id="no engine runs"),
        pytest.param("prism npx", None, "prism", id="no docker"),
        pytest.param("npx", None, "npx", id="node alone"),
    ],
)
def test_the_first_way_there_is_is_taken(there: str, docker: str | None, name: str) -> None:
    assert found(there, docker).name == name


def test_a_prism_that_is_named_goes_before_all() -> None:
    way = found("docker prism npx", None, {COMMAND_VARIABLE: "npx -y '@stoplight/prism-cli'"})
    assert way.words == ("npx", "-y", "@stoplight/prism-cli")


def test_npm_gives_the_version_that_is_known_to_work() -> None:
    assert found("npx").words == ("/bin/npx", "--yes", PACKAGE)


def test_where_there_is_none_it_is_told_what_was_tried() -> None:
    with pytest.raises(NoPrism) as caught:
        found("docker", "no engine answers")
    told = str(caught.value)
    assert all(word in told for word in ("no engine answers", "prism (no such command)", "npx (no such command)"))
    assert PACKAGE in told


def test_a_command_serves_at_the_address_with_the_flags() -> None:
    words = found("prism").command("/here/api.yaml", "127.0.0.1", 4011, ["--errors=true"])
    assert words[:6] == ["/bin/prism", "mock", "--host", "127.0.0.1", "--port", "4011"]
    assert words[-2:] == ["--errors=true", "/here/api.yaml"]


def test_a_container_publishes_the_port_there_alone_and_reads_the_document() -> None:
    words = found("docker").command("/here/api.yaml", "127.0.0.1", 4011, [])
    assert words[words.index("--publish") + 1] == "127.0.0.1:4011:4010"
    assert words[words.index("--volume") + 1] == "/here:/spec:ro"
    assert words[-1] == "/spec/api.yaml"
    assert "--init" in words


def test_a_container_is_given_a_url_as_it_is() -> None:
    words = found("docker").command("https://example.com/api.yaml", "127.0.0.1", 4011, [])
    assert words[-1] == "https://example.com/api.yaml"
    assert "--volume" not in words
