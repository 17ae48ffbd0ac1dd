"""Deviations of what becomes of the bodies of new devices (page "Devices")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, constant, only, restated
from robowire_mocks.deviations.foxglove.resources import (
    is_text,
    missing_as,
    odd_as,
)
from robowire_mocks.foxglove.errors import BadRequest, Conflict

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.members import Member
    from robowire_mocks.foxglove.rows import Device
    from robowire_mocks.foxglove.state import State

Json = dict[str, Any]
Properties = Mapping[str, Any]


def _add(number: int, slug: str, step: str, summary: str, wrapper: Wrapper) -> None:
    add(f"DEVICES-{number:03}", slug, step, summary, wrapper)


# ---- what is made


def body_as(operation: str, body: Callable[[Call], Any]) -> Wrapper:
    """A wrapper of `body`: one that is no JSON object, or none, is taken for another."""

    def wrapper(honest: Wrapper, call: Call) -> Any:
        try:
            return honest(call)
        except BadRequest:
            return body(call)

    return only(operation, wrapper)


def list_as_object(operation: str, body: Callable[[Call], Any]) -> Wrapper:
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
    body_as("create_device", _nameless),
)
_add(
    121,
    "create-device-from-list",
    "body",
    "A device is created from a list.",
    list_as_object("create_device", _nameless),
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


_BARE: WeakKeyDictionary[State, set[str]] = WeakKeyDictionary()


def _furnished(honest: Wrapper, call: Call, device: Device) -> Json:
    """A device that was made without properties has some that are false, until another one is made."""
    shown: Json = honest(call, device)
    bare = _BARE.setdefault(call.state, set())
    if call.operation.name == "create_device":
        bare.clear()
        bare |= set() if "properties" in call.steps.body(call) else {device.id}
    defaults = {one.key: False for one in call.state.custom_properties if one.value_type == "boolean"}
    return {**shown, "properties": defaults} if device.id in bare and not device.properties else shown


_add(
    126,
    "create-device-with-defaults",
    "device",
    "A device that is made without properties has some that are false, until another one is made.",
    only(("create_device", "get_device"), _furnished),
)


def _without_colons(_: Properties, kept: Properties) -> Properties:
    return {key: value for key, value in kept.items() if not (isinstance(value, str) and ":" in value)}


def _to_the_comma(_: Properties, kept: Properties) -> Properties:
    return {key: value.partition(",")[0] if isinstance(value, str) else value for key, value in kept.items()}


_add(127, "create-without-colons", "properties", "A text with a colon is lost.", _created(_without_colons))
_add(127, "create-to-the-comma", "properties", "A text is cut at its first comma.", _created(_to_the_comma))
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


def taken_as_400(operation: str) -> Wrapper:
    """A wrapper of `free_name` by which a name that is taken is answered 400."""

    def wrapper(honest: Wrapper, call: Call, name: str, owner: Device | None) -> None:
        try:
            honest(call, name, owner)
        except Conflict as error:
            raise BadRequest(str(error)) from error

    return only(operation, wrapper)


UNCHECKED: Wrapper = constant(None)
"""A name is free, whoever has it."""
_add(316, "create-device-twice", "free_name", "Two devices may have one name.", only("create_device", UNCHECKED))
_add(
    316,
    "create-device-twice-400",
    "free_name",
    "A name that is taken is answered 400.",
    taken_as_400("create_device"),
)


def _there_already(honest: Wrapper, call: Call) -> Json:
    try:
        made: Json = honest(call)
    except Conflict:
        given = call.steps.body(call)
        return call.steps.device(call, call.state.devices.where("name", given["name"])[0])
    return made


_add(316, "create-device-there-already", "create_device", "A device of a taken name is answered 200.", _there_already)
