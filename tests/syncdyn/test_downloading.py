"""Downloads: whole or not at all, never over another file, and the key stays at home."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from syncdyn import (
    ApiError,
    ApiTimeoutError,
    DownloadError,
    NotFoundError,
    RequestValidationError,
    ServiceUnavailableError,
    common,
)
from syncdyn.downloading import download_url, target_path
from syncdyn.saving import Saving
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
    assert names_in(tmp_path) == ["out.mp4.syncdyn-part", "out.mp4.syncdyn-part.etag"]
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
    (tmp_path / "out.mp4.syncdyn-part").write_bytes(b"x" * 9999)
    (tmp_path / "out.mp4.syncdyn-part.etag").write_text(TAG)
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
    (tmp_path / "out.mp4.syncdyn-part").mkdir()
    (tmp_path / "out.mp4.syncdyn-part.etag").touch()
    with pytest.raises(DownloadError, match=r"out\.mp4\.syncdyn-part cannot be written"):
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
    "pending": (offered(status="PENDING", outputUrl=""), "no output to download yet .its state is PENDING."),
    "other-class": (common.Asset.model_validate(ASSET), "an Asset offers no download"),
    "number": (17, "an int offers no download"),
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


def late(clock: Clock, seconds: float, *chunks: bytes, tag: str = TAG, length: int = len(FILM)) -> Any:
    """A body of which each piece takes so many seconds."""

    class Slow(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for chunk in chunks:
                clock.time += seconds
                yield chunk

        async def __aiter__(self) -> Any:
            for chunk in self:
                yield chunk

    return lambda request: httpx.Response(200, headers={"Content-Length": str(length), "ETag": tag}, stream=Slow())


def test_the_deadline_is_for_the_whole_download_and_the_next_call_goes_on(
    connect: Connect, tmp_path: Path, clock: Clock
) -> None:
    pieces = [FILM[index : index + 256] for index in range(0, len(FILM), 256)]
    client = connect(Service(late(clock, 3, *pieces)), deadline=10)
    told = "was not done within 10 s: 1,024 of 2,048 bytes came; call again to go on with it"
    with pytest.raises(ApiTimeoutError, match=told):
        client.download(URL, tmp_path, chunk_size=256)
    service = Service(rest(1024))
    assert connect(service).download(URL, tmp_path).read_bytes() == FILM
    assert service.last.headers["range"] == "bytes=1024-"


def test_the_deadline_does_not_begin_again_with_another_try(connect: Connect, tmp_path: Path, clock: Clock) -> None:
    service = Service(clock.passing(6, broken(700)), clock.passing(6, broken(900, status=206, start=700)))
    with pytest.raises(ApiTimeoutError, match="within 10 s: 800 of 2,048 bytes"):
        connect(service, deadline=10, max_retries=9).download(URL, tmp_path, chunk_size=100)
    assert len(service.requests) == 2


def test_a_try_that_gets_no_answer_in_time_tells_how_far_it_is(connect: Connect, tmp_path: Path, clock: Clock) -> None:
    service = Service(broken(700), clock.passing(60, failure(httpx.ReadTimeout, "slow")))
    with pytest.raises(ApiTimeoutError, match="700 of 2,048 bytes came; call again"):
        connect(service, deadline=10).download(URL, tmp_path, chunk_size=100)


def test_the_last_piece_counts_even_when_it_is_late(connect: Connect, tmp_path: Path, clock: Clock) -> None:
    assert connect(Service(late(clock, 60, FILM)), deadline=10).download(URL, tmp_path).read_bytes() == FILM


LINES = [b'{"request_id":"r1"}\n', b'{"request_id":"r2"}\n', b'{"request_id":"r3"}\n']


def test_the_deadline_is_for_all_lines(connect: Connect, clock: Clock) -> None:
    slow = late(clock, 4, *LINES, length=60)
    found = iter(connect(Service(slow), deadline=10).batch.results(URL))
    assert [next(found).request_id, next(found).request_id] == ["r1", "r2"]
    with pytest.raises(ApiTimeoutError, match="not read within 10 s: 2 lines came"):
        next(found)


def test_what_the_receiver_of_lines_does_is_not_counted(connect: Connect, clock: Clock) -> None:
    found = []
    for record in connect(Service(late(clock, 1, *LINES, length=60)), deadline=10).batch.results(URL):
        clock.time += 60
        found.append(record.request_id)
    assert found == ["r1", "r2", "r3"]


def test_a_part_of_somebody_elses_is_not_touched(connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "out.mp4.part").write_bytes(b"mine")
    assert connect(Service(WHOLE)).download(URL, tmp_path).read_bytes() == FILM
    assert (tmp_path / "out.mp4.part").read_bytes() == b"mine"
    (tmp_path / "new.mp4.syncdyn-part").write_bytes(b"mine too")
    service = Service(WHOLE)
    with pytest.raises(DownloadError, match=r"new\.mp4\.syncdyn-part is no part of a download"):
        connect(service).download(URL, tmp_path / "new.mp4")
    assert (tmp_path / "new.mp4.syncdyn-part").read_bytes() == b"mine too"
    assert service.requests == []


def test_a_part_without_a_version_is_begun_again_by_a_later_call(connect: Connect, tmp_path: Path) -> None:
    with pytest.raises(DownloadError):
        connect(Service(broken(700, None)), max_retries=0).download(URL, tmp_path, chunk_size=100)
    assert connect(Service(WHOLE)).download(URL, tmp_path).read_bytes() == FILM
    assert names_in(tmp_path) == ["out.mp4"]


BAD_PATHS = {
    "too-long": ("n" * 300, "cannot be written: File name too long"),
    "no-room-for-the-part": ("n" * 250, "cannot be written: File name too long"),
    "nul": ("a\0b", "cannot be written: .*null"),
    "number": (17, "path: expected a path, found an int"),
    "bytes": (b"film.mp4", "path: expected a path, found a bytes"),
}


@pytest.mark.parametrize(("path", "told"), BAD_PATHS.values(), ids=BAD_PATHS.keys())
def test_a_path_that_cannot_be_is_told_of_before_anything_is_sent(
    connect: Connect, tmp_path: Path, path: Any, told: str
) -> None:
    service = Service(WHOLE)
    with pytest.raises(DownloadError, match=told):
        connect(service).download(URL, tmp_path / path if isinstance(path, str) else path)
    assert service.requests == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_of_with_the_path(connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "out.mp4.syncdyn-part").symlink_to("/dev/full")
    (tmp_path / "out.mp4.syncdyn-part.etag").touch()
    with pytest.raises(DownloadError, match=r"out\.mp4\.syncdyn-part cannot be written: No space left"):
        connect(Service(WHOLE)).download(URL, tmp_path)


def test_a_tag_file_that_cannot_be_written_is_told_of(connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "out.mp4.syncdyn-part.etag").mkdir()
    with pytest.raises(DownloadError, match=r"syncdyn-part\.etag cannot be written"):
        connect(Service(WHOLE)).download(URL, tmp_path)


def test_a_folder_is_not_replaced(connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "out.mp4").mkdir()
    with pytest.raises(DownloadError, match=r"out\.mp4 cannot be written"):
        connect(Service(WHOLE)).download(URL, tmp_path, overwrite=True)


def test_a_link_that_leads_nowhere_is_a_file_that_exists(connect: Connect, tmp_path: Path) -> None:
    (tmp_path / "out.mp4").symlink_to(tmp_path / "nowhere" / "x")
    with pytest.raises(DownloadError, match="exists already"):
        connect(Service(WHOLE)).download(URL, tmp_path)


@pytest.mark.parametrize("size", [0, -1, 1.5, "10"], ids=repr)
def test_an_impossible_chunk_size_is_told_of(connect: Connect, tmp_path: Path, size: Any) -> None:
    with pytest.raises(RequestValidationError, match=r"download\.chunk_size: expected a number of bytes from 1, found"):
        connect(Service(WHOLE)).download(URL, tmp_path, chunk_size=size)


def test_a_name_of_many_bytes_leaves_room_for_what_comes_after_it() -> None:
    assert len(download_url(offered(outputFileName="é" * 200))[1].encode()) == 204


def test_the_options_of_a_call_hold_for_reading_records(connect: Connect) -> None:
    service = Service(answer(503), answer(200, content=b"".join(LINES)))
    options = {
        "max_retries": 0,
        "timeout_in_seconds": 7,
        "additional_headers": {"X-Trace": "t-1", "User-Agent": "mine"},
    }
    with pytest.raises(ServiceUnavailableError):
        list(connect(service).batch.results(URL, request_options=options))
    assert len(service.requests) == 1
    assert (service.last.headers["x-trace"], service.last.headers["user-agent"]) == ("t-1", "mine")
    assert service.last.extensions["timeout"]["read"] == 7


def test_a_secret_among_the_headers_of_a_call_stays_at_home(connect: Connect) -> None:
    lines = answer(200, content=b"".join(LINES))
    options = {"additional_headers": {"Authorization": "Bearer s3", "X-API-Key": "other"}}
    service = Service(lines)
    list(connect(service).batch.results(URL, request_options=options))
    assert not {"authorization", "x-api-key"} & set(service.last.headers)
    list(connect(service).batch.results(f"{HOME}/files/1", request_options=options))
    assert (service.last.headers["authorization"], service.last.headers["x-api-key"]) == ("Bearer s3", "other")


def test_a_chunk_size_and_a_deadline_hold_for_records(connect: Connect, clock: Clock) -> None:
    slow = late(clock, 4, *LINES, length=60)
    with pytest.raises(ApiTimeoutError, match="within 5 s: 1 lines came"):
        list(connect(Service(slow)).batch.results(URL, request_options={"deadline": 5}))
    before = clock.time
    found = iter(connect(Service(slow)).batch.results(URL, request_options={"chunk_size": 1000}))
    assert (next(found).request_id, clock.time) == ("r1", before + 12)
    found.close()


WRONG_OPTIONS = {
    "unknown": ({"retries": 1}, "request_options.retries: unknown option"),
    "chunk-size": ({"chunk_size": 0}, "request_options.chunk_size: expected a number of bytes"),
    "header": ({"additional_headers": {"X-A": "a\r\nX-B: b"}}, "header.X-A: no field that a header can hold"),
}


@pytest.mark.parametrize(("options", "told"), WRONG_OPTIONS.values(), ids=WRONG_OPTIONS.keys())
def test_wrong_options_for_records_are_told_of(connect: Connect, options: Any, told: str) -> None:
    service = Service(answer(200, content=b""))
    with pytest.raises(RequestValidationError, match=told):
        list(connect(service).batch.results(URL, request_options=options))
    with pytest.raises(RequestValidationError, match=r"results\.source: missing .required."):
        list(connect(service).batch.results())
    assert service.requests == []


def test_a_wait_that_would_pass_the_deadline_is_not_begun(connect: Connect, tmp_path: Path, clock: Clock) -> None:
    client = connect(Service(broken(700)), deadline=0.25)
    with pytest.raises(ApiTimeoutError, match=r"not done within 0\.25 s: 700 of 2,048 bytes came; call again"):
        client.download(URL, tmp_path, chunk_size=100)
    assert clock.naps == []


def test_a_service_that_does_not_answer_in_time_is_a_timeout(connect: Connect, tmp_path: Path) -> None:
    client = connect(Service(failure(httpx.ReadTimeout, "too slow")), max_retries=0)
    with pytest.raises(ApiTimeoutError):
        client.download(URL, tmp_path)
    assert names_in(tmp_path) == []


def test_a_path_of_bytes_is_refused() -> None:
    class BytesPath:
        def __fspath__(self) -> bytes:
            return b"film.mp4"

    with pytest.raises(DownloadError, match="path: "):
        target_path(BytesPath(), "film.mp4", overwrite=False)


def test_a_file_system_without_links_has_the_file_all_the_same(tmp_path: Path) -> None:
    def refuse(*_: Path) -> None:
        raise OSError("no links here")

    saving = Saving(tmp_path / "film.mp4")
    saving.part.write_bytes(FILM)
    assert saving.finish(overwrite=False, link=refuse).read_bytes() == FILM
    assert names_in(tmp_path) == ["film.mp4"]
