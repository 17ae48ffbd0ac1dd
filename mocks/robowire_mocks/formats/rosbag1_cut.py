"""Bags cut and joined into one ROS 1 bag, which is made while it is sent.

A bag begins by saying where its index is. So the chunks are laid out first, from the indexes of the bags alone; then
each is sent as it was laid out: as it stands, if all of it is wanted, else with the records that are, uncompressed.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from robowire_mocks.formats import BagError, RecordedError
from robowire_mocks.formats.rosbag1_recorded import BagRecorded
from robowire_mocks.formats.rosbag1_records import MAGIC, SECOND, Op, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from robowire_mocks.formats.mcap_cut import Cut
    from robowire_mocks.formats.recorded import Recorded
    from robowire_mocks.formats.rosbag1 import Bag
    from robowire_mocks.formats.rosbag1_chunk import Entries
    from robowire_mocks.formats.rosbag1_index import Chunk, Connection

_BLOCK = 1 << 20
_HEADER_BYTES = 4096
_U32 = struct.Struct("<I")
_TIME = struct.Struct("<II")
_ENTRY = np.dtype([("secs", "<u4"), ("nsecs", "<u4"), ("offset", "<u4")])


@dataclass(frozen=True, slots=True)
class _Laid:
    """A chunk of the bag that is made: its length with its indexes, what the bag's index says of it, its pieces."""

    length: int
    start_ns: int
    end_ns: int
    counts: Callable[[], Mapping[int, int]]
    pieces: Callable[[], Iterator[bytes]]


def bag_pieces(recordings: Sequence[Recorded], cut: Cut) -> Iterator[bytes]:
    """The bag, piece by piece; memory holds one chunk, and the index entries of chunks that are cut.

    Raises:
        RecordedError: A bag is damaged, or was removed, or a recording is no bag.
    """
    bags = [one.bag for one in recordings if isinstance(one, BagRecorded)]
    if len(bags) != len(recordings):
        raise RecordedError("only bags can be joined into a bag")
    with ExitStack() as files:
        sources = [files.enter_context(bag.source()) for bag in bags]
        numbers = _Numbers(bags, cut.topics)
        parts = [
            _Part(bag, source, numbers.of[place]) for place, (bag, source) in enumerate(zip(bags, sources, strict=True))
        ]
        found = [*_earlier(parts, cut), *(one for part in parts for one in part.within(cut))]
        laid = sorted(found, key=lambda one: one.start_ns)
        defined = [_definitions(numbers.connections, one.start_ns) for one in laid[:1]]
        yield from _written(numbers.connections, [*defined, *laid])


class _Numbers:
    """Gives each connection a number: that of an equal one of another bag, its own if it is free, or a new one."""

    def __init__(self, bags: Sequence[Bag], topics: frozenset[str] | None) -> None:
        self.connections: dict[int, Connection] = {}
        self.of: list[dict[int, int]] = []
        for bag in bags:
            numbers: dict[int, int] = {}
            for connection in bag.connections.values():
                if topics is None or connection.topic in topics:
                    numbers[connection.id] = self._number(connection, set(numbers.values()))
            self.of.append(numbers)

    def _number(self, connection: Connection, taken: set[int]) -> int:
        said = _said(connection)
        for number, known in self.connections.items():
            if number not in taken and _said(known) == said:
                return number
        number = connection.id
        while number in self.connections:
            number = max(self.connections) + 1
        self.connections[number] = connection
        return number


def _said(connection: Connection) -> tuple[object, ...]:
    return (
        connection.topic,
        connection.type,
        connection.md5,
        connection.definition,
        connection.callerid,
        connection.latching,
    )


class _Part:
    """A bag in the bag that is made; `numbers` are those that its connections have there."""

    def __init__(self, bag: Bag, source: Source, numbers: Mapping[int, int]) -> None:
        self.bag = bag
        self.numbers = numbers
        self._source = source
        self._same = all(numbers.get(id_) == id_ for id_ in bag.connections)

    def within(self, cut: Cut) -> Iterator[_Laid]:
        """The chunks with what is within the cut."""
        stop = cut.last_ns + 1
        for chunk in self.bag.chunks(cut.first_ns, stop):
            inside = cut.first_ns <= chunk.start_ns <= chunk.end_ns <= cut.last_ns
            if inside and self._same:
                yield self._whole(chunk)
            else:
                entries = self.bag.entries(self._source, chunk).between(cut.first_ns, stop)
                wanted = np.isin(entries.connections, list(self.numbers))
                if wanted.any():
                    yield self.some(chunk, entries[np.flatnonzero(wanted)])

    def _whole(self, chunk: Chunk) -> _Laid:
        """A chunk as it stands: its record, whose header lies right before the data, and its indexes."""
        header = _header(op=bytes([Op.CHUNK]), compression=chunk.compression, size=_U32.pack(chunk.size))
        head = header + _U32.pack(chunk.data_length)

        def pieces() -> Iterator[bytes]:
            yield head
            for at in range(chunk.data_at, chunk.index_end, _BLOCK):
                yield self._source.read(at, min(_BLOCK, chunk.index_end - at))

        # Only the index of the bag tells the counts, and it comes last.
        counts = partial(self._counts, chunk)
        return _Laid(len(head) + chunk.index_end - chunk.data_at, chunk.start_ns, chunk.end_ns, counts, pieces)

    def _counts(self, chunk: Chunk) -> Mapping[int, int]:
        return Counter(self.bag.entries(self._source, chunk).connections.tolist())

    def some(self, chunk: Chunk, entries: Entries) -> _Laid:
        """A chunk with some of another one's messages, by time."""
        sizes = entries.ends - entries.offsets
        size = int(sizes.sum())
        header = _header(op=bytes([Op.CHUNK]), compression=b"none", size=_U32.pack(size))
        head = header + _U32.pack(size)
        index = _indexes(entries, np.cumsum(sizes) - sizes, self.numbers)

        def pieces() -> Iterator[bytes]:
            yield head
            yield from self._records(chunk, entries)
            yield index

        counts = Counter(self.numbers[id_] for id_ in entries.connections.tolist())
        times = int(entries.times[0]), int(entries.times[-1])
        return _Laid(len(head) + size + len(index), *times, lambda: counts, pieces)

    def _records(self, chunk: Chunk, entries: Entries) -> Iterator[bytes]:
        low, high = int(entries.offsets.min()), int(entries.ends.max())
        data = self.bag.bytes_of(self._source, chunk, low, high)
        columns = entries.offsets - low, entries.ends - low, entries.connections
        for offset, end, id_ in zip(*(column.tolist() for column in columns), strict=True):
            room = bytes(data[offset:end])
            yield room if self.numbers[id_] == id_ else _renumbered(room, self.numbers[id_])

    def latest(self, connection: int, cut: Cut) -> tuple[int, Chunk, Entries] | None:
        """Time, chunk and index entry of a connection's last message before the cut, as far back as is asked for."""
        found = self.bag.last_entry(self._source, connection, cut.first_ns)
        if found is None or (time := int(found[1].times[0])) < (cut.since_ns or 0):
            return None
        return time, *found


def _earlier(parts: Sequence[_Part], cut: Cut) -> list[_Laid]:
    """Of each connection the last message before the cut: a chunk each."""
    latest: dict[int, tuple[int, _Part, Chunk, Entries]] = {}
    for part in parts if cut.since_ns is not None else ():
        for id_, number in part.numbers.items():
            found = part.latest(id_, cut)
            if found is not None and (number not in latest or latest[number][0] <= found[0]):
                latest[number] = found[0], part, *found[1:]
    return [part.some(chunk, entries) for _, part, chunk, entries in latest.values()]


def _definitions(connections: Mapping[int, Connection], at_ns: int) -> _Laid:
    """A chunk of connections alone: readers that go from record to record want them before the first message."""
    data = b"".join(_connection(number, one) for number, one in connections.items())
    size = _U32.pack(len(data))
    record = _header(op=bytes([Op.CHUNK]), compression=b"none", size=size) + size + data
    return _Laid(len(record), at_ns, at_ns, dict, lambda: iter([record]))


def _renumbered(room: bytes, number: int) -> bytes:
    """The records between two index entries, their connection's number replaced; nothing else changes its place."""
    made, at = bytearray(room), 0
    while at < len(room):
        end = at + 4 + _U32.unpack_from(room, at)[0]
        field = at + 4
        while field < end:
            length = _U32.unpack_from(room, field)[0]
            if room[field + 4 : field + 9] == b"conn=" and length == 9:
                _U32.pack_into(made, field + 9, number)
            field += 4 + length
        if field != end or end + 4 > len(room):
            raise BagError("damaged: a record's header is damaged")
        at = end + 4 + _U32.unpack_from(room, end)[0]
    return bytes(made)


def _written(connections: Mapping[int, Connection], laid: Sequence[_Laid]) -> Iterator[bytes]:
    at = len(MAGIC) + _HEADER_BYTES
    index_at = at + sum(one.length for one in laid)
    yield MAGIC + _bag_header(index_at, len(connections), len(laid))
    infos = []
    for one in laid:
        yield from _joined(one.pieces())
        infos.append(_chunk_info(at, one))
        at += one.length
    yield b"".join([*(_connection(number, one) for number, one in connections.items()), *infos])


def _joined(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces that are worth sending."""
    kept: list[bytes] = []
    size = 0
    for piece in pieces:
        kept.append(piece)
        size += len(piece)
        if size >= _BLOCK:
            yield b"".join(kept)
            kept, size = [], 0
    yield b"".join(kept)


def _header(**fields: bytes) -> bytes:
    raw = b"".join(
        _U32.pack(len(name) + 1 + len(value)) + name.encode() + b"=" + value for name, value in fields.items()
    )
    return _U32.pack(len(raw)) + raw


def _bag_header(index_at: int, connections: int, chunks: int) -> bytes:
    counts = {"conn_count": _U32.pack(connections), "chunk_count": _U32.pack(chunks)}
    header = _header(op=bytes([Op.BAG]), index_pos=struct.pack("<Q", index_at), **counts)
    padding = _HEADER_BYTES - len(header) - _U32.size
    return header + _U32.pack(padding) + b" " * padding


def _indexes(entries: Entries, offsets: NDArray[np.int64], numbers: Mapping[int, int]) -> bytes:
    raw: list[bytes] = []
    for id_ in np.unique(entries.connections).tolist():
        chosen = entries.connections == id_
        rows = np.empty(int(chosen.sum()), _ENTRY)
        rows["secs"], rows["nsecs"] = np.divmod(entries.times[chosen], SECOND)
        rows["offset"] = offsets[chosen]
        count = _U32.pack(len(rows))
        header = _header(op=bytes([Op.INDEX]), ver=_U32.pack(1), conn=_U32.pack(numbers[id_]), count=count)
        raw += header, _U32.pack(rows.nbytes), rows.tobytes()
    return b"".join(raw)


def _connection(number: int, one: Connection) -> bytes:
    facts = {
        "topic": one.topic.encode(),
        "type": one.type.encode(),
        "md5sum": one.md5.encode(),
        "message_definition": one.definition.encode(),
    }
    if one.callerid:
        facts["callerid"] = one.callerid.encode()
    if one.latching:
        facts["latching"] = b"1"
    data = _header(**facts)
    return _header(op=bytes([Op.CONNECTION]), conn=_U32.pack(number), topic=one.topic.encode()) + data


def _chunk_info(at: int, one: _Laid) -> bytes:
    counted = one.counts()
    counts = b"".join(_U32.pack(id_) + _U32.pack(count) for id_, count in counted.items())
    header = _header(
        op=bytes([Op.CHUNK_INFO]),
        ver=_U32.pack(1),
        chunk_pos=struct.pack("<Q", at),
        start_time=_TIME.pack(*divmod(one.start_ns, SECOND)),
        end_time=_TIME.pack(*divmod(one.end_ns, SECOND)),
        count=_U32.pack(len(counted)),
    )
    return header + _U32.pack(len(counts)) + counts
