"""The query engine against plain Python and exact arithmetic."""

import math
import statistics
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from robowire_mocks.losant.engine.aggregations import aggregate
from robowire_mocks.losant.engine.held import time_at_value
from robowire_mocks.losant.engine.iso import EARLIEST_MS, LATEST_MS, iso_times
from robowire_mocks.losant.engine.windows import Segments, Windows, cut

ORDINARY = st.floats(-1e9, 1e9, allow_nan=False, allow_subnormal=False).map(lambda number: round(number, 3))
SPECIAL = st.sampled_from([0.0, -0.0, 1e16, -1e16, 1.0, -1.0, 0.1, 1e-300, 5e-324, 1e300, -1e300, 1.7e308, -1.7e308])
NUMBERS = st.one_of(ORDINARY, SPECIAL, st.floats(allow_nan=False, allow_infinity=False))


@st.composite
def histories(draw: st.DrawFn) -> tuple[Any, Any, Windows]:
    """Times with ties, values, and windows that may be fewer or more than those."""
    times = sorted(draw(st.lists(st.integers(-50, 250), max_size=40)))
    values = draw(st.lists(NUMBERS, min_size=len(times), max_size=len(times)))
    start = draw(st.integers(-100, 200))
    resolution = draw(
        st.one_of(st.just(0), st.integers(1, 400), st.integers(1, 400).map(lambda quarters: quarters / 4))
    )
    windows = Windows(start, start + draw(st.integers(-5, 250)), resolution)
    return np.array(times, dtype=np.int64), np.array(values, dtype=np.float64), windows


def windows_of(times: Any, values: Any, windows: Windows) -> dict[int, list[Any]]:
    """The values of each window that has any, by the window's start, told by looking at each value."""
    length = windows.end - windows.start
    step = Fraction(windows.resolution) if windows.resolution > 0 else Fraction(max(length, 1))
    step = max(step, Fraction(1))
    step = min(step, Fraction(max(length, 1)))
    found: dict[int, list[Any]] = {}
    for time, value in zip(times.tolist(), values.tolist(), strict=True):
        if windows.start <= time < windows.end:
            number = (time - windows.start) // step
            found.setdefault(math.ceil(windows.start + number * step), []).append(value)
    return found


@settings(max_examples=60, deadline=None)
@given(histories())
def test_windows_hold_what_lies_in_them(history: tuple[Any, Any, Windows]) -> None:
    """Half-open windows from the start of the range on, also of fractions of a millisecond."""
    times, values, windows = history
    segments = cut(times, values, windows)
    starts = windows.starts(segments.numbers).tolist()
    found = {start: segments.window(index).tolist() for index, start in enumerate(starts)}
    assert found == windows_of(times, values, windows)


def total(window: list[float]) -> Fraction:
    """The exact sum."""
    return sum(map(Fraction, window), Fraction(0))


def deviation(window: list[float]) -> Fraction:
    """The exact population variance's root, to more digits than a double has."""
    exact = [Fraction(value) for value in window]
    mean = sum(exact, Fraction(0)) / len(exact)
    variance = sum(((value - mean) * (value - mean) for value in exact), Fraction(0)) / len(exact)
    scale = 2 ** max(0, 120 - (variance.numerator.bit_length() - variance.denominator.bit_length()) // 2)
    return Fraction(math.isqrt(variance.numerator * scale * scale // variance.denominator), scale)


def median(window: list[float]) -> Fraction:
    """The exact median."""
    ordered = sorted(map(Fraction, window))
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


EXACT: dict[str, tuple[Callable[[list[float]], Any], float]] = {
    "COUNT": (len, 0),
    "FIRST": (lambda window: window[0], 0),
    "LAST": (lambda window: window[-1], 0),
    "MIN": (min, 0),
    "MAX": (max, 0),
    "SUM": (total, 5e-13),
    "MEAN": (lambda window: total(window) / len(window), 5e-13),
    "MEDIAN": (median, 2.3e-16),
    "STD_DEV": (deviation, 1e-12),
}


@pytest.mark.parametrize("name", EXACT)
@settings(max_examples=60, deadline=None)
@given(history=histories())
def test_aggregations_are_those_of_exact_arithmetic(name: str, history: tuple[Any, Any, Windows]) -> None:
    """As near as a double can be, or infinite where none is large enough; the same windows have values."""
    times, values, windows = history
    exact, tolerance = EXACT[name]
    found = aggregate(name, cut(times, values, windows))
    assert found is not None
    expected = [exact(window) for window in windows_of(times, values, windows).values()]
    assert len(found) == len(expected)
    for got, due in zip(found.tolist(), expected, strict=True):
        assert_near(got, Fraction(due), tolerance)


def assert_near(got: float, due: Fraction, tolerance: float) -> None:
    """A double is within a relative error, or a few of the smallest doubles; or too large to be one."""
    if not math.isfinite(got):
        assert abs(due) > Fraction(1.79e308)
        return
    assert abs(Fraction(got) - due) <= abs(due) * Fraction(tolerance) + 4 * Fraction(5e-324)


def test_deviations_too_large_and_too_small_to_be_squared_stand_beside_each_other() -> None:
    """Neither hides the other."""
    values = np.array([0.0, 1e-300, -1.7e308, 1.7e308, 3.0, 5.0])
    assert aggregate("STD_DEV", cut(np.arange(6), values, Windows(0, 6, 2))) == pytest.approx(
        [5e-301, 1.7e308, 1.0], abs=0
    )


@pytest.mark.parametrize("offset", [0.0, 1e6, -1e12])
@pytest.mark.parametrize("windows", [1, 7, 3000, 20_000])
def test_many_values_lose_no_digits(offset: float, windows: int) -> None:
    """Pairwise sums, and exact ones where values cancel, of blocks of any size."""
    values = np.random.default_rng(windows).normal(size=40_000) + offset
    times = np.arange(len(values))
    step = len(values) // windows
    segments = cut(times, values, Windows(0, len(values), step))
    parts = [values[start : start + step].tolist() for start in range(0, len(values), step)]
    means, deviations, medians = (aggregate(name, segments) for name in ("MEAN", "STD_DEV", "MEDIAN"))
    assert means == pytest.approx([math.fsum(part) / len(part) for part in parts], rel=5e-13, abs=0)
    assert medians == pytest.approx([statistics.median(part) for part in parts], rel=1e-16, abs=0)
    if windows < 10:
        assert deviations == pytest.approx([statistics.pstdev(part) for part in parts], rel=1e-9, abs=0)


def test_sums_that_cancel_are_exact() -> None:
    """What is left of two large numbers is what lay between them."""
    segments = cut(np.arange(4), np.array([1e16, 1.0, 1.0, -1e16]), Windows(0, 4))
    assert aggregate("SUM", segments) == [2.0]


def test_a_mean_that_no_sum_has_is_found() -> None:
    """The sum of the largest doubles is none, their mean, median and deviation are."""
    segments = cut(np.arange(3), np.array([1.7e308, 1.7e308, 1.6e308]), Windows(0, 3))
    assert aggregate("SUM", segments) == [np.inf]
    assert aggregate("MEAN", segments) == pytest.approx([1.6666666666666666e308])
    pair = cut(np.arange(2), np.array([1.7e308, 1.7e308]), Windows(0, 2))
    assert aggregate("MEDIAN", pair) == [1.7e308]
    assert aggregate("STD_DEV", pair) == [0.0]


@pytest.mark.parametrize(
    ("name", "due"), [("COUNT", 3), ("FIRST", True), ("LAST", False), ("SUM", 2), ("MIN", 0), ("MAX", 1)]
)
def test_booleans_count_as_numbers(name: str, due: object) -> None:
    """FIRST and LAST stay booleans."""
    found = aggregate(name, cut(np.arange(3), np.array([True, True, False]), Windows(0, 3)))
    assert found is not None
    assert found.tolist() == [due]
    assert isinstance(found.tolist()[0], bool) == isinstance(due, bool)


def test_strings_have_three_aggregations() -> None:
    """The others yield no value."""
    segments = cut(np.arange(2), np.array(["a", "b"], dtype=object), Windows(0, 2))
    found = {name: aggregate(name, segments) for name in EXACT}
    assert {name: values.tolist() for name, values in found.items() if values is not None} == {
        "COUNT": [2],
        "FIRST": ["a"],
        "LAST": ["b"],
    }


@settings(max_examples=60, deadline=None)
@given(histories(), st.integers(-20, 300))
def test_time_at_value_is_counted_by_the_millisecond(history: tuple[Any, Any, Windows], now: int) -> None:
    """As if one looked at each millisecond of the range which value holds."""
    times, values, windows = history
    values = np.round(values) % 3
    numbers, found = time_at_value(times, values, windows, 1, now)
    expected: dict[int, int] = {}
    for moment in range(windows.start, min(windows.end, now)):
        last = int(np.searchsorted(times, moment, "right")) - 1
        if last >= 0:
            number = int(windows.of(np.array([moment]))[0])
            expected[number] = expected.get(number, 0) + int(values[last] == 1)
    assert dict(zip(numbers.tolist(), found.tolist(), strict=True)) == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(EARLIEST_MS, LATEST_MS)))
def test_times_are_written_as_numpy_writes_them(times: list[int]) -> None:
    """With milliseconds and Z, from the year 1 to 9999."""
    array = np.array(times, dtype=np.int64)
    expected = np.datetime_as_string(array.astype("datetime64[ms]"), unit="ms", timezone="UTC").tolist()
    assert iso_times(array) == expected


def test_blocks_never_cut_a_window() -> None:
    """They are as large as asked, or one window."""
    counts = np.array([1, 5, 1, 1, 9, 2])
    starts = np.cumsum(counts) - counts
    segments = Segments(np.arange(19.0), np.arange(6), starts, counts)
    assert [part.indices(6)[:2] for part, _ in segments.blocks(6)] == [(0, 2), (2, 4), (4, 5), (5, 6)]
    assert np.concatenate([block.values for _, block in segments.blocks(6)]).tolist() == list(range(19))
