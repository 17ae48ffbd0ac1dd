"""Section "List coverage": asking for it, and what its ranges have to be by the suite's own recordings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.instants import SECOND, nanoseconds, zulu
from robowire_conformance.foxglove.judging import formed
from robowire_conformance.foxglove.shelf import Shelf
from robowire_conformance.foxglove.spans import Span

NAME, WORKS = "GET /data/coverage", "FOXGLOVE-COVERAGE-001"
START_MEMBER, END_MEMBER = "FOXGLOVE-COVERAGE-203", "FOXGLOVE-COVERAGE-204"

DAY = 24 * 3600 * SECOND
MOST = 1000


@dataclass(frozen=True, slots=True)
class Cover:
    """The coverage of the suite's recordings, asked for in a window that has all of them."""

    shelf: Shelf

    @property
    def window(self) -> Span:
        """A range of time in which all recordings are."""
        spans = [one.contents.span for one in self.shelf.held.values() if one.contents.span is not None]
        return min(span[0] for span in spans) - DAY // 2, max(span[1] for span in spans) + DAY // 2

    def ask(self, **params: JSON) -> Reply:
        """Coverage in the window, or in another one; `__` in a name stands for a dot."""
        start, end = (zulu(time) for time in self.window)
        named = {name.replace("__", "."): value for name, value in params.items()}
        return self.shelf.api.ask(NAME, params={"start": start, "end": end, "limit": MOST, "offset": 0, **named})

    def spans(self, number: int) -> list[Span]:
        """The spans of a device's recordings."""
        return [one.span for one in self.shelf.of(self.shelf.devices[number][0])]

    def own(self, reply: Reply) -> list[Mapping[str, Any]]:
        """The ranges of an answer that are told to be of the suite's devices, in its order."""
        ids = {known for known, _ in self.shelf.devices}
        return [one for one in reply.body if isinstance(one, dict) and device_of(one) in ids]


def device_of(item: Mapping[str, Any]) -> str | None:
    """The id of the device that a range tells, in whichever of its members."""
    device = item.get("device")
    told = item.get("deviceId") or (device.get("id") if isinstance(device, dict) else None)
    return told if isinstance(told, str) else None


def ranges(reply: Reply, items: Sequence[Mapping[str, Any]] | None = None) -> list[Span]:
    """The times of ranges.

    Raises:
        Violation: One of them has none, which is its form's affair.
    """
    found = []
    for item in formed(reply) if items is None else items:
        start, end = nanoseconds(item.get("start")), nanoseconds(item.get("end"))
        if start is None or end is None:
            raise reply.violation(
                "A range has no start or no end",
                expected="two date-times",
                actual=item,
                requirement=START_MEMBER if start is None else END_MEMBER,
            )
        found.append((start, end))
    return found


def shown(spans: Sequence[Span]) -> list[str]:
    """Spans as a report shows them."""
    return [f"{zulu(start)} to {zulu(end)}" for start, end in sorted(spans)]
