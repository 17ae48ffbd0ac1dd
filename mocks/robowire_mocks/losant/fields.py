"""The fields of a device by the names that the advanced device query has for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from robowire_mocks.losant.engine.iso import iso_time

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from robowire_generators.telemetry import Application, Device

Value: TypeAlias = str | None
"""A value of a field: dates are ISO 8601 texts, whose order is that of time; None stands for a field without one."""

DATES: frozenset[str] = frozenset({"creationDate", "lastUpdated", "deletedAt", "connectedAt", "disconnectedAt"})
"""The fields that are times."""


def _date(time: int | None) -> tuple[Value, ...]:
    return (None if time is None else iso_time(time),)


_FIELDS: Mapping[str, Callable[[Application, Device], Sequence[Value]]] = {
    "id": lambda _, device: (device.id,),
    "gatewayId": lambda _, device: (device.gateway_id,),
    "parentId": lambda _, device: (device.parent_id,),
    "ancestorId": lambda application, device: application.ancestors(device.id) or (None,),
    "experienceUserId": lambda _, device: (device.experience_user_id,),
    "experienceGroupId": lambda _, device: (device.experience_group_id,),
    "creationDate": lambda _, device: _date(device.creation_date),
    "lastUpdated": lambda _, device: _date(device.last_updated),
    "deletedAt": lambda _, device: _date(device.deleted_at),
    "name": lambda _, device: (device.name,),
    "deviceClass": lambda _, device: (device.device_class,),
    "attributeName": lambda _, device: tuple(device.attributes) or (None,),
    "disconnectedAt": lambda _, device: _date(device.disconnected_at),
    "connectedAt": lambda _, device: _date(device.connected_at),
    "connectionStatus": lambda _, device: (device.connection_status,),
}


def values_of(application: Application, device: Device, name: str) -> Sequence[Value]:
    """The values of a field; one, but for attributes and ancestors."""
    return _FIELDS[name](application, device)
