"""World files, as the mocks read them, and what those of all APIs may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from robowire_fixtures.worldfile import WorldError, build, read_world

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    W = TypeVar("W", bound=DataclassInstance)

__all__ = ["ClockSettings", "WorldError", "build", "read_world", "world_of"]


def world_of(kind: type[W], world: str | Path | Mapping[str, Any]) -> W:
    """The world of this name, in this file, or of this table, as a `kind`; a table's paths are the process's own.

    Raises:
        WorldError: It is not there, or says something wrong.
    """
    return build(kind, dict(world), "the world", Path()) if isinstance(world, Mapping) else read_world(kind, world)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSettings:
    """When the mock's clock starts (the present without it), and whether it stands still."""

    start: datetime | None = None
    frozen: bool = False

    @property
    def start_s(self) -> float | None:
        """The start in seconds since the Unix epoch, or None."""
        return None if self.start is None else self.start.timestamp()
