"""Bags are read alike by readers that this project did not write, in Python and in another language."""

import hashlib
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from robowire_fixtures.bags import LATCHED_TOPICS
from robowire_generators.definitions import definition, internal_name, typestore
from robowire_generators.encoding import encode
from robowire_generators.recipe import BagRecipe, Compression
from robowire_generators.robot import TOPICS, Event, simulate
from robowire_generators.rosbag1 import generate_bag
from rosbags.rosbag1 import Reader

RECIPE = BagRecipe(seed=3, duration_s=12.5, chunk_size=20_000, connections=2)


def events() -> list[Event]:
    """Give what the bags of `recorded` hold."""
    return list(simulate(seed=RECIPE.seed, start_ns=RECIPE.start_ns, duration_ns=RECIPE.duration_ns, profile="small"))


@pytest.mark.parametrize("compression", list(Compression))
def test_rosbags_reads_back_what_the_robot_published(
    recorded: dict[Compression, bytes], compression: Compression, tmp_path: Path
) -> None:
    """Every message is there with its time, topic and bytes, in the order of time."""
    path = tmp_path / "a.bag"
    path.write_bytes(recorded[compression])
    with Reader(path) as reader:
        read = [(time_ns, connection.topic, data) for connection, time_ns, data in reader.messages()]
    expected = [(event.time_ns, event.topic, encode(event.type, event.value)) for event in events()]
    assert sorted(read) == sorted(expected)
    assert [time_ns for time_ns, *_ in read] == [time_ns for time_ns, *_ in expected]


def test_connections_say_who_publishes_what_and_how(recorded: dict[Compression, bytes], tmp_path: Path) -> None:
    """Each topic has its real definition and sum, two nodes of different names, and latching where it is latched."""
    path = tmp_path / "a.bag"
    path.write_bytes(recorded[Compression.NONE])
    with Reader(path) as reader:
        for connection in reader.connections:
            topic = TOPICS[connection.topic]
            known = definition(topic.type)
            assert (connection.msgdef.data, connection.digest) == known
            assert connection.msgtype == internal_name(topic.type)
            assert connection.ext.latching == topic.latched  # type: ignore[union-attr]
        callers = {(c.topic, c.ext.callerid) for c in reader.connections}  # type: ignore[union-attr]
        assert len(callers) == len(reader.connections)
        often = [topic for topic, info in reader.topics.items() if info.msgcount > 1]
        assert all(len(reader.topics[topic].connections) == 2 for topic in often)
        assert {topic for topic in reader.topics if topic in LATCHED_TOPICS} == set(LATCHED_TOPICS)


def test_rosbags_decodes_every_message(recorded: dict[Compression, bytes], tmp_path: Path) -> None:
    """The messages fit their definitions: what rosbags decodes it encodes to the same bytes."""
    path = tmp_path / "a.bag"
    path.write_bytes(recorded[Compression.NONE])
    store = typestore()
    with Reader(path) as reader:
        for connection, _, data in reader.messages():
            if connection.topic != "/diagnostics":  # it holds Latin-1, which rosbags refuses to decode
                message = store.deserialize_ros1(data, connection.msgtype)
                assert bytes(store.serialize_ros1(message, connection.msgtype)) == data


def same(read: Any, value: Any) -> bool:
    """Tell whether a value that came through JavaScript and JSON is the robot's value."""
    if isinstance(value, Mapping):
        return set(read) == set(value) and all(same(read[field], value[field]) for field in value)
    if isinstance(read, list):
        octets = isinstance(value, (bytes, memoryview))
        return len(read) == len(value) and all(
            same(r % 256 if octets else r, v) for r, v in zip(read, value, strict=True)
        )
    if isinstance(read, dict):
        return bool(read["sec"] * 10**9 + read["nsec"] == value)
    if isinstance(value, bytes):
        return bool(read == value.decode(errors="replace"))
    if isinstance(value, int):  # 64-bit integers come as strings of digits
        return int(read) == value
    return (
        bool(read == value) or math.isclose(float(read), value, rel_tol=1e-6) or (read == "NaN" and math.isnan(value))
    )


@pytest.mark.parametrize("compression", list(Compression))
def test_foxglove_reads_back_what_the_robot_published(
    recorded: dict[Compression, bytes],
    compression: Compression,
    read_in_node: Any,
    tmp_path: Path,
) -> None:
    """A reader in JavaScript finds the same messages, and decodes every field of every type to the same value."""
    path = tmp_path / "a.bag"
    path.write_bytes(recorded[compression])
    read = read_in_node(path)
    expected = {
        (event.time_ns, event.topic, hashlib.md5(encode(event.type, event.value)).hexdigest()): event
        for event in events()
    }
    assert len(read) == len(expected)
    for message in read:
        stamp = message["timestamp"]["sec"] * 10**9 + message["timestamp"]["nsec"]
        event = expected.pop((stamp, message["topic"], message["md5"]))
        assert same(message["message"], event.value), event.topic


def test_foxglove_reads_raw_images(read_in_node: Any, tmp_path: Path) -> None:
    """A bag of images larger than its chunks is read whole."""
    recipe = BagRecipe(duration_s=0.7, profile="full", topics=("/camera/image_raw",), chunk_size=1000)
    read = read_in_node(generate_bag(tmp_path / "a.bag", recipe).path)
    images = simulate(start_ns=recipe.start_ns, duration_ns=recipe.duration_ns, profile="full", topics=recipe.topics)
    sums = [hashlib.md5(encode(event.type, event.value)).hexdigest() for event in images]
    assert [message["md5"] for message in read] == sums
    assert [message["message"]["data"] for message in read] == [640 * 480 * 3] * 2
