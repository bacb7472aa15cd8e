"""`syncdyn demo`: it runs offline, saves a video that plays, and says what went wrong where it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockserver.facade import Mock
from mockserver.media.clips import clip, tone
from mockserver.media.media_facts import facts_of
from syncdyn.cli.commands import commands
from syncdyn.cli.stage import online

SECRET = "whsec_demo"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A mock that runs already, whose jobs take next to no time."""
    with Mock(job_seconds=0.05, webhook_secret=SECRET, api_keys=("right",)).serve() as url:
        yield url


def demo(*words: str, key: str | None = "right", secret: str | None = None, **more: str) -> Result:
    environ = {"SYNC_API_KEY": key, "SYNC_BASE_URL": None, "SYNC_WEBHOOK_SECRET": secret, **more}
    return CliRunner().invoke(commands, ["demo", *words], env=environ)


def test_offline_it_needs_no_key_and_checks_all_it_calls(folder: Path) -> None:
    result = demo(key=None)
    assert result.exit_code == 0, result.stderr
    facts = facts_of((folder / "demo-output" / "lipsync.mp4").read_bytes())
    assert facts is not None
    assert facts.is_video
    for name in ("createGeneration", "getGeneration", "createBatch", "getBatch", "batchFinished (webhook)"):
        row = next(line.split() for line in result.stdout.splitlines() if line.strip().startswith(name))
        assert row.count("ok") == 2, row
    assert "demo-output/lipsync.mp4" in result.stdout


def test_against_a_server_it_uses_the_key_and_the_files_given(server: str, folder: Path) -> None:
    (folder / "my.mp4").write_bytes(clip(1))
    (folder / "my.wav").write_bytes(tone(1))
    result = demo("--video", "my.mp4", "--audio", "my.wav", "--base-url", server)
    assert result.exit_code == 0, result.stderr
    assert "from my.mp4 and my.wav" in result.stderr
    assert "SYNC_WEBHOOK_SECRET is not set" in result.stdout


def test_webhooks_of_a_server_on_this_machine_are_verified(server: str) -> None:
    result = demo("--base-url", server, secret=SECRET)
    assert result.exit_code == 0, result.stderr
    assert "generationFinished (webhook)" in result.stdout


def test_a_webhook_signed_with_another_secret_ends_with_7(server: str) -> None:
    assert demo("--base-url", server, secret="another").exit_code == 7


def test_nothing_is_overwritten(server: str, folder: Path) -> None:
    (folder / "demo-output").mkdir()
    (folder / "demo-output" / "lipsync.mp4").write_bytes(b"precious")
    (folder / "demo-output" / "lipsync-2.mp4.syncdyn-part").write_bytes(b"half")
    assert demo("--base-url", server).exit_code == 0
    assert (folder / "demo-output" / "lipsync.mp4").read_bytes() == b"precious"
    assert (folder / "demo-output" / "lipsync-3.mp4").exists()


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_a_file_of_another_kind_is_refused(server: str, folder: Path, kind: str) -> None:
    (folder / "text").write_text("hello")
    result = demo(f"--{kind}", "text", "--base-url", server)
    assert result.exit_code == 2
    assert f"text is no {kind}" in result.stderr


def test_a_sound_is_no_video(server: str, folder: Path) -> None:
    (folder / "my.wav").write_bytes(tone(1))
    assert demo("--video", "my.wav", "--base-url", server).exit_code == 2


def test_a_file_where_the_folder_is_to_be_is_told(server: str, folder: Path) -> None:
    (folder / "demo-output").write_text("not a folder")
    result = demo("--base-url", server)
    assert result.exit_code == 1
    assert "demo-output is a file" in result.stderr


@pytest.mark.parametrize(("key", "code"), [(None, 2), ("wrong", 4)], ids=["none", "wrong"])
def test_a_server_wants_the_right_key(server: str, key: str | None, code: int) -> None:
    assert demo("--base-url", server, key=key).exit_code == code


def test_a_server_that_is_down_is_one_message() -> None:
    result = demo("--base-url", "http://127.0.0.1:9")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "127.0.0.1:9" in result.stderr


def test_a_proxy_is_not_used_for_a_server_on_this_machine(server: str) -> None:
    assert demo("--base-url", server, http_proxy="http://127.0.0.1:9").exit_code == 0


def test_a_plan_without_batches_is_no_failure() -> None:
    with Mock(job_seconds=0.05, plan="free").serve() as url:
        result = demo("--base-url", url)
    assert result.exit_code == 0, result.stderr
    assert "left out: batch.create answered 402" in result.stdout


def test_a_server_elsewhere_gets_no_address_for_webhooks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNC_API_KEY", "right")
    with online("https://api.example.com") as stage:
        assert (stage.webhook_address, stage.why_no_webhook) == (None, "the server cannot reach this machine")
