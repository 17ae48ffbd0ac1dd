"""The times for which there are data: intervals by device and status, joined as far as they are asked for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from robowire_mocks.foxglove.rows import Recording
    from robowire_mocks.foxglove.state import State
    from robowire_mocks.foxglove.store import Ordered

_LATEST = (1 << 64) - 1


class Range(NamedTuple):
    """A time span with data of a device; `id` is its place, so that ties stay in order."""

    id: str
    device_id: str | None
    import_status: str
    start: int
    end: int


class Group(NamedTuple):
    """The recordings of one device and one import status, by start; `reach` is how far all up to each one go."""

    device_id: str | None
    import_status: str
    starts: NDArray[np.uint64]
    ends: NDArray[np.uint64]
    reach: NDArray[np.uint64]


class Covered:
    """All recordings as groups, made anew when a recording has changed. Hold the state's lock."""

    def __init__(self) -> None:
        self._changes = -1
        self._groups: list[Group] = []
        self._sorted: tuple[tuple[object, ...], Ordered[Range]] | None = None

    def groups(self, state: State) -> list[Group]:
        """The groups of all recordings."""
        if self._changes != state.recordings.changes:
            self._groups = groups(state.recordings)
            self._changes = state.recordings.changes
        return self._groups

    def ordered(self, asked: tuple[object, ...], make: Callable[[], Ordered[Range]]) -> Ordered[Range]:
        """What `make` makes, or made the last time that the same was asked for: pages follow one another."""
        if self._sorted is None or self._sorted[0] != asked:
            self._sorted = asked, make()
        return self._sorted[1]


def groups(recordings: Iterable[Recording]) -> list[Group]:
    """The recordings with messages, by device and import status."""
    import numpy as np  # only where there is coverage

    times: dict[tuple[str | None, str], list[tuple[int, int]]] = defaultdict(list)
    for one in recordings:
        if one.start is not None and one.end is not None:
            times[one.device_id, one.import_status].append((one.start, one.end))
    found = []
    for (device_id, import_status), spans in times.items():
        spans.sort()
        both = np.array(spans, np.uint64)
        found.append(Group(device_id, import_status, both[:, 0], both[:, 1], np.maximum.accumulate(both[:, 1])))
    return found


def ranges(chosen: Iterable[Group], start: int, end: int, tolerance: int) -> Iterator[Range]:
    """The data between `start` and `end`, both included, joined where they are less than `tolerance` ns apart.

    A range is as long as its recordings: `start` and `end` choose recordings, they do not cut them.
    """
    if end < 0 or start > _LATEST:
        return
    number = 0
    for group in chosen:
        for first, last in _joined(group, max(start, 0), min(end, _LATEST), tolerance):
            yield Range(f"{number:012}", group.device_id, group.import_status, first, last)
            number += 1


def _joined(group: Group, start: int, end: int, tolerance: int) -> Iterator[tuple[int, int]]:
    import numpy as np  # as above

    low = int(np.searchsorted(group.reach, np.uint64(start)))
    high = int(np.searchsorted(group.starts, np.uint64(end), "right"))
    within = group.ends[low:high] >= np.uint64(start)
    starts = group.starts[low:high][within]
    if not len(starts):
        return iter(())
    reach = np.maximum.accumulate(group.ends[low:high][within])
    # Unsigned: where the next one begins before the others end, the difference means nothing.
    after, before = starts[1:], reach[:-1]
    apart = (after > before) & (after - before >= np.uint64(min(tolerance, _LATEST)))
    firsts = np.concatenate(([0], np.flatnonzero(apart) + 1))
    lasts = np.concatenate((firsts[1:] - 1, [len(starts) - 1]))
    return zip(starts[firsts].tolist(), reach[lasts].tolist(), strict=True)
