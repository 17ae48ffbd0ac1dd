"""The robot of a shared world reports what its bags hold: their messages are states of the device that it is.

Of each bag, once: a message of a topic that the world names is a state, at the time at which it was recorded; a field
that is not there, or is no number that JSON can carry, is not reported.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from robowire_generators.telemetry.histories import Piece, extended
from robowire_generators.telemetry.signals import as_column
from robowire_generators.telemetry.world import AttributeType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from robowire_fixtures.worldfile import Report, Robot
    from robowire_generators.telemetry import Device, TelemetryWorld

_MS = 1_000_000  # ns

States = list[tuple[int, dict[str, Any]]]
"""Times in ms since the Unix epoch, ascending, and what was reported at each."""


def states_of(bag: Path, robot: Robot, types: Mapping[str, AttributeType]) -> States:
    """What the robot reports of a bag; nothing of one that cannot be read."""
    from robowire_mocks.formats import BagError
    from robowire_mocks.formats.rosbag1 import Bag

    by_topic: defaultdict[str, dict[str, Report]] = defaultdict(dict)
    for attribute, report in robot.sources.items():
        by_topic[report.topic][attribute] = report
    try:
        return list(_states(Bag.open(bag), by_topic, types))
    except (BagError, OSError):
        return []


def _states(
    bag: Any, by_topic: Mapping[str, Mapping[str, Report]], types: Mapping[str, AttributeType]
) -> Iterator[tuple[int, dict[str, Any]]]:
    from robowire_mocks.formats.ros1_json import converter

    for message in bag.messages(0, math.inf):
        reports = by_topic.get(message.connection.topic)
        if reports:
            document = converter(message.connection)(message.data)
            found = {name: _value(document, report, types[name]) for name, report in reports.items()}
            told = {name: value for name, value in found.items() if value is not None}
            if told:
                yield message.time_ns // _MS, told


def _value(document: Any, report: Report, kind: AttributeType) -> Any:
    """What an attribute of this type is reported as, or None."""
    values = [_at(document, path) for path in report.fields]
    if any(value is None or (isinstance(value, float) and not math.isfinite(value)) for value in values):
        return None
    match kind:
        case AttributeType.NUMBER:
            return float(values[0]) if isinstance(values[0], int | float) else None
        case AttributeType.BOOLEAN:
            return bool(values[0])
        case _:
            return ",".join(map(str, values))


def _at(document: Any, path: Sequence[str]) -> Any:
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return None if isinstance(document, dict | list) else document


def with_states(world: TelemetryWorld, states: States) -> TelemetryWorld:
    """The world once its robot has reported more."""
    if not states or world.robot_device is None:
        return world
    application, device = world.robot_device
    devices = {**application.devices, device.id: _reporting(device, states)}
    applications = {**world.applications, application.id: replace(application, devices=MappingProxyType(devices))}
    return replace(world, applications=MappingProxyType(applications))


def _reporting(device: Device, states: States) -> Device:
    names = dict.fromkeys(name for _, data in states for name in data)
    columns = {}
    for name in names:
        rows = [row for row, (_, data) in enumerate(states) if name in data]
        values = as_column([states[row][1][name] for row in rows], device.attributes[name])
        columns[name] = np.array(rows, dtype=np.int64), values
    times = np.array([time for time, _ in states], dtype=np.int64)
    return replace(device, history=extended(device.history, Piece(times, columns)))
