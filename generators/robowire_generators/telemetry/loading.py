"""From what a world's file says to the world."""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zlib import crc32

import numpy as np
from robowire_fixtures.worldfile import WorldError, world_of

from robowire_generators.telemetry.histories import Piece, generate, merge
from robowire_generators.telemetry.signals import as_column
from robowire_generators.telemetry.spec import ApplicationSpec, DeviceSpec, StateSpec, Time, WorldSpec
from robowire_generators.telemetry.world import Application, Device, History, TelemetryWorld, Token

_MINUTE_MS = 60_000
_CREATED_MS = -30 * 86_400_000
"""When a device was created, unless its file says otherwise: thirty days before the anchor."""


def load(source: str | Path | Mapping[str, Any], now_ms: int | None) -> TelemetryWorld:
    """See `robowire_generators.telemetry.load_world`."""
    return make(world_of(WorldSpec, source), now_ms)


def make(spec: WorldSpec, now_ms: int | None = None) -> TelemetryWorld:
    """The world that `spec` describes.

    Raises:
        WorldError: It contradicts itself; one sentence says where.
    """
    start = spec.clock.start
    anchor = _anchor(spec, now_ms)
    applications = {application.id: _application(application, spec.seed, anchor) for application in spec.application}
    _check_ids(applications)
    for token in spec.token:
        for unknown in set(token.applications or ()) - set(applications):
            raise WorldError(f"the token {token.token!r} is for the application {unknown}, which is not there")
    world = TelemetryWorld(
        MappingProxyType(applications),
        MappingProxyType({entry.token: Token(entry.token, entry.scopes, entry.applications) for entry in spec.token}),
        anchor,
        None if start is None else start.timestamp(),
        spec.clock.frozen,
        spec.exports.callback_hosts,
        spec.exports.link_s,
        spec.robot,
    )
    _check_robot(world)
    return world


def _anchor(spec: WorldSpec, now_ms: int | None) -> int:
    said = spec.anchor or spec.clock.start
    if said is not None:
        return round(said.timestamp() * 1000)
    now = round(time.time() * 1000) if now_ms is None else now_ms
    return now // _MINUTE_MS * _MINUTE_MS


def _application(spec: ApplicationSpec, seed: int, anchor: int) -> Application:
    devices: dict[str, Device] = {}
    for entry in spec.device:
        for number in range(entry.count):
            device = _device(entry, number, seed, anchor)
            if device.id in devices:
                raise WorldError(f"the application {spec.id} has two devices {device.id}")
            devices[device.id] = device
    return Application(spec.id, spec.name, MappingProxyType(devices))


def _device(spec: DeviceSpec, number: int, seed: int, anchor: int) -> Device:
    device_id = f"{int(spec.id, 16) + number:024x}"
    own = {key: (values[number % len(values)],) for key, values in spec.spread.items() if values}
    try:
        history = _history(spec, anchor, (seed, crc32(device_id.encode())))
    except ValueError as error:
        raise WorldError(f"the device {device_id}: {error}") from error
    created = _absolute(_CREATED_MS if spec.creation_date is None else spec.creation_date, anchor)
    return Device(
        id=device_id,
        name=spec.name.replace("{n}", str(number + 1)) if spec.count > 1 else spec.name,
        history=history,
        tags=MappingProxyType({**spec.tags, **own}),
        attributes=spec.attributes,
        device_class=spec.device_class,
        parent_id=spec.parent_id,
        gateway_id=spec.gateway_id,
        experience_user_id=spec.experience_user_id,
        experience_group_id=spec.experience_group_id,
        creation_date=created,
        last_updated=created if spec.last_updated is None else _absolute(spec.last_updated, anchor),
        deleted_at=_absolute_or_none(spec.deleted_at, anchor),
        connected_at=_absolute_or_none(spec.connected_at, anchor),
        disconnected_at=_absolute_or_none(spec.disconnected_at, anchor),
        connection_status=spec.connection_status,
    )


def _history(spec: DeviceSpec, anchor: int, seed: tuple[int, ...]) -> History:
    pieces = []
    for number, recipe in enumerate(spec.history):
        start = _absolute_or_none(recipe.start, anchor)
        end = None if start is not None else _absolute(recipe.end or 0, anchor)
        pieces.append(generate(recipe, spec, end, start or 0, (*seed, number)))
    return merge([*pieces, *_written(spec, anchor)])


def _written(spec: DeviceSpec, anchor: int) -> Iterator[Piece]:
    """The states that are written out, if there are any."""
    if spec.state or not spec.history:
        times = np.array([_absolute(state.time, anchor) for state in spec.state], dtype=np.int64)
        names = dict.fromkeys(name for state in spec.state for name in state.data)
        for name in names:
            if name not in spec.attributes:
                raise ValueError(f"a state reports {name!r}, which is no attribute of the device")
        yield Piece(times, {name: _reported(name, spec.state, spec) for name in names})


def _reported(name: str, states: tuple[StateSpec, ...], spec: DeviceSpec) -> tuple[Any, Any]:
    rows = [row for row, state in enumerate(states) if name in state.data]
    column = as_column([states[row].data[name] for row in rows], spec.attributes[name])
    return np.array(rows, dtype=np.int64), column


def _absolute(moment: Time, anchor: int) -> int:
    if isinstance(moment, datetime):
        return round(moment.timestamp() * 1000)
    return moment if moment > 0 else anchor + moment


def _absolute_or_none(moment: Time | None, anchor: int) -> int | None:
    return None if moment is None else _absolute(moment, anchor)


def _check_robot(world: TelemetryWorld) -> None:
    """The robot is a device, which has the attributes that it reports."""
    if world.robot is None:
        return
    if world.robot_device is None:
        raise WorldError(f"the robot: no device is called {world.robot.name!r}")
    _, device = world.robot_device
    for name in world.robot.reports:
        if name not in device.attributes:
            raise WorldError(f"the robot reports {name!r}, which is no attribute of the device {device.name!r}")


def _check_ids(applications: Mapping[str, Application]) -> None:
    """A device is in one application only, and parents are devices of the same application, without circles."""
    seen: dict[str, str] = {}
    for application in applications.values():
        for device in application.devices.values():
            if device.id in seen:
                raise WorldError(
                    f"the device {device.id} is in the applications {seen[device.id]} and {application.id}"
                )
            seen[device.id] = application.id
            if device.parent_id is not None and device.parent_id not in application.devices:
                raise WorldError(f"the device {device.id} has the parent {device.parent_id}, which is not there")
            if device.id in application.ancestors(device.id):
                raise WorldError(f"the device {device.id} is its own ancestor")
