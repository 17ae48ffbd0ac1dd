"""What the robot's state topics say: messages of the fourteen latched topics, published seldom."""

import math
from functools import cache

from robowire_generators.robot.course import LAP_NS, LEGS, STOPS
from robowire_generators.robot.pictures import gray_png
from robowire_generators.robot.robot import Robot, Value, header, pose, xyz
from robowire_generators.robot.warehouse import DEPTH, OBSTACLES, WIDTH

SECOND = 1_000_000_000
"""Nanoseconds."""

RESOLUTION = 0.25
"""Edge of a cell of the map, m."""

FIRST_STATE_OF = {"drive": 1, "turn": 2}
"""PlanningState's constants by errand; every other one is work, 3."""

LIFTED = 0.062
"""How high the jack goes, m."""


def map_info(_robot: Robot, time_ns: int, _count: int) -> Value:
    """nav_msgs/MapMetaData: the map had been loaded before the recording started."""
    return {
        "map_load_time": time_ns - 3_725 * SECOND,
        "resolution": RESOLUTION,
        "width": int(WIDTH / RESOLUTION),
        "height": int(DEPTH / RESOLUTION),
        "origin": pose(0.0, 0.0, 0.0),
    }


@cache
def _map_png() -> bytes:
    width, height = int(WIDTH / RESOLUTION), int(DEPTH / RESOLUTION)

    def shade(column: int, row: int) -> int:
        x, y = column * RESOLUTION, DEPTH - row * RESOLUTION
        inside = any(left <= x < left + wide and low <= y < low + deep for left, low, wide, deep in OBSTACLES)
        edge = column in {0, width - 1} or row in {0, height - 1}
        return 0 if inside or edge else 254

    return gray_png(width, height, bytes(shade(column, row) for row in range(height) for column in range(width)))


def map_image(_robot: Robot, time_ns: int, count: int) -> Value:
    """sensor_msgs/CompressedImage: the floor plan as a PNG."""
    return {"header": header(count, time_ns, "map"), "format": "png", "data": _map_png()}


def alerts(robot: Robot, time_ns: int, count: int) -> Value:
    """robowire_msgs/Alerts: none, one or two, as they come and go."""
    charge = robot.charge(time_ns)
    known = [
        (1, 2041, "Wheel slip", ["Clean the floor near rack 3", "Check the wheels"]),
        (2, 4_000_000_001, "Emergency stop pressed at “Gate 2”", []),
    ]
    return {
        "header": header(count, time_ns, ""),
        "alerts": [
            {"level": level, "code": code, "since": time_ns - 1_500_000_000, "text": text, "hints": hints}
            for level, code, text, hints in known[: count % 3]
        ]
        + [{"level": 0, "code": 7, "since": time_ns, "text": f"Battery at {charge:.0%}", "hints": ["Swap it"]}]
        * (count % 2),
    }


def sensor_manager_state(robot: Robot, time_ns: int, count: int) -> Value:
    """robowire_msgs/SensorManagerState: serial numbers that no double holds, a rate not known yet, raw registers."""
    names = ("laser", "camera", "imu", "gps")
    return {
        "header": header(count, time_ns, ""),
        "sensors": [
            {
                "name": name,
                "serial": (-(2**62) if name == "imu" else 2**53) + 2 * (robot.serial + index) + 1,
                "online": (count + index) % 4 != 0,
                "rate": math.nan if name == "gps" and not count else 10.0 * (index + 1),
                "silence": round(abs(robot.noise(count, index)) * SECOND),
                "registers": bytes((count + index, 0x00, 0x7F, 0x80, 0xFF)),
                "firmware": b"v2.1\0\0\0\0",
            }
            for index, name in enumerate(names)
        ],
        "enabled": [True, True, count % 2 == 0, False],
    }


def robot_model(robot: Robot, _time_ns: int, _count: int) -> Value:
    """std_msgs/String: a URDF document."""
    links = "".join(f'  <link name="{name}"/>\n' for name in ("base_link", "laser", "camera", "imu", "jack"))
    return {"data": f'<?xml version="1.0"?>\n<robot name="carrier-{robot.serial}">\n{links}</robot>\n'}


def nearby_robot_footprints(robot: Robot, time_ns: int, count: int) -> Value:
    """robowire_msgs/RobotFootprints: the others in the hall, with 64-bit identities; at times there is none."""
    outline = [xyz(x, y) for x, y in ((0.5, 0.35), (-0.5, 0.35), (-0.5, -0.35), (0.5, -0.35))]

    def other(index: int) -> Value:
        at = robot.place(time_ns + (index + 1) * LAP_NS // 3)
        return {
            "robot_id": 2**64 - 1 - robot.serial - index,
            "name": f"carrier-{index + 2}",
            "pose": {"x": at.x, "y": at.y, "theta": at.yaw},
            "outline": {"points": outline},
        }

    return {"header": header(count, time_ns, "map"), "robots": [other(index) for index in range(count % 3)]}


def path(robot: Robot, time_ns: int, count: int) -> Value:
    """nav_msgs/Path: the stops from here to the end of the route."""
    ahead = [leg for leg in LEGS[robot.place(time_ns).leg :] if leg.errand == "drive"]
    ends = [(leg.x + math.cos(leg.yaw) * leg.speed * leg.duration, leg) for leg in ahead]
    at = robot.place(time_ns)
    poses = [pose(at.x, at.y, at.yaw)] + [
        pose(round(x, 6), round(leg.y + math.sin(leg.yaw) * leg.speed * leg.duration, 6), round(leg.yaw, 6))
        for x, leg in ends
    ]
    return _path_of(poses, time_ns, count)


def local_path(robot: Robot, time_ns: int, count: int) -> Value:
    """nav_msgs/Path: where the robot will be in the next two seconds."""
    places = [robot.place(time_ns + step * SECOND // 4) for step in range(9)]
    return _path_of([pose(at.x, at.y, at.yaw) for at in places], time_ns, count)


def _path_of(poses: list[Value], time_ns: int, count: int) -> Value:
    return {
        "header": header(count, time_ns, "map"),
        "poses": [{"header": header(index, time_ns, "map"), "pose": each} for index, each in enumerate(poses)],
    }


def racks(robot: Robot, time_ns: int, count: int) -> Value:
    """robowire_msgs/Racks: what the laser takes for racks, with four corners each."""
    seen = OBSTACLES[: 1 + count % len(OBSTACLES)]
    return {
        "header": header(count, time_ns, "map"),
        "racks": [
            {
                "id": index,
                "confidence": round(0.8 + 0.19 * robot.noise(count, index), 3),
                "corners": [xyz(x, y), xyz(x + wide, y), xyz(x + wide, y + deep), xyz(x, y + deep)],
                "covariance": (0.01, 0.0, 0.0, 0.0, 0.01, 0.0, 0.0, 0.0, math.inf if index else 0.002),
            }
            for index, (x, y, wide, deep) in enumerate(seen)
        ],
    }


def pallets(robot: Robot, time_ns: int, count: int) -> Value:
    """geometry_msgs/PoseArray: pallets on the floor ahead."""
    at = robot.place(time_ns)
    return {
        "header": header(count, time_ns, "map"),
        "poses": [pose(round(at.x + 1.2 * index, 3), round(at.y + 0.4, 3), at.yaw) for index in range(1 + count % 3)],
    }


def chargers(_robot: Robot, time_ns: int, count: int) -> Value:
    """visualization_msgs/MarkerArray: the charging stations, for display."""
    return {
        "markers": [
            {
                "header": header(count, time_ns, "map"),
                "ns": "chargers",
                "id": index,
                "type": 1,
                "action": 0,
                "pose": pose(x, y, 0.0),
                "scale": xyz(0.4, 0.6, 0.3),
                "color": {"r": 0.1, "g": 0.8, "b": 0.2, "a": 1.0},
                "lifetime": 2_500_000_000,
                "frame_locked": False,
                "points": [],
                "colors": [],
                "text": "Ladestation " + "ÄÖ"[index],
                "mesh_resource": "",
                "mesh_use_embedded_materials": False,
            }
            for index, (x, y) in enumerate(((0.4, 2.0), (15.6, 9.0)))
        ]
    }


def planning_state(robot: Robot, time_ns: int, count: int) -> Value:
    """robowire_msgs/PlanningState: the errand, what is left of it, and when the next stops are due."""
    leg, began = robot.leg(time_ns)
    ends = [began + round((later.begin + later.duration - leg.begin) * SECOND) for later in LEGS[LEGS.index(leg) :]]
    delay = round(0.4 * robot.noise(count) * SECOND)
    return {
        "header": header(count, time_ns, ""),
        "state": FIRST_STATE_OF.get(leg.errand, 3),
        "goal": f"stop {min(len(STOPS) - 1, LEGS.index(leg) // 2)}: {leg.errand}",
        "started": began,
        "remaining": delay if delay < 0 else ends[0] - time_ns,
        "arrivals": ends[:3],
    }


def jack_state(robot: Robot, time_ns: int, count: int) -> Value:
    """robowire_msgs/JackState: up between lift and lower, with a count of all cycles that is larger than 32 bits."""
    leg, began = robot.leg(time_ns)
    moving = {"lift": 1, "lower": -1}.get(leg.errand, 0)
    loaded = leg.begin < next(each.begin for each in LEGS if each.errand == "lower")
    return {
        "header": header(count, time_ns, "jack"),
        "state": moving,
        "height": LIFTED if loaded else 0.0,
        "cycles": 2**40 + robot.laps(time_ns),
        "moving": time_ns - began if moving else 0,
    }


def towing_state(robot: Robot, time_ns: int, count: int) -> Value:
    """robowire_msgs/TowingState: a trailer now and then; without one there is no force to measure."""
    coupled = count % 3 == 1
    return {
        "header": header(count, time_ns, "base_link"),
        "coupled": coupled,
        "trailer": f"T-{robot.serial % 90 + 10}" if coupled else "",
        "angle": round(0.3 * robot.noise(count), 4) if coupled else 0.0,
        "force": round(220 + 30 * robot.noise(count, 1), 1) if coupled else math.nan,
    }
