"""Every kind of source becomes a document, once per machine and process; faults are told with their place."""

from __future__ import annotations

import codecs
import gc
import json
import os
import subprocess
import sys
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

import syncdyn
from syncdyn.openapi.bundled import bundled, bundled_files, load_bundled, spec_folder
from syncdyn.openapi.errors import MISSING, DocumentError, OverlayError, UnsupportedVersion
from syncdyn.openapi.loading import load, load_shared
from syncdyn.openapi.opening.cache import MOST_FILES, default_cache_folder, read_cached, write_cached
from syncdyn.openapi.opening.places import fault_at

ROOT = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}
JSON = json.dumps(ROOT)
YAML = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"
OVERLAY = """\
overlay: 1.0.0
info: {title: O, version: '1'}
actions:
  - {target: $.info, update: {title: New}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A cache folder that is not there yet."""
    return tmp_path / "cache"


def refusal(source: Any, **options: Any) -> str:
    with pytest.raises(DocumentError) as caught:
        load(source, cache_folder=None, **options)
    return str(caught.value)


SOURCES: dict[str, Any] = {
    "JSON text": JSON,
    "JSON text after blanks": f" \t{JSON}",
    "YAML text": YAML,
    "YAML flow text": "{openapi: 3.1.0, info: {title: T, version: '1'}, paths: {}}",
    "YAML text with CRLF": YAML.replace("\n", "\r\n"),
    "JSON bytes": JSON.encode(),
    "YAML bytes": YAML.encode(),
    "UTF-8 with a mark": codecs.BOM_UTF8 + JSON.encode(),
    "UTF-16 with a mark": YAML.encode("utf-16"),
    "UTF-16-BE with a mark": codecs.BOM_UTF16_BE + JSON.encode("utf-16-be"),
    "UTF-32 with a mark": YAML.encode("utf-32"),
    "mapping": ROOT,
    "read-only mapping": type("M", (dict,), {})(ROOT),
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_source_becomes_a_document(source: Any) -> None:
    assert load(source, cache_folder=None).root == ROOT


@pytest.mark.parametrize("kind", [str, Path])
@pytest.mark.parametrize("text", [JSON, YAML], ids=["JSON", "YAML"])
def test_file_becomes_a_document_named_after_it(tmp_path: Path, text: str, kind: Any) -> None:
    path = tmp_path / "api.txt"
    path.write_text(text)
    document = load(kind(path), cache_folder=None)
    assert (document.root, document.origin) == (ROOT, "api.txt")


def test_url_is_fetched_and_named_without_its_secrets() -> None:
    url = "https://me:pass@api.test:8443/v1/spec.json?token=secret#x"
    behind = {url: JSON.encode()}
    document = load(url, cache_folder=None, fetch=behind.__getitem__)
    assert document.root == ROOT
    assert document.origin == "https://api.test:8443/v1/spec.json"


def test_url_without_fetch_says_how() -> None:
    told = refusal("https://me:pass@api.test/spec.json?token=secret")
    assert "pass fetch=" in told
    assert "me:pass" not in told
    assert "secret" not in told


def test_url_that_cannot_be_fetched_keeps_its_secrets() -> None:
    def fetch(url: str) -> bytes:
        raise OSError(f"no route to {url}")

    told = refusal("https://me:pass@api.test/spec.json", fetch=fetch)
    assert told == "https://api.test/spec.json: could not be fetched (OSError)"


def test_own_error_of_a_fetch_passes() -> None:
    def fetch(url: str) -> bytes:
        raise UnsupportedVersion("mine")

    with pytest.raises(UnsupportedVersion, match="mine"):
        load("https://api.test/spec.json", fetch=fetch)


def test_mapping_changed_later_does_not_change_the_document() -> None:
    root: dict[str, Any] = json.loads(JSON)
    document = load(root, cache_folder=None)
    root["info"]["title"] = "changed"
    assert document.root["info"]["title"] == "T"


REFUSED: dict[str, tuple[Any, str]] = {
    "other scheme": ("ftp://api.test/spec", "only http and https"),
    "nothing": ("", "the given text: empty"),
    "no bytes": (b"", "the given bytes: empty"),
    "comments only": ("# one\n# two\n", "the given text: empty"),
    "null byte": ("a\0b", "cannot be read as a file"),
    "endless name": ("x" * 5000, "cannot be read as a file"),
    "Latin-1": ("openapi: 3.1.0\ninfo: é\n".encode("latin-1"), "line 2, column 7: these bytes are not UTF-8"),
    "half of UTF-16": (codecs.BOM_UTF16_LE + b"a", "line 1, column 1: these bytes are not UTF-16-LE"),
    "lone surrogate": ("a: 1\nb: \ud800\n", "the given text, line 2, column 4: a lone surrogate"),
    "JSON syntax": ('{"a": 1,\n "b": }', "the given text, line 2, column 7: Expecting value"),
    "JSON NaN": ('{"a": NaN}', "NaN is not JSON"),
    "JSON digits": ('{"a": 1,\n "b": ' + "9" * 5000 + "}", "line 2, column 7: a number of more than 4000"),
    "YAML syntax": ("a: 1\nb: c: d\n", "the given text, line 2, column 5"),
    "a list": ("- 1\n- 2\n", "an OpenAPI document is an object"),
    "no OpenAPI": ({"a": 1}, "no `openapi` member"),
    "a date in a mapping": ({"a": object()}, "it holds an object"),
    "another type": (12, "found int"),
}


@pytest.mark.parametrize(("source", "told"), REFUSED.values(), ids=REFUSED)
def test_unreadable_source_is_told(source: Any, told: str) -> None:
    assert told in refusal(source)


def test_mapping_that_holds_itself_is_told() -> None:
    root: dict[str, Any] = dict(ROOT)
    root["self"] = root
    assert "not JSON" in refusal(root)


def test_missing_file_is_told_with_names_that_are_near(tmp_path: Path) -> None:
    (tmp_path / "petstore.yaml").write_text(YAML)
    told = refusal(str(tmp_path / "petstor.yml"))
    assert "petstor.yml: no such file; did you mean petstore.yaml?" in told


def test_missing_folder_is_told(tmp_path: Path) -> None:
    assert "there is no folder" in refusal(tmp_path / "none" / "api.yaml")


def test_folder_is_told_with_the_documents_in_it(tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(YAML)
    assert "this is a folder; give a file in it, such as api.yaml" in refusal(tmp_path)


def test_file_that_never_ends_is_refused() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no /dev/zero here")
    assert "larger than 64 MiB" in refusal("/dev/zero")


def test_fault_in_a_file_has_its_path_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text("openapi: 3.1.0\ninfo: a: b\n")
    assert refusal(path).startswith(f"{path}, line 2, column 8: ")


def test_overlays_are_applied_in_order(folder: Path) -> None:
    second = OVERLAY.replace("New", "Newer")
    assert load(JSON, overlays=[OVERLAY, second], cache_folder=folder).root["info"]["title"] == "Newer"
    assert load(JSON, overlays=[second, OVERLAY], cache_folder=folder).root["info"]["title"] == "New"


def test_overlay_that_does_not_fit_is_named(tmp_path: Path) -> None:
    path = tmp_path / "o.yaml"
    path.write_text(OVERLAY.replace("$.info", "$.nothing"))
    with pytest.raises(OverlayError, match=r"o\.yaml: 1 fault\n  actions\[0\]"):
        load(JSON, overlays=[path], cache_folder=None)


def test_overlay_may_not_nest_the_document_too_deep() -> None:
    deep = '{"a":' * 490 + "{}" + "}" * 490
    overlay = OVERLAY.replace("$.info", "$" + ".a" * 489).replace("{title: New}", '{"b":' + deep + "}")
    root = {**ROOT, "a": json.loads(deep)["a"]}
    assert "500 levels" in refusal(root, overlays=[overlay])


def test_single_overlay_outside_a_list_is_told() -> None:
    assert "overlays: a list of sources is needed, found str" in refusal(JSON, overlays=OVERLAY)


def test_digest_names_the_content_not_the_place(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_bytes(YAML.encode())
    digest = load(path, cache_folder=None).digest
    assert len(digest) == 64
    assert load(YAML, cache_folder=None).digest == digest
    assert load(YAML, overlays=[OVERLAY], cache_folder=None).digest != digest


def test_digest_tells_where_one_source_ends() -> None:
    before = load(YAML + "# x\n", overlays=[OVERLAY], cache_folder=None)
    behind = load(YAML, overlays=["# x\n" + OVERLAY], cache_folder=None)
    assert before.digest != behind.digest


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []


def test_yaml_is_kept_as_json_for_the_owner_alone(folder: Path) -> None:
    document = load(YAML, cache_folder=folder)
    (kept,) = files(folder)
    assert kept.name.startswith(document.digest)
    assert read_cached(folder, kept.name) == ROOT
    if os.name == "posix":
        assert (folder.stat().st_mode & 0o777, kept.stat().st_mode & 0o777) == (0o700, 0o600)


def test_plain_json_is_not_kept(folder: Path) -> None:
    load(JSON, cache_folder=folder)
    assert files(folder) == []


def test_what_is_no_openapi_document_is_not_kept(folder: Path) -> None:
    with pytest.raises(DocumentError):
        load("a: 1\n", cache_folder=folder)
    assert files(folder) == []


def test_kept_document_is_used(folder: Path) -> None:
    load(YAML, cache_folder=folder)
    (kept,) = files(folder)
    write_cached(folder, kept.name, {**ROOT, "x-kept": True})
    assert load(YAML, cache_folder=folder).root["x-kept"] is True


@pytest.mark.parametrize(
    "damage",
    [b"", b"\xff\xfe\0", b'{"openapi": "3.1', b"[]", b"{}", b'{"openapi": "9"}', b"[" * 100_000],
    ids=["empty", "bytes", "cut off", "array", "no document", "other version", "deep"],
)
def test_damaged_cache_file_is_replaced(folder: Path, damage: bytes) -> None:
    load(YAML, cache_folder=folder)
    (kept,) = files(folder)
    kept.write_bytes(damage)
    assert load(YAML, cache_folder=folder).root == ROOT
    assert read_cached(folder, kept.name) == ROOT


@pytest.mark.parametrize("mask", [0x01, 0x20, 0xFF], ids=hex)
def test_no_flipped_byte_of_a_cache_file_changes_the_document(folder: Path, mask: int) -> None:
    load(YAML, cache_folder=folder)
    (kept,) = files(folder)
    sound = kept.read_bytes()
    for at in range(len(sound)):
        kept.write_bytes(sound[:at] + bytes([sound[at] ^ mask]) + sound[at + 1 :])
        assert read_cached(folder, kept.name) is None, at


def test_a_cache_file_under_the_name_of_another_is_not_taken_for_it(folder: Path) -> None:
    """Others may rename what is in a folder of theirs, though they cannot write it."""
    for source in (YAML, YAML.replace("title: T", "title: U")):
        load(source, cache_folder=folder)
    one, other = files(folder)
    one.replace(other)
    assert load(YAML, cache_folder=folder).root == ROOT


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names")
def test_a_pipe_in_place_of_a_cache_file_is_not_waited_for(folder: Path) -> None:
    load(YAML, cache_folder=folder)
    (kept,) = files(folder)
    for name in (kept.name, kept.with_suffix(".pieces").name):
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)
    assert load(YAML, cache_folder=folder).root == ROOT


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_cache_file_that_others_may_write_is_not_trusted(folder: Path) -> None:
    load(YAML, cache_folder=folder)
    (kept,) = files(folder)
    write_cached(folder, kept.name, {**ROOT, "x-planted": True})
    kept.chmod(0o666)
    assert load(YAML, cache_folder=folder).root == ROOT


def test_cache_folder_that_cannot_be_made_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert load(YAML, cache_folder=tmp_path / "file" / "cache").root == ROOT


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_cache_folder_does_no_harm(folder: Path) -> None:
    folder.mkdir(mode=0o500)
    assert load(YAML, cache_folder=folder).root == ROOT
    assert files(folder) == []


def test_cache_file_that_is_a_folder_does_no_harm(folder: Path) -> None:
    load(YAML, cache_folder=folder)
    (kept,) = files(folder)
    kept.unlink()
    kept.mkdir()
    assert load(YAML, cache_folder=folder).root == ROOT
    assert files(folder) == [kept]


def test_newest_files_stay_and_those_of_others_are_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "others.json").write_text("{}")
    remnant = folder / ".syncdyn-dead.part"
    remnant.write_text("")
    os.utime(remnant, (0, 0))
    for n in range(MOST_FILES + 3):
        name = f"{n:064x}-{0:016x}.json"
        assert write_cached(folder, name, n)
        os.utime(folder / name, (n, n))
    kept = [path.name for path in files(folder)]
    assert "others.json" in kept
    assert remnant.name not in kept
    assert len(kept) == MOST_FILES + 1
    assert f"{0:064x}-{0:016x}.json" not in kept


def test_readers_beside_writers_see_whole_files(folder: Path) -> None:
    values = [[n] * 20_000 for n in range(4)]
    write_cached(folder, "name", values[0])
    done = threading.Event()

    def read_until_done() -> bool:
        seen = [read_cached(folder, "name") in values]
        while not done.is_set():
            seen.append(read_cached(folder, "name") in values)
        return all(seen)

    with ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(read_until_done) for _ in range(2)]
        assert all(pool.map(lambda value: write_cached(folder, "name", value), values * 5))
        done.set()
        assert all(reader.result() for reader in readers)
    assert [path.name for path in files(folder)] == ["name"]


def in_new_process(code: str, *arguments: str) -> subprocess.Popen[str]:
    home = str(Path(syncdyn.__file__).parents[1])
    environ = {**os.environ, "PYTHONPATH": home}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


LOAD = """
import sys
from pathlib import Path
from types import MappingProxyType
from syncdyn.openapi.loading import load
load(sys.argv[1], overlays=[sys.argv[2]], cache_folder=Path(sys.argv[3]))
print(*{"yaml", "jsonpath_rfc9535", "platformdirs", "tempfile"} & set(sys.modules))
"""


def test_load_from_the_cache_imports_no_parser(folder: Path) -> None:
    load(YAML, overlays=[OVERLAY], cache_folder=folder)
    out, errors = in_new_process(LOAD, YAML, OVERLAY, str(folder)).communicate(timeout=30)
    assert (out.strip(), errors) == ("", "")


def test_processes_that_write_at_once_leave_one_whole_file(folder: Path) -> None:
    running = [in_new_process(LOAD, YAML, OVERLAY, str(folder)) for _ in range(3)]
    assert [process.communicate(timeout=30)[1] for process in running] == [""] * 3
    (kept,) = files(folder)
    assert read_cached(folder, kept.name)["info"]["title"] == "New"


@pytest.mark.parametrize("stated", ["", "off", " OFF "])
def test_cache_is_turned_off(stated: str) -> None:
    assert default_cache_folder({"SYNCDYN_CACHE_DIR": stated}) is None


def test_cache_folder_is_the_stated_one_or_that_of_the_user(tmp_path: Path) -> None:
    assert default_cache_folder({"SYNCDYN_CACHE_DIR": str(tmp_path)}) == tmp_path
    usual = default_cache_folder({})
    assert usual is None or "syncdyn" in usual.parts


def test_shared_document_is_one_for_all_threads(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: load_shared(YAML, cache_folder=folder), range(40)))
    assert len({id(document) for document in found}) == 1
    assert load(YAML, cache_folder=folder) is not found[0]


def remote(path: str) -> dict[str, Any]:
    """A document that needs a schema of another host."""
    return {**ROOT, "components": {"schemas": {"A": {"$ref": f"https://schemas.test/{path}"}}}}


def test_a_shared_document_does_not_wait_for_the_references_of_another() -> None:
    asked, let_go = threading.Event(), threading.Event()

    def fetch(_: str) -> bytes:
        asked.set()
        assert let_go.wait(10)
        return b'{"type": "string"}'

    with ThreadPoolExecutor() as pool:
        slow = pool.submit(load_shared, remote("slow"), cache_folder=None, fetch=fetch, remote_hosts=["schemas.test"])
        assert asked.wait(10)
        assert pool.submit(load_shared, {**ROOT, "x-other": 1}, cache_folder=None).result(5).root["x-other"] == 1
        assert not slow.done()
        let_go.set()
        assert "x-syncdyn-files" in slow.result(10).root


def test_threads_that_want_one_document_fetch_its_references_once() -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return b'{"type": "string"}'

    def one(_: int) -> Any:
        return load_shared(remote("one"), cache_folder=None, fetch=fetch, remote_hosts=["schemas.test"])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(map(id, pool.map(one, range(16))))) == 1


def test_shared_document_follows_its_file(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(YAML)
    before = load_shared(path, cache_folder=None)
    path.write_text(YAML.replace("title: T", "title: U"))
    assert load_shared(path, cache_folder=None).root["info"]["title"] == "U"
    assert before.root["info"]["title"] == "T"


def test_shared_document_differs_by_its_overlays(folder: Path) -> None:
    plain = load_shared(YAML, cache_folder=folder)
    assert load_shared(YAML, overlays=[OVERLAY], cache_folder=folder) is not plain


def _numbered(number: int) -> Any:
    return load_shared({**ROOT, "x-n": number}, cache_folder=None)


def test_a_shared_document_in_use_stays_the_one() -> None:
    """However many others are loaded meanwhile."""
    first = _numbered(0)
    for number in range(1, 40):
        _numbered(number)
    assert _numbered(0) is first


def test_shared_documents_are_not_held_for_ever() -> None:
    first = weakref.ref(_numbered(0))
    assert first() is not None
    for number in range(1, 40):
        _numbered(number)
    gc.collect()
    assert first() is None


def test_bundled_document_is_loaded_once(folder: Path) -> None:
    document = load_bundled(cache_folder=folder)
    assert document.root["paths"]
    assert load_bundled(cache_folder=folder) is document


def test_bundled_files_are_there() -> None:
    document, overlays = bundled_files()
    assert document.parent == spec_folder()
    assert all(path.is_file() for path in (document, *overlays))


@pytest.mark.parametrize("name", ["none.yaml", "../pyproject.toml"])
def test_unknown_bundled_file_is_told_with_those_there_are(name: str) -> None:
    with pytest.raises(DocumentError, match=r"no bundled document of that name; there are: .*\.yaml"):
        bundled(name)


@pytest.mark.parametrize("text", [" \n", "# a comment alone\n", "null\n", "~\n"], ids=repr)
def test_a_yaml_text_without_a_value_is_empty(text: str) -> None:
    assert refusal(text) == "the given text: empty"


def test_a_mapping_nested_without_end_is_told() -> None:
    root: dict[str, Any] = {}
    for _ in range(100_000):
        root = {"a": root}
    assert "nested too deep, 500 levels are allowed" in refusal(root)


def test_mappings_in_a_mapping_are_objects() -> None:
    root = {**ROOT, "info": MappingProxyType({"title": "T", "version": "1"})}
    assert load(root, cache_folder=None).root == ROOT


def test_a_url_that_is_none_is_not_repeated() -> None:
    def fail(_: str) -> bytes:
        raise OSError

    assert refusal("https://me:pass@[api.test/", fetch=fail) == "the given URL: could not be fetched (OSError)"


def test_a_fault_past_the_last_line_has_its_place_all_the_same() -> None:
    """YAML parsers end a line at characters that others do not take for a line's end."""
    assert str(fault_at("a.yaml", "one: 1", 3, 1, "odd")).startswith("a.yaml, line 3, column 1: odd")


def test_the_missing_value_counts_as_false() -> None:
    assert not MISSING
