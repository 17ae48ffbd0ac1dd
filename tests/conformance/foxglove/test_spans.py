"""What spans of time make: merged ones, and what speaks against ranges that are said to cover them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from robowire_conformance.foxglove.spans import Span, covered, gaps, meets, merged, overlapping, unfounded

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5)).map(lambda one: (one[0], one[0] + one[1])))


@pytest.mark.parametrize(
    ("gap", "found"),
    [
        (0, [(0, 5), (8, 9), (20, 20)]),
        (3, [(0, 5), (8, 9), (20, 20)]),
        (4, [(0, 9), (20, 20)]),
        (12, [(0, 20)]),
    ],
)
def test_spans_closer_than_the_gap_are_one(gap: int, found: list[Span]) -> None:
    """Those exactly so far apart stay two."""
    assert merged([(8, 9), (0, 3), (20, 20), (2, 5)], gap) == found


@given(SPANS, st.integers(0, 6))
def test_merged_spans_cover_the_same_times(spans: list[Span], gap: int) -> None:
    """Every span is covered; what is merged lies apart, and begins and ends where a span does."""
    found = merged(spans, gap)
    assert all(covered(span, found) for span in spans)
    assert overlapping(found) is None
    assert unfounded(found, spans, (-1, 100)) is None
    assert all(between >= max(gap, 1) for between in gaps(found))


def test_ranges_that_overlap_are_told() -> None:
    """A common end is no overlap; the same range twice is one."""
    assert overlapping([(0, 5), (5, 9)]) is None
    assert overlapping([(6, 9), (0, 7)]) == ((0, 7), (6, 9))
    assert overlapping([(3, 3), (3, 3)]) == ((3, 3), (3, 3))
    assert meets((0, 5), (5, 9))
    assert not meets((0, 4), (5, 9))


def test_a_range_has_to_begin_and_end_with_data() -> None:
    """Unless the window cuts it."""
    spans = [(2, 5), (8, 9)]
    assert unfounded([(2, 9), (3, 9)], spans, (3, 100)) is None
    assert unfounded([(2, 9), (4, 9)], spans, (3, 100)) == (4, 9)
    assert unfounded([(2, 7)], spans, (0, 100)) == (2, 7)
