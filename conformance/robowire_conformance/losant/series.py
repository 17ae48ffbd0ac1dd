"""The answer of a time series query, read leniently into devices and their points."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from robowire_conformance.evidence import JSON

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
DEVICE_ID = re.compile(r"[A-Fa-f\d]{24}", re.ASCII)
ATTRIBUTE = re.compile(r"[0-9a-zA-Z_-]{1,255}")
"""Names of other forms cannot be asked for again."""

Value = float | int | str | bool
"""What a device reports: a number, a text (a position is one too), or a truth value."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point: its time in milliseconds since the epoch, and values by attribute."""

    time: int
    data: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class DeviceSeries:
    """One device of an answer."""

    id: str
    name: str
    tags: Mapping[str, Sequence[str]]
    points: tuple[Point, ...]

    def values(self, attribute: str) -> list[tuple[int, Value]]:
        """The times and values of one attribute, in the order of the answer."""
        return [(point.time, point.data[attribute]) for point in self.points if attribute in point.data]

    @property
    def times(self) -> list[int]:
        """The times of the points that hold anything, in the order of the answer."""
        return [point.time for point in self.points if point.data]

    @property
    def attributes(self) -> set[str]:
        """Every attribute that a point holds."""
        return {attribute for point in self.points for attribute in point.data}


def read_devices(body: object) -> dict[str, DeviceSeries] | None:
    """The devices of a time series answer by id, without what has not the documented form; None if there are none."""
    devices = body.get("devices") if isinstance(body, dict) else None
    if not isinstance(devices, dict):
        return None
    return {
        name.lower(): _device(name.lower(), device)
        for name, device in devices.items()
        if isinstance(device, dict) and DEVICE_ID.fullmatch(name)
    }


def _device(device_id: str, device: Mapping[str, JSON]) -> DeviceSeries:
    tags, points = device.get("tags"), device.get("points")
    table = tags if isinstance(tags, dict) else {}
    read_tags = {key: values for key, values in table.items() if isinstance(values, list)}
    read_points = tuple(_points(points)) if isinstance(points, list) else ()
    name = device.get("name")
    return DeviceSeries(device_id, name if isinstance(name, str) else "", read_tags, read_points)


def _points(points: Sequence[JSON]) -> Iterator[Point]:
    """The points of the documented form; what is wrong with others is judged apart."""
    for point in points:
        try:
            yield Point(milliseconds(point["time"]), dict(_values(point["data"])))
        except (AttributeError, KeyError, TypeError, ValueError):
            continue


def _values(data: Mapping[str, JSON]) -> Iterator[tuple[str, Value]]:
    for attribute, value in data.items():
        if isinstance(value, str | bool | int | float) and ATTRIBUTE.fullmatch(attribute):
            yield attribute, value


def milliseconds(text: str) -> int:
    """An RFC 3339 date-time in milliseconds since the epoch; finer digits are cut.

    Raises:
        ValueError: It is none, or has no offset.
    """
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text} has no offset")
    return (time - EPOCH) // MILLISECOND


def readable(time_ms: float) -> str:
    """A time in milliseconds since the epoch as people read it."""
    try:
        return (EPOCH + timedelta(milliseconds=time_ms)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except OverflowError:
        return f"{time_ms:g} ms"
