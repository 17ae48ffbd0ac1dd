"""Writes what the robot publishes as MCAP, in any encoding and of any size in bounded memory."""

import os
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from robowire_generators.mcap.encodings import DIALECTS, Described, Encoding
from robowire_generators.mcap.events import events
from robowire_generators.mcap.recipe import TRACK, McapRecipe
from robowire_generators.mcap.writer import McapWriter
from robowire_generators.recipe import SECOND
from robowire_generators.rosbag1 import BagSummary, Progress, new_file

if TYPE_CHECKING:
    from robowire_generators.mcap.track import Track
    from robowire_generators.robot import Event
    from robowire_generators.robot.robot import Robot

BATCH = 8192
"""Poses of the track that are made at once."""


def generate_mcap(
    path: str | os.PathLike[str],
    recipe: McapRecipe | None = None,
    *,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> BagSummary:
    """Record the robot into an MCAP file.

    The file appears whole or not at all: it is written beside its place under a hidden name, then renamed.

    Args:
        path: Where to.
        recipe: What to record; 30 seconds of a few messages by default.
        overwrite: Replace a file that is there.
        progress: Told how far the work is, after each chunk.

    Returns:
        What has been written.

    Raises:
        FileExistsError: There is a file already and `overwrite` is not set.
        ValueError: The recipe names a topic that its profile or its encoding does not have.
        OSError: The file cannot be written.
    """
    with new_file(Path(path), overwrite=overwrite) as temporary:
        with temporary.open("wb") as stream:
            recording = Recording(stream, recipe or McapRecipe(), progress)
            recording.run()
        size = temporary.stat().st_size
    return BagSummary(Path(path), recording.messages, size, recording.start_ns, recording.end_ns)


class Recording:
    """One run of the recorder into a stream, which stays open.

    Attributes:
        messages: How many have been written.
        start_ns: Time of the first, ns since the epoch; None without messages.
        end_ns: Time of the last, likewise.
    """

    def __init__(self, stream: BinaryIO, recipe: McapRecipe, progress: Progress | None = None) -> None:
        self.messages = 0
        self.start_ns: int | None = None
        self.end_ns: int | None = None
        self._recipe = recipe
        self._dialect = DIALECTS[recipe.encoding]
        self._progress = progress or (lambda _fraction: None)
        self._reported = 0
        self._channels: dict[str, list[int]] = {}
        self._described: dict[str, Described | None] = {}
        self._schemas: dict[Described, int] = {Described("", "", b""): 0}
        self._published: Counter[str] = Counter()
        self._events = events(recipe)
        _check_forms(recipe)
        self._writer = McapWriter(
            stream,
            chunk_size=recipe.chunk_size,
            compression=recipe.compression,
            index=recipe.index,
            statistics=recipe.statistics,
            crcs=recipe.crcs,
            profile=self._dialect.profile,
        )

    def run(self) -> None:
        """Record until the duration or the size is reached."""
        from robowire_generators.robot import PROFILE_TABLE  # the robot is needed only here
        from robowire_generators.robot.robot import Robot

        recipe = self._recipe
        profile = PROFILE_TABLE[str(recipe.profile)]
        robot = Robot.assemble(recipe.seed, profile.beams, profile.image)
        self._progress(0.0)
        if recipe.attachments:
            self._attach_floor_plan(robot)
        track = _TrackWriter(self, robot.phase_ns) if self._tracked() else None
        for event in self._events:
            if track:
                track.write_before(event.time_ns)
            self._write(event)
            if self._full(event.time_ns):
                break
        if track:
            track.write_rest()
        self._finish(robot)

    def _tracked(self) -> bool:
        topics = self._recipe.topics
        return self._recipe.track_hz > 0 and (topics is None or TRACK in topics)

    def _finish(self, robot: "Robot") -> None:
        if self._recipe.attachments:
            self._attach_calibration()
        if self._recipe.metadata:
            self._write_metadata(robot)
        self._writer.finish()
        self._progress(1.0)

    def _write(self, event: "Event") -> None:
        if event.type not in self._described:
            self._described[event.type] = self._dialect.describe(event)
        schema = self._described[event.type]
        if schema is None:
            return
        number = self._published[event.topic]
        turn = number % self._recipe.channels
        known = self._channels.setdefault(event.topic, [])
        if turn == len(known):
            known.append(self.add_channel(event, schema, turn))
        self._published[event.topic] += 1
        self._writer.message(known[turn], event.time_ns, self._dialect.encode(event), event.time_ns, number)
        self.count(1, event.time_ns, event.time_ns)

    def add_channel(self, event: "Event", schema: Described, turn: int) -> int:
        """Tell of a channel, and of its schema when it is new."""
        if schema not in self._schemas:
            self._schemas[schema] = self._writer.schema(*schema)
        words = _words(self._recipe.encoding, event, turn)
        return self._writer.channel(event.topic, self._dialect.message_encoding, self._schemas[schema], words)

    def count(self, messages: int, first_ns: int, last_ns: int) -> None:
        """Remember what has been written."""
        self.messages += messages
        self.start_ns = first_ns if self.start_ns is None else min(first_ns, self.start_ns)
        self.end_ns = last_ns if self.end_ns is None else max(last_ns, self.end_ns)

    def _full(self, time_ns: int) -> bool:
        """Tell whether the file has the size that it shall have; report how far the work is."""
        writer, size = self._writer, self._recipe.size
        if writer.chunks_written != self._reported:
            self._reported = writer.chunks_written
            self._progress(self._fraction(time_ns))
        return size is not None and writer.size + writer.waiting >= size

    def _fraction(self, time_ns: int) -> float:
        recipe = self._recipe
        of_time = (time_ns - recipe.start_ns) / recipe.duration_ns if recipe.duration_ns else 0.0
        of_size = self._writer.size / recipe.size if recipe.size else 0.0
        return min(max(of_time, of_size), 1.0)

    def _attach_floor_plan(self, robot: "Robot") -> None:
        from robowire_generators.robot.states import map_image  # as the robot

        start_ns = self._recipe.start_ns
        picture = map_image(robot, start_ns, 0)["data"]
        self._writer.attachment("floor-plan.png", "image/png", picture, start_ns, start_ns - 3_725 * SECOND)

    def _attach_calibration(self) -> None:
        at_ns = self._recipe.start_ns if self.end_ns is None else self.end_ns
        self._writer.attachment("calibration.yaml", "application/yaml", CALIBRATION, at_ns)

    def _write_metadata(self, robot: "Robot") -> None:
        recipe = self._recipe
        name = f"carrier-{robot.serial}"
        self._writer.metadata("robot", {"name": name, "serial": str(robot.serial), "site": "hall 3"})
        words = {"deviceName": name if recipe.device_name is None else recipe.device_name}
        self._writer.metadata("foxglove", words if recipe.key is None else {**words, "key": recipe.key})

    def write_track(self, track: "Track", channel_id: int, first: int, count: int, period_ns: float) -> None:
        """Write poses of the track, as arrays."""
        import numpy as np  # only where there is a track

        times = self._recipe.start_ns + (np.arange(first, first + count) * period_ns).astype(np.int64)
        self._writer.messages(channel_id, times, track.messages(times, first), first_sequence=first)
        self.count(count, int(times[0]), int(times[-1]))

    def track_full(self, first: int, period_ns: float) -> bool:
        """Tell whether the size has been reached while the track is written."""
        return self._full(self._recipe.start_ns + int(first * period_ns))

    @property
    def recipe(self) -> McapRecipe:
        """What is recorded."""
        return self._recipe


def _check_forms(recipe: McapRecipe) -> None:
    """Refuse topics that are asked for by name and have no form in the encoding."""
    from robowire_generators.robot import TOPICS, Event  # as the robot

    for topic in recipe.topics or ():
        known = TOPICS.get(topic)
        if known and DIALECTS[recipe.encoding].describe(Event(0, topic, known.type, {})) is None:
            raise ValueError(f"{topic} has no form in the encoding {recipe.encoding}: no schema of Foxglove's fits it.")


class _TrackWriter:
    """Writes the track beside the other messages: a batch at a time, ahead of the messages that fall within it."""

    def __init__(self, recording: Recording, phase_ns: int) -> None:
        from robowire_generators.mcap.track import Track  # loads numpy

        recipe = recording.recipe
        self._recording = recording
        self._track = Track(recipe.encoding, phase_ns)
        self._period_ns = SECOND / recipe.track_hz
        schema = DIALECTS[recipe.encoding].describe(self._track.sample)
        assert schema, "every encoding has a form for poses"
        self._channel_id = recording.add_channel(self._track.sample, schema, 0)
        self._written = 0
        self._end = None if recipe.duration_ns is None else int(recipe.duration_ns / self._period_ns) + 1

    def write_before(self, time_ns: int) -> None:
        """Write all poses up to a time, and what else is in their batches."""
        while self._recording.recipe.start_ns + self._written * self._period_ns < time_ns and self._write():
            pass

    def write_rest(self) -> None:
        """Write all poses to the end of the recording; without a duration, until its size is reached."""
        while not self._recording.track_full(self._written, self._period_ns) and self._write():
            pass

    def _write(self) -> bool:
        count = BATCH if self._end is None else min(BATCH, self._end - self._written)
        if count <= 0:
            return False
        self._recording.write_track(self._track, self._channel_id, self._written, count, self._period_ns)
        self._written += count
        return True


def _words(encoding: Encoding, event: "Event", turn: int) -> Mapping[str, str]:
    """Say of a channel what recorders of its world say."""
    from robowire_generators.robot import TOPICS  # as the robot

    topic = TOPICS.get(event.topic)
    node, latched = (topic.node, topic.latched) if topic else ("/base", False)
    node += f"_{turn + 1}" if turn else ""
    return _WORDS.get(encoding, _plain_words)(event, node, latched)


def _plain_words(_event: "Event", node: str, _latched: bool) -> Mapping[str, str]:  # noqa: FBT001  # one of a table
    return {"node": node}


def _ros1_words(event: "Event", node: str, latched: bool) -> Mapping[str, str]:  # noqa: FBT001  # as above
    from robowire_generators.definitions import definition  # loads the type stores

    words = {"callerid": node, "md5sum": definition(event.type).md5, "topic": event.topic}
    return {**words, "latching": "1"} if latched else words


def _ros2_words(_event: "Event", _node: str, latched: bool) -> Mapping[str, str]:  # noqa: FBT001  # as above
    return {"offered_qos_profiles": qos_profiles(latched=latched)}


def qos_profiles(*, latched: bool) -> str:
    """Say how a topic is offered, as rosbag2 writes it: kept and reliable, for late subscribers too if latched."""
    return QOS.format(durability=1 if latched else 2)


_WORDS: Mapping[Encoding, Callable[["Event", str, bool], Mapping[str, str]]] = {
    Encoding.ROS1: _ros1_words,
    Encoding.ROS2: _ros2_words,
    Encoding.ROS2IDL: _ros2_words,
}

QOS = """\
- history: 1
  depth: 10
  reliability: 1
  durability: {durability}
  deadline:
    sec: 9223372036
    nsec: 854775807
  lifespan:
    sec: 9223372036
    nsec: 854775807
  liveliness: 1
  liveliness_lease_duration:
    sec: 9223372036
    nsec: 854775807
  avoid_ros_namespace_conventions: false"""

CALIBRATION = b"""\
laser: {x: 0.35, y: 0.0, z: 0.18, yaw: 0.0}
camera: {x: 0.4, y: 0.0, z: 0.6, yaw: 0.0, fx: 525.0, fy: 525.0}
imu: {x: 0.0, y: 0.0, z: 0.1, yaw: 0.0}
"""
