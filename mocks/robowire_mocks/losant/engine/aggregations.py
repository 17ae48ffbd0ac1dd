"""The documented aggregations, each over all windows at once.

An aggregation takes the `Segments` of a column and gives one value per window; a value that is not finite stands for
none. Values of numbers are finite float64; of booleans bool, of which FIRST and LAST stay booleans and the others
count false as 0 and true as 1; of anything else str, which have COUNT, FIRST and LAST only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from robowire_mocks.losant.engine.deviation import deviation
from robowire_mocks.losant.engine.sums import sums

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from robowire_mocks.losant.engine.windows import Segments

    Values = NDArray[Any]
    Aggregation = Callable[[Segments], Values]

SORTED_ALONE: int = 64
"""From so many values on a window is sorted by itself; smaller ones are sorted together with those of their size."""


def count(segments: Segments) -> Values:
    """How many values there are."""
    return segments.counts


def first(segments: Segments) -> Values:
    """The earliest value; of several at the same time the one that arrived first."""
    found: Values = segments.values[segments.starts]
    return found


def last(segments: Segments) -> Values:
    """The latest value; of several at the same time the one that arrived last."""
    found: Values = segments.values[segments.starts + segments.counts - 1]
    return found


def minimum(segments: Segments) -> Values:
    """The smallest value."""
    found: Values = np.minimum.reduceat(segments.values, segments.starts)
    return found


def maximum(segments: Segments) -> Values:
    """The largest value."""
    found: Values = np.maximum.reduceat(segments.values, segments.starts)
    return found


def total(segments: Segments) -> Values:
    """The sum of the values; not finite where no double is large enough."""
    return sums(segments)[0]


def mean(segments: Segments) -> Values:
    """The arithmetic mean."""
    return sums(segments)[1]


def median(segments: Segments) -> Values:
    """The middle value, or the mean of the two in the middle."""
    medians = np.empty(len(segments))
    large = segments.counts >= SORTED_ALONE
    for index in np.flatnonzero(large).tolist():
        window = np.sort(segments.window(index))
        middle = len(window) // 2
        medians[index] = _middle(window[(len(window) - 1) // 2], window[middle])
    for size in np.unique(segments.counts[~large]).tolist():
        _medians_of(segments, size, medians)
    return medians


def _medians_of(segments: Segments, size: int, medians: Values) -> None:
    """Set the medians of all windows that have `size` values: as rows of a matrix, a limited number at a time."""
    windows = np.flatnonzero(segments.counts == size)
    at_once = max((1 << 16) // size, 1)
    for begin in range(0, len(windows), at_once):
        some = windows[begin : begin + at_once]
        rows = segments.values[segments.starts[some, None] + np.arange(size)]
        rows.sort(axis=1)
        medians[some] = _middle(rows[:, (size - 1) // 2], rows[:, size // 2])


def _middle(lower: Any, upper: Any) -> Any:  # numpy numbers or arrays of them
    """The mean of two numbers, each: rounded once, and finite even where their sum is not."""
    with np.errstate(over="ignore"):
        sum_of_both = lower + upper
    return np.where(np.isfinite(sum_of_both), sum_of_both / 2, lower / 2 + upper / 2)


NUMERIC: Mapping[str, Aggregation] = {
    "MIN": minimum,  # LOSANT-TIMESERIES-305, LOSANT-TIMESERIES-345
    "MAX": maximum,  # LOSANT-TIMESERIES-304, LOSANT-TIMESERIES-344
    "SUM": total,  # LOSANT-TIMESERIES-308, LOSANT-TIMESERIES-348
    "MEAN": mean,  # LOSANT-TIMESERIES-307, LOSANT-TIMESERIES-347
    "MEDIAN": median,  # LOSANT-TIMESERIES-306, LOSANT-TIMESERIES-346
    "STD_DEV": deviation,  # LOSANT-TIMESERIES-309, LOSANT-TIMESERIES-312, LOSANT-TIMESERIES-349
}
"""The aggregations of numbers, and of booleans as numbers."""

UNIVERSAL: Mapping[str, Aggregation] = {
    # of strings and positions too
    "COUNT": count,  # LOSANT-TIMESERIES-303, LOSANT-TIMESERIES-343, LOSANT-TIMESERIES-363, LOSANT-TIMESERIES-383
    "FIRST": first,  # LOSANT-TIMESERIES-301, LOSANT-TIMESERIES-341, LOSANT-TIMESERIES-361, LOSANT-TIMESERIES-381
    "LAST": last,  # LOSANT-TIMESERIES-302, LOSANT-TIMESERIES-342, LOSANT-TIMESERIES-362, LOSANT-TIMESERIES-382
}
"""The aggregations of any values."""


def aggregate(name: str, segments: Segments) -> Values | None:
    """One value per window, or None if values of this kind have no such aggregation.

    Raises:
        KeyError: There is no such aggregation.
    """
    if name in UNIVERSAL:
        return UNIVERSAL[name](segments)
    function = NUMERIC[name]
    if segments.values.dtype == object:
        return None
    if not len(segments):
        return np.empty(0)
    if segments.values.dtype == bool:
        segments = replace(segments, values=segments.values.astype(np.float64))
    return function(segments)
