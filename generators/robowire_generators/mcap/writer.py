"""Writes MCAP files to any stream, of any size in bounded memory; many small messages at once, as numpy arrays."""

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from robowire_generators.mcap import records
from robowire_generators.mcap.checksum import combined, crc32
from robowire_generators.mcap.chunk import NEVER, Chunk, Compression, compressor, message_rows
from robowire_generators.mcap.records import MAGIC, Opcode

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

__all__ = ["Compression", "McapWriter"]

# The C library gives the memory of a large block back at once, until it has seen a larger one freed, and takes that of
# the next chunk anew, page by page, which costs more than to compress it. This one is never touched.
bytes(30 * 1024 * 1024)

MAX_ID = 2**16 - 1
"""Channels and schemas are numbered in 16 bits."""

NO_WORDS: Mapping[str, str] = MappingProxyType({})

LIBRARY = "robowire"


class Sink(Protocol):
    """What a file is written to; it is only ever appended to."""

    def write(self, octets: bytes, /) -> object:
        """Take in all of the bytes."""


class McapWriter:
    """Writes one MCAP file; what waits for a full chunk and the index of the chunks is all that is held.

    Args:
        stream: Where to; stays open.
        chunk_size: Bytes of records that fill a chunk; None for a file without chunks.
        compression: Of the chunks.
        index: Whether to write indexes of messages, chunks, attachments and metadata.
        statistics: Whether to write the statistics.
        crcs: Whether to write CRCs, of each chunk, each attachment, the data section and the summary.
        repeat: Whether to repeat schemas and channels in the summary.
        profile: Such as `ros1`, `ros2` or none.
        library: What the file says of its writer.
    """

    def __init__(
        self,
        stream: Sink,
        *,
        chunk_size: int | None = 1024 * 1024,
        compression: Compression = Compression.ZSTD,
        index: bool = True,
        statistics: bool = True,
        crcs: bool = True,
        repeat: bool = True,
        profile: str = "",
        library: str = LIBRARY,
    ) -> None:
        self.size = 0
        self.chunks_written = 0
        self._stream = stream
        self._chunk_size = chunk_size
        self._compression = Compression(compression)
        self._compress = compressor(self._compression)
        self._index, self._statistics, self._crcs, self._repeat = index, statistics, crcs, repeat
        self._crc = 0
        self._chunk = Chunk()
        self._start_ns, self._end_ns = NEVER, -1
        self._schemas: dict[int, bytes] = {}
        self._channels: dict[int, bytes] = {}
        self._counts: dict[int, int] = defaultdict(int)
        self._indexes: dict[Opcode, list[bytes]] = defaultdict(list)
        self._attachments = self._metadata = 0
        self._write(MAGIC + records.header(profile, library))

    def schema(self, name: str, encoding: str, data: bytes) -> int:
        """Tell what messages look like.

        Returns:
            Its id, for `channel`; from 1.
        """
        schema_id = _free(None, self._schemas)
        self._schemas[schema_id] = records.schema(schema_id, name, encoding, data)
        self._declare(self._schemas[schema_id])
        return schema_id

    def channel(
        self,
        topic: str,
        message_encoding: str,
        schema_id: int,
        metadata: Mapping[str, str] = NO_WORDS,
        *,
        channel_id: int | None = None,
    ) -> int:
        """Tell where messages come from.

        Args:
            topic: Its name.
            message_encoding: Such as `cdr`.
            schema_id: From `schema`; 0 for none.
            metadata: Words about the channel.
            channel_id: Its number; the next free one, from 1, by default.

        Returns:
            Its id, for `message`.

        Raises:
            ValueError: The id is taken.
        """
        channel_id = _free(channel_id, self._channels)
        octets = records.channel(channel_id, schema_id, topic, message_encoding, metadata)
        self._channels[channel_id] = octets
        self._declare(octets)
        return channel_id

    def message(
        self, channel_id: int, log_time_ns: int, data: bytes, publish_time_ns: int | None = None, sequence: int = 0
    ) -> None:
        """Write a message; it was published when it was logged unless told otherwise."""
        published = log_time_ns if publish_time_ns is None else publish_time_ns
        if self._chunk_size is None:
            self._count(channel_id, 1, log_time_ns, log_time_ns)
            length = records.MESSAGE_FIELDS + len(data)
            self._write(
                records.pack_message(records.MESSAGE, length, channel_id, sequence, log_time_ns, published) + data
            )
            return
        chunk = self._chunk
        chunk.message(channel_id, sequence, log_time_ns, published, data)
        if chunk.size >= self._chunk_size:
            self._end_chunk()

    def messages(
        self,
        channel_id: int,
        log_times: "NDArray[Any]",
        data: "NDArray[Any]",
        publish_times: "NDArray[Any] | None" = None,
        first_sequence: int = 0,
    ) -> None:
        """Write many messages of one size at once.

        Args:
            channel_id: Of all.
            log_times: ns, one for each.
            data: The messages: a structured array, or bytes of shape (messages, size).
            publish_times: ns, likewise; the log times by default.
            first_sequence: Of the first; the others count on.
        """
        import numpy as np  # only where many messages are written at once

        count = len(log_times)
        octets = np.ascontiguousarray(data).view(np.uint8).reshape(count, -1)
        published = log_times if publish_times is None else publish_times
        sequences = np.arange(first_sequence, first_sequence + count)
        done = 0
        while done < count:
            part = slice(done, done + self._room(octets.shape[1]))
            rows = message_rows(channel_id, log_times[part], published[part], sequences[part], octets[part])
            self._take(channel_id, rows)
            done += len(rows)

    def attachment(self, name: str, media_type: str, data: bytes, log_time_ns: int, create_time_ns: int = 0) -> None:
        """Write a file within the file; a create time of 0 is one that nobody knows."""
        self._end_chunk()
        octets = records.attachment(name, media_type, data, log_time_ns, create_time_ns, crc=self._crcs)
        place = (self.size, len(octets))
        self._write(octets)
        self._attachments += 1
        found = records.attachment_index(place, log_time_ns, create_time_ns, len(data), name, media_type)
        self._indexes[Opcode.ATTACHMENT_INDEX].append(found)

    def metadata(self, name: str, values: Mapping[str, str]) -> None:
        """Write words about the recording."""
        self._end_chunk()
        octets = records.metadata(name, values)
        place = (self.size, len(octets))
        self._write(octets)
        self._metadata += 1
        self._indexes[Opcode.METADATA_INDEX].append(records.metadata_index(place, name))

    def finish(self) -> None:
        """Write what waits and the summary; nothing can be written after this."""
        self._end_chunk()
        self._write(records.data_end(self._crc if self._crcs else 0))
        start = self.size
        groups = {opcode: b"".join(octets) for opcode, octets in self._groups().items()}
        summary = b"".join(groups.values())
        offsets_start = start + len(summary)
        at = start
        for opcode, octets in groups.items():
            summary += records.summary_offset(opcode, at, len(octets)) if octets else b""
            at += len(octets)
        place = (start, offsets_start) if summary else (0, 0)
        self._write(summary + records.footer(*place, summary if self._crcs else None) + MAGIC)

    @property
    def waiting(self) -> int:
        """Bytes that wait for their chunk to be full; 0 where they are still to be compressed."""
        return self._chunk.size if self._compression is Compression.NONE else 0

    def _groups(self) -> dict[Opcode, list[bytes]]:
        """Give the records of the summary, by their kinds."""
        groups: dict[Opcode, list[bytes]] = {}
        if self._repeat:
            groups |= {Opcode.SCHEMA: [*self._schemas.values()], Opcode.CHANNEL: [*self._channels.values()]}
        if self._statistics:
            groups[Opcode.STATISTICS] = [self._statistics_record()]
        return groups | self._indexes if self._index else groups

    def _statistics_record(self) -> bytes:
        return records.statistics(
            schemas=len(self._schemas),
            channels=len(self._channels),
            attachments=self._attachments,
            metadata_records=self._metadata,
            chunks=self.chunks_written,
            times=(self._start_ns, self._end_ns) if self._counts else (0, 0),
            counts=self._counts,
        )

    def _declare(self, octets: bytes) -> None:
        """Write a schema or a channel where the messages will stand."""
        if self._chunk_size is None:
            self._write(octets)
        else:
            self._chunk.record(octets)

    def _room(self, size: int) -> int:
        """Tell how many messages of a size can be made at once: those that the chunk still takes, at least one."""
        row = records.HEAD + records.MESSAGE_FIELDS + size
        free = BATCH if self._chunk_size is None else self._chunk_size - self._chunk.size
        return max(-(-free // row), 1)

    def _take(self, channel_id: int, rows: "NDArray[Any]") -> None:
        if self._chunk_size is None:
            self._count(channel_id, len(rows), int(rows["log_time"].min()), int(rows["log_time"].max()))
            self._write(rows.tobytes())
            return
        self._chunk.rows(channel_id, rows)
        if self._chunk.size >= self._chunk_size:
            self._end_chunk()

    def _end_chunk(self) -> None:
        """Write what waits, with the index of its messages."""
        chunk, self._chunk = self._chunk, Chunk()
        if not chunk.size:
            return
        content = chunk.content()
        stored = self._compress(content)
        times = (chunk.start_ns, chunk.end_ns) if chunk.indexes else (0, 0)
        name = self._compression.name_in_file
        crc = crc32(content, 0) if self._crcs else 0
        head = records.chunk_head(*times, len(content), crc, name, len(stored))
        place = (self.size, len(head) + len(stored))
        self._write(head)
        self._write(stored, crc if stored is content else None)
        start = self.size
        message_indexes = self._write_message_indexes(chunk) if self._index else {}
        self.chunks_written += 1
        for channel_id, pairs in chunk.indexes.items():
            self._count(channel_id, len(pairs) // PAIR, *times)
        found = records.chunk_index(
            times=times,
            place=place,
            message_indexes=message_indexes.items(),
            message_index_length=self.size - start,
            compression=name,
            sizes=(len(stored), len(content)),
        )
        self._indexes[Opcode.CHUNK_INDEX].append(found)

    def _write_message_indexes(self, chunk: Chunk) -> dict[int, int]:
        """Write where each channel's messages lie; give the position of each index."""
        places: dict[int, int] = {}
        for channel_id, pairs in chunk.indexes.items():
            places[channel_id] = self.size
            self._write(records.message_index(channel_id, bytes(pairs)))
        return places

    def _count(self, channel_id: int, messages: int, start_ns: int, end_ns: int) -> None:
        """Count messages of a channel, and widen the range of log times of the file."""
        self._counts[channel_id] += messages
        self._start_ns, self._end_ns = min(self._start_ns, start_ns), max(self._end_ns, end_ns)

    def _write(self, octets: bytes, crc: int | None = None) -> None:
        """Write bytes, whose own CRC may be known."""
        if self._crcs:
            known = crc is not None and len(octets) >= WORTH_COMBINING
            self._crc = combined(self._crc, crc or 0, len(octets)) if known else crc32(octets, self._crc)
        self._stream.write(octets)
        self.size += len(octets)


PAIR = 16
"""Bytes of an entry of a message index."""

WORTH_COMBINING = 256 * 1024
"""Bytes from which on two CRCs are sooner combined than one computed."""

BATCH = 1024 * 1024
"""Bytes of messages that are made at once where no chunk bounds them."""


def _free(wanted: int | None, taken: Mapping[int, object]) -> int:
    """Give the wanted id, or the next one."""
    number = max(taken, default=0) + 1 if wanted is None else wanted
    if number in taken or not 0 <= number <= MAX_ID:
        raise ValueError(f"The id {number} is taken, or outside 0 to {MAX_ID}.")
    return number
