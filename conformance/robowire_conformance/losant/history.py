"""What a target's devices have reported: their raw points, and the ranges of the past that are worth asking about."""

import statistics
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from robowire_conformance.losant.aggregations import Kind, Raw, kind_of
from robowire_conformance.losant.asking import DataApi, Query, Series
from robowire_conformance.losant.series import DeviceSeries, Point, Value, milliseconds
from robowire_conformance.verdict import NotTested

SECOND, HOUR, DAY = 1000, 3_600_000, 86_400_000
SPANS = (HOUR, 7 * DAY, 365 * DAY)
"""How far back the suite looks, step by step and at last at everything, until an answer is too long."""

LONGEST = 4 * 2**20
"""How many bytes of raw points the suite reads at most."""

ENOUGH = LONGEST // 4
"""The suite looks no further back once an answer is this long."""

MARGIN = 5 * SECOND
"""Points as young as this may still be joined by others."""


@dataclass(frozen=True, slots=True)
class Track:
    """One attribute of one device and its raw values, in order of time; `times` are those of the values."""

    device: str
    attribute: str
    kind: Kind
    raw: tuple[tuple[int, Value], ...]
    times: tuple[int, ...]

    def between(self, start: int, end: int) -> Raw:
        """The values from `start` (included) to `end` (not included)."""
        return self.raw[bisect_left(self.times, start) : bisect_left(self.times, end)]


class History:
    """The raw points of some devices from `start` to `end`, two times at which nothing was reported."""

    def __init__(self, api: DataApi, spelling: "Spelling", start: int, end: int, answers: Sequence[Series]) -> None:
        self.api = api
        self.spelling = spelling
        self.start = start
        self.end = end
        self.answers = tuple(answers)
        self.devices = _merged(answers)
        self.tracks = tuple(_tracks(self.devices.values()))
        self.size = sum(len(track.raw) for track in self.tracks)

    @property
    def ids(self) -> list[str]:
        """The devices that have points."""
        return [device.id for device in self.devices.values() if device.points]

    def of(self, *kinds: Kind) -> list[Track]:
        """The tracks of some kinds, those with most values first."""
        return sorted((one for one in self.tracks if one.kind in kinds), key=lambda one: -len(one.raw))

    def query(self, start: int, end: int, **members: object) -> Query:
        """A query of a range, spelled in a way that this target is known to understand."""
        return {**self.spelling.members(start, end), **members}

    def ask(self, start: int, end: int, **members: object) -> Series:
        """The answer to such a query."""
        return self.api.series(self.query(start, end, **members))


@dataclass(frozen=True, slots=True)
class Spelling:
    """A way of saying a range in a query; with attributes where a target gives nothing unless they are named."""

    name: str
    attributes: tuple[str, ...] = ()

    @property
    def extra(self) -> dict[str, object]:
        """The members that are needed beside the range."""
        return {"attributes": list(self.attributes)} if self.attributes else {}

    def members(self, start: int, end: int) -> dict[str, object]:
        """The members that say a range."""
        if self.name == "duration":
            return {"duration": end - start, "end": end, **self.extra}
        return {"start": start, "end": end, **self.extra}


SPELLINGS = (Spelling("start"), Spelling("duration"))


NOWS = ({"end": 0, "duration": 1000}, {"duration": 1000}, {"end": -1, "duration": 1000})


def now_of(api: DataApi, device_id: str) -> int:
    """The target's time: what most ways of asking for a range that ends now say; else our own time."""
    ends = []
    for way in NOWS:
        series = api.fresh_series({**way, "aggregation": "NONE", "deviceIds": [device_id]})
        try:
            ends.append(milliseconds(series.body["end"]))
        except (KeyError, TypeError, ValueError):
            continue
    return int(statistics.median_low(ends)) if len(ends) > 1 else int(time.time() * 1000)


def explore(api: DataApi, ids: Sequence[str], attributes: Sequence[str]) -> History:
    """Look back from now, further and further, for as long as the answers can be read.

    Raises:
        NotTested: Nothing was reported, or not even the last minute can be read.
    """
    now = now_of(api, ids[0])
    spellings = [*SPELLINGS, *(Spelling(one.name, tuple(attributes)) for one in SPELLINGS[:1] if attributes)]
    found = [history for spelling in spellings[:1] for history in _look_back(api, spelling, ids, now)]
    farthest = min((history.start for history in found), default=now - SPANS[-1])
    # Should the target not understand the first way of asking, one of the others gives more.
    found += [one for spelling in spellings[1:] if (one := _look(api, spelling, ids, farthest, now - MARGIN))]
    best = max(found, key=lambda one: one.size, default=None)
    if best is None or not best.tracks:
        raise NotTested("no raw points of the devices can be read: give device_ids of devices that have reported")
    return best


def _look_back(api: DataApi, spelling: "Spelling", ids: Sequence[str], now: int) -> "Iterator[History]":
    for start in [*(now - span for span in SPANS), 1]:
        history = _look(api, spelling, ids, start, now - MARGIN)
        if history is None:
            return
        yield history
        if history.answers[0].answer.size > ENOUGH:
            return


def _look(api: DataApi, spelling: Spelling, ids: Sequence[str], start: int, end: int) -> History | None:
    query = {**spelling.members(start, end), "aggregation": "NONE", "deviceIds": list(ids)}
    try:
        series = api.fresh_series(query, limit=LONGEST)
    except NotTested:  # too long, or too many requests
        return None
    return History(api, spelling, start, end, [series]) if series.answered else None


def _merged(answers: Iterable[Series]) -> Mapping[str, DeviceSeries]:
    """The devices of several answers, each with all points that any answer shows of it."""
    devices: dict[str, DeviceSeries] = {}
    for series in answers:
        for device in (series.devices or {}).values():
            known = devices.get(device.id)
            points = device.points if known is None else _union(known.points, device.points)
            ordered = tuple(sorted(points, key=lambda point: point.time))
            devices[device.id] = DeviceSeries(device.id, device.name, device.tags, ordered)
    return devices


def _union(known: Sequence[Point], new: Sequence[Point]) -> tuple[Point, ...]:
    """All points of both, those that are in both once."""
    left = list(new)
    for point in known:
        if point in left:
            left.remove(point)
    return (*known, *left)


def _tracks(devices: Iterable[DeviceSeries]) -> Iterator[Track]:
    for device in devices:
        for attribute in sorted(device.attributes):
            raw = tuple(device.values(attribute))
            kind = kind_of([value for _, value in raw])
            if kind is not None:
                yield Track(device.id, attribute, kind, raw, tuple(time_ms for time_ms, _ in raw))
