"""The range that a player request asks for (section "Query Parameters")."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from robowire_mocks.bags.errors import BadRange, ReversedRange

if TYPE_CHECKING:
    from robowire_mocks.bags.call import Call

_FLOAT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_BOUNDS = ("start_time", "end_time")


@dataclass(frozen=True, slots=True)
class TimeRange:
    """A closed range of recording times, in seconds since the Unix epoch."""

    start: float
    end: float


def time_range(call: Call) -> TimeRange | None:
    """The range in the query of `call`, or None if it has neither bound: then metadata are asked for.

    Other parameters are ignored.

    Raises:
        BadRange: A bound is missing, repeated or no finite decimal number.
        ReversedRange: The end lies before the start.
    """
    given = [name for name in _BOUNDS if name in call.args]
    if not given:
        return None
    for name in _BOUNDS:
        if name not in given:
            raise BadRange(f"{given[0]} is given without {name}; a range needs both")  # BAGS-ERROR-006, BAGS-ERROR-007
    bounds = TimeRange(*(_seconds(name, call.args[name]) for name in _BOUNDS))
    if bounds.end < bounds.start:
        raise ReversedRange(f"end_time {bounds.end!r} lies before start_time {bounds.start!r}")
    return bounds


def _seconds(name: str, values: tuple[str, ...]) -> float:
    if len(values) > 1:
        raise BadRange(f"{name} is given {len(values)} times")
    text = values[0]
    if not _FLOAT.fullmatch(text):  # BAGS-ERROR-008, BAGS-ERROR-009
        raise BadRange(f"{name} must be a number of seconds, not {text[:80]!r}")
    seconds = float(text)
    if not math.isfinite(seconds):
        raise BadRange(f"{name} is too large: {text[:80]}")
    return seconds
