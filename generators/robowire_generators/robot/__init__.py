"""A simulated mobile robot: an endless, seeded stream of messages that belong together, free of any file format."""

from collections.abc import Iterator
from heapq import merge
from itertools import takewhile
from random import Random
from typing import Any, NamedTuple

from robowire_generators.robot.robot import Robot
from robowire_generators.robot.schedule import Run
from robowire_generators.robot.topics import PROFILE_TABLE, TOPICS, Profile, Topic

__all__ = ["PROFILE_TABLE", "TOPICS", "Event", "Topic", "simulate"]


class Event(NamedTuple):
    """One message as it reaches the recorder.

    Attributes:
        time_ns: When, ns since the epoch.
        topic: Where.
        type: What kind, such as `nav_msgs/Odometry`.
        value: Its fields by name: plain values and numpy arrays; time and duration are integers of nanoseconds.
    """

    time_ns: int
    topic: str
    type: str
    value: dict[str, Any]


def simulate(
    *,
    seed: int = 0,
    start_ns: int,
    duration_ns: int | None = None,
    profile: str = "small",
    topics: tuple[str, ...] | None = None,
) -> Iterator[Event]:
    """Let the robot work and give what it publishes, in time order, made only as it is asked for.

    The robot's place is a function of time and seed alone: recordings that follow one another fit together.

    Args:
        seed: The same arguments give the same events.
        start_ns: Start of the recording, ns since the epoch.
        duration_ns: Nothing is published later than this after the start; None for a stream without end.
        profile: A name in `PROFILE_TABLE`.
        topics: Only these; None for all of the profile.

    Yields:
        Events; those of one time in the order of `TOPICS`.

    Raises:
        KeyError: The profile is unknown.
    """
    chosen = PROFILE_TABLE[profile]
    robot = Robot.assemble(seed, chosen.beams, chosen.image)
    streams = (
        _moments(robot, topic, chosen, start_ns, order)
        for order, topic in enumerate(TOPICS.values())
        if topic.name in chosen.schedules and (topics is None or topic.name in topics)
    )
    moments: Iterator[tuple[int, int, int]] = merge(*streams)
    if duration_ns is not None:
        end_ns = start_ns + duration_ns
        moments = takewhile(lambda moment: moment[0] <= end_ns, moments)
    ordered = tuple(TOPICS.values())
    for time_ns, order, count in moments:
        topic = ordered[order]
        yield Event(time_ns, topic.name, topic.type, topic.message(robot, time_ns, count))


def _moments(robot: Robot, topic: Topic, profile: Profile, start_ns: int, order: int) -> Iterator[tuple[int, int, int]]:
    """Give (time, place in TOPICS, count) of each message of a topic."""
    rng = Random(f"{robot.seed} {topic.name}")
    times = profile.schedules[topic.name](Run(start_ns, robot.phase_ns, rng))
    return ((time_ns, order, count) for count, time_ns in enumerate(times))
