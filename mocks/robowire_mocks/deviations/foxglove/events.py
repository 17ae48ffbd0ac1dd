"""Deviations of events: what is answered, changed and deleted (page "Events")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, only, without
from robowire_mocks.deviations.foxglove.resources import (
    answered,
    any_of,
    deletes_anything,
    listed_in_object,
    missing_members,
    no_body_needed,
    other_status,
    where_nothing_is,
    wrong_members,
)
from robowire_mocks.foxglove.errors import NotFound
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Event
    from robowire_mocks.foxglove.state import State

HOUR = 3600 * SECOND
_DELETED: WeakKeyDictionary[State, dict[str, Event]] = WeakKeyDictionary()


def _first_event(call: Call) -> Any:
    return call.steps.event(call, next(iter(call.state.events)))


def _changed(change: Callable[[Event, Event, Mapping[str, Any]], Event]) -> Wrapper:
    """A wrapper of `event_change`: from the event before, as it should be then, and what was given."""

    def wrapper(honest: Wrapper, call: Call, event: Event, given: Mapping[str, Any]) -> Event:
        return change(event, honest(call, event, given), given)

    return wrapper


# ---- what is answered

listed_in_object("EVENTS-001", "list_events", "events")
other_status("EVENTS-002", "create_event")
add(
    "EVENTS-002",
    "create-event-answers-another",
    "answer",
    "The answer to an event's creation has another end.",
    answered("create_event", lambda body: {**body, "end": "2001-01-01T00:00:00Z"}),
)
other_status("EVENTS-003", "get_event", 203)


def _neighbour(honest: Wrapper, call: Call) -> Any:
    event: Event = honest(call)
    others = [one for one in call.state.events if one.device_id == event.device_id and one.id != event.id]
    return others[0] if others else event


add(
    "EVENTS-003",
    "get-event-neighbour",
    "event_at",
    "An id gives another event of its device.",
    only("get_event", _neighbour),
)
other_status("EVENTS-004", "delete_event", 204)
add(
    "EVENTS-004",
    "delete-event-answers-another-id",
    "answer",
    "The answer to an event's deletion has another id.",
    answered("delete_event", lambda body: {"id": body["id"][::-1]}),
)
other_status("EVENTS-005", "update_event", 202)


def _as_before(honest: Wrapper, call: Call) -> Any:
    before = call.steps.event(call, call.steps.event_at(call))
    return {**honest(call), **{name: before[name] for name in ("start", "end", "metadata")}}


add("EVENTS-005", "update-event-answers-before", "update_event", "An update answers the event as it was.", _as_before)
add(
    "EVENTS-006",
    "get-any-event",
    "event_at",
    "An unknown id gives the first event.",
    only("get_event", any_of(lambda state: state.events)),
)
add(
    "EVENTS-007",
    "delete-no-event",
    "delete_event",
    "The deletion of an unknown event is a success.",
    deletes_anything(),
)


add(
    "EVENTS-008",
    "update-no-event",
    "update_event",
    "The update of an unknown event is a success.",
    where_nothing_is(_first_event),
)

wrong_members(
    "EVENTS",
    "event",
    "an event",
    {
        "201": ("id", 7),
        "202": ("start", 1767225600),
        "203": ("end", "2026-01-01"),
        "204": ("deviceId", 7),
        "205": ("device", "tug-01"),
        "206": ("metadata", []),
        "207": ("createdAt", "yesterday"),
        "208": ("updatedAt", None),
    },
)
missing_members(
    "EVENTS",
    "event",
    "an event",
    {"201": "id", "202": "start", "203": "end", "206": "metadata", "207": "createdAt", "208": "updatedAt"},
)
add(
    "EVENTS-211",
    "delete-event-id-number",
    "answer",
    "The answer to an event's deletion has a number for an id.",
    answered("delete_event", lambda _: {"id": 7}),
)
add("EVENTS-308", "event-without-device-id", "event", "Events have no deviceId.", without("deviceId"))
add("EVENTS-308", "event-without-device", "event", "Events have no device.", without("device"))

# ---- what is changed and deleted

add(
    "EVENTS-305",
    "event-created-by-update",
    "event_change",
    "An update moves createdAt.",
    _changed(lambda _, after, __: replace(after, created_at=after.updated_at)),
)

add(
    "EVENTS-170",
    "update-event-no-body",
    "update_event",
    "Without a JSON object in the body, an update is answered all the same.",
    no_body_needed(lambda call: call.steps.event(call, call.steps.event_at(call))),
)
add(
    "EVENTS-171",
    "update-event-not-metadata",
    "event_change",
    "An update leaves metadata as they were.",
    _changed(lambda before, after, _: replace(after, metadata=before.metadata)),
)
add(
    "EVENTS-171",
    "update-event-known-keys",
    "event_change",
    "An update of metadata passes over keys that are new.",
    _changed(
        lambda before, after, _: replace(
            after, metadata={key: value for key, value in after.metadata.items() if key in before.metadata}
        )
    ),
)


def _kept(name: str) -> Callable[[Event, Event, Mapping[str, Any]], Event]:
    return lambda before, after, _: replace(after, **{name: getattr(before, name)})


for _number, _name in (("172", "start"), ("173", "end")):
    add(
        f"EVENTS-{_number}",
        f"update-event-not-{_name}",
        "event_change",
        f"An update leaves {_name} as it was.",
        _changed(_kept(_name)),
    )
add(
    "EVENTS-174",
    "update-event-clears-metadata",
    "event_change",
    "An update without metadata removes them.",
    _changed(lambda _, after, given: after if "metadata" in given else replace(after, metadata={})),
)


def _moved(before: Event, after: Event, given: Mapping[str, Any]) -> Event:
    """An update of the start alone keeps the duration."""
    if "start" not in given or "end" in given:
        return after
    return replace(after, end=before.end + after.start - before.start)


add(
    "EVENTS-174", "update-event-keeps-duration", "event_change", "An update of start moves end along.", _changed(_moved)
)
add(
    "EVENTS-306",
    "update-event-unnoticed",
    "event_change",
    "An update leaves updatedAt as it was.",
    _changed(lambda before, after, _: replace(after, updated_at=before.updated_at)),
)
add(
    "EVENTS-306",
    "update-event-in-future",
    "event_change",
    "An update's updatedAt is an hour ahead.",
    _changed(lambda _, after, __: replace(after, updated_at=after.updated_at + HOUR)),
)


def _forgotten(honest: Wrapper, call: Call) -> Any:
    before = call.steps.event_at(call)
    answer = honest(call)
    call.state.events.put(before)
    return answer


add("EVENTS-307", "update-event-forgotten", "update_event", "An update is answered, and forgotten.", _forgotten)


def _remember(honest: Wrapper, call: Call) -> Any:
    """A deleted event is still found by its id."""
    kept = _DELETED.setdefault(call.state, {})
    if call.operation.name == "delete_event":
        kept.update({one.id: one for one in call.state.events if one.id == call.path["id"]})
    try:
        return honest(call)
    except NotFound:
        if call.operation.name != "get_event" or call.path["id"] not in kept:
            raise
        return kept[call.path["id"]]


add("EVENTS-302", "deleted-event-found", "event_at", "A deleted event is still found by its id.", _remember)
