"""Which devices a query is about: those listed, those that carry a tag, those that match the device query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from robowire_generators.telemetry import Device

    from robowire_mocks.losant.call import Call

SELECTORS: tuple[str, ...] = ("deviceIds", "deviceTags", "deviceQuery")


def select(call: Call) -> list[Device]:
    """The devices that any of the selectors selects, in the order of the world; all of them without a selector."""
    devices = list(call.found.devices.values())  # LOSANT-SELECT-110, LOSANT-SELECT-210, LOSANT-SELECT-310
    if not any(name in call.asked for name in SELECTORS):
        return devices  # LOSANT-SELECT-401
    chosen: set[str] = set()  # a union: LOSANT-SELECT-108, LOSANT-SELECT-208, LOSANT-SELECT-308
    if "deviceIds" in call.asked:
        chosen |= call.steps.by_ids(call, devices, call.asked["deviceIds"])
    if "deviceTags" in call.asked:
        chosen |= call.steps.by_tags(call, devices, call.asked["deviceTags"])
    if "deviceQuery" in call.asked:
        chosen |= call.steps.by_query(call, devices, call.asked["deviceQuery"])
    # LOSANT-SELECT-109, LOSANT-SELECT-209, LOSANT-SELECT-309, LOSANT-SELECT-402: sets know no order
    return [device for device in devices if device.id in chosen]


def by_ids(call: Call, devices: Sequence[Device], ids: Sequence[str]) -> set[str]:  # noqa: ARG001  # a step gets the call
    """The ids of the devices that are listed; the digits of an id are read in either case."""
    listed = {device_id.lower() for device_id in ids}
    # LOSANT-SELECT-101, LOSANT-SELECT-201, LOSANT-SELECT-301
    return {device.id for device in devices if device.id.lower() in listed}


def by_tags(call: Call, devices: Sequence[Device], entries: Sequence[Mapping[str, str]]) -> set[str]:
    """The ids of the devices that carry any of the tags."""
    # LOSANT-SELECT-106, LOSANT-SELECT-206, LOSANT-SELECT-306
    return {device.id for device in devices if any(call.steps.carries(call, device, entry) for entry in entries)}


def carries(call: Call, device: Device, entry: Mapping[str, str]) -> bool:  # noqa: ARG001  # a step gets the call
    """Whether a device carries a tag: its value under its key, any value under its key, its value under any key."""
    if "key" not in entry:
        # LOSANT-SELECT-104, LOSANT-SELECT-204, LOSANT-SELECT-304
        return any("value" not in entry or entry["value"] in values for values in device.tags.values())
    values = device.tags.get(entry["key"], ())
    if "value" not in entry:
        return bool(values)  # LOSANT-SELECT-103, LOSANT-SELECT-203, LOSANT-SELECT-303
    # LOSANT-SELECT-102, LOSANT-SELECT-105, LOSANT-SELECT-202, LOSANT-SELECT-205, LOSANT-SELECT-302, LOSANT-SELECT-305
    return entry["value"] in values


def by_query(call: Call, devices: Sequence[Device], query: Mapping[str, Any]) -> set[str]:
    """The ids of the devices that match the advanced device query."""
    matches = call.steps.compile(call, query)
    # LOSANT-SELECT-107, LOSANT-SELECT-207, LOSANT-SELECT-307
    return {device.id for device in devices if matches(device)}
