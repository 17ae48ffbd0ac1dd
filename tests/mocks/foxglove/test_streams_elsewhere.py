"""What the mock streams, read in another language: by the index, from record to record, and as bags."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from recording_readers import installed, read_in_node
from robowire_generators.mcap.encodings import Encoding
from robowire_generators.mcap.recipe import McapRecipe
from robowire_generators.mcap.recording import generate_mcap
from robowire_generators.recipe import BagRecipe, Compression
from robowire_generators.rosbag1 import generate_bag
from robowire_mocks.formats.opening import open_recorded

SITE = {"id": "site_h", "name": "hosted", "type": "foxglove-hosted"}
WAYS: list[dict[str, Any]] = [
    {"compression": "none"},
    {"compression": "lz4", "channels": 3},
    {"compression": "zstd", "crcs": False},
    {"chunk_size": None},
    {"index": False},
    {"statistics": False, "attachments": False, "metadata": False},
]
RANGE = {"start": "2023-10-31T14:30:00.7Z", "end": "2023-10-31T14:30:02.000000001Z"}
ASKED: list[dict[str, Any]] = [
    {"includeAttachments": True},
    RANGE,
    {"topics": ["/odom", "/tf"]},
    {**RANGE, "topics": ["/odom"], "replayPolicy": "lastPerChannel", "replayLookbackSeconds": 5},
]


@pytest.fixture
def stream(make_api: Any, tmp_path: Path) -> Callable[[Path, dict[str, Any]], Path]:
    """Uploads a file, once, and gives another with what is streamed of it."""
    installed()
    fox = make_api(site=[SITE])

    def streamed(path: Path, asked: dict[str, Any]) -> Path:
        if fox.ask("GET", f"/recordings/{path.name}").status_code == 404:
            link = fox.send("POST", "/data/upload", {"filename": path.name, "key": path.name})["link"]
            assert fox.mock.app.test_client().put(link, data=path.read_bytes()).status_code == 200
            assert fox.mock.imports.wait()
        recording = fox.get(f"/recordings/{path.name}")
        link = fox.send("POST", "/data/stream", {"recordingId": recording["id"], **asked})["link"]
        made = tmp_path / f"{len([*tmp_path.iterdir()])}.streamed"
        made.write_bytes(fox.mock.app.test_client().get(link).data)
        return made

    return streamed


def kept(messages: list[list[Any]], asked: dict[str, Any], channels: int = 1) -> list[list[Any]]:
    """Those that are asked for, by log time; each is log time, topic, number (channels take turns) and sum."""
    first, last = (1698762600_700000000, 1698762602_000000001) if "start" in asked else (0, 1 << 63)
    chosen = sorted((one for one in messages if one[1] in asked.get("topics", [one[1]])), key=lambda one: int(one[0]))
    before = [one for one in chosen if int(one[0]) < first] if "replayPolicy" in asked else []
    latest = {one[2] % channels: one for one in before}.values()
    return [one for one in before if one in latest] + [one for one in chosen if first <= int(one[0]) <= last]


def test_mcap(stream: Callable[[Path, dict[str, Any]], Path], tmp_path: Path) -> None:
    """Of recordings of every encoding and layout: what was asked for, whole, in the order of log time."""
    whole = [
        generate_mcap(
            tmp_path / f"{way}.mcap", McapRecipe(duration_s=3, encoding=encoding, **{"chunk_size": 3000, **how})
        ).path
        for way, (encoding, how) in enumerate(zip(Encoding, WAYS, strict=True))
    ]
    cases = [(path, asked) for path in whole for asked in ASKED]
    made = [stream(path, asked) for path, asked in cases]
    uploaded = dict(zip(whole, read_in_node("list_mcap.js", *whole), strict=True))
    for (path, asked), found in zip(cases, read_in_node("list_mcap.js", *made), strict=True):
        given = uploaded[path]["streamed"]
        channels = WAYS[whole.index(path)].get("channels", 1)
        assert found["streamed"]["messages"] == kept(given["messages"], asked, channels), (path, asked)
        assert found["indexed"] == found["streamed"]
        assert found["streamed"]["metadata"] == given["metadata"]
        assert found["streamed"]["attachments"] == (given["attachments"] if "includeAttachments" in asked else [])


@pytest.mark.parametrize("compression", list(Compression))
def test_bags(stream: Callable[[Path, dict[str, Any]], Path], tmp_path: Path, compression: Compression) -> None:
    """A bag comes out as a bag and as MCAP; both hold the messages that were asked for, with their bytes."""
    recipe = BagRecipe(duration_s=3, compression=compression, chunk_size=3000, connections=2)
    path = generate_bag(tmp_path / "a.bag", recipe).path
    told = [
        [str(one.log_time_ns), one.channel.topic, hashlib.md5(one.data).hexdigest()]
        for one in open_recorded(path).messages()
    ]
    for asked in ({}, RANGE, {"topics": ["/odom", "/tf"]}):
        due = kept(told, asked)
        bag = read_in_node("read_bag.js", stream(path, {**asked, "outputFormat": "bag1"}))
        stamps = [one["timestamp"]["sec"] * 10**9 + one["timestamp"]["nsec"] for one in bag]
        assert stamps == sorted(stamps)  # that reader has an order of its own for those of one time
        assert sorted([str(at), one["topic"], one["md5"]] for at, one in zip(stamps, bag, strict=True)) == sorted(due)
        (mcap,) = read_in_node("list_mcap.js", stream(path, asked))
        assert [[time, topic, octets] for time, topic, _, octets in mcap["indexed"]["messages"]] == due
        assert mcap["indexed"] == mcap["streamed"]
