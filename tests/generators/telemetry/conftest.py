from collections.abc import Callable
from typing import Any

import pytest
from robowire_generators.telemetry import Device, load_world

ANCHOR_MS = 1_795_176_000_000

MakeDevice = Callable[..., Device]


@pytest.fixture
def device() -> MakeDevice:
    """Make the one device of a world whose anchor is fixed, from the keys of its table."""

    def make(**table: Any) -> Device:
        entry = {"id": "b" * 24, "attributes": {"a": "number"}} | table
        world = load_world({"seed": 3, "application": [{"id": "a" * 24, "device": [entry]}]}, now_ms=ANCHOR_MS)
        return next(iter(world.applications["a" * 24].devices.values()))

    return make
