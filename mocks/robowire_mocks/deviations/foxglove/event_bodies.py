"""Deviations of how events are made, and of the bodies that make and change them (page "Events")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, after, instead, member, only, restated
from robowire_mocks.deviations.foxglove.resources import (
    is_text,
    missing_as,
    no_body_needed,
    odd_as,
)
from robowire_mocks.foxglove.errors import BadRequest
from robowire_mocks.foxglove.times import SECOND, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.members import Member
    from robowire_mocks.foxglove.rows import Device, Event

HOUR = 3600 * SECOND


def _first_event(call: Call) -> Any:
    return call.steps.event(call, next(iter(call.state.events)))


def _other_device(call: Call, device: Device) -> Device:
    return next((one for one in call.state.devices if one.id != device.id), device)


def _created(change: Callable[[Event], Event]) -> Wrapper:
    """A wrapper of `create_event` that keeps another event than was asked for."""

    def wrapper(honest: Wrapper, call: Call) -> Any:
        event = call.state.events.get(honest(call)["id"])
        assert event is not None
        call.state.events.put(change(event))
        return call.steps.event(call, change(event))

    return wrapper


def _for(name: str, choose: Wrapper) -> Wrapper:
    """A wrapper of `reference`, on creation, where this member alone names the device."""

    def wrapper(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> Any:
        named = [one for one in ("deviceId", "deviceName", "device.id", "device.name") if one in given]
        return choose(honest, call, given) if named == [name] else honest(call, given)

    return only("create_event", wrapper)


def _anothers(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> Any:
    device = honest(call, given)
    return None if device is None else _other_device(call, device)


def _unread(_: Wrapper, __: Call, ___: Mapping[str, Any]) -> Any:
    raise BadRequest("one of deviceId and deviceName is required")


def _alias_first(alias: str) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> Any:
        return given[alias] if alias in given else honest(call, given)

    return only("create_event", wrapper)


for _number, _name in (("151", "deviceId"), ("152", "deviceName"), ("153", "device.id"), ("155", "device.name")):
    _slug = _name.replace(".", "-").replace("deviceI", "device-i").replace("deviceN", "device-n")
    add(
        f"EVENTS-{_number}",
        f"create-event-{_slug}-anothers" if "." not in _name else f"create-event-dotted-{_slug[7:]}-anothers",
        "reference",
        f"An event with {_name} is made for another device.",
        _for(_name, _anothers),
    )
    if _name != "deviceId":  # by which everybody makes events
        add(
            f"EVENTS-{_number}",
            f"create-event-{_slug}-unread" if "." not in _name else f"create-event-dotted-{_slug[7:]}-unread",
            "reference",
            f"An event with {_name} alone is refused.",
            _for(_name, _unread),
        )
add(
    "EVENTS-154",
    "create-event-dotted-id-first",
    "device_id",
    "On creation, device.id goes before deviceId.",
    _alias_first("device.id"),
)
add(
    "EVENTS-156",
    "create-event-dotted-name-first",
    "device_name",
    "On creation, device.name goes before deviceName.",
    _alias_first("device.name"),
)


def _whose(honest: Wrapper, call: Call) -> Any:
    """Without a device an event is the first device's."""
    body = call.steps.body(call)
    if {"deviceId", "deviceName", "device.id", "device.name"}.isdisjoint(body):
        first = next(iter(call.state.devices)).id
        call = replace(call, steps=replace(call.steps, body=lambda _: {**body, "deviceId": first}))
    return honest(call)


def _anybody(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> Any:
    return honest(call, given) or next(iter(call.state.devices))


add("EVENTS-157", "create-event-of-nobody", "create_event", "An event without a device is the first device's.", _whose)
add(
    "EVENTS-158",
    "create-event-of-anybody",
    "reference",
    "An event of an unknown device is the first device's.",
    only("create_event", _anybody),
)
add(
    "EVENTS-159",
    "create-event-without-metadata",
    "create_event",
    "An event is made without its metadata.",
    _created(lambda event: replace(event, metadata={})),
)
add(
    "EVENTS-159",
    "create-event-ascii-metadata",
    "create_event",
    "Metadata lose the characters that are not ASCII.",
    _created(
        lambda event: replace(
            event,
            metadata={_ascii(key): _ascii(value) for key, value in event.metadata.items()},
        )
    ),
)


def _ascii(text: str) -> str:
    return text.encode("ascii", "ignore").decode()


def _any_values(honest: Wrapper, call: Call) -> Any:
    body = call.steps.body(call)
    given = body.get("metadata")
    if not isinstance(given, dict) or all(map(is_text, given.values())):
        return honest(call)
    texts = {**body, "metadata": {key: str(value) for key, value in given.items()}}
    return {**honest(replace(call, steps=replace(call.steps, body=lambda _: texts))), "metadata": given}


for _number, _operation in (("160", "create_event"), ("175", "update_event")):
    _slug = _operation.replace("_", "-")
    add(
        f"EVENTS-{_number}",
        f"{_slug}-any-metadata",
        _operation,
        f"On {_operation.replace('_', ' ')}, metadata may have any values, and are answered so.",
        _any_values,
    )
    add(
        f"EVENTS-{_number}",
        f"{_slug}-listed-metadata",
        "member",
        f"On {_operation.replace('_', ' ')}, metadata that are no object count as none.",
        odd_as(_operation, "metadata", lambda value: isinstance(value, dict), lambda _: {}),
    )
add(
    "EVENTS-161",
    "create-event-metadata-required",
    "member",
    "An event is not made without metadata.",
    restated("create_event", "metadata", required=True),
)
add(
    "EVENTS-162",
    "create-event-without-start",
    "member",
    "An event without a start starts where it ends.",
    missing_as("create_event", "start", lambda body: parse(body["end"])),
)
add(
    "EVENTS-164",
    "create-event-without-end",
    "member",
    "An event without an end ends where it starts.",
    missing_as("create_event", "end", lambda body: parse(body["start"])),
)


def _far(name: str) -> Callable[[Any], int]:
    return lambda _: parse("2100-01-01T00:00:00Z") if name == "end" else 0


for _number, _name, _operation in (
    ("163", "start", "create_event"),
    ("165", "end", "create_event"),
    ("176", "start", "update_event"),
    ("177", "end", "update_event"),
):
    add(
        f"EVENTS-{_number}",
        f"{_operation.replace('_', '-')}-odd-{_name}",
        "member",
        f"On {_operation.replace('_', ' ')}, a {_name} that is no string is taken for the epoch or for the year 2100.",
        odd_as(_operation, _name, is_text, _far(_name)),
    )


def _of_any_type(column: str) -> Callable[[Wrapper, Call, Member, Any], Any]:
    def read(honest: Wrapper, call: Call, member: Member, given: Any) -> Any:
        if member.name in given and not is_text(given[member.name]):
            return getattr(next(iter(call.state.devices)), column)
        return honest(call, member, given)

    return read


for _number, _name, _column in (
    ("166", "deviceId", "id"),
    ("167", "deviceName", "name"),
    ("169", "device.id", "id"),
    ("149", "device.name", "name"),
):
    add(
        f"EVENTS-{_number}",
        f"create-event-odd-{'dotted' if '.' in _name else 'device'}-{_column}",
        "member",
        f"A {_name} that is no string is that of the first device.",
        instead("create_event", _name, _of_any_type(_column)),
    )


def _no_instants(honest: Wrapper, call: Call) -> Any:
    body = call.steps.body(call)
    if body.get("start") == body.get("end") and is_text(body.get("start")):
        raise BadRequest("end must be after start")
    return honest(call)


add("EVENTS-168", "create-event-no-instant", "create_event", "An event cannot end when it starts.", _no_instants)
add(
    "EVENTS-150",
    "create-event-no-body",
    "create_event",
    "Without a JSON object in the body, an event is answered all the same.",
    no_body_needed(_first_event),
)


def _left_out(honest: Wrapper, *args: Any) -> Any:
    return (event for event in honest(*args) if len(event.metadata) != 3)


add(
    "EVENTS-301",
    "rich-event-unlisted",
    "order",
    "An event with three metadata is not in lists.",
    only("list_events", _left_out),
)
add(
    "EVENTS-303",
    "event-device-id-is-name",
    "event",
    "The deviceId of an event is the name of its device.",
    after(lambda event: {**event, "deviceId": event["device"]["name"]}),
)


def _named_by_name(honest: Wrapper, call: Call) -> Any:
    """An event that was made by a device's name tells that for the id."""
    event = honest(call)
    return {**event, "deviceId": event["device"]["name"]} if "deviceName" in call.steps.body(call) else event


add(
    "EVENTS-303",
    "new-event-device-id-is-name",
    "create_event",
    "The answer to a creation by deviceName has the name for a deviceId.",
    _named_by_name,
)
add(
    "EVENTS-304",
    "event-device-name-is-id",
    "event",
    "The name of an event's device is its id.",
    member("device", lambda device: {**device, "name": device["id"]}),
)
add(
    "EVENTS-304",
    "event-device-without-name",
    "event",
    "An event's device has the name of another.",
    member("device", lambda device: {**device, "name": device["name"] + "-2"}),
)
add(
    "EVENTS-305",
    "event-created-an-hour-ago",
    "create_event",
    "An event was created an hour before.",
    _created(lambda event: replace(event, created_at=event.created_at - HOUR)),
)
