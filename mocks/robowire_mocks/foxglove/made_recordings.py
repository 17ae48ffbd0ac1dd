"""Small recordings that a world asks for: a value on each of their topics, spread evenly over their time."""

from __future__ import annotations

import hashlib
import math
import struct
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MESSAGES: int = 60
"""Messages of each topic."""

ABOUT: str = "recorder"
"""The name of the metadata record that an MCAP file has."""

_FLOAT64 = "fdb28210bfa9d7c91146260178d9a584"  # the MD5 sum of std_msgs/Float64


class Make(StrEnum):
    """What is made."""

    MCAP = "mcap"
    BAG = "bag"


def make_file(kind: Make, topics: Sequence[str], start: int, end: int, name: str) -> bytes:
    """The bytes of a recording whose first and last messages are at `start` and `end` (ns); its name is its seed."""
    return (_mcap if kind is Make.MCAP else _bag)(topics, start, end, name)


def _times(start: int, end: int) -> list[int]:
    """When the messages of a topic are; a single one if no time passes."""
    count = MESSAGES if end > start else 1
    return [start + (end - start) * number // max(count - 1, 1) for number in range(count)]


def _rows(topics: Sequence[str], start: int, end: int, name: str) -> Iterator[tuple[tuple[int, float], ...]]:
    """Time and value of one message of each topic, row by row."""
    return zip(*(zip(_times(start, end), _values(name, topic), strict=False) for topic in topics), strict=True)


def _values(name: str, topic: str) -> Iterator[float]:
    phase = hashlib.sha256(f"{name} {topic}".encode()).digest()[0] / 40
    return (round(math.sin(phase + number / 5), 6) for number in range(MESSAGES))


def _mcap(topics: Sequence[str], start: int, end: int, name: str) -> bytes:
    from robowire_generators.mcap.sample import (
        SampleAttachment,
        SampleMessage,
        SampleMetadata,
        json_channel,
        sample_mcap,
    )
    from robowire_generators.mcap.writer import Compression

    channels = [json_channel(number, topic) for number, topic in enumerate(topics, start=1)]
    messages = [
        SampleMessage(time, time, number, channel, b'{"value":%s}' % str(value).encode())
        for number, row in enumerate(_rows(topics, start, end, name))
        for channel, (time, value) in zip(channels, row, strict=True)
    ]
    note = SampleAttachment("note.txt", "text/plain", name.encode(errors="replace"), start, start)
    about = SampleMetadata(ABOUT, {"name": name, "robot": "simulated"})
    return sample_mcap(channels, messages, [note], [about], compression=Compression.NONE).data


def _bag(topics: Sequence[str], start: int, end: int, name: str) -> bytes:
    from rosbags.rosbag1 import Writer

    with TemporaryDirectory() as folder:
        path = Path(folder) / "made.bag"
        with Writer(path) as writer:
            connections = [
                writer.add_connection(topic, "std_msgs/msg/Float64", msgdef="float64 data\n", md5sum=_FLOAT64)
                for topic in topics
            ]
            for row in _rows(topics, start, end, name):
                for connection, (time, value) in zip(connections, row, strict=True):
                    writer.write(connection, time, struct.pack("<d", value))
        return path.read_bytes()
