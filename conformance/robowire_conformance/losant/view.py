"""A small piece of a device's history, looked at in many ways."""

from collections.abc import Iterator
from dataclasses import dataclass

from robowire_conformance.losant.asking import Series
from robowire_conformance.losant.history import History
from robowire_conformance.losant.ranges import inner_ranges
from robowire_conformance.losant.raw_points import chosen, times_of
from robowire_conformance.losant.series import DeviceSeries

MOST_VIEWS = 12


@dataclass(frozen=True, slots=True)
class View:
    """A device and a range in the middle of its history, nothing lying on the bounds."""

    history: History
    device: DeviceSeries
    start: int
    end: int

    @property
    def times(self) -> list[int]:
        """The times of the range at which the device has reported."""
        return [time for time in times_of(self.device) if self.start < time < self.end]

    @property
    def resolution(self) -> int:
        """A resolution that gives a handful of windows."""
        return (self.end - self.start) // 5 or 1

    @property
    def windows(self) -> dict[str, object]:
        """Members that ask for a handful of windows."""
        return {"aggregation": "COUNT", "resolution": self.resolution}

    def ask(self, **members: object) -> Series:
        """The device's points of the range: raw ones unless an aggregation is given; None takes a member out."""
        return self.part(self.start, self.end, **members)

    def part(self, start: int, end: int, **members: object) -> Series:
        """The device's points of another range."""
        asked = {**self.history.query(start, end), "aggregation": "NONE", "deviceIds": [self.device.id], **members}
        return self.history.api.series({name: value for name, value in asked.items() if value is not None})


def views_of(history: History) -> Iterator[View]:
    """One view of each of some devices."""
    for device in chosen(history, MOST_VIEWS):
        for one in inner_ranges(times_of(device)):
            yield View(history, device, one.start, one.end)
            break
