"""Deviations of what updates change about devices (page "Devices")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, only
from robowire_mocks.deviations.foxglove.device_creations import UNCHECKED, body_as, list_as_object, taken_as_400
from robowire_mocks.deviations.foxglove.resources import (
    is_text,
    odd_as,
)

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.members import Member

Json = dict[str, Any]
Properties = Mapping[str, Any]


def _add(number: int, slug: str, step: str, summary: str, wrapper: Wrapper) -> None:
    add(f"DEVICES-{number:03}", slug, step, summary, wrapper)


# ---- what is changed

_add(
    131,
    "update-device-without-body",
    "body",
    "A device is updated without a body.",
    body_as("update_device", lambda _: {}),
)
_add(
    131,
    "update-device-from-list",
    "body",
    "A device is updated from a list.",
    list_as_object("update_device", lambda _: {}),
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


def _without_false(given: Properties, before: Properties, kept: Properties) -> Properties:  # noqa: ARG001  # as above
    return {key: value for key, value in kept.items() if key in given or value is not False}


_add(137, "update-replaces", "properties", "An update replaces all properties.", _updated(_replaced_unless_empty))
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
_add(317, "rename-to-taken", "free_name", "A device may take another's name.", only("update_device", UNCHECKED))
_add(317, "rename-to-taken-400", "free_name", "Another's name is answered 400.", taken_as_400("update_device"))


def _not_kept(honest: Wrapper, call: Call) -> Json:
    """What changes more than two properties is answered, and forgotten."""
    before = call.steps.device_at(call)
    updated: Json = honest(call)
    if len(updated["properties"]) > len(before.properties) + 1:
        call.state.devices.put(before)
    return updated


_add(318, "update-not-kept", "update_device", "An update of several properties is answered, and not kept.", _not_kept)
