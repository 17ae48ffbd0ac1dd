"""What an MCAP file holds and where: from its summary if that says all of it, else by going through the file once."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from robowire_mocks.formats import RecordedError
from robowire_mocks.formats import mcap_records as rec
from robowire_mocks.formats.mcap_chunk import Chunk
from robowire_mocks.formats.mcap_records import HEAD, MAGIC, Op
from robowire_mocks.formats.recorded import RecordedAttachment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from robowire_mocks.formats.rosbag1_records import Source

_MAX_SUMMARY = 512 << 20
_FOOTER = struct.Struct("<QQI")
_END = HEAD.size + _FOOTER.size + len(MAGIC)
_LONGEST_HEAD = 1 << 20


@dataclass(slots=True)
class Index:
    """The contents of a file: `counts` are the messages of each channel, `metadata` the places of its records."""

    schemas: dict[int, rec.Schema] = field(default_factory=dict)
    channels: dict[int, rec.Channel] = field(default_factory=dict)
    chunks: list[Chunk] = field(default_factory=list)
    attachments: list[RecordedAttachment] = field(default_factory=list)
    metadata: list[tuple[int, int]] = field(default_factory=list)
    counts: Counter[int] = field(default_factory=Counter)
    start_ns: int | None = None
    end_ns: int | None = None

    def define(self, op: int, data: rec.Data) -> None:
        """Take in a schema or channel.

        Raises:
            RecordedError: One of this id says something else.
        """
        if op == Op.SCHEMA:
            schema = rec.schema(data)
            if self.schemas.setdefault(schema.id, schema) != schema:
                raise RecordedError(f"damaged: the schema {schema.id} is given in two ways")
        elif op == Op.CHANNEL:
            channel = rec.channel(data)
            if self.channels.setdefault(channel.id, channel) != channel:
                raise RecordedError(f"damaged: the channel {channel.id} is given in two ways")

    @property
    def lacks_schemas(self) -> bool:
        """Whether a channel names a schema that is not there."""
        return not {channel.schema_id for channel in self.channels.values()} <= {0, *self.schemas}

    def span(self, start_ns: int, end_ns: int) -> None:
        """There are messages from `start_ns` to `end_ns`."""
        self.start_ns = start_ns if self.start_ns is None else min(start_ns, self.start_ns)
        self.end_ns = end_ns if self.end_ns is None else max(end_ns, self.end_ns)


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts of a file: data from `start`, a summary from `summary` to `stop`, or none if they are the same."""

    start: int
    summary: int
    stop: int
    summary_crc: int
    profile: str


def read_frame(source: Source) -> Frame:
    """Where the parts of the file are.

    Raises:
        RecordedError: It is no whole MCAP file.
    """
    start = source.some(0, len(MAGIC))
    if start != MAGIC:
        if start.startswith(MAGIC[:5]) and start[6:] == MAGIC[6:]:
            raise RecordedError(f"MCAP version {start[5:6].decode('ascii', 'replace')!r} is not supported, only 0")
        raise RecordedError("not an MCAP file")
    if source.size < len(MAGIC) + _END or source.read(source.size - len(MAGIC), len(MAGIC)) != MAGIC:
        raise RecordedError("truncated: the file does not end as MCAP files do; it was not closed by its recorder")
    # A footer may be longer than its fields, so it is looked for by its length.
    tail = source.read(at := max(source.size - 4096, 0), source.size - at - len(MAGIC))
    for place in range(len(tail) - HEAD.size - _FOOTER.size, -1, -1):
        if HEAD.unpack_from(tail, place) == (Op.FOOTER, len(tail) - place - HEAD.size):
            summary, _, crc = _FOOTER.unpack_from(tail, place + HEAD.size)
            break
    else:
        raise RecordedError("damaged: the file has no footer")
    stop = at + place
    if summary and not len(MAGIC) <= summary <= stop:
        raise RecordedError(f"damaged: the summary should be at byte {summary} of {stop}")
    head, length = HEAD.unpack(source.read(len(MAGIC), HEAD.size))
    if head != Op.HEADER:
        raise RecordedError("damaged: the file does not begin with a header")
    fields = rec.Fields(source.read(len(MAGIC) + HEAD.size, min(length, _LONGEST_HEAD)))
    profile, _ = fields.text(), fields.text()
    return Frame(len(MAGIC) + HEAD.size + length, summary or stop, stop, crc, profile)


def from_summary(source: Source, frame: Frame) -> Index | None:
    """The index that the summary gives, or None if it does not give all of it.

    Raises:
        RecordedError: It is damaged.
    """
    index, statistics, chunks = Index(), None, []
    places: dict[int, list[tuple[int, int]]] = {Op.ATTACHMENT_INDEX: [], Op.METADATA_INDEX: []}
    data = _summary(source, frame)
    for op, start, end in rec.records(data):
        if op == Op.STATISTICS:
            statistics = rec.statistics(data[start:end])
        elif op == Op.CHUNK_INDEX:
            chunks.append(rec.chunk_index(data[start:end]))
        elif op in places:
            fields = rec.Fields(data[start:end])
            places[op].append((fields.number(rec.U64), fields.number(rec.U64)))
        else:
            index.define(op, data[start:end])
    attachments, metadata = (sorted(some) for some in places.values())
    if statistics is None or not _whole(index, statistics, (len(chunks), len(attachments), len(metadata))):
        return None
    index.chunks = [_chunk(one, frame) for one in chunks]
    index.attachments = [read_attachment(source, *place) for place in attachments]
    index.metadata = metadata
    index.counts = Counter(statistics.counts)
    if statistics.messages:
        index.span(statistics.start_ns, statistics.end_ns)
    known = [*attachments, *metadata, *((one.at, one.length + one.indexes_length) for one in chunks)]
    return index if _nothing_between(source, frame, sorted(known)) else None


def _summary(source: Source, frame: Frame) -> memoryview:
    if frame.stop - frame.summary > _MAX_SUMMARY:
        raise RecordedError(f"damaged: the summary would take {frame.stop - frame.summary} bytes")
    raw = source.read(frame.summary, frame.stop - frame.summary)
    # The CRC is over the summary and the footer up to itself.
    up_to = source.read(frame.stop, HEAD.size + 16)
    if raw and frame.summary_crc and zlib.crc32(up_to, zlib.crc32(raw)) != frame.summary_crc:
        raise RecordedError("damaged: the bytes of the summary do not have its CRC")
    return memoryview(raw)


def _whole(index: Index, said: rec.Statistics, found: tuple[int, int, int]) -> bool:
    return (
        (said.chunks, said.attachments, said.metadata) == found
        and (said.schemas, said.channels) == (len(index.schemas), len(index.channels))
        and sum(said.counts.values()) == said.messages
        and said.counts.keys() <= index.channels.keys()
        and not index.lacks_schemas
    )


def _chunk(said: rec.ChunkIndex, frame: Frame) -> Chunk:
    end = said.at + said.length
    if not frame.start <= said.at <= end <= end + said.indexes_length <= frame.summary:
        raise RecordedError(f"damaged: a chunk should be at byte {said.at}")
    if said.start_ns > said.end_ns:
        raise RecordedError(f"damaged: the chunk at byte {said.at} ends before it begins")
    channels = frozenset(said.indexes) or None
    return Chunk(said.at, end, end + said.indexes_length, said.start_ns, said.end_ns, said.size, channels)


def _nothing_between(source: Source, frame: Frame, places: list[tuple[int, int]]) -> bool:
    """Whether what lies between the places that the summary names has no messages, attachments or metadata."""
    at = frame.start
    for start, length in [*places, (frame.summary, 0)]:
        if start < at:
            return False
        while at < start:
            op, size = HEAD.unpack(source.read(at, HEAD.size))
            if op in {Op.MESSAGE, Op.CHUNK, Op.ATTACHMENT, Op.METADATA}:
                return False
            at += HEAD.size + size
        at = max(at, start + length)
    return True


def read_attachment(source: Source, at: int, length: int) -> RecordedAttachment:
    """The attachment whose record is at a place of the file.

    Raises:
        RecordedError: It is not there, or damaged.
    """
    op, size = HEAD.unpack(source.read(at, HEAD.size))
    if op != Op.ATTACHMENT or HEAD.size + size != length:
        raise RecordedError(f"damaged: at byte {at} there is not the attachment that the index names")
    head = rec.attachment_head(source.some(at + HEAD.size, min(size, _LONGEST_HEAD)))
    offset = at + HEAD.size + head.data_at
    if head.data_at + head.size + rec.U32.size > size:
        raise RecordedError("damaged: an attachment is shorter than its data")
    crc: int = rec.U32.unpack(source.read(offset + head.size, rec.U32.size))[0]
    return RecordedAttachment(head.name, head.media_type, head.log_time_ns, head.create_time_ns, head.size, crc, offset)


def disagreement(said: Index, found: Index) -> str | None:
    """What a summary says that is not so, or None."""
    for what, one, other in (
        # Writers may define in the summary alone what no message needs.
        ("schemas", {**said.schemas, **found.schemas}, said.schemas),
        ("channels", {**said.channels, **found.channels}, said.channels),
        ("message counts", _positive(said.counts), _positive(found.counts)),
        ("times", (said.start_ns, said.end_ns), (found.start_ns, found.end_ns)),
        ("chunks", _places(said, found), _places(found, found)),
        ("channels of chunks", _named(said, found), _named(found, found)),
        ("attachments", said.attachments, found.attachments),
        ("metadata", said.metadata, found.metadata),
    ):
        if one != other:
            return what
    return None


def _positive(counts: Mapping[int, int]) -> dict[int, int]:
    return {channel: count for channel, count in counts.items() if count}


def _places(index: Index, found: Index) -> list[tuple[int, ...]]:
    """Where the chunks with messages are, when, and how large."""
    filled = {chunk.at for chunk in found.chunks}
    return sorted(chunk[:2] + chunk[3:6] for chunk in index.chunks if chunk.at in filled)


def _named(index: Index, found: Index) -> list[frozenset[int]]:
    """The channels with messages of each chunk as far as the index names them; it may name others, too."""
    filled = {chunk.at: chunk.channels or frozenset() for chunk in found.chunks}
    return [
        filled[chunk.at] if chunk.channels is None else filled[chunk.at] & chunk.channels
        for chunk in index.chunks
        if chunk.at in filled
    ]
