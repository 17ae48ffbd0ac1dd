"""What the Losant mock holds: the world, which does not change, and the exports, which do."""

from __future__ import annotations

from dataclasses import dataclass

from robowire_generators.telemetry import TelemetryWorld

from robowire_mocks.losant.jobs import Jobs


@dataclass(frozen=True, slots=True)
class State:
    """The world, the exports, and the hosts besides this machine that a callback may go to."""

    world: TelemetryWorld
    jobs: Jobs
    callback_hosts: frozenset[str] = frozenset()
