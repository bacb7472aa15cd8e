"""`syncdyn batch`: what it refuses, what it sends, what it saves, how it ends."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.syncdyn.cli.conftest import KEY, RESULTS, Run, Service, batch, line

INPUT = ("--input-file", "input.jsonl")
MONITOR = (*INPUT, "--monitor", "--interval", "0.01")
FOLLOW = ("--batch-id", "b-1", "--monitor", "--interval", "0.01")

REFUSED = {
    "nothing to do": ((), "--input-file"),
    "an id and nothing to do with it": (("--batch-id", "b-1"), "--monitor"),
    "an id and a dry run": (("--batch-id", "b-1", "--dry-run"), "--dry-run"),
    "an id and a file": ((*INPUT, "--batch-id", "b-1", "--monitor"), "one of them"),
    "an id and a webhook": ((*FOLLOW, "--webhook-url", "https://example.com"), "--webhook-url"),
    "an empty id": (("--batch-id", "", "--monitor"), "--batch-id is empty"),
    "a file that is not there": (("--input-file", "none.jsonl"), "none.jsonl"),
    "a folder as file": (("--input-file", "."), "directory"),
    "a folder as output": ((*MONITOR, "--output", "."), "folder"),
    "an output in no folder": ((*MONITOR, "--output", "no/where.jsonl"), "no folder no"),
    "the input as output": ((*MONITOR, "--output", "input.jsonl", "--force"), "input file"),
    "no interval": ((*FOLLOW, "--interval", "0"), "more than 0"),
    "an interval that is no number": ((*FOLLOW, "--interval", "nan"), "more than 0"),
    "a wait without end": ((*FOLLOW, "--timeout", "inf"), "more than 0"),
    "a webhook that is no address": ((*INPUT, "--webhook-url", "example"), "absolute URL"),
    "an unknown option": (("--inptu-file", "x"), "--inptu-file"),
}


@pytest.mark.parametrize(("words", "told"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_sense_is_refused_before_anything_is_sent(
    run: Run, service: Service, words: tuple[str, ...], told: str
) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert service.calls == []


@pytest.mark.parametrize("key", [None, "", "two\nlines"], ids=["none", "empty", "unfit"])
def test_without_a_key_nothing_is_sent(run: Run, service: Service, key: str | None) -> None:
    result = run(*INPUT, key=key)
    assert result.exit_code == 2
    assert "key" in result.stderr
    assert service.calls == []


def test_a_base_url_that_is_none_is_refused(run: Run) -> None:
    assert run(*INPUT, base_url="localhost:4010").exit_code == 2


BAD_LINES = {
    "an unknown model": (line(payload={"model": "lipsnc-2", "input": []}), "line 3: payload.model"),
    "no JSON": ("{", "line 3: not JSON"),
    "no object": ("[]", "line 3: expected an object"),
    "a member too few": ('{"request_id":"c"}', "line 3: endpoint: missing"),
    "a name that is taken": (line("a"), 'line 3: request_id: "a" stands in line 1'),
}


@pytest.mark.parametrize(("bad", "told"), BAD_LINES.values(), ids=BAD_LINES)
@pytest.mark.parametrize("mode", [(), ("--dry-run",), ("--monitor",)], ids=["create", "dry-run", "monitor"])
def test_a_bad_line_is_told_by_its_number_and_nothing_is_sent(
    run: Run, service: Service, folder: Path, bad: str, told: str, mode: tuple[str, ...]
) -> None:
    (folder / "input.jsonl").write_text(f"{line('a')}\n\n{bad}\n")
    result = run(*INPUT, *mode)
    assert result.exit_code == 6
    assert told in result.stderr
    assert service.calls == []


def test_all_bad_lines_are_counted_and_the_first_are_told_in_order(run: Run, folder: Path) -> None:
    (folder / "input.jsonl").write_text("\n".join([*(line(f"n{n}", endpoint="/v1") for n in range(30)), "{"]))
    told = run(*INPUT).stderr.splitlines()
    assert "31 faults in 31 of 31 lines" in told[0]
    assert [text.split(":")[0].strip() for text in told[1:21]] == [f"line {n}" for n in range(1, 21)]
    assert told[21].strip() == "... and 11 more"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no records"),
        (line().encode() + b"\n\xff", "line 2: not UTF-8"),
        (b"x" * 6_000_000, "more than the maximum"),
    ],
    ids=["empty", "not UTF-8", "too large"],
)
def test_a_file_that_is_no_input_is_not_sent(
    run: Run, service: Service, folder: Path, content: bytes, told: str
) -> None:
    (folder / "input.jsonl").write_bytes(content)
    result = run(*INPUT)
    assert (result.exit_code, service.calls) == (6, [])
    assert told in result.stderr


def test_creating_gives_the_id_alone_on_stdout(run: Run, service: Service) -> None:
    result = run(*INPUT)
    assert (result.exit_code, result.stdout) == (0, "b-1\n")
    assert "--batch-id b-1 --monitor" in result.stderr
    assert service.calls == ["POST /v2/batch"]


def test_the_file_is_sent_byte_for_byte_with_the_webhook(run: Run, service: Service, folder: Path) -> None:
    run(*INPUT, "--webhook-url", "https://example.com/hook")
    body = service.requests[0][2]
    assert (folder / "input.jsonl").read_bytes() in body
    assert b"https://example.com/hook" in body


@pytest.mark.parametrize("more", [(), ("--monitor",)], ids=["alone", "with monitor"])
def test_a_dry_run_creates_nothing(run: Run, service: Service, folder: Path, more: tuple[str, ...]) -> None:
    service.creation = (200, {"status": "VALIDATED"})
    result = run(*INPUT, "--dry-run", *more)
    assert (result.exit_code, result.stdout) == (0, "VALIDATED\n")
    assert service.calls == ["POST /v2/batch"]
    assert b'name="dry_run"' in service.requests[0][2]


def test_monitoring_polls_to_the_end_and_saves_the_results(run: Run, service: Service, folder: Path) -> None:
    service.states = [(200, batch("PROCESSING", good=1, pending=1)), (200, batch())]
    result = run(*MONITOR)
    assert (result.exit_code, result.stdout) == (0, "output.jsonl\n")
    assert (folder / "output.jsonl").read_bytes() == RESULTS
    assert service.calls == ["POST /v2/batch", "GET /v2/batch/b-1", "GET /v2/batch/b-1", "GET /results"]


def test_monitoring_tells_the_counts_each_time_they_change(run: Run, service: Service) -> None:
    waiting = (200, batch("PROCESSING", good=0, pending=2))
    service.states = [waiting, waiting, (200, batch("PROCESSING", good=1, bad=1)), (200, batch(good=1, bad=1))]
    told = run(*FOLLOW).stderr.splitlines()
    assert [text for text in told if "PROCESSING" in text] == [
        "Batch b-1: PROCESSING, 0 succeeded, 0 failed, 2 pending",
        "Batch b-1: PROCESSING, 1 succeeded, 1 failed, 0 pending",
    ]


def test_an_existing_batch_is_followed(run: Run, service: Service, folder: Path) -> None:
    result = run(*FOLLOW, "--output", "mine.jsonl")
    assert (result.exit_code, result.stdout) == (0, "mine.jsonl\n")
    assert service.calls == ["GET /v2/batch/b-1", "GET /results"]


@pytest.mark.parametrize("words", [MONITOR, FOLLOW], ids=["new batch", "existing batch"])
def test_an_output_file_that_is_there_is_kept(run: Run, service: Service, folder: Path, words: tuple[str, ...]) -> None:
    (folder / "output.jsonl").write_text("precious")
    result = run(*words)
    assert (result.exit_code, service.calls) == (2, [])
    assert "--force" in result.stderr
    assert (folder / "output.jsonl").read_text() == "precious"


def test_an_output_file_that_is_there_is_replaced_by_force(run: Run, folder: Path) -> None:
    (folder / "output.jsonl").write_text("old")
    assert run(*FOLLOW, "--force").exit_code == 0
    assert (folder / "output.jsonl").read_bytes() == RESULTS


def test_creating_alone_does_not_mind_an_old_output_file(run: Run, folder: Path) -> None:
    (folder / "output.jsonl").write_text("old")
    assert run(*INPUT).exit_code == 0


def test_some_failed_items_end_with_9_and_the_results_are_saved(run: Run, service: Service, folder: Path) -> None:
    service.states = [(200, batch(good=1, bad=1))]
    result = run(*FOLLOW)
    assert (result.exit_code, result.stdout) == (9, "output.jsonl\n")
    assert "1 succeeded, 1 failed" in result.stderr
    assert (folder / "output.jsonl").read_bytes() == RESULTS


@pytest.mark.parametrize(("output", "is_saved"), [("OUTPUT", True), ("", False)], ids=["with results", "without"])
def test_a_failed_batch_ends_with_9(run: Run, service: Service, folder: Path, output: str, is_saved: bool) -> None:
    service.states = [(200, batch("FAILED", outputUrl=output))]
    assert run(*FOLLOW).exit_code == 9
    assert (folder / "output.jsonl").exists() == is_saved


@pytest.mark.parametrize("output", ["", None], ids=["empty", "null"])
@pytest.mark.parametrize(("bad", "code"), [(0, 1), (2, 9)], ids=["none failed", "all failed"])
def test_an_end_without_results_is_told(
    run: Run, service: Service, folder: Path, output: str | None, bad: int, code: int
) -> None:
    service.states = [(200, batch(bad=bad, outputUrl=output))]
    result = run(*FOLLOW)
    assert (result.exit_code, result.stdout) == (code, "")
    assert "no results" in result.stderr
    assert not (folder / "output.jsonl").exists()


def test_a_wait_that_is_too_long_ends_with_8_and_says_how_to_go_on(run: Run, service: Service) -> None:
    service.states = [(200, batch("PROCESSING", good=0, pending=2))]
    result = run(*FOLLOW, "--timeout", "0.05")
    assert result.exit_code == 8
    assert f"syncdyn batch --batch-id b-1 --monitor --base-url {service.url}" in result.stderr


def test_a_wait_shorter_than_the_interval_looks_again(run: Run, service: Service) -> None:
    service.states = [(200, batch("PROCESSING", good=0, pending=2)), (200, batch())]
    assert run("--batch-id", "b-1", "--monitor", "--interval", "60", "--timeout", "0.4").exit_code == 0


def test_the_command_to_go_on_has_the_options_that_were_given(run: Run, service: Service) -> None:
    given = ("--output", "my results.jsonl", "--interval", "0.5", "--timeout", "7", "--force")
    told = run(*INPUT, *given).stderr.splitlines()[-1].partition("with: ")[2]
    assert shlex.split(told)[:5] == ["syncdyn", "batch", "--batch-id", "b-1", "--monitor"]
    assert shlex.split(told)[5:] == ["--base-url", service.url, *given]


def test_an_output_of_a_dash_is_the_results_alone_on_stdout(run: Run, folder: Path) -> None:
    result = run(*FOLLOW, "--output", "-")
    assert (result.exit_code, result.stdout_bytes) == (0, RESULTS)
    assert [path.name for path in folder.iterdir()] == ["input.jsonl"]


def test_failed_items_on_stdout_end_with_9_too(run: Run, service: Service) -> None:
    service.states = [(200, batch(good=1, bad=1))]
    result = run(*FOLLOW, "--output", "-")
    assert (result.exit_code, result.stdout_bytes) == (9, RESULTS)


def test_an_input_of_a_dash_is_stdin(run: Run, service: Service) -> None:
    content = f"{line('piped')}\n".encode()
    assert run("--input-file", "-", stdin=content).exit_code == 0
    assert content in service.requests[0][2]


def test_faults_of_stdin_are_told_by_line(run: Run, service: Service) -> None:
    result = run("--input-file", "-", stdin=b"{")
    assert (result.exit_code, service.calls) == (6, [])
    assert "stdin has 1 fault" in result.stderr
    assert "line 1: not JSON" in result.stderr


UNCLEAR = {"no answer": b"", "an answer that breaks off": b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{"}


@pytest.mark.parametrize("answer", UNCLEAR.values(), ids=UNCLEAR)
def test_a_creation_without_an_answer_is_told_to_be_unclear(run: Run, service: Service, answer: bytes) -> None:
    service.raw = answer
    result = run(*INPUT)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f'may have been created; look with Sync(base_url="{service.url}").batch.list()' in result.stderr


@pytest.mark.parametrize(("code_of_answer", "code"), [(500, 5), (200, 7)], ids=["server error", "unreadable success"])
def test_a_creation_with_an_unclear_answer_is_told_to_be_unclear(
    run: Run, service: Service, code_of_answer: int, code: int
) -> None:
    service._written = lambda status, body: (code_of_answer, b"<html>")  # type: ignore[method-assign]
    result = run(*INPUT)
    assert result.exit_code == code
    assert "may have been created" in result.stderr


@pytest.mark.parametrize("mode", [(), ("--dry-run",)], ids=["refused", "dry run"])
def test_what_cannot_have_been_created_is_not_told_to_be_unclear(
    run: Run, service: Service, mode: tuple[str, ...]
) -> None:
    service.creation = (500 if mode else 400, {"statusCode": 400, "message": "no", "error": "No"})
    result = run(*INPUT, *mode)
    assert result.exit_code in (4, 5)
    assert "may have been created" not in result.stderr


def test_a_connection_that_was_refused_is_not_unclear(run: Run) -> None:
    assert "may have been created" not in run(*INPUT, base_url="http://127.0.0.1:9").stderr


@pytest.mark.parametrize(
    ("status", "code"), [(302, 3), (401, 4), (402, 4), (429, 4), (501, 5)], ids=lambda value: str(value)
)
def test_a_refusal_ends_with_the_family_of_its_status(run: Run, service: Service, status: int, code: int) -> None:
    service.creation = (status, {"statusCode": status, "message": "not today", "error": "No"})
    service.headers = {"Retry-After": "0"}
    result = run(*INPUT)
    assert result.exit_code == code
    assert "not today" in result.stderr
    assert KEY not in result.output


def test_an_answer_that_cannot_be_read_ends_with_7(run: Run, service: Service) -> None:
    service._written = lambda status, body: (status, b"<html>")  # type: ignore[method-assign]
    assert run(*INPUT).exit_code == 7


def test_an_answer_that_differs_from_the_document_is_a_warning(run: Run, service: Service) -> None:
    service.states = [(200, batch(created_at=17))]
    result = run(*FOLLOW)
    assert result.exit_code == 0
    assert "Warning: " in result.stderr
    assert "created_at" in result.stderr


def test_a_server_that_is_down_is_one_message(run: Run) -> None:
    result = run(*INPUT, base_url="http://127.0.0.1:9")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "127.0.0.1:9" in result.stderr


def test_a_download_that_fails_leaves_no_output_file(run: Run, service: Service, folder: Path) -> None:
    service.states = [(200, batch(outputUrl=f"{service.url}/gone"))]
    answer = service.answer
    service.answer = lambda method, path: (404, b"{}") if path == "/gone" else answer(method, path)  # type: ignore[method-assign]
    assert run(*FOLLOW).exit_code == 4
    assert not (folder / "output.jsonl").exists()


def test_a_password_in_the_base_url_is_in_no_message(run: Run, service: Service) -> None:
    result = run(*INPUT, base_url=service.url.replace("://", "://user:hidden@"))
    assert result.exit_code == 0
    assert "hidden" not in result.output


def test_the_key_is_in_no_message(run: Run, service: Service) -> None:
    service.creation = (400, {"statusCode": 400, "message": f"bad key {KEY}", "error": "Bad Request"})
    assert KEY not in run(*INPUT).output
