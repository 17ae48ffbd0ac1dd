"""Small recordings that the suite uploads: MCAP files by the `mcap` package's writer, ROS 1 bags by `rosbags`."""

import json
import struct
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import md5
from io import BytesIO
from pathlib import Path

from robowire_conformance.foxglove.instants import SECOND

EPOCH = 981_173_106 * SECOND + 7
"""When the suite's recordings begin: seven nanoseconds after 2001-02-03T04:05:06Z."""

MILLI = SECOND // 1000


@dataclass(frozen=True, slots=True)
class Kind:
    """How the messages of a channel are encoded, and its schema; without `schema` it has none."""

    encoding: str
    schema: str = ""
    schema_encoding: str = ""
    text: str = ""

    def message(self, words: str) -> bytes:
        """A message that says some words."""
        data = words.encode()
        if self.encoding == "ros1":
            return struct.pack("<I", len(data)) + data
        if self.encoding == "cdr":
            return b"\0\1\0\0" + struct.pack("<I", len(data) + 1) + data + b"\0"
        return json.dumps({"data": words}).encode()


_OBJECT = '{"type": "object", "description": "~~~ ???>>>", "properties": {"data": {"type": "string"}}}'
ODOMETRY = Kind("json", "robowire.Odometry", "jsonschema", _OBJECT)
STATE = Kind("json", "robowire.State", "jsonschema", _OBJECT.replace("}}}", '}}, "title": "State"}'))
ROS1 = Kind("ros1", "std_msgs/String", "ros1msg", "string data\n")
ROS2 = Kind("cdr", "std_msgs/msg/String", "ros2msg", "string data\n")
PLAIN = Kind("json")
"""The kinds of channels; the last one is without a schema. The marks in the text have every sign of base 64."""


@dataclass(frozen=True, slots=True)
class Track:
    """A channel, and the times of its messages after the recording's start, in nanoseconds."""

    topic: str
    kind: Kind
    times: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Extra:
    """An attachment; its times are nanoseconds after the recording's start."""

    name: str
    media_type: str
    data: bytes
    log_time: int
    create_time: int


@dataclass(frozen=True, slots=True)
class Clip:
    """What a small recording holds, and how it is written; `start` is nanoseconds after `EPOCH`.

    The messages come in the file in the order of the tracks, each track's in the order of its times.
    """

    start: int
    tracks: Sequence[Track]
    attachments: Sequence[Extra] = ()
    metadata: Sequence[tuple[str, Mapping[str, str]]] = ()
    chunk_size: int | None = 1 << 20
    compression: str = "zstd"
    mark: str = field(default="", compare=False)

    @property
    def times(self) -> list[int]:
        """The log times of all messages, in nanoseconds since the epoch."""
        return sorted(EPOCH + self.start + time for track in self.tracks for time in track.times)

    @property
    def topics(self) -> set[str]:
        """The topics that have messages."""
        return {track.topic for track in self.tracks if track.times}

    def mcap(self) -> bytes:
        """The recording as an MCAP file."""
        from mcap.writer import CompressionType, Writer  # only where something is uploaded

        out = BytesIO()
        writer = Writer(
            out,
            chunk_size=self.chunk_size or 0,
            use_chunking=self.chunk_size is not None,
            compression=CompressionType[self.compression.upper()],
        )
        writer.start(profile="", library="robowire conformance")
        for name, values in self.metadata:
            writer.add_metadata(name, dict(values))
        for number, track in enumerate(self.tracks):
            kind = track.kind
            schema = writer.register_schema(kind.schema, kind.schema_encoding, kind.text.encode()) if kind.schema else 0
            channel = writer.register_channel(track.topic, kind.encoding, schema)
            for turn, time in enumerate(track.times):
                moment = EPOCH + self.start + time
                data = kind.message(f"{self.mark} {number}.{turn}")
                published = EPOCH + self.start - time  # in the other order: what counts is when a message was logged
                writer.add_message(channel, moment, data, publish_time=published, sequence=turn + 1)
        for extra in self.attachments:
            created, logged = (EPOCH + self.start + time for time in (extra.create_time, extra.log_time))
            writer.add_attachment(created, logged, extra.name, extra.media_type, extra.data)
        writer.finish()  # type: ignore[no-untyped-call]  # the package leaves it untyped
        return out.getvalue()

    def bag(self) -> bytes:
        """The recording as a ROS 1 bag; all its channels have to be of the kind `ROS1`."""
        from rosbags.rosbag1 import Writer  # as above

        with tempfile.TemporaryDirectory(prefix="robowire-") as folder:
            path = Path(folder, "clip.bag")
            with Writer(path) as writer:
                for number, track in enumerate(self.tracks):
                    definition = track.kind.text
                    sum_ = md5(definition.strip().encode(), usedforsecurity=False).hexdigest()
                    connection = writer.add_connection(
                        track.topic, "std_msgs/msg/String", msgdef=definition, md5sum=sum_, callerid="/robowire"
                    )
                    for turn, time in enumerate(track.times):
                        data = track.kind.message(f"{self.mark} {number}.{turn}")
                        writer.write(connection, EPOCH + self.start + time, data)
            return path.read_bytes()


def small(mark: str, *, start: int = 0, metadata: Sequence[tuple[str, Mapping[str, str]]] = ()) -> Clip:
    """A recording of three messages, of which `mark` makes the content unlike any other's."""
    times = (0, 10 * MILLI, 20 * MILLI)
    return Clip(start, (Track("/odom", ODOMETRY, times),), metadata=metadata, mark=mark)
