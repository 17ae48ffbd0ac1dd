"""What the Losant mock holds: a world, what the robot of a shared one has reported, and the exports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from robowire_generators.telemetry import TelemetryWorld

from robowire_mocks.losant.jobs import Jobs
from robowire_mocks.losant.robot_reports import States


@dataclass(frozen=True, slots=True)
class State:
    """The world with all that was reported, the exports, and what the robot reported of each of its bags."""

    world: TelemetryWorld
    jobs: Jobs
    reported: Mapping[str, States] = field(default_factory=dict)
