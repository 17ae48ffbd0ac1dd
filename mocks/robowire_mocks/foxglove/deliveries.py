"""Deliveries of webhooks: real requests in the background, tried again a few times, and a log of every attempt."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from threading import Condition, Thread
from typing import TypeAlias

from robowire_mocks.core.calling import PATIENCE_S, Caller

QUEUE_LIMIT: int = 1000
"""Deliveries that may wait for one endpoint; those beyond are dropped, and the log says so."""

LOG_LIMIT: int = 10_000
"""Attempts that are remembered."""

IDLE_S: float = 30.0
"""How long a reader of the log waits for deliveries that are under way."""

_log = logging.getLogger("robowire.mocks")

Send: TypeAlias = Callable[[Caller, int], int | str]
"""From a caller and the time of the attempt (ns) to the status of the answer, or why there is none."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notification on its way to one endpoint."""

    webhook_id: str
    event_id: str
    type: str
    url: str
    send: Send


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one attempt: `outcome` is the status of the answer, or why there is none."""

    delivery: Delivery
    number: int
    attempted_at: int
    outcome: int | str

    @property
    def delivered(self) -> bool:
        """Whether the endpoint took it."""
        return isinstance(self.outcome, int) and 200 <= self.outcome < 300


@dataclass(frozen=True, slots=True)
class Settings:
    """Hosts besides this machine that may be called, attempts of each delivery, and seconds before the second.

    Each further attempt waits twice as long as the one before.
    """

    hosts: Collection[str] = ()
    attempts: int = 4
    wait_s: float = 1.0

    @property
    def waits(self) -> tuple[float, ...]:
        """Seconds before each attempt."""
        return (0.0, *(self.wait_s * 2**number for number in range(self.attempts - 1)))


class Endpoint:
    """The deliveries to one endpoint, in order, by a thread of its own: who is slow holds up nobody else."""

    def __init__(self, settings: Settings, now: Callable[[], int], told: Callable[[Attempt], None]) -> None:
        self._settings = settings
        self._now = now
        self._told = told
        self._caller = Caller(settings.hosts)
        self._changed = Condition()
        self._queue: deque[Delivery] = deque()
        self._busy = False
        self._stopped = False
        self._thread: Thread | None = None

    def add(self, delivery: Delivery) -> None:
        """Deliver it after those that were added before."""
        with self._changed:
            if self._stopped:
                return
            full = len(self._queue) >= QUEUE_LIMIT
            if not full:
                self._queue.append(delivery)
                self._start()
                self._changed.notify_all()
        if full:
            self._told(Attempt(delivery, 0, self._now(), f"not sent: {QUEUE_LIMIT} deliveries wait already"))

    def wait_idle(self, seconds: float) -> bool:
        """Wait until nothing is to be delivered; whether that came within `seconds`."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._queue and not self._busy, seconds)

    def stop(self) -> None:
        """Drop what waits, cut off what is being sent, and end the thread."""
        with self._changed:
            self._stopped = True
            self._queue.clear()
            self._changed.notify_all()
        self._caller.end()
        if self._thread is not None:
            self._thread.join(PATIENCE_S)

    def _start(self) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._work, name="robowire-webhook", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while (delivery := self._next()) is not None:
            try:
                self._deliver(delivery)
            except Exception:  # noqa: BLE001  # the thread lives on: other deliveries are not to blame
                _log.exception("the webhook %s failed", delivery.webhook_id)

    def _next(self) -> Delivery | None:
        with self._changed:
            self._busy = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._queue or self._stopped)
            if self._stopped:
                return None
            self._busy = True
            return self._queue.popleft()

    def _deliver(self, delivery: Delivery) -> None:
        refused = self._caller.refused(delivery.url)
        for number, wait in enumerate(self._settings.waits, start=1):
            with self._changed:
                if self._changed.wait_for(lambda: self._stopped, wait):
                    return
            at = self._now()
            attempt = Attempt(delivery, number, at, delivery.send(self._caller, at))
            self._told(attempt)
            if attempt.delivered or refused:
                return


class Deliveries:
    """All endpoints, by the webhook's id, and the log of what was attempted."""

    def __init__(self, settings: Settings, now: Callable[[], int]) -> None:
        self._settings = settings
        self._now = now
        self._changed = Condition()
        self._endpoints: dict[str, Endpoint] = {}
        self._attempts: deque[Attempt] = deque(maxlen=LOG_LIMIT)

    def add(self, delivery: Delivery) -> None:
        """Deliver it soon."""
        with self._changed:
            endpoint = self._endpoints.get(delivery.webhook_id)
            if endpoint is None:
                endpoint = Endpoint(self._settings, self._now, self._attempts.append)
                self._endpoints[delivery.webhook_id] = endpoint
        endpoint.add(delivery)

    def refused(self, url: str) -> str | None:
        """Why nothing is ever delivered to `url`, or None."""
        return Caller(self._settings.hosts).refused(url)

    def attempts(self) -> list[Attempt]:
        """Every attempt, the oldest first, once what was to be delivered is, or was given up."""
        for endpoint in list(self._endpoints.values()):
            endpoint.wait_idle(IDLE_S)
        return list(self._attempts)

    def forget(self, webhook_id: str) -> None:
        """Deliver nothing more to this webhook."""
        with self._changed:
            endpoint = self._endpoints.pop(webhook_id, None)
        if endpoint is not None:
            endpoint.stop()

    def stop(self) -> None:
        """Deliver nothing more to anybody, until something new is to be delivered; empty the log."""
        for webhook_id in list(self._endpoints):
            self.forget(webhook_id)
        self._attempts.clear()
