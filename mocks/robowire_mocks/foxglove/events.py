"""Events: points of interest in a device's data (sections "List events" to "Update an event").

Where the document is silent: an update's metadata take the place of all that were there, every update moves
`updatedAt`, an event that would end before it starts is refused, and so is a list of such a range.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from robowire_mocks.foxglove import paging, references
from robowire_mocks.foxglove.errors import BadRequest, NotFound
from robowire_mocks.foxglove.members import Kind, Member
from robowire_mocks.foxglove.rows import Event

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.store import SortKey

Condition: TypeAlias = Callable[[Event], bool]

_FILTERS = (
    *references.MEMBERS,
    Member("start", Kind.MOMENT),
    Member("end", Kind.MOMENT),
    Member("createdAfter", Kind.MOMENT),
    Member("updatedAfter", Kind.MOMENT),
    Member("query"),
)
_NEW = (
    # FOXGLOVE-EVENTS-149, FOXGLOVE-EVENTS-166, FOXGLOVE-EVENTS-167, FOXGLOVE-EVENTS-169
    *references.MEMBERS,
    Member("metadata", Kind.TEXTS),  # FOXGLOVE-EVENTS-160, FOXGLOVE-EVENTS-161
    Member("start", Kind.MOMENT, required=True),  # FOXGLOVE-EVENTS-162, FOXGLOVE-EVENTS-163
    Member("end", Kind.MOMENT, required=True),  # FOXGLOVE-EVENTS-164, FOXGLOVE-EVENTS-165
)
_CHANGED = (
    Member("metadata", Kind.TEXTS),  # FOXGLOVE-EVENTS-175
    Member("start", Kind.MOMENT),  # FOXGLOVE-EVENTS-176
    Member("end", Kind.MOMENT),  # FOXGLOVE-EVENTS-177
)


def list_events(call: Call) -> list[dict[str, Any]]:
    """Those events that meet every filter."""
    # FOXGLOVE-EVENTS-001
    keys = call.steps.event_keys(call)
    page = call.steps.page(call, keys)
    asked = call.steps.parameters(call, _FILTERS)
    _check_range(asked)
    conditions = call.steps.event_conditions(call, asked)
    rows = paging.listed(call, call.state.events, page, keys, _all_of(conditions) if conditions else None)
    return [call.steps.event(call, event) for event in rows]


def create_event(call: Call) -> dict[str, Any]:
    """A new event of a device."""
    # FOXGLOVE-EVENTS-002
    given = call.steps.read(call, call.steps.body(call), _NEW)  # FOXGLOVE-EVENTS-150
    # FOXGLOVE-EVENTS-151 to FOXGLOVE-EVENTS-156
    # FOXGLOVE-EVENTS-157, FOXGLOVE-EVENTS-158
    device = references.needed(call, given)
    _check_range(given)
    event = Event(
        id=call.state.fresh_id("evt"),
        device_id=device.id,
        start=given["start"],
        end=given["end"],
        metadata=given.get("metadata", {}),  # FOXGLOVE-EVENTS-159
        created_at=call.now,  # FOXGLOVE-EVENTS-305
        updated_at=call.now,
    )
    call.state.events.put(event)  # FOXGLOVE-EVENTS-301
    # FOXGLOVE-WEBHOOKS-014, FOXGLOVE-WEBHOOKS-243, FOXGLOVE-WEBHOOKS-302
    call.steps.occurred(call, "event.created", {"event": {"id": event.id}})
    return call.steps.event(call, event)


def get_event(call: Call) -> dict[str, Any]:
    """The event with the path's id."""
    # FOXGLOVE-EVENTS-003
    return call.steps.event(call, call.steps.event_at(call))


def delete_event(call: Call) -> dict[str, Any]:
    """Remove the event with the path's id."""
    # FOXGLOVE-EVENTS-004
    event = call.steps.event_at(call)
    call.state.events.remove(event.id)  # FOXGLOVE-EVENTS-302
    return {"id": event.id}  # FOXGLOVE-EVENTS-211


def update_event(call: Call) -> dict[str, Any]:
    """Change the event with the path's id."""
    # FOXGLOVE-EVENTS-005
    event = call.steps.event_at(call)
    given = call.steps.read(call, call.steps.body(call), _CHANGED)  # FOXGLOVE-EVENTS-170
    changed = call.steps.event_change(call, event, given)
    _check_range({"start": changed.start, "end": changed.end})
    call.state.events.put(changed)  # FOXGLOVE-EVENTS-307
    return call.steps.event(call, changed)


def event_at(call: Call) -> Event:
    """The event with the path's id.

    Raises:
        NotFound: There is none.
    """
    event = call.state.events.get(call.path["id"])
    if event is None:
        # FOXGLOVE-EVENTS-006, FOXGLOVE-EVENTS-007, FOXGLOVE-EVENTS-008
        raise NotFound(f"there is no event {call.path['id'][:80]!r}")
    return event


def event_change(call: Call, event: Event, given: Mapping[str, Any]) -> Event:
    """The event with those members that were given, and the others as they were."""
    # FOXGLOVE-EVENTS-174
    # FOXGLOVE-EVENTS-171, FOXGLOVE-EVENTS-172, FOXGLOVE-EVENTS-173; createdAt stays; FOXGLOVE-EVENTS-306
    return replace(event, **given, updated_at=max(call.now, event.updated_at))


def event(call: Call, event: Event) -> dict[str, Any]:
    """An event as answers show it."""
    device = call.state.devices.get(event.device_id)
    assert device is not None  # a device with events is not deleted; FOXGLOVE-EVENTS-308
    return {
        "id": event.id,  # FOXGLOVE-EVENTS-201
        "start": call.steps.zulu(call, event.start),  # FOXGLOVE-EVENTS-202
        "end": call.steps.zulu(call, event.end),  # FOXGLOVE-EVENTS-203
        "deviceId": device.id,  # FOXGLOVE-EVENTS-204, FOXGLOVE-EVENTS-303
        "device": call.steps.device_summary(call, device),  # FOXGLOVE-EVENTS-205, FOXGLOVE-EVENTS-304
        "metadata": dict(event.metadata),  # FOXGLOVE-EVENTS-206
        "createdAt": call.steps.zulu(call, event.created_at),  # FOXGLOVE-EVENTS-207
        "updatedAt": call.steps.zulu(call, event.updated_at),  # FOXGLOVE-EVENTS-208
    }


def event_conditions(call: Call, asked: Mapping[str, Any]) -> list[Condition]:
    """What an event must meet to be in the list, filter by filter."""
    conditions = [call.steps.event_condition(call, name, asked[name]) for name in _CONDITIONS if name in asked]
    if references.said(asked):
        conditions.append(call.steps.event_device(call, asked))
    return conditions


def event_condition(call: Call, name: str, value: Any) -> Condition:
    """What one parameter other than the device's asks of an event."""
    if name == "query":
        matches = call.steps.event_query(call, value)
        return lambda event: matches(event.metadata)
    return _CONDITIONS[name](value)


def event_device(call: Call, asked: Mapping[str, Any]) -> Condition:
    """What the device that is named asks of an event: none is that of an unknown one."""
    # FOXGLOVE-EVENTS-108 to FOXGLOVE-EVENTS-113
    device = call.steps.reference(call, asked)
    return lambda event: device is not None and event.device_id == device.id


_CONDITIONS: Mapping[str, Callable[[Any], Condition]] = {
    # Both ranges are closed, and either bound may be given alone.
    # FOXGLOVE-EVENTS-101, FOXGLOVE-EVENTS-103, FOXGLOVE-EVENTS-105
    "start": lambda bound: lambda event: event.end >= bound,
    # FOXGLOVE-EVENTS-102, FOXGLOVE-EVENTS-104, FOXGLOVE-EVENTS-105
    "end": lambda bound: lambda event: event.start <= bound,
    "createdAfter": lambda bound: lambda event: event.created_at > bound,  # FOXGLOVE-EVENTS-106
    "updatedAfter": lambda bound: lambda event: event.updated_at > bound,  # FOXGLOVE-EVENTS-107
    "query": lambda _: lambda _: True,  # compiled by a step of its own
}


def event_keys(call: Call) -> Mapping[str, SortKey]:
    """What events may be sorted by."""

    def device_name(event: Event) -> str | None:
        device = call.state.devices.get(event.device_id)
        return None if device is None else device.name

    device_id = attrgetter("device_id")
    return {
        "id": attrgetter("id"),  # FOXGLOVE-EVENTS-141
        "deviceId": device_id,  # FOXGLOVE-EVENTS-142
        "deviceName": device_name,  # FOXGLOVE-EVENTS-143
        "device.name": device_name,  # FOXGLOVE-EVENTS-144
        "device.id": device_id,  # FOXGLOVE-EVENTS-145
        "start": attrgetter("start"),  # FOXGLOVE-EVENTS-146
        "createdAt": attrgetter("created_at"),  # FOXGLOVE-EVENTS-147
        "updatedAt": attrgetter("updated_at"),  # FOXGLOVE-EVENTS-148
    }


def _all_of(conditions: list[Condition]) -> Condition:
    return lambda event: all(condition(event) for condition in conditions)


def _check_range(given: Mapping[str, Any]) -> None:
    # FOXGLOVE-EVENTS-168: both may be the same
    if "start" in given and "end" in given and given["start"] > given["end"]:
        raise BadRequest("start must not be after end")
