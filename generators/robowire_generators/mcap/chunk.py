"""A chunk of an MCAP file while it is filled, and how it is compressed."""

from collections import defaultdict
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from robowire_generators.mcap.records import HEAD, MESSAGE, MESSAGE_FIELDS, index_pair, pack_message

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

NEVER = 2**64
"""Later than any time."""


class Compression(StrEnum):
    """How the chunks of an MCAP file are compressed."""

    NONE = "none"
    LZ4 = "lz4"
    ZSTD = "zstd"

    @property
    def name_in_file(self) -> str:
        """What a chunk says of it (mcap.dev/spec/registry, section Well-known compression formats)."""
        return "" if self is Compression.NONE else self.value


@cache
def compressor(compression: Compression) -> Callable[[bytes], bytes]:
    """Give what compresses the records of a chunk; the same bytes come out of the same bytes."""
    if compression is Compression.LZ4:
        import lz4.frame  # only where it is needed

        return lambda records: bytes(lz4.frame.compress(records, store_size=False))
    if compression is Compression.ZSTD:
        from zstandard import ZstdCompressor  # only where it is needed

        # One compressor serves one call at a time, so each call has its own.
        return lambda records: ZstdCompressor(level=1).compress(records)
    return lambda records: records


class Chunk:
    """Schemas, channels and messages that wait to be written together.

    Attributes:
        size: Bytes of the records so far.
        start_ns: Least log time, `NEVER` without messages.
        end_ns: Greatest log time, -1 without messages.
        indexes: Log time and offset of each channel's messages, as a message index holds them.
    """

    __slots__ = ("_parts", "end_ns", "indexes", "size", "start_ns")

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0
        self.start_ns = NEVER
        self.end_ns = -1
        self.indexes: dict[int, bytearray] = defaultdict(bytearray)

    def record(self, octets: bytes) -> None:
        """Take in a schema or a channel."""
        self._parts.append(octets)
        self.size += len(octets)

    def message(self, channel_id: int, sequence: int, log_time_ns: int, publish_time_ns: int, data: bytes) -> None:
        """Take in a message; small ones decide how fast a file is written, hence few calls."""
        length = MESSAGE_FIELDS + len(data)
        self._parts += (pack_message(MESSAGE, length, channel_id, sequence, log_time_ns, publish_time_ns), data)
        self.indexes[channel_id] += index_pair(log_time_ns, self.size)
        self.size += HEAD + length
        self.start_ns = min(self.start_ns, log_time_ns)
        if log_time_ns > self.end_ns:  # noqa: PLR1730  # `max` takes as long as all the rest of this line
            self.end_ns = log_time_ns

    def rows(self, channel_id: int, rows: "NDArray[Any]") -> None:
        """Take in many messages of one channel, rows of `row_type`."""
        import numpy as np  # only where many messages are written at once

        pairs = np.empty((len(rows), 2), "<u8")
        pairs[:, 0] = rows["log_time"]
        pairs[:, 1] = np.arange(self.size, self.size + rows.nbytes, rows.itemsize, dtype="<u8")
        self.indexes[channel_id] += pairs.tobytes()
        self._parts.append(rows.tobytes())
        self.size += rows.nbytes
        self.start_ns = min(self.start_ns, int(rows["log_time"].min()))
        self.end_ns = max(self.end_ns, int(rows["log_time"].max()))

    def content(self) -> bytes:
        """Give the records."""
        return b"".join(self._parts)


def message_rows(
    channel_id: int,
    log_times: "NDArray[Any]",
    publish_times: "NDArray[Any]",
    sequences: "NDArray[Any]",
    data: "NDArray[Any]",
) -> "NDArray[Any]":
    """Make message records of one size, each a row, as they stand in a file.

    Args:
        channel_id: Of all.
        log_times: ns, one for each.
        publish_times: ns, likewise.
        sequences: Likewise.
        data: Bytes of the messages, (messages, size).
    """
    import numpy as np  # only where many messages are written at once

    size = data.shape[1]
    rows: NDArray[Any] = np.empty(len(data), row_type(size))
    rows["opcode"], rows["length"], rows["channel"] = MESSAGE, MESSAGE_FIELDS + size, channel_id
    rows["sequence"], rows["log_time"], rows["publish_time"] = sequences, log_times, publish_times
    rows["data"] = data
    return rows


def row_type(size: int) -> list[tuple[str, str] | tuple[str, str, tuple[int]]]:
    """Name the fields of a message record whose data have `size` bytes, packed and little-endian."""
    numbers = (("opcode", "u1"), ("length", "<u8"), ("channel", "<u2"), ("sequence", "<u4"))
    return [*numbers, ("log_time", "<u8"), ("publish_time", "<u8"), ("data", "u1", (size,))]
