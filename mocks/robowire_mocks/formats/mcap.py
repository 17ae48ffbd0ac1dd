"""A reader of MCAP files whose costs follow what is asked for, not the size of the file."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from robowire_mocks.formats import RecordedError
from robowire_mocks.formats import mcap_records as rec
from robowire_mocks.formats.mcap_chunk import Chunk, Entry, content, entries
from robowire_mocks.formats.mcap_index import Frame, Index, disagreement, from_summary, read_frame
from robowire_mocks.formats.mcap_records import HEAD, MESSAGE, Op
from robowire_mocks.formats.mcap_scan import scanned
from robowire_mocks.formats.merging import Stretch, merged
from robowire_mocks.formats.recorded import Kind, RecordedAttachment, RecordedChannel, RecordedMessage
from robowire_mocks.formats.rosbag1_records import Source, Version

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_BLOCK = 1 << 20
_EVER = 1 << 64


@dataclass(frozen=True, slots=True)
class Mcap:
    """An open MCAP file: its index in memory, its messages in the file."""

    path: Path
    kind: Kind
    size: int
    channels: tuple[RecordedChannel, ...]
    message_count: int
    start_ns: int | None
    end_ns: int | None
    attachments: tuple[RecordedAttachment, ...]
    chunks: tuple[Chunk, ...]
    profile: str
    _metadata: tuple[tuple[int, int], ...]
    _version: Version
    _by_id: Mapping[int, RecordedChannel]

    @classmethod
    def open(cls, path: Path, *, verify: bool = False) -> Mcap:
        """Read the file's summary, at a cost of the number of chunks; without a whole one, the file once.

        With `verify` all of the file is read and checked: CRCs, every chunk, and what the summary says of them.

        Raises:
            RecordedError: It cannot be read as MCAP, or is damaged.
        """
        with Source(path) as source:
            frame = read_frame(source)
            index = from_summary(source, frame)
            if verify:
                index = _verified(source, frame, index)
            return cls._of(path, source, frame, index or scanned(source, frame))

    @classmethod
    def _of(cls, path: Path, source: Source, frame: Frame, index: Index) -> Mcap:
        none = rec.Schema(0, "", "", b"")
        channels = tuple(
            RecordedChannel(
                channel.id,
                channel.topic,
                channel.message_encoding,
                *(schema.name, schema.encoding, schema.data, schema.id),
                metadata=channel.metadata,
                message_count=index.counts[channel.id],
            )
            for channel in index.channels.values()
            for schema in (index.schemas.get(channel.schema_id, none),)
        )
        chunks = tuple(sorted(index.chunks, key=lambda chunk: (chunk.start_ns, chunk.at)))
        return cls(
            path,
            Kind.MCAP,
            source.size,
            channels,
            index.counts.total(),
            index.start_ns,
            index.end_ns,
            tuple(index.attachments),
            chunks,
            frame.profile,
            tuple(index.metadata),
            source.version,
            {channel.id: channel for channel in channels},
        )

    def source(self) -> Source:
        """The file, if it is still the one that was opened; to be closed."""
        return Source(self.path, self._version)

    def _opened(self, source: Source | None) -> AbstractContextManager[Source]:
        return self.source() if source is None else nullcontext(source)

    def metadata(self) -> tuple[tuple[str, Mapping[str, str]], ...]:
        """Name and content of the metadata records, in the order of the file."""
        with self.source() as source:
            return tuple(_metadata(source, at, length) for at, length in self._metadata)

    def attachment_data(self, attachment: RecordedAttachment, source: Source | None = None) -> Iterator[bytes]:
        """The bytes of an attachment, piece by piece."""
        with self._opened(source) as file:
            for at in range(attachment.offset, end := attachment.offset + attachment.size, _BLOCK):
                yield file.read(at, min(_BLOCK, end - at))

    def messages(
        self,
        start_ns: int | None = None,
        end_ns: int | None = None,
        topics: Collection[str] | None = None,
        source: Source | None = None,
    ) -> Iterator[RecordedMessage]:
        """Those with start_ns <= log time <= end_ns, of some topics, by log time; ties as they stand in the file.

        Raises:
            RecordedError: A chunk that may hold such messages is damaged.
        """
        first, last = start_ns or 0, _EVER if end_ns is None else end_ns
        wanted = self.wanted(topics)
        with self._opened(source) as file:
            chunks = self.overlapping(first, last, wanted)
            yield from merged(self.stretch(file, chunk, first, last, wanted) for chunk in chunks)

    def wanted(self, topics: Collection[str] | None) -> frozenset[int] | None:
        """The ids of the channels of some topics; None stands for all."""
        return None if topics is None else frozenset(one.id for one in self.channels if one.topic in topics)

    def overlapping(self, first: int, last: int, wanted: frozenset[int] | None) -> list[Chunk]:
        """The chunks that may have messages of some channels in a range, in the order in which they begin."""
        return [
            chunk
            for chunk in self.chunks
            if chunk.start_ns <= last
            and chunk.end_ns >= first
            and (wanted is None or chunk.channels is None or not wanted.isdisjoint(chunk.channels))
        ]

    def stretch(self, source: Source, chunk: Chunk, first: int, last: int, wanted: frozenset[int] | None) -> Stretch:
        """A chunk's messages of some channels with first <= log time <= last; keep `source` open until they are had."""

        def run() -> Iterator[RecordedMessage]:
            data = content(source, chunk)
            for entry in entries(data, first, last, wanted):
                yield _message(data, entry, self._by_id)

        return Stretch(chunk.start_ns, chunk.end_ns, chunk.size, run)

    def latest_before(
        self, start_ns: int, since_ns: int, topics: Collection[str] | None = None, source: Source | None = None
    ) -> list[RecordedMessage]:
        """Of each channel its last message with since_ns <= log time < start_ns, by log time.

        Raises:
            RecordedError: A chunk that may hold such messages is damaged.
        """
        wanted = self.wanted(topics)
        missing = {one.id for one in self.channels if one.message_count and (wanted is None or one.id in wanted)}
        found: dict[int, RecordedMessage] = {}
        chunks = self.overlapping(since_ns, start_ns - 1, wanted)
        with self._opened(source) as file:
            # Those that end last come first: a chunk that ends before what was found cannot have anything later.
            for chunk in sorted(chunks, key=lambda one: (one.end_ns, one.at), reverse=True):
                here = missing if chunk.channels is None else missing & chunk.channels
                open_ = {id_ for id_ in here if id_ not in found or found[id_].log_time_ns <= chunk.end_ns}
                if open_:
                    data = content(file, chunk)
                    for entry in entries(data, since_ns, start_ns - 1, frozenset(open_)):
                        message = _message(data, entry, self._by_id)
                        known = found.get(message.channel.id)
                        if known is None or known.log_time_ns <= message.log_time_ns:
                            found[message.channel.id] = message
                    # The chunk need not stay in memory for them.
                    for id_ in open_ & found.keys():
                        found[id_] = found[id_]._replace(data=bytes(found[id_].data))
        return sorted(found.values(), key=lambda one: one.log_time_ns)


def _message(data: memoryview, entry: Entry, channels: Mapping[int, RecordedChannel]) -> RecordedMessage:
    log_time, start, end, channel_id, sequence, publish_time = entry
    try:
        channel = channels[channel_id]
    except KeyError:
        raise RecordedError(f"damaged: a message is of the unknown channel {channel_id}") from None
    return RecordedMessage(log_time, publish_time, sequence, channel, data[start + MESSAGE.size : end])


def _metadata(source: Source, at: int, length: int) -> tuple[str, Mapping[str, str]]:
    record = source.read(at, length)
    if HEAD.unpack_from(record) != (Op.METADATA, length - HEAD.size):
        raise RecordedError(f"damaged: at byte {at} there is not the metadata that the index names")
    return rec.metadata(memoryview(record)[HEAD.size :])


def _verified(source: Source, frame: Frame, said: Index | None) -> Index:
    found = scanned(source, frame)
    if said is not None and (what := disagreement(said, found)):
        raise RecordedError(f"damaged: the summary's {what} are not those of the data")
    for one in found.attachments:
        _check_attachment(source, one)
    _check_data(source, frame)
    return said or found


def _check_attachment(source: Source, attachment: RecordedAttachment) -> None:
    """The CRC is over all fields before it."""
    if attachment.crc:
        length = 20 + len(attachment.name.encode()) + 4 + len(attachment.media_type.encode()) + 8
        start = attachment.offset - length
        if _crc(source, start, attachment.offset + attachment.size) != attachment.crc:
            raise RecordedError(f"damaged: the attachment {attachment.name[:80]!r} does not have its CRC")


def _check_data(source: Source, frame: Frame) -> None:
    """The CRC in the record that ends the data is over all before that record."""
    at = frame.start
    tail = source.read(start := max(frame.summary - 4096, at), frame.summary - start)
    for place in range(len(tail) - HEAD.size - rec.U32.size, -1, -1):
        if HEAD.unpack_from(tail, place) == (Op.DATA_END, len(tail) - place - HEAD.size):
            crc: int = rec.U32.unpack_from(tail, place + HEAD.size)[0]
            if crc and _crc(source, 0, start + place) != crc:
                raise RecordedError("damaged: the bytes of the data section do not have its CRC")
            return


def _crc(source: Source, start: int, stop: int) -> int:
    crc = 0
    for at in range(start, stop, _BLOCK):
        crc = zlib.crc32(source.read(at, min(_BLOCK, stop - at)), crc)
    return crc
