"""Small recordings whose content a test says."""

import struct
import tempfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

from mcap.writer import CompressionType, Writer
from rosbags.rosbag1 import Writer as BagWriter

_FLOAT64 = "fdb28210bfa9d7c91146260178d9a584"


def mcap(
    times: Iterable[int] = (1_000_000_000, 2_000_000_000),
    topic: str = "/a",
    metadata: Iterable[tuple[str, Mapping[str, str]]] = (),
    compression: str = "zstd",
    data: bytes = b'{"value":1}',
) -> bytes:
    """An MCAP file with a JSON message on a topic at each time (ns), and metadata records."""
    out = BytesIO()
    writer = Writer(out, compression=CompressionType[compression.upper()])
    writer.start()
    schema = writer.register_schema("Number", "jsonschema", b'{"type":"object"}')
    channel = writer.register_channel(topic, "json", schema)
    for time in times:
        writer.add_message(channel, time, data, time)
    for name, entries in metadata:
        writer.add_metadata(name, dict(entries))
    writer.finish()  # type: ignore[no-untyped-call]  # mcap's own
    return out.getvalue()


def bag(times: Iterable[int] = (1_000_000_000, 2_000_000_000), topic: str = "/a") -> bytes:
    """A ROS 1 bag with a number on a topic at each time (ns)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.bag"
        with BagWriter(path) as writer:
            connection = writer.add_connection(topic, "std_msgs/msg/Float64", msgdef="float64 data", md5sum=_FLOAT64)
            for time in times:
                writer.write(connection, time, struct.pack("<d", 1))
        return path.read_bytes()
