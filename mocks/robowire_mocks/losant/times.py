"""The range of time that a query asks for, in ms since the Unix epoch, half-open."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from robowire_mocks.losant.engine.iso import EARLIEST_MS, LATEST_MS
from robowire_mocks.losant.errors import Malformed

if TYPE_CHECKING:
    from robowire_mocks.losant.call import Call

DEFAULT_DURATION_MS: int = 3_600_000
"""How long a range is that has neither `start` nor `duration`: the document is silent, an hour is enough to see."""


@dataclass(frozen=True, slots=True)
class TimeRange:
    """The times from `start` to before `end`, in ms since the Unix epoch."""

    start: int
    end: int


def time_range(call: Call) -> TimeRange:
    """What `start`, `end` and `duration` say; all may have fractions.

    Raises:
        Malformed: A bound lies outside the years 1 to 9999, or the duration is negative.
    """
    end = call.steps.end(call)
    start = call.asked.get("start")
    if start is not None:
        # LOSANT-TIMESERIES-209: no duration here. LOSANT-EXPORT-211, LOSANT-EXPORT-213
        return TimeRange(call.steps.moment(call, "start", start), end)
    if call.operation == "export":
        return TimeRange(EARLIEST_MS, end)  # an export has no duration: everything up to its end
    duration = call.asked.get("duration", DEFAULT_DURATION_MS)
    if duration < 0:
        raise Malformed(f"duration: {duration!r} is negative")
    return TimeRange(math.ceil(max(end - duration, EARLIEST_MS)), end)  # LOSANT-TIMESERIES-208


def end(call: Call) -> int:
    """The end of the range; without one it is now.

    Raises:
        Malformed: It lies outside the years 1 to 9999.
    """
    # LOSANT-TIMESERIES-203, LOSANT-LASTVALUE-203, LOSANT-EXPORT-214
    return call.steps.moment(call, "end", call.asked.get("end", 0))


def moment(call: Call, name: str, time: float) -> int:
    """A time as queries have them: ms since the Unix epoch, but relative to now if zero or negative.

    Raises:
        Malformed: It lies outside the years 1 to 9999; `name` is what the query calls it.
    """
    # LOSANT-TIMESERIES-201, LOSANT-TIMESERIES-205, LOSANT-LASTVALUE-201, LOSANT-EXPORT-212: positive
    # LOSANT-TIMESERIES-202, LOSANT-TIMESERIES-207, LOSANT-LASTVALUE-202: zero
    # LOSANT-TIMESERIES-204, LOSANT-TIMESERIES-206, LOSANT-LASTVALUE-204: negative
    return _told(name, time if time > 0 else call.now + time)


def _told(name: str, time: float) -> int:
    if not EARLIEST_MS <= time <= LATEST_MS:
        raise Malformed(f"{name}: {time!r} ms lies outside the years 1 to 9999")
    return math.ceil(time)  # whole milliseconds are at or after a fractional bound exactly if they are at or after this
