"""What the Losant mock holds: a world, which does not change, and the exports, which do."""

from __future__ import annotations

from dataclasses import dataclass

from robowire_generators.telemetry import TelemetryWorld

from robowire_mocks.losant.jobs import Jobs


@dataclass(frozen=True, slots=True)
class State:
    """The world and the exports."""

    world: TelemetryWorld
    jobs: Jobs
