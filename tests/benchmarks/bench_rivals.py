"""The same documents and the same calls with other libraries that work from an OpenAPI document: one run, one table.

Each figure comes from fresh processes: the time from the document's file to the end of the first call, after the
imports, and the memory that this adds; then what each further call takes above the bare HTTP library that the
contender uses itself. All answers come from memory, sampled beforehand. Times are the least of the runs. What a
library refuses, and what it says then, is shown as it comes; one that is not installed is passed over (the extra
`bench` has them all). openapi-core is no client: it stands here as a check around raw httpx, without its check of the
document itself, which is on unless turned off. aiopenapi3 makes an HTTP client for each call; it needs some 20
seconds for Stripe's document, which is left out without `--long`. The official SDK is in `bench_calls.py`.
Run it with `python tests/benchmarks/bench_rivals.py FOLDER`; the documents as for `bench_documents.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

RUNS = 3
#: A work that takes longer is done once.
LONG_SECONDS = 3.0
MOST_SECONDS = 180.0
ROUNDS, CALLS = 7, 200


@dataclass(frozen=True)
class Question:
    """A call by one operation of a document; `security` is a scheme's name, `headers` what it comes to."""

    document: str
    key: str
    operation_id: str
    arguments: Mapping[str, Any]
    url: str
    security: str = ""
    headers: Mapping[str, str] | None = None
    body: str = ""


BEARER = {"Authorization": "Bearer k"}
QUESTIONS = (
    Question(
        "petstore.yaml",
        "GET /pet/{petId}",
        "getPetById",
        {"petId": 10},
        "https://petstore3.swagger.io/api/v3/pet/10",
        "api_key",
        {"api_key": "k"},
    ),
    Question(
        "openai.yaml",
        "GET /models/{model}",
        "retrieveModel",
        {"model": "m"},
        "https://api.openai.com/v1/models/m",
        "ApiKeyAuth",
        BEARER,
    ),
    Question(
        "stripe.json",
        "GET /v1/balance_transactions/{id}",
        "GetBalanceTransactionsId",
        {"id": "b"},
        "https://api.stripe.com/v1/balance_transactions/b",
        "bearerAuth",
        BEARER,
    ),
    Question(
        "github.json",
        "GET /repos/{owner}/{repo}",
        "repos/get",
        {"owner": "o", "repo": "r"},
        "https://api.github.com/repos/o/r",
    ),
)


# --- the contenders: each gives the call, from a document's path, a question and an HTTP client -----------------------

Call = Callable[[], object]


def with_syncdyn(path: Path, question: Question, http: Any) -> Call:
    from syncdyn import Client

    auth = "k" if question.security else None
    method = Client(path, auth=auth, httpx_client=http, validate="strict").operations[question.key]
    return lambda: method(**question.arguments)


def with_aiopenapi3(path: Path, question: Question, http: Any) -> Call:
    aiopenapi3, library = import_module("aiopenapi3"), import_module("httpx2")

    def session(**options: Any) -> Any:
        return library.Client(**{**options, "transport": http._transport})

    # By this it tells a blocking client from an awaited one.
    session.__annotations__["return"] = library.Client
    loader = aiopenapi3.FileSystemLoader(path.parent)
    # By the end of this it tells JSON from YAML.
    url = f"https://api.test/{path.name}"
    api = aiopenapi3.OpenAPI.load_file(url, Path(path.name), session_factory=session, loader=loader)
    if question.security:
        api.authenticate(**{question.security: "k"})
    method = api._[question.operation_id]
    # Where a body is declared it wants one, for GET as well: a model of its own making.
    body = method.operation.requestBody
    data: Any = next(iter(body.content.values())).schema_.get_type()() if body else None
    return lambda: method(data=data, parameters=question.arguments)


def with_openapi_httpx_client(path: Path, question: Question, http: Any) -> Call:
    api = import_module("openapiclient").OpenAPIClient(str(path), httpx_client=http)
    method = api.Client().__enter__()[question.operation_id]
    headers = question.headers or {}
    return lambda: method(**question.arguments, headers=dict(headers))


def with_openapi_core(path: Path, question: Question, http: Any) -> Call:
    core, testing = import_module("openapi_core"), import_module("openapi_core.testing")
    api = core.OpenAPI.from_file_path(str(path), config=core.Config(spec_validator_cls=None))
    host, _, rest = question.url.removeprefix("https://").partition("/")

    def call() -> object:
        request = testing.MockRequest(f"https://{host}", "get", f"/{rest}", headers=dict(question.headers or {}))
        api.validate_request(request)
        answer = http.get(question.url, headers=question.headers)
        response = testing.MockResponse(answer.content, answer.status_code, content_type="application/json")
        api.validate_response(request, response)
        return answer.json()

    return call


@dataclass(frozen=True)
class Contender:
    """A library: its package, what it checks in a call, which HTTP library it is on."""

    name: str
    package: str
    checks: str
    http: str
    prepare: Callable[[Path, Question, Any], Call]
    is_cached: bool = False
    #: The document that it needs very long for.
    long: str = ""


CONTENDERS = (
    Contender("syncdyn", "syncdyn", "request, response", "httpx", with_syncdyn),
    Contender("syncdyn, cached", "syncdyn", "request, response", "httpx", with_syncdyn, is_cached=True),
    Contender("aiopenapi3", "aiopenapi3", "request, response", "httpx2", with_aiopenapi3, long="stripe.json"),
    Contender("openapi-httpx-client", "openapiclient", "nothing", "httpx", with_openapi_httpx_client),
    Contender("openapi-core", "openapi_core", "request, response", "httpx", with_openapi_core),
)


# --- in the measuring process -----------------------------------------------------------------------------------------


def resident_megabytes() -> float:
    """Memory of this process now, where the system tells it."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return float("nan")
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure() -> None:
    """What a fresh process is asked for: order and answer as JSON."""
    order = json.loads(sys.stdin.read())
    contender = next(one for one in CONTENDERS if one.name == order["contender"])
    print(json.dumps(measured(contender, Path(order["path"]), Question(**order["question"]))))


def measured(contender: Contender, path: Path, question: Question) -> dict[str, Any]:
    library = import_module(contender.http)
    import_module(contender.package)
    if contender.package == "syncdyn":
        import_module("syncdyn.client")
    body, headers = question.body.encode(), {"content-type": "application/json"}
    transport = library.MockTransport(lambda _: library.Response(200, content=body, headers=headers))
    http, bare = library.Client(transport=transport), library.Client(transport=transport)
    memory, began = resident_megabytes(), time.perf_counter()
    try:
        call = contender.prepare(path, question, http)
        call()
    except Exception as error:
        told = " ".join(str(error).split())
        return {"refused": type(error).__name__, "told": told, "ms": (time.perf_counter() - began) * 1e3}
    figures = {"ms": (time.perf_counter() - began) * 1e3, "MB": resident_megabytes() - memory}
    raw = least_seconds(lambda: bare.get(question.url, headers=question.headers).json())
    return {**figures, "us": (least_seconds(call) - raw) * 1e6, "raw us": raw * 1e6}


def least_seconds(work: Call) -> float:
    work()
    return min(timeit.repeat(work, number=CALLS, repeat=ROUNDS)) / CALLS


# --- in the process that tells ----------------------------------------------------------------------------------------


def answered(path: Path, question: Question) -> Question:
    """The question with a valid answer to it, made up from the document."""
    from syncdyn.openapi.contract import contract_of
    from syncdyn.openapi.loading import load_shared
    from syncdyn.openapi.sampling import Sampler
    from syncdyn.openapi.schemas.normalise import Direction

    contract = contract_of(load_shared(path))
    media_type = contract.operations[question.key].responses["200"].content[0]
    body = Sampler(contract).sample(str(media_type.schema), Direction.RESPONSE, "0")
    return Question(**{**asdict(question), "body": json.dumps(body)})


def figures_of(contender: Contender, path: Path, question: Question, cache: Path) -> dict[str, Any]:
    """The least of several fresh processes; of what takes long, of one."""
    if find_spec(contender.package) is None:
        return {"nothing": "not installed"}
    runs: list[dict[str, Any]] = []
    while len(runs) < RUNS:
        runs.append(run(contender, path, question, cache))
        if runs[-1].get("ms", 0) > LONG_SECONDS * 1e3 or "ms" not in runs[-1]:
            break
    if any("refused" in one or "nothing" in one for one in runs):
        return runs[-1]
    return {unit: min(one[unit] for one in runs) for unit in runs[0]}


def run(contender: Contender, path: Path, question: Question, cache: Path) -> dict[str, Any]:
    order = {"contender": contender.name, "path": str(path), "question": asdict(question)}
    with tempfile.TemporaryDirectory(dir=cache.parent) as fresh:
        environ = {**os.environ, "SYNCDYN_CACHE_DIR": str(cache if contender.is_cached else fresh)}
        command = [sys.executable, __file__, "--measure"]
        try:
            done = subprocess.run(
                command, input=json.dumps(order), env=environ, capture_output=True, text=True, timeout=MOST_SECONDS
            )
        except subprocess.TimeoutExpired:
            return {"nothing": f"not within {MOST_SECONDS:g} s"}
    if done.returncode:
        return {"nothing": f"ends with {done.stderr.strip().splitlines()[-1]}"}
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def shown(figures: Mapping[str, Any], ours: Mapping[str, Any]) -> str:
    if "nothing" in figures:
        return str(figures["nothing"])
    if "refused" in figures:
        return f"refuses: {figures['refused']}, after {figures['ms']:,.0f} ms"
    return f"{figures['ms']:,.0f} ms{times(figures, ours, 'ms')}, {figures['MB']:.0f} MB"


def shown_added(figures: Mapping[str, Any], ours: Mapping[str, Any]) -> str:
    return f"{figures['us']:+.0f} us{times(figures, ours, 'us')}" if "us" in figures else "-"


def times(figures: Mapping[str, Any], ours: Mapping[str, Any], unit: str) -> str:
    if unit not in ours:
        return ""
    ratio = figures[unit] / ours[unit]
    return f" (x {ratio:.0f})" if ratio > 10 else f" (x {ratio:.2g})"


def tell(folder: Path, is_long: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    columns = [contender.name for contender in CONTENDERS]
    opening = Table("document", *columns, title="From the file to the end of the first call; memory added")
    calling = Table("call", "answer", *columns, title="Each further call, above the bare HTTP library")
    calling.add_row("checked", "", *(contender.checks for contender in CONTENDERS))
    refusals = []
    for question, found in results(folder, is_long):
        ours = next(iter(found.values()))
        opening.add_row(question.document, *(shown(figures, ours) for figures in found.values()))
        size = f"{len(question.body) / 1e3:.1f} KB"
        calling.add_row(question.operation_id, size, *(shown_added(figures, ours) for figures in found.values()))
        refusals += [
            f"{name}, {question.document}: {one['told'][:300]}" for name, one in found.items() if "told" in one
        ]
    console = Console(width=150)
    console.print(opening, calling, *(f"Refused by {refusal}" for refusal in refusals), sep="\n", highlight=False)


def results(folder: Path, is_long: bool) -> Iterator[tuple[Question, dict[str, dict[str, Any]]]]:
    with tempfile.TemporaryDirectory() as temporary:
        cache = Path(temporary, "cache")
        # As in installed packages, nothing is compiled when it is imported.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ.update(PYTHONPYCACHEPREFIX=str(Path(temporary, "compiled")), SYNCDYN_CACHE_DIR=str(cache))
        for question in QUESTIONS:
            path = folder / question.document
            if not path.is_file():
                print(f"passed over: no {question.document}")
                continue
            asked, found = answered(path, question), {}
            for contender in CONTENDERS:
                is_left_out = contender.long == question.document and not is_long
                found[contender.name] = (
                    {"nothing": "left out (--long)"} if is_left_out else figures_of(contender, path, asked, cache)
                )
            yield asked, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "folder", nargs="?", default=os.environ.get("SYNCDYN_CORPUS", "corpus"), help="where the documents lie"
    )
    parser.add_argument("--long", action="store_true", help="with what takes very long")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    stated = parser.parse_args()
    if stated.measure:
        measure()
    else:
        tell(Path(stated.folder), stated.long)


if __name__ == "__main__":
    main()
