"""The messages of a chunk by its message indexes, all at once: they stand where these say, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from robowire_mocks.formats import RecordedError
from robowire_mocks.formats.mcap_records import HEAD, MESSAGE, U16, U32, Data, Op

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_PAIR = 16
_FIELDS = np.dtype(
    [
        ("op", "u1"),
        ("length", "<u8"),
        ("channel", "<u2"),
        ("sequence", "<u4"),
        ("log_time", "<u8"),
        ("publish_time", "<u8"),
    ]
)
"""A message up to its data; packed."""


def index_rows(content: Data) -> tuple[int, NDArray[np.uint64]]:
    """The channel of a message index, and its pairs of log time and offset, (messages, 2).

    Raises:
        RecordedError: It is shorter than it says, or has half a pair.
    """
    head = U16.size + U32.size
    if len(content) < head:
        raise RecordedError("damaged: a message index is shorter than its fields")
    (channel,), (length,) = U16.unpack_from(content), U32.unpack_from(content, U16.size)
    if length % _PAIR or head + length > len(content):
        raise RecordedError("damaged: a message index does not have the length that it says")
    return channel, np.frombuffer(content, "<u8", length // 8, head).reshape(-1, 2)


class Found(NamedTuple):
    """Messages by their place in a chunk: log times, where their records begin and end, channels."""

    times: NDArray[np.uint64]
    starts: NDArray[np.uint64]
    ends: NDArray[np.uint64]
    channels: NDArray[np.int64]

    def some(self, chosen: slice | NDArray[np.intp]) -> Found:
        """Those at some places, in that order."""
        return Found(self.times[chosen], self.starts[chosen], self.ends[chosen], self.channels[chosen])

    def between(self, size: int) -> list[tuple[int, int]]:
        """The stretches, none of them empty, of `size` bytes before, between and behind the messages."""
        opened, closed = np.append(np.uint64(0), self.ends), np.append(self.starts, np.uint64(size))
        gaps = np.flatnonzero(closed > opened)
        return list(zip(opened[gaps].tolist(), closed[gaps].tolist(), strict=True))


def found(data: memoryview, indexes: Sequence[tuple[int, NDArray[np.uint64]]]) -> Found:
    """The messages that message indexes name in a chunk whose records are `data`; there is an index at least.

    Raises:
        RecordedError: A channel has two indexes, or there is not the message that one of them names.
    """
    if len({channel for channel, _ in indexes}) < len(indexes):
        raise RecordedError("damaged: a channel has two message indexes in one chunk")
    rows = np.concatenate([rows for _, rows in indexes])
    channels = np.repeat([channel for channel, _ in indexes], [len(rows) for _, rows in indexes])
    order = np.argsort(rows[:, 1], kind="stable")
    times, starts, channels = rows[order, 0], rows[order, 1], channels[order]
    return Found(times, starts, _ends(data, times, starts, channels), channels)


def _ends(
    data: memoryview, times: NDArray[np.uint64], starts: NDArray[np.uint64], channels: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Where the messages end that begin at `starts`, by place, and are what the other two say."""
    size = len(data)
    if not len(starts):
        return starts
    if size < _FIELDS.itemsize or starts[-1] > size - _FIELDS.itemsize:
        raise RecordedError("damaged: a message index names a place beyond its chunk")
    # A view of the fields as if a message began at every byte; only those that do are taken.
    messages = np.ndarray(size - _FIELDS.itemsize + 1, _FIELDS, data, strides=(1,))[starts]
    lengths = messages["length"]
    ends: NDArray[np.uint64] = starts + np.uint64(HEAD.size) + lengths
    right = (
        (messages["op"] == Op.MESSAGE)
        & (messages["channel"] == channels)
        & (messages["log_time"] == times)
        & (lengths >= MESSAGE.size)
        & (lengths <= size)
        & (ends <= np.append(starts[1:], np.uint64(size)))
    )
    if not right.all():
        raise RecordedError("damaged: a message index names a message that is not there")
    return ends
