"""A chunk of an MCAP file while it is filled, and how it is compressed."""

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from robowire_generators.mcap.records import MESSAGE_FIELDS, Opcode, index_pair

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

NO_TIME = -1
"""Where no message has been seen."""


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
        start_ns: Least log time, `NO_TIME` without messages.
        end_ns: Greatest log time, likewise.
        indexes: Log time and offset of each channel's messages, as a message index holds them.
    """

    __slots__ = ("_parts", "end_ns", "indexes", "size", "start_ns")

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0
        self.start_ns = NO_TIME
        self.end_ns = NO_TIME
        self.indexes: dict[int, bytearray] = {}

    def record(self, octets: bytes) -> None:
        """Take in a schema or a channel."""
        self._parts.append(octets)
        self.size += len(octets)

    def message(self, channel_id: int, log_time_ns: int, head: bytes, data: bytes) -> None:
        """Take in a message: its head and its data."""
        pair = index_pair(log_time_ns, self.size)
        try:
            self.indexes[channel_id] += pair
        except KeyError:
            self.indexes[channel_id] = bytearray(pair)
        self._parts += (head, data)
        self.size += len(head) + len(data)
        self.cover(log_time_ns, log_time_ns)

    def rows(self, channel_id: int, rows: "NDArray[Any]") -> None:
        """Take in many messages of one channel, rows of `row_type`."""
        import numpy as np  # only where many messages are written at once

        pairs = np.empty((len(rows), 2), "<u8")
        pairs[:, 0] = rows["log_time"]
        pairs[:, 1] = np.arange(self.size, self.size + rows.nbytes, rows.itemsize, dtype="<u8")
        self.indexes.setdefault(channel_id, bytearray()).extend(pairs.data.cast("B"))
        self._parts.append(rows.tobytes())
        self.size += rows.nbytes
        self.cover(int(rows["log_time"].min()), int(rows["log_time"].max()))

    def cover(self, start_ns: int, end_ns: int) -> None:
        """Widen the range of log times."""
        if self.start_ns < 0 or start_ns < self.start_ns:
            self.start_ns = start_ns
        self.end_ns = max(self.end_ns, end_ns)

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
    rows["opcode"], rows["length"], rows["channel"] = Opcode.MESSAGE, MESSAGE_FIELDS + size, channel_id
    rows["sequence"], rows["log_time"], rows["publish_time"] = sequences, log_times, publish_times
    rows["data"] = data
    return rows


def row_type(size: int) -> list[tuple[str, str] | tuple[str, str, tuple[int]]]:
    """Name the fields of a message record whose data have `size` bytes, packed and little-endian."""
    numbers = (("opcode", "u1"), ("length", "<u8"), ("channel", "<u2"), ("sequence", "<u4"))
    return [*numbers, ("log_time", "<u8"), ("publish_time", "<u8"), ("data", "u1", (size,))]
