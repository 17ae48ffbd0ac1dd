"""Rate limiting, off until it is switched on: so many requests a second (section "Rate limits")."""

from __future__ import annotations

import math
import time
from threading import Lock
from typing import TYPE_CHECKING

from robowire_mocks.core.auth import bearer_token
from robowire_mocks.foxglove.errors import TooManyRequests

if TYPE_CHECKING:
    from robowire_mocks.core.clock import Clock
    from robowire_mocks.foxglove.call import Call

SPAN_S: float = 1.0
"""How long requests are counted before the count begins anew."""


class Rate:
    """How many requests came lately.

    Time is the mock's; where that stands still, real time, since a client that was told to wait does so really.
    """

    def __init__(self, clock: Clock, requests_per_second: int) -> None:
        self._clock = clock
        self._lock = Lock()
        self.limit(requests_per_second)

    @property
    def most(self) -> int:
        """How many requests a second are answered; any number if it is 0."""
        return self._most

    def limit(self, requests_per_second: int) -> None:
        """Answer no more than this many requests a second; any number if it is 0."""
        with self._lock:
            self._most, self._since, self._count = requests_per_second, -math.inf, 0

    def count(self) -> float:
        """Count a request; how many seconds it is early, 0 if it may be answered."""
        now = self._clock.now() + (time.monotonic() if self._clock.frozen else 0)
        with self._lock:
            if not self._most:
                return 0
            if not self._since <= now < self._since + SPAN_S:
                self._since, self._count = now, 0
            self._count += 1
            return 0 if self._count <= self._most else self._since + SPAN_S - now


def admit(call: Call) -> None:
    """Nothing, if the clients together are not too fast, nor the one with this API key, if it has a limit of its own.

    Raises:
        TooManyRequests: They are.
    """
    own = call.state.key_rates.get(bearer_token(call.headers.get("Authorization")) or "")
    early = max(rate.count() for rate in (call.state.rate, own) if rate)
    if early > 0:
        # FOXGLOVE-RATE-001, FOXGLOVE-RATE-003: by the time that it is told, a new count has begun
        raise TooManyRequests("too many requests: slow down", math.ceil(early))
