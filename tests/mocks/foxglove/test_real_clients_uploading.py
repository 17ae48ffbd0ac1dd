"""The clients that Foxglove publishes for Python upload files, and look after what becomes of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import foxglove.client
import foxglove_data_platform.client
import pytest
import requests
from recorded_files import bag, mcap
from robowire_mocks import create_mock
from robowire_mocks.core.serving import serve
from robowire_mocks.foxglove import FoxgloveMock
from robowire_mocks.in_process import in_place_of

TOKEN = "fox_sk_robowire_all"
CLIENTS: dict[str, Any] = {"current": foxglove.client.Client, "older": foxglove_data_platform.client.Client}
START = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
NS = int(START.timestamp()) * 10**9
pytestmark = [
    pytest.mark.filterwarnings("ignore:The `foxglove-data-platform` package has been renamed:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Use `(get|delete)_recordings?`:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def shared_mock() -> Iterator[FoxgloveMock]:
    """One mock of the default world for all tests."""
    with create_mock("foxglove") as made:
        assert isinstance(made, FoxgloveMock)
        yield made


@pytest.fixture
def mock(shared_mock: FoxgloveMock) -> FoxgloveMock:
    """The mock as it is at the start."""
    shared_mock.reset()
    return shared_mock


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest, mock: FoxgloveMock) -> Iterator[Any]:
    """Either client, the mock in the place of Foxglove."""
    with in_place_of("https://api.foxglove.dev", mock):
        yield CLIENTS[request.param](token=TOKEN)


def own(client: Any) -> list[dict[str, Any]]:
    """The recordings that a test has uploaded: their messages are of another time than those of the world."""
    return list(client.get_recordings(start=START - timedelta(days=1), end=START + timedelta(days=1), sort_by="path"))


def test_uploads(client: Any, mock: FoxgloveMock, tmp_path: Path) -> None:
    """Bytes and files, with a progress; MCAP files and bags, of a device by id or name, or with a key."""
    seen: list[int] = []
    times = (NS, NS + 10**9)
    path = tmp_path / "a.mcap"
    path.write_bytes(mcap(times))
    with path.open("rb") as file:
        seeing = {"callback": lambda size, progress: seen.append(progress or size)}
        client.upload_data(device_id="dev_robowire_tug_01", filename="a.mcap", data=file, **seeing)
    client.upload_data(device_name="tug-02", filename="b.bag", data=bag(times))
    client.upload_data(key="bench", filename="c.mcap", data=mcap(times))
    assert mock.imports.wait()
    assert max(seen) == len(mcap(times))
    assert [(one["path"], one["import_status"]) for one in own(client)] == [
        ("a.mcap", "complete"),
        ("b.bag", "complete"),
        ("c.mcap", "complete"),
    ]
    first = own(client)[0]
    assert (first["start"], first["end"]) == (START, START + timedelta(seconds=1))
    assert first["device"]["name"] == "tug-01"


def test_a_file_that_is_uploaded_again(client: Any, mock: FoxgloveMock) -> None:
    """The recording stays one."""
    for name in ("a.mcap", "again.mcap"):
        client.upload_data(device_name="tug-01", filename=name, data=mcap((NS,)))
        assert mock.imports.wait()
    assert [one["path"] for one in own(client)] == ["a.mcap"]


def test_imports_and_deletions(client: Any, mock: FoxgloveMock) -> None:
    """Imports are listed by times with an offset; an import and a recording are deleted."""
    for name in ("a", "b"):
        client.upload_data(key=name, filename=f"{name}.mcap", data=mcap((NS,), topic=f"/{name}"))
    assert mock.imports.wait()
    there = datetime.now(timezone(timedelta(hours=5, minutes=30)))
    span = {"start": there - timedelta(hours=1), "end": there + timedelta(hours=1)}
    data = {"data_start": START, "data_end": START + timedelta(seconds=1)}
    listed = client.get_imports(**span, **data, sort_by="importId", include_deleted=True)
    assert {(one["filename"], one["input_type"], one["output_type"]) for one in listed} == {
        ("a.mcap", "mcap0", "mcap0"),
        ("b.mcap", "mcap0", "mcap0"),
    }
    (import_id,) = (one["import_id"] for one in listed if one["filename"] == "a.mcap")
    client.delete_import(import_id=import_id)
    (left,) = own(client)
    client.delete_recording(recording_id=left["id"])
    assert own(client) == []
    with pytest.raises(requests.HTTPError):
        client.delete_recording(recording_id=left["id"])


def test_uploads_that_are_refused(client: Any) -> None:
    """The client tells what the mock says."""
    with pytest.raises(requests.HTTPError, match="no such device"):
        client.upload_data(device_id="dev_nobody", filename="a.mcap", data=mcap())


def test_a_file_in_chunks(mock: FoxgloveMock) -> None:
    """As the command line sends it: without a length."""
    with serve(mock) as server:
        head = {"Authorization": f"Bearer {TOKEN}"}
        body = {"filename": "a.mcap", "device.name": "tug-01"}
        link = requests.post(f"{server.url}/v1/data/upload", json=body, headers=head, timeout=10).json()["link"]
        data = mcap((NS,), data=b'"%s"' % (b"a" * 500_000))
        pieces = (data[start : start + 10_000] for start in range(0, len(data), 10_000))
        assert requests.put(link, data=pieces, timeout=10).status_code == 200
        assert mock.imports.wait()
        listed = requests.get(
            f"{server.url}/v1/recordings?", params={"path": "a.mcap"}, headers=head, timeout=10
        ).json()
    assert [(one["size"], one["importStatus"]) for one in listed] == [(len(data), "complete")]
