"""Devices: the robots of the organisation (page "Devices")."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from robowire_fixtures.foxglove import DEVICE_NAME_PATTERN, MAX_DEVICE_NAME, PROPERTY_PREFIX

from robowire_mocks.foxglove import paging, property_values
from robowire_mocks.foxglove.errors import BadRequest, Conflict
from robowire_mocks.foxglove.members import Kind, Member
from robowire_mocks.foxglove.rows import Device

if TYPE_CHECKING:
    from collections.abc import Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import CustomProperty, Value
    from robowire_mocks.foxglove.store import SortKey, Store

# FOXGLOVE-DEVICES-123, FOXGLOVE-DEVICES-124, FOXGLOVE-DEVICES-125, FOXGLOVE-DEVICES-133
NAME = Member("name", longest=MAX_DEVICE_NAME, pattern=DEVICE_NAME_PATTERN)
# FOXGLOVE-DEVICES-126, FOXGLOVE-DEVICES-128, FOXGLOVE-DEVICES-139
PROPERTIES = Member("properties", Kind.OBJECT)
QUERY = Member("query")


def list_devices(call: Call) -> list[dict[str, Any]]:
    """A page of the devices that the query selects."""
    keys = call.steps.device_keys(call)
    page = call.steps.page(call, keys)
    query = call.steps.parameters(call, (QUERY,)).get("query")
    matches = None if query is None else call.steps.device_query(call, query)
    rows = paging.listed(call, call.state.devices, page, keys, matches)
    # FOXGLOVE-DEVICES-001, FOXGLOVE-DEVICES-313, FOXGLOVE-DEVICES-314
    return [call.steps.device(call, device) for device in rows]


def get_device(call: Call) -> dict[str, Any]:
    """One of them, by name or id."""
    return call.steps.device(call, call.steps.device_at(call))  # FOXGLOVE-DEVICES-003, FOXGLOVE-DEVICES-318


def create_device(call: Call) -> dict[str, Any]:
    """A new one, whose name no device has yet."""
    # FOXGLOVE-DEVICES-122
    given = call.steps.read(call, call.steps.body(call), (replace(NAME, required=True), PROPERTIES))
    call.steps.free_name(call, given["name"], None)
    properties = call.steps.properties(call, given.get("properties", {}), {})
    device = Device(call.state.fresh_id("dev"), given["name"], call.now, call.now, properties)
    call.state.devices.put(device)
    # FOXGLOVE-WEBHOOKS-013, FOXGLOVE-WEBHOOKS-233, FOXGLOVE-WEBHOOKS-301
    call.steps.occurred(call, "device.created", {"device": {"id": device.id}})
    return call.steps.device(call, device)  # FOXGLOVE-DEVICES-002


def update_device(call: Call) -> dict[str, Any]:
    """Another name, and changed properties; what the body does not name stays."""
    before = call.steps.device_at(call)
    given = call.steps.read(call, call.steps.body(call), (NAME, PROPERTIES))
    name = given.get("name", before.name)  # FOXGLOVE-DEVICES-132, FOXGLOVE-DEVICES-134
    call.steps.free_name(call, name, before)
    properties = call.steps.properties(call, given.get("properties", {}), before.properties)
    after = replace(before, name=name, properties=properties, updated_at=max(call.now, before.updated_at))
    call.state.devices.put(after)
    return call.steps.device(call, after)  # FOXGLOVE-DEVICES-005


def delete_device(call: Call) -> dict[str, Any]:
    """Gone, and its tokens with it; but not while there is data of it.

    Raises:
        BadRequest: It has recordings or events.
    """
    device = call.steps.device_at(call)
    data = call.steps.data_of(call, device)
    if data:
        # FOXGLOVE-DEVICES-315
        raise BadRequest(f"the device has {data}: delete its data first")
    for token in call.state.device_tokens.where("device_id", device.id):
        call.state.device_tokens.remove(token.id)
    call.state.devices.remove(device.id)
    return {"id": device.id}  # FOXGLOVE-DEVICES-004, FOXGLOVE-DEVICES-211


def device_keys(call: Call) -> Mapping[str, SortKey]:
    """What devices may be sorted by: id, name, and each custom property."""
    # FOXGLOVE-DEVICES-101, FOXGLOVE-DEVICES-102
    keys: dict[str, SortKey] = {"id": lambda device: device.id, "name": lambda device: device.name}
    for known in call.state.custom_properties:
        # FOXGLOVE-DEVICES-103, FOXGLOVE-DEVICES-104, FOXGLOVE-DEVICES-105, FOXGLOVE-DEVICES-106
        keys[PROPERTY_PREFIX + known.key] = partial(_property, known.key)
    return keys


def free_name(call: Call, name: str, owner: Device | None) -> None:
    """Nothing, if no device has this name but `owner`.

    Raises:
        Conflict: One has.
    """
    if any(owner is None or device.id != owner.id for device in call.state.devices.where("name", name)):
        # FOXGLOVE-DEVICES-316, FOXGLOVE-DEVICES-317
        raise Conflict(f"there is a device {name!r} already")


def properties(call: Call, given: Mapping[str, Any], before: Mapping[str, Value]) -> dict[str, Value]:
    """A device's properties after those that a body gives: null unsets one, keys of no custom property are ignored.

    Raises:
        BadRequest: A value is not of its property's type.
    """
    after = dict(before)  # FOXGLOVE-DEVICES-137
    for key, value in given.items():
        known = call.state.custom_properties.where("key", key)  # FOXGLOVE-DEVICES-129, FOXGLOVE-DEVICES-136
        if known and value is None:
            after.pop(key, None)  # FOXGLOVE-DEVICES-138
        elif known:
            # FOXGLOVE-DEVICES-127, FOXGLOVE-DEVICES-135, FOXGLOVE-PROPERTIES-305, FOXGLOVE-PROPERTIES-311
            after[key] = call.steps.typed(call, known[0], value)
    return after


def typed(call: Call, known: CustomProperty, value: Any) -> Value:  # noqa: ARG001  # a step gets the call; any JSON value
    """The value of a custom property.

    Raises:
        BadRequest: It is not of the property's type.
    """
    return property_values.typed(known, value)


def data_of(call: Call, device: Device) -> str:
    """What there is that keeps a device from being deleted, in words; nothing, if it may be."""
    state = call.state
    held: dict[str, Store[Any]] = {"recordings": state.recordings, "events": state.events}
    return " and ".join(name for name, store in held.items() if store.where("device_id", device.id))


def device(call: Call, device: Device) -> dict[str, Any]:
    """A device as answers have it."""
    return {
        "id": device.id,  # FOXGLOVE-DEVICES-201
        "name": device.name,  # FOXGLOVE-DEVICES-202
        "orgId": call.state.org_id,  # FOXGLOVE-DEVICES-203
        "createdAt": call.steps.zulu(call, device.created_at),  # FOXGLOVE-DEVICES-204
        "updatedAt": call.steps.zulu(call, device.updated_at),  # FOXGLOVE-DEVICES-205
        "properties": dict(device.properties),  # FOXGLOVE-DEVICES-206
    }


def _property(key: str, device: Device) -> Value | None:
    return device.properties.get(key)
