"""What the robot measures: messages of the topics that are published all the time."""

import math
from functools import cache

from robowire_generators.robot.course import LAP_NS
from robowire_generators.robot.pictures import frame, gray_png
from robowire_generators.robot.robot import Robot, Value, header, heading, pose, xyz
from robowire_generators.robot.warehouse import DEPTH, RANGE_MAX, RANGE_MIN, WIDTH, scan

MILLISECOND = 1_000_000
"""Nanoseconds."""

CELL = 0.5
"""Edge of a cell of the local cost map, m."""

THUMBNAIL = (48, 32)
"""Width and height of the compressed camera picture, pixels."""

SCAN_TICK = 100 * MILLISECOND
"""The laser turns ten times a second."""


@cache
def _diagonal(size: int, *values: float) -> tuple[float, ...]:
    """Make a row-major covariance matrix with these values on its diagonal."""
    return tuple(values[row] if row == column else 0.0 for row in range(size) for column in range(size))


def odometry(robot: Robot, time_ns: int, count: int) -> Value:
    """nav_msgs/Odometry: the route with the wheels' slip."""
    at = robot.place(time_ns)
    slip = 0.01 * robot.noise(count)
    return {
        "header": header(count, time_ns - 4 * MILLISECOND, "odom"),
        "child_frame_id": "base_link",
        "pose": {
            "pose": pose(round(at.x + slip, 6), round(at.y - slip, 6), at.yaw),
            "covariance": _diagonal(6, 1e-3, 1e-3, 1e6, 1e6, 1e6, 1e-2),
        },
        "twist": {
            "twist": {"linear": xyz(at.speed, 0.0), "angular": xyz(0.0, 0.0, at.turn_rate)},
            "covariance": _diagonal(6, 1e-3, 1e-3, 1e6, 1e6, 1e6, 1e-2),
        },
    }


def localised_pose(robot: Robot, time_ns: int, count: int) -> Value:
    """geometry_msgs/PoseWithCovarianceStamped in the map frame."""
    at = robot.place(time_ns)
    return {
        "header": header(count, time_ns - 30 * MILLISECOND, "map"),
        "pose": {"pose": pose(at.x, at.y, at.yaw), "covariance": _diagonal(6, 0.02, 0.02, 0.0, 0.0, 0.0, 0.005)},
    }


def command(robot: Robot, time_ns: int, _count: int) -> Value:
    """geometry_msgs/Twist: what the controller asks of the wheels."""
    at = robot.place(time_ns)
    return {"linear": xyz(at.speed, 0.0), "angular": xyz(0.0, 0.0, at.turn_rate)}


def transforms(robot: Robot, time_ns: int, count: int) -> Value:
    """tf2_msgs/TFMessage: odometry, and at every fifth message the map's correction."""
    at = robot.place(time_ns)
    step = {
        "header": header(count, time_ns, "odom"),
        "child_frame_id": "base_link",
        "transform": {"translation": xyz(at.x, at.y), "rotation": heading(at.yaw)},
    }
    drift = {
        "header": header(count // 5, time_ns, "map"),
        "child_frame_id": "odom",
        "transform": {"translation": xyz(0.01 * robot.noise(count), 0.0), "rotation": heading(0.0)},
    }
    return {"transforms": [step] if count % 5 else [step, drift]}


def fixed_transforms(_robot: Robot, time_ns: int, count: int) -> Value:
    """tf2_msgs/TFMessage of what is bolted on."""
    mounts = {"laser": (0.35, 0.0, 0.18), "camera": (0.4, 0.0, 0.6), "imu": (0.0, 0.0, 0.1), "jack": (0.0, 0.0, 0.25)}
    return {
        "transforms": [
            {
                "header": header(count, time_ns, "base_link"),
                "child_frame_id": frame_id,
                "transform": {"translation": xyz(*where), "rotation": heading(0.0)},
            }
            for frame_id, where in mounts.items()
        ]
    }


def laser_scan(robot: Robot, time_ns: int, count: int) -> Value:
    """sensor_msgs/LaserScan: the walls; infinity through the open gate, NaN on glass."""
    stamp = time_ns - time_ns % SCAN_TICK
    ranges = scan((stamp + robot.phase_ns) % LAP_NS // SCAN_TICK * SCAN_TICK, robot.beams)
    return {
        "header": header(count, stamp, "laser"),
        "angle_min": -math.pi,
        "angle_max": math.pi - math.tau / robot.beams,
        "angle_increment": math.tau / robot.beams,
        "time_increment": 0.1 / robot.beams,
        "scan_time": 0.1,
        "range_min": RANGE_MIN,
        "range_max": RANGE_MAX,
        "ranges": ranges,
        "intensities": (),
    }


def imu(robot: Robot, time_ns: int, count: int) -> Value:
    """sensor_msgs/Imu: no absolute orientation, which its covariance of -1 says."""
    at = robot.place(time_ns)
    return {
        "header": header(count, time_ns - MILLISECOND, "imu"),
        "orientation": {"x": 0.0, "y": 0.0, "z": 0.0, "w": 0.0},
        "orientation_covariance": _diagonal(3, -1.0, 0.0, 0.0),
        "angular_velocity": xyz(0.0, 0.0, round(at.turn_rate + 0.002 * robot.noise(count), 6)),
        "angular_velocity_covariance": _diagonal(3, 1e-5, 1e-5, 1e-5),
        "linear_acceleration": xyz(0.05 * robot.noise(count, 1), 0.05 * robot.noise(count, 2), 9.81),
        "linear_acceleration_covariance": _diagonal(3, 1e-3, 1e-3, 1e-3),
    }


def satellite_fix(robot: Robot, time_ns: int, count: int) -> Value:
    """sensor_msgs/NavSatFix: under a roof, so that now and then there is no fix and all is NaN."""
    at = robot.place(time_ns)
    lost = robot.noise(count, 3) < -0.4  # about three in ten
    return {
        "header": header(count, time_ns - 120 * MILLISECOND, "gps"),
        "status": {"status": -1 if lost else 0, "service": 1},
        "latitude": math.nan if lost else round(47.3769 + at.y * 9e-6, 9),
        "longitude": math.nan if lost else round(8.5417 + at.x * 1.33e-5, 9),
        "altitude": math.nan if lost else 408.5,
        "position_covariance": _diagonal(3, *((math.inf,) * 3 if lost else (4.0, 4.0, 9.0))),
        "position_covariance_type": 0 if lost else 2,
    }


def battery(robot: Robot, time_ns: int, count: int) -> Value:
    """sensor_msgs/BatteryState: what is not measured is NaN, as its definition asks."""
    charge = robot.charge(time_ns)
    voltage = round(22.0 + 4.0 * charge, 3)
    return {
        "header": header(count, time_ns, "base_link"),
        "voltage": voltage,
        "temperature": round(31 + robot.noise(count), 2),
        "current": round(-3.0 - 6.0 * robot.place(time_ns).speed - 0.2 * robot.noise(count), 3),
        "charge": math.nan,
        "capacity": math.nan,
        "design_capacity": 60.0,
        "percentage": charge,
        "power_supply_status": 2,
        "power_supply_health": 1,
        "power_supply_technology": 4,
        "present": True,
        "cell_voltage": [round(voltage / 8 + 0.004 * robot.noise(count, cell), 4) for cell in range(8)],
        "cell_temperature": [math.nan] * 8,
        "location": "bay",
        "serial_number": f"BAT-{robot.serial:010d}",
    }


def joints(robot: Robot, time_ns: int, count: int) -> Value:
    """sensor_msgs/JointState of the two wheels; efforts are not measured."""
    at = robot.place(time_ns)
    turns = round((time_ns % LAP_NS) / 1e9 * at.speed / 0.1, 4)
    return {
        "header": header(count, time_ns, ""),
        "name": ["wheel_left", "wheel_right"],
        "position": [turns, turns],
        "velocity": [at.speed / 0.1 - at.turn_rate, at.speed / 0.1 + at.turn_rate],
        "effort": [],
    }


def cost_map(robot: Robot, time_ns: int, count: int) -> Value:
    """nav_msgs/OccupancyGrid around the robot: signed bytes, -1 where nothing is known."""
    at = robot.place(time_ns)
    ranges = scan((time_ns + robot.phase_ns) % LAP_NS // SCAN_TICK * SCAN_TICK, robot.beams)
    side = 12
    cells = [-1 if (row + column) % 7 == 0 else 0 for row in range(side) for column in range(side)]
    for beam, distance in enumerate(ranges.tolist()):
        if distance < side * CELL / 2:
            angle = at.yaw - math.pi + beam * math.tau / robot.beams
            column = int(side / 2 + distance * math.cos(angle) / CELL)
            row = int(side / 2 + distance * math.sin(angle) / CELL)
            cells[min(row, side - 1) * side + min(column, side - 1)] = 100
    corner = side * CELL / 2
    return {
        "header": header(count, time_ns, "odom"),
        "info": {
            "map_load_time": 0,
            "resolution": CELL,
            "width": side,
            "height": side,
            "origin": pose(round(at.x - corner, 6), round(at.y - corner, 6), 0.0),
        },
        "data": cells,
    }


def _moved(robot: Robot, time_ns: int) -> int:
    """Tell how far the scene has moved for the camera, in steps of a centimetre or so."""
    at = robot.place(time_ns)
    return round((at.x / WIDTH + at.y / DEPTH + at.yaw) * 600)


def compressed_image(robot: Robot, time_ns: int, count: int) -> Value:
    """sensor_msgs/CompressedImage: a PNG of what lies ahead."""
    width, height = THUMBNAIL
    pixels = bytes(frame(robot.seed, width * height, _moved(robot, time_ns)))
    return {
        "header": header(count, time_ns - 40 * MILLISECOND, "camera"),
        "format": "png",
        "data": gray_png(width, height, pixels),
    }


def raw_image(robot: Robot, time_ns: int, count: int) -> Value:
    """sensor_msgs/Image, three bytes for each pixel."""
    width, height = robot.image
    step = 3 * width
    return {
        "header": header(count, time_ns - 40 * MILLISECOND, "camera"),
        "height": height,
        "width": width,
        "encoding": "bgr8",
        "is_bigendian": 0,
        "step": step,
        "data": frame(robot.seed, step * height, _moved(robot, time_ns) * step),
    }


def diagnostics(robot: Robot, time_ns: int, count: int) -> Value:
    """diagnostic_msgs/DiagnosticArray: one device has a name in Latin-1, as firmware does."""
    charge = robot.charge(time_ns)
    return {
        "header": header(count, time_ns, ""),
        "status": [
            {
                "level": 0 if charge > 0.3 else 1,  # below it, a warning
                "name": "battery",
                "message": "OK",
                "hardware_id": "Ladegerät Süd".encode("latin-1"),
                "values": [
                    {"key": "charge", "value": f"{charge:.3f}"},
                    {"key": "temperature °C".encode("latin-1"), "value": f"{31 + robot.noise(count):.2f}"},
                ],
            },
            {
                "level": 0,
                "name": "laser: scan rate",
                "message": "Ω ≈ 10 Hz ✓",
                "hardware_id": f"SN{robot.serial}",
                "values": [{"key": "scans", "value": str(count)}],
            },
        ],
    }


def log(robot: Robot, time_ns: int, count: int) -> Value:
    """rosgraph_msgs/Log: what a node says."""
    at = robot.place(time_ns)
    return {
        "header": header(count, time_ns, ""),
        "level": 4 if count % 9 == 0 else 2,
        "name": "/navigator",
        "msg": f'"{at.errand}" at ({at.x:.2f}, {at.y:.2f})\n\tlap {robot.laps(time_ns)} \\ {at.yaw:+.3f} rad',
        "file": "navigator.cpp",
        "function": "Navigator::step",
        "line": 100 + count % 40,
        "topics": ["/odom", "/cmd_vel"],
    }
