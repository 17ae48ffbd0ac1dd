"""A world of devices that report states: what a telemetry server holds, in numpy columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from robowire_fixtures.worldfile import Robot

Values = NDArray[Any]
"""float64 (number), bool (boolean) or object array of str (string, gps, blob)."""


LINK_S: int = 7 * 24 * 3600
"""How long the link to an exported file is valid unless a world says otherwise, in seconds; the document is silent."""


class AttributeType(StrEnum):
    """What an attribute's values are."""

    NUMBER = "number"
    STRING = "string"
    BOOLEAN = "boolean"
    GPS = "gps"
    BLOB = "blob"

    @property
    def numeric(self) -> bool:
        """Whether values can be summed: numbers, and booleans as 0 and 1."""
        return self in {AttributeType.NUMBER, AttributeType.BOOLEAN}


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """The values of one attribute of one device.

    Attributes:
        times: Milliseconds since the epoch, ascending, int64[n]. Equal times are in the order of their arrival.
            For an attribute that is in every state of the device this is `History.times` itself, not a copy.
        values: What was reported, [n]: float64 and finite, bool, or str in an object array (gps: "lat,lon").
        states: The index in `History.times` of the state that each value was reported in, ascending, int32[n].
    """

    times: NDArray[np.int64]
    values: Values
    states: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.times)


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """All states that one device has reported.

    A state is what was reported at once: a time and a value for some of the attributes.

    Attributes:
        times: The states' times in milliseconds since the epoch, ascending, int64[m]; equal times in order of arrival.
        columns: Attribute name to values; only attributes that were ever reported.
        arrival: The rank at which each state arrived, int32[m]; None when states arrived in order of time.
    """

    times: NDArray[np.int64]
    columns: Mapping[str, Column]
    arrival: NDArray[np.int32] | None = None

    def __len__(self) -> int:
        return len(self.times)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Device:
    """One device; the names are those of the advanced device query, in Python's manner. All times are epoch ms."""

    id: str
    name: str
    history: History
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attributes: Mapping[str, AttributeType] = field(default_factory=dict)
    device_class: str = "standalone"
    parent_id: str | None = None
    gateway_id: str | None = None
    experience_user_id: str | None = None
    experience_group_id: str | None = None
    creation_date: int = 0
    last_updated: int = 0
    deleted_at: int | None = None
    connected_at: int | None = None
    disconnected_at: int | None = None
    connection_status: str = "disconnected"


@dataclass(frozen=True, slots=True, eq=False)
class Application:
    """One application and its devices, by id, in the order of the world's file."""

    id: str
    name: str
    devices: Mapping[str, Device]

    def ancestors(self, device_id: str) -> tuple[str, ...]:
        """The ids of a device's parent, its parent's parent and so on; empty without a parent."""
        found: dict[str, None] = {}
        parent = self.devices[device_id].parent_id
        while parent is not None and parent not in found:
            found[parent] = None
            parent = self.devices[parent].parent_id if parent in self.devices else None
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Token:
    """An API access token: what it may do, and for which applications (None: for all)."""

    token: str
    scopes: tuple[str, ...] = ()
    applications: tuple[str, ...] | None = None

    def allows(self, application_id: str) -> bool:
        """Whether the token is for this application."""
        return self.applications is None or application_id in self.applications


@dataclass(frozen=True, slots=True, eq=False)
class TelemetryWorld:
    """Applications by id, tokens by their text, and the clock that a mock of this world starts with.

    Attributes:
        anchor_ms: The time that 0 and negative times of the world's file are relative to, epoch ms.
        clock_start: Where the mock's clock starts, in seconds since the epoch; None for the present.
        clock_frozen: Whether it stands still.
        callback_hosts: The hosts, besides the machine that a mock runs on, that the callback of an export may go to.
        link_s: How long the link to an exported file is valid, in seconds.
        robot: The robot of a world that several APIs share.
    """

    applications: Mapping[str, Application]
    tokens: Mapping[str, Token]
    anchor_ms: int
    clock_start: float | None = None
    clock_frozen: bool = False
    callback_hosts: tuple[str, ...] = ()
    link_s: int = LINK_S
    robot: Robot | None = None

    @property
    def robot_device(self) -> tuple[Application, Device] | None:
        """The device that is the robot, and its application; None without a robot."""
        found = [
            (application, device)
            for application in self.applications.values()
            for device in application.devices.values()
            if self.robot is not None and device.name == self.robot.name
        ]
        return found[0] if found else None

    @property
    def points(self) -> int:
        """The number of values in all histories."""
        devices = (device for application in self.applications.values() for device in application.devices.values())
        return sum(len(column) for device in devices for column in device.history.columns.values())
