"""Deviations of devices: what is answered, made, changed and deleted, and who is reached (page "Devices")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, constant, member, only, restated
from robowire_mocks.deviations.foxglove.resources import (
    answered,
    any_of,
    is_text,
    listed_in_object,
    missing_as,
    missing_members,
    odd_as,
    other_status,
    wrong_members,
)
from robowire_mocks.foxglove.errors import BadRequest, Conflict, NotFound

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.members import Member
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

# ---- what is made


def _body_as(operation: str, body: Callable[[Call], Any]) -> Wrapper:
    """A wrapper of `body`: one that is no JSON object, or none, is taken for another."""

    def wrapper(honest: Wrapper, call: Call) -> Any:
        try:
            return honest(call)
        except BadRequest:
            return body(call)

    return only(operation, wrapper)


def _list_as_object(operation: str, body: Callable[[Call], Any]) -> Wrapper:
    """A wrapper of `body`: an empty list is taken for another one."""

    def wrapper(honest: Wrapper, call: Call) -> Any:
        return body(call) if call.raw == b"[]" else honest(call)

    return only(operation, wrapper)


def _nameless(call: Call) -> Json:
    return {"name": f"device-{len(call.state.devices)}-{call.now}"}


_add(
    121,
    "create-device-without-body",
    "body",
    "A device is created without a body.",
    _body_as("create_device", _nameless),
)
_add(
    121,
    "create-device-from-list",
    "body",
    "A device is created from a list.",
    _list_as_object("create_device", _nameless),
)
_add(
    122,
    "create-device-without-name",
    "member",
    "A device without a name gets one.",
    missing_as("create_device", "name", lambda given: f"device-{len(given)}-{id(given)}"),
)


def _name_from_properties(honest: Wrapper, call: Call, member: Member, given: Properties) -> Any:
    if (
        call.operation.name == "create_device"
        and member.name == "name"
        and "properties" in given
        and "name" not in given
    ):
        return f"device-{call.now}"
    return honest(call, member, given)


_add(122, "create-device-of-properties", "member", "A device with properties needs no name.", _name_from_properties)
_add(
    123,
    "create-device-any-name",
    "member",
    "A name that is no string is made one.",
    odd_as("create_device", "name", is_text, lambda value: f"device-{id(value)}"),
)
_add(
    123,
    "create-device-number-name",
    "member",
    "A name that is a number is made a string.",
    odd_as("create_device", "name", lambda value: type(value) is not int, str),
)
_add(
    124, "name-any-length", "member", "A device's name may be longer.", restated("create_device", "name", longest=None)
)
_add(
    124,
    "name-of-101",
    "member",
    "A device's name may have 101 characters.",
    restated("create_device", "name", longest=101),
)
_add(
    124,
    "name-of-99",
    "member",
    "A device's name may have 99 characters.",
    restated("create_device", "name", longest=99),
)
for _slug, _summary, _pattern in (
    ("name-any-character", "A device's name may have any characters.", "^(?s:.)+$"),
    ("name-empty", "A device's name may be empty.", "^[A-Za-z0-9_.-]*$"),
    ("name-with-space", "A device's name may have spaces.", "^[A-Za-z0-9_. -]+$"),
    ("name-with-slash", "A device's name may have slashes.", "^[A-Za-z0-9_./-]+$"),
    ("name-any-letters", "A device's name may have letters that are not ASCII.", r"^[\w.-]+$"),
    ("name-with-line-break", "A device's name may end in a line break.", r"^[A-Za-z0-9_.-]+\n?$"),
    ("name-not-to-its-end", "A device's name is checked at its beginning only.", "^[A-Za-z0-9_.-]+"),
    ("name-not-from-its-start", "A device's name is checked at its end only.", "[A-Za-z0-9_.-]+$"),
    ("name-without-dots", "A device's name may have no dots.", "^[A-Za-z0-9_-]+$"),
    ("name-in-lower-case", "A device's name with A, z, _ and . is refused.", "^(?!.*Az09)[A-Za-z0-9_.-]+$"),
):
    _add(125, _slug, "member", _summary, restated("create_device", "name", pattern=_pattern))


def _created(change: Callable[[Properties, Properties], Properties]) -> Wrapper:
    """A wrapper of `properties`, on creation: from those that the body gives, and as they should be."""

    def wrapper(honest: Wrapper, call: Call, given: Properties, before: Properties) -> Properties:
        return change(given, honest(call, given, before))

    return only("create_device", wrapper)


def _refusing_unknown(honest: Wrapper, call: Call, given: Properties, before: Properties) -> Properties:
    for key in given:
        if not call.state.custom_properties.where("key", key):
            raise BadRequest(f"properties: there is no custom property {key!r}")
    kept: Properties = honest(call, given, before)
    return kept


def _keeping_unknown(honest: Wrapper, call: Call, given: Properties, before: Properties) -> Properties:
    known = call.state.custom_properties
    return {**{key: one for key, one in given.items() if not known.where("key", key)}, **honest(call, given, before)}


def _all_or_none(honest: Wrapper, call: Call, given: Properties, before: Properties) -> Properties:
    known = all(call.state.custom_properties.where("key", key) for key in given)
    kept: Properties = honest(call, given if known else {}, before)
    return kept


def _furnished(honest: Wrapper, call: Call, member: Member, given: Properties) -> Any:
    """A device without properties gets a false one of the first boolean property."""
    value = honest(call, member, given)
    if (call.operation.name, member.name) != ("create_device", "properties") or value is not None:
        return value
    return {one.key: False for one in call.state.custom_properties if one.value_type == "boolean"}


_add(126, "create-device-with-defaults", "member", "A device without properties gets some that are false.", _furnished)
_add(
    127,
    "create-without-last-property",
    "properties",
    "Of several properties the last is lost.",
    _created(lambda _, kept: dict(list(kept.items())[: max(1, len(kept) - 1)]) if len(kept) == 4 else kept),
)
_add(
    127,
    "create-without-false",
    "properties",
    "A property that is false is lost.",
    _created(lambda _, kept: {key: value for key, value in kept.items() if value is not False or len(kept) < 4}),
)
_add(
    128,
    "create-odd-properties",
    "member",
    "Properties that are no object are ignored.",
    odd_as("create_device", "properties", lambda value: isinstance(value, dict), lambda _: {}),
)
_add(
    128,
    "create-list-of-properties",
    "member",
    "Properties that are an empty list are ignored.",
    odd_as("create_device", "properties", lambda value: value != [], lambda _: {}),
)
for _number, _operation, _verb in ((129, "create_device", "create"), (136, "update_device", "update")):
    _add(
        _number,
        f"{_verb}-refuses-unknown-keys",
        "properties",
        f"Unknown properties are refused, in {_verb}.",
        only(_operation, _refusing_unknown),
    )
    _add(
        _number,
        f"{_verb}-keeps-unknown-keys",
        "properties",
        f"Unknown properties are kept, in {_verb}.",
        only(_operation, _keeping_unknown),
    )
    _add(
        _number,
        f"{_verb}-all-or-none",
        "properties",
        f"With an unknown property, known ones are ignored too, in {_verb}.",
        only(_operation, _all_or_none),
    )


def _taken_409_as_400(operation: str) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, name: str, owner: Device | None) -> None:
        try:
            honest(call, name, owner)
        except Conflict as error:
            raise BadRequest(str(error)) from error

    return only(operation, wrapper)


_unchecked = constant(None)
_add(316, "create-device-twice", "free_name", "Two devices may have one name.", only("create_device", _unchecked))
_add(
    316,
    "create-device-twice-400",
    "free_name",
    "A name that is taken is answered 400.",
    _taken_409_as_400("create_device"),
)


def _there_already(honest: Wrapper, call: Call) -> Json:
    try:
        made: Json = honest(call)
    except Conflict:
        given = call.steps.body(call)
        return call.steps.device(call, call.state.devices.where("name", given["name"])[0])
    return made


_add(316, "create-device-there-already", "create_device", "A device of a taken name is answered 200.", _there_already)

# ---- what is changed

_add(
    131,
    "update-device-without-body",
    "body",
    "A device is updated without a body.",
    _body_as("update_device", lambda _: {}),
)
_add(
    131,
    "update-device-from-list",
    "body",
    "A device is updated from a list.",
    _list_as_object("update_device", lambda _: {}),
)


def _name_stays(honest: Wrapper, call: Call) -> Json:
    before = call.steps.device_at(call)
    updated: Json = honest(call)
    device = call.state.devices.get(before.id)
    assert device is not None
    call.state.devices.put(replace(device, name=before.name))
    return {**updated, "name": before.name}


_add(132, "update-ignores-name", "update_device", "A new name is ignored.", _name_stays)
_add(
    133,
    "update-any-name",
    "member",
    "A new name that is no string is made one.",
    odd_as("update_device", "name", is_text, lambda value: f"device-{id(value)}"),
)
_add(
    133,
    "update-number-name",
    "member",
    "A new name that is a number is made a string.",
    odd_as("update_device", "name", lambda value: type(value) is not int, str),
)


def _renamed(honest: Wrapper, call: Call, member: Member, given: Properties) -> Any:
    unnamed = call.operation.name == "update_device" and member.name == "name" and "name" not in given
    if unnamed and given.get("properties"):
        return f"unnamed-{call.steps.device_at(call).id}"
    return honest(call, member, given)


_add(134, "update-loses-name", "member", "An update of properties alone makes a device nameless.", _renamed)


def _updated(change: Callable[[Properties, Properties, Properties], Properties]) -> Wrapper:
    """A wrapper of `properties`, on update: from those given, those before, and as they should be."""

    def wrapper(honest: Wrapper, call: Call, given: Properties, before: Properties) -> Properties:
        return change(given, before, honest(call, given, before))

    return only("update_device", wrapper)


def _new_ones_only(given: Properties, before: Properties, kept: Properties) -> Properties:
    """Values that replace others are ignored."""
    return {key: before[key] if key in before and given.get(key) is not None else value for key, value in kept.items()}


def _none_false(given: Properties, before: Properties, kept: Properties) -> Properties:
    return {key: before.get(key, True) if given.get(key) is False else value for key, value in kept.items()}


_add(135, "update-adds-only", "properties", "An update adds properties and changes none.", _updated(_new_ones_only))
_add(135, "update-not-to-false", "properties", "An update does not set false.", _updated(_none_false))


def _replaced(given: Properties, before: Properties, kept: Properties) -> Properties:  # noqa: ARG001  # as the others
    return {key: value for key, value in kept.items() if key in given}


def _replaced_unless_empty(given: Properties, before: Properties, kept: Properties) -> Properties:
    return _replaced(given, before, kept) if given and None not in given.values() else kept


def _emptied(honest: Wrapper, call: Call, given: Properties, before: Properties) -> Properties:
    """An update without properties loses them all."""
    kept: Properties = honest(call, given, before)
    return kept if "properties" in call.steps.body(call) else {}


def _without_false(given: Properties, before: Properties, kept: Properties) -> Properties:  # noqa: ARG001  # as above
    return {key: value for key, value in kept.items() if key in given or value is not False}


_add(137, "update-replaces", "properties", "An update replaces all properties.", _updated(_replaced_unless_empty))
_add(
    137, "update-empties", "properties", "An update without properties loses them all.", only("update_device", _emptied)
)
_add(137, "update-loses-false", "properties", "An update loses properties that are false.", _updated(_without_false))


def _null_ignored(given: Properties, before: Properties, kept: Properties) -> Properties:
    return {**{key: before[key] for key in given if given[key] is None and key in before}, **kept}


def _null_of_booleans_ignored(given: Properties, before: Properties, kept: Properties) -> Properties:
    still = {key: before[key] for key in given if given[key] is None and isinstance(before.get(key), bool)}
    return {**still, **kept}


def _null_as_empty(given: Properties, before: Properties, kept: Properties) -> Properties:
    empty = {key: "" for key in given if given[key] is None and isinstance(before.get(key), str)}
    return {**kept, **empty}


def _null_unsets_all(given: Properties, before: Properties, kept: Properties) -> Properties:  # noqa: ARG001  # as above
    many = sum(value is None for value in given.values()) > 2
    return {} if many else kept


_add(138, "null-ignored", "properties", "null unsets nothing.", _updated(_null_ignored))
_add(138, "null-of-booleans-ignored", "properties", "null unsets no boolean.", _updated(_null_of_booleans_ignored))
_add(138, "null-as-empty", "properties", "null makes a text empty.", _updated(_null_as_empty))
_add(138, "null-unsets-all", "properties", "Three nulls unset everything.", _updated(_null_unsets_all))
_add(
    139,
    "update-odd-properties",
    "member",
    "New properties that are no object are ignored.",
    odd_as("update_device", "properties", lambda value: isinstance(value, dict), lambda _: {}),
)
_add(
    139,
    "update-odd-properties-unset",
    "member",
    "New properties that are an empty list unset nothing.",
    odd_as("update_device", "properties", lambda value: value != [], lambda _: {}),
)
_add(317, "rename-to-taken", "free_name", "A device may take another's name.", only("update_device", _unchecked))
_add(317, "rename-to-taken-400", "free_name", "Another's name is answered 400.", _taken_409_as_400("update_device"))


def _not_kept(honest: Wrapper, call: Call) -> Json:
    """What changes more than two properties is answered, and forgotten."""
    before = call.steps.device_at(call)
    updated: Json = honest(call)
    if len(updated["properties"]) > len(before.properties) + 1:
        call.state.devices.put(before)
    return updated


_add(318, "update-not-kept", "update_device", "An update of several properties is answered, and not kept.", _not_kept)

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
