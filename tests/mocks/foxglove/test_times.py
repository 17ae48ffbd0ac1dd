"""Timestamps are whole nanoseconds inside, and RFC 3339 outside."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from robowire_mocks.foxglove.times import SECOND, of_datetime, parse, write

NOON = int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()) * SECOND


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-20T12:00:00Z", NOON),
        ("2026-11-20t12:00:00z", NOON),
        ("2026-11-20T12:00:00.1Z", NOON + 100_000_000),
        ("2026-11-20T12:00:00.000000001Z", NOON + 1),
        ("2026-11-20T12:00:00.876543210Z", NOON + 876_543_210),
        ("2026-11-20T17:30:00+05:30", NOON),
        ("2026-11-20T10:30:00.5-01:30", NOON + SECOND // 2),
        ("2026-11-20T12:00:00+00:00", NOON),
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.999999999Z", -1),
        ("0001-01-01T00:00:00Z", -62_135_596_800 * SECOND),
    ],
)
def test_what_is_read(text: str, time: int) -> None:
    """Zulu or an offset, with up to nine digits of a second."""
    assert parse(text) == time


@pytest.mark.parametrize(
    "text",
    [
        *("", "now", "2026-11-20", "2026-11-20T12:00Z", "2026-11-20 12:00:00Z", "2026-11-20T12:00:00"),
        *("2026-11-20T12:00:00.Z", "2026-11-20T12:00:00,5Z", "2026-11-20T12:00:00.0123456789Z"),
        *("2026-11-20T12:00:00+01", "2026-11-20T12:00:00+0100", "2026-11-20T12:00:00+1:00"),
        *("2026-11-20T12:00:00-00:00", "2026-11-20T12:00:00+24:00", "2026-11-20T12:00:00+01:60"),
        *("PT1H", "2026-11-20T12:00:00Z/PT1H", "20261120T120000Z", "2026-W47-5T12:00:00Z", "2026-324T12:00:00Z"),
        *("2026-02-29T12:00:00Z", "2026-13-01T12:00:00Z", "2026-11-20T24:00:00Z", "2026-11-20T23:59:60Z"),
        *("0000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "12026-11-20T12:00:00Z"),
        *(" 2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z\n", "٢٠٢٦-11-20T12:00:00Z", "1795348800", "\x00"),
    ],
)
def test_what_is_not_read(text: str) -> None:
    """Durations, other offsets, times without one, and moments that no calendar has."""
    with pytest.raises(ValueError, match=r" (is|has|lies|must|out) "):
        parse(text)


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (NOON, "2026-11-20T12:00:00Z"),
        (NOON + 500_000_000, "2026-11-20T12:00:00.500Z"),
        (NOON + 1000, "2026-11-20T12:00:00.000001Z"),
        (NOON + 1, "2026-11-20T12:00:00.000000001Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (-62_135_596_800 * SECOND, "0001-01-01T00:00:00Z"),
    ],
)
def test_what_is_written(time: int, text: str) -> None:
    """Zulu, with as many groups of three digits as it needs."""
    assert write(time) == text


@given(st.integers(parse("0001-01-01T00:00:00Z"), parse("9999-12-31T23:59:59.999999999Z")))
def test_reading_undoes_writing(time: int) -> None:
    """To the nanosecond, in all the years that there are."""
    assert parse(write(time)) == time


@given(st.datetimes(timezones=st.timezones()))
def test_datetimes_are_the_same_instant(moment: datetime) -> None:
    """Whatever zone they are in."""
    assert parse(write(of_datetime(moment))) == of_datetime(moment)
    assert of_datetime(moment) == of_datetime(moment.astimezone(UTC))
