"""Points: the values of several attributes put together by time, ordered, limited and cut into blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from robowire_mocks.losant.engine.iso import iso_times
from robowire_mocks.losant.engine.windows import Times, Values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


BLOCK: int = 10_000
"""Points that exist as Python objects at once."""

Keys: TypeAlias = "NDArray[np.int64] | NDArray[np.int32]"
"""What columns are put together by."""

Point = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The values of one attribute: in which rows, ascending, and what."""

    rows: Keys
    values: Values

    def between(self, first: int, last: int) -> tuple[list[int], list[Any]]:
        """The rows from `first` to before `last` that have a value, counted from `first`, and their values."""
        begin, end = np.searchsorted(self.rows, (first, last)).tolist()
        return (self.rows[begin:end] - first).tolist(), self.values[begin:end].tolist()


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points in order of time: the time of each row in ms since the Unix epoch, and the attributes' values."""

    times: Times
    cells: Mapping[str, Cells]

    def __len__(self) -> int:
        return len(self.times)


def join(columns: Mapping[str, tuple[Keys, Values]]) -> tuple[Keys, Mapping[str, Cells]]:
    """Put columns together by their keys (numbers of windows or of states).

    Args:
        columns: For each attribute the keys, ascending and each once, and the values.

    Returns:
        The keys that any of them has, ascending, and each attribute's values by their row.
    """
    keys = [column[0] for column in columns.values()]
    if not keys:
        return np.empty(0, dtype=np.int64), {}
    rows = keys[0] if all(key is keys[0] for key in keys) else np.unique(np.concatenate(keys))
    cells = {name: Cells(np.searchsorted(rows, key), values) for name, (key, values) in columns.items()}
    return rows, cells


def blocks(points: Points, *, descending: bool, limit: int | None) -> Iterator[list[Point]]:
    """The points as JSON has them, in lists of at most `BLOCK`: the first `limit` of them in the order asked for."""
    number = len(points) if limit is None else min(limit, len(points))
    for done in range(0, number, BLOCK):
        size = min(BLOCK, number - done)
        if descending:
            end = len(points) - done
            yield block(points, end - size, end)[::-1]
        else:
            yield block(points, done, done + size)


def block(points: Points, first: int, last: int) -> list[Point]:
    """The points from row `first` to before row `last`, in order of time."""
    data: list[dict[str, Any]] = [{} for _ in range(last - first)]
    for name, cells in points.cells.items():
        rows, values = cells.between(first, last)
        for row, value in zip(rows, values, strict=True):
            data[row][name] = value
    times = iso_times(points.times[first:last])
    return [{"time": time, "data": values} for time, values in zip(times, data, strict=True)]
