"""Deviations of the aggregations, of values of each type (facts "Losant", on aggregations)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from robowire_fixtures.losant import WINDOW_AGGREGATIONS

from robowire_mocks.deviations.losant.registry import LOSANT
from robowire_mocks.losant.engine.aggregations import NUMERIC, UNIVERSAL
from robowire_mocks.losant.engine.points import Cells, Points

if TYPE_CHECKING:
    from robowire_generators.telemetry import Device

    from robowire_mocks.deviations.losant.changing import Wrapper
    from robowire_mocks.losant.call import Call
    from robowire_mocks.losant.engine.windows import Segments
    from robowire_mocks.losant.time_series_query import Series

Values = Any
Change = Callable[["Segments", Values], Values]
ALL = {**UNIVERSAL, **NUMERIC}
FEW = 60


def _add(number: int, slug: str, step: str, summary: str, wrapper: Wrapper) -> None:
    LOSANT.add(slug, breaks=f"LOSANT-TIMESERIES-{number}", step=step, summary=summary, wrapper=wrapper)


def _is_number(segments: Segments) -> bool:
    return bool(segments.values.dtype == np.float64)


def _is_boolean(segments: Segments) -> bool:
    return bool(segments.values.dtype == bool)


def _is_text(segments: Segments) -> bool:
    return bool(segments.values.dtype == object)


def _on(name: str, kind: Callable[[Segments], bool], change: Change) -> Wrapper:
    """A wrapper of `values` that changes one aggregation of values of one kind."""

    def wrapper(honest: Wrapper, call: Call, aggregation: str, segments: Segments) -> Values:
        values = honest(call, aggregation, segments)
        return change(segments, values) if aggregation == name and kind(segments) and len(segments) else values

    return wrapper


def _as(name: str) -> Change:
    return lambda segments, _: ALL[name](segments)


def _each(function: Callable[[Any], Any]) -> Change:
    """A change that makes a window's value of the window's values alone."""
    return lambda segments, _: np.array([function(segments.window(index)) for index in range(len(segments))])


def _lower_middle(window: Any) -> Any:
    return np.sort(window)[(len(window) - 1) // 2]


_NUMBERS: tuple[tuple[int, str, str, str, Change], ...] = (
    (301, "FIRST", "first-is-last", "FIRST gives the last value.", _as("LAST")),
    (301, "FIRST", "first-is-second", "FIRST gives the second value.", _each(lambda window: window[:2][-1])),
    (302, "LAST", "last-is-first", "LAST gives the first value.", _as("FIRST")),
    (302, "LAST", "last-is-second-to-last", "LAST gives the last value but one.", _each(lambda window: window[-2:][0])),
    (303, "COUNT", "count-different", "COUNT counts different values.", _each(lambda window: len(np.unique(window)))),
    (303, "COUNT", "count-one-less", "COUNT is one less than it should be.", lambda _, values: values - 1),
    (304, "MAX", "max-is-min", "MAX gives the least value.", _as("MIN")),
    (
        304,
        "MAX",
        "max-by-magnitude",
        "MAX gives the value of the greatest magnitude.",
        _each(lambda window: window[np.abs(window).argmax()]),
    ),
    (
        304,
        "MAX",
        "max-without-last",
        "MAX leaves out the last value.",
        _each(lambda window: (window[:-1] if len(window) > 1 else window).max()),
    ),
    (305, "MIN", "min-is-max", "MIN gives the greatest value.", _as("MAX")),
    (
        305,
        "MIN",
        "min-without-first",
        "MIN leaves out the first value.",
        _each(lambda window: (window[1:] if len(window) > 1 else window).min()),
    ),
    (306, "MEDIAN", "median-lower", "MEDIAN gives the lower of the two in the middle.", _each(_lower_middle)),
    (
        306,
        "MEDIAN",
        "median-upper",
        "MEDIAN gives the upper of the two in the middle.",
        _each(lambda window: np.sort(window)[len(window) // 2]),
    ),
    (
        306,
        "MEDIAN",
        "median-unsorted",
        "MEDIAN gives the value in the middle of time.",
        _each(lambda window: window[len(window) // 2]),
    ),
    (306, "MEDIAN", "median-is-mean", "MEDIAN gives the mean.", _as("MEAN")),
    (307, "MEAN", "mean-is-median", "MEAN gives the median.", _as("MEDIAN")),
    (
        307,
        "MEAN",
        "mean-of-extremes",
        "MEAN gives the middle between the extremes.",
        _each(lambda window: (window.min() + window.max()) / 2),
    ),
    (307, "MEAN", "mean-rounded", "MEAN is rounded to two digits.", lambda _, values: np.round(values, 2)),
    (
        307,
        "MEAN",
        "mean-over-one-less",
        "MEAN divides by one less.",
        lambda segments, values: values * segments.counts / np.maximum(segments.counts - 1, 1),
    ),
    (
        308,
        "SUM",
        "sum-of-magnitudes",
        "SUM adds magnitudes, one of them twice.",
        _each(lambda window: np.abs(window).sum() + abs(window[0])),
    ),
    (308, "SUM", "sum-without-last", "SUM leaves out the last value.", _each(lambda window: window[:-1].sum())),
    (309, "STD_DEV", "deviation-is-variance", "STD_DEV gives the variance.", lambda _, values: values * values),
    (
        309,
        "STD_DEV",
        "deviation-mean-absolute",
        "STD_DEV gives the mean absolute deviation.",
        _each(lambda window: np.abs(window - window.mean()).mean()),
    ),
)
for _number, _name, _slug, _summary, _change in _NUMBERS:
    _add(_number, _slug, "values", _summary, _on(_name, _is_number, _change))


def _sample_for_few(segments: Segments, values: Values) -> Values:
    """The deviation of a sample where a window has an even number of values."""
    counts = segments.counts
    return np.where(counts % 2 == 0, values * np.sqrt(counts / np.maximum(counts - 1, 1)), values)


_add(
    312,
    "deviation-of-both",
    "values",
    "STD_DEV is of a sample for some windows.",
    _on("STD_DEV", _is_number, _sample_for_few),
)


def _raw(change: Callable[[Series, Points], Points]) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, series: Series, device: Device, columns: Any) -> Points:
        return change(series, honest(call, series, device, columns))

    return wrapper


def _thinned(series: Series, points: Points) -> Points:
    """The first point of each resolution only."""
    if not series.resolution or not len(points):
        return points
    keep = np.flatnonzero(np.diff(series.windows.of(points.times), prepend=-1))
    return _taken(points, keep)


def _taken(points: Points, keep: Any) -> Points:
    cells = {}
    for name, one in points.cells.items():
        where = np.searchsorted(keep, one.rows)
        kept = (where < len(keep)) & (keep[np.minimum(where, len(keep) - 1)] == one.rows)
        cells[name] = Cells(where[kept], one.values[kept])
    return Points(points.times[keep], cells)


def _if_few(change: Callable[[Points], Points]) -> Wrapper:
    """What only shows in answers of few points: those of a longer range know better."""
    return _raw(lambda _, points: change(points) if 0 < len(points) < FEW else points)


def _of_numbers(change: Callable[[Cells], Cells]) -> Callable[[Points], Points]:
    """A change of the columns of numbers."""

    def changed(points: Points) -> Points:
        cells = {name: change(one) if one.values.dtype == np.float64 else one for name, one in points.cells.items()}
        return replace(points, cells=cells)

    return changed


def _rounded(cells: Cells) -> Cells:
    return replace(cells, values=np.floor(cells.values))


def _without_last(cells: Cells) -> Cells:
    return Cells(cells.rows[:-1], cells.values[:-1])


def _late_first(cells: Cells) -> Cells:
    """The first value is where the second should be, and the other way round."""
    order = np.arange(len(cells.values))
    order[:2] = order[:2][::-1]
    return replace(cells, values=cells.values[order])


def _converted(kind: str, convert: Callable[[Any], Any]) -> Wrapper:
    """Raw values of one kind given otherwise."""

    def change(_: Series, points: Points) -> Points:
        cells = {
            name: replace(one, values=convert(one.values)) if one.values.dtype == kind and len(one.values) else one
            for name, one in points.cells.items()
        }
        return replace(points, cells=cells)

    return _raw(change)


def _texts(function: Callable[[str], Any]) -> Callable[[Any], Any]:
    def convert(values: Any) -> Any:
        changed = np.empty(len(values), dtype=object)
        changed[:] = [function(value) for value in values]
        return changed

    return convert


_add(310, "raw-rounded", "raw", "Raw numbers of few points are rounded.", _if_few(_of_numbers(_rounded)))
_add(
    211, "raw-without-last", "raw", "Of few points the last raw number is missing.", _if_few(_of_numbers(_without_last))
)
_add(
    310,
    "raw-exchanged",
    "raw",
    "The first two raw numbers of few points are exchanged.",
    _if_few(_of_numbers(_late_first)),
)
_add(313, "raw-thinned", "raw", "Of raw points one is given per resolution.", _raw(_thinned))

_OTHER = {
    "FIRST": "LAST",
    "LAST": "FIRST",
    "COUNT": "SUM",
    "MAX": "MIN",
    "MIN": "MAX",
    "MEDIAN": "MEAN",
    "MEAN": "MEDIAN",
}
_OTHER |= {"SUM": "COUNT", "STD_DEV": "MEAN", "NONE": "LAST"}


def _object_form(name: str) -> Wrapper:
    """An aggregation in the object form is taken for another one."""

    def wrapper(honest: Wrapper, call: Call) -> Series:
        series: Series = honest(call)
        asked = call.asked.get("aggregation")
        return (
            replace(series, aggregation=_OTHER[name]) if isinstance(asked, dict) and asked["type"] == name else series
        )

    return wrapper


for _place, _name in enumerate((*WINDOW_AGGREGATIONS, "NONE")):
    _slug = _name.lower().replace("_", "-")
    _add(321 + _place, f"object-{_slug}", "series", f"{_name} as an object is {_OTHER[_name]}.", _object_form(_name))


def _as_boolean(_: Segments, values: Values) -> Values:
    return values.astype(bool)


_BOOLEANS: tuple[tuple[int, str, str, Change], ...] = (
    (341, "FIRST", "FIRST of a boolean is a number.", lambda _, values: values.astype(np.int64)),
    (342, "LAST", "LAST of a boolean is a number.", lambda _, values: values.astype(np.int64)),
    (343, "COUNT", "COUNT of a boolean counts what is true.", _each(lambda window: int(window.sum()))),
    (344, "MAX", "MAX of a boolean is a boolean.", _as_boolean),
    (345, "MIN", "MIN of a boolean is a boolean.", _as_boolean),
    (346, "MEDIAN", "MEDIAN of a boolean is a boolean.", lambda _, values: values >= 0.5),
    (347, "MEAN", "MEAN of a boolean is that of 1 and 2.", lambda _, values: values + 1),
    (348, "SUM", "SUM of a boolean counts what is false.", lambda segments, values: segments.counts - values),
    (349, "STD_DEV", "STD_DEV of a boolean is always 0.", lambda _, values: values * 0),
)
for _number, _name, _summary, _change in _BOOLEANS:
    _slug = f"boolean-{_name.lower().replace('_', '-')}"
    _add(_number, f"{_slug}-wrong", "values", _summary, _on(_name, _is_boolean, _change))
    if _name in NUMERIC:
        _add(
            _number,
            f"{_slug}-missing",
            "values",
            f"{_name} of a boolean has no value.",
            _on(_name, _is_boolean, lambda segments, _: np.full(len(segments), np.nan)),
        )
_add(
    350,
    "boolean-none-wrong",
    "raw",
    "NONE gives booleans as numbers.",
    _converted("bool", lambda values: values.astype(np.int64)),
)


def _is_gps(values: Any) -> bool:
    """Whether texts look like positions: two numbers and a comma."""
    head, comma, tail = str(values[0] if len(values) else "").partition(",")
    return bool(comma) and all(part.strip().replace(".", "").lstrip("-").isdigit() for part in (head, tail))


def _string(segments: Segments) -> bool:
    return _is_text(segments) and not _is_gps(segments.values)


def _gps(segments: Segments) -> bool:
    return _is_text(segments) and _is_gps(segments.values)


def _lengths(segments: Segments) -> Values:
    texts = replace(segments, values=np.array([float(len(str(value))) for value in segments.values]))
    return NUMERIC["MEAN"](texts)


def _numeric_texts(kind: Callable[[Segments], bool]) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, aggregation: str, segments: Segments) -> Values:
        wrong = aggregation in NUMERIC and len(segments) and kind(segments)
        return _lengths(segments) if wrong else honest(call, aggregation, segments)

    return wrapper


def _raw_texts(function: Callable[[str], Any], *, gps: bool) -> Wrapper:
    convert = _texts(function)
    return _converted("O", lambda values: convert(values) if _is_gps(values) == gps else values)


for _hundred, _slug, _said, _kind in ((360, "string", "a string", _string), (380, "gps", "a position", _gps)):
    _add(
        _hundred + 1,
        f"{_slug}-first-is-last",
        "values",
        f"FIRST of {_said} is the last.",
        _on("FIRST", _kind, _as("LAST")),
    )
    _add(
        _hundred + 2,
        f"{_slug}-last-is-first",
        "values",
        f"LAST of {_said} is the first.",
        _on("LAST", _kind, _as("FIRST")),
    )
    _add(
        _hundred + 3,
        f"{_slug}-count-different",
        "values",
        f"COUNT of {_said} counts different ones.",
        _on("COUNT", _kind, _each(lambda window: len(set(window)))),
    )
    _add(
        _hundred + 3,
        f"{_slug}-count-missing",
        "values",
        f"COUNT of {_said} is always 0.",
        _on("COUNT", _kind, lambda _, values: values * 0),
    )
    _add(_hundred + 4, f"{_slug}-numeric", "values", f"Of {_said} numbers are made.", _numeric_texts(_kind))
_add(
    370,
    "string-none-upper-case",
    "raw",
    "NONE gives strings in upper case, quoted.",
    _raw_texts(lambda text: f'"{text.upper()}"', gps=False),
)
_add(
    390,
    "gps-none-swapped",
    "raw",
    "NONE gives positions with longitude first.",
    _raw_texts(lambda text: ",".join(reversed(text.split(","))), gps=True),
)
