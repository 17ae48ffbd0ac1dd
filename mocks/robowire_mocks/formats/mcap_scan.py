"""What an MCAP file holds, found by going through it once, every chunk opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from robowire_mocks.formats import RecordedError
from robowire_mocks.formats import mcap_records as rec
from robowire_mocks.formats.mcap_chunk import Chunk, unpacked
from robowire_mocks.formats.mcap_index import Frame, Index, read_attachment
from robowire_mocks.formats.mcap_indexed import found, index_rows
from robowire_mocks.formats.mcap_records import HEAD, Op

if TYPE_CHECKING:
    from collections.abc import Iterator

    from robowire_mocks.formats.rosbag1_records import Source

RUN: int = 1 << 20
"""Bytes of records outside of chunks that are read as one."""
_NOT_IN_CHUNKS = frozenset(Op) - {Op.SCHEMA, Op.CHANNEL, Op.MESSAGE}
_Messages: TypeAlias = tuple[Mapping[int, int], tuple[int, int] | None]
"""How many messages each channel has in a chunk, and the log times of the first and the last one."""


def scanned(source: Source, frame: Frame) -> Index:
    """The index that comes of going through the data once, every chunk opened.

    Raises:
        RecordedError: Something is damaged.
    """
    return _Scan(source, frame).index


@dataclass(slots=True)
class _Held:
    """A chunk that was read, and the message indexes that follow it up to `index_end`."""

    at: int
    end: int
    content: memoryview
    index_end: int
    indexes: list[tuple[int, NDArray[np.uint64]]] = field(default_factory=list)


class _Scan:
    """One pass over the data section."""

    def __init__(self, source: Source, frame: Frame) -> None:
        self.index = Index()
        self._source = source
        self._run: list[int] = []  # beginning, end, first time, last time of the loose run that grows
        self._held: _Held | None = None  # the chunk whose message indexes are looked for
        for op, at, end, content in self._records(frame):
            if op == Op.MESSAGE_INDEX and self._held is not None:
                self._held.indexes.append(index_rows(content))
                self._held.index_end = end
                continue
            self._end_chunk()
            if op == Op.MESSAGE:
                self._loose(at, end, self._message(content))
            elif op == Op.CHUNK:
                self._held = _Held(at, end, content, end)
            elif op == Op.ATTACHMENT:
                self.index.attachments.append(read_attachment(source, at, end - at))
            elif op == Op.METADATA:
                rec.metadata(content)
                self.index.metadata.append((at, end - at))
            else:
                self.index.define(op, content)
        self._end_chunk()
        self._end_run()
        if self.index.lacks_schemas:
            raise RecordedError("damaged: a channel has an unknown schema")

    def _records(self, frame: Frame) -> Iterator[tuple[int, int, int, memoryview]]:
        """Each record of the data section: opcode, beginning, end, content (empty for attachments)."""
        at, block_at, block = frame.start, 0, memoryview(b"")
        ended = False
        while at < frame.summary:
            if at + HEAD.size > block_at + len(block):
                block_at, block = at, memoryview(self._source.some(at, min(RUN, frame.summary - at)))
            if len(block) < HEAD.size:
                raise RecordedError("damaged: a record ends early")
            op, length = HEAD.unpack_from(block, at - block_at)
            start, end = at + HEAD.size, at + HEAD.size + length
            if end > frame.summary:
                raise RecordedError("damaged: a record is longer than the data section")
            if op != Op.ATTACHMENT and end > block_at + len(block):
                block_at, block = at, memoryview(self._source.read(at, max(end - at, min(RUN, frame.summary - at))))
            yield op, at, end, block[start - block_at : end - block_at]
            ended = op == Op.DATA_END
            if ended and end != frame.summary:
                raise RecordedError("damaged: there is something between the data and the summary")
            at = end
        if not ended:
            raise RecordedError("damaged: the data section has no end")

    def _message(self, content: memoryview) -> int:
        """Count a message that stands in no chunk; its log time."""
        channel, log_time = self._fields(content)
        self.index.counts[channel] += 1
        return log_time

    def _fields(self, content: memoryview) -> tuple[int, int]:
        """The channel and the log time of a message."""
        if len(content) < rec.MESSAGE.size:
            raise RecordedError("damaged: a message is shorter than its fields")
        channel, _, log_time, _ = rec.MESSAGE.unpack_from(content)
        self._known(channel)
        return channel, log_time

    def _known(self, channel: int) -> None:
        if channel not in self.index.channels:
            raise RecordedError(f"damaged: a message is of the unknown channel {channel}")

    def _loose(self, at: int, end: int, log_time: int) -> None:
        if self._run and (end - self._run[0] > RUN or self._run[1] != at):
            self._end_run()
        if not self._run:
            self._run = [at, end, log_time, log_time]
        self._run = [self._run[0], end, min(self._run[2], log_time), max(self._run[3], log_time)]

    def _end_run(self) -> None:
        if self._run:
            at, end, first, last = self._run
            self.index.chunks.append(Chunk(at, end, end, first, last, end - at, None, loose=True))
            self.index.span(first, last)
            self._run = []

    def _end_chunk(self) -> None:
        """Take in the chunk that waits, with its message indexes."""
        held, self._held = self._held, None
        if held is None:
            return
        data = unpacked(held.content)
        counts, times = self._indexed(data, held) if held.indexes else self._unindexed(data)
        if times is None:
            return
        head = rec.chunk_head(held.content)
        if (head.start_ns, head.end_ns) != times:
            raise RecordedError("damaged: a chunk's times are not those of its messages")
        place = held.at, held.end, held.index_end
        self.index.chunks.append(Chunk(*place, *times, head.size, frozenset(counts)))
        self.index.counts.update(counts)
        self.index.span(*times)

    def _indexed(self, data: memoryview, held: _Held) -> _Messages:
        """What a chunk holds by its message indexes, which must name all of its messages."""
        messages = found(data, held.indexes)
        counts = {channel: len(rows) for channel, rows in held.indexes if len(rows)}
        for start, end in messages.between(len(data)):
            for op, *place in rec.records(data[start:end]):
                if op == Op.MESSAGE:
                    raise RecordedError("damaged: the message indexes of a chunk do not name all of its messages")
                self._define(op, data[start:end][slice(*place)])
        for channel in counts:
            self._known(channel)
        times = messages.times
        return counts, (int(times.min()), int(times.max())) if counts else None

    def _unindexed(self, data: memoryview) -> _Messages:
        """What a chunk holds, found message by message."""
        counts: Counter[int] = Counter()
        times = []
        for op, start, end in rec.records(data):
            if op == Op.MESSAGE:
                channel, time = self._fields(data[start:end])
                counts[channel] += 1
                times.append(time)
            else:
                self._define(op, data[start:end])
        return counts, (min(times), max(times)) if times else None

    def _define(self, op: int, content: memoryview) -> None:
        """Take in what a chunk holds beside messages; records of kinds that are not known yet are passed over."""
        if op in _NOT_IN_CHUNKS:
            raise RecordedError(f"damaged: a chunk holds a record of the kind {op}, which cannot be in one")
        self.index.define(op, content)
