"""A download is the file: whole, in part, or not at all if the client has it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from flask.testing import FlaskClient
from robowire_generators.demo import DEMO_BAGS
from robowire_mocks.bags import BagsMock
from robowire_mocks.core.serving import serve

URL = f"/bags/{DEMO_BAGS[0].name}/download"


@pytest.fixture
def raw(demo_folder: Path) -> bytes:
    """The bytes of the file."""
    return (demo_folder / DEMO_BAGS[0].name).read_bytes()


def test_the_whole_file(client: FlaskClient, raw: bytes) -> None:
    """With its length, its validators and its name."""
    answer = client.get(URL)
    assert (answer.status_code, answer.data) == (200, raw)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Length"] == str(len(raw))
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={DEMO_BAGS[0].name}"
    assert answer.headers["ETag"].startswith('"')
    assert answer.headers["Last-Modified"].endswith("GMT")


def test_head_says_the_same_without_the_file(client: FlaskClient) -> None:
    """A client asks before it downloads."""
    get, head = client.get(URL, buffered=True), client.head(URL)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers == get.headers


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100-199", 100, 200),
        ("bytes=1000-", 1000, None),
        ("bytes=-1", -1, None),
        ("bytes=-1000", -1000, None),
        ("bytes=5-999999999", 5, None),
        ("bytes=-999999999", 0, None),
    ],
)
def test_a_range_is_a_part(client: FlaskClient, raw: bytes, asked: str, start: int, stop: int | None) -> None:
    """From the start, the middle or the end; what lies past the end is left out."""
    answer = client.get(URL, headers={"Range": asked})
    part = raw[start:stop]
    first = start if start >= 0 else len(raw) + start
    assert (answer.status_code, answer.data) == (206, part)
    assert answer.headers["Content-Range"] == f"bytes {first}-{first + len(part) - 1}/{len(raw)}"
    assert answer.headers["Content-Length"] == str(len(part))


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=999999999-1000000000"])
def test_a_range_past_the_end_is_416(client: FlaskClient, raw: bytes, asked: str) -> None:
    """With the length that there is."""
    answer = client.get(URL, headers={"Range": asked})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(raw)}")
    assert list(answer.get_json()) == ["error"]


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=5-2", "bytes=x-y", "lines=1-2", "bytes", "", "bytes=--1", "\xff"]
)
def test_other_ranges_are_ignored(client: FlaskClient, raw: bytes, asked: str) -> None:
    """As RFC 9110 allows for several parts, and asks for where the syntax or the unit is unknown."""
    answer = client.get(URL, headers={"Range": asked})
    assert (answer.status_code, answer.data) == (200, raw)


def test_validators(client: FlaskClient, raw: bytes) -> None:
    """What the client has is not sent again; a part is sent only if the rest is still the same."""
    headers = client.get(URL, buffered=True).headers
    tag, date = headers["ETag"], headers["Last-Modified"]
    assert client.get(URL, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(URL, headers={"If-None-Match": tag}).data == b""
    assert client.get(URL, headers={"If-Modified-Since": date}).status_code == 304
    assert client.get(URL, headers={"If-None-Match": '"other"'}).data == raw
    assert client.get(URL, headers={"Range": "bytes=0-9", "If-Range": tag}).data == raw[:10]
    assert client.get(URL, headers={"Range": "bytes=0-9", "If-Range": date}).data == raw[:10]
    assert client.get(URL, headers={"Range": "bytes=0-9", "If-Range": '"other"'}).data == raw


def test_the_validator_changes_with_the_file(tmp_path: Path, make_mock: Callable[..., BagsMock]) -> None:
    """A client that continues a download of another file gets that file whole."""
    bag = tmp_path / "a.bag"
    bag.write_bytes(b"first")
    client = make_mock(tmp_path).app.test_client()
    tag = client.get("/bags/a.bag/download", buffered=True).headers["ETag"]
    bag.unlink()
    bag.write_bytes(b"other")
    answer = client.get("/bags/a.bag/download", headers={"Range": "bytes=2-", "If-Range": tag})
    assert (answer.status_code, answer.data) == (200, b"other")


def test_a_file_of_an_impossible_time(tmp_path: Path, make_mock: Callable[..., BagsMock]) -> None:
    """Is as old as a calendar allows, or as young."""
    bag = tmp_path / "a.bag"
    bag.write_bytes(b"content")
    client = make_mock(tmp_path).app.test_client()
    for seconds in (-1, 2**62 // 10**9):
        os.utime(bag, (seconds, seconds))
        assert client.get("/bags/a.bag/download").data == b"content"
        assert client.get("/bags/").status_code == 200


def test_an_empty_file(tmp_path: Path, make_mock: Callable[..., BagsMock]) -> None:
    """Is downloaded as nothing."""
    (tmp_path / "a.bag").touch()
    client = make_mock(tmp_path).app.test_client()
    assert client.get("/bags/a.bag/download", headers={"Range": "bytes=0-"}).status_code in {200, 416}
    answer = client.get("/bags/a.bag/download")
    assert (answer.status_code, answer.data, answer.headers["Content-Length"]) == (200, b"", "0")


def test_a_bag_that_is_not_there_is_404(client: FlaskClient) -> None:
    """The document names no error of a download."""
    answer = client.get("/bags/none.bag/download")
    assert (answer.status_code, list(answer.get_json()), answer.headers["Cache-Control"]) == (
        404,
        ["error"],
        "no-store",
    )


def test_a_file_removed_while_it_is_downloaded_is_sent_whole(
    tmp_path: Path, make_mock: Callable[..., BagsMock]
) -> None:
    """Over a socket, with the first bytes read before the file is gone."""
    bag = tmp_path / "a.bag"
    content = bytes(range(256)) * 65_536
    bag.write_bytes(content)
    with serve(make_mock(tmp_path)) as server:
        with requests.get(f"{server.url}/bags/a.bag/download", stream=True, timeout=10) as answer:
            blocks = answer.iter_content(65_536)
            received = next(blocks)
            bag.unlink()
            received += b"".join(blocks)
        assert received == content
        assert requests.get(f"{server.url}/bags/a.bag/download", timeout=10).status_code == 404


def test_a_file_that_shrinks_breaks_off(tmp_path: Path, make_mock: Callable[..., BagsMock]) -> None:
    """The client sees that it did not get all."""
    bag = tmp_path / "a.bag"
    bag.write_bytes(bytes(16_000_000))
    with serve(make_mock(tmp_path)) as server:
        answer = requests.get(f"{server.url}/bags/a.bag/download", stream=True, timeout=10)
        blocks = answer.iter_content(65_536)
        next(blocks)
        bag.write_bytes(b"")
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            b"".join(blocks)
