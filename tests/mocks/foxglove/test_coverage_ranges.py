"""Coverage is the union of the recordings' times, joined as far as a tolerance says."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from robowire_mocks.foxglove.coverage_ranges import groups, ranges
from robowire_mocks.foxglove.rows import Recording

LATEST = (1 << 64) - 1
times = st.integers(0, 60) | st.integers(LATEST - 60, LATEST)
quick = settings(max_examples=100, deadline=None, database=None)


@st.composite
def recordings(draw: st.DrawFn) -> list[Recording]:
    """Recordings of few devices, some without messages."""

    def one() -> Recording:
        span = draw(st.none() | st.tuples(times, times).map(sorted))
        device, status = draw(st.sampled_from(["a", "b", None])), draw(st.sampled_from(["complete", "none"]))
        start, end = span if span is not None else (None, None)
        return Recording("rec", device, "a.mcap", start, end, status, None, None)

    return [one() for _ in range(draw(st.integers(0, 8)))]


def expected(rows: list[Recording], start: int, end: int, tolerance: int) -> list[tuple[Any, ...]]:
    """The same, one interval after the other."""
    found: list[list[Any]] = []
    chosen: list[Any] = [one for one in rows if one.start is not None and one.start <= end and (one.end or 0) >= start]
    for one in sorted(chosen, key=lambda one: (str(one.device_id), one.import_status, one.start, one.end)):
        of = one.device_id, one.import_status
        if found and tuple(found[-1][:2]) == of and not _apart(found[-1][3], one.start, tolerance):
            found[-1][3] = max(found[-1][3], one.end)
        else:
            found.append([*of, one.start, one.end])
    return [tuple(one) for one in found]


def _apart(end: int, start: int, tolerance: int) -> bool:
    return start > end and start - end >= tolerance


@quick
@given(recordings(), st.tuples(times, times).map(sorted), st.integers(0, 40) | st.just(1 << 70))
def test_ranges_are_the_merged_intervals(rows: list[Recording], span: list[int], tolerance: int) -> None:
    """Of each device and status, for any tolerance; late times count as exactly as early ones."""
    start, end = span
    found = [tuple(one[1:]) for one in ranges(groups(rows), start, end, tolerance)]
    assert sorted(found, key=str) == sorted(expected(rows, start, end, tolerance), key=str)


def test_times_that_no_recording_has_are_no_range() -> None:
    """Before the first and after the last that there can be."""
    rows = [Recording("rec", "a", "a.mcap", 0, LATEST, "complete", None, None)]
    assert list(ranges(groups(rows), -5, -1, 0)) == []
    assert list(ranges(groups(rows), LATEST + 1, LATEST + 5, 0)) == []
    assert [one[1:] for one in ranges(groups(rows), -5, LATEST + 5, 0)] == [("a", "complete", 0, LATEST)]
