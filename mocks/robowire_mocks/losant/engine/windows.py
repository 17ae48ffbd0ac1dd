"""Time windows over a sorted column: which windows hold points, and which points those are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

Times: TypeAlias = "NDArray[np.int64]"
Positions: TypeAlias = "NDArray[np.int64]"
Values: TypeAlias = "NDArray[Any]"

BLOCK: int = 1 << 16
"""Points that are worked on at once where temporary arrays are needed: small enough for a processor's cache."""


@dataclass(frozen=True, slots=True)
class Windows:
    """A half-open range of time, cut into half-open windows from its start on; times in ms since the Unix epoch.

    `resolution` is the length of a window in ms; 0 makes the whole range one. The last window may be shorter. As all
    times are whole, one that starts at a fraction of a millisecond starts at the next whole one.
    """

    start: int
    end: int
    resolution: float = 0

    @property
    def step(self) -> float:
        """The length of a window, at least 1 and at most the range's, in ms; an integer if it is a whole number."""
        length = max(self.end - self.start, 1)
        step = min(max(self.resolution, 1), length) if self.resolution > 0 else length
        return int(step) if step == int(step) else step

    @property
    def number(self) -> int:
        """How many windows there are."""
        return max(math.ceil((self.end - self.start) / self.step), 0)

    def starts(self, numbers: Positions) -> Times:
        """When the windows with these numbers start."""
        step = self.step
        return self.start + (numbers * step if isinstance(step, int) else np.ceil(numbers * step).astype(np.int64))

    def of(self, times: Times) -> Positions:
        """The numbers of the windows in which these times of the range lie."""
        step = self.step
        if isinstance(step, int):
            return (times - self.start) // step
        numbers = ((times - self.start) / step).astype(np.int64)
        numbers -= self.starts(numbers) > times  # where the division was rounded up
        numbers += self.starts(numbers + 1) <= times  # or down
        return numbers

    def slice(self, times: Times) -> tuple[int, int]:
        """The first position in `times` that lies in the range, and the first after it."""
        first, last = np.searchsorted(times, (self.start, self.end)).tolist()
        return first, max(first, last)


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """The values of the windows that hold any: parallel arrays, one entry per window, in order of time.

    Attributes:
        values: The values of all these windows, one after the other, [n].
        numbers: Which window it is, counted from the start of the range, [w].
        starts: Where its values start in `values`, [w].
        counts: How many it has, at least 1, [w].
    """

    values: Values
    numbers: Positions
    starts: Positions
    counts: Positions

    def __len__(self) -> int:
        return len(self.numbers)

    def window(self, index: int) -> Values:
        """The values of one window."""
        start = int(self.starts[index])
        return self.values[start : start + int(self.counts[index])]

    def blocks(self, size: int = BLOCK) -> Iterator[tuple[slice, Segments]]:
        """Consecutive windows with about `size` values together, and which they are; a window is never cut."""
        ends = self.starts + self.counts
        first = 0
        while first < len(self):
            base = int(self.starts[first])
            last = max(int(np.searchsorted(ends, base + size, "right")), first + 1)
            part = slice(first, last)
            values = self.values[base : int(ends[last - 1])]
            yield part, Segments(values, self.numbers[part], self.starts[part] - base, self.counts[part])
            first = last


def cut(times: Times, values: Values, windows: Windows) -> Segments:
    """The values of each window that holds any. Costs go with the fewer of windows and points in the range.

    Args:
        times: When each value was reported, ascending, [n].
        values: The values, [n].
        windows: The windows.
    """
    first, last = windows.slice(times)
    inside = times[first:last]
    if windows.number <= len(inside):
        numbers = np.arange(windows.number, dtype=np.int64)
        starts = np.searchsorted(inside, windows.starts(numbers))
    else:
        of_each = windows.of(inside)
        starts = np.flatnonzero(np.diff(of_each, prepend=-1))
        numbers = of_each[starts]
    counts = np.diff(starts, append=len(inside))
    held = counts > 0
    return Segments(values[first:last], numbers[held], starts[held], counts[held])
