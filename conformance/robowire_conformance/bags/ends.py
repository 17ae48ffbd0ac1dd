"""The `end` of a bag in the list: a wall-clock time whose zone the document does not name."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from robowire_fixtures.bags import END_FORMAT

from robowire_conformance.bags.ranges import SECOND

ZONE_STEP_S = 15 * 60
"""The document names no time zone; all zones differ from UTC by whole quarters of an hour."""

SLACK_S = 2
"""How far, in seconds, the end in the list may be from the last message: the file is closed a little later."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

ZONES_S = range(-12 * 3600, 14 * 3600 + 1, ZONE_STEP_S)
"""The offsets of all time zones from UTC."""

PARTS = {"year": 0, "month": 1, "day": 2, "minute": 4}
"""The parts of a date and time of which one alone may be wrong; a wrong hour may be another time zone's."""

TELLING = 3
"""From so many bags on, ends that agree with the last messages in all parts but one do so by no chance."""


def moment_of(entry: Mapping[str, object]) -> dt.datetime | None:
    """The moment that an end names, in whichever zone it is meant; read without the locale's month names."""
    match = re.fullmatch(r"(\d\d)-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d)", str(entry.get("end")), re.ASCII)
    if match is None or match[2] not in MONTHS:
        return None
    try:
        month = MONTHS.index(match[2]) + 1
        day, year, hour, minute, second = (int(match[group]) for group in (1, 3, 4, 5, 6))
        return dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC)
    except ValueError:
        return None


def in_utc(time_ns: int) -> str:
    """A time as the list writes it, in UTC."""
    return dt.datetime.fromtimestamp(time_ns / SECOND, dt.UTC).strftime(END_FORMAT)


def is_at(moment: dt.datetime, time_ns: int) -> bool:
    """Whether a wall-clock time is this time in some time zone."""
    offset = moment.timestamp() - time_ns / SECOND
    rest = offset % ZONE_STEP_S
    return ZONES_S[0] - SLACK_S <= offset <= ZONES_S[-1] + SLACK_S and min(rest, ZONE_STEP_S - rest) <= SLACK_S


def slip(ends: Sequence[tuple[dt.datetime, int]]) -> str | None:
    """The part in which all wall-clock times differ from their times in nanoseconds, if they agree in all others.

    This is so of a year of another calendar, say, or of the month where the minute should be.
    """
    if len({time_ns for _, time_ns in ends}) < TELLING:
        return None
    for part, index in PARTS.items():
        for zone in ZONES_S:
            if all(_differs_only_in(index, moment, time_ns / SECOND + zone) for moment, time_ns in ends):
                return part
    return None


def _differs_only_in(index: int, moment: dt.datetime, time_s: float) -> bool:
    given = moment.timetuple()[:6]
    for slack in range(-SLACK_S, SLACK_S + 1):
        due = dt.datetime.fromtimestamp(time_s + slack, dt.UTC).timetuple()[:6]
        if given[:index] + given[index + 1 :] == due[:index] + due[index + 1 :]:
            return True
    return False
