"""How fast the mock answers: beside Prism, and beside a bare ASGI function on the same server, in one run.

Rates are of answers over keep-alive connections from one load maker: `wrk` where it is installed, else one in Python,
whose own cost then counts. Contenders take turns, a moment each, several rounds; a ratio is the median of those of the
rounds, so that a busy machine wrongs nobody. Prism is the command in PRISM_COMMAND, else npm's by `npx`; without
either its columns stay empty. petstore.yaml and github.json are not in the repository: give their folder, or name it
in SYNCDYN_CORPUS. Run it with `python tests/benchmarks/bench_mock.py [FOLDER] [--memory 1000000]`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import count, repeat
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import Request, urlopen

CONNECTIONS = 8
PRISM_PACKAGE = "@stoplight/prism-cli@5"
OURS, BARE, PRISM, PRISM_SILENT = "syncdyn", "bare", "Prism", "Prism silent"
KEYS = {"authorization": "Bearer bench", "api_key": "bench", "x-api-key": "bench", "accept": "application/json"}
#: Stands in a request for a number that no request had before.
NUMBER = "<n>"
BUNDLED, SMALL, PETSTORE, GITHUB = "bundled", "small", "petstore.yaml", "github.json"

#: A document of two paths, for who has no corpus.
_PET = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
}
_PETS = {"application/json": {"schema": _PET, "example": {"id": 1, "name": "Rex"}}}
_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
SMALL_DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Small", "version": "1"},
    "paths": {
        "/pets": {
            "post": {
                "requestBody": {"required": True, "content": {"application/json": {"schema": _PET}}},
                "responses": {"201": {"description": "made", "content": _PETS}},
            }
        },
        "/pets/{id}": {"get": {"parameters": [_ID], "responses": {"200": {"description": "one", "content": _PETS}}}},
    },
}


@dataclass(frozen=True)
class Call:
    """One request, sent over and over; where its path or body has NUMBER in it, with another number each time."""

    path: str
    method: str = "GET"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=lambda: KEYS)

    def numbered(self, number: int) -> Call:
        """The request with a number."""
        return replace(self, path=self.path.replace(NUMBER, str(number)), body=self.body.replace(NUMBER, str(number)))

    @property
    def is_new(self) -> bool:
        """Whether it is another one each time."""
        return NUMBER in self.path or NUMBER in self.body


@dataclass(frozen=True)
class Work:
    """A row of rates: what is asked of which document, and the least ratio to each other contender."""

    name: str
    document: str
    call: Call
    bars: Mapping[str, float]
    #: Flags of ours and of Prism for this work.
    flags: tuple[str, ...] = ()


def posted(path: str, body: Mapping[str, Any]) -> Call:
    return Call(path, "POST", json.dumps(body), {**KEYS, "content-type": "application/json"})


GET_BARS = {BARE: 0.5, PRISM: 5, PRISM_SILENT: 3}
POST_BARS = {BARE: 0.35, PRISM_SILENT: 3}
PET = posted("/pet", {"name": "Rex", "photoUrls": ["https://pets.test/rex"]})
NEW_PET = posted("/pet", {"name": f"Rex {NUMBER}", "photoUrls": ["https://pets.test/rex"]})
EXAMPLE, NEW_URL = "GET with example, petstore", "GET, new each time, petstore"
GITHUBS, NEW_GITHUBS = "GET, GitHub", "GET, new each time, GitHub"
WORKS = (
    Work("GET with example, two paths", SMALL, Call("/pets/1"), {BARE: 0.5}),
    Work("POST of JSON, two paths", SMALL, posted("/pets", {"id": 1, "name": "Rex"}), {BARE: 0.35}),
    Work(EXAMPLE, PETSTORE, Call("/pet/10"), GET_BARS),
    Work(NEW_URL, PETSTORE, Call(f"/pet/{NUMBER}"), {BARE: 0.35, PRISM: 5, PRISM_SILENT: 3}),
    Work("POST of JSON, petstore", PETSTORE, PET, POST_BARS),
    Work("POST, new each time, petstore", PETSTORE, NEW_PET, POST_BARS),
    Work("the same, --stateless", PETSTORE, NEW_PET, {BARE: 0.35}, ("--stateless",)),
    Work("generated, petstore, -d", PETSTORE, Call("/pet/10"), {PRISM_SILENT: 8}, ("-d",)),
    Work("generated, new each time", PETSTORE, Call(f"/pet/{NUMBER}"), {PRISM_SILENT: 8}, ("-d", "--stateless")),
    Work(GITHUBS, GITHUB, Call("/repos/octocat/hello-world/topics"), {BARE: 0.5, PRISM_SILENT: 5}),
    Work(NEW_GITHUBS, GITHUB, Call(f"/repos/octocat/hello-{NUMBER}/topics"), {PRISM_SILENT: 5}),
    Work("26 KB, GitHub", GITHUB, Call("/repos/octocat/hello-world"), {BARE: 0.5, PRISM_SILENT: 5}),
    Work("26 KB, new each time, GitHub", GITHUB, Call(f"/repos/octocat/hello-{NUMBER}"), {PRISM_SILENT: 5}),
    Work("GET, the bundled API", BUNDLED, Call("/v2/models"), {BARE: 0.5}),
)
#: First answer of a process, in milliseconds, with caches warm.
STARTS = {BUNDLED: (Call("/v2/models"), 400), PETSTORE: (Call("/pet/10"), 400), GITHUB: (Call("/emojis"), 800)}
#: Flags that are no words of Prism's.
_OURS_ONLY = frozenset({"--stateless"})


# --- servers ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """A server that runs: where, as which process, and how long its first answer took."""

    port: int
    process: subprocess.Popen[bytes]
    seconds: float


Command = Callable[[str | None, int, Sequence[str]], list[str]]


def ours(document: str | None, port: int, flags: Sequence[str]) -> list[str]:
    named = [document] if document else []
    return [sys.executable, "-m", "syncdyn", "mock", *named, "-p", str(port), "-q", *flags]


def bare(_document: str | None, port: int, _flags: Sequence[str]) -> list[str]:
    return [sys.executable, __file__, "--serve-bare", str(port)]


def prism_commands() -> dict[str, Command]:
    stated = os.environ.get("PRISM_COMMAND")
    npx = shutil.which("npx")
    words = shlex.split(stated) if stated else [npx, "--yes", PRISM_PACKAGE] if npx else []

    def prism(document: str | None, port: int, flags: Sequence[str]) -> list[str]:
        known = [flag for flag in flags if flag not in _OURS_ONLY]
        return [*words, "mock", str(document), "-p", str(port), "-h", "127.0.0.1", *known]

    def silent(document: str | None, port: int, flags: Sequence[str]) -> list[str]:
        return [*prism(document, port, flags), "-v", "silent"]

    return {PRISM: prism, PRISM_SILENT: silent} if words else {}


@contextmanager
def served(command: Command, document: str | None, call: Call, flags: Sequence[str] = ()) -> Iterator[Server]:
    """A server in a process of its own, from its first answer on."""
    port = free_port()
    began = time.perf_counter()
    quiet = subprocess.DEVNULL
    words = command(document, port, flags)
    with subprocess.Popen(words, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True) as process:
        try:
            await_answer(process, port, call)
            yield Server(port, process, time.perf_counter() - began)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)


def await_answer(process: subprocess.Popen[bytes], port: int, call: Call, patience_seconds: float = 60) -> None:
    until = time.monotonic() + patience_seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            status = asked(port, call)
        except OSError:
            time.sleep(0.005)
            continue
        if status >= 400:
            raise SystemExit(f"{call.method} {call.path} was answered by {status}")
        return
    raise SystemExit(f"no answer: {' '.join(map(str, process.args))}")  # type: ignore[arg-type]


def asked(port: int, call: Call) -> int:
    call = call.numbered(1)
    body = call.body.encode() or None
    request = Request(f"http://127.0.0.1:{port}{call.path}", body, dict(call.headers), method=call.method)
    try:
        with urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except OSError as error:
        if hasattr(error, "code"):
            return int(error.code)
        raise


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def serve_bare(port: int) -> None:
    """An ASGI function that does nothing but read its request, on uvicorn as it comes: httptools, uvloop, no log."""
    import uvicorn

    body = b'{"id":1,"name":"Rex"}'
    head = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]

    async def hello(scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] == "POST":
            await receive()
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": body})

    uvicorn.run(hello, port=port, lifespan="off", ws="none", access_log=False, log_level="error")


# --- load -------------------------------------------------------------------------------------------------------------


def rate_of(port: int, call: Call, seconds: float) -> float:
    """Answers a second. Raises SystemExit where some are refusals."""
    return wrk_rate(port, call, seconds) if shutil.which("wrk") else python_rate(port, call, seconds)


def first_number() -> int:
    """A number from where none was used yet in this run."""
    return time.monotonic_ns() // 1000 % 10**12


#: A script's part for wrk: each request gets the next number.
WRK_COUNTS = f"""
request = function()
  number = number + 1
  local text = string.format("%d", number)
  local new_body = body:gsub("{NUMBER}", text)
  local new_path = path:gsub("{NUMBER}", text)
  return wrk.format(nil, new_path, nil, new_body)
end
"""


def wrk_rate(port: int, call: Call, seconds: float) -> float:
    lines = [f"wrk.method = {json.dumps(call.method)}", f"wrk.body = {json.dumps(call.body)}"]
    lines += [f"wrk.headers[{json.dumps(name)}] = {json.dumps(text)}" for name, text in call.headers.items()]
    if call.is_new:
        lines.append(f"local number, path, body = {first_number()}, {json.dumps(call.path)}, {json.dumps(call.body)}")
        lines.append(WRK_COUNTS)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write("\n".join(lines))
        script.flush()
        words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "-s", script.name]
        told = subprocess.run(
            [*words, f"http://127.0.0.1:{port}{call.numbered(0).path}"], capture_output=True, text=True, check=True
        )
    if "Non-2xx" in told.stdout:
        raise SystemExit(f"{call.method} {call.path} is refused under load:\n{told.stdout}")
    found = re.search(r"Requests/sec:\s+([0-9.]+)", told.stdout)
    return float(found[1]) if found else float("nan")


def python_rate(port: int, call: Call, seconds: float) -> float:
    return asyncio.run(_python_rate(port, call, seconds))


async def _python_rate(port: int, call: Call, seconds: float) -> float:
    until = time.perf_counter() + seconds
    numbers = count(first_number())
    requests = (
        (written(port, call.numbered(number)) for number in numbers) if call.is_new else repeat(written(port, call))
    )
    counts = await asyncio.gather(*(_ask_until(port, requests, until) for _ in range(CONNECTIONS)))
    return sum(counts) / seconds


def written(port: int, call: Call) -> bytes:
    """A request as it goes over the wire."""
    body = call.body.encode()
    fields = {**call.headers, "host": f"127.0.0.1:{port}", **({"content-length": str(len(body))} if body else {})}
    head = "".join(f"{name}: {text}\r\n" for name, text in fields.items())
    return f"{call.method} {call.path} HTTP/1.1\r\n{head}\r\n".encode() + body


async def _ask_until(port: int, requests: Iterator[bytes], until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = 0
    while time.perf_counter() < until:
        writer.write(next(requests))
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = re.search(rb"content-length: ([0-9]+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        if not head.startswith(b"http/1.1 2"):
            raise SystemExit(f"refused under load: {head.decode('latin-1')}")
        answered += 1
    writer.close()
    return answered


# --- figures ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bench:
    """What is there to be measured with."""

    folder: Path
    small: Path
    commands: Mapping[str, Command]
    rounds: int
    seconds: float

    def place_of(self, document: str) -> str | None:
        """Where a document lies; None for the bundled one. Raises FileNotFoundError."""
        if document == BUNDLED:
            return None
        path = self.small if document == SMALL else self.folder / document
        if not path.is_file():
            raise FileNotFoundError(f"no {document}")
        return str(path)


def rates(bench: Bench, work: Work) -> dict[str, list[float]]:
    """The rates of each contender, round by round."""
    place = bench.place_of(work.document)
    wanted = {name: command for name, command in bench.commands.items() if name in (OURS, BARE, *work.bars)}
    found: dict[str, list[float]] = {name: [] for name in wanted}
    with ExitStack() as stack:
        ports = {
            name: stack.enter_context(served(command, place, work.call, work.flags)).port
            for name, command in wanted.items()
        }
        for name, port in ports.items():
            rate_of(port, work.call, 1)  # caches fill, and what compiles while it runs does so
            found[name] = []
        for _ in range(bench.rounds):
            for name, port in ports.items():
                found[name].append(rate_of(port, work.call, bench.seconds))
    return found


def rate_rows(bench: Bench, only: str, by_bare: dict[str, float]) -> Iterator[tuple[str, ...]]:
    """A row for each work; our rates by those of the bare server are noted in `by_bare`."""
    for work in (work for work in WORKS if only in work.name):
        try:
            found = rates(bench, work)
        except FileNotFoundError as error:
            yield (work.name, f"passed over: {error}")
            continue
        figures = [
            f"{median(found[name]):,.0f}/s" if name in found else "" for name in (OURS, BARE, PRISM, PRISM_SILENT)
        ]
        by_bare[work.name] = median(mine / other for mine, other in zip(found[OURS], found[BARE], strict=True))
        yield (work.name, *figures, ", ".join(ratios(work, found)))


def ratios(work: Work, found: Mapping[str, Sequence[float]]) -> Iterator[str]:
    for name, bar in work.bars.items():
        if name in found:
            ratio = median(mine / other for mine, other in zip(found[OURS], found[name], strict=True))
            yield f"{ratio:.2g} x {name} (bar {bar:g}){'' if ratio >= bar else ' (!)'}"


def start_rows(bench: Bench) -> Iterator[tuple[str, ...]]:
    for document, (call, bar) in STARTS.items():
        try:
            place = bench.place_of(document)
        except FileNotFoundError as error:
            yield (document, "", f"passed over: {error}")
            continue
        seconds = [first_answer(bench.commands[OURS], place, call) for _ in range(bench.rounds + 1)][1:]
        others = [name for name in (PRISM_SILENT,) if name in bench.commands and place is not None]
        told = [f"{first_answer(bench.commands[name], place, call) * 1e3:,.0f} ms" for name in others]
        figure = median(seconds) * 1e3
        yield (document, f"<= {bar} ms", f"{figure:,.0f} ms{'' if figure <= bar else ' (!)'}", *told)


def first_answer(command: Command, place: str | None, call: Call) -> float:
    with served(command, place, call) as server:
        return server.seconds


def in_process(bench: Bench) -> float:
    """Calls of handle() a second, for a small GET."""
    from mockserver import Mock
    from syncdyn.openapi.messages import Headers
    from syncdyn.openapi.messages import Request as Message

    mock = Mock(bench.small)
    request = Message("GET", "http://127.0.0.1:4010/pets/1", Headers(KEYS))
    best = 0.0
    for _ in range(bench.rounds):
        began = time.process_time()
        for _ in range(5_000):
            mock.host.handle(request)
        best = max(best, 5_000 / (time.process_time() - began))
    return best


def memory_rows(bench: Bench, requests: int) -> Iterator[tuple[str, ...]]:
    """Memory of the mock after a tenth, and after all of very many requests."""
    named = {"id": 1, "name": f"Rex {NUMBER}"}
    kept = ("GET, new each time", Call(f"/pets/{NUMBER}"), ()), ("POST, new each time", posted("/pets", named), ())
    for name, call, flags in (("GET", Call("/pets/1"), ("--stateless",)), *kept):
        with served(bench.commands[OURS], str(bench.small), call, flags) as server:
            sizes = [resident_megabytes(server.process.pid)]
            for share in (0.1, 0.9):
                seconds = requests * share / rate_of(server.port, call, 1)
                rate_of(server.port, call, max(1, round(seconds)))
                sizes.append(resident_megabytes(server.process.pid))
        yield (name, *(f"{size:.0f} MB" for size in sizes))


def resident_megabytes(process: int) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", default=os.environ.get("SYNCDYN_CORPUS", "corpus"), type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="of each round, for each contender")
    parser.add_argument("--memory", type=int, default=0, metavar="REQUESTS", help="look at memory after so many")
    parser.add_argument("--only", default="", help="the works with this in their names")
    parser.add_argument("--serve-bare", type=int, help=argparse.SUPPRESS)
    stated = parser.parse_args()
    if stated.serve_bare is not None:
        serve_bare(stated.serve_bare)
        return
    with tempfile.TemporaryDirectory() as temporary:
        # As in an installed package, nothing is compiled when it is imported.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ.update(
            PYTHONPYCACHEPREFIX=str(Path(temporary, "compiled")), SYNCDYN_CACHE_DIR=str(Path(temporary, "cache"))
        )
        small = Path(temporary, "small.json")
        small.write_text(json.dumps(SMALL_DOCUMENT))
        commands = {OURS: ours, BARE: bare, **prism_commands()}
        tell(Bench(stated.folder, small, commands, stated.rounds, stated.seconds), stated.only, stated.memory)


def tell(bench: Bench, only: str, requests: int) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=140)
    if PRISM not in bench.commands:
        console.print("Prism is left out: neither PRISM_COMMAND nor npx is there.")
    rated = Table(
        "work", OURS, BARE, PRISM, PRISM_SILENT, "ratios", title="Answers a second, medians; (!) past the bar"
    )
    by_bare: dict[str, float] = {}
    for row in rate_rows(bench, only, by_bare):
        rated.add_row(*row)
    console.print(rated)
    for one, other in ((GITHUBS, EXAMPLE), (NEW_GITHUBS, NEW_URL)):
        if one in by_bare and other in by_bare:
            ratio = by_bare[one] / by_bare[other]
            console.print(f"{one}: {ratio:.2f} x {other} (bar 0.8){'' if ratio >= 0.8 else ' (!)'}")
    if not only:
        started = Table("document", "bar", OURS, PRISM_SILENT, title="First answer of a process")
        for row in start_rows(bench):
            started.add_row(*row)
        console.print(started)
        console.print(f"in process, handle() of a small GET: {in_process(bench):,.0f}/s (bar 15,000/s)")
    if requests:
        sizes = Table("requests", "before", f"{requests // 10:,}", f"{requests:,}", title="Memory")
        for row in memory_rows(bench, requests):
            sizes.add_row(*row)
        console.print(sizes)


if __name__ == "__main__":
    main()
