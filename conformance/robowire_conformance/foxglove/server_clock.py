"""What time it is by the target's own clock, told by witnesses of whom one may be wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from statistics import median_low
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import SECOND, nanoseconds
from robowire_conformance.verdict import NotTested, Violation

TOLERANCE = 2 * SECOND
"""How far times that a server gives in whole seconds, or by several machines' clocks, may be apart."""


@dataclass(slots=True)
class ServerClock:
    """Reads the target's clock by having it write its time into things of the suite's own."""

    api: Api
    guest: Guest
    _numbers: "count[int]" = field(default_factory=count)
    _device: str = ""
    _event: str = ""

    def now(self) -> int:
        """The time in nanoseconds since the epoch: the middle one of a new event, an updated one, and a device.

        Raises:
            NotTested: Fewer than two of them tell a time, or the only two tell different ones.
        """
        told = sorted(time for time in self._witnesses() if time is not None)
        if len(told) < 2 or (len(told) == 2 and told[1] - told[0] > TOLERANCE):
            raise NotTested("the target does not tell what time it is by its clock (createdAt and updatedAt of events)")
        return median_low(told)

    def _witnesses(self) -> Iterator[int | None]:
        try:
            self._device = self._device or str(self.guest.device("clock")["id"])
            new = self.guest.event(self._device, metadata={"clock": "new"})
            self._event = self._event or str(new["id"])
        except Violation:
            return
        yield nanoseconds(new.get("createdAt"))
        yield self._told("PATCH /events/{id}", self._event, {"metadata": {"clock": f"tick {next(self._numbers)}"}})
        yield self._told("PATCH /devices/{nameOrId}", self._device, {"name": self.guest.name("clock")})

    def _told(self, call: str, known: str, body: Mapping[str, JSON]) -> int | None:
        answered: Any = self.api.ask(call, known, body=body).body
        return nanoseconds(answered.get("updatedAt")) if isinstance(answered, dict) else None


def between(before: int, time: int, after: int) -> bool:
    """Whether a time lies between two readings of the clock, give or take."""
    return before - TOLERANCE <= time <= after + TOLERANCE
