"""TIMEATVALUE: how long an attribute stood at a value, window by window.

What was reported holds until the attribute's next report, and nothing holds beyond the present. Of several reports at
the same time the one that arrived last holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from robowire_mocks.losant.engine.windows import Positions, Times, Values, Windows


def time_at_value(
    times: Times, values: Values, windows: Windows, value: object, now: int
) -> tuple[Positions, NDArray[np.int64]]:
    """The windows in which the attribute had a known value, and for how many ms of each it was `value`.

    Args:
        times: When each value was reported, ascending, in ms since the Unix epoch, [n].
        values: The values, [n].
        windows: The windows.
        value: The value to look for; a boolean is no number.
        now: The present, in ms since the Unix epoch.
    """
    numbers = np.arange(windows.number, dtype=np.int64)
    if not len(times):
        return numbers[:0], numbers[:0]
    begin = windows.starts(numbers)
    end = np.minimum(windows.starts(numbers + 1), windows.end)
    known = np.minimum(end, now) > np.maximum(begin, times[0])
    matching = matches(values, value)
    at_value = _cumulated(times, matching, np.minimum(end, now)) - _cumulated(times, matching, np.minimum(begin, now))
    return numbers[known], at_value[known]


def matches(values: Values, value: object) -> NDArray[np.bool_]:
    """Which of the values are `value`: of the same JSON type, and equal."""
    kinds = {np.dtype(bool): bool, np.dtype(object): str}
    kind = kinds.get(values.dtype, (int, float))
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        return np.zeros(len(values), dtype=bool)
    found: NDArray[np.bool_] = np.asarray(values == value, dtype=bool)
    return found


def _cumulated(times: Times, matching: NDArray[np.bool_], until: Times) -> NDArray[np.int64]:
    """For how many ms up to each time of `until` the attribute has been at the value."""
    spans = np.where(matching[:-1], np.diff(times), 0)
    before = np.concatenate(([0], np.cumsum(spans)))
    report = np.maximum(np.searchsorted(times, until, "right") - 1, 0)
    since = np.maximum(until - times[report], 0)
    return before[report] + np.where(matching[report], since, 0)
