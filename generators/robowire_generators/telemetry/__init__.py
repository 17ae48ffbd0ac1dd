"""Telemetry worlds: applications, devices and the states that they reported, written by hand or generated.

A world is a TOML file. Its smallest form says a token, an application and a device with its states:

    [[token]]
    token = "secret"
    scopes = ["all.Application"]

    [[application]]
    id = "64f0a1b2c3d4e5f6a7b80001"

    [[application.device]]
    id = "64f0a1b2c3d4e5f6a7b8b001"
    tags = { floor = ["8"] }
    attributes = { voltage = "number" }

    [[application.device.state]]
    time = -60000                     # a minute before the anchor
    data = { voltage = 10.3 }

What is too much to write is generated, by `[[application.device.history]]` and `signals`; a device's `count` makes
many of it. `robowire_generators.telemetry.spec` has each key with its default, and docs/worlds.md an introduction.
"""

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

    from robowire_generators.telemetry.fleet import FleetRecipe

__all__ = [
    "Application",
    "AttributeType",
    "Column",
    "Device",
    "History",
    "TelemetryWorld",
    "Token",
    "generate_world",
    "load_world",
    "write_world",
]


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


def generate_world(recipe: FleetRecipe, *, now_ms: int | None = None) -> TelemetryWorld:
    """The world of a fleet, as `robowire generate telemetry` would write it and `load_world` read it."""
    from robowire_generators.telemetry.fleet import fleet
    from robowire_generators.telemetry.loading import make

    return make(fleet(recipe), now_ms)


def write_world(world: TelemetryWorld, path: Path, *, overwrite: bool = False) -> None:
    """Write a world to a file from which `load_world` makes the same one, each state by itself.

    Raises:
        ValueError: It has more values than a file should; `robowire_generators.telemetry.writing.MAX_POINTS`.
        FileExistsError: The file is there, and shall not be replaced.
    """
    from robowire_generators.telemetry.writing import spec_of, write_spec

    write_spec(spec_of(world), path, overwrite=overwrite)
