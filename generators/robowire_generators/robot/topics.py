"""The robot's topics: type, publishing node, message and, for each profile, when it is published."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from robowire_generators.robot import sensors, states
from robowire_generators.robot.robot import Robot, Value
from robowire_generators.robot.schedule import (
    Schedule,
    on_legs,
    on_whole_seconds,
    once,
    regularly,
    seldom,
)


class Topic(NamedTuple):
    """One topic of the robot.

    Attributes:
        name: Such as `/odom`.
        type: Of its messages, such as `nav_msgs/Odometry`.
        node: The node that publishes it.
        message: Makes the count-th message, for a time in ns since the epoch.
        latched: Whether a late subscriber gets the last message.
    """

    name: str
    type: str
    node: str
    message: Callable[[Robot, int, int], Value]
    latched: bool = False


# In the order in which messages of one and the same time are recorded.
TOPICS: Mapping[str, Topic] = {
    topic.name: topic
    for topic in (
        Topic("/map/info", "nav_msgs/MapMetaData", "/map_server", states.map_info, latched=True),
        Topic("/map_image", "sensor_msgs/CompressedImage", "/map_server", states.map_image, latched=True),
        Topic("/robot_model", "std_msgs/String", "/model_server", states.robot_model, latched=True),
        Topic("/tf_static", "tf2_msgs/TFMessage", "/model_server", sensors.fixed_transforms, latched=True),
        Topic("/alerts", "robowire_msgs/Alerts", "/watchdog", states.alerts, latched=True),
        Topic(
            "/sensor_manager_state",
            "robowire_msgs/SensorManagerState",
            "/sensor_manager",
            states.sensor_manager_state,
            latched=True,
        ),
        Topic(
            "/nearby_robot_footprints",
            "robowire_msgs/RobotFootprints",
            "/fleet_link",
            states.nearby_robot_footprints,
            latched=True,
        ),
        Topic("/path", "nav_msgs/Path", "/planner", states.path, latched=True),
        Topic("/local_path", "nav_msgs/Path", "/planner", states.local_path, latched=True),
        Topic("/detected_features/racks_v2", "robowire_msgs/Racks", "/feature_finder", states.racks, latched=True),
        Topic("/detected_features/pallets", "geometry_msgs/PoseArray", "/feature_finder", states.pallets, latched=True),
        Topic(
            "/detected_features/chargers",
            "visualization_msgs/MarkerArray",
            "/feature_finder",
            states.chargers,
            latched=True,
        ),
        Topic("/planning_state", "robowire_msgs/PlanningState", "/planner", states.planning_state, latched=True),
        Topic("/jack_state", "robowire_msgs/JackState", "/jack", states.jack_state, latched=True),
        Topic("/towing_state", "robowire_msgs/TowingState", "/tow_hook", states.towing_state, latched=True),
        Topic("/odom", "nav_msgs/Odometry", "/base", sensors.odometry),
        Topic("/pose", "geometry_msgs/PoseWithCovarianceStamped", "/localiser", sensors.localised_pose),
        Topic("/cmd_vel", "geometry_msgs/Twist", "/controller", sensors.command),
        Topic("/tf", "tf2_msgs/TFMessage", "/base", sensors.transforms),
        Topic("/scan", "sensor_msgs/LaserScan", "/laser", sensors.laser_scan),
        Topic("/imu", "sensor_msgs/Imu", "/imu", sensors.imu),
        Topic("/gps/fix", "sensor_msgs/NavSatFix", "/gps", sensors.satellite_fix),
        Topic("/battery", "sensor_msgs/BatteryState", "/battery_monitor", sensors.battery),
        Topic("/joint_states", "sensor_msgs/JointState", "/base", sensors.joints),
        Topic("/local_costmap", "nav_msgs/OccupancyGrid", "/controller", sensors.cost_map),
        Topic("/camera/compressed", "sensor_msgs/CompressedImage", "/camera", sensors.compressed_image),
        Topic("/camera/image_raw", "sensor_msgs/Image", "/camera", sensors.raw_image),
        Topic("/diagnostics", "diagnostic_msgs/DiagnosticArray", "/watchdog", sensors.diagnostics),
        Topic("/rosout", "rosgraph_msgs/Log", "/navigator", sensors.log),
    )
}

# BAGS, section "Special Behavior: Latched Topics": these are published seldom and at odd moments.
# Three come once, at the very start; two on whole seconds; racks at times twice at once; chargers late.
LATCHED_SCHEDULES: Mapping[str, Schedule] = {
    "/map/info": once(0.0),
    "/map_image": once(0.0),
    "/robot_model": once(0.013_337),
    "/tf_static": once(0.013_337),
    "/alerts": seldom(3.0, 9.0, after=0.041),
    "/sensor_manager_state": seldom(7.0, 13.0, after=0.068_5),
    "/nearby_robot_footprints": seldom(2.5, 5.0, after=0.731),
    "/path": on_legs(after=0.102),
    "/local_path": seldom(1.5, 2.5, after=0.118),
    "/detected_features/racks_v2": seldom(2.0, 6.0, after=1.9, twice_every=2),
    "/detected_features/pallets": seldom(5.0, 11.0, after=4.6),
    "/detected_features/chargers": seldom(5.0, 45.0, after=7.271_828),
    "/planning_state": on_legs(after=0.105),
    "/jack_state": on_whole_seconds(7),
    "/towing_state": on_whole_seconds(5, after=3.0),
}

SMALL_SCHEDULES: Mapping[str, Schedule] = {
    **LATCHED_SCHEDULES,
    "/odom": regularly(2.0, after=0.02),
    "/pose": regularly(1.0, after=0.09),
    "/cmd_vel": regularly(1.0, after=0.03),
    "/tf": regularly(1.0, after=0.02),
    "/scan": regularly(0.8, after=0.1),
    "/imu": regularly(1.5, after=0.005),
    "/gps/fix": regularly(0.5, after=0.35),
    "/battery": regularly(0.4, after=0.6),
    "/joint_states": regularly(0.5, after=0.02),
    "/local_costmap": regularly(0.2, after=1.1),
    "/camera/compressed": regularly(0.2, after=0.45),
    "/diagnostics": on_whole_seconds(3, after=1.0),
    "/rosout": seldom(1.0, 6.0, after=0.011),
}

TELEMETRY_SCHEDULES: Mapping[str, Schedule] = {
    **LATCHED_SCHEDULES,
    "/odom": regularly(30.0, after=0.02),
    "/pose": regularly(10.0, after=0.09),
    "/cmd_vel": regularly(10.0, after=0.03),
    "/tf": regularly(30.0, after=0.02),
    "/scan": regularly(10.0, after=0.1),
    "/imu": regularly(50.0, after=0.005),
    "/gps/fix": regularly(1.0, after=0.35),
    "/battery": regularly(1.0, after=0.6),
    "/joint_states": regularly(10.0, after=0.02),
    "/local_costmap": regularly(1.0, after=1.1),
    "/diagnostics": on_whole_seconds(1, after=1.0),
    "/rosout": seldom(0.2, 3.0, after=0.011),
}

FULL_SCHEDULES: Mapping[str, Schedule] = {
    **TELEMETRY_SCHEDULES,
    "/camera/compressed": regularly(5.0, after=0.45),
    "/camera/image_raw": regularly(5.0, after=0.45),
}


class Profile(NamedTuple):
    """How much of the robot is recorded: its laser's rays, its camera's pixels and what is published when."""

    beams: int
    image: tuple[int, int]
    schedules: Mapping[str, Schedule]


PROFILE_TABLE: Mapping[str, Profile] = {
    "small": Profile(48, (64, 48), SMALL_SCHEDULES),
    "telemetry": Profile(360, (64, 48), TELEMETRY_SCHEDULES),
    "full": Profile(360, (640, 480), FULL_SCHEDULES),
}
