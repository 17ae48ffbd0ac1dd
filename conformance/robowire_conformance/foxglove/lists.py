"""The lists that document pages: what each holds for sure, by things of the suite's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.fleet import PAGE
from robowire_conformance.foxglove.guest import Guest

HUNDREDS: Mapping[str, int] = {"GET /devices": 100, "GET /events": 200}
"""What the requirements of each list are numbered from, on the page of paging."""

SAMPLE = 7


@dataclass(frozen=True, slots=True)
class Listed:
    """A list, narrowed to some of its items where the document gives a way to; `own` are those that stay there."""

    api: Api
    name: str
    params: Mapping[str, JSON]
    own: tuple[str, ...]

    def requirement(self, number: int) -> str:
        """The requirement of a number on this list."""
        return f"FOXGLOVE-PAGING-{HUNDREDS[self.name] + number}"

    def ask(self, **params: JSON) -> Reply:
        """The list with further parameters, in a definite order."""
        return self.api.ask(self.name, params={**self.params, "sortBy": "id", "sortOrder": "asc", **params})

    def ids(self, **params: JSON) -> list[Any]:
        """The ids of a list that has to be answered.

        Raises:
            Violation: It is not; of the requirement that the operation works.
        """
        return ids_of(self.ask(**params).require_done())


def ids_of(body: JSON) -> list[Any]:
    """The ids of a list, in its order."""
    return [one.get("id") if isinstance(one, dict) else None for one in body]


def make_items(name: str, guest: Guest, count: int) -> tuple[Mapping[str, JSON], list[str]]:
    """Make items of a list: the parameters that narrow it to them, if there are any, and their ids."""
    if name == "GET /devices":
        return _make_devices(guest, count)
    device = guest.device("paged")["id"]
    seconds = [index * 3 % count for index in range(count)]  # not in the order of their creation
    spans = [(moment(second), moment(second + 5)) for second in seconds]
    return {"deviceId": device}, [guest.event(device, start, end)["id"] for start, end in spans]


def _make_devices(guest: Guest, count: int) -> tuple[Mapping[str, JSON], list[str]]:
    """Devices with a property of their own, by which the list can be narrowed if queries work."""
    key, mark = guest.property_("text", "string")["key"], guest.name("paged")
    own = [guest.device("paged", properties={key: mark})["id"] for _ in range(count)]
    params = {"query": f"properties.{key}:{mark}"}
    listed = guest.api.ask("GET /devices", params={**params, "limit": PAGE, "offset": 0})
    narrows = listed.done and sorted(ids_of(listed.body), key=str) == sorted(own)
    return params if narrows else {}, own


def make_more(name: str, guest: Guest, params: Mapping[str, JSON]) -> list[str]:
    """One more item that the parameters let through."""
    if name == "GET /events":
        return [str(guest.event(str(params["deviceId"]))["id"])]
    key, _, mark = str(params.get("query", "")).removeprefix("properties.").partition(":")
    return [str(guest.device("paged", properties={key: mark} if key else None)["id"])]


def moment(second: int) -> str:
    """A point in time of the suite's events."""
    return f"2026-02-03T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
