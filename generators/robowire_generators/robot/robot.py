"""The one robot that all sensors and states belong to: what they share, as functions of time and seed."""

import math
from dataclasses import dataclass, field
from random import Random
from typing import Any

from robowire_generators.robot.course import LAP_NS, LEGS, Leg, Place, place

HOUR_NS = 3_600_000_000_000
SHIFT_NS = 4 * HOUR_NS
"""How long the battery lasts, ns; then it is swapped."""

NOISE_LENGTH = 4096

Value = dict[str, Any]
"""A message: its fields by name, see `robowire_generators.encoding.Ros1Encoder.encode`."""


@dataclass(frozen=True, slots=True)
class Robot:
    """A robot on its route. Two of the same seed do and measure the same at the same time.

    Attributes:
        seed: What sets this robot apart; all but the next two follow from it.
        beams: Rays of its laser.
        image: Width and height of its camera's raw images, pixels.
        phase_ns: What to add to a time (ns since the epoch) to get the nanoseconds on the route.
        serial: A number that its devices' names are made of.
        noise_table: Numbers from -1 to 1 for `noise`.
    """

    seed: int
    beams: int
    image: tuple[int, int]
    phase_ns: int
    serial: int
    noise_table: tuple[float, ...] = field(repr=False)

    @classmethod
    def assemble(cls, seed: int, beams: int, image: tuple[int, int]) -> "Robot":
        """Make the robot of a seed; only `random()` is drawn, whose values no Python release changes."""
        rng = Random(f"robot {seed}")
        phase_ns, serial = int(rng.random() * LAP_NS), int(rng.random() * 2**31)
        noise = tuple(round(2 * rng.random() - 1, 4) for _ in range(NOISE_LENGTH))
        return cls(seed, beams, image, phase_ns, serial, noise)

    def place(self, time_ns: int) -> Place:
        """Tell where the robot is at a time (ns since the epoch)."""
        return place(time_ns + self.phase_ns)

    def leg(self, time_ns: int) -> tuple[Leg, int]:
        """Tell the leg that the robot is on, and when it began (ns since the epoch)."""
        leg = LEGS[self.place(time_ns).leg]
        since = (time_ns + self.phase_ns) % LAP_NS - round(leg.begin * 1e9)
        return leg, time_ns - since

    def noise(self, count: int, channel: int = 0) -> float:
        """Give a number from -1 to 1 for the count-th measurement of a channel."""
        return self.noise_table[(count * 31 + channel * 97) % NOISE_LENGTH]

    def laps(self, time_ns: int) -> int:
        """Count the laps that the robot has driven since the epoch."""
        return (time_ns + self.phase_ns) // LAP_NS

    def charge(self, time_ns: int) -> float:
        """Tell how full the battery is, 0.2 to 0.95: it drains through a shift, then it is swapped."""
        return round(0.95 - 0.75 * ((time_ns + self.phase_ns) % SHIFT_NS) / SHIFT_NS, 5)


def header(count: int, stamp_ns: int, frame: str) -> Value:
    """Make a std_msgs/Header; the stamp is when it was measured, ns since the epoch."""
    return {"seq": count, "stamp": stamp_ns, "frame_id": frame}


def xyz(x: float, y: float, z: float = 0.0) -> Value:
    """Make a Point or a Vector3."""
    return {"x": x, "y": y, "z": z}


def heading(yaw: float) -> Value:
    """Make a Quaternion that turns about the vertical, yaw in rad."""
    return {"x": 0.0, "y": 0.0, "z": round(math.sin(yaw / 2), 6), "w": round(math.cos(yaw / 2), 6)}


def pose(x: float, y: float, yaw: float) -> Value:
    """Make a Pose on the floor, m and rad."""
    return {"position": xyz(x, y), "orientation": heading(yaw)}
