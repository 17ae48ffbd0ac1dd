"""The building that the laser sees: walls and racks as line segments, and rays cast against them."""

import math
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from robowire_generators.robot.course import place

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

WIDTH, DEPTH = 16.0, 11.0
"""The hall, m; its corner is the origin of the map frame."""

# Racks and pillars as rectangles (x, y, width, depth), m.
OBSTACLES: tuple[tuple[float, float, float, float], ...] = (
    (4.0, 3.4, 7.5, 0.9),
    (4.0, 6.8, 2.0, 3.0),
    (9.2, 5.2, 2.4, 2.2),
    (0.0, 8.6, 1.2, 1.2),
)

# The gate in the east wall stands open: rays through it meet nothing within range.
GATE = (4.0, 7.0)

# The office in the south wall is behind glass, which gives the laser no valid echo.
GLASS = (6.0, 9.0)

RANGE_MIN, RANGE_MAX = 0.1, 12.0
"""What the laser can measure, m."""


def _rectangle(x: float, y: float, width: float, depth: float) -> list[tuple[float, float, float, float]]:
    return [
        (x, y, width, 0.0),
        (x + width, y, 0.0, depth),
        (x + width, y + depth, -width, 0.0),
        (x, y + depth, 0.0, -depth),
    ]


@cache
def _segments() -> "npt.NDArray[np.float64]":
    """Give all walls as rows of (x, y, dx, dy), m; the last row is the glass."""
    import numpy as np  # loaded when the first scan is made

    hall = [
        (0.0, DEPTH, WIDTH, 0.0),
        (0.0, 0.0, 0.0, DEPTH),
        (0.0, 0.0, GLASS[0], 0.0),
        (GLASS[1], 0.0, WIDTH - GLASS[1], 0.0),
        (WIDTH, 0.0, 0.0, GATE[0]),
        (WIDTH, GATE[1], 0.0, DEPTH - GATE[1]),
    ]
    racks = [side for rack in OBSTACLES for side in _rectangle(*rack)]
    glass = [(GLASS[0], 0.0, GLASS[1] - GLASS[0], 0.0)]
    return np.array(hall + racks + glass)


@lru_cache(maxsize=1024)  # a lap's worth at ten scans a second, a few MB
def scan(route_ns: int, beams: int) -> "npt.NDArray[np.float32]":
    """Measure the distance to the nearest wall in every direction.

    Args:
        route_ns: Where the robot is, in nanoseconds on its route.
        beams: How many rays, evenly over the full circle, from behind the robot on.

    Returns:
        float32 distances of shape (beams,), m, to the millimetre; infinity where nothing is in range, NaN on glass.
    """
    import numpy as np  # loaded when the first scan is made

    x, y, yaw, *_ = place(route_ns)
    walls = _segments()
    angles = yaw - math.pi + np.arange(beams) * (math.tau / beams)
    ray_x, ray_y = np.cos(angles)[:, None], np.sin(angles)[:, None]
    wall_x, wall_y, along_x, along_y = walls.T
    cross = ray_x * along_y - ray_y * along_x
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = ((wall_x - x) * along_y - (wall_y - y) * along_x) / cross
        portion = ((wall_x - x) * ray_y - (wall_y - y) * ray_x) / cross
    hit = (cross != 0) & (distance > 0) & (portion >= 0) & (portion <= 1)
    distance = np.where(hit, distance, np.inf)
    nearest = distance.argmin(axis=1)
    ranges: npt.NDArray[np.float64] = np.round(distance[np.arange(beams), nearest], 3)
    ranges[(ranges > RANGE_MAX) | (ranges < RANGE_MIN)] = np.inf
    ranges[nearest == len(walls) - 1] = np.nan
    return ranges.astype(np.float32)
