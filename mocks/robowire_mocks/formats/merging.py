"""Messages of stretches that overlap in time, merged into the order of their log times in bounded memory."""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from robowire_mocks.formats import RecordedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from robowire_mocks.formats.recorded import RecordedMessage

MAX_OPEN_BYTES: int = 2 << 30
"""How much may be in memory to merge stretches that overlap; recorders write one after another."""
_EVER = 1 << 64


class Stretch(NamedTuple):
    """Messages from `start_ns` to `end_ns` that take `size` bytes once `open` gives them, by log time."""

    start_ns: int
    end_ns: int
    size: int
    open: Callable[[], Iterator[RecordedMessage]]


def merged(stretches: Iterable[Stretch]) -> Iterator[RecordedMessage]:
    """The messages of stretches, given in the order in which they begin; ties in the order of the stretches.

    Each is opened only once its first message may be the next.

    Raises:
        RecordedError: One is damaged, or too many overlap.
    """
    waiting = deque(stretches)
    heap: list[tuple[int, int, RecordedMessage, Iterator[RecordedMessage], int]] = []
    opened = number = 0
    while waiting or heap:
        while waiting and (not heap or waiting[0].start_ns <= heap[0][0]):
            stretch = waiting.popleft()
            if (opened := opened + stretch.size) > MAX_OPEN_BYTES:
                raise RecordedError(f"more than {MAX_OPEN_BYTES} bytes of chunks overlap in time")
            number += 1
            opened -= _push(heap, number, stretch.open(), stretch.size)
        if not heap:
            continue
        _, place, message, run, size = heappop(heap)
        yield message
        # Mostly stretches do not overlap: up to where the next one begins, this one needs no heap.
        bound = min(waiting[0].start_ns if waiting else _EVER, heap[0][0] if heap else _EVER)
        for message in run:
            if message[0] >= bound:
                heappush(heap, (message.log_time_ns, place, message, run, size))
                break
            yield message
        else:
            opened -= size


def _push(
    heap: list[tuple[int, int, RecordedMessage, Iterator[RecordedMessage], int]],
    place: int,
    run: Iterator[RecordedMessage],
    size: int,
) -> int:
    """Put the first message of a stretch where it belongs; answers the bytes that are free if there is none."""
    if (message := next(run, None)) is None:
        return size
    heappush(heap, (message.log_time_ns, place, message, run, size))
    return 0


def clusters(stretches: Iterable[Stretch]) -> Iterator[list[Stretch]]:
    """Stretches that overlap in time together, given in the order in which they begin.

    Those that only touch are apart: all messages of the later one come after those of the earlier.
    """
    together: list[Stretch] = []
    reach = 0
    for stretch in stretches:
        if together and stretch.start_ns >= reach:
            yield together
            together = []
        together.append(stretch)
        reach = max(reach, stretch.end_ns) if len(together) > 1 else stretch.end_ns
    if together:
        yield together
