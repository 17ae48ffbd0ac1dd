"""The lists that document pages: what each holds for sure, by things of the suite's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import zulu
from robowire_conformance.foxglove.many import Many, laden, make_many
from robowire_conformance.foxglove.whole import PAGE
from robowire_conformance.verdict import Violation

SAMPLE = 7


@dataclass(frozen=True, slots=True)
class Kind:
    """What a list is like: the hundred of its requirements, the field it is sorted by here, what tells items apart.

    `narrowing` gives the parameters that let through what comes of some recordings; `whole` are those without which
    there is no list, None where it takes things that only the suite's own recordings have.
    """

    hundred: int
    sort: str = "id"
    identity: Callable[[Mapping[str, Any]], Any] = lambda item: item.get("id")
    narrowing: Callable[[Many], Mapping[str, JSON]] | None = None
    whole: Mapping[str, JSON] | None = field(default_factory=dict)


def _of_device(many: Many) -> Mapping[str, JSON]:
    return {"deviceId": many.device}


def _covered(many: Many) -> Mapping[str, JSON]:
    return {"deviceId": many.device, "start": zulu(many.start), "end": zulu(many.end), "tolerance": 1}


KINDS: Mapping[str, Kind] = {
    "GET /devices": Kind(100),
    "GET /events": Kind(200),
    "GET /data/coverage": Kind(
        300,
        "start",
        lambda item: f"{item.get('start')} to {item.get('end')}",
        _covered,
        {"start": "2001-01-01T00:00:00Z", "end": "2101-01-01T00:00:00Z"},
    ),
    "GET /data/imports": Kind(400, "importId", lambda item: item.get("importId"), _of_device),
    "GET /recording-attachments": Kind(500, "logTime", narrowing=_of_device),
    "GET /recordings": Kind(600, "start", narrowing=_of_device),
    "GET /data/pending-imports": Kind(
        700,
        "requestId",
        lambda item: item.get("requestId"),
        lambda many: {"deviceId": many.device, "showCompleted": "true"},
    ),
    "GET /data/topics": Kind(800, "topic", lambda item: item.get("topic"), _of_device, None),
}
"""The lists that document pages."""

HUNDREDS: Mapping[str, int] = {name: kind.hundred for name, kind in KINDS.items()}
"""What the requirements of each list are numbered from, on the page of paging."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list, narrowed to some of its items where the document gives a way to; `own` are those that stay there."""

    api: Api
    name: str
    params: Mapping[str, JSON]
    own: tuple[Any, ...]

    @property
    def kind(self) -> Kind:
        """What the list is like."""
        return KINDS[self.name]

    def requirement(self, number: int) -> str:
        """The requirement of a number on this list."""
        return f"FOXGLOVE-PAGING-{self.kind.hundred + number}"

    def ask(self, **params: JSON) -> Reply:
        """The list with further parameters, in a definite order."""
        return self.api.ask(self.name, params={**self.params, "sortBy": self.kind.sort, "sortOrder": "asc", **params})

    def ids(self, **params: JSON) -> list[Any]:
        """What tells the items of a list apart that has to be answered.

        Raises:
            Violation: It is not; of the requirement that the operation works.
        """
        return self.of(self.ask(**params).require_done())

    def of(self, body: JSON) -> list[Any]:
        """What tells the items of an answer apart, in its order."""
        return [self.kind.identity(one) if isinstance(one, dict) else None for one in body]

    @property
    def unnarrowed(self) -> "Listed":
        """The same list with as few parameters as it can be asked for."""
        return self if self.kind.whole is None else replace(self, params=self.kind.whole)


def make_items(name: str, guest: Guest, count: int, batches: dict[int, Many]) -> Listed:
    """Make items of a list; what comes of recordings is shared by all their lists, by its count, in `batches`."""
    narrowing = KINDS[name].narrowing
    if narrowing is not None:
        if count not in batches:
            batches[count] = make_many(guest, count)
        listed = Listed(guest.api, name, narrowing(batches[count]), ())
        return replace(listed, own=tuple(listed.ids(limit=PAGE, offset=0)))
    if name == "GET /devices":
        return _make_devices(guest, count)
    device = guest.device("paged")["id"]
    seconds = [index * 3 % count for index in range(count)]  # not in the order of their creation
    spans = [(moment(second), moment(second + 5)) for second in seconds]
    own = tuple(guest.event(device, start, end)["id"] for start, end in spans)
    return Listed(guest.api, name, {"deviceId": device}, own)


def make_laden(name: str, guest: Guest, count: int) -> Listed | None:
    """Items of a list that one recording brings along; None of another list, or where that is not imported."""
    if name not in {"GET /recording-attachments", "GET /data/topics"}:
        return None
    mark = guest.name("laden.mcap")
    try:
        known = guest.uploads.upload(mark, laden(count, mark).mcap(), deviceId=guest.device("laden")["id"]).id
    except Violation:
        return None  # there may be limits to a single file
    listed = Listed(guest.api, name, {"recordingId": known}, ())
    return replace(listed, own=tuple(listed.ids(limit=PAGE, offset=0)))


def _make_devices(guest: Guest, count: int) -> Listed:
    """Devices with a property of their own, by which the list can be narrowed if queries work."""
    key, mark = guest.property_("text", "string")["key"], guest.name("paged")
    own = tuple(guest.device("paged", properties={key: mark})["id"] for _ in range(count))
    listed = Listed(guest.api, "GET /devices", {"query": f"properties.{key}:{mark}"}, own)
    reply = guest.api.ask(listed.name, params={**listed.params, "limit": PAGE, "offset": 0})
    narrows = reply.done and sorted(listed.of(reply.body), key=str) == sorted(own)
    return listed if narrows else replace(listed, params={})


def make_more(listed: Listed, guest: Guest) -> list[str]:
    """One more item that the parameters let through."""
    if listed.name == "GET /events":
        return [str(guest.event(str(listed.params["deviceId"]))["id"])]
    key, _, mark = str(listed.params.get("query", "")).removeprefix("properties.").partition(":")
    return [str(guest.device("paged", properties={key: mark} if key else None)["id"])]


def moment(second: int) -> str:
    """A point in time of the suite's events."""
    return f"2026-02-03T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
