"""What a recording as MCAP shall be: the same recipe gives the same bytes."""

from dataclasses import dataclass

from robowire_generators.mcap.chunk import Compression
from robowire_generators.mcap.encodings import Encoding
from robowire_generators.recipe import MAX_CONNECTIONS, SECOND, Recipe, chunk_faults

TRACK = "/track"
"""The topic of the robot's pose at `track_hz`."""

POINTS = "/points"
"""The topic of the point clouds, one for each scan of the laser."""

MAX_TRACK_HZ = 1_000_000

END_OF_ROS2_NS = 2**31 * SECOND
"""ROS 2 counts seconds in 31 bits: until 2038."""

OF_ROS2 = (Encoding.ROS2, Encoding.ROS2IDL)


@dataclass(frozen=True, slots=True, kw_only=True)
class McapRecipe(Recipe):
    """What a recording as MCAP shall be.

    Attributes:
        encoding: Of the messages and their schemas.
        chunk_size: Bytes of records that fill a chunk; None for a file without chunks.
        compression: Of the chunks.
        channels: How many nodes publish each topic in turn, each by a channel of its own.
        track_hz: How often the robot's pose is also published on `/track`; 0 for never. These are made as arrays, many
            at once, so that recordings of many millions of small messages are soon made.
        index: Whether there are indexes of messages, chunks, attachments and metadata.
        statistics: Whether there are statistics.
        crcs: Whether there are CRCs.
        attachments: Whether the floor plan and the calibration are attached.
        metadata: Whether there are metadata records, that named `foxglove` with the device's name included.
        device_name: What that record calls the device; the robot's own name by default.
        key: What that record gives as the recording's key; none by default.

    Raises:
        ValueError: A value makes no recording; the text says which and why.
    """

    encoding: Encoding = Encoding.PROTOBUF
    chunk_size: int | None = 1024 * 1024
    compression: Compression = Compression.ZSTD
    channels: int = 1
    track_hz: float = 0.0
    index: bool = True
    statistics: bool = True
    crcs: bool = True
    attachments: bool = True
    metadata: bool = True
    device_name: str | None = None
    key: str | None = None

    def __post_init__(self) -> None:
        Recipe.__post_init__(self)
        object.__setattr__(self, "encoding", Encoding(self.encoding))
        object.__setattr__(self, "compression", Compression(self.compression))

    def faults(self) -> tuple[tuple[bool, str], ...]:
        """Give all that can be wrong: whether it is, and the text that says so."""
        known = tuple(Encoding)
        duration_s = self.duration_s or 0.0
        end_ns = self.start_ns + (duration_s * SECOND if 0 < duration_s < END_OF_ROS2_NS else 0)
        return (
            *Recipe.faults(self),
            (
                TRACK in (self.topics or ()) and not self.track_hz,
                f"The topic {TRACK} needs to know how many poses a second it has.",
            ),
            *chunk_faults(self.chunk_size, self.compression, tuple(Compression)),
            (
                self.encoding not in known,
                f"There is no encoding {str(self.encoding)!r}; there are {', '.join(known)}.",
            ),
            (
                self.encoding in OF_ROS2 and end_ns >= END_OF_ROS2_NS,
                "ROS 2 can tell times to 2038-01-19 only.",
            ),
            (
                not 1 <= self.channels <= MAX_CONNECTIONS,
                f"A topic can have 1 to {MAX_CONNECTIONS} channels, not {self.channels}.",
            ),
            (
                not 0 <= self.track_hz <= MAX_TRACK_HZ,
                f"The track can have 0 to {MAX_TRACK_HZ} poses a second, not {self.track_hz}.",
            ),
        )
