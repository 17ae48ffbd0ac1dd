"""Recordings cut and joined into one MCAP file, which is made while it is sent.

Chunks that lie inside of what is asked for go through as they are, as long as the messages stay in order.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from robowire_mocks.formats import RecordedError
from robowire_mocks.formats.mcap import Mcap
from robowire_mocks.formats.mcap_chunk import Chunk, head_of
from robowire_mocks.formats.mcap_picked import Picked, picked
from robowire_mocks.formats.mcap_pieces import CHUNK, Pieces
from robowire_mocks.formats.mcap_records import HEAD, U16, U32, ChunkIndex, Op, records
from robowire_mocks.formats.merging import Stretch, clusters, merged

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from robowire_mocks.formats.recorded import Recorded, RecordedChannel, RecordedMessage
    from robowire_mocks.formats.rosbag1_records import Source

_BLOCK = 1 << 20
_EVER = 1 << 64
_MAX_ID = (1 << 16) - 1


@dataclass(frozen=True, slots=True)
class Cut:
    """What is wanted of recordings: first_ns <= log time <= last_ns, of some topics (None: all).

    `since_ns` asks for the last message of each channel before `first_ns` as well, if it is not earlier than that.
    """

    first_ns: int = 0
    last_ns: int = _EVER
    topics: frozenset[str] | None = None
    since_ns: int | None = None
    attachments: bool = False


def pieces(recordings: Sequence[Recorded], cut: Cut) -> Iterator[bytes]:
    """The file, piece by piece; memory holds what overlaps in time, and the index of the file.

    Raises:
        RecordedError: A recording is damaged, was removed, or there are too many channels.
    """
    with ExitStack() as files:
        # Names may go away while the data are sent; open files do not.
        parts = [_Part(one, files) for one in recordings]
        channels = _Numbering(parts, cut.topics).channels
        profiles = {one.profile for one in recordings}
        made = Pieces(profiles.pop() if len(profiles) == 1 else "")
        metadata = [record for one in recordings for record in one.metadata()]
        yield made.begin(channels)
        for name, content in metadata:
            yield made.metadata(name, content)
        for part, message in _earlier(parts, cut):
            yield made.message(part.ids[message.channel.id], message)
        yield from _within(parts, cut, made)
        yield made.flush()
        for part in parts if cut.attachments else ():
            for attachment in part.recorded.attachments:
                yield from made.attachment(attachment, part.recorded.attachment_data(attachment, part.source))
        yield made.end()


class _Part:
    """A recording in the file that is made.

    `ids` are the numbers that its channels have there; `kept` tells whether all of them are there, unchanged.
    """

    def __init__(self, recorded: Recorded, files: ExitStack) -> None:
        self.recorded = recorded
        self.ids: dict[int, int] = {}
        self.kept = True
        self.source = files.enter_context(recorded.source())

    @property
    def same(self) -> bool:
        """Whether each of its channels that is there has its own number."""
        return all(number == own for own, number in self.ids.items())


class _Numbering:
    """Gives each channel and schema a number: that of an equal one of another recording, or its own if it is free."""

    def __init__(self, parts: Sequence[_Part], topics: frozenset[str] | None) -> None:
        self._channels: dict[int, RecordedChannel] = {}
        self._schemas: dict[int, tuple[object, ...]] = {}
        for part in parts:
            taken: set[int] = set()
            schemas: dict[int, int] = {}
            for channel in part.recorded.channels:
                if topics is not None and channel.topic not in topics:
                    part.kept = False
                    continue
                schema = schemas.setdefault(channel.schema_id, self._schema(channel))
                number = self._number(replace(channel, schema_id=schema, message_count=0), taken)
                taken.add(number)
                part.ids[channel.id] = number
                part.kept &= (number, schema) == (channel.id, channel.schema_id)

    @property
    def channels(self) -> list[RecordedChannel]:
        """All of them, with their numbers."""
        return list(self._channels.values())

    def _number(self, channel: RecordedChannel, taken: set[int]) -> int:
        """The number of a channel; those in `taken` are other channels of its recording, however equal."""
        for number in (channel.id, *self._channels):
            if number not in taken and self._channels.get(number) == replace(channel, id=number):
                return number
        number = _free(channel.id, self._channels)
        self._channels[number] = replace(channel, id=number)
        return number

    def _schema(self, channel: RecordedChannel) -> int:
        if not channel.schema_id:
            return 0
        said = channel.schema_name, channel.schema_encoding, channel.schema_data
        for number in (channel.schema_id, *self._schemas):
            if self._schemas.get(number) == said:
                return number
        number = _free(channel.schema_id, self._schemas)
        self._schemas[number] = said
        return number


def _free(wanted: int, taken: Collection[int]) -> int:
    if wanted not in taken:
        return wanted
    number = next((one for one in range(1, _MAX_ID + 1) if one not in taken), None)
    if number is None:
        raise RecordedError("the recordings have more channels than one file can have")
    return number


def _earlier(parts: Sequence[_Part], cut: Cut) -> list[tuple[_Part, RecordedMessage]]:
    """Of each channel the last message before the cut, as far back as is asked for, by log time."""
    latest: dict[int, tuple[_Part, RecordedMessage]] = {}
    for part in parts if cut.since_ns is not None else ():
        for message in part.recorded.latest_before(cut.first_ns, cut.since_ns or 0, cut.topics, part.source):
            number = part.ids[message.channel.id]
            if number not in latest or latest[number][1].log_time_ns <= message.log_time_ns:
                latest[number] = part, message
    return sorted(latest.values(), key=lambda one: one[1].log_time_ns)


class _Numbered(NamedTuple):
    """A stretch, the chunk that it is, if it is one, and whether that may go through as it is."""

    stretch: Stretch
    part: _Part
    chunk: Chunk | None
    passes: bool = False


def _within(parts: Sequence[_Part], cut: Cut, made: Pieces) -> Iterator[bytes]:
    """The chunks of the messages within the cut."""
    stretches = [one for part in parts for one in _stretches(part, cut)]
    stretches.sort(key=lambda one: one.stretch.start_ns)
    found = iter(stretches)
    for together in clusters(one.stretch for one in stretches):
        members = [next(found) for _ in together]
        whole = _whole(members[0], cut) if len(members) == 1 else None
        if whole is not None:
            yield made.flush()
            yield from made.passed(whole.said, whole.counts, _blocks(whole))
            continue
        taken = _picked(members[0], cut) if len(members) == 1 else None
        if taken is not None:
            yield from filter(None, map(made.picked, taken))
            continue
        for message in merged(together):
            if full := made.message(message.channel.id, message):
                yield full


def _stretches(part: _Part, cut: Cut) -> Iterator[_Numbered]:
    """What a recording has within the cut, its channels numbered anew."""
    numbered = {one.id: replace(one, id=part.ids[one.id]) for one in part.recorded.channels if one.id in part.ids}
    recorded, source = part.recorded, part.source
    if isinstance(recorded, Mcap):
        wanted = recorded.wanted(cut.topics)
        for chunk in recorded.overlapping(cut.first_ns, cut.last_ns, wanted):
            one = recorded.stretch(source, chunk, cut.first_ns, cut.last_ns, wanted)
            run = one.open if part.same else partial(_renumbered, one.open, numbered)
            yield _Numbered(one._replace(open=run), part, chunk, not chunk.loose and part.kept)
    elif recorded.start_ns is not None and recorded.end_ns is not None:
        run = partial(recorded.messages, cut.first_ns, cut.last_ns, cut.topics, source)
        times = max(recorded.start_ns, cut.first_ns), min(recorded.end_ns, cut.last_ns)
        if times[0] <= times[1]:
            yield _Numbered(Stretch(*times, 0, partial(_renumbered, run, numbered)), part, None)


def _renumbered(
    run: Callable[[], Iterator[RecordedMessage]], channels: Mapping[int, RecordedChannel]
) -> Iterator[RecordedMessage]:
    for message in run():
        yield message._replace(channel=channels[message.channel.id])


def _picked(one: _Numbered, cut: Cut) -> Iterator[Picked] | None:
    """What is asked for of a chunk that overlaps no other, if its channels keep their numbers and indexes name all."""
    part = one.part
    if one.chunk is None or not part.same:
        return None
    return picked(part.source, one.chunk, cut.first_ns, cut.last_ns, part.ids, CHUNK)


class _Whole(NamedTuple):
    """A chunk that goes through: what the summary will say of it, and what it consists of."""

    said: ChunkIndex
    counts: Mapping[int, int]
    source: Source
    record: bytes
    end: int
    index_end: int


def _whole(one: _Numbered, cut: Cut) -> _Whole | None:
    """The chunk, if all of its messages are asked for and stand in order; its message indexes tell, unopened."""
    chunk, source = one.chunk, one.part.source
    if chunk is None or not one.passes or not cut.first_ns <= chunk.start_ns <= chunk.end_ns <= cut.last_ns:
        return None
    raw = source.read(chunk.end, chunk.index_end - chunk.end)
    indexes, counts, rows = {}, {}, []
    for op, start, end in records(raw):
        if op != Op.MESSAGE_INDEX or end - start < U16.size + U32.size:
            return None
        channel, length = U16.unpack_from(raw, start)[0], U32.unpack_from(raw, start + U16.size)[0]
        if length % 16 or start + U16.size + U32.size + length > end:
            return None
        indexes[channel] = chunk.end + start - HEAD.size
        counts[channel] = length // 16
        rows.append(np.frombuffer(raw, "<u8", length // 8, start + U16.size + U32.size).reshape(-1, 2))
    if not rows or chunk.channels != frozenset(indexes) or not _ordered(np.concatenate(rows)):
        return None
    record = source.read(chunk.at, chunk.end - chunk.at)
    head = head_of(memoryview(record)[HEAD.size :])
    place = chunk.at, chunk.end - chunk.at, indexes, chunk.index_end - chunk.end
    said = ChunkIndex(chunk.start_ns, chunk.end_ns, *place, head.compression, head.data_length, head.size)
    return _Whole(said, counts, source, record, chunk.end, chunk.index_end)


def _ordered(rows: np.ndarray[tuple[int, int], np.dtype[np.uint64]]) -> bool:
    times = rows[np.argsort(rows[:, 1], kind="stable"), 0]
    return bool((times[1:] >= times[:-1]).all())


def _blocks(whole: _Whole) -> Iterator[bytes]:
    yield whole.record
    for at in range(whole.end, whole.index_end, _BLOCK):
        yield whole.source.read(at, min(_BLOCK, whole.index_end - at))
