"""What the robot publishes says the same in every encoding, by decoders that this project did not write."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import numpy as np
import orjson
import pytest
from robowire_generators.definitions import typestore as ros1_types
from robowire_generators.mcap.encodings import DIALECTS, Encoding
from robowire_generators.mcap.events import events
from robowire_generators.mcap.recipe import McapRecipe
from robowire_generators.mcap.ros2 import idl_definition, msg_definition, ros2_name, typestore
from robowire_generators.mcap.scenes import scene_of
from robowire_generators.robot import Event
from rosbags.typesys import Stores, get_types_from_idl, get_types_from_msg, get_typestore

SEPARATOR = "=" * 80 + "\n"


@pytest.fixture(scope="module")
def published() -> list[Event]:
    """Give half a minute of the robot."""
    return list(events(McapRecipe(seed=2, duration_s=30)))


def vendor_class(name: str, package: str) -> Any:
    """Give the vendor's own class of a schema."""
    short = name.removeprefix("foxglove.")
    suffix = "_pb2" if package.endswith("protobuf") else ""
    return getattr(import_module(f"{package}.{short}{suffix}"), short)


def test_protobuf_is_what_the_vendor_reads(published: list[Event]) -> None:
    """Every message is read by the vendor's classes, whose own bytes say the same."""
    for event in published:
        scene = scene_of(event)
        if scene is None:
            continue
        kind = vendor_class(scene.schema, "foxglove_schemas_protobuf")
        message = kind.FromString(DIALECTS[Encoding.PROTOBUF].encode(event))
        value = scene.value(event.value)
        if "timestamp" in value:
            assert message.timestamp.ToNanoseconds() == value["timestamp"]
        for name in ("frame_id", "data", "width", "format", "point_stride", "name"):
            if name in value:
                assert getattr(message, name) == value[name]


Same = Callable[[Any, Any], bool]
"""Tells whether a flatbuffer and a protocol buffer say the same."""


def same_data(flat: Any, proto: Any) -> bool:
    """Bytes."""
    return bool(flat.DataAsNumpy().tobytes() == proto.data)


def same_transforms(flat: Any, proto: Any) -> bool:
    """Frames and translations of all."""
    pairs = [(flat.Transforms(at), each) for at, each in enumerate(proto.transforms)]
    return flat.TransformsLength() == len(pairs) and all(
        one.ChildFrameId().decode() == other.child_frame_id and one.Translation().X() == other.translation.x
        for one, other in pairs
    )


SAME: Mapping[str, Same] = {
    "foxglove.PoseInFrame": lambda flat, proto: (
        flat.Pose().Position().X() == proto.pose.position.x
        and flat.Pose().Orientation().W() == proto.pose.orientation.w
    ),
    "foxglove.PosesInFrame": lambda flat, proto: (
        [flat.Poses(at).Position().Y() for at in range(flat.PosesLength())] == [p.position.y for p in proto.poses]
    ),
    "foxglove.LaserScan": lambda flat, proto: np.array_equal(flat.RangesAsNumpy(), proto.ranges, equal_nan=True),
    "foxglove.LocationFix": lambda flat, proto: np.array_equal(
        [flat.Latitude(), *flat.PositionCovarianceAsNumpy()],
        [proto.latitude, *proto.position_covariance],
        equal_nan=True,
    ),
    "foxglove.PointCloud": same_data,
    "foxglove.Grid": same_data,
    "foxglove.CompressedImage": same_data,
    "foxglove.RawImage": same_data,
    "foxglove.FrameTransforms": same_transforms,
    "foxglove.JointStates": lambda flat, proto: flat.Joints(1).Velocity() == proto.joints[1].velocity,
    "foxglove.SceneUpdate": lambda flat, proto: (
        flat.Entities(1).Cubes(0).Color().G() == proto.entities[1].cubes[0].color.g
        and flat.Entities(0).Id().decode() == proto.entities[0].id
    ),
    "foxglove.Log": lambda flat, proto: flat.Message().decode() == proto.message and flat.Line() == proto.line,
}


def test_protobuf_and_flatbuffers_hold_the_same_scene(published: list[Event]) -> None:
    """Poses, ranges, clouds, grids and fixes are equal to the last bit in both."""
    seen = set()
    for event in published:
        scene = scene_of(event)
        if scene is None:
            continue
        seen.add(scene.schema)
        proto_data, flat_data = (DIALECTS[each].encode(event) for each in (Encoding.PROTOBUF, Encoding.FLATBUFFER))
        proto = vendor_class(scene.schema, "foxglove_schemas_protobuf").FromString(proto_data)
        flat = vendor_class(scene.schema, "foxglove_schemas_flatbuffer").GetRootAs(flat_data, 0)
        if hasattr(flat, "Timestamp"):
            assert flat.Timestamp().Sec() * 10**9 + flat.Timestamp().Nsec() == proto.timestamp.ToNanoseconds()
        assert SAME[scene.schema](flat, proto), scene.schema
    assert seen == set(SAME) - {"foxglove.RawImage"}


def test_raw_images_are_the_same_in_both() -> None:
    """Of the profile that has them."""
    recipe = McapRecipe(duration_s=0.7, profile="full", topics=("/camera/image_raw",))
    for event in events(recipe):
        proto_data, flat_data = (DIALECTS[each].encode(event) for each in (Encoding.PROTOBUF, Encoding.FLATBUFFER))
        proto = vendor_class("foxglove.RawImage", "foxglove_schemas_protobuf").FromString(proto_data)
        flat = vendor_class("foxglove.RawImage", "foxglove_schemas_flatbuffer").GetRootAs(flat_data, 0)
        assert same_data(flat, proto)
        assert (proto.width, proto.height, proto.step) == (flat.Width(), flat.Height(), flat.Step()) == (640, 480, 1920)


WITHOUT_NUMBERS = {"sensor_msgs/LaserScan", "sensor_msgs/NavSatFix"}
"""Types whose NaN and infinities are null, since JSON has no such numbers."""


def test_json_fits_its_schema(published: list[Event]) -> None:
    """Messages of Foxglove's schemas are valid by the JSON Schema that the file carries; the others are JSON."""
    import jsonschema_rs

    for event in published:
        schema = DIALECTS[Encoding.JSON].describe(event)
        message = orjson.loads(DIALECTS[Encoding.JSON].encode(event))
        assert schema is not None
        if schema.encoding and event.type not in WITHOUT_NUMBERS:
            jsonschema_rs.validator_for(orjson.loads(schema.data)).validate(message)


def test_cdr_is_what_rosbags_reads(published: list[Event]) -> None:
    """What rosbags decodes it encodes to the same bytes, type by type."""
    store = typestore()
    for event in published:
        name = ros2_name(event.type)
        data = DIALECTS[Encoding.ROS2].encode(event)
        assert bytes(store.serialize_cdr(store.deserialize_cdr(data, name), name)) == data


def test_ros1_is_what_rosbags_reads(published: list[Event]) -> None:
    """As in bags, point clouds included."""
    store = ros1_types()
    for event in published:
        if event.topic == "/points":
            data = DIALECTS[Encoding.ROS1].encode(event)
            cloud = store.deserialize_ros1(data, "sensor_msgs/msg/PointCloud2")
            assert len(cloud.data) == cloud.width * 12  # type: ignore[attr-defined]


def test_the_definitions_are_those_of_the_messages(published: list[Event]) -> None:
    """Parsed by rosbags, .msg and .idl give the same types, with the hashes that ROS 2 gives them."""
    for name in {ros2_name(event.type) for event in published}:
        by_msg, by_idl = (get_typestore(Stores.EMPTY) for _ in range(2))
        by_msg.register(get_types_from_msg(msg_definition(name), name))
        for part in idl_definition(name).split(SEPARATOR)[1:]:
            by_idl.register(get_types_from_idl(part.split("\n", 1)[1]))
        assert by_idl.hash_rihs01(name) == by_msg.hash_rihs01(name) == typestore().hash_rihs01(name)


def test_a_cloud_lies_where_its_scan_hits(published: list[Event]) -> None:
    """A point for each ray that ends within reach, at the ray's range."""
    by_time = {event.time_ns: event for event in published if event.topic == "/scan"}
    clouds = [event for event in published if event.topic == "/points"]
    assert len(clouds) == len(by_time)
    for cloud in clouds:
        ranges = np.asarray(by_time[cloud.time_ns].value["ranges"])
        points = np.frombuffer(cloud.value["data"], "<f4").reshape(-1, 3)
        assert np.allclose(np.hypot(points[:, 0], points[:, 1]), ranges[np.isfinite(ranges)], atol=0.002)
