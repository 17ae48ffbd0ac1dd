"""The route that the robot drives: where it is, how fast and on which errand, as a pure function of time."""

import math
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

SPEED = 0.8
"""Cruising speed, m/s."""

TURN_RATE = math.pi / 4
"""Turning on the spot, rad/s."""

# Where it goes (m, map frame) and what it does there (s of standing, errand).
STOPS: tuple[tuple[float, float, float, str], ...] = (
    (2.0, 2.0, 4.0, "lift"),
    (13.0, 2.0, 0.0, ""),
    (13.0, 9.0, 3.0, "lower"),
    (7.5, 9.0, 0.0, ""),
    (7.5, 5.5, 2.5, "inspect"),
    (2.0, 5.5, 0.0, ""),
    (2.0, 2.0, 0.0, ""),
)


class Leg(NamedTuple):
    """One stretch of the route: standing, turning on the spot or driving straight."""

    begin: float
    duration: float
    x: float
    y: float
    yaw: float
    speed: float
    turn_rate: float
    errand: str


class Place(NamedTuple):
    """Where the robot is at one moment: metres and radians in the map frame, m/s and rad/s in its own."""

    x: float
    y: float
    yaw: float
    speed: float
    turn_rate: float
    leg: int
    errand: str


def _stretches() -> Iterator[Leg]:
    """Give the legs in order, each as if the clock started with it."""
    yaw = 0.0
    for (x, y, stay, errand), (next_x, next_y, *_) in pairwise(STOPS):
        yield Leg(0.0, stay, x, y, yaw, 0.0, 0.0, errand)
        bearing = math.atan2(next_y - y, next_x - x)
        turn = math.remainder(bearing - yaw, math.tau)
        yield Leg(0.0, abs(turn) / TURN_RATE, x, y, yaw, 0.0, math.copysign(TURN_RATE, turn), "turn")
        yaw = bearing
        yield Leg(0.0, math.dist((x, y), (next_x, next_y)) / SPEED, x, y, yaw, SPEED, 0.0, "drive")
    x, y, *_ = STOPS[-1]
    yield Leg(0.0, abs(yaw) / TURN_RATE, x, y, yaw, 0.0, -math.copysign(TURN_RATE, yaw), "turn")


def _legs() -> Iterator[Leg]:
    clock = 0.0
    for leg in _stretches():
        if leg.duration:
            yield leg._replace(begin=clock)
            clock += leg.duration


LEGS = tuple(_legs())
_BEGINS = tuple(leg.begin for leg in LEGS)
LAP_NS = round((LEGS[-1].begin + LEGS[-1].duration) * 1e9)
"""Once around the route, ns."""


def place(route_ns: int) -> Place:
    """Tell where the robot is.

    Args:
        route_ns: Nanoseconds on the route; laps repeat.

    Returns:
        The place, coordinates rounded to the micrometre so that they do not depend on the platform's libm.
    """
    seconds = route_ns % LAP_NS / 1e9
    index = bisect_right(_BEGINS, seconds) - 1
    leg = LEGS[index]
    since = seconds - leg.begin
    yaw = math.remainder(leg.yaw + leg.turn_rate * since, math.tau)
    way = leg.speed * since
    return Place(
        round(leg.x + math.cos(leg.yaw) * way, 6),
        round(leg.y + math.sin(leg.yaw) * way, 6),
        round(yaw, 6),
        leg.speed,
        round(leg.turn_rate, 6),
        index,
        leg.errand,
    )
