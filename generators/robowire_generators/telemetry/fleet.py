"""A world of a fleet: how many devices, for how long, how often; every seed gives another one."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from robowire_generators.telemetry.spec import (
    ApplicationSpec,
    DeviceSpec,
    HistorySpec,
    Shape,
    SignalSpec,
    TokenSpec,
    WorldSpec,
)
from robowire_generators.telemetry.world import AttributeType

APPLICATION_ID = "64f0a1b2c3d4e5f6a7b80001"
FIRST_DEVICE_ID = "64f0a1b2c3d4e5f6a7b8b001"
TOKEN = "losant_robowire_all"  # noqa: S105  # a mock's, and no secret

ATTRIBUTES: Mapping[str, AttributeType] = MappingProxyType(
    {
        "voltage": AttributeType.NUMBER,
        "speed": AttributeType.NUMBER,
        "charging": AttributeType.BOOLEAN,
        "mode": AttributeType.STRING,
        "position": AttributeType.GPS,
    }
)
"""What each vehicle of the fleet reports."""

_SIGNALS: Mapping[str, SignalSpec] = MappingProxyType(
    {
        "voltage": SignalSpec(shape=Shape.WALK, low=40.0, high=56.0, step=0.2, decimals=2),
        "speed": SignalSpec(shape=Shape.WAVE, low=0.0, high=2.5, period_ms=420_000.0),
        "charging": SignalSpec(hold=25.0),
        "mode": SignalSpec(values=("idle", "driving", "charging"), hold=6.0),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetRecipe:
    """What a fleet's world shall be.

    Attributes:
        seed: 0 or more.
        devices: How many vehicles.
        duration_s: How far back their histories go, seconds.
        period_ms: From one state to the next.
        regular: Without gaps, bursts, ties, late and missing values.

    Raises:
        ValueError: A value makes no world; the text says which and why.
    """

    seed: int = 0
    devices: int = 10
    duration_s: float = 10_800.0
    period_ms: int = 1000
    regular: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.devices <= 100_000:
            raise ValueError(f"There can be 1 to 100000 devices, not {self.devices}.")
        if not 0 <= self.duration_s <= 1e9:
            raise ValueError(f"The duration cannot be {self.duration_s} seconds.")
        if self.period_ms < 1:
            raise ValueError(f"The period must be at least 1 ms, not {self.period_ms}.")
        if self.seed < 0:
            raise ValueError(f"The seed must be 0 or more, not {self.seed}.")

    @property
    def states(self) -> int:
        """States of each device."""
        return int(self.duration_s * 1000 // self.period_ms)

    @property
    def points(self) -> int:
        """Values in all histories, as many as are left out of an irregular one included."""
        return self.states * self.devices * len(ATTRIBUTES)


def fleet(recipe: FleetRecipe) -> WorldSpec:
    """The world's file: one application with the fleet, and a token that may do everything."""
    history = HistorySpec(count=recipe.states, period_ms=recipe.period_ms)
    if not recipe.regular:
        history = HistorySpec(
            count=recipe.states,
            period_ms=recipe.period_ms,
            jitter_ms=recipe.period_ms // 10,
            gaps=3,
            gap_ms=20 * recipe.period_ms,
            bursts=3,
            ties=0.01,
            late=0.01,
            missing=0.02,
        )
    device = DeviceSpec(
        id=FIRST_DEVICE_ID,
        name="AGV {n}",
        count=recipe.devices,
        tags={"type": ("agv", "vehicle")},
        spread={"floor": ("1", "2", "8"), "shift": ("early", "late")},
        attributes=ATTRIBUTES,
        signals=_SIGNALS,
        history=(history,),
    )
    return WorldSpec(
        seed=recipe.seed,
        token=(TokenSpec(token=TOKEN, scopes=("all.Application",)),),
        application=(ApplicationSpec(id=APPLICATION_ID, name="Fleet", device=(device,)),),
    )
