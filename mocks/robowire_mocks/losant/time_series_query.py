"""The time series query (section "Time Series Query")."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from robowire_fixtures.losant import DEFAULT_ORDER, RAW, TIME_AT_VALUE

from robowire_mocks.core.answer import Answer
from robowire_mocks.core.strict_json import Runs, Streamed
from robowire_mocks.losant.engine.aggregations import aggregate as aggregated
from robowire_mocks.losant.engine.held import time_at_value
from robowire_mocks.losant.engine.iso import iso_time
from robowire_mocks.losant.engine.points import Keys, Points, blocks, join
from robowire_mocks.losant.engine.windows import Segments, Windows, cut
from robowire_mocks.losant.errors import Malformed
from robowire_mocks.losant.times import TimeRange

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from robowire_generators.telemetry import Column, Device

    from robowire_mocks.losant.call import Call
    from robowire_mocks.losant.engine.points import Point
    from robowire_mocks.losant.engine.windows import Times

Keyed: TypeAlias = "tuple[Keys, NDArray[Any]]"
"""Numbers of windows or of states, ascending, and the values that they have."""

MOST_WINDOWS: int = 1_000_000
"""How many windows TIMEATVALUE may have: it has a point for those without values too."""


@dataclass(frozen=True, slots=True)
class Series:
    """What a time series query asks for, with the defaults in place.

    `aggregation` is a name, `value` that of TIMEATVALUE, `resolution` in ms (0: one window), `limit` None for none.
    """

    range: TimeRange
    aggregation: str
    value: Any
    resolution: float
    limit: int | None
    descending: bool

    @property
    def windows(self) -> Windows:
        """The windows of the range."""
        return Windows(self.range.start, self.range.end, self.resolution)


def time_series(call: Call) -> Answer:
    """The points of every selected device, also of those that have none."""
    series = call.steps.series(call)
    devices = Streamed(
        {device.id: call.steps.device(call, series, device) for device in call.steps.select(call)}
    )  # LOSANT-TIMESERIES-008, LOSANT-TIMESERIES-228
    # LOSANT-TIMESERIES-001
    return Answer(200, {**call.steps.heading(call, series), "devices": devices})


def heading(call: Call, series: Series) -> dict[str, Any]:
    """What the answer says of the query."""
    return {
        # LOSANT-TIMESERIES-021
        "start": iso_time(series.range.start),  # LOSANT-TIMESERIES-002
        "end": iso_time(series.range.end),  # LOSANT-TIMESERIES-003
        "resolution": call.asked.get("resolution"),  # LOSANT-TIMESERIES-004, LOSANT-TIMESERIES-022
        # in the form in which it was asked for: LOSANT-TIMESERIES-005, LOSANT-TIMESERIES-023
        "aggregation": call.asked.get("aggregation", RAW),
        "limit": call.asked.get("limit"),  # LOSANT-TIMESERIES-006, LOSANT-TIMESERIES-024
        "order": call.asked.get("order", DEFAULT_ORDER),  # LOSANT-TIMESERIES-007, LOSANT-TIMESERIES-025
    }


def series(call: Call) -> Series:
    """What the body asks for. Without `aggregation` raw points, the document's silence being no reason to reckon.

    Raises:
        Malformed: A number is negative that cannot be, or the windows are too many.
    """
    asked = call.asked
    for name in ("resolution", "limit"):
        if asked.get(name, 0) < 0:
            raise Malformed(f"{name}: {asked[name]!r} is negative")
    name, value = _aggregation(asked.get("aggregation", RAW))
    found = Series(
        call.steps.range(call),
        name,
        value,
        asked.get("resolution", 0),
        math.floor(asked["limit"]) if "limit" in asked else None,
        asked.get("order", DEFAULT_ORDER) == "desc",  # LOSANT-TIMESERIES-231 to LOSANT-TIMESERIES-233
    )
    if name == TIME_AT_VALUE and found.windows.number > MOST_WINDOWS:
        raise Malformed(f"resolution: it makes {found.windows.number} windows; at most {MOST_WINDOWS} are reckoned")
    return found


def _aggregation(asked: Any) -> tuple[str, Any]:  # a name or an object
    """Name and value; both forms mean the same."""
    # LOSANT-TIMESERIES-321 to LOSANT-TIMESERIES-330
    if isinstance(asked, str):
        return asked, None
    return asked["type"], asked.get("options", {}).get("value")


def device(call: Call, series: Series, device: Device) -> dict[str, Any]:
    """One device of the answer."""
    # LOSANT-TIMESERIES-010
    return Streamed(
        name=device.name,  # LOSANT-TIMESERIES-011, LOSANT-TIMESERIES-027
        tags={key: list(values) for key, values in device.tags.items()},  # LOSANT-TIMESERIES-012, LOSANT-TIMESERIES-026
        points=Runs(call.steps.points(call, series, device)),  # LOSANT-TIMESERIES-013
    )


def points(call: Call, series: Series, device: Device) -> Iterator[list[Point]]:
    """The points of one device, in lists: of every attribute that was asked for, put together by time."""
    columns = {
        name: column
        for name in call.steps.attributes(call, device)  # LOSANT-TIMESERIES-241 to LOSANT-TIMESERIES-243
        if (column := device.history.columns.get(name)) is not None
    }
    if series.aggregation == RAW:
        found = call.steps.raw(call, series, device, columns)
    else:
        found = call.steps.windows(call, series, device, columns)
    # LOSANT-TIMESERIES-234, LOSANT-TIMESERIES-235, LOSANT-TIMESERIES-236: what is limited is in its order by then
    return call.steps.ordered(call, series, found)


def ordered(call: Call, series: Series, found: Points) -> Iterator[list[Point]]:  # noqa: ARG001  # a step gets the call
    """The points in the order asked for, as far as the limit goes."""
    return blocks(found, descending=series.descending, limit=series.limit)


def attributes(call: Call, device: Device) -> list[str]:
    """The names of the attributes that are asked for: without any, all that the device has."""
    return list(dict.fromkeys(call.asked.get("attributes", device.attributes)))


def raw(call: Call, series: Series, device: Device, columns: dict[str, Column]) -> Points:  # noqa: ARG001  # a step gets the call
    """One point per reported state, at its time, also if several have the same.

    The resolution does not apply.
    """
    # LOSANT-TIMESERIES-310, LOSANT-TIMESERIES-313
    found = {}
    for name, column in columns.items():
        # LOSANT-TIMESERIES-211 to LOSANT-TIMESERIES-214; values as they are: LOSANT-TIMESERIES-016,
        # LOSANT-TIMESERIES-350, LOSANT-TIMESERIES-370, LOSANT-TIMESERIES-390
        first, last = series.windows.slice(column.times)
        found[name] = column.states[first:last], column.values[first:last]
    rows, cells = join(found)
    return Points(device.history.times[rows], cells)  # LOSANT-TIMESERIES-014, LOSANT-TIMESERIES-015


def windows(call: Call, series: Series, device: Device, columns: dict[str, Column]) -> Points:  # noqa: ARG001  # a step gets the device
    """One point per window that has a value of any attribute, at the start of the window.

    Windows are half-open and begin at the start of the range.
    """
    # LOSANT-TIMESERIES-221 to LOSANT-TIMESERIES-227
    found = {
        name: keyed
        for name, column in columns.items()
        if (keyed := call.steps.aggregate(call, series, column)) is not None
    }
    rows, cells = join(found)
    return Points(call.steps.starts(call, series, rows), cells)


def starts(call: Call, series: Series, numbers: Keys) -> Times:  # noqa: ARG001  # a step gets the call
    """When the windows with these numbers start: the times of their points."""
    return series.windows.starts(numbers.astype(np.int64))


def aggregate(call: Call, series: Series, column: Column) -> Keyed | None:
    """The numbers of the windows in which the attribute has a value, and the values; None if it has no such values.

    A value that no double can hold is none.
    """
    if series.aggregation == TIME_AT_VALUE:
        # LOSANT-TIMESERIES-311; by the vendor's manual: for how long the attribute was at the value
        return time_at_value(column.times, column.values, series.windows, series.value, call.now)
    segments = call.steps.cut(call, series, column)
    values = call.steps.values(call, series.aggregation, segments)
    if values is None:
        return None  # LOSANT-TIMESERIES-364, LOSANT-TIMESERIES-384
    if values.dtype.kind != "f":
        return segments.numbers, values
    finite = np.isfinite(values)
    return segments.numbers[finite], values[finite]


def cut_column(call: Call, series: Series, column: Column) -> Segments:  # noqa: ARG001  # a step gets the call
    """The values of a column, window by window."""
    return cut(column.times, column.values, series.windows)


def values(call: Call, aggregation: str, segments: Segments) -> NDArray[Any] | None:  # noqa: ARG001  # a step gets the call
    """The value of each window, or None if values of this kind have none under the aggregation."""
    return aggregated(aggregation, segments)
