"""`syncdyn demo`: the bundled API from upload to signed webhook, every exchange checked on both sides."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from syncdyn.cli.exit_codes import REQUEST_BREAKS_CONTRACT, RESPONSE_BREAKS_CONTRACT, described
from syncdyn.cli.group import Failure
from syncdyn.cli.options import FILE, url, without_user
from syncdyn.cli.program import interpreter, program

if TYPE_CHECKING:
    from rich.console import Console

    from syncdyn.cli.receiver import Received
    from syncdyn.cli.recording import Row
    from syncdyn.cli.stage import Stage
    from syncdyn.model import Model
    from syncdyn.waiting import Progress

_CLIP_SECONDS = 4.0
_WEBHOOK_SECONDS = 5.0
_FOLDER = Path("demo-output")
_MODEL = "lipsync-2"

#: Name and content of the files to send, by kind.
Media: TypeAlias = dict[str, tuple[str, bytes]]


@dataclass(slots=True)
class Told:
    """What the final screen tells beside the exchanges."""

    facts: dict[str, str] = field(default_factory=dict)
    webhooks: list[Row] = field(default_factory=list)


@click.command(name="demo", context_settings={"help_option_names": ["-h", "--help"]}, epilog=f"\b\n{described()}")
@click.option("--video", type=FILE, metavar="FILE", help="Video to send; one is made if not given.")
@click.option("--audio", type=FILE, metavar="FILE", help="Audio to send; one is made if not given.")
@click.option("--base-url", type=url, help="Play against this server, with the key in SYNC_API_KEY.")
def command(video: Path | None, audio: Path | None, base_url: str | None) -> None:
    """Watch the client and the mock at work: offline, without a key, in a few seconds.

    A mock server starts in this process. The client creates a generation from two files, waits for it, downloads
    the video, runs a batch and verifies a signed webhook. Both are made from the same document, and check every
    exchange against it. The video is saved in ./demo-output; nothing is overwritten.
    """
    from syncdyn.cli.stage import offline, online
    from syncdyn.cli.terminal import message_console

    media = _media(video, audio)
    _make_folder()
    screen = message_console()
    with offline() if base_url is None else online(base_url) as stage:
        _say(screen, f"Server: {without_user(stage.url)}" + ("" if base_url else ", a mock in this process"))
        told = _play(stage, media, screen)
    _show_end(stage, told, is_offline=base_url is None)


def _media(video: Path | None, audio: Path | None) -> Media:
    """The files to send, by kind: name and content. Raises UsageError for a file that is of another kind."""
    from mockserver.media.clips import clip, tone

    return {
        "video": _file(video, "video") if video else ("video.mp4", clip(_CLIP_SECONDS, label="demo")),
        "audio": _file(audio, "audio") if audio else ("audio.wav", tone(_CLIP_SECONDS)),
    }


def _file(path: Path, kind: str) -> tuple[str, bytes]:
    from mockserver.media.media_facts import facts_of

    content = path.read_bytes()
    facts = facts_of(content, path.name)
    if facts is None or (kind == "video" and not facts.is_video):
        raise click.UsageError(f"--{kind}: {path} is no {kind} file that can be played")
    return path.name, content


def _make_folder() -> None:
    try:
        _FOLDER.mkdir(exist_ok=True)
    except FileExistsError as error:
        raise Failure(f"{_FOLDER} is a file; the video is to be saved in a folder of that name") from error


def _play(stage: Stage, media: Media, screen: Console) -> Told:
    told = Told()
    made = _generate(stage, media, screen)
    _download(stage, made, told, screen)
    is_run = _run_batch(stage, made, told, screen)
    _take_webhooks(stage, 2 if is_run else 1, told, screen)
    return told


def _generate(stage: Stage, media: Media, screen: Console) -> Any:
    """The generation, once it has ended."""
    from syncdyn.cli.terminal import wait_shown

    generations = stage.client.generations
    optional = {"webhook_url": stage.webhook_address} if stage.webhook_address else {}
    created = generations.create_with_files(model=_MODEL, **media, **optional)
    _say(screen, f"Created generation {created.id} from {media['video'][0]} and {media['audio'][0]}")
    with wait_shown("Generation", _state, screen) as progress:
        return generations.wait(created, interval=stage.interval_seconds, progress=progress)


def _download(stage: Stage, generation: Any, told: Told, screen: Console) -> None:
    """Saves the video. Raises Failure for one that cannot be played."""
    from mockserver.media.media_facts import facts_of

    path: Path = stage.client.download(generation, _free_path(_FOLDER, "lipsync", ".mp4"))
    facts = facts_of(path.read_bytes())
    if facts is None or not facts.is_video:
        raise Failure(f"{path} is no video that can be played", RESPONSE_BREAKS_CONTRACT)
    shown = f"{facts.duration_seconds or 0:.1f} s, {facts.width}x{facts.height}, {path.stat().st_size:,} bytes"
    told.facts["Video"] = f"{path} ({shown})"
    _say(screen, f"Downloaded {path}")


def _free_path(folder: Path, stem: str, suffix: str) -> Path:
    """A path in the folder at which there is nothing yet, not even a download that broke off."""
    from syncdyn.saving import PART_SUFFIX

    number = 1
    while True:
        path = folder / f"{stem}{suffix if number == 1 else f'-{number}{suffix}'}"
        if not path.exists() and not path.with_name(path.name + PART_SUFFIX).exists():
            return path
        number += 1


def _run_batch(stage: Stage, generation: Any, told: Told, screen: Console) -> bool:
    """Whether a batch was checked, run and its results read. A plan without batches is no failure."""
    from syncdyn.cli.terminal import wait_shown
    from syncdyn.errors import PaymentRequiredError

    batches = stage.client.batch
    lines = _batch_lines(generation.output_url)
    optional = {"webhook_url": stage.webhook_address} if stage.webhook_address else {}
    try:
        checked = batches.create(input=("batch.jsonl", lines), dry_run=True)
        _say(screen, f"Batch checked by a dry run: {checked.status}")
        created = batches.create(input=("batch.jsonl", lines), **optional)
    except PaymentRequiredError as error:
        told.facts["Batch"] = f"left out: {error}"
        return False
    with wait_shown("Batch", _counts, screen) as progress:
        ended = batches.wait(created, interval=stage.interval_seconds, progress=progress)
    results = list(batches.results(ended))
    _refuse_broken(results)
    good = sum(1 for line in results if not line.error)
    told.facts["Batch"] = f"{len(results)} results read, each as the document promises; {good} succeeded"
    _say(screen, f"Read {len(results)} results of batch {ended.id}")
    return True


def _batch_lines(media_url: str) -> bytes:
    payload = {"model": _MODEL, "input": [{"type": "video", "url": media_url}, {"type": "audio", "url": media_url}]}
    lines = ({"request_id": f"take-{n}", "endpoint": "/v2/generate", "payload": payload} for n in (1, 2, 3))
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def _refuse_broken(results: Sequence[Model]) -> None:
    """Raises Failure for results that are not as the document promises."""
    from syncdyn.cli.recording import broken
    from syncdyn.openapi.errors import describe
    from syncdyn.sync import bundled_types

    contract = bundled_types().contract
    found = [violation for result in results for violation in broken(contract, result)]
    if found:
        raise Failure(f"results of the batch break the contract:\n{describe(found)}", RESPONSE_BREAKS_CONTRACT)


def _take_webhooks(stage: Stage, expected: int, told: Told, screen: Console) -> None:
    """Verifies so many webhooks. Raises Failure when one does not come."""
    if stage.receiver is None:
        told.facts["Webhooks"] = f"left out: {stage.why_no_webhook}"
        return
    for _ in range(expected):
        received = stage.receiver.take(_WEBHOOK_SECONDS)
        if received is None:
            raise Failure(f"no webhook came within {_WEBHOOK_SECONDS:g} s")
        event = stage.client.verify_webhook(received.body, received.headers, stage.webhook_secret)
        _refuse_forged(stage, received)
        told.webhooks.append(_webhook_row(received))
        _say(screen, f"Webhook verified: {type(event).__name__}, {event.status}")
    told.facts["Webhooks"] = f"{expected} came, signature and content verified; {expected} forged ones refused"


def _refuse_forged(stage: Stage, received: Received) -> None:
    from syncdyn.errors import WebhookVerificationError

    try:
        stage.client.verify_webhook(received.body + b" ", received.headers, stage.webhook_secret)
    except WebhookVerificationError:
        return
    raise Failure("a forged webhook was taken for a genuine one", RESPONSE_BREAKS_CONTRACT)


def _webhook_row(received: Received) -> Row:
    from syncdyn.cli.receiver import STATUS
    from syncdyn.cli.recording import Row
    from syncdyn.openapi.checking import read_response
    from syncdyn.openapi.messages import Response
    from syncdyn.sync import bundled_types
    from syncdyn.webhooks import event_name

    contract = bundled_types().contract
    name = event_name(contract, json.loads(received.body))
    if name is None:
        return Row("(webhook)", STATUS, 1, None, False, None)
    faults = read_response(contract, contract.webhooks[name], Response(STATUS)).violations
    return Row(f"{name} (webhook)", STATUS, 1, None, True, not faults)


def _show_end(stage: Stage, told: Told, *, is_offline: bool) -> None:
    """Prints the last screen. Raises Failure when a check failed."""
    from syncdyn.cli.recording import rows
    from syncdyn.cli.report import show_report
    from syncdyn.cli.terminal import data_console

    all_rows = (*rows(stage.recorder.noted), *told.webhooks)
    show_report(data_console(), all_rows, told.facts, _NOTES[is_offline], _next_steps(stage, is_offline=is_offline))
    if any(row.is_request_good is False for row in all_rows):
        raise Failure("the server found faults in a request", REQUEST_BREAKS_CONTRACT)
    if any(row.is_response_good is False for row in all_rows):
        raise Failure("a response breaks the contract", RESPONSE_BREAKS_CONTRACT)


_NOTES = {
    True: "Both sides checked every request and response against the document; it says nothing of (download).",
    False: "The client checked every request before it left and every response when it came.",
}


def _next_steps(stage: Stage, *, is_offline: bool) -> tuple[str, ...]:
    server = (
        'api_key="demo-key", base_url="http://127.0.0.1:4010"'
        if is_offline
        else f'base_url="{without_user(stage.url)}"'
    )
    mock = (f"{program()} mock    # the same server, on port 4010", "") if is_offline else ()
    return (
        *mock,
        f"In {interpreter()}, {'while it runs' if is_offline else 'with the key in SYNC_API_KEY'}:",
        "",
        "from syncdyn import Sync",
        f"sync = Sync({server})",
        "print(sync.models.list())",
    )


def _state(progress: Progress) -> str:
    return progress.state or "unknown"


def _counts(progress: Progress) -> str:
    return f"{progress.state}, {progress.done or 0} of {progress.total or '?'} done"


def _say(screen: Console, text: str) -> None:
    # In a log a message is one line; on a terminal it is broken between words.
    screen.print(text, soft_wrap=not screen.is_terminal)
