"""The list says of each bag of the folder what the document says it does."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from robowire_generators.demo import DEMO_BAGS
from robowire_mocks.bags import BagsMock
from robowire_mocks.bags.listing import end_text, size_text

MakeMock = Callable[..., BagsMock]
BAG = DEMO_BAGS[0].name


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0.0KB"),
        (512, "0.5KB"),
        (1024, "1.0KB"),
        (4172, "4.1KB"),
        (6922, "6.8KB"),
        (1_047_000, "1022.5KB"),
        (1_048_575, "1.0MB"),
        (1_048_576, "1.0MB"),
        (5_400_000, "5.1MB"),
        (5_000_000_000, "4.7GB"),
        (3 * 1024**4, "3.0TB"),
        (5000 * 1024**4, "5000.0TB"),
    ],
)
def test_sizes_are_in_steps_of_1024(size: int, text: str) -> None:
    """With one decimal, and the unit joined on."""
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1698762977, "31-Oct-2023 14:36:17"),
        (0, "01-Jan-1970 00:00:00"),
        (-5, "01-Jan-1970 00:00:00"),
        (10**15, "31-Dec-9999 23:59:59"),
    ],
)
def test_ends_are_written_in_english_and_utc(seconds: int, text: str) -> None:
    """Times that no calendar has are the nearest that one has."""
    assert end_text(seconds) == text


@pytest.mark.parametrize("path", ["/bags/", "/bags"])
def test_the_list_has_all_bags_with_all_members(mock: BagsMock, client: FlaskClient, path: str) -> None:
    """In the order of their names; with and without the slash at the end."""
    entries = client.get(path).get_json()
    assert [entry["filename"] for entry in entries] == [bag.name for bag in DEMO_BAGS]
    for entry in entries:
        size = (mock.folder / entry["filename"]).stat().st_size
        assert list(entry) == ["filename", "size", "size_bytes", "end", "download_url"]
        assert (entry["size_bytes"], entry["size"]) == (size, size_text(size))


def test_end_is_the_time_of_the_last_message(client: FlaskClient) -> None:
    """Not the file's own time, which says nothing here."""
    entry = client.get("/bags/").get_json()[0]
    facts = client.get(f"/bags/{entry['filename']}/player").get_json()
    assert entry["end"] == end_text(facts["end_time"])


def test_a_file_without_times_ends_when_it_was_written(tmp_path: Path, make_mock: MakeMock) -> None:
    """Such as one that is no bag, which is listed all the same."""
    (tmp_path / "broken.bag").write_bytes(b"no bag")
    os.utime(tmp_path / "broken.bag", (1698762977, 1698762977))
    assert make_mock(tmp_path).app.test_client().get("/bags/").get_json() == [
        {
            "filename": "broken.bag",
            "size": "0.0KB",
            "size_bytes": 6,
            "end": "31-Oct-2023 14:36:17",
            "download_url": "http://localhost/bags/broken.bag/download",
        }
    ]


def test_files_that_appear_change_or_vanish_are_seen(tmp_path: Path, demo_folder: Path, make_mock: MakeMock) -> None:
    """At the next request, the folder itself included."""
    client = make_mock(tmp_path).app.test_client()
    assert client.get("/bags/").get_json() == []
    bag = tmp_path / "new.bag"
    bag.write_bytes((demo_folder / BAG).read_bytes())
    (listed,) = client.get("/bags/").get_json()
    total = client.get("/bags/new.bag/player").get_json()["total_messages"]
    bag.write_bytes((demo_folder / DEMO_BAGS[1].name).read_bytes())
    (changed,) = client.get("/bags/").get_json()
    assert changed["size_bytes"] != listed["size_bytes"]
    assert changed["end"] != listed["end"]
    assert client.get("/bags/new.bag/player").get_json()["total_messages"] != total
    bag.unlink()
    assert client.get("/bags/").get_json() == []
    assert client.get("/bags/new.bag/player").status_code == 400
    tmp_path.rmdir()
    assert client.get("/bags/").get_json() == []


@pytest.mark.parametrize("name", ["Über die Straße.bag", "a b+c&d=e?f#g%20.bag", "☃.bag", "%2e%2e.bag", "a'\".bag"])
def test_links_work_whatever_the_name(tmp_path: Path, make_mock: MakeMock, name: str) -> None:
    """Percent-encoded, and absolute from the host that the client used."""
    (tmp_path / name).write_bytes(b"content")
    client = make_mock(tmp_path).app.test_client()
    (entry,) = client.get("/bags/", base_url="http://robot.local:8090").get_json()
    assert entry["filename"] == name
    assert entry["download_url"].startswith("http://robot.local:8090/bags/")
    assert client.get(urlsplit(entry["download_url"]).path).data == b"content"
