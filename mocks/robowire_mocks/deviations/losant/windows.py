"""Deviations of windows, order, limit and attributes of a time series (facts "Losant", on windows and points)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from robowire_mocks.deviations.losant.registry import LOSANT
from robowire_mocks.losant.engine.points import Cells, Points
from robowire_mocks.losant.engine.windows import Segments, Windows

if TYPE_CHECKING:
    from robowire_generators.telemetry import Column, Device

    from robowire_mocks.deviations.losant.changing import Wrapper
    from robowire_mocks.losant.call import Call
    from robowire_mocks.losant.time_series_query import Series

Lists = Iterator[list[dict[str, Any]]]


def _add(number: int, slug: str, step: str, summary: str, wrapper: Wrapper) -> None:
    LOSANT.add(f"time-series-{slug}", breaks=f"LOSANT-TIMESERIES-{number}", step=step, summary=summary, wrapper=wrapper)


def _ends(honest: Wrapper, call: Call, series: Series, numbers: Any) -> Any:
    return honest(call, series, numbers + 1)


def _middles(honest: Wrapper, call: Call, series: Series, numbers: Any) -> Any:
    return honest(call, series, numbers) + int(series.windows.step) // 2


_add(221, "times-are-ends", "starts", "The time of a point is the end of its window.", _ends)
_add(221, "times-are-middles", "starts", "The time of a point is the middle of its window.", _middles)


def _right_closed(honest: Wrapper, call: Call, series: Series, column: Column) -> Segments:
    """A value between two windows counts in the earlier one."""
    segments: Segments = honest(call, series, column)
    first, _ = series.windows.slice(column.times)
    inside = column.times[first : first + len(segments.values)]
    numbers = np.maximum(series.windows.of(np.maximum(inside - 1, series.range.start)), 0)
    return _grouped(segments.values, numbers)


def _both_closed(honest: Wrapper, call: Call, series: Series, column: Column) -> Segments:
    """A value between two windows counts in both."""
    honest_ones: Segments = honest(call, series, column)
    windows = series.windows
    values, numbers = [], []
    for number in honest_ones.numbers.tolist():
        begin, end = windows.starts(np.array([number, number + 1])).tolist()
        first, last = np.searchsorted(column.times, (begin, min(end + 1, series.range.end)))
        values.append(column.values[first:last])
        numbers.append(np.full(last - first, number))
    return _grouped(np.concatenate(values), np.concatenate(numbers)) if values else honest_ones


def _grouped(values: Any, of_each: Any) -> Segments:
    starts = np.flatnonzero(np.diff(of_each, prepend=-1))
    return Segments(values, of_each[starts], starts, np.diff(starts, append=len(of_each)))


def _reshaped(change: Callable[[Series], Windows]) -> Wrapper:
    """A wrapper of `windows`: all of a query's windows are others."""

    def wrapper(honest: Wrapper, call: Call, series: Series, *args: Any) -> Any:
        found = change(series)
        range_ = replace(series.range, start=found.start, end=found.end)
        return honest(call, replace(series, range=range_, resolution=found.resolution), *args)

    return wrapper


def _longer(series: Series) -> Windows:
    step = series.resolution
    return Windows(series.range.start, series.range.end, step + 1 if step > 1 else step)


def _fewer(series: Series) -> Windows:
    """Windows that are so long that there is one less of them, where there are 36 of five minutes."""
    found = series.windows
    if found.number != 36 or found.step != 300_000:  # the document's example
        return found
    return Windows(found.start, found.end, -(-(found.end - found.start) // (found.number - 1)))


def _aligned_by_id(honest: Wrapper, call: Call, series: Series, device: Device, columns: Any) -> Points:
    """The windows of devices with an odd id start half a window later."""
    points: Points = honest(call, series, device, columns)
    if int(device.id, 16) % 2:
        return replace(points, times=points.times + int(series.windows.step) // 2)
    return points


_add(222, "seam-in-earlier-window", "cut", "A value between two windows counts in the earlier one.", _right_closed)
_add(222, "seam-in-both-windows", "cut", "A value between two windows counts in both.", _both_closed)
_add(223, "windows-a-millisecond-longer", "windows", "Windows are a millisecond longer than asked.", _reshaped(_longer))
_add(224, "windows-one-less", "windows", "Of 36 windows of five minutes there is one less.", _reshaped(_fewer))
_add(225, "windows-by-device", "windows", "Windows of some devices start half a window later.", _aligned_by_id)


def _invented(honest: Wrapper, call: Call, series: Series, device: Device, columns: Any) -> Points:
    """The value of an empty window is that of the window before."""
    points: Points = honest(call, series, device, columns)
    windows = series.windows
    if series.aggregation in {"COUNT", "SUM"} or len(points) < 2 or windows.number > 10_000:
        return points
    last = int(windows.of(points.times[-1:])[0])
    rows = np.arange(last + 1)
    times = windows.starts(rows)
    since = np.searchsorted(points.times, times, "right") - 1
    known = since >= 0
    cells = {
        name: Cells(
            np.flatnonzero(known & (since >= one.rows[0])) - np.flatnonzero(known)[0],
            one.values[np.searchsorted(one.rows, since[known & (since >= one.rows[0])], "right") - 1],
        )
        for name, one in points.cells.items()
        if len(one.rows)
    }
    return Points(times[known], cells)


def _split(honest: Wrapper, call: Call, series: Series, points: Points) -> Lists:
    """Every list of points has its first point twice."""
    for points_of in honest(call, series, points):
        yield [*points_of[:1], *points_of] if series.aggregation != "NONE" else points_of


def _listed_if_raw(honest: Wrapper, call: Call) -> Any:
    """Devices without points are listed with raw points only."""
    answer = honest(call)
    if call.asked.get("aggregation", "NONE") == "NONE":
        return answer
    devices = {}
    for device_id, device in answer.body["devices"].items():
        points = [point for some in device["points"] for point in some]
        if points:
            devices[device_id] = {**device, "points": points}
    return replace(answer, body={**answer.body, "devices": devices})


_add(226, "empty-windows-filled", "windows", "An empty window has the value of the one before.", _invented)
_add(227, "windows-twice", "ordered", "A window has two points.", _split)
_add(228, "empty-devices-if-raw", "time_series", "Devices without points are listed with NONE only.", _listed_if_raw)


def _descending(when: Callable[[Call], bool], *, descending: bool) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, series: Series, points: Points) -> Lists:
        found: Lists = honest(call, replace(series, descending=descending) if when(call) else series, points)
        return found

    return wrapper


def _limited(change: Callable[[Series], int | None]) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, series: Series, points: Points) -> Lists:
        limit = change(series) if series.limit is not None else None
        found: Lists = honest(call, replace(series, limit=limit), points)
        return found

    return wrapper


def _limit_first(honest: Wrapper, call: Call, series: Series, points: Points) -> Lists:
    """The limit counts in order of time, and then the points are turned round."""
    if series.limit is None or not series.descending:
        found: Lists = honest(call, series, points)
        return found
    ascending = [point for some in honest(call, replace(series, descending=False), points) for point in some]
    return iter([ascending[::-1]])


def _limit_last(honest: Wrapper, call: Call, series: Series, points: Points) -> Lists:
    """The limit gives the last points, in the order asked for."""
    if series.limit is None:
        found: Lists = honest(call, series, points)
        return found
    turned = replace(series, descending=not series.descending)
    return iter([[point for some in honest(call, turned, points) for point in some][::-1]])


_add(
    231,
    "asc-descends",
    "ordered",
    "Points descend with order asc.",
    _descending(lambda call: call.asked.get("order") == "asc", descending=True),
)
_add(
    232,
    "desc-ascends",
    "ordered",
    "Points ascend with order desc.",
    _descending(lambda call: call.asked.get("order") == "desc", descending=False),
)
_add(
    233,
    "descends-by-itself",
    "ordered",
    "Points descend without order.",
    _descending(lambda call: "order" not in call.asked, descending=True),
)
_add(
    234,
    "limit-one-more",
    "ordered",
    "There is one point more than the limit.",
    _limited(lambda series: (series.limit or 0) + 1),
)
_add(
    234,
    "limit-ignored-raw",
    "ordered",
    "The limit does not count with raw points.",
    _limited(lambda series: None if series.aggregation == "NONE" else series.limit),
)
_add(235, "limit-before-order", "ordered", "The limit counts before the points are turned round.", _limit_first)
_add(235, "limit-gives-last", "ordered", "The limit gives the last points.", _limit_last)
_add(
    236,
    "limit-raw-only",
    "ordered",
    "The limit counts with raw points only.",
    _limited(lambda series: series.limit if series.aggregation == "NONE" else None),
)


def _attributes(change: Callable[[Call, Device, list[str]], Sequence[str]]) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, device: Device) -> Sequence[str]:
        return change(call, device, honest(call, device))

    return wrapper


def _one_more(call: Call, device: Device, names: list[str]) -> Sequence[str]:
    others = [name for name in device.attributes if name not in names]
    return [*names, *others[:1]] if "attributes" in call.asked else names


def _without_last(call: Call, _: Device, names: list[str]) -> Sequence[str]:
    return names if "attributes" in call.asked else names[:1]


def _sorted_only(call: Call, _: Device, names: list[str]) -> Sequence[str]:
    return names[:-1] if "attributes" in call.asked and names != sorted(names) else names


_add(
    241, "attributes-one-more", "attributes", "The data hold an attribute more than asked for.", _attributes(_one_more)
)
_add(
    242,
    "attributes-first-alone",
    "attributes",
    "Without attributes only the first is given.",
    _attributes(_without_last),
)
_add(
    243,
    "attributes-out-of-order",
    "attributes",
    "Attributes out of order lose the last one.",
    _attributes(_sorted_only),
)
