"""How long a big document keeps one waiting, and what it takes of memory: each figure in fresh processes.

The documents are not in the repository: give their folder, or name it in SYNCDYN_CORPUS. One that is missing
is passed over with a note. All answers come from memory, over httpx.MockTransport; they are sampled beforehand, as
are the arguments. Figures are medians; "after import" means after `from syncdyn import Client`, with httpx and the
caller's own httpx.Client already there. Modules are compiled beforehand, as those of an installed package are.
Run it with `python tests/benchmarks/bench_documents.py FOLDER`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

RUNS = 7
GITHUB, STRIPE = "github.json", "stripe.json"
GITHUB_OPERATION = "GET /repos/{owner}/{repo}"
BASE_URL = "http://api.test"
IMPORTS = ("import syncdyn", "from syncdyn import Client", "import httpx")

Figures = dict[str, float]


@dataclass(frozen=True)
class Call:
    """One call, made up: of which operation, with which arguments, answered with what."""

    key: str
    arguments: Mapping[str, Any]
    status: int
    media_type: str
    body: bytes


@dataclass(frozen=True)
class Work:
    """A row of the table: what is measured, by whom, how, with which bar for each figure."""

    name: str
    document: str
    bars: Mapping[str, float]
    measures: Mapping[str, Callable[[Path, Call], Figures]]
    is_cached: bool = False


# --- in the measuring process -----------------------------------------------------------------------------------------


def answering_client(call: Call) -> Any:
    import httpx

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(call.status, content=call.body, headers={"content-type": call.media_type})

    return httpx.Client(transport=httpx.MockTransport(answer), base_url=BASE_URL)


def resident_megabytes() -> float:
    """Memory of this process now, where the system tells it."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return float("nan")
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def open_and_call(document: Path, call: Call, http: Any) -> Any:
    from syncdyn import Client

    client = Client(document, base_url=BASE_URL, auth="k", httpx_client=http, validate="strict")
    client.operations[call.key](**call.arguments)
    return client


def first_call(document: Path, call: Call) -> Figures:
    from syncdyn import Client  # noqa: F401  # imported, not used: the clock starts after it

    http = answering_client(call)
    memory, began = resident_megabytes(), time.perf_counter()
    client = open_and_call(document, call, http)
    took = time.perf_counter() - began
    figures = {"ms": took * 1e3, "MB": resident_megabytes() - memory}
    client.close()
    return figures


def first_call_by_name(document: Path, call: Call) -> Figures:
    from syncdyn import Client

    http = answering_client(call)
    memory, began = resident_megabytes(), time.perf_counter()
    client = Client(document, base_url=BASE_URL, auth="k", httpx_client=http, validate="strict")
    client.repos.get(**call.arguments)
    return {"ms": (time.perf_counter() - began) * 1e3, "MB": resident_megabytes() - memory}


def first_call_of_an_open_client(document: Path, call: Call) -> Figures:
    from syncdyn import Client

    client = Client(document, base_url=BASE_URL, auth="k", httpx_client=answering_client(call), validate="strict")
    began = time.perf_counter()
    client.operations[call.key](**call.arguments)
    return {"ms": (time.perf_counter() - began) * 1e3}


def added_to_a_call(document: Path, call: Call) -> Figures:
    http = answering_client(call)
    method = open_and_call(document, call, http).operations[call.key]

    def raw() -> object:
        return http.get("/repos/o/r").json()

    def ours() -> object:
        return method(**call.arguments)

    return {"us": (least_seconds(ours) - least_seconds(raw)) * 1e6}


def least_seconds(work: Callable[[], object], rounds: int = 7, calls: int = 300) -> float:
    import timeit

    work()
    return min(timeit.repeat(work, number=calls, repeat=rounds)) / calls


def ninety_nine_more(document: Path, call: Call) -> Figures:
    http = answering_client(call)
    clients = [open_and_call(document, call, http)]
    memory, began = resident_megabytes(), time.perf_counter()
    clients += [open_and_call(document, call, http) for _ in range(99)]
    took = time.perf_counter() - began
    return {"ms": took * 1e3, "MB": resident_megabytes() - memory}


WORKS = (
    Work("GitHub, first time, to the first checked call", GITHUB, {"ms": 350}, {"syncdyn": first_call}),
    Work("GitHub, from the cache, client.operations[...]", GITHUB, {"ms": 25, "MB": 12}, {"syncdyn": first_call}, True),
    Work("the same as client.repos.get", GITHUB, {"ms": 25, "MB": 12}, {"syncdyn": first_call_by_name}, True),
    Work("Stripe's worst operation, first call", STRIPE, {"ms": 60}, {"syncdyn": first_call_of_an_open_client}, True),
    Work("24 KB repository, checked, over httpx", GITHUB, {"us": 100}, {"syncdyn": added_to_a_call}, True),
    Work("GitHub, 99 clients more, a call each", GITHUB, {"MB": 2}, {"syncdyn": ninety_nine_more}, True),
)
#: The columns; a work that one of them has no measure for stays empty there.
CONTENDERS = ("syncdyn",)


# --- in the process that tells ----------------------------------------------------------------------------------------


def github_call(document: Path) -> Call:
    return made_up(document, GITHUB_OPERATION)


def stripe_call(document: Path) -> Call:
    """A call of the operation whose schemas reach the most."""
    from syncdyn.openapi.contract import Contract
    from syncdyn.openapi.loading import load
    from syncdyn.openapi.schemas.normalise import Direction

    contract = Contract(load(document))

    def weight(key: str) -> int:
        operation = contract.operations[key]
        answered = (
            [media.schema for media in operation.responses["200"].content] if "200" in operation.responses else []
        )
        sent = [media.schema for media in operation.request_body.content] if operation.request_body else []
        schemas = [(each, Direction.RESPONSE) for each in answered] + [(each, Direction.REQUEST) for each in sent]
        return sum(len(json.dumps(contract.schemas.bundle(one, way))) for one, way in schemas if one is not None)

    return made_up(document, max(contract.operations, key=weight))


def made_up(document: Path, key: str) -> Call:
    from syncdyn import Client
    from syncdyn.openapi.contract import contract_of
    from syncdyn.openapi.loading import load_shared
    from syncdyn.openapi.sampling import Sampler
    from syncdyn.openapi.schemas.normalise import Direction

    contract = contract_of(load_shared(document))
    promise = contract.operations[key].promise_for(200)
    if promise is None:
        raise LookupError(f"{key} promises no 200")
    media = promise.content[0]
    body = Sampler(contract).sample(str(media.schema), Direction.RESPONSE, "0")
    nothing = Call(key, {}, 200, media.name, b"{}")
    client = Client(document, base_url=BASE_URL, auth="k", httpx_client=answering_client(nothing))
    arguments = client.operations[key].example_arguments()
    return Call(key, arguments, 200, media.name, json.dumps(body).encode())


def figures_of(work: Work, contender: str, document: Path, call: Call, cache: Path) -> Figures:
    """The medians of several fresh processes; for what is not to be cached, each has a cache of its own."""
    if contender not in work.measures:
        return {}
    runs = [measured(work, contender, document, call, cache) for _ in range(RUNS + 1)][1:]
    return {unit: median(run[unit] for run in runs) for unit in runs[0]}


def measured(work: Work, contender: str, document: Path, call: Call, cache: Path) -> Figures:
    with tempfile.TemporaryDirectory(dir=cache.parent) as fresh:
        environ = {**os.environ, "SYNCDYN_CACHE_DIR": str(cache if work.is_cached else fresh)}
        order = {"work": work.name, "contender": contender, "document": str(document), "call": as_json(call)}
        command = [sys.executable, __file__, "--measure"]
        run = subprocess.run(command, input=json.dumps(order), env=environ, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"{work.name}, {contender}:\n{run.stderr}")
    figures: Figures = json.loads(run.stdout)
    return figures


def measure() -> None:
    """What a fresh process is asked for: one figure of one work, order and answer as JSON."""
    order = json.loads(sys.stdin.read())
    work = next(work for work in WORKS if work.name == order["work"])
    call = Call(**{**order["call"], "body": order["call"]["body"].encode()})
    print(json.dumps(work.measures[order["contender"]](Path(order["document"]), call)))


def as_json(call: Call) -> dict[str, Any]:
    return {**vars(call), "body": call.body.decode()}


def import_milliseconds(statement: str) -> float:
    code = f"import time; began = time.perf_counter(); {statement}; print((time.perf_counter() - began) * 1e3)"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(8)]
    return median(float(run.stdout) for run in runs[1:])


def rows(folder: Path, cache: Path) -> Iterator[tuple[str, ...]]:
    makers = {GITHUB: github_call, STRIPE: stripe_call}
    calls = {name: make(folder / name) for name, make in makers.items() if (folder / name).is_file()}
    for work in WORKS:
        bars = ", ".join(f"<= {bar:g} {unit}" for unit, bar in work.bars.items())
        if work.document not in calls:
            yield (work.name, bars, f"passed over: no {work.document}", *("" for _ in CONTENDERS[1:]))
            continue
        document, call = folder / work.document, calls[work.document]
        found = [figures_of(work, contender, document, call, cache) for contender in CONTENDERS]
        yield (work.name, bars, *(shown(figures, work.bars) for figures in found))


def shown(figures: Figures, bars: Mapping[str, float]) -> str:
    return ", ".join(
        f"{figure:.3g} {unit}" + (" (!)" if unit in bars and figure > bars[unit] else "")
        for unit, figure in figures.items()
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "folder", nargs="?", default=os.environ.get("SYNCDYN_CORPUS", "corpus"), help="where the documents lie"
    )
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    stated = parser.parse_args()
    if stated.measure:
        measure()
    else:
        tell(Path(stated.folder))


def tell(folder: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    with tempfile.TemporaryDirectory() as temporary:
        cache = Path(temporary, "cache")
        # As in an installed package, nothing is compiled when it is imported.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ.update(PYTHONPYCACHEPREFIX=str(Path(temporary, "compiled")), SYNCDYN_CACHE_DIR=str(cache))
        documents = Table("work", "bar", *CONTENDERS, title="Documents, in fresh processes, medians; (!) past the bar")
        for row in rows(folder, cache):
            documents.add_row(*row)
        imports = Table("statement", "ms", title="Imports, in fresh processes, medians")
        for statement in IMPORTS:
            imports.add_row(statement, f"{import_milliseconds(statement):.0f}")
    console = Console(width=120)
    console.print(documents)
    console.print(imports)


if __name__ == "__main__":
    main()
