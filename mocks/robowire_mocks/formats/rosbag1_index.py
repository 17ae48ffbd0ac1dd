"""The index of a ROS 1 bag: what its first record and its last records say, checked against the file's size."""

import struct
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from robowire_mocks.formats import BagError
from robowire_mocks.formats.rosbag1_records import (
    MAGIC,
    Header,
    Op,
    Source,
    expect,
    header_at,
    header_fields,
    number,
    text,
    time_ns,
)

MAX_CHUNK: Mapping[bytes, int] = MappingProxyType(
    {b"none": (1 << 30) + (64 << 20), b"bz2": 256 << 20, b"lz4": 256 << 20}
)
"""The largest chunk that is read of each compression, in bytes after decompression; most are of 768 KiB."""
_MAX_INDEX = 256 << 20
_MAX_EXPANSION = 1000
_ALWAYS_BELIEVED = 1 << 30
SMALLEST_MESSAGE = 46
"""Bytes of a message record without data: two lengths and the fields op, conn and time."""
_COUNT = struct.Struct("<II")


@dataclass(frozen=True, slots=True)
class Connection:
    """A publisher's connection to a topic. `definition` is the full text of its message type."""

    id: int
    topic: str
    type: str
    md5: str
    definition: str
    callerid: str = ""
    latching: bool = False


class Chunk(NamedTuple):
    """A chunk: where it and its index records stand in the file, and when its messages were recorded.

    `size` counts the bytes after decompression. (A tuple, since a large bag has many.)
    """

    number: int
    start_ns: int
    end_ns: int
    messages: int
    connections: int
    compression: bytes
    size: int
    data_at: int
    data_length: int
    index_end: int

    @property
    def index_at(self) -> int:
        """Where its index records begin: right behind its data."""
        return self.data_at + self.data_length


class _Info(NamedTuple):
    position: int
    start_ns: int
    end_ns: int
    counts: bytes


@dataclass(frozen=True, slots=True)
class Index:
    """Connections by id; chunks in the order of the file; of each connection its chunks and its number of messages."""

    connections: Mapping[int, Connection]
    chunks: tuple[Chunk, ...]
    chunks_of: Mapping[int, "array[int]"]
    counts: Mapping[int, int]


def read_index(source: Source) -> Index:
    """Read a bag's index at a cost of its number of chunks.

    Raises:
        BagError: The file is not a readable bag, or its index disagrees with itself or with the file.
    """
    first, header_end = _bag_header(source)
    index_at = number(first, b"index_pos", 8)
    if index_at == 0:
        raise BagError("unindexed: the bag was not closed by its recorder; reindex it")
    if not header_end <= index_at <= source.size:
        raise BagError(f"truncated or damaged: the index should be at byte {index_at} of {source.size}")
    if source.size - index_at > _MAX_INDEX:
        raise BagError(f"damaged: the index would take {source.size - index_at} bytes")
    records = _records(source.read(index_at, source.size - index_at))
    connections = _connections(records, number(first, b"conn_count"))
    infos = _infos(records, number(first, b"chunk_count"))
    if next(records, None) is not None:
        raise BagError("damaged: the index holds more records than the bag's header counts")
    chunks = tuple(_chunks(source, infos, header_end, index_at))
    _check_expansion(source, chunks)
    return Index(connections, chunks, _chunks_of(infos, connections), _counts(infos))


def _bag_header(source: Source) -> tuple[dict[bytes, bytes], int]:
    start = source.some(0, len(MAGIC))
    if not start:
        raise BagError("the file is empty")
    if start != MAGIC:
        version = start.removeprefix(b"#ROSBAG V").strip()
        if version == start.strip() or not start.endswith(b"\n"):
            raise BagError("not a ROS 1 bag: the file does not begin with #ROSBAG V2.0")
        raise BagError(f"bag format version {version.decode('ascii', 'replace')} is not supported, only 2.0")
    header = source.header(len(MAGIC))
    expect(header, Op.BAG, "the bag's header")
    if encryptor := header.fields.get(b"encryptor"):
        raise BagError(f"encrypted with {encryptor.decode('utf-8', 'replace')}")
    return header.fields, header.data_end


def _records(section: bytes) -> Iterator[tuple[Header, bytes]]:
    at = 0
    while at < len(section):
        header = header_at(section, at)
        at = header.data_end
        if at > len(section):
            raise BagError("truncated: the file ends within its index")
        yield header, section[header.data_at : at]


def _take(records: Iterator[tuple[Header, bytes]], count: int, op: Op, what: str) -> Iterator[tuple[Header, bytes]]:
    for place in range(count):
        record = next(records, None)
        if record is None:
            raise BagError(f"truncated or damaged: the index has {place} of {count} {what} records")
        expect(record[0], op, f"{what} record {place + 1} of {count}")
        yield record


def _connections(records: Iterator[tuple[Header, bytes]], count: int) -> Mapping[int, Connection]:
    connections: dict[int, Connection] = {}
    for header, data in _take(records, count, Op.CONNECTION, "connection"):
        connection = _connection(header, header_fields(data))
        if connection.id in connections:
            raise BagError(f"damaged: connection {connection.id} is described twice")
        connections[connection.id] = connection
    return MappingProxyType(connections)


def _connection(header: Header, fields: dict[bytes, bytes]) -> Connection:
    return Connection(
        id=number(header.fields, b"conn"),
        topic=text(header.fields, b"topic"),
        type=text(fields, b"type"),
        md5=text(fields, b"md5sum"),
        # Comments in definitions are written in any encoding.
        definition=fields.get(b"message_definition", b"").decode("utf-8", "replace"),
        callerid=fields.get(b"callerid", b"").decode("utf-8", "replace"),
        latching=fields.get(b"latching") == b"1",
    )


def _infos(records: Iterator[tuple[Header, bytes]], count: int) -> list[_Info]:
    infos = []
    for header, data in _take(records, count, Op.CHUNK_INFO, "chunk info"):
        if (version := number(header.fields, b"ver")) != 1:
            raise BagError(f"chunk info version {version} is not supported, only 1")
        if len(data) != _COUNT.size * number(header.fields, b"count"):
            raise BagError("damaged: a chunk info's count disagrees with its length")
        start, end = time_ns(header.fields, b"start_time"), time_ns(header.fields, b"end_time")
        infos.append(_Info(number(header.fields, b"chunk_pos", 8), start, end, data))
    return sorted(infos, key=lambda info: info.position)


def _chunks(source: Source, infos: list[_Info], begin: int, index_at: int) -> Iterator[Chunk]:
    """The chunks, which follow each other in the file without overlap."""
    positions = [*(info.position for info in infos), index_at]
    for place, (info, end) in enumerate(zip(infos, positions[1:], strict=True)):
        if not begin <= info.position < end:
            raise BagError(f"damaged: chunk {place + 1} cannot be at byte {info.position}")
        yield _chunk(source, place, info, end)


def _chunk(source: Source, place: int, info: _Info, end: int) -> Chunk:
    header = source.header(info.position)
    expect(header, Op.CHUNK, f"chunk {place + 1}")
    compression = header.fields.get(b"compression", b"")
    size = number(header.fields, b"size")
    messages = sum(count for _, count in _COUNT.iter_unpack(info.counts))
    if compression not in MAX_CHUNK:
        raise BagError(f"chunk {place + 1} has unknown compression {compression.decode('utf-8', 'replace')!r}")
    if size > MAX_CHUNK[compression]:
        raise BagError(f"chunk {place + 1} would take {size} bytes; at most {MAX_CHUNK[compression]} are read")
    if (
        header.data_end > end
        or (compression == b"none" and size != header.data_length)
        or messages * SMALLEST_MESSAGE > size
        or (messages and info.start_ns > info.end_ns)
    ):
        raise BagError(f"damaged: chunk {place + 1} disagrees with what the index says of it")
    connections = len(info.counts) // _COUNT.size
    place_and_times = (place, info.start_ns, info.end_ns, messages, connections)
    return Chunk(*place_and_times, compression, size, header.data_at, header.data_length, end)


def _check_expansion(source: Source, chunks: tuple[Chunk, ...]) -> None:
    """Refuse a bag made to be small on disk and endless in memory."""
    if sum(chunk.size for chunk in chunks) > _ALWAYS_BELIEVED + _MAX_EXPANSION * source.size:
        raise BagError("damaged: the chunks would grow out of all proportion when decompressed")


def _chunks_of(infos: list[_Info], connections: Mapping[int, Connection]) -> Mapping[int, "array[int]"]:
    chunks_of = {connection: array("I") for connection in connections}
    try:
        for place, info in enumerate(infos):
            for connection, count in _COUNT.iter_unpack(info.counts):
                if count:
                    chunks_of[connection].append(place)
    except KeyError as error:
        raise BagError(f"damaged: the index counts messages of an unknown connection {error}") from None
    return MappingProxyType(chunks_of)


def _counts(infos: list[_Info]) -> Mapping[int, int]:
    counts: Counter[int] = Counter()
    for info in infos:
        for connection, count in _COUNT.iter_unpack(info.counts):
            counts[connection] += count
    return MappingProxyType(counts)
