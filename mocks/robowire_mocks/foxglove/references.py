"""How requests refer to a device: by id, by name, by deprecated aliases, and in a path by either.

The precedence is stated at `deviceId`, `deviceName`, `device.id` and `device.name`, and at `nameOrId`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.foxglove.errors import BadRequest, NotFound
from robowire_mocks.foxglove.members import Member

if TYPE_CHECKING:
    from collections.abc import Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Device

MEMBERS: tuple[Member, ...] = tuple(map(Member, ("deviceId", "deviceName", "device.id", "device.name")))
"""The members, or parameters, by which a device is referred to."""


def device_at(call: Call) -> Device:
    """The device that the path names, by name or by id; where both fit, that with the name.

    Raises:
        NotFound: There is none.
    """
    # FOXGLOVE-DEVICES-301, FOXGLOVE-DEVICES-302, FOXGLOVE-DEVICES-303, FOXGLOVE-DEVICES-304
    # FOXGLOVE-DEVICES-305, FOXGLOVE-DEVICES-306, FOXGLOVE-DEVICES-307, FOXGLOVE-DEVICES-308
    # FOXGLOVE-DEVICES-309, FOXGLOVE-DEVICES-310, FOXGLOVE-DEVICES-311, FOXGLOVE-DEVICES-312
    text = call.path["nameOrId"]
    named = call.state.devices.where("name", text)
    device = named[0] if named else call.state.devices.get(text)
    if device is None:
        # FOXGLOVE-DEVICES-006, FOXGLOVE-DEVICES-007, FOXGLOVE-DEVICES-008
        raise NotFound(f"there is no device {text[:120]!r}")
    return device


def said(given: Mapping[str, Any]) -> bool:
    """Whether a request says anything of a device."""
    return any(member.name in given for member in MEMBERS)


def device_id(call: Call, given: Mapping[str, Any]) -> str | None:  # noqa: ARG001  # a step gets the call
    """The id that is given; the alias counts only without the proper member."""
    wanted: str | None = given.get("deviceId", given.get("device.id"))
    return wanted


def device_name(call: Call, given: Mapping[str, Any]) -> str | None:  # noqa: ARG001  # as above
    """The name that is given; the alias counts only without the proper member."""
    wanted: str | None = given.get("deviceName", given.get("device.name"))
    return wanted


def reference(call: Call, given: Mapping[str, Any]) -> Device | None:
    """The device that a request refers to, or None: there is none, or id and name are those of two."""
    wanted, name = call.steps.device_id(call, given), call.steps.device_name(call, given)
    if wanted is not None:
        device = call.state.devices.get(wanted)
        return device if device is not None and name in {None, device.name} else None
    named = call.state.devices.where("name", name)
    return named[0] if named else None


def needed(call: Call, given: Mapping[str, Any]) -> Device:
    """The device that a body refers to.

    Raises:
        BadRequest: It says none, or id and name of two.
        NotFound: There is no such device.
    """
    if not said(given):
        raise BadRequest("one of deviceId and deviceName is required")
    device = call.steps.reference(call, given)
    if device is None:
        wanted = call.steps.device_id(call, given)
        if wanted is not None and wanted in call.state.devices:
            raise BadRequest("deviceId and deviceName are those of two devices")
        raise NotFound("there is no such device")
    return device
