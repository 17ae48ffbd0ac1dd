"""The track, made as arrays, is what the robot says one message at a time."""

import io
import tracemalloc
from importlib import import_module
from typing import Any

import numpy as np
import orjson
import pytest
from mcap.reader import SeekingReader
from robowire_generators.mcap.encodings import Encoding
from robowire_generators.mcap.recipe import McapRecipe
from robowire_generators.mcap.recording import Recording
from robowire_generators.mcap.ros2 import typestore
from robowire_generators.mcap.track import Track
from robowire_generators.mcap.writer import Compression, McapWriter
from robowire_generators.robot.robot import Robot, heading

TIMES = np.arange(0, 70 * 10**9, 123_456_789) + 1_698_762_600_000_000_000
ROBOT = Robot.assemble(4, 48, (64, 48))


def decoded(encoding: Encoding, data: bytes) -> tuple[int, float, float, float, float]:
    """Stamp, place and heading of a pose, by decoders of others."""
    if encoding is Encoding.JSON:
        value = orjson.loads(data)
        at, turned = value["pose"]["position"], value["pose"]["orientation"]
        stamp = value["timestamp"]["sec"] * 10**9 + value["timestamp"]["nsec"]
        return stamp, at["x"], at["y"], turned["z"], turned["w"]
    if encoding is Encoding.PROTOBUF:
        pose = import_module("foxglove_schemas_protobuf.PoseInFrame_pb2").PoseInFrame.FromString(data)
        at, turned = pose.pose.position, pose.pose.orientation
        return pose.timestamp.ToNanoseconds(), at.x, at.y, turned.z, turned.w
    if encoding is Encoding.FLATBUFFER:
        pose = import_module("foxglove_schemas_flatbuffer.PoseInFrame").PoseInFrame.GetRootAs(data, 0)
        at, turned = pose.Pose().Position(), pose.Pose().Orientation()
        stamp = pose.Timestamp().Sec() * 10**9 + pose.Timestamp().Nsec()
        return stamp, at.X(), at.Y(), turned.Z(), turned.W()
    if encoding is Encoding.ROS1:
        import robowire_generators.definitions as ros1

        message = ros1.typestore().deserialize_ros1(data, "geometry_msgs/msg/PoseStamped")
    else:
        message = typestore().deserialize_cdr(data, "geometry_msgs/msg/PoseStamped")
    stamped = message.header.stamp  # type: ignore[attr-defined]
    at, turned = message.pose.position, message.pose.orientation  # type: ignore[attr-defined]
    return stamped.sec * 10**9 + stamped.nanosec, at.x, at.y, turned.z, turned.w


@pytest.mark.parametrize("encoding", list(Encoding))
def test_every_pose_is_where_the_robot_is(encoding: Encoding) -> None:
    """Around the whole route, to the micrometre."""
    rows = Track(encoding, ROBOT.phase_ns).messages(TIMES, 7)
    for time_ns, row in zip(TIMES.tolist(), rows, strict=True):
        stamp, x, y, z, w = decoded(encoding, row.tobytes())
        at = ROBOT.place(time_ns)
        turned = heading(at.yaw)
        assert stamp == time_ns
        assert (x, y) == pytest.approx((at.x, at.y), abs=2e-6)
        # A turn and its opposite quaternion are one and the same.
        assert z * turned["z"] + w * turned["w"] == pytest.approx(1.0, abs=1e-5) or (
            z * turned["z"] + w * turned["w"] == pytest.approx(-1.0, abs=1e-5)
        )


@pytest.mark.parametrize("encoding", list(Encoding))
@pytest.mark.parametrize("chunk_size", [None, 50_000])
def test_the_track_is_recorded_beside_the_rest(encoding: Encoding, chunk_size: int | None) -> None:
    """At its rate, numbered, to the end of the recording, in time order for who reads by the index."""
    out = io.BytesIO()
    Recording(out, McapRecipe(duration_s=3, track_hz=4000, encoding=encoding, chunk_size=chunk_size)).run()
    reader = SeekingReader(io.BytesIO(out.getvalue()), validate_crcs=True)
    found = [message for _, _, message in reader.iter_messages(topics=["/track"])]
    assert [message.sequence for message in found] == list(range(12_001))
    assert found[-1].log_time - found[0].log_time == 3 * 10**9
    everything = [message.log_time for _, _, message in reader.iter_messages()]
    assert everything == sorted(everything)
    assert len(everything) > len(found)


@pytest.mark.parametrize("chunk_size", [None, 1, 777, 2**20])
def test_messages_written_as_arrays_are_those_written_one_by_one(chunk_size: int | None) -> None:
    """The same bytes of file come out, for any chunk size."""
    data = np.arange(600, dtype=np.uint8).reshape(60, 10)
    times = np.arange(60) * 3 + 5
    one, other = io.BytesIO(), io.BytesIO()
    for out in (one, other):
        writer = McapWriter(out, chunk_size=chunk_size, compression=Compression.NONE)
        channel_id = writer.channel("/a", "raw", 0)
        if out is one:
            writer.messages(channel_id, times, data, times - 1, first_sequence=2)
        else:
            for at in range(60):
                writer.message(channel_id, int(times[at]), data[at].tobytes(), int(times[at]) - 1, at + 2)
        writer.finish()
    assert one.getvalue() == other.getvalue()


class Nowhere(io.RawIOBase):
    """Takes in bytes and forgets them."""

    def writable(self) -> bool:
        """Say that it does."""
        return True

    def write(self, octets: Any, /) -> int:
        """Forget them."""
        return len(octets)


def test_memory_does_not_grow_with_the_recording() -> None:
    """Five times the messages need hardly more: what grows is the index of the chunks alone."""

    def peak(duration_s: float) -> int:
        recipe = McapRecipe(duration_s=duration_s, track_hz=10_000, topics=("/track",), compression=Compression.NONE)
        tracemalloc.start()
        try:
            Recording(io.BufferedWriter(Nowhere()), recipe).run()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)  # loads what stays
    assert peak(20) < peak(4) + 1_000_000
