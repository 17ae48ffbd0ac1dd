"""The bytes of a chunk of an MCAP file, or of a run of records outside of chunks."""

from __future__ import annotations

import zlib
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from robowire_mocks.formats import RecordedError
from robowire_mocks.formats.mcap_records import HEAD, MESSAGE, ChunkHead, Op, chunk_head, records

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.formats.rosbag1_records import Source

MAX_CHUNK: int = 1 << 30
"""The largest chunk that is read, in bytes after decompression; most are of one MiB."""
_MAX_EXPANSION = 10_000
_ALWAYS_BELIEVED = 64 << 20


class Chunk(NamedTuple):
    """A chunk with its place in the file: the record from `at` on, and the message indexes from `end` to `index_end`.

    `channels` are those with messages in it, None where the file does not say. A `loose` one is no record but a run of
    records that stand in no chunk. (A tuple, since a large file has many.)
    """

    at: int
    end: int
    index_end: int
    start_ns: int
    end_ns: int
    size: int
    channels: frozenset[int] | None
    loose: bool = False


def head_of(record: bytes | memoryview) -> ChunkHead:
    """The head of a chunk whose content (behind opcode and length) is given.

    Raises:
        RecordedError: It disagrees with itself, or the chunk is too large.
    """
    head = chunk_head(record)
    if head.data_at + head.data_length > len(record):
        raise RecordedError("damaged: a chunk is shorter than its records")
    if head.compression not in _UNPACKERS:
        raise RecordedError(f"a chunk has the unknown compression {head.compression[:80]!r}")
    if head.size > MAX_CHUNK or head.size > max(_ALWAYS_BELIEVED, _MAX_EXPANSION * head.data_length):
        raise RecordedError(f"a chunk would take {head.size} bytes; at most {MAX_CHUNK} are read")
    return head


def unpacked(record: bytes | memoryview) -> memoryview:
    """The records of a chunk whose content is given, decompressed and checked against its CRC.

    Raises:
        RecordedError: They are damaged, or compressed in an unknown way.
    """
    head = head_of(record)
    packed = memoryview(record)[head.data_at : head.data_at + head.data_length]
    data = memoryview(_UNPACKERS[head.compression](packed, head.size))
    if len(data) != head.size:
        raise RecordedError(f"damaged: a chunk has {len(data)} bytes, not the {head.size} that it says")
    if head.crc and zlib.crc32(data) != head.crc:
        raise RecordedError("damaged: the bytes of a chunk do not have its CRC")
    return data


def _lz4(packed: memoryview, size: int) -> bytes:
    import lz4.frame  # only where it is needed

    unpacker = lz4.frame.LZ4FrameDecompressor()
    try:
        # One byte more than declared is enough to see that there is too much.
        data: bytes = unpacker.decompress(packed, max_length=size + 1)
    except RuntimeError as error:
        raise RecordedError(f"damaged: a chunk cannot be decompressed ({error})") from None
    return data


def _zstd(packed: memoryview, size: int) -> bytes:
    import zstandard  # as above

    try:
        with zstandard.ZstdDecompressor(max_window_size=1 << 31).stream_reader(packed) as reader:
            return reader.read(size + 1)
    except zstandard.ZstdError as error:
        raise RecordedError(f"damaged: a chunk cannot be decompressed ({error})") from None


_UNPACKERS: Mapping[str, Callable[[memoryview, int], bytes | memoryview]] = MappingProxyType(
    {"": lambda packed, _: packed, "lz4": _lz4, "zstd": _zstd}
)


def content(source: Source, chunk: Chunk) -> memoryview:
    """The records of a chunk or of a loose run.

    Raises:
        RecordedError: It is damaged, or the file has changed.
    """
    if chunk.loose:
        return memoryview(source.read(chunk.at, chunk.end - chunk.at))
    record = source.read(chunk.at, chunk.end - chunk.at)
    if HEAD.unpack_from(record) != (Op.CHUNK, len(record) - HEAD.size):
        raise RecordedError(f"damaged: at byte {chunk.at} there is not the chunk that the index names")
    return unpacked(memoryview(record)[HEAD.size :])


Entry: TypeAlias = tuple[int, int, int, int, int, int]
"""A message in its chunk: log time, where its content begins and ends, channel, sequence, publish time.

A plain tuple, since there are many, that sorts by time and then by place.
"""


def entries(data: memoryview, first_ns: int, last_ns: int, wanted: frozenset[int] | None) -> list[Entry]:
    """The messages of a chunk with first_ns <= log time <= last_ns, of some channels, by log time.

    Raises:
        RecordedError: A record is damaged.
    """
    unpack = MESSAGE.unpack_from
    found: list[Entry] = []
    for op, start, end in records(data):
        if op != Op.MESSAGE:
            continue
        if end - start < MESSAGE.size:
            raise RecordedError("damaged: a message is shorter than its fields")
        channel, sequence, log_time, publish_time = unpack(data, start)
        if first_ns <= log_time <= last_ns and (wanted is None or channel in wanted):
            found.append((log_time, start, end, channel, sequence, publish_time))
    found.sort()
    return found
