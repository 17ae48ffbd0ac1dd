"""World files, as the mocks read them, and what those of all APIs may say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from robowire_fixtures.worldfile import Source, WorldError, build, is_file, read_world, sections_of, world_of

from robowire_mocks.core.clock import ClockState

__all__ = ["ClockSettings", "Source", "WorldError", "build", "is_file", "read_world", "sections_of", "world_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSettings:
    """When the mock's clock starts (the present without it), and whether it stands still."""

    start: datetime | None = None
    frozen: bool = False

    @property
    def begun(self) -> ClockState:
        """What the clock tells first."""
        return ClockState(None if self.start is None else self.start.timestamp(), self.frozen)
