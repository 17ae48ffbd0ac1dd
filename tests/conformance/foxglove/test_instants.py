"""Points in time, read and written to the nanosecond."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from robowire_conformance.foxglove.instants import SECOND, grain, is_zulu, nanoseconds, zulu


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("1970-01-01T00:00:01.5Z", 1_500_000_000),
        ("1970-01-01t00:00:01z", SECOND),
        ("1970-01-01T05:30:00+05:30", 0),
        ("1969-12-31T16:00:00-08:00", 0),
        ("1969-12-31T23:59:59.999999999Z", -1),
        ("2023-04-06T18:27:45.876543210Z", 1_680_805_665_876_543_210),
    ],
)
def test_a_time_is_read_to_the_nanosecond(text: str, ns: int) -> None:
    """Fractions of any length and offsets name an instant."""
    assert nanoseconds(text) == ns


@pytest.mark.parametrize("text", ["", "1970-01-01", "1970-13-01T00:00:00Z", "1970-01-01T00:00:00", "PT1H", 7, None, []])
def test_what_is_no_time_is_none(text: object) -> None:
    """Dates, times without an offset and other things are no points in time."""
    assert nanoseconds(text) is None
    assert not is_zulu(text)


@given(st.integers(-(10**9) * SECOND, 10**10 * SECOND))
def test_a_time_is_written_as_it_is_read(ns: int) -> None:
    """Writing a time and reading it again gives the same one."""
    assert is_zulu(zulu(ns))
    assert nanoseconds(zulu(ns)) == ns


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2026-01-02T03:04:05Z", SECOND),
        ("2026-01-02T03:04:05.120Z", 1_000_000),
        ("2026-01-02T03:04:05.123456+01:00", 1000),
        ("2026-01-02T03:04:05.123456789Z", 1),
        (None, SECOND),
    ],
)
def test_a_time_is_as_fine_as_its_last_digit(text: object, due: int) -> None:
    """What a time may be away from what is told depends on how many digits are told."""
    assert grain(text) == due
