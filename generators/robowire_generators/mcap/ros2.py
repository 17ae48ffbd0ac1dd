"""The robot's messages as ROS 2 has them: types, definitions as .msg and as .idl, and what differs in a value."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from robowire_generators.definitions import OWN_DEFINITIONS, internal_name

if TYPE_CHECKING:
    from rosbags.interfaces.typing import FieldDesc, Typesdict
    from rosbags.typesys.store import Typestore

SEPARATOR = "=" * 80 + "\n"
"""What stands between one definition and the next."""

TIMES = {"builtin_interfaces/msg/Time", "builtin_interfaces/msg/Duration"}
"""Types that a value gives as an integer of nanoseconds."""

_OTHER_NAMES = {"rosgraph_msgs/Log": "rcl_interfaces/Log"}
"""Types that moved to another package."""

_TIME = re.compile(r"^(time|duration)\b", re.MULTILINE)

_LOG_LEVELS = {1: 10, 2: 20, 4: 30, 8: 40, 16: 50}
"""rosgraph_msgs/Log's levels as rcl_interfaces/Log counts them."""

_IDL_NAMES: Mapping[str, str] = {
    "bool": "boolean",
    "byte": "octet",
    "float32": "float",
    "float64": "double",
}
"""Primitive types that .idl calls otherwise than .msg."""


@cache
def typestore() -> "Typestore":
    """Load the types of ROS 2 Humble and this robot's own, once."""
    from rosbags.typesys import Stores, get_typestore  # takes a quarter of a second to load
    from rosbags.typesys.msg import get_types_from_msg

    store = get_typestore(Stores.ROS2_HUMBLE)
    own: Typesdict = {}
    for name, text in OWN_DEFINITIONS.items():
        if internal_name(name) not in store.fielddefs:
            own |= get_types_from_msg(_as_ros2(text), internal_name(name))
    store.register(own)
    return store


def _as_ros2(text: str) -> str:
    """Write a ROS 1 definition as ROS 2 has it: times and the header are messages of other packages, char is uint8."""
    text = re.sub(
        r"^(time|duration)\b", lambda found: f"builtin_interfaces/{found[1].title()}", text, flags=re.MULTILINE
    )
    text = re.sub(r"^char\b", "uint8", text, flags=re.MULTILINE)
    return re.sub(r"^Header\b", "std_msgs/Header", text, flags=re.MULTILINE)


def ros2_name(name: str) -> str:
    """Give the ROS 2 name of a ROS 1 type: `sensor_msgs/Imu` is `sensor_msgs/msg/Imu`."""
    return internal_name(_OTHER_NAMES.get(name, name))


def ros2_value(name: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a message of a ROS 1 type as ROS 2 has it; sequence numbers stay, and nobody asks for them."""
    change = _CHANGES.get(name)
    return change(value) if change else value


def _log(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**value, "stamp": value["header"]["stamp"], "level": _LOG_LEVELS[value["level"]]}


_CHANGES: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {"rosgraph_msgs/Log": _log}


@cache
def msg_definition(name: str) -> str:
    """Give the definition of a ROS 2 type as .msg, with those of the types it uses."""
    return typestore().generate_msgdef(name, ros_version=2)[0]


@cache
def idl_definition(name: str) -> str:
    """Give the definition of a ROS 2 type as .idl, with those of the types it uses, each under its name."""
    return "".join(f"{SEPARATOR}IDL: {used}\n{_module(used)}" for used in _used(name))


def _used(name: str) -> list[str]:
    """List a type and all that it uses."""
    found = [name]
    for each in found:  # grows while it is walked
        for _, desc in typestore().fielddefs[each][1]:
            inner = _message_in(desc)
            if inner and inner not in found:
                found.append(inner)
    return found


def _message_in(desc: "FieldDesc") -> str | None:
    """Give the message type of a field or of its elements; None for primitives."""
    detail = desc[1]
    if isinstance(detail, str):
        return detail
    return None if isinstance(detail[0], str) else _message_in(detail[0])


def _module(name: str) -> str:
    package, _, short = name.split("/")
    constants, fields = typestore().fielddefs[name]
    lines = [f"    struct {short} {{", *(f"      {_idl_field(field, desc)};" for field, desc in fields), "    };"]
    if constants:
        fixed = [f"      const {_idl_type(kind)} {label} = {_literal(value)};" for label, kind, value in constants]
        lines = [f"    module {short}_Constants {{", *fixed, "    };", *lines]
    return "\n".join([f"module {package} {{", "  module msg {", *lines, "  };", "};", ""])


def _literal(value: Any) -> str:
    """Write a constant; the robot's are numbers and booleans."""
    return str(value).upper() if isinstance(value, bool) else str(value)


def _idl_field(field: str, desc: "FieldDesc") -> str:
    detail = desc[1]
    if isinstance(detail, tuple) and not isinstance(detail[0], str):
        element, length = _idl_of(detail[0]), detail[1]
        return f"{element} {field}[{length}]" if desc[0].name == "ARRAY" else f"sequence<{element}> {field}"
    return f"{_idl_of(desc)} {field}"


def _idl_of(desc: "FieldDesc") -> str:
    detail = desc[1]
    return detail.replace("/", "::") if isinstance(detail, str) else _idl_type(str(detail[0]))


def _idl_type(kind: str) -> str:
    return _IDL_NAMES.get(kind, kind)
