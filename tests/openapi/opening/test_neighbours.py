"""What a document's references may make the reader's machine read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from syncdyn.openapi.errors import DocumentError, UnresolvedReference
from syncdyn.openapi.opening import neighbours as module
from syncdyn.openapi.opening.neighbours import Neighbours

OWN = "https://example.org/api/main.yaml"


def around(url: str | None = None, hosts: tuple[str, ...] = (), folder: Path | None = None) -> Neighbours:
    return Neighbours(url=url, hosts=hosts, folder=folder)


FILES = {
    "beside": ("main.yaml", "a.yaml", "a.yaml"),
    "below": ("main.yaml", "./b/a.yaml", "b/a.yaml"),
    "up again": ("b/c/d.yaml", "../../a.yaml", "a.yaml"),
    "encoded": ("main.yaml", "a%20b.yaml", "a b.yaml"),
    "two dots that are a name": ("main.yaml", "..a.yaml", "..a.yaml"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_reference_from_a_file_leads_below_the_folder(case: str) -> None:
    base, path, expected = FILES[case]
    assert around(folder=Path()).locate(base, path) == expected


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("../a.yaml", "out of the document's folder"),
        ("..", "out of the document's folder"),
        ("b/../../a.yaml", "out of the document's folder"),
        ("%2e%2e/a.yaml", "out of the document's folder"),
        ("b\\..\\..\\a", "out of the document's folder"),
        ("/etc/passwd", "absolute path"),
        ("//example.org/a", "absolute path"),
        ("\\\\host\\a", "absolute path"),
        ("C:\\a", "absolute path"),
        ("file:///etc/passwd", "absolute path"),
        ("FILE:a", "absolute path"),
        ("https://example.org/a", r"remote_hosts=\['example.org'\]"),
        ("https://example.org:8443/a", r"remote_hosts=\['example.org:8443'\]"),
        ("http://allowed.org/a", "is not https"),
        ("https://me:secret@allowed.org/a", "holds credentials"),
        ("https://allowed.org.evil.com/a", "evil.com"),
    ],
)
def test_a_reference_from_a_file_to_elsewhere_is_refused(path: str, told: str) -> None:
    with pytest.raises(UnresolvedReference, match=told):
        around(folder=Path(), hosts=("allowed.org",)).locate("main.yaml", path)


@pytest.mark.parametrize("path", ["urn:a:b", "https://[/a", "mailto:a@b"])
def test_what_is_no_place_cannot_be_read(path: str) -> None:
    with pytest.raises(LookupError):
        around(folder=Path()).locate("main.yaml", path)


def test_a_document_without_a_place_has_no_neighbours() -> None:
    with pytest.raises(LookupError, match="without its place"):
        around().locate("the given text", "a.yaml")


URLS: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    "beside": (OWN, "a.yaml", (), "https://example.org/api/a.yaml"),
    "below": (OWN, "b/a.yaml?v=1", (), "https://example.org/api/b/a.yaml?v=1"),
    "in full": (OWN, "https://example.org:443/api/a", (), "https://example.org:443/api/a"),
    "elsewhere at an allowed host": (OWN, "/a", ("example.org",), "https://example.org/a"),
    "at another allowed host": (OWN, "https://B.org/a", ("b.ORG",), "https://B.org/a"),
    "at another allowed port": (OWN, "https://b.org:8443/a", ("b.org:8443",), "https://b.org:8443/a"),
    "from there": ("https://b.org/x/y", "../a", ("b.org",), "https://b.org/a"),
    "without https, beside": ("http://localhost:1/a", "b", (), "http://localhost:1/b"),
}


@pytest.mark.parametrize("case", URLS)
def test_a_reference_from_a_url_leads_below_its_folder_or_to_allowed_hosts(case: str) -> None:
    base, path, hosts, expected = URLS[case]
    own = base if base.startswith("http:") else OWN
    assert around(own, hosts).locate(base, path) == expected


@pytest.mark.parametrize(
    "path",
    ["../a", "/a", "/api2/a", "%2e%2e/a", "b/..%2f..%2fa", "http://example.org/api/a", "https://example.org:8443/api/a",
     "//b.org/a", "https://b.org/api/a"],
)  # fmt: skip
def test_a_reference_from_a_url_to_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(UnresolvedReference):
        around(OWN).locate(OWN, path)


def test_a_url_never_leads_to_a_file() -> None:
    with pytest.raises((UnresolvedReference, LookupError)):
        around(OWN).locate(OWN, "file:///etc/passwd")


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a")
    (tmp_path / "api").mkdir()
    (tmp_path / "api/a.yaml").symlink_to(tmp_path / "secret")
    with pytest.raises(UnresolvedReference, match="link out of"):
        around(folder=tmp_path / "api").read("a.yaml")


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("b")
    (tmp_path / "a.yaml").symlink_to("b.yaml")
    assert around(folder=tmp_path).read("a.yaml") == b"b"


def _make_circle(path: Path) -> None:
    path.symlink_to(path)


def _make_nothing(_: Path) -> None:
    pass


@pytest.mark.parametrize("make", [_make_nothing, Path.mkdir, os.mkfifo, _make_circle])
def test_what_is_no_file_cannot_be_read(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "a")
    with pytest.raises(LookupError):
        around(folder=tmp_path).read("a")


def test_so_much_is_read_in_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 5)
    for name in "ab":
        (tmp_path / name).write_bytes(b"123")
    reader = around(folder=tmp_path)
    assert reader.read("a") == b"123"
    with pytest.raises(DocumentError, match=r"^b: "):
        reader.read("b")


def test_so_much_is_read_behind_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_REMOTE_BYTES", 2)
    with pytest.raises(DocumentError, match="larger than"):
        Neighbours(url=OWN, fetch=lambda _: b"123").read("https://example.org/api/a")


def test_fetching_ends_after_a_minute() -> None:
    times = iter([0.0, 0.0, 61.0])
    reader = Neighbours(url=OWN, fetch=lambda _: b"1", now=lambda: next(times))
    assert reader.read("https://example.org/api/a") == b"1"
    with pytest.raises(DocumentError, match="took 60 s"):
        reader.read("https://example.org/api/b")


def test_what_cannot_be_fetched_is_told_without_its_query() -> None:
    def fetch(url: str) -> bytes:
        raise OSError(url)

    with pytest.raises(LookupError) as caught:
        Neighbours(url=OWN, fetch=fetch).read("https://example.org/api/a?key=secret")
    assert str(caught.value.args[0]) == "it could not be fetched: OSError"


def test_without_a_fetch_no_url_is_read() -> None:
    with pytest.raises(LookupError, match="fetch="):
        around(OWN).read(OWN)


def test_a_document_has_another_digest_when_another_file_has_changed(tmp_path: Path) -> None:
    def digest(text: str | None) -> str:
        reader = around(folder=tmp_path)
        (tmp_path / "a").unlink(missing_ok=True)
        if text is None:
            with pytest.raises(LookupError):
                reader.read("a")
        else:
            (tmp_path / "a").write_text(text)
            reader.read("a")
        return reader.digest("main")

    assert len({digest("1"), digest("2"), digest(None), "main"}) == 4
    assert digest("1") == digest("1")
    assert around(folder=tmp_path).digest("main") == "main"


def test_files_that_were_read_can_be_known_again(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    reader = around(folder=tmp_path)
    reader.read("a")
    assert [stamp.path for stamp in reader.stamps or ()] == [str(tmp_path / "a")]
    with pytest.raises(LookupError):
        reader.read("b")
    assert reader.stamps is None
