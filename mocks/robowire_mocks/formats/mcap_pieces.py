"""An MCAP file written piece by piece: nothing is kept of it but what its summary will say."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from robowire_mocks.formats.mcap_records import HEAD, MAGIC, MESSAGE, U16, U32, U64, ChunkIndex, Op

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from robowire_mocks.formats.mcap_picked import Picked
    from robowire_mocks.formats.recorded import RecordedAttachment, RecordedChannel, RecordedMessage

# The C library gives the memory of a large block back at once, until it has seen a larger one freed, and takes that of
# the next chunk anew, page by page, which costs more than all else here. This one is never touched.
bytes(8 << 20)

LIBRARY: str = "robowire"
CHUNK: int = 1 << 20
"""Bytes of messages after which a chunk ends."""
_KEPT_FOR = 4
"""How many times as long as a message the chunk may be that it keeps in memory; of a longer one it is copied."""
_MESSAGE_HEAD = struct.Struct("<BQHIQQ")
_MESSAGE = int(Op.MESSAGE)
_CHUNK_HEAD = struct.Struct("<QQQIIQ")
_CHUNK_INDEX = struct.Struct("<QQQQ")
_STATISTICS = struct.Struct("<QHIIIIQQ")


def record(op: Op, *parts: bytes) -> bytes:
    """A record with these bytes."""
    content = b"".join(parts)
    return HEAD.pack(op, len(content)) + content


def text(value: str) -> bytes:
    """A string with its length."""
    raw = value.encode()
    return U32.pack(len(raw)) + raw


def texts(values: Mapping[str, str]) -> bytes:
    """A map of strings."""
    raw = b"".join(text(key) + text(value) for key, value in values.items())
    return U32.pack(len(raw)) + raw


@dataclass(slots=True)
class Growing:
    """The chunk that is being filled: its records, their times, and where the messages of each channel stand."""

    parts: list[bytes | memoryview] = field(default_factory=list)
    size: int = 0
    start_ns: int = 0
    end_ns: int = 0
    index: dict[int, list[int]] = field(default_factory=dict)

    def add(self, channel: int, message: RecordedMessage) -> None:
        """Append a message; it is not earlier than the one before."""
        log_time, publish_time, sequence, _, data = message
        # What it views is the chunk as it was read or unpacked, as bytes.
        if isinstance(data, memoryview) and _KEPT_FOR * len(data) < len(data.obj):  # type: ignore[arg-type]
            data = bytes(data)
        length = MESSAGE.size + len(data)
        if not self.parts:
            self.start_ns = log_time
        self.end_ns = log_time
        if (places := self.index.get(channel)) is None:
            places = self.index[channel] = []
        places += log_time, self.size
        self.parts += _MESSAGE_HEAD.pack(_MESSAGE, length, channel, sequence, log_time, publish_time), data
        self.size += HEAD.size + length

    def take(self, picked: Picked) -> None:
        """Append records of messages; none is earlier than the one before."""
        if not self.parts:
            self.start_ns = int(picked.times[0])
        self.end_ns = int(picked.times[-1])
        for channel, places in picked.places(self.size):
            self.index.setdefault(channel, []).extend(places)
        self.parts.append(picked.data)
        self.size += len(picked.data)


class Pieces:
    """Makes the pieces of a file; each must be sent before the next is asked for, in that order."""

    def __init__(self, profile: str) -> None:
        self._at = 0
        self._profile = profile
        self._definitions: list[bytes] = []
        self._schemas = self._channels = 0
        self._chunks: list[ChunkIndex] = []
        self._attachments: list[bytes] = []
        self._metadata: list[bytes] = []
        self._counts: Counter[int] = Counter()
        self._growing = Growing()

    def begin(self, channels: Iterable[RecordedChannel]) -> bytes:
        """Magic, header, and the definitions of all channels with their schemas: so they stand before any message."""
        seen: set[int] = set()
        for channel in channels:
            if channel.schema_id and channel.schema_id not in seen:
                seen.add(channel.schema_id)
                names = text(channel.schema_name) + text(channel.schema_encoding)
                data = U32.pack(len(channel.schema_data)) + channel.schema_data
                self._definitions.append(record(Op.SCHEMA, U16.pack(channel.schema_id), names, data))
            ids = U16.pack(channel.id) + U16.pack(channel.schema_id)
            names = text(channel.topic) + text(channel.message_encoding)
            self._definitions.append(record(Op.CHANNEL, ids, names, texts(channel.metadata)))
            self._channels += 1
        self._schemas = len(seen)
        return self._sent(MAGIC + record(Op.HEADER, text(self._profile), text(LIBRARY)) + b"".join(self._definitions))

    def metadata(self, name: str, content: Mapping[str, str]) -> bytes:
        """A metadata record."""
        raw = record(Op.METADATA, text(name), texts(content))
        place = U64.pack(self._at) + U64.pack(len(raw))
        self._metadata.append(record(Op.METADATA_INDEX, place, text(name)))
        return self._sent(raw)

    def attachment(self, one: RecordedAttachment, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """An attachment whose bytes are `blocks`."""
        times = U64.pack(one.log_time_ns) + U64.pack(one.create_time_ns)
        names, size = text(one.name) + text(one.media_type), U64.pack(one.size)
        length = len(times) + len(names) + len(size) + one.size + U32.size
        place = U64.pack(self._at) + U64.pack(HEAD.size + length)
        self._attachments.append(record(Op.ATTACHMENT_INDEX, place, times, size, names))
        yield self._sent(HEAD.pack(Op.ATTACHMENT, length) + times + names + size)
        for block in blocks:
            yield self._sent(block)
        yield self._sent(U32.pack(one.crc))

    def message(self, channel: int, message: RecordedMessage) -> bytes:
        """Append a message, not earlier than the one before; the chunk, once it is full."""
        self._growing.add(channel, message)
        self._counts[channel] += 1
        return self.flush() if self._growing.size >= CHUNK else b""

    def picked(self, picked: Picked) -> bytes:
        """Append messages as they stand in another file, as `message` does."""
        self._growing.take(picked)
        for channel, count in zip(*np.unique(picked.channels, return_counts=True), strict=True):
            self._counts[int(channel)] += int(count)
        return self.flush() if self._growing.size >= CHUNK else b""

    def flush(self) -> bytes:
        """The chunk with the messages since the last one, and its indexes."""
        chunk, self._growing = self._growing, Growing()
        if not chunk.parts:
            return b""
        data = b"".join(chunk.parts)
        head = _CHUNK_HEAD.pack(chunk.start_ns, chunk.end_ns, len(data), zlib.crc32(data), 0, len(data))
        indexes = [(id_, _message_index(id_, places)) for id_, places in sorted(chunk.index.items())]
        at, length = self._at, HEAD.size + len(head) + len(data)
        places = {}
        place = at + length
        for id_, raw in indexes:
            places[id_] = place
            place += len(raw)
        times = chunk.start_ns, chunk.end_ns
        self._chunks.append(ChunkIndex(*times, at, length, places, place - at - length, "", len(data), len(data)))
        parts = HEAD.pack(Op.CHUNK, len(head) + len(data)), head, data, *(raw for _, raw in indexes)
        return self._sent(b"".join(parts))

    def passed(self, chunk: ChunkIndex, counts: Mapping[int, int], blocks: Iterable[bytes]) -> Iterator[bytes]:
        """A chunk with its message indexes as it stands in another file, where `chunk` describes it."""
        moved = self._at - chunk.at
        indexes = {channel: place + moved for channel, place in chunk.indexes.items()}
        self._chunks.append(chunk._replace(at=self._at, indexes=indexes))
        self._counts.update(counts)
        for block in blocks:
            yield self._sent(block)

    def end(self) -> bytes:
        """The last chunk, the end of the data, the summary and the footer."""
        raw = self.flush() + self._sent(record(Op.DATA_END, U32.pack(0)))
        summary_at = self._at
        groups: list[tuple[Op, list[bytes]]] = [
            (op, [raw for raw in self._definitions if raw[0] == op]) for op in (Op.SCHEMA, Op.CHANNEL)
        ]
        groups += [
            (Op.STATISTICS, [self._statistics()]),
            (Op.CHUNK_INDEX, [_chunk_index(chunk) for chunk in self._chunks]),
            (Op.ATTACHMENT_INDEX, self._attachments),
            (Op.METADATA_INDEX, self._metadata),
        ]
        summary, offsets = b"", b""
        for op, records in groups:
            group = b"".join(records)
            if group:
                place = U64.pack(summary_at + len(summary)) + U64.pack(len(group))
                offsets += record(Op.SUMMARY_OFFSET, bytes([op]), place)
            summary += group
        footer = HEAD.pack(Op.FOOTER, 20) + U64.pack(summary_at) + U64.pack(summary_at + len(summary))
        summary += offsets + footer
        return raw + summary + U32.pack(zlib.crc32(summary)) + MAGIC

    def _statistics(self) -> bytes:
        filled = [chunk for chunk in self._chunks if chunk.indexes]
        times = min((one.start_ns for one in filled), default=0), max((one.end_ns for one in filled), default=0)
        numbers = self._schemas, self._channels, len(self._attachments), len(self._metadata), len(self._chunks)
        head = _STATISTICS.pack(self._counts.total(), *numbers, *times)
        counts = b"".join(U16.pack(channel) + U64.pack(count) for channel, count in sorted(self._counts.items()))
        return record(Op.STATISTICS, head, U32.pack(len(counts)), counts)

    def _sent(self, raw: bytes) -> bytes:
        self._at += len(raw)
        return raw


def _message_index(channel: int, places: list[int]) -> bytes:
    raw = struct.pack(f"<{len(places)}Q", *places)
    return record(Op.MESSAGE_INDEX, U16.pack(channel), U32.pack(len(raw)), raw)


def _chunk_index(chunk: ChunkIndex) -> bytes:
    place = _CHUNK_INDEX.pack(chunk.start_ns, chunk.end_ns, chunk.at, chunk.length)
    indexes = b"".join(U16.pack(channel) + U64.pack(at) for channel, at in chunk.indexes.items())
    sizes = U64.pack(chunk.compressed) + U64.pack(chunk.size)
    length = U64.pack(chunk.indexes_length)
    return record(Op.CHUNK_INDEX, place, U32.pack(len(indexes)), indexes, length, text(chunk.compression), sizes)
