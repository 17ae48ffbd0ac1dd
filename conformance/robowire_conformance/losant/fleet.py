"""The devices of an application, as far as answers show them, and which of them a query selects."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from robowire_conformance.client import Answer
from robowire_conformance.evidence import JSON
from robowire_conformance.gathering import Fault
from robowire_conformance.losant.asking import DataApi, Series, read
from robowire_conformance.losant.device_query import Known
from robowire_conformance.losant.history import History
from robowire_conformance.verdict import NotTested

NOBODY = "0" * 24
"""An id that no device has."""

SINGLY = 8
"""So many devices are asked for one by one, if they do not show together."""

MUCH = 5000
"""So many values are much to count for each answer."""

EVERYBODY: tuple[Mapping[str, JSON], ...] = (
    {},
    {"deviceQuery": {}},
    {"deviceQuery": {"id": {"$ne": NOBODY}}},
    {"deviceQuery": {"id": {"$nin": [NOBODY]}}},
    {"deviceQuery": {"$nor": [{"id": NOBODY}]}},
    {"deviceQuery": {"name": {"$ne": "robowire"}}},
)
"""Ways to ask for all devices; what the first two select is left open."""

Selectors = Mapping[str, JSON]
"""deviceIds, deviceTags and deviceQuery of a body."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which devices an answer shows; `ids` is None where it cannot be read."""

    selectors: Selectors
    answer: Answer
    ids: frozenset[str] | None

    def fault(self, message: str, expected: object, actual: object) -> Fault:
        """Something wrong with it."""
        text = f"{message} by {dict(self.selectors)}"
        return Fault(text, expected, actual, self.answer.exchange, len(str(self.selectors)))


class Way(Protocol):
    """A way to find out which devices a query selects: one of the three actions."""

    @property
    def visible(self) -> frozenset[str]:
        """The devices that show wherever they are selected."""

    def select(self, selectors: Selectors) -> Selection:
        """The devices that an answer shows."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """The known devices of the application, ids of those of another one, and tags that the target profile names."""

    known: Mapping[str, Known]
    foreign: frozenset[str]
    named: tuple[tuple[str, str], ...] = ()

    @property
    def tagged(self) -> bool:
        """Whether any of the devices shows tags."""
        return any(device.tags for device in self.known.values())

    def of(self, ids: Iterable[str]) -> list[Known]:
        """Some of the known devices."""
        return [self.known[one] for one in sorted(ids) if one in self.known]


class TimeSeriesWay:
    """Selection in time series queries: one window over all that is known."""

    def __init__(self, history: History, api: DataApi | None = None) -> None:
        self._history = history
        self._api = api or history.api
        self._start = history.start
        self._attributes: list[str] = []
        self.visible: frozenset[str] = frozenset()
        self.listed: dict[str, Known] = {}

    def look(self, ways: Iterable[Selectors]) -> None:
        """Take note of every device that these queries show."""
        seen: set[str] = set()
        for selectors in ways:
            for device in (self._ask(selectors).devices or {}).values():
                attributes = frozenset(device.attributes)
                old = self.listed.get(device.id)
                known = Known(
                    device.id, device.name, device.tags, attributes | (old.attributes if old else frozenset())
                )
                self.listed[device.id] = known
                if attributes:
                    seen.add(device.id)
        self.visible = frozenset(seen)

    def narrow(self) -> None:
        """Ask for no more than most of the devices need to show, lest every answer costs the target much."""
        devices = [one for one in self._history.devices.values() if one.points]
        if self._history.size > MUCH and len(devices) > 2:
            latest = sorted((one.points[-1].time for one in devices), reverse=True)
            self._start = latest[max(1, len(latest) * 4 // 5 - 1)] - 1
        left = set(self.visible)
        while left:
            names = [name for one in left for name in self.listed[one].attributes]
            self._attributes.append(max(sorted(set(names)), key=names.count))
            left -= {one for one in left if self._attributes[-1] in self.listed[one].attributes}

    def select(self, selectors: Selectors) -> Selection:
        """The devices that the answer lists."""
        series = self._ask(selectors)
        return Selection(selectors, series.answer, None if series.devices is None else frozenset(series.devices))

    def _ask(self, selectors: Selectors) -> Series:
        start, end = self._start, self._history.end
        members = {**self._history.query(start, end), "aggregation": "COUNT", "resolution": end - start + 1}
        if self._attributes:
            members["attributes"] = self._attributes
        return self._api.series({**members, **selectors})


class LastValueWay:
    """Selection in last value queries of one attribute, which devices of these `ids` have reported."""

    def __init__(self, api: DataApi, attribute: str, end: int, ids: Sequence[str]) -> None:
        self._api = api
        self._attribute = attribute
        self._end = end
        self.visible: frozenset[str] = frozenset()
        self.visible = self.select({"deviceIds": list(ids)}).ids or frozenset()
        for one in [one for one in ids if one not in self.visible][:SINGLY]:
            self.visible |= (self.select({"deviceIds": [one]}).ids or frozenset()) & {one}

    def select(self, selectors: Selectors) -> Selection:
        """The devices that have a value in the answer."""
        answer = self._api.last_values({"attribute": self._attribute, "end": self._end, **selectors})
        body = read(answer)
        if answer.status != 200 or not isinstance(body, dict):
            return Selection(selectors, answer, None)
        shown = {name.lower() for name, entry in body.items() if isinstance(entry, dict) and entry.get("data")}
        return Selection(selectors, answer, frozenset(shown))


def explore_fleet(
    history: History, other: DataApi | None, tags: Sequence[tuple[str, str]] = ()
) -> tuple[Fleet, TimeSeriesWay]:
    """Find out which devices there are, from every way to ask for all; `tags` are keys and values of known tags.

    Raises:
        NotTested: Fewer than two show.
    """
    way = TimeSeriesWay(history)
    named: Selectors = {"deviceIds": list(history.devices)}
    way.look((*EVERYBODY, named))
    way.narrow()
    way.look((*EVERYBODY, named))
    foreign: frozenset[str] = frozenset()
    if other is not None:
        elsewhere = TimeSeriesWay(history, other)
        elsewhere.look(EVERYBODY)
        foreign = frozenset(elsewhere.listed) - frozenset(history.devices)
    known = {one: device for one, device in way.listed.items() if one not in foreign}
    way.visible &= frozenset(known)
    if len(way.visible) < 2:
        raise NotTested("fewer than two devices have reported: give device_ids of several that have")
    return Fleet(known, foreign, tuple(tags)), way


def attribute_of_most(fleet: Fleet) -> str:
    """The attribute that most devices have reported."""
    names = [name for device in fleet.known.values() for name in device.attributes]
    return max(sorted(set(names)), key=names.count)
