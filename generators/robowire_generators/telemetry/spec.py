"""What a telemetry world's file may say: tables of TOML, with their defaults.

Times are milliseconds since the epoch, or, if 0 or negative, relative to the world's anchor: -60000 is a minute
before it. A date and time such as 2026-11-20T12:00:00Z may stand wherever a time may.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar

from robowire_fixtures.worldfile import Robot

from robowire_generators.telemetry.world import LINK_S, AttributeType

Time = int | datetime
Value = str | int | float | bool

_ID = re.compile(r"[0-9a-f]{24}")
_NAME = re.compile(r"[0-9a-zA-Z_-]{1,255}")
MAX_TEXT = 255


class Shape(StrEnum):
    """How the values of an attribute go on from state to state."""

    CONSTANT = "constant"
    WALK = "walk"
    WAVE = "wave"
    UNIFORM = "uniform"
    COUNTER = "counter"
    EXTREMES = "extremes"
    CHOICE = "choice"
    SWITCH = "switch"
    ROUTE = "route"
    BLOB = "blob"


SHAPES: Mapping[AttributeType, tuple[Shape, ...]] = MappingProxyType(
    {
        AttributeType.NUMBER: (
            Shape.WALK,
            Shape.WAVE,
            Shape.UNIFORM,
            Shape.COUNTER,
            Shape.EXTREMES,
            Shape.CHOICE,
            Shape.CONSTANT,
        ),
        AttributeType.STRING: (Shape.CHOICE, Shape.CONSTANT),
        AttributeType.BOOLEAN: (Shape.SWITCH, Shape.CONSTANT),
        AttributeType.GPS: (Shape.ROUTE, Shape.CONSTANT, Shape.CHOICE),
        AttributeType.BLOB: (Shape.BLOB, Shape.CONSTANT, Shape.CHOICE),
    }
)
"""The shapes that an attribute's type can have; the first one is its default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalSpec:
    """How one attribute's values are made.

    Attributes:
        shape: The default is the first that `SHAPES` has for the attribute's type.
        value: Of a constant.
        values: Of a choice.
        low: The least number.
        high: The greatest number; of a counter, where it begins again at `low`.
        step: How far a walk goes from one state to the next, about, or a counter, exactly.
        period_ms: Of a wave.
        decimals: Numbers are rounded to so many.
        hold: How many states a choice or a switch keeps its value for, about.
        size: Bytes of a blob.
    """

    shape: Shape | None = None
    value: Value | None = None
    values: tuple[Value, ...] = ()
    low: float = 0.0
    high: float = 100.0
    step: float = 1.0
    period_ms: float = 600_000.0
    decimals: int = 3
    hold: float = 8.0
    size: int = 48

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low <= self.high):
            raise ValueError(f"low must not be above high, and both be finite: {self.low}, {self.high}")
        if not (self.step >= 0 and self.period_ms > 0 and self.hold >= 1 and self.size >= 0):
            raise ValueError("step and size must not be negative, period_ms be positive, hold at least 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class HistorySpec:
    """States that are generated.

    Attributes:
        count: How many.
        end: The time of the last one, or of the first one as `start`.
        start: Instead of `end`.
        period_ms: From one state to the next.
        jitter_ms: How much a period may be longer or shorter.
        gaps: How many times nothing is reported for a while.
        gap_ms: How long, about.
        bursts: How many times many states are reported at once.
        burst_size: How many.
        burst_ms: From one state to the next within a burst.
        ties: The share of states that have the very time of the one before.
        late: The share of states that arrive after others that are newer.
        missing: The share of values that a state leaves out, each attribute by itself.
        attributes: Those that are reported; all of the device without it.
    """

    count: int
    end: Time | None = None
    start: Time | None = None
    period_ms: int = 60_000
    jitter_ms: int = 0
    gaps: int = 0
    gap_ms: int = 3_600_000
    bursts: int = 0
    burst_size: int = 20
    burst_ms: int = 1
    ties: float = 0.0
    late: float = 0.0
    missing: float = 0.0
    attributes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None:
            raise ValueError("give start or end, not both")
        if not 0 <= self.jitter_ms <= self.period_ms:
            raise ValueError("jitter_ms must be from 0 to period_ms")
        if min(self.count, self.gaps, self.gap_ms, self.bursts, self.burst_size, self.burst_ms) < 0:
            raise ValueError("count, gaps and bursts must not be negative")
        if not all(0 <= share <= 1 for share in (self.ties, self.late, self.missing)):
            raise ValueError("ties, late and missing are shares from 0 to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSpec:
    """One state, written out."""

    time: Time
    data: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSpec:
    """One device, or `count` of them alike.

    Of several, `id` is the first one's and counts up, `{n}` in `name` is the number from 1 on, `parent_id` and the
    like are the same for all, and each device takes one of the values in `spread` for each key in turn.
    """

    id: str
    name: str = "Device"
    count: int = 1
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    spread: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attributes: Mapping[str, AttributeType] = field(default_factory=dict)
    signals: Mapping[str, SignalSpec] = field(default_factory=dict)
    history: tuple[HistorySpec, ...] = ()
    state: tuple[StateSpec, ...] = ()
    device_class: str = "standalone"
    parent_id: str | None = None
    gateway_id: str | None = None
    experience_user_id: str | None = None
    experience_group_id: str | None = None
    creation_date: Time | None = None
    last_updated: Time | None = None
    deleted_at: Time | None = None
    connected_at: Time | None = None
    disconnected_at: Time | None = None
    connection_status: str = "disconnected"

    def __post_init__(self) -> None:
        ids = (self.id, self.parent_id, self.gateway_id, self.experience_user_id, self.experience_group_id)
        for text in ids:
            _check_id(text)
        _check_tags({**self.tags, **self.spread})
        for name in self.attributes:
            _check_name(name, "attribute")
        for name in (*self.signals, *(name for history in self.history for name in history.attributes)):
            if name not in self.attributes:
                raise ValueError(f"the device has no attribute {name!r}")
        if not (1 <= self.count <= 100_000 and int(self.id, 16) + self.count <= 16**24):
            raise ValueError("count must be from 1 to 100000, and ids not exceed 24 digits")
        if not 1 <= len(self.name.replace("{n}", str(self.count))) <= MAX_TEXT:
            raise ValueError(f"a name has 1 to {MAX_TEXT} characters")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationSpec:
    """One application."""

    id: str
    name: str = "Application"
    device: tuple[DeviceSpec, ...] = ()

    def __post_init__(self) -> None:
        _check_id(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSpec:
    """A token; without `applications` for all of them."""

    token: str
    scopes: tuple[str, ...] = ()
    applications: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSpec:
    """When the mock's clock starts (the present without it), and whether it stands still."""

    start: datetime | None = None
    frozen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportsSpec:
    """Exports: the hosts besides this machine that a callback may go to, and how many seconds a link is valid."""

    callback_hosts: tuple[str, ...] = ()
    link_s: int = LINK_S

    def __post_init__(self) -> None:
        if self.link_s <= 0:
            raise ValueError("link_s must be more than 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldSpec:
    """The whole file.

    Attributes:
        seed: Chooses the values of everything that is generated.
        anchor: What 0 and negative times are relative to: without it the clock's start, and without that the last
            whole minute.
        robot: The robot of a world that several APIs share: a device of this name.
    """

    api: ClassVar[str] = "losant"

    seed: int = 0
    anchor: datetime | None = None
    robot: Robot | None = None
    clock: ClockSpec = field(default_factory=ClockSpec)
    exports: ExportsSpec = field(default_factory=ExportsSpec)
    token: tuple[TokenSpec, ...] = ()
    application: tuple[ApplicationSpec, ...] = ()

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise ValueError("the seed must be 0 or more")
        _once([token.token for token in self.token], "token")
        _once([application.id for application in self.application], "application")


def _check_id(text: str | None) -> None:
    if text is not None and not _ID.fullmatch(text):
        raise ValueError(f"{text!r} is no id: an id has 24 digits from 0 to f")


def _check_name(text: str, what: str) -> None:
    if not _NAME.fullmatch(text):
        raise ValueError(f"{text!r} is no name of an {what}: it has 1 to {MAX_TEXT} of 0-9, a-z, A-Z, _ and -")


def _check_tags(tags: Mapping[str, tuple[str, ...]]) -> None:
    for key, values in tags.items():
        _check_name(key, "tag's key")
        for value in values:
            if not 1 <= len(value) <= MAX_TEXT:
                raise ValueError(f"a value of the tag {key!r} must have 1 to {MAX_TEXT} characters")


def _once(texts: list[str], what: str) -> None:
    for text in texts:
        if texts.count(text) > 1:
            raise ValueError(f"there are two {what}s {text!r}")
