"""The clients that Foxglove publishes for Python read what recordings hold: topics, coverage, attachments, messages."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import foxglove.client
import foxglove_data_platform.client
import orjson
import pytest
import requests
from robowire_generators.mcap.sample import SampleAttachment, SampleMessage, json_channel, sample_mcap
from robowire_generators.recipe import BagRecipe
from robowire_generators.rosbag1 import generate_bag
from robowire_mocks import create_mock
from robowire_mocks.foxglove import FoxgloveMock
from robowire_mocks.in_process import in_place_of
from rosbags.rosbag1 import Reader

TOKEN = "fox_sk_robowire_all"
CLIENTS: dict[str, Any] = {"current": foxglove.client.Client, "older": foxglove_data_platform.client.Client}
DEVICE = "dev_robowire_tug_01"
SECOND = 10**9
START = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
START_NS = int(START.timestamp()) * SECOND
CHANNEL = json_channel(1, "/pose", "robowire.Pose")
pytestmark = pytest.mark.filterwarnings(
    "ignore:The `foxglove-data-platform` package has been renamed:DeprecationWarning"
)


def upload(path: str, data: bytes) -> str:
    """The id of a new recording, once its data can be used."""
    head = {"Authorization": f"Bearer {TOKEN}"}
    base = "https://api.foxglove.dev/v1"
    asked = requests.post(f"{base}/data/upload", json={"filename": path, "deviceId": DEVICE}, headers=head, timeout=10)
    requests.put(asked.json()["link"], data=data, timeout=10).raise_for_status()
    return str(asked.json()["requestId"])


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FoxgloveMock]:
    """A mock to which an MCAP file of ten seconds and a bag were uploaded."""
    messages = [
        SampleMessage(START_NS + n * SECOND, START_NS, n, CHANNEL, orjson.dumps({"value": n})) for n in range(11)
    ]
    attachment = SampleAttachment("map.txt", "text/plain", b"the map", START_NS + 1, START_NS)
    bag = tmp_path_factory.mktemp("bags") / "run.bag"
    generate_bag(bag, BagRecipe(seed=1, duration_s=1))
    with create_mock("foxglove") as made:
        assert isinstance(made, FoxgloveMock)
        with in_place_of("https://api.foxglove.dev", made):
            upload("run.mcap", sample_mcap([CHANNEL], messages, [attachment]).data)
            upload("run.bag", bag.read_bytes())
            assert made.imports.wait()
        yield made


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest, mock: FoxgloveMock) -> Iterator[Any]:
    """Either client, the mock in the place of Foxglove."""
    with in_place_of("https://api.foxglove.dev", mock):
        yield CLIENTS[request.param](token=TOKEN)


def found(client: Any, path: str) -> dict[str, Any]:
    """The recording with this path."""
    (one,) = [recording for recording in client.get_recordings() if recording["path"] == path]
    return dict(one)


def test_topics_are_read(client: Any) -> None:
    """With the schemas that they have."""
    (topic,) = client.get_topics(device_id=DEVICE, start=START, end=START + timedelta(seconds=10), include_schemas=True)
    assert (topic["topic"], topic["encoding"], topic["schema_name"]) == ("/pose", "json", "robowire.Pose")
    assert topic["schema"] == CHANNEL.schema_data


def test_coverage_is_read(client: Any) -> None:
    """The ten seconds that there are."""
    shown = client.get_coverage(
        device_name="tug-01", start=START - timedelta(days=1), end=START + timedelta(days=1), tolerance=3
    )
    assert [(one["start"], one["end"]) for one in shown] == [(START, START + timedelta(seconds=10))]


def test_attachments_are_read(client: Any) -> None:
    """Their facts, and their content behind the redirect."""
    (one,) = client.get_attachments(recording_id=found(client, "run.mcap")["id"])
    assert (one["name"], one["media_type"], one["size"]) == ("map.txt", "text/plain", 7)
    assert client.download_attachment(id=one["id"]) == b"the map"


def test_messages_are_iterated_decoded(client: Any) -> None:
    """Those within the range, in order."""
    messages = client.iter_messages(
        device_id=DEVICE, start=START + timedelta(seconds=2), end=START + timedelta(seconds=4), topics=["/pose"]
    )
    read = [(message.log_time, decoded["value"]) for _, _, message, decoded in messages]
    assert read == [(START_NS + n * SECOND, n) for n in (2, 3, 4)]


def test_data_of_a_range_are_downloaded(client: Any) -> None:
    """As an MCAP file, with progress told."""
    told: list[int] = []
    data = client.download_data(
        device_id=DEVICE,
        start=START,
        end=START + timedelta(seconds=10),
        callback=lambda progress: told.append(progress),  # noqa: PLW0108  # clients look at the name of its parameter
    )
    assert data.startswith(b"\x89MCAP0\r\n")
    assert told[-1] == len(data)


@pytest.mark.parametrize("format_", ["mcap0", "bag1"])
def test_a_bag_is_downloaded_as_either(client: Any, tmp_path: Path, format_: str) -> None:
    """As the bag that it was, or as MCAP."""
    module: Any = sys.modules[type(client).__module__]
    data = client.download_recording_data(id=found(client, "run.bag")["id"], output_format=module.OutputFormat(format_))
    path = tmp_path / "got"
    path.write_bytes(data)
    if format_ == "bag1":
        with Reader(path) as reader:
            assert reader.message_count > 0
    else:
        assert data.startswith(b"\x89MCAP0\r\n")
