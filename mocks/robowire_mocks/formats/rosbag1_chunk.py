"""Inside one chunk of a ROS 1 bag: its index entries, its bytes, its message records."""

import bz2
import re
import struct
from collections.abc import Container
from dataclasses import dataclass

import lz4.frame
import numpy as np
from numpy.typing import NDArray

from robowire_mocks.formats import BagError
from robowire_mocks.formats.rosbag1_index import SMALLEST_MESSAGE, Chunk
from robowire_mocks.formats.rosbag1_records import SECOND, Header, Op, Source, expect, header_at, number, time_ns

_ENTRY_BYTES = 12
_INDEX_HEADER_BYTES = 1024
_U32 = struct.Struct("<I").unpack
_TIME = struct.Struct("<II").unpack


@dataclass(frozen=True, slots=True)
class Entries:
    """A chunk's index entries in the order of (time, place in the file): four arrays of one length.

    A message's record lies within [offset, end) of the chunk's bytes.
    """

    times: NDArray[np.int64]
    connections: NDArray[np.int64]
    offsets: NDArray[np.int64]
    ends: NDArray[np.int64]

    @property
    def nbytes(self) -> int:
        """The memory that they take."""
        return 4 * self.times.nbytes

    def __getitem__(self, picked: slice | NDArray[np.intp]) -> "Entries":
        return Entries(self.times[picked], self.connections[picked], self.offsets[picked], self.ends[picked])

    def between(self, first_ns: int, stop_ns: int) -> "Entries":
        """Those with first_ns <= time < stop_ns."""
        low, high = np.searchsorted(self.times, (first_ns, stop_ns))
        return self[int(low) : int(high)]

    def last_before(self, stop_ns: int, connections: list[int]) -> "Entries":
        """The last one with time < stop_ns of any of the connections, or none."""
        earlier = self.connections[: int(np.searchsorted(self.times, stop_ns))]
        return self[np.flatnonzero(np.isin(earlier, connections))[-1:]]


def read_entries(source: Source, chunk: Chunk, known: Container[int]) -> Entries:
    """The entries of the index records behind a chunk.

    Raises:
        BagError: They disagree with the index section, or cannot all point to messages of the chunk.
    """
    longest = _ENTRY_BYTES * chunk.messages + _INDEX_HEADER_BYTES * chunk.connections
    raw = source.read(chunk.index_at, min(chunk.index_end - chunk.index_at, longest))
    rows: list[NDArray[np.uint32]] = []
    ids: list[int] = []
    counts: list[int] = []
    at = 0
    while sum(counts) < chunk.messages:
        header = header_at(raw, at)
        count = _entry_count(header, chunk, len(raw))
        if (connection := number(header.fields, b"conn")) not in known:
            raise BagError(f"damaged: chunk {chunk.number + 1} holds messages of an unknown connection {connection}")
        rows.append(np.frombuffer(raw, "<u4", 3 * count, header.data_at).reshape(-1, 3))
        ids.append(connection)
        counts.append(count)
        at = header.data_end
    return _sorted(chunk, np.concatenate(rows).astype(np.int64), np.repeat(np.array(ids), counts))


def _entry_count(header: Header, chunk: Chunk, available: int) -> int:
    expect(header, Op.INDEX, f"an index record of chunk {chunk.number + 1}")
    if (version := number(header.fields, b"ver")) != 1:
        raise BagError(f"index record version {version} is not supported, only 1")
    count = number(header.fields, b"count")
    if header.data_length != _ENTRY_BYTES * count or header.data_end > available:
        raise BagError(f"damaged: an index record of chunk {chunk.number + 1} disagrees with its length")
    return count


def _sorted(chunk: Chunk, rows: NDArray[np.int64], connections: NDArray[np.int64]) -> Entries:
    times = rows[:, 0] * SECOND + rows[:, 1]
    offsets = rows[:, 2]
    by_offset = np.argsort(offsets)
    bounds = np.append(offsets[by_offset], chunk.size)
    if (
        len(times) != chunk.messages
        or times.min() < chunk.start_ns
        or times.max() > chunk.end_ns
        # Every record needs its own room, so that no message can be had twice.
        or np.diff(bounds).min() < SMALLEST_MESSAGE
    ):
        raise BagError(f"damaged: the index records of chunk {chunk.number + 1} disagree with its chunk info")
    ends = np.empty_like(offsets)
    ends[by_offset] = bounds[1:]
    order = np.lexsort((offsets, times))
    return Entries(times, connections, offsets, ends)[order]


def decompressed(source: Source, chunk: Chunk) -> memoryview:
    """All bytes of a compressed chunk.

    Raises:
        BagError: The data are damaged, or do not give exactly the size that the chunk declares.
    """
    packed = source.read(chunk.data_at, chunk.data_length)
    unpacker = _UNPACKERS[chunk.compression]()
    try:
        # One byte more than declared is enough to see that there is too much.
        data = unpacker.decompress(packed, max_length=chunk.size + 1)
    except (OSError, EOFError, ValueError, RuntimeError) as error:
        raise BagError(f"damaged: chunk {chunk.number + 1} cannot be decompressed ({error})") from None
    if len(data) != chunk.size or not unpacker.eof:
        raise BagError(f"damaged: chunk {chunk.number + 1} does not decompress to its {chunk.size} bytes")
    return memoryview(data)


_UNPACKERS = {b"bz2": bz2.BZ2Decompressor, b"lz4": lz4.frame.LZ4FrameDecompressor}


_COMMON_HEADER = re.compile(
    rb"\x26\0\0\0(?:\x04\0\0\0op=\x02|\x09\0\0\0conn=(.{4})|\x0d\0\0\0time=(.{8})){3}(.{4})", re.DOTALL
)
"""The header of a message record with the three fields that the format asks for, in whatever order, and the length."""


def message_data(room: memoryview, connection: int, time: int) -> bytes:
    """The serialised message in the bytes between one index entry and the next.

    Raises:
        BagError: There is no message record of that connection and time.
    """
    common = _COMMON_HEADER.match(room)
    if common is None or None in common.groups():
        header = _message_header(bytes(room))
        start, end = header.data_at, header.data_end
        found = number(header.fields, b"conn"), time_ns(header.fields, b"time")
    else:
        id_, (seconds, nanoseconds), length = _U32(common[1])[0], _TIME(common[2]), _U32(common[3])[0]
        start, end = common.end(), common.end() + length
        found = id_, seconds * SECOND + nanoseconds
    if end > len(room):
        raise BagError("damaged: a message is longer than its chunk's index allows")
    if found != (connection, time):
        raise BagError("damaged: a message is not the one that its chunk's index names")
    return bytes(room[start:end])


def _message_header(room: bytes) -> Header:
    header = header_at(room, 0)
    while header.fields.get(b"op") == bytes([Op.CONNECTION]):
        # Some recorders let an entry point at the connection record that precedes its message.
        header = header_at(room, header.data_end)
    expect(header, Op.MESSAGE, "a message")
    return header
