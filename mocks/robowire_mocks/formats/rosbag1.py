"""A reader of ROS 1 bags (format version 2.0) whose costs follow what is asked for, not the size of the bag."""

from bisect import bisect_left, bisect_right
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappop, heappush
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from robowire_mocks.formats import BagError
from robowire_mocks.formats.recent import Recent
from robowire_mocks.formats.rosbag1_chunk import Entries, decompressed, message_data, read_entries
from robowire_mocks.formats.rosbag1_index import Chunk, Connection, Index, read_index
from robowire_mocks.formats.rosbag1_records import SECOND, Source, Version

__all__ = ["Bag", "BagError", "Connection", "Message", "stamp"]

_TIMES = range((1 << 32) * SECOND + (1 << 32))
"""Every time that a bag can express, in nanoseconds."""
_MAX_OPEN_BYTES = 2 << 30
"""How much of a bag may be in memory to merge chunks that overlap in time; recorders write chunks one after another."""

# Players ask for one second after the other and backfill many topics from the same chunks. What is kept for the next
# call is shared by all bags, so that it is bounded however many are open.
_entries: Recent[Entries] = Recent(8 << 20)
_data: Recent[memoryview] = Recent(32 << 20)


class Message(NamedTuple):
    """A recorded message: when it was recorded (nanoseconds since the epoch), by whom, and its ROS 1 bytes."""

    time_ns: int
    connection: Connection
    data: bytes


def stamp(time_ns: int) -> float:
    """A recording time as clients see it: the double nearest to the time in seconds."""
    return time_ns / SECOND


# A chunk of messages asks for the same bounds once for each latched topic.
@lru_cache(maxsize=16)
def _first_at(bound: float) -> int:
    """The first time whose stamp is not before `bound`."""
    return bisect_left(_TIMES, bound, key=stamp)


@lru_cache(maxsize=16)
def _first_after(bound: float) -> int:
    """The first time whose stamp is after `bound`."""
    return bisect_right(_TIMES, bound, key=stamp)


@dataclass(frozen=True, slots=True)
class _Timeline:
    """Chunks in the order in which they begin, and how far all chunks up to each one reach."""

    numbers: NDArray[np.int64]
    starts: NDArray[np.int64]
    reach: NDArray[np.int64]

    @classmethod
    def of(cls, chunks: list[Chunk]) -> "_Timeline":
        filled = sorted((chunk for chunk in chunks if chunk.messages), key=lambda chunk: chunk.start_ns)
        ends = np.array([chunk.end_ns for chunk in filled], np.int64)
        return cls(
            np.array([chunk.number for chunk in filled], np.int64),
            np.array([chunk.start_ns for chunk in filled], np.int64),
            np.maximum.accumulate(ends),
        )

    def starting(self, first_ns: int, stop_ns: int) -> list[int]:
        """Chunks in the order in which they begin: all that overlap [first_ns, stop_ns), few others."""
        low = int(np.searchsorted(self.reach, first_ns))
        high = int(np.searchsorted(self.starts, stop_ns))
        picked: list[int] = self.numbers[low:high].tolist()
        return picked

    def backwards(self, first_ns: int) -> Iterator[tuple[int, int]]:
        """The chunks that begin before first_ns, the latest first, each with the reach of itself and the rest."""
        for place in range(int(np.searchsorted(self.starts, first_ns)) - 1, -1, -1):
            yield int(self.numbers[place]), int(self.reach[place])


class Bag:
    """An open bag: its index in memory, its messages in the file. Many threads may use one bag at once.

    Every call opens the file anew and raises BagError if it was removed or replaced meanwhile.
    """

    def __init__(self, path: Path, version: Version, index: Index) -> None:
        self.path = path
        self.connections: Mapping[int, Connection] = index.connections
        self.total_messages = sum(chunk.messages for chunk in index.chunks)
        self._version = version
        self._index = index
        self._timeline = _Timeline.of(list(index.chunks))
        self._topics: dict[str, list[int]] = {}
        for connection in self.connections.values():
            self._topics.setdefault(connection.topic, []).append(connection.id)
        self._timelines: dict[tuple[int, ...], _Timeline] = {}
        self._token = object()

    @classmethod
    def open(cls, path: Path | str) -> "Bag":
        """Read the bag's index; takes time and memory by the number of its chunks.

        Raises:
            BagError: The file cannot be read as a bag.
        """
        with Source(Path(path)) as source:
            return cls(Path(path), source.version, read_index(source))

    @property
    def start_ns(self) -> int | None:
        """The time of the first message in nanoseconds since the epoch; None without messages."""
        return int(self._timeline.starts[0]) if self.total_messages else None

    @property
    def end_ns(self) -> int | None:
        """The time of the last message in nanoseconds since the epoch; None without messages."""
        return int(self._timeline.reach[-1]) if self.total_messages else None

    def messages(self, start: float, end: float) -> Iterator[Message]:
        """The messages with start <= stamp(time) <= end, by time; equal times in the order of the file.

        Raises:
            BagError: A chunk that may hold such messages is damaged.
        """
        return self.between(_first_at(start), _first_after(end))

    def between(self, first_ns: int, stop_ns: int, source: Source | None = None) -> Iterator[Message]:
        """The messages with first_ns <= time < stop_ns, by time; equal times in the order of the file.

        They are read from `source` if it is given, which is left open.

        Raises:
            BagError: A chunk that may hold such messages is damaged.
        """
        with self.source() if source is None else nullcontext(source) as file:
            yield from self._merged(file, first_ns, stop_ns)

    def counts(self) -> Counter[int]:
        """How many messages each connection has; as the index says, without a look at the messages."""
        return Counter(self._index.counts)

    def last_of(self, connection: int, stop_ns: int, source: Source | None = None) -> Message | None:
        """The last message of a connection with time < stop_ns, or None; of equal times the last in the file.

        Raises:
            BagError: A chunk that may hold the message is damaged.
        """
        with self.source() if source is None else nullcontext(source) as file:
            return self._latest(file, (connection,), stop_ns)

    def source(self) -> Source:
        """The file, if it is still the one that was opened; to be closed."""
        return Source(self.path, self._version)

    def chunks(self, first_ns: int, stop_ns: int) -> list[Chunk]:
        """The chunks that may have messages with first_ns <= time < stop_ns, in the order in which they begin."""
        chunks = (self._index.chunks[number] for number in self._timeline.starting(first_ns, stop_ns))
        return [chunk for chunk in chunks if chunk.end_ns >= first_ns]

    def entries(self, source: Source, chunk: Chunk) -> Entries:
        """What the index records behind a chunk say; raises BagError if they are damaged."""
        return self._entries_of(source, chunk)

    def bytes_of(self, source: Source, chunk: Chunk, low: int, high: int) -> memoryview:
        """Some of a chunk's bytes, as they are after decompression; raises BagError if they are damaged."""
        return self._bytes(source, chunk, low, high)

    def last_entry(self, source: Source, connection: int, stop_ns: int) -> tuple[Chunk, Entries] | None:
        """The chunk and the index entry of a connection's last message with time < stop_ns, or None."""
        return self._last(source, (connection,), stop_ns)

    def latest_before(self, topic: str, start: float) -> Message | None:
        """The last message of a topic with stamp(time) < start, or None; of equal times the last in the file.

        Raises:
            BagError: A chunk that may hold the message is damaged.
        """
        if topic not in self._topics:
            return None
        with Source(self.path, self._version) as source:
            return self._latest(source, tuple(self._topics[topic]), _first_at(start))

    def _merged(self, source: Source, first: int, stop: int) -> Iterator[Message]:
        """Chunks overlap in time: merge them, each opened only once its first message may be the next."""
        waiting = deque(self.chunks(first, stop))
        heap: list[tuple[int, int, Message, Iterator[Message]]] = []
        opened = 0
        while waiting or heap:
            while waiting and (not heap or waiting[0].start_ns <= heap[0][0]):
                chunk = waiting.popleft()
                if (opened := opened + chunk.size) > _MAX_OPEN_BYTES:
                    raise BagError(f"more than {_MAX_OPEN_BYTES} bytes of chunks overlap at {stamp(chunk.start_ns)}")
                run = self._run(source, chunk, self._entries_of(source, chunk).between(first, stop))
                opened -= self._push(heap, chunk, run)
            if heap:
                _, number, message, run = heappop(heap)
                yield message
                opened -= self._push(heap, self._index.chunks[number], run)

    @staticmethod
    def _push(heap: list[tuple[int, int, Message, Iterator[Message]]], chunk: Chunk, run: Iterator[Message]) -> int:
        """Put the next message of a chunk where it belongs; answers the bytes that are free if there is none."""
        if (message := next(run, None)) is None:
            return chunk.size
        heappush(heap, (message.time_ns, chunk.number, message, run))
        return 0

    def _latest(self, source: Source, connections: tuple[int, ...], first: int) -> Message | None:
        found = self._last(source, connections, first)
        return None if found is None else next(self._run(source, *found))

    def _last(self, source: Source, connections: tuple[int, ...], first: int) -> tuple[Chunk, Entries] | None:
        best: tuple[int, int, Entries] | None = None
        for number, reach in self._timeline_of(connections).backwards(first):
            chunk = self._index.chunks[number]
            if best is not None and reach < best[0]:
                break
            if best is not None and chunk.end_ns < best[0]:
                continue
            entries = self._entries_of(source, chunk).last_before(first, list(connections))
            if len(entries.times) and (best is None or (int(entries.times[0]), number) > best[:2]):
                best = int(entries.times[0]), number, entries
        return None if best is None else (self._index.chunks[best[1]], best[2])

    def _timeline_of(self, connections: tuple[int, ...]) -> _Timeline:
        if connections not in self._timelines:
            numbers = sorted({number for id_ in connections for number in self._index.chunks_of[id_]})
            self._timelines[connections] = _Timeline.of([self._index.chunks[number] for number in numbers])
        return self._timelines[connections]

    def _entries_of(self, source: Source, chunk: Chunk) -> Entries:
        return _entries.get((self._token, chunk.number), lambda: read_entries(source, chunk, self.connections))

    def _run(self, source: Source, chunk: Chunk, entries: Entries) -> Iterator[Message]:
        """The messages of some of a chunk's entries; only the bytes between the first and the last are read."""
        if not len(entries.times):
            return
        low, high = int(entries.offsets.min()), int(entries.ends.max())
        data = self._bytes(source, chunk, low, high)
        columns = (entries.times, entries.connections, entries.offsets - low, entries.ends - low)
        for time, connection, offset, end in zip(*(column.tolist() for column in columns), strict=True):
            yield Message(time, self.connections[connection], message_data(data[offset:end], connection, time))

    def _bytes(self, source: Source, chunk: Chunk, low: int, high: int) -> memoryview:
        if chunk.compression == b"none":
            return memoryview(source.read(chunk.data_at + low, high - low))
        return _data.get((self._token, chunk.number), lambda: decompressed(source, chunk))[low:high]
