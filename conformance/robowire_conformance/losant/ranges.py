"""Ranges of the past that are worth asking about, chosen by the times at which a device has reported."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Range:
    """A range by its bounds in milliseconds since the epoch."""

    start: int
    end: int


FEW = 24
"""So many times lie in an ordinary range at most."""


def between(times: Sequence[int], number: int) -> int | None:
    """A time before the one of this number and after the one before it; None where there is no room."""
    if number == 0:
        return times[0] - 1000
    if number == len(times):
        return times[-1] + 1000
    middle = (times[number - 1] + times[number]) // 2
    return middle if times[number - 1] < middle else None


def quiet(times: Sequence[int], first: int, last: int) -> Range | None:
    """The range from before one time to after another, nothing lying on its bounds; None where there is no room."""
    start, end = between(times, first), between(times, last + 1)
    return None if start is None or end is None else Range(start, end)


def quiet_ranges(times: Sequence[int]) -> Iterator[Range]:
    """Ranges in the middle of a history, at its beginning and at its end."""
    count = len(times)
    size = min(FEW, max(1, count // 3))
    for first in (count // 3, count // 2, 0, count - size):
        for shift in range(min(20, count - first - size + 1)):
            found = quiet(times, first + shift, first + shift + size - 1)
            if found is not None:
                yield found
                break


def inner_ranges(times: Sequence[int]) -> Iterator[Range]:
    """Ranges with several times before them and behind them."""
    count = len(times)
    size = min(FEW, count // 3)
    for first in (count // 3, count // 2, count // 4):
        for shift in range(10):
            if size < 2 or first + shift < 3 or first + shift + size + 3 > count:
                continue
            found = quiet(times, first + shift, first + shift + size - 1)
            if found is not None:
                yield found
                break


@dataclass(frozen=True, slots=True)
class Step:
    """One window by itself: a range as long as its resolution that begins on a whole step since the epoch.

    Such a range is one window wherever a target counts its windows from.
    """

    start: int
    resolution: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + self.resolution


def single_windows(times: Sequence[int], counts: Sequence[int], random: Random) -> Iterator[tuple[int, Step]]:
    """For each count, a window that holds so many of the times, or all, and has none on its bounds, if there is one."""
    for count in counts:
        held = min(count, len(times))
        for _ in range(TRIES if held else 0):
            step = _single_window(times, random.randrange(len(times) - held + 1), held, random)
            if step is not None:
                yield count, step
                break


TRIES = 400


def _single_window(times: Sequence[int], first: int, count: int, random: Random) -> Step | None:
    low = times[first - 1] if first else times[first] - 60_000
    high = times[first + count] if first + count < len(times) else times[-1] + 60_000
    length = times[first + count - 1] - times[first]
    room = high - low - 1
    if room <= length + 2:
        return None
    resolution = random.randrange(length + 1, room + 1)
    start = times[first] // resolution * resolution
    if low < start < times[first] and times[first + count - 1] < start + resolution < high:
        return Step(start, resolution)
    return None
