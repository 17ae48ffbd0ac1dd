"""The robot's messages in Foxglove's own schemas: what a viewer draws, as plain values by the schemas' names."""

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from robowire_generators.robot import Event

Value = Mapping[str, Any]

FLOAT32 = 7
UINT8, INT8 = 1, 2
"""foxglove.PackedElementField's numeric types."""

_LOG_LEVELS = {1: 1, 2: 2, 4: 3, 8: 4, 16: 5}
"""rosgraph_msgs/Log's levels as foxglove.Log counts them."""

_HERE = {"position": {"x": 0.0, "y": 0.0, "z": 0.0}, "orientation": {"x": 0.0, "y": 0.0, "z": 0.0, "w": 1.0}}


class Scene(NamedTuple):
    """How messages of a ROS type become those of a schema."""

    schema: str
    value: Callable[[Value], Value]


def scene_of(event: "Event") -> Scene | None:
    """Give what makes a message one of Foxglove's own; None where no schema of theirs can hold it."""
    return _SCENES.get(event.type)


def text(value: str | bytes) -> str:
    """Give a string whose bytes may not be UTF-8."""
    return value if isinstance(value, str) else value.decode(errors="replace")


def _stamped(value: Value) -> dict[str, Any]:
    return {"timestamp": value["header"]["stamp"], "frame_id": value["header"]["frame_id"]}


def _transforms(value: Value) -> Value:
    return {"transforms": [_transform(each) for each in value["transforms"]]}


def _transform(value: Value) -> Value:
    return {
        "timestamp": value["header"]["stamp"],
        "parent_frame_id": value["header"]["frame_id"],
        "child_frame_id": value["child_frame_id"],
        "translation": value["transform"]["translation"],
        "rotation": value["transform"]["rotation"],
    }


def _pose(value: Value) -> Value:
    return {**_stamped(value), "pose": value["pose"]["pose"]}


def _plain_pose(value: Value) -> Value:
    return {**_stamped(value), "pose": value["pose"]}


def _poses(value: Value) -> Value:
    poses = [each.get("pose", each) for each in value["poses"]]
    return {**_stamped(value), "poses": poses}


def _laser(value: Value) -> Value:
    return {
        **_stamped(value),
        "pose": _HERE,
        "start_angle": value["angle_min"],
        "end_angle": value["angle_max"],
        "ranges": value["ranges"],
        "intensities": value["intensities"],
    }


def _fix(value: Value) -> Value:
    return {
        **_stamped(value),
        "latitude": value["latitude"],
        "longitude": value["longitude"],
        "altitude": value["altitude"],
        "position_covariance": value["position_covariance"],
        "position_covariance_type": value["position_covariance_type"],
    }


def _joints(value: Value) -> Value:
    members = zip(value["name"], value["position"], value["velocity"], strict=True)
    joints = [{"name": name, "position": position, "velocity": velocity} for name, position, velocity in members]
    return {"timestamp": value["header"]["stamp"], "joints": joints}


def _grid(value: Value) -> Value:
    info = value["info"]
    return {
        **_stamped(value),
        "pose": info["origin"],
        "column_count": info["width"],
        "cell_size": {"x": info["resolution"], "y": info["resolution"]},
        "row_stride": info["width"],
        "cell_stride": 1,
        "fields": [{"name": "occupancy", "offset": 0, "type": INT8}],
        "data": bytes(cell & 0xFF for cell in value["data"]),
    }


def _compressed(value: Value) -> Value:
    return {**_stamped(value), "data": value["data"], "format": value["format"]}


def _image(value: Value) -> Value:
    taken = {name: value[name] for name in ("width", "height", "encoding", "step", "data")}
    return {**_stamped(value), **taken}


def _cloud(value: Value) -> Value:
    fields = [{"name": each["name"], "offset": each["offset"], "type": FLOAT32} for each in value["fields"]]
    return {
        **_stamped(value),
        "pose": _HERE,
        "point_stride": value["point_step"],
        "fields": fields,
        "data": value["data"],
    }


def _log(value: Value) -> Value:
    return {
        "timestamp": value["header"]["stamp"],
        "level": _LOG_LEVELS[value["level"]],
        "message": value["msg"],
        "name": value["name"],
        "file": value["file"],
        "line": value["line"],
    }


def _markers(value: Value) -> Value:
    return {"deletions": [], "entities": [_entity(marker) for marker in value["markers"]]}


def _entity(marker: Value) -> Value:
    return {
        **_stamped(marker),
        "id": f"{marker['ns']}/{marker['id']}",
        "lifetime": marker["lifetime"],
        "frame_locked": marker["frame_locked"],
        "metadata": [{"key": "text", "value": marker["text"]}],
        "cubes": [{"pose": marker["pose"], "size": marker["scale"], "color": marker["color"]}],
    }


_SCENES: Mapping[str, Scene] = {
    "tf2_msgs/TFMessage": Scene("foxglove.FrameTransforms", _transforms),
    "nav_msgs/Odometry": Scene("foxglove.PoseInFrame", _pose),
    "geometry_msgs/PoseWithCovarianceStamped": Scene("foxglove.PoseInFrame", _pose),
    "geometry_msgs/PoseStamped": Scene("foxglove.PoseInFrame", _plain_pose),
    "nav_msgs/Path": Scene("foxglove.PosesInFrame", _poses),
    "geometry_msgs/PoseArray": Scene("foxglove.PosesInFrame", _poses),
    "sensor_msgs/LaserScan": Scene("foxglove.LaserScan", _laser),
    "sensor_msgs/PointCloud2": Scene("foxglove.PointCloud", _cloud),
    "sensor_msgs/NavSatFix": Scene("foxglove.LocationFix", _fix),
    "sensor_msgs/JointState": Scene("foxglove.JointStates", _joints),
    "nav_msgs/OccupancyGrid": Scene("foxglove.Grid", _grid),
    "sensor_msgs/CompressedImage": Scene("foxglove.CompressedImage", _compressed),
    "sensor_msgs/Image": Scene("foxglove.RawImage", _image),
    "rosgraph_msgs/Log": Scene("foxglove.Log", _log),
    "visualization_msgs/MarkerArray": Scene("foxglove.SceneUpdate", _markers),
}


def point_cloud(scan: Value) -> dict[str, Any]:
    """Make sensor_msgs/PointCloud2 of a sensor_msgs/LaserScan: the points where its rays end, in the laser's frame."""
    import numpy as np  # only where clouds are made

    ranges = np.asarray(scan["ranges"], np.float64)
    angles = scan["angle_min"] + scan["angle_increment"] * np.arange(len(ranges))
    hit = np.isfinite(ranges) & (ranges < math.inf)
    # Rounded, so that the bytes do not depend on the platform's sine.
    columns = (np.cos(angles) * np.where(hit, ranges, 0), np.sin(angles) * np.where(hit, ranges, 0))
    points = np.zeros((int(hit.sum()), 3), "<f4")
    points[:, 0], points[:, 1] = (np.round(column[hit], 3) for column in columns)
    fields = [{"name": name, "offset": 4 * at, "datatype": FLOAT32, "count": 1} for at, name in enumerate("xyz")]
    return {
        "header": scan["header"],
        "height": 1,
        "width": len(points),
        "fields": fields,
        "is_bigendian": False,
        "point_step": points.itemsize * 3,
        "row_step": points.nbytes,
        "data": points.tobytes(),
        "is_dense": True,
    }
