"""Deviations of the range of time that a query asks for (facts "Losant", on start, end and duration)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.losant.changing import ACTIONS, Wrapper, only
from robowire_mocks.deviations.losant.registry import LOSANT
from robowire_mocks.losant.times import TimeRange

if TYPE_CHECKING:
    from robowire_generators.telemetry import Column

    from robowire_mocks.losant.call import Call
    from robowire_mocks.losant.time_series_query import Series

HOUR, DAY = 3_600_000, 86_400_000

Moment = Callable[["Call", float], float]


def _moment(name: str, applies: Callable[[float], bool], change: Moment) -> Wrapper:
    """A wrapper of `moment` that takes some values of `start` or `end` for a time of its own."""

    def wrapper(honest: Wrapper, call: Call, member: str, time: float) -> int:
        if member == name and member in call.asked and applies(time):
            return int(change(call, time))
        found: int = honest(call, member, time)
        return found

    return wrapper


def _without_end(change: Callable[[Call, int], int]) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call) -> int:
        end: int = honest(call)
        return end if "end" in call.asked else change(call, end)

    return wrapper


def _range(applies: Callable[[Any], bool], change: Callable[[Call, TimeRange], TimeRange]) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call) -> TimeRange:
        found: TimeRange = honest(call)
        return change(call, found) if applies(call.asked) else found

    return wrapper


def _positive(time: float) -> bool:
    return time > 0


def _negative(time: float) -> bool:
    return time < 0


def _zero(time: float) -> bool:
    return time == 0


_END: tuple[tuple[int, str, str, str, Wrapper], ...] = (
    (
        1,
        "end-ignored",
        "moment",
        "A positive end is taken for now.",
        _moment("end", _positive, lambda call, _: call.now),
    ),
    (
        1,
        "end-a-day-late",
        "moment",
        "A positive end is a day late.",
        _moment("end", _positive, lambda _, end: end + DAY),
    ),
    (2, "end-zero-the-epoch", "moment", "An end of zero is the epoch.", _moment("end", _zero, lambda _, __: 0)),
    (
        2,
        "end-zero-yesterday",
        "moment",
        "An end of zero is a day ago.",
        _moment("end", _zero, lambda call, _: call.now - DAY),
    ),
    (3, "no-end-yesterday", "end", "Without end the range ends a day ago.", _without_end(lambda _, end: end - DAY)),
    (
        4,
        "end-negative-ignored",
        "moment",
        "A negative end is now.",
        _moment("end", _negative, lambda call, _: call.now),
    ),
    (
        4,
        "end-negative-in-seconds",
        "moment",
        "A negative end is that many seconds ago.",
        _moment("end", _negative, lambda call, end: max(call.now + end * 1000, 0)),
    ),
)
_START: tuple[tuple[int, str, str, str, Wrapper], ...] = (
    (
        5,
        "start-ignored",
        "range",
        "A positive start is an hour before the end.",
        _range(lambda asked: asked.get("start", 0) > 0, lambda _, found: TimeRange(found.end - HOUR, found.end)),
    ),
    (
        5,
        "start-early",
        "moment",
        "A positive start is a day early.",
        _moment("start", _positive, lambda _, start: max(start - DAY, 0)),
    ),
    (
        6,
        "start-relative-to-end",
        "range",
        "A negative start is relative to the end.",
        _range(
            lambda asked: asked.get("start", 0) < 0,
            lambda call, found: TimeRange(int(found.end + call.asked["start"]), found.end),
        ),
    ),
    (
        6,
        "start-negative-in-seconds",
        "moment",
        "A negative start is that many seconds ago.",
        _moment("start", _negative, lambda call, start: max(call.now + start * 1000, 0)),
    ),
    (7, "start-zero-the-epoch", "moment", "A start of zero is the epoch.", _moment("start", _zero, lambda _, __: 0)),
    (
        8,
        "duration-before-now",
        "range",
        "Without start the range begins duration before now.",
        _range(
            lambda asked: "start" not in asked and "duration" in asked,
            lambda call, found: TimeRange(int(call.now - call.asked["duration"]), found.end),
        ),
    ),
    (
        8,
        "duration-in-seconds",
        "range",
        "duration is in seconds, of which there are a tenth.",
        _range(
            lambda asked: "start" not in asked and "duration" in asked,
            lambda call, found: TimeRange(int(found.end - call.asked["duration"] / 10), found.end),
        ),
    ),
    (
        9,
        "duration-wins",
        "range",
        "With start and duration, start does not count.",
        _range(
            lambda asked: "start" in asked and "duration" in asked,
            lambda call, found: TimeRange(int(found.end - call.asked["duration"]), found.end),
        ),
    ),
    (
        9,
        "duration-from-start",
        "range",
        "With start and duration, the range ends duration after its start.",
        _range(
            lambda asked: "start" in asked and "duration" in asked,
            lambda call, found: TimeRange(found.start, int(found.start + call.asked["duration"])),
        ),
    ),
)

for _operation, _name, _area, _ in ACTIONS[1:]:
    for _number, _slug, _step, _summary, _wrapper in (*_END, *(_START if _operation == "timeSeriesQuery" else ())):
        LOSANT.add(
            f"{_name}-{_slug}",
            breaks=f"LOSANT-{_area}-{200 + _number}",
            step=_step,
            summary=f"{_operation}: {_summary}",
            wrapper=only(_operation, _wrapper),
        )


def _shift(start: int, end: int) -> Wrapper:
    """A wrapper of `raw` and `windows` that looks at a range other than the one it speaks of."""

    def wrapper(honest: Wrapper, call: Call, series: Series, *args: Any) -> Any:
        found = series.range
        return honest(
            call, replace(series, range=TimeRange(found.start - start, max(found.end + end, found.start))), *args
        )

    return wrapper


def _booleans_to_end(honest: Wrapper, call: Call, series: Series, device: Any, columns: dict[str, Column]) -> Any:
    """The range of raw points includes its end, if only attributes are asked for that are booleans."""
    if columns and all(column.values.dtype == bool for column in columns.values()):
        series = replace(series, range=TimeRange(series.range.start, series.range.end + 1))
    return honest(call, series, device, columns)


def _booleans_after_start(honest: Wrapper, call: Call, series: Series, device: Any, columns: dict[str, Column]) -> Any:
    """The range of raw points leaves its start out, for the same."""
    if columns and all(column.values.dtype == bool for column in columns.values()):
        series = replace(series, range=TimeRange(series.range.start + 1, series.range.end))
    return honest(call, series, device, columns)


def _counts_to_end(honest: Wrapper, call: Call, series: Series, column: Column) -> Any:
    """COUNT includes the end of the range; no other aggregation does."""
    if series.aggregation == "COUNT":
        series = replace(series, range=TimeRange(series.range.start, series.range.end + 1))
    return honest(call, series, column)


def _next_report(honest: Wrapper, call: Call, series: Series, device: Any, columns: dict[str, Column]) -> Any:
    """A range of raw points that starts at a report begins after the next one."""
    start, end = series.range.start, series.range.end
    times = sorted({int(time) for column in columns.values() for time in column.times if start <= time < end})
    if times[:1] == [start]:
        series = replace(series, range=TimeRange(max(times[:2]) + 1, end))
    return honest(call, series, device, columns)


for _number, _slug, _step, _summary, _wrapper in (
    (211, "ends-early", "raw", "Raw points of the last minute of the range are missing.", _shift(0, -60_000)),
    (211, "begins-late", "raw", "Raw points of the first minute of the range are missing.", _shift(-60_000, 0)),
    (212, "minute-before", "raw", "Raw points of the minute before the range are given too.", _shift(60_000, 0)),
    (212, "minute-after", "raw", "Raw points of the minute after the range are given too.", _shift(0, 60_000)),
    (213, "booleans-to-end", "raw", "The range includes its end for booleans only.", _booleans_to_end),
    (213, "booleans-after-start", "raw", "The range leaves out its start for booleans only.", _booleans_after_start),
    (213, "counts-to-end", "aggregate", "The range includes its end for COUNT only.", _counts_to_end),
    (214, "next-report-lost", "raw", "Of a range that starts at a report the next one is missing too.", _next_report),
):
    LOSANT.add(
        f"time-series-{_slug}",
        breaks=f"LOSANT-TIMESERIES-{_number}",
        step=_step,
        summary=_summary,
        wrapper=only("timeSeriesQuery", _wrapper),
    )
