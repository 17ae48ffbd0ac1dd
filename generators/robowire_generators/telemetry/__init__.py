"""Telemetry worlds: applications, devices and the states that they reported, written by hand or generated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_generators.telemetry.world import (
    Application,
    AttributeType,
    Column,
    Device,
    History,
    TelemetryWorld,
    Token,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Application", "AttributeType", "Column", "Device", "History", "TelemetryWorld", "Token", "load_world"]


def load_world(source: str | Path | Mapping[str, Any], *, now_ms: int | None = None) -> TelemetryWorld:
    """Read a world: the name of one that is installed ("losant"), the path of a TOML file, or its parsed table.

    Args:
        source: What to read.
        now_ms: What the file's relative times are relative to unless it says `anchor`; the present if None.

    Raises:
        WorldError: It cannot be read or makes no sense; one sentence for the person who wrote it.
    """
    from robowire_generators.telemetry.loading import load

    return load(source, now_ms)
