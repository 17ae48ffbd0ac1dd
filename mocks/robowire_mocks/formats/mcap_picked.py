"""Some messages of a chunk, picked by its message indexes all at once, as the records that they are."""

from __future__ import annotations

from itertools import pairwise, starmap
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from robowire_mocks.formats import RecordedError
from robowire_mocks.formats.mcap_chunk import Chunk, content
from robowire_mocks.formats.mcap_indexed import Found, found, index_rows
from robowire_mocks.formats.mcap_records import Op, records

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray

    from robowire_mocks.formats.rosbag1_records import Source

_LATEST = (1 << 64) - 1


class Picked(NamedTuple):
    """Records of messages one behind the other, by log time: their bytes, lengths, log times and channels."""

    data: bytes
    sizes: NDArray[np.uint64]
    times: NDArray[np.uint64]
    channels: NDArray[np.int64]

    def places(self, at: int) -> Iterator[tuple[int, list[int]]]:
        """Of each channel the pairs of log time and offset, in one list; the first record is to stand at `at`."""
        offsets = np.cumsum(self.sizes) - self.sizes + np.uint64(at)
        pairs = np.column_stack((self.times, offsets))
        order = np.argsort(self.channels, kind="stable")
        ids, firsts = np.unique(self.channels[order], return_index=True)
        for id_, rows in zip(ids.tolist(), np.split(order, firsts[1:]), strict=True):
            yield id_, pairs[rows].ravel().tolist()


def picked(
    source: Source, chunk: Chunk, first_ns: int, last_ns: int, wanted: Collection[int], most: int
) -> Iterator[Picked] | None:
    """The messages of some channels with first_ns <= log time <= last_ns, at most about `most` bytes at once.

    None, if the chunk has no message indexes that name all of its messages: they have to be looked for.

    Raises:
        RecordedError: The chunk is damaged.
    """
    if chunk.loose or chunk.index_end == chunk.end:
        return None
    raw = source.read(chunk.end, chunk.index_end - chunk.end)
    data = content(source, chunk)
    try:
        indexes = [index_rows(raw[start:end]) for op, start, end in records(raw) if op == Op.MESSAGE_INDEX]
        messages = found(data, indexes) if indexes else None
        if messages is None or _more(data, messages):
            return None
    except RecordedError:
        return None
    return _taken(data, _chosen(messages, first_ns, min(last_ns, _LATEST), wanted), most)


def _more(data: memoryview, messages: Found) -> bool:
    """Whether there are messages that the indexes do not name."""
    between = messages.between(len(data))
    return any(op == Op.MESSAGE for start, end in between for op, *_ in records(data[start:end]))


def _chosen(messages: Found, first_ns: int, last_ns: int, wanted: Collection[int]) -> Found:
    times = messages.times
    within = (times >= np.uint64(first_ns)) & (times <= np.uint64(last_ns))
    chosen = messages.some(np.flatnonzero(within & np.isin(messages.channels, list(wanted))))
    return chosen.some(np.argsort(chosen.times, kind="stable"))


def _taken(data: memoryview, messages: Found, most: int) -> Iterator[Picked]:
    sizes = messages.ends - messages.starts
    blocks = np.cumsum(sizes) // np.uint64(most)
    bounds = [0, *(np.flatnonzero(np.diff(blocks)) + 1).tolist(), len(sizes)]
    for part in starmap(slice, pairwise(bounds)):
        if len(sizes[part]):
            yield Picked(_joined(data, messages.some(part)), sizes[part], messages.times[part], messages.channels[part])


def _joined(data: memoryview, messages: Found) -> bytes:
    """Their records; those that follow each other are copied together."""
    breaks = np.flatnonzero(messages.starts[1:] != messages.ends[:-1])
    starts = np.append(messages.starts[:1], messages.starts[breaks + 1])
    ends = np.append(messages.ends[breaks], messages.ends[-1:])
    return b"".join([data[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)])
