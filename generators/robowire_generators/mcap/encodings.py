"""In which encodings the robot's messages are written, and what a recording says of each: one table."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from robowire_generators.robot import Event


class Encoding(StrEnum):
    """Message encoding and schema encoding, by the names that people give to `--encoding`."""

    JSON = "json"
    PROTOBUF = "protobuf"
    FLATBUFFER = "flatbuffer"
    ROS1 = "ros1"
    ROS2 = "ros2"
    ROS2IDL = "ros2idl"


class Described(NamedTuple):
    """A message's type as a recording tells of it: name, encoding and data of its schema, none where all are empty."""

    name: str
    encoding: str
    data: bytes


class Dialect(NamedTuple):
    """How one encoding writes the robot's messages.

    Attributes:
        message_encoding: What channels say of it.
        profile: What the file says of it.
        describe: Gives the schema of an event; None when the encoding has no form for it.
        encode: Gives the bytes of an event that has a schema.
    """

    message_encoding: str
    profile: str
    describe: Callable[["Event"], Described | None]
    encode: Callable[["Event"], bytes]


def _ros1_schema(event: "Event") -> Described:
    from robowire_generators.definitions import definition  # loads the type stores

    return Described(event.type, "ros1msg", definition(event.type).text.encode())


def _ros1(event: "Event") -> bytes:
    from robowire_generators.encoding import encode  # as above

    return encode(event.type, event.value)


def _ros2msg_schema(event: "Event") -> Described:
    from robowire_generators.mcap.ros2 import msg_definition, ros2_name  # as above

    name = ros2_name(event.type)
    return Described(name, "ros2msg", msg_definition(name).encode())


def _ros2idl_schema(event: "Event") -> Described:
    from robowire_generators.mcap.ros2 import idl_definition, ros2_name  # as above

    name = ros2_name(event.type)
    return Described(name, "ros2idl", idl_definition(name).encode())


def _cdr(event: "Event") -> bytes:
    from robowire_generators.mcap.cdr import encode_cdr  # as above
    from robowire_generators.mcap.ros2 import ros2_name, ros2_value

    return encode_cdr(ros2_name(event.type), ros2_value(event.type, event.value))


def _json_schema(event: "Event") -> Described:
    from robowire_generators.mcap.json_encoding import json_schema  # loads the vendor's schemas
    from robowire_generators.mcap.scenes import scene_of

    scene = scene_of(event)
    return Described(scene.schema, "jsonschema", json_schema(scene.schema)) if scene else Described("", "", b"")


def _json(event: "Event") -> bytes:
    from robowire_generators.mcap.json_encoding import encode_json  # as above
    from robowire_generators.mcap.scenes import scene_of

    scene = scene_of(event)
    return encode_json(scene.value(event.value) if scene else event.value)


def _protobuf_schema(event: "Event") -> Described | None:
    from robowire_generators.mcap.protobuf import descriptor_set  # as above
    from robowire_generators.mcap.scenes import scene_of

    scene = scene_of(event)
    return Described(scene.schema, "protobuf", descriptor_set(scene.schema)) if scene else None


def _protobuf(event: "Event") -> bytes:
    from robowire_generators.mcap.protobuf import encode_protobuf  # as above
    from robowire_generators.mcap.scenes import scene_of

    scene = scene_of(event)
    assert scene, "only what has a schema is encoded"
    return encode_protobuf(scene.schema, scene.value(event.value))


def _flatbuffer_schema(event: "Event") -> Described | None:
    from robowire_generators.mcap.flatbuffer import binary_schema  # as above
    from robowire_generators.mcap.scenes import scene_of

    scene = scene_of(event)
    return Described(scene.schema, "flatbuffer", binary_schema(scene.schema)) if scene else None


def _flatbuffer(event: "Event") -> bytes:
    from robowire_generators.mcap.flatbuffer import encode_flatbuffer  # as above
    from robowire_generators.mcap.scenes import scene_of

    scene = scene_of(event)
    assert scene, "only what has a schema is encoded"
    return encode_flatbuffer(scene.schema, scene.value(event.value))


DIALECTS = {
    Encoding.JSON: Dialect("json", "", _json_schema, _json),
    Encoding.PROTOBUF: Dialect("protobuf", "", _protobuf_schema, _protobuf),
    Encoding.FLATBUFFER: Dialect("flatbuffer", "", _flatbuffer_schema, _flatbuffer),
    Encoding.ROS1: Dialect("ros1", "ros1", _ros1_schema, _ros1),
    Encoding.ROS2: Dialect("cdr", "ros2", _ros2msg_schema, _cdr),
    Encoding.ROS2IDL: Dialect("cdr", "ros2", _ros2idl_schema, _cdr),
}
"""The encodings that the ecosystem uses; JSON holds every topic, those without a schema of Foxglove's schemaless."""
