"""ROS 1 message definitions with their MD5 sums: the common packages' and this robot's own."""

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rosbags.interfaces.typing import Typesdict
    from rosbags.typesys.store import Typestore

SEPARATOR = "=" * 80 + "\n"
"""What stands between a definition and those of the types it uses; ROS's tools put an empty line before it."""

OWN_DEFINITIONS: dict[str, str] = {
    "tf2_msgs/TFMessage": "geometry_msgs/TransformStamped[] transforms\n",
    "robowire_msgs/Alert": """\
# One thing that a person should look at.
uint8 INFO=0
uint8 WARNING=1
uint8 ERROR=2

uint8 level
uint32 code
time since      # when it was first seen
string text
string[] hints
""",
    "robowire_msgs/Alerts": """\
Header header
Alert[] alerts  # empty when all is well
""",
    "robowire_msgs/SensorState": """\
string name
int64 serial
bool online
float32 rate        # Hz, NaN before the first message
duration silence    # since the last message
byte[] registers    # raw status, as read from the device
char[8] firmware
""",
    "robowire_msgs/SensorManagerState": """\
Header header
robowire_msgs/SensorState[] sensors
bool[] enabled
""",
    "robowire_msgs/RobotFootprint": """\
uint64 robot_id
string name
geometry_msgs/Pose2D pose
geometry_msgs/Polygon outline
""",
    "robowire_msgs/RobotFootprints": """\
Header header
RobotFootprint[] robots
""",
    "robowire_msgs/Rack": """\
uint32 id
float32 confidence
geometry_msgs/Point32[4] corners
float64[9] covariance   # row-major, of x, y and yaw
""",
    "robowire_msgs/Racks": """\
Header header
Rack[] racks
""",
    "robowire_msgs/PlanningState": """\
# What the planner is about.
uint8 IDLE=0
uint8 DRIVING=1
uint8 TURNING=2
uint8 WORKING=3

Header header
uint8 state
string goal
time started
duration remaining      # negative when overdue
time[] arrivals         # one for each stop still ahead
""",
    "robowire_msgs/JackState": """\
int8 MOVING_DOWN=-1
int8 STANDING=0
int8 MOVING_UP=1

Header header
int8 state
float32 height      # m
int64 cycles
duration moving
""",
    "robowire_msgs/TowingState": """\
Header header
bool coupled
string trailer
float64 angle       # rad
float32 force       # N, NaN when nothing is coupled
""",
}
"""Definitions of the types that no common package has; `tf2_msgs/TFMessage` is the well-known one."""


class Definition(NamedTuple):
    """What a recording says of a message type: its full definition with all types it uses, and the MD5 sum."""

    text: str
    md5: str


def internal_name(name: str) -> str:
    """Turn `package/Type` into the name by which rosbags knows it."""
    return name.replace("/", "/msg/")


@cache
def typestore() -> "Typestore":
    """Load the types of ROS 1 Noetic and this robot's own, once."""
    from rosbags.typesys import Stores, get_typestore  # takes a quarter of a second to load
    from rosbags.typesys.msg import get_types_from_msg  # as above

    store = get_typestore(Stores.ROS1_NOETIC)
    own: Typesdict = {}
    for name, text in OWN_DEFINITIONS.items():
        own |= get_types_from_msg(text, internal_name(name))
    store.register(own)
    return store


@cache
def definition(name: str) -> Definition:
    """Look a message type up.

    Args:
        name: Such as `nav_msgs/Odometry`.

    Returns:
        Its definition; types of this robot keep their comments.

    Raises:
        KeyError: The type is unknown.
    """
    generated, md5 = typestore().generate_msgdef(internal_name(name))
    first, *used = generated.split(SEPARATOR)
    parts = [OWN_DEFINITIONS.get(name, first)]
    for part in used:
        title, text = part.split("\n", 1)
        parts.append(title + "\n" + OWN_DEFINITIONS.get(title.removeprefix("MSG: "), text))
    return Definition(("\n" + SEPARATOR).join(parts), md5)
