"""The one clock that a mock tells time by: it runs as the system's does until a test freezes or moves it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from numbers import Real
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LATEST_S: int = 2**32 - 1
"""The last second that the clock tells: the last that a ROS time can express, in 2106."""


LAST_MOMENT_S: int = 253_402_300_799
"""The last second of the year 9999: files may claim to be younger."""


def moment(seconds: int) -> datetime:
    """A time as a date in UTC; the nearest that a calendar has, as far as it goes from 1970 to 9999."""
    return datetime.fromtimestamp(min(max(seconds, 0), LAST_MOMENT_S), UTC)


@dataclass(frozen=True, slots=True)
class ClockState:
    """What a clock tells: seconds since the Unix epoch, None if it follows the system; and whether it stands still."""

    at: float | None
    frozen: bool


class Clock:
    """Seconds since the Unix epoch, from `time.time()` plus what the clock was moved by.

    Since it asks `time.time()` at each call, it follows a library that patches it, such as freezegun.
    `start` is the time at which the clock begins (the present without it), `frozen` whether it stands still.
    `changed` is called after each change; since others may change it meanwhile, it asks for `state()` itself, so that
    whoever keeps it last keeps the latest. `beginning` is what it told first, `followers` are told whenever somebody
    changes it.
    """

    def __init__(
        self,
        start: float | None = None,
        *,
        frozen: bool = False,
        changed: Callable[[Clock], None] = lambda _: None,
    ) -> None:
        self._start = None if start is None else _possible(start)
        self._starts_frozen = frozen
        self._changed = changed
        self.followers: Sequence[Clock] = ()
        self._lock = Lock()
        self._told = self._beginning()  # how far it is ahead of the system's, and where it stands if frozen
        self.beginning = ClockState(self._told[1] if frozen else self._start, frozen)

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return self._told[1] is not None

    def now(self) -> float:
        """The time, in seconds since the Unix epoch."""
        ahead, frozen_at = self._told
        return time.time() + ahead if frozen_at is None else frozen_at

    def advance(self, seconds: float) -> None:
        """Let so many `seconds` pass. It is `freeze` that sets the clock back.

        Raises:
            TypeError: They are no number.
            ValueError: They are negative, or the time would lie after 2106.
        """
        _make_sure_of(seconds)
        if seconds < 0:
            raise ValueError(f"a clock cannot be advanced by {seconds:g} s; to set it back, freeze it at a time")
        with self._lock:
            now, (ahead, frozen_at) = _possible(self.now() + seconds), self._told
            self._told = (ahead + seconds, None) if frozen_at is None else (ahead, now)
        self._tell()

    def freeze(self, at: float | None = None) -> None:
        """Stop the clock, at `at` or as it stands.

        Raises:
            TypeError: `at` is no number.
            ValueError: `at` lies before 1970 or after 2106.
        """
        with self._lock:
            self._told = self._told[0], self.now() if at is None else _possible(at)
        self._tell()

    def resume(self) -> None:
        """Let the clock run on from where it stands."""
        with self._lock:
            self._told = self.now() - time.time(), None
        self._tell()

    def reset(self) -> None:
        """Bring the clock back to its beginning."""
        with self._lock:
            self._told = self._beginning()
        self._tell()

    def take(self) -> ClockState:
        """What the clock tells now."""
        ahead, frozen_at = self._told
        return ClockState(None if frozen_at is None and not ahead else self.now(), self.frozen)

    def put_back(self, taken: ClockState) -> None:
        """Go on from what the clock, or another one, told; if it followed the system's, it does so again."""
        now = time.time()
        at = now if taken.at is None else _possible(taken.at)
        with self._lock:
            self._told = at - now, at if taken.frozen else None
        self._tell()

    def state(self) -> dict[str, float | None]:
        """How far the clock is ahead of the system's, and where it stands if frozen, in seconds."""
        ahead, frozen_at = self._told
        return {"ahead": ahead, "frozen_at": frozen_at}

    def restore(self, state: dict[str, float | None]) -> None:
        """Take over what `state()` gave in an earlier process."""
        with self._lock:
            self._told = state["ahead"] or 0.0, state["frozen_at"]

    def follow(self, other: Clock) -> None:
        """Tell the time that another clock tells at this moment."""
        with self._lock:
            self._told = other._told
        self._changed(self)

    def _tell(self) -> None:
        """Tell who keeps the state, and those who follow."""
        self._changed(self)
        for clock in self.followers:
            clock.follow(self)

    def _beginning(self) -> tuple[float, float | None]:
        now = time.time()
        start = now if self._start is None else self._start
        return start - now, start if self._starts_frozen else None


def link(clocks: Sequence[Clock]) -> None:
    """Let all of these tell the time of the first, and from then on that of whichever is changed."""
    for clock in clocks:
        clock.followers = [other for other in clocks if other is not clock]
    for clock in clocks[1:]:
        clock.follow(clocks[0])


def _make_sure_of(seconds: object) -> None:
    if not isinstance(seconds, Real):
        raise TypeError(f"a clock takes seconds as a number, not {seconds!r}")


def _possible(seconds: float) -> float:
    _make_sure_of(seconds)
    if not (math.isfinite(seconds) and 0 <= seconds <= LATEST_S):
        raise ValueError(f"the clock cannot tell {seconds!r}: it goes from 0 to {LATEST_S} seconds of the Unix epoch")
    return float(seconds)
