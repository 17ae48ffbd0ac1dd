"""Deviations of devices: what is answered, who is reached, and what is listed and deleted (page "Devices")."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, member, only
from robowire_mocks.deviations.foxglove.resources import (
    answered,
    any_of,
    by_beginning,
    deletes_anything,
    listed_in_object,
    missing_members,
    other_status,
    where_nothing_is,
    wrong_members,
)
from robowire_mocks.foxglove.errors import BadRequest, NotFound

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Device
    from robowire_mocks.foxglove.state import State

Json = dict[str, Any]
Properties = Mapping[str, Any]

VERBS: Mapping[str, str] = {"read": "get_device", "delete": "delete_device", "update": "update_device"}
"""The operations of one device, by what they do."""


def _add(number: int, slug: str, step: str, summary: str, wrapper: Wrapper) -> None:
    add(f"DEVICES-{number:03}", slug, step, summary, wrapper)


# ---- what is answered

listed_in_object("DEVICES-001", "list_devices", "devices")
other_status("DEVICES-002", "create_device")
other_status("DEVICES-003", "get_device", 203)
other_status("DEVICES-004", "delete_device", 202)
other_status("DEVICES-005", "update_device", 202)
_add(3, "get-device-in-list", "answer", "A device is answered in a list.", answered("get_device", lambda body: [body]))
_add(
    4,
    "delete-device-answers-name",
    "answer",
    "The answer to a device's deletion has another id.",
    answered("delete_device", lambda body: {"id": body["id"][::-1]}),
)


def _as_before(honest: Wrapper, call: Call) -> Json:
    before = call.steps.device(call, call.steps.device_at(call))
    updated: Json = honest(call)
    return {**updated, "properties": before["properties"]} if len(updated["properties"]) > 1 else updated


_add(5, "update-device-answers-before", "update_device", "An update answers the properties as they were.", _as_before)


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _any_by_uuid(honest: Wrapper, call: Call) -> Device:
    unknown = any_of(lambda state: state.devices)
    device: Device = unknown(honest, call) if _UUID.fullmatch(call.path["nameOrId"]) else honest(call)
    return device


def _gone_already(call: Call) -> Json | None:
    known = call.path["nameOrId"]
    return {"id": known} if known.startswith("dev_") else None


_first_shown = where_nothing_is(lambda call: call.steps.device(call, next(iter(call.state.devices))))
_deleted_again = where_nothing_is(_gone_already)
_by_beginning = by_beginning(lambda state: state.devices, "nameOrId")

_add(6, "read-any-device", "device_at", "An unknown UUID gives the first device.", only("get_device", _any_by_uuid))
_add(
    6,
    "read-device-by-its-beginning",
    "device_at",
    "What follows an id is ignored.",
    only("get_device", _by_beginning),
)
_add(
    7,
    "delete-no-device",
    "delete_device",
    "The deletion of an unknown device is a success.",
    deletes_anything("nameOrId"),
)
_add(7, "delete-device-twice", "delete_device", "A device that is gone is deleted again.", _deleted_again)
_add(8, "update-no-device", "update_device", "The update of an unknown device is a success.", _first_shown)
_add(
    8,
    "update-device-by-its-beginning",
    "device_at",
    "What follows an id is ignored, in an update.",
    only("update_device", _by_beginning),
)

wrong_members(
    "DEVICES",
    "device",
    "a device",
    {
        "201": ("id", 7),
        "202": ("name", None),
        "203": ("orgId", "robowire"),
        "204": ("createdAt", 1767225600),
        "205": ("updatedAt", "2026-01-01 00:00:00"),
    },
)
missing_members("DEVICES", "device", "a device", {"201": "id", "202": "name"})
_add(
    206,
    "device-empty-properties-list",
    "device",
    "The properties of a device that has none are an empty list.",
    member("properties", lambda properties: properties or []),
)
_add(
    211,
    "delete-device-id-number",
    "answer",
    "The answer to a device's deletion has a number for an id.",
    answered("delete_device", lambda _: {"id": 7}),
)
_add(
    211,
    "delete-device-without-id",
    "answer",
    "The answer to a device's deletion has no id.",
    answered("delete_device", lambda body: {"deleted": body["id"]}),
)
_add(
    221, "device-summary-id-number", "device_summary", "The id in a summary of a device is a number.", member("id", len)
)
_add(
    222,
    "device-summary-name-list",
    "device_summary",
    "The name in a summary of a device is a list.",
    member("name", list),
)

# ---- who is reached


def _by(by_id: Callable[[Call, str], bool], by_name: Callable[[Call, str], bool]) -> Wrapper:
    """A wrapper of `device_at` that does not find what is asked for by id, or by name, if these say so."""

    def wrapper(honest: Wrapper, call: Call) -> Device:
        text = call.path["nameOrId"]
        device: Device = honest(call)
        if (by_id if device.id == text else by_name)(call, text):
            raise NotFound(f"there is no device {text!r}")
        return device

    return wrapper


def _never(_: Call, __: str) -> bool:
    return False


def _no_id(call: Call, text: str) -> bool:
    return text not in call.state.devices


def _encoded(call: Call, text: str) -> bool:
    """Whether a path was sent with characters percent-encoded that need not be."""
    return bool(text) and "%" in call.target.partition("?")[0]


def _id_first(honest: Wrapper, call: Call) -> Device:
    device: Device = honest(call)
    return call.state.devices.get(call.path["nameOrId"]) or device


def _another(honest: Wrapper, call: Call) -> Device:
    """By a name, the next device of a similar name is reached."""
    device: Device = honest(call)
    if device.id == call.path["nameOrId"]:
        return device
    others = [one for one in call.state.devices if one.id != device.id]
    return others[-1] if others else device


def _next_one(honest: Wrapper, call: Call) -> Device:
    """By the id of a device without properties, the one after it is reached, if that has none either."""
    device: Device = honest(call)
    if device.id != call.path["nameOrId"] or device.properties:
        return device
    devices = list(call.state.devices)
    after = devices[devices.index(device) + 1 :][:1]
    return after[0] if after and not after[0].properties else device


_TRIED: WeakKeyDictionary[State, set[str]] = WeakKeyDictionary()


def _at_the_second_try(honest: Wrapper, call: Call) -> Device:
    """By the id of a device between two others that have no properties either, it is reached at the second try only."""
    device: Device = honest(call)
    tried = _TRIED.setdefault(call.state, set())
    devices = list(call.state.devices)
    place = devices.index(device)
    between = len(devices[place - 1 : place + 2]) == 3 and not any(
        one.properties for one in devices[place - 1 : place + 2]
    )
    if device.id != call.path["nameOrId"] or not between or device.id in tried:
        return device
    tried.add(device.id)
    raise NotFound(f"there is no device {device.id!r}")


_NOT_BY_ID: Mapping[str, tuple[str, Wrapper]] = {
    "read": ("By id the device after it is read, if both have no properties.", _next_one),
    "delete": (
        "By id a device between two without properties is deleted at the second try.",
        _at_the_second_try,
    ),
    "update": (
        "By id a device between two without properties is updated at the second try.",
        _at_the_second_try,
    ),
}

for _place, (_verb, _operation) in enumerate(VERBS.items()):
    _first = 301 + 4 * _place
    _said, _wrapper = _NOT_BY_ID[_verb]
    _add(_first, f"{_verb}-not-by-id", "device_at", _said, only(_operation, _wrapper))
    _add(
        _first + 1,
        f"{_verb}-not-by-name",
        "device_at",
        f"Devices are not reached by name, to {_verb} them.",
        only(_operation, _by(_never, _no_id)),
    )
    _add(
        _first + 1,
        f"{_verb}-another-by-name",
        "device_at",
        f"By name another device is reached, to {_verb} it.",
        only(_operation, _another),
    )
    _add(
        _first + 2,
        f"{_verb}-not-by-encoded-name",
        "device_at",
        f"Devices are not reached by an encoded name, to {_verb} them.",
        only(_operation, _by(_never, _encoded)),
    )
    _add(
        _first + 3,
        f"{_verb}-id-before-name",
        "device_at",
        f"Devices are reached by id rather than by name, to {_verb} them.",
        only(_operation, _id_first),
    )

# ---- what is listed and deleted


def _whole(call: Call) -> bool:
    """Whether a list begins at its beginning, and nothing narrows or sorts it."""
    return set(call.query) <= {"limit", "offset"} and call.query.get("offset", "0") == "0"


def _shown(rows: Callable[[Call, list[Json]], list[Json]]) -> Wrapper:
    """A wrapper of `list_devices` that lists others, where nothing narrows the list."""

    def wrapper(honest: Wrapper, call: Call) -> list[Json]:
        listed: list[Json] = honest(call)
        return rows(call, listed) if _whole(call) else listed

    return wrapper


def _with_properties(_: Call, listed: list[Json]) -> list[Json]:
    return [one for one in listed if one["properties"] or one == listed[-1]]


_add(
    313,
    "list-without-bare-devices",
    "list_devices",
    "The list leaves out devices without properties, but for the last.",
    _shown(_with_properties),
)


_SEEN: WeakKeyDictionary[State, dict[str, Json]] = WeakKeyDictionary()
_DELETED: WeakKeyDictionary[State, list[Json]] = WeakKeyDictionary()


def _deleted_too(honest: Wrapper, call: Call, body: Any) -> Any:
    """What was answered of a device that is deleted is listed once more, after the first one."""
    seen, deleted = _SEEN.setdefault(call.state, {}), _DELETED.setdefault(call.state, [])
    match call.operation.name:
        case "create_device":
            seen[body["id"]] = body
        case "delete_device" if body["id"] in seen:
            deleted.append(seen.pop(body["id"]))
        case "list_devices" if _whole(call):
            body = [*body[:1], *deleted, *body[1:]]
            deleted.clear()
    return honest(call, body)


_add(314, "list-deleted-devices", "answer", "A device that is deleted is listed once more.", _deleted_too)


def _remove_data(call: Call, device_id: str) -> None:
    for store in (call.state.events, call.state.recordings):
        for row in store.where("device_id", device_id):
            store.remove(row.id)


def _with_data(honest: Wrapper, call: Call) -> Json:
    _remove_data(call, call.steps.device_at(call).id)
    deleted: Json = honest(call)
    return deleted


_add(315, "delete-with-data", "delete_device", "A device that has data is deleted, and they with it.", _with_data)


def _first_data(honest: Wrapper, call: Call) -> Json:
    """The refusal of a deletion comes too late: the device is gone."""
    device = call.steps.device_at(call)
    try:
        deleted: Json = honest(call)
    except BadRequest:
        _remove_data(call, device.id)
        call.state.devices.remove(device.id)
        raise
    return deleted


_add(
    315,
    "delete-refused-too-late",
    "delete_device",
    "A device with data is gone though its deletion is refused.",
    _first_data,
)
