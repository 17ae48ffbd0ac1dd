"""Points in time as the API writes them, read to the nanosecond."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

SECOND = 1_000_000_000
MINUTE = 60 * SECOND

_TIME = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9})\d*)?(?:([Zz])|([+-])(\d{2}):?(\d{2}))"
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def nanoseconds(text: Any) -> int | None:  # whatever an answer holds
    """The nanoseconds since the epoch that an RFC 3339 date-time tells; None for anything else."""
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        sign = -1 if found[9] == "-" else 1
        offset = timedelta(hours=int(found[10] or 0), minutes=int(found[11] or 0))
        whole = (moment - sign * offset - _EPOCH) // timedelta(seconds=1)
    except (ValueError, OverflowError):
        return None
    return whole * SECOND + int((found[7] or "").ljust(9, "0"))


def grain(text: Any) -> int:  # whatever an answer holds
    """The nanoseconds that the last digit of a date-time stands for: so far may the time be from what is told."""
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    return SECOND if found is None else 10 ** (9 - len(found[7] or ""))


def zulu(ns: int) -> str:
    """A point in time as the document writes it: in whole seconds, milli-, micro- or nanoseconds, as it needs.

    Fractions of other lengths are a requirement of their own, by which no other one is to stand or fall.
    """
    whole, fraction = divmod(ns, SECOND)
    text = (_EPOCH + timedelta(seconds=whole)).strftime("%Y-%m-%dT%H:%M:%S")
    digits = f".{fraction:09}"
    while digits.endswith("000"):
        digits = digits[:-3]
    return f"{text}{digits if fraction else ''}Z"


def is_zulu(text: Any) -> bool:  # whatever an answer holds
    """Whether a text is a date-time of the UTC "Zulu" format."""
    return nanoseconds(text) is not None and text[-1] in "Zz"


def is_day(text: Any) -> bool:  # whatever an answer holds
    """Whether a text is a calendar date."""
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
