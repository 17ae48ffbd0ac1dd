"""Deviations of devices: what is answered, who is reached, and what is listed and deleted (page "Devices")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, constant, member, only
from robowire_mocks.deviations.foxglove.resources import (
    answered,
    any_of,
    listed_in_object,
    missing_members,
    other_status,
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
    return {**honest(call), "properties": before["properties"]}


_add(5, "update-device-answers-before", "update_device", "An update answers the properties as they were.", _as_before)


def _any_device(operation: str) -> Wrapper:
    return only(operation, any_of(lambda state: state.devices))


def _nothing_to_delete(honest: Wrapper, call: Call) -> Json:
    try:
        deleted: Json = honest(call)
    except NotFound:
        return {"id": call.path["nameOrId"]}
    return deleted


def _gone_already(honest: Wrapper, call: Call) -> Json:
    try:
        deleted: Json = honest(call)
    except NotFound:
        if not call.path["nameOrId"].startswith("dev_"):
            raise
        return {"id": call.path["nameOrId"]}
    return deleted


def _nothing_to_update(honest: Wrapper, call: Call) -> Json:
    try:
        updated: Json = honest(call)
    except NotFound:
        return call.steps.device(call, next(iter(call.state.devices)))
    return updated


def _by_prefix(honest: Wrapper, call: Call) -> Device:
    try:
        device: Device = honest(call)
    except NotFound:
        found = [one for one in call.state.devices if call.path["nameOrId"].startswith(one.id)]
        if not found:
            raise
        return found[0]
    return device


_add(6, "read-any-device", "device_at", "An unknown text gives the first device.", _any_device("get_device"))
_add(6, "read-device-by-its-beginning", "device_at", "What follows an id is ignored.", only("get_device", _by_prefix))
_add(7, "delete-no-device", "delete_device", "The deletion of an unknown device is a success.", _nothing_to_delete)
_add(7, "delete-device-twice", "delete_device", "A device that is gone is deleted again.", _gone_already)
_add(8, "update-no-device", "update_device", "The update of an unknown device is a success.", _nothing_to_update)
_add(
    8,
    "update-device-by-its-beginning",
    "device_at",
    "What follows an id is ignored, in an update.",
    only("update_device", _by_prefix),
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
        "206": ("properties", []),
    },
)
missing_members("DEVICES", "device", "a device", {"201": "id", "202": "name"})
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


for _place, (_verb, _operation) in enumerate(VERBS.items()):
    _first = 301 + 4 * _place
    _add(
        _first,
        f"{_verb}-not-by-id",
        "device_at",
        f"Devices are not {_verb} by id.",
        only(_operation, _by(lambda _, __: True, _never)),
    )
    _add(
        _first + 1,
        f"{_verb}-not-by-name",
        "device_at",
        f"Devices are not {_verb} by name.",
        only(_operation, _by(_never, _no_id)),
    )
    _add(
        _first + 1,
        f"{_verb}-another-by-name",
        "device_at",
        f"By name another device is {_verb}.",
        only(_operation, _another),
    )
    _add(
        _first + 2,
        f"{_verb}-not-by-encoded-name",
        "device_at",
        f"Devices are not {_verb} by an encoded name.",
        only(_operation, _by(_never, _encoded)),
    )
    _add(
        _first + 3,
        f"{_verb}-id-before-name",
        "device_at",
        f"Devices are {_verb} by id rather than by name.",
        only(_operation, _id_first),
    )

# ---- what is listed and deleted


def _shown(rows: Callable[[Call, list[Json]], list[Json]]) -> Wrapper:
    """A wrapper of `list_devices` that lists others, where nothing narrows the list."""

    def wrapper(honest: Wrapper, call: Call) -> list[Json]:
        listed: list[Json] = honest(call)
        return listed if call.query else rows(call, listed)

    return wrapper


def _with_properties_first(_: Call, listed: list[Json]) -> list[Json]:
    """Devices without properties are left out, if there are any with them."""
    return [one for one in listed if one["properties"]]


_add(
    313,
    "list-without-bare-devices",
    "list_devices",
    "The list leaves out devices without properties.",
    _shown(_with_properties_first),
)


_SEEN: WeakKeyDictionary[State, dict[str, Json]] = WeakKeyDictionary()
_DELETED: WeakKeyDictionary[State, list[Json]] = WeakKeyDictionary()


def _deleted_too(honest: Wrapper, call: Call, body: Any) -> Any:
    """What was answered of the device that was deleted last is listed still, after the first one."""
    seen, deleted = _SEEN.setdefault(call.state, {}), _DELETED.setdefault(call.state, [])
    match call.operation.name:
        case "create_device":
            seen[body["id"]] = body
        case "delete_device" if body["id"] in seen:
            deleted.append(seen.pop(body["id"]))
        case "list_devices" if not call.query:
            body = [*body[:1], *deleted[-1:], *body[1:]]
    return honest(call, body)


_add(314, "list-deleted-devices", "answer", "The device that was deleted last is still listed.", _deleted_too)
_add(315, "delete-with-recordings", "data_of", "A device with recordings is deleted.", constant(""))


def _first_data(honest: Wrapper, call: Call) -> Json:
    """The refusal of a deletion comes too late: the device is gone."""
    device = call.steps.device_at(call)
    try:
        deleted: Json = honest(call)
    except BadRequest:
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
