"""Timestamps: RFC 3339 texts and whole nanoseconds since the Unix epoch (section "Timestamps")."""

from __future__ import annotations

import re
from datetime import MAXYEAR, UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from robowire_mocks.foxglove.errors import BadRequest

if TYPE_CHECKING:
    from robowire_mocks.core.clock import Clock
    from robowire_mocks.foxglove.call import Call

SECOND: int = 1_000_000_000
"""Nanoseconds."""

_TEXT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
    r"(?:\.(?P<fraction>[0-9]{1,9}))?(?:[Zz]|(?P<sign>[+-])(?P<ahead_h>[0-9]{2}):(?P<ahead_m>[0-9]{2}))"
)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_EARLIEST = (date.min.toordinal() - _EPOCH_DAY) * 86_400 * SECOND
_AFTER_LATEST = (date(MAXYEAR, 12, 31).toordinal() + 1 - _EPOCH_DAY) * 86_400 * SECOND


def parse(text: str) -> int:
    """The ns of an RFC 3339 date-time with `Z` or an offset `±hh:mm`, and up to nine digits of a second.

    Raises:
        ValueError: It is none: a duration, an offset in another form, `-00:00`, which ISO 8601 does not have, a time
            without an offset, more digits, or no moment of the calendar.
    """
    # FOXGLOVE-TIME-002, FOXGLOVE-TIME-003, FOXGLOVE-TIME-004, FOXGLOVE-TIME-007
    found = _TEXT.fullmatch(text)
    if found is None:
        # FOXGLOVE-TIME-009: durations look otherwise; so does much of FOXGLOVE-TIME-010
        raise ValueError(f"{text[:80]!r} is not a date-time such as 2023-04-06T18:27:45.876543210Z")
    hour, minute, second = (int(found[part]) for part in ("hour", "minute", "second"))
    ahead_h, ahead_m = int(found["ahead_h"] or 0), int(found["ahead_m"] or 0)
    if hour > 23 or minute > 59 or second > 59 or ahead_h > 23 or ahead_m > 59:
        raise ValueError(f"{text[:80]!r} is no time of a day")
    ahead = (ahead_h * 60 + ahead_m) * (-60 if found["sign"] == "-" else 60)
    if found["sign"] == "-" and not ahead:
        # FOXGLOVE-TIME-010
        raise ValueError(f"{text[:80]!r} has the offset -00:00, which ISO 8601 does not have")
    days = date.fromisoformat(found["day"]).toordinal() - _EPOCH_DAY  # a day that no calendar has is a ValueError too
    fraction = int((found["fraction"] or "").ljust(9, "0"))
    # FOXGLOVE-TIME-006: whole nanoseconds. FOXGLOVE-TIME-008: less what the offset is ahead of UTC
    time = (days * 86_400 + hour * 3600 + minute * 60 + second - ahead) * SECOND + fraction
    return checked(time, text[:80])


def checked(time: int, said: object) -> int:
    """The time (ns), if the calendar has it; `said` is how it was given.

    Raises:
        ValueError: It has not.
    """
    if not _EARLIEST <= time < _AFTER_LATEST:
        raise ValueError(f"{said!r} lies beyond the years 1 to 9999")
    return time


@lru_cache(maxsize=1 << 14)  # lists tell the same times again and again
def write(time: int) -> str:
    """The RFC 3339 text of `time` (ns) in Zulu: with no digits of a second, or three, six or nine, as it needs."""
    # FOXGLOVE-TIME-001, FOXGLOVE-TIME-005
    seconds, fraction = divmod(time, SECOND)
    days, within = divmod(seconds, 86_400)
    day = date.fromordinal(days + _EPOCH_DAY)
    digits = f".{fraction:09}" if fraction else ""
    while digits.endswith("000"):
        digits = digits[:-3]
    return f"{day.isoformat()}T{within // 3600:02}:{within // 60 % 60:02}:{within % 60:02}{digits}Z"


def of_datetime(moment: datetime) -> int:
    """The ns of an aware datetime."""
    whole = int(moment.astimezone(UTC).replace(microsecond=0).timestamp())
    return whole * SECOND + moment.microsecond * 1000


def moment(call: Call, name: str, text: str) -> int:  # noqa: ARG001  # a step gets the call
    """The ns that a timestamp of the request stands for; `name` is what the request calls it.

    Raises:
        BadRequest: It is no timestamp.
    """
    try:
        return parse(text)
    except ValueError as error:
        # FOXGLOVE-TIME-011, FOXGLOVE-TIME-012
        raise BadRequest(f"{name}: {error}") from error


def zulu(call: Call, time: int) -> str:  # noqa: ARG001  # as above
    """A timestamp as answers have it."""
    return write(time)


def present(clock: Clock) -> int:
    """The time of the mock's clock in ns, in whole microseconds: a double tells no less of it."""
    return round(clock.now() * 1e6) * 1000
