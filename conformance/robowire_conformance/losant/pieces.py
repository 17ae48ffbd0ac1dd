"""A piece of history that is small enough to be exported again and again, and tells much."""

from collections.abc import Sequence
from dataclasses import dataclass

from robowire_conformance.losant.history import History
from robowire_conformance.losant.ranges import Range, between
from robowire_conformance.losant.raw_points import chosen

MOST_STATES = 300


@dataclass(frozen=True, slots=True)
class Piece:
    """Some devices and a range of their history that holds a few hundred states."""

    devices: Sequence[str]
    range: Range


def piece_of(history: History) -> Piece | None:
    """The piece in which most devices with most attributes have reported; None where nothing is found."""
    devices = chosen(history)
    states = sorted((point.time, device.id, frozenset(point.data)) for device in devices for point in device.points)
    times = sorted({time for time, _, _ in states})
    size = min(MOST_STATES, max(1, len(times) - 2))
    found: list[tuple[int, Piece]] = []
    for first in range(0, len(times) - size + 1, max(1, size // 4)):
        start, end = between(times, first), between(times, first + size)
        if start is None or end is None or end > history.end:
            continue
        inside = [(device, names) for time, device, names in states if start < time < end]
        variety = len({(device, name) for device, names in inside for name in names})
        ids = sorted({device for device, _ in inside})
        found.append((variety, Piece(ids, Range(start, end))))
    return max(found, key=lambda one: one[0], default=(0, None))[1]
