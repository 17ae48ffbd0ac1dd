"""What an event tells of its device, and which device it really has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.instants import nanoseconds
from robowire_conformance.foxglove.stock import Stock
from robowire_conformance.verdict import NotTested, Violation

START, END = "2001-02-03T04:05:06Z", "2001-02-03T04:05:07Z"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two devices of the suite's, as (id, name), and the way to find out which of them an event has."""

    stock: Stock

    @property
    def first(self) -> tuple[str, str]:
        """The one."""
        return self.stock.devices[0]

    @property
    def second(self) -> tuple[str, str]:
        """The other."""
        return self.stock.devices[-1]

    def create(self, **members: JSON) -> Reply:
        """Ask for an event; `__` in a name stands for a dot."""
        named = {name.replace("__", "."): value for name, value in members.items()}
        return self.stock.api.ask("POST /events", body={"start": START, "end": END, "metadata": {}, **named})

    def owner(self, reply: Reply) -> str:
        """The id of the device whose event was created: by the lists of both, or else as the event tells itself."""
        event = reply.require_done()
        listed = [device for device, _ in (self.first, self.second) if self._lists(device, event)]
        if len(listed) == 1:
            return listed[0]
        return next(iter(told_ids(event).values()), "")

    def _lists(self, device: str, event: Mapping[str, Any]) -> bool:
        reply = self.stock.api.ask("GET /events", params={"deviceId": device})
        return reply.done and any(isinstance(one, dict) and one.get("id") == event.get("id") for one in reply.body)

    def require_owner(self, due: tuple[str, str], **members: JSON) -> None:
        """Create an event and make sure that it is that device's.

        Raises:
            Violation: It is not created, or another device's.
        """
        reply = self.create(**members)
        shown = ", ".join(name.replace("__", ".") for name in members)
        if not reply.done:
            raise reply.violation(f"An event is not created with {shown}", expected=200, actual=reply.status)
        owner = self.owner(reply)
        if owner != due[0]:
            raise reply.violation(f"An event with {shown} is created for another device", expected=due[0], actual=owner)


def told_ids(event: Mapping[str, Any]) -> dict[str, str]:
    """The ids of its device that an event tells, by member."""
    device = event.get("device")
    told = {"deviceId": event.get("deviceId"), "device": device.get("id") if isinstance(device, dict) else None}
    return {member: known for member, known in told.items() if isinstance(known, str)}


def find(api: Api, event: Mapping[str, Any]) -> Reply:
    """An event as it is now.

    Raises:
        Violation: It is not answered, or another one is.
    """
    reply = api.ask("GET /events/{id}", event["id"])
    if reply.require_done().get("id") != event["id"]:
        text = "Another event is answered"
        got = reply.body.get("id")
        raise reply.violation(text, expected=event["id"], actual=got, requirement=reply.call.works)
    return reply


def require_owner(event: Mapping[str, Any], device: str) -> None:
    """Make sure that an event that was created by deviceId tells no other device.

    Raises:
        Violation: It does.
    """
    told = set(told_ids(event).values())
    if told and device not in told:
        text = "An event with deviceId is created for another device"
        raise Violation(text, expected=device, actual=sorted(told), requirement="FOXGLOVE-EVENTS-151")


def require_same(reply: Reply, before: Mapping[str, Any], after: Mapping[str, Any], *members: str) -> None:
    """Make sure that members have not changed; times are compared as the instants that they name.

    Raises:
        Violation: One has.
    """
    for member in members:
        if member not in before or member not in after:
            continue
        old, new = before[member], after[member]
        if old != new and (nanoseconds(old) is None or nanoseconds(old) != nanoseconds(new)):
            raise reply.violation(f"{member} is another", expected=old, actual=new)


def of_strings(metadata: JSON) -> bool:
    """Whether metadata are an object of strings."""
    return isinstance(metadata, dict) and all(isinstance(value, str) for value in metadata.values())


def rename(api: Api, device_id: str, name: str) -> None:
    """Give a device another name.

    Raises:
        NotTested: It has not got it.
    """
    api.call("PATCH /devices/{nameOrId}", device_id, body={"name": name})
    if api.get("/devices/{nameOrId}", device_id).get("name") != name:
        raise NotTested("a device does not get another name (see FOXGLOVE-DEVICES-132)")
