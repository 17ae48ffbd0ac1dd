"""The target's own time, and ranges that can be said relative to it without a point coming near a bound."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from robowire_conformance.losant.history import History
from robowire_conformance.losant.raw_points import times_of
from robowire_conformance.losant.series import DeviceSeries
from robowire_conformance.verdict import NotTested

MARGIN = 6000
"""By how many milliseconds the target's clock may be off what it is taken for."""


@dataclass(frozen=True, slots=True)
class Roomy:
    """A device and a range that holds points, whose bounds are far from any point."""

    device: DeviceSeries
    start: int
    end: int


def roomy_ranges(history: History, devices: Sequence[DeviceSeries], most: int = 3) -> Iterator[Roomy]:
    """One such range for each of some devices, with points before it and behind it where there are any."""
    found = 0
    for device in devices:
        times = times_of(device)
        gaps = [number for number, (a, b) in enumerate(pairwise(times), start=1) if b - a > 2 * MARGIN + 2]
        for first, last in zip(gaps, gaps[2:], strict=False):
            if last - first <= 40 and times[last] <= history.end:
                bounds = ((times[number - 1] + times[number]) // 2 for number in (first, last))
                yield Roomy(device, *bounds)
                found += 1
                break
        if found == most:
            return


def require_roomy(history: History) -> list[Roomy]:
    """Such ranges of some devices.

    Raises:
        NotTested: No device has been silent for so long between its reports.
    """
    found = list(roomy_ranges(history, [history.devices[one] for one in history.ids]))
    if not found:
        raise NotTested("no device reports at intervals of more than twelve seconds: give device_ids of one that does")
    return found
