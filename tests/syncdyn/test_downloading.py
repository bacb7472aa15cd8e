"""Downloads: whole or not at all, never over another file, and the key stays at home."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from syncdyn import ApiError, DownloadError, NotFoundError, common
from syncdyn.downloading import download_url, target_path
from tests.syncdyn.fakes import ASSET, BATCH, GENERATION, HOME, KEY, Clock, Connect, Service, answer, failure

FILM = bytes(range(256)) * 8
URL = "https://media.example.com/out.mp4"
TAG = '"v1"'


class Breaking(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that breaks off."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        yield from self.chunks
        raise httpx.ReadError("the line broke")

    async def __aiter__(self) -> Any:
        for chunk in self:
            yield chunk


def broken(upto: int, tag: str | None = TAG, status: int = 200, start: int = 0) -> Any:
    headers = {"Content-Length": str(len(FILM) - start), **({"ETag": tag} if tag else {})}
    if status == 206:
        headers["Content-Range"] = f"bytes {start}-{len(FILM) - 1}/{len(FILM)}"
    return lambda request: httpx.Response(status, headers=headers, stream=Breaking(FILM[start:upto]))


def rest(start: int, total: object = len(FILM), tag: str = TAG) -> Any:
    fields = {"Content-Range": f"bytes {start}-{len(FILM) - 1}/{total}", "ETag": tag}
    return answer(206, content=FILM[start:], headers=fields)


WHOLE = answer(200, content=FILM, headers={"ETag": TAG})


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_url_is_downloaded_to_a_file(connect: Connect, tmp_path: Path) -> None:
    path = connect(Service(WHOLE)).download(URL, tmp_path / "film.mp4")
    assert path == tmp_path / "film.mp4"
    assert path.read_bytes() == FILM
    assert names_in(tmp_path) == ["film.mp4"]


def test_into_a_folder_goes_the_name_of_the_service(connect: Connect, tmp_path: Path) -> None:
    assert connect(Service(WHOLE)).download(URL + "?sig=1", tmp_path).name == "out.mp4"


def test_progress_tells_bytes_so_far_and_in_all(connect: Connect, tmp_path: Path) -> None:
    seen: list[Any] = []
    connect(Service(WHOLE)).download(URL, tmp_path, chunk_size=1024, progress=lambda *facts: seen.append(facts))
    assert seen == [(1024, 2048), (2048, 2048)]


def test_a_download_that_breaks_is_gone_on_with(connect: Connect, tmp_path: Path, clock: Clock) -> None:
    service = Service(broken(700), rest(700))
    path = connect(service).download(URL, tmp_path, chunk_size=100)
    assert path.read_bytes() == FILM
    assert (service.last.headers["range"], service.last.headers["if-range"]) == ("bytes=700-", TAG)
    assert clock.naps == [0.5]
    assert names_in(tmp_path) == ["out.mp4"]


def test_it_is_gone_on_with_by_a_later_call(connect: Connect, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="broke off: the line broke; call again"):
        connect(Service(broken(700)), max_retries=0).download(URL, tmp_path, chunk_size=100)
    assert names_in(tmp_path) == ["out.mp4.part", "out.mp4.part.etag"]
    service = Service(rest(700))
    assert connect(service).download(URL, tmp_path).read_bytes() == FILM
    assert service.last.headers["range"] == "bytes=700-"


def test_a_file_that_has_changed_meanwhile_is_taken_from_the_start(connect: Connect, tmp_path: Path) -> None:
    changed = answer(200, content=b"another film", headers={"ETag": '"v2"'})
    path = connect(Service(broken(700), changed)).download(URL, tmp_path, chunk_size=100)
    assert path.read_bytes() == b"another film"


@pytest.mark.parametrize("tag", [None, 'W/"v1"'], ids=["no-tag", "weak-tag"])
def test_without_a_strong_tag_it_begins_again(connect: Connect, tmp_path: Path, tag: str | None) -> None:
    service = Service(broken(700, tag), WHOLE)
    assert connect(service).download(URL, tmp_path, chunk_size=100).read_bytes() == FILM
    assert "range" not in service.last.headers


def test_a_part_that_no_longer_fits_is_thrown_away(connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "out.mp4.part").write_bytes(b"x" * 9999)
    (tmp_path / "out.mp4.part.etag").write_text(TAG)
    service = Service(answer(416), WHOLE)
    assert connect(service).download(URL, tmp_path).read_bytes() == FILM
    assert "range" not in service.last.headers


def test_a_rest_that_begins_earlier_is_laid_over_the_part(connect: Connect, tmp_path: Path) -> None:
    assert connect(Service(broken(700), rest(500, "*"))).download(URL, tmp_path, chunk_size=100).read_bytes() == FILM


def test_a_rest_that_leaves_a_gap_is_never_glued_on(connect: Connect, tmp_path: Path) -> None:
    service = Service(broken(700), rest(900), WHOLE)
    assert connect(service).download(URL, tmp_path, chunk_size=100).read_bytes() == FILM


def test_a_rest_that_nobody_asked_for_is_no_file(connect: Connect, tmp_path: Path) -> None:
    service = Service(rest(900), WHOLE)
    assert connect(service).download(URL, tmp_path).read_bytes() == FILM
    assert len(service.requests) == 2


def test_fewer_bytes_than_announced_are_no_file(connect: Connect, tmp_path: Path) -> None:
    short = answer(200, content=FILM[:9], headers={"Content-Length": "2048"})
    with pytest.raises(DownloadError, match="9 of 2,048 bytes came"):
        connect(Service(short), max_retries=1).download(URL, tmp_path)
    assert not (tmp_path / "out.mp4").exists()


def test_a_compressed_answer_is_measured_by_nobody(connect: Connect, tmp_path: Path) -> None:
    import gzip

    packed = answer(200, content=gzip.compress(FILM), headers={"Content-Encoding": "gzip"})
    assert connect(Service(packed)).download(URL, tmp_path).read_bytes() == FILM


def test_an_existing_file_is_kept_unless_asked_otherwise(connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "out.mp4").write_bytes(b"mine")
    service = Service(WHOLE)
    with pytest.raises(DownloadError, match="exists already; pass overwrite=True"):
        connect(service).download(URL, tmp_path)
    assert service.requests == []
    assert (tmp_path / "out.mp4").read_bytes() == b"mine"
    assert connect(service).download(URL, tmp_path, overwrite=True).read_bytes() == FILM


def test_a_file_that_appears_meanwhile_is_kept_too(connect: Connect, tmp_path: Path) -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        (tmp_path / "out.mp4").write_bytes(b"mine")
        return WHOLE(request)

    with pytest.raises(DownloadError, match="has come to exist meanwhile"):
        connect(Service(slow)).download(URL, tmp_path)
    assert (tmp_path / "out.mp4").read_bytes() == b"mine"


def test_a_folder_that_is_not_there_is_told_of_before_anything_is_sent(connect: Connect, tmp_path: Path) -> None:
    service = Service(WHOLE)
    with pytest.raises(DownloadError, match="is no folder"):
        connect(service).download(URL, tmp_path / "none" / "film.mp4")
    assert service.requests == []


def test_a_part_that_cannot_be_written_is_told_of(connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "out.mp4.part").mkdir()
    with pytest.raises(DownloadError, match=r"out\.mp4\.part cannot be written"):
        connect(Service(WHOLE)).download(URL, tmp_path)


def test_a_refusal_is_the_error_of_its_status(connect: Connect, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="gone") as caught:
        connect(Service(answer(404, {"message": "gone"}))).download(URL, tmp_path)
    assert caught.value.body == {"message": "gone"}
    assert names_in(tmp_path) == []


def test_a_dead_line_is_an_error_of_the_api(connect: Connect, tmp_path: Path) -> None:
    with pytest.raises(ApiError):
        connect(Service(failure(httpx.ConnectError, "dead"))).download(URL, tmp_path)


HOSTS = {
    "elsewhere": (URL, False),
    "home": (f"{HOME}/files/1.mp4", True),
    "other-port": (f"{HOME}:444/files/1.mp4", False),
    "no-tls": ("http://api.sync.so/files/1.mp4", False),
}


@pytest.mark.parametrize(("url", "has_key"), HOSTS.values(), ids=HOSTS.keys())
def test_the_key_goes_to_the_apis_own_origin_alone(connect: Connect, tmp_path: Path, url: str, has_key: bool) -> None:
    service = Service(WHOLE)
    connect(service).download(url, tmp_path)
    assert ("x-api-key" in service.last.headers) is has_key


def test_elsewhere_goes_nothing_that_the_callers_client_adds(connect: Connect, tmp_path: Path) -> None:
    service = Service(WHOLE)
    http = connect.http(service, headers={"X-Team-Token": "t0p"}, auth=("u", "p4ss"))
    connect(service, http=http).download(URL, tmp_path)
    assert not {"x-team-token", "authorization"} & set(service.last.headers)


def test_behind_a_redirect_to_another_host_there_is_no_key(connect: Connect, tmp_path: Path) -> None:
    service = Service(answer(302, headers={"Location": URL}), WHOLE)
    connect(service).download(f"{HOME}/files/1.mp4", tmp_path)
    first, second = service.requests
    assert first.headers["x-api-key"] == KEY
    assert "x-api-key" not in second.headers


def offered(**members: Any) -> Any:
    return common.Generation.model_validate({**GENERATION, **members})


NAMES = {
    "stated": (offered(outputFileName="talk_es"), "talk_es.mp4"),
    "of-the-url": (offered(), "out.mp4"),
    "climbing": (offered(outputFileName="../../etc/passwd"), "_.._etc_passwd.mp4"),
    "escaped": ("https://x.example.com/..%2F..%2Fetc%2Fpasswd", "passwd"),
    "odd": ("https://x.example.com/a%00b%0Ac:d?x=1", "a_b_c_d"),
    "dots": ("https://x.example.com/..", "download"),
    "none": ("https://x.example.com", "download"),
    "long": (f"https://x.example.com/{'n' * 900}", "n" * 200),
    "batch": (
        common.BatchResponse.model_validate({**BATCH, "outputUrl": "https://x.example.com/b/result"}),
        "result.jsonl",
    ),
}


@pytest.mark.parametrize(("source", "name"), NAMES.values(), ids=NAMES.keys())
def test_a_name_stays_in_its_folder(source: Any, name: str) -> None:
    assert download_url(source)[1] == name


def test_the_url_is_used_as_it_came() -> None:
    url = "https://x.example.com/a%2Fb?X-Signature=a%3D%3D&b"
    assert download_url(offered(outputUrl=url))[0] == url


UNREADY = {
    "pending": (offered(status="PENDING", outputUrl=""), "no output to download yet .its status is PENDING."),
    "other-class": (common.Asset.model_validate(ASSET), "a Asset offers no download"),
    "number": (17, "a int offers no download"),
}


@pytest.mark.parametrize(("source", "told"), UNREADY.values(), ids=UNREADY.keys())
def test_what_offers_no_download_is_told_of(source: Any, told: str) -> None:
    with pytest.raises(DownloadError, match=told):
        download_url(source)


def test_without_a_path_it_goes_here() -> None:
    assert target_path(None, "film.mp4", overwrite=True) == Path("film.mp4")


def test_lines_come_whole_however_the_bytes_are_cut(connect: Connect) -> None:
    done = common.BatchResponse.model_validate({**BATCH, "outputUrl": URL})
    text = '{"request_id":"é1"}\r\n\n{"request_id":"r2"}'.encode()

    def in_pieces(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Pieces(text))

    found = connect(Service(in_pieces)).batch.results(done)
    assert [record.request_id for record in found] == ["é1", "r2"]


class Pieces(Breaking):
    """A body that comes byte by byte."""

    def __init__(self, content: bytes) -> None:
        self.chunks = tuple(content[index : index + 1] for index in range(len(content)))

    def __iter__(self) -> Iterator[bytes]:
        yield from self.chunks


def test_lines_that_break_off_are_an_error_after_those_that_came(connect: Connect) -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Breaking(b'{"request_id":"r1"}\n{"requ'))

    records = iter(connect(Service(cut)).batch.results(URL))
    assert next(records).request_id == "r1"
    with pytest.raises(DownloadError, match="broke off"):
        next(records)


def test_lines_that_are_refused_are_the_error_of_the_status(connect: Connect) -> None:
    with pytest.raises(NotFoundError):
        list(connect(Service(answer(404))).batch.results(URL))
