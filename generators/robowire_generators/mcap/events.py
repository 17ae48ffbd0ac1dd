"""What the robot publishes into an MCAP file or a ROS 2 bag: its messages, and point clouds of its scans."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from robowire_generators.mcap.recipe import POINTS, TRACK

if TYPE_CHECKING:
    from robowire_generators.recipe import Recipe
    from robowire_generators.robot import Event

SCAN = "/scan"


def known_topics(profile: str) -> tuple[str, ...]:
    """List the topics that a recording of a profile can have."""
    from robowire_generators.robot import PROFILE_TABLE  # the robot is needed only to record it

    return (*PROFILE_TABLE[profile].schedules, POINTS, TRACK)


def events(recipe: "Recipe") -> Iterator["Event"]:
    """Give what the robot publishes, in time order; a cloud comes right after its scan.

    Raises:
        ValueError: The recipe names a topic that its profile does not have.
    """
    profile = str(recipe.profile)
    known = known_topics(profile)
    for topic in recipe.topics or ():
        if topic not in known:
            raise ValueError(f"The profile {profile!r} has no topic {topic!r}; it has {', '.join(known)}.")
    return _events(recipe, profile)


def _events(recipe: "Recipe", profile: str) -> Iterator["Event"]:
    from robowire_generators.mcap.scenes import point_cloud  # as the robot
    from robowire_generators.robot import Event, simulate

    wanted = recipe.topics
    needed = None if wanted is None else tuple({*wanted, *((SCAN,) if POINTS in wanted else ())} - {POINTS, TRACK})
    if needed == ():
        return
    for event in simulate(
        seed=recipe.seed,
        start_ns=recipe.start_ns,
        duration_ns=recipe.duration_ns,
        profile=profile,
        topics=needed,
    ):
        if wanted is None or event.topic in wanted:
            yield event
        if event.topic == SCAN and (wanted is None or POINTS in wanted):
            yield Event(event.time_ns, POINTS, "sensor_msgs/PointCloud2", point_cloud(event.value))
