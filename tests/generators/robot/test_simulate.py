import math
from itertools import islice, pairwise

import numpy as np
import pytest
from robowire_fixtures.bags import LATCHED_TOPICS
from robowire_generators.robot import PROFILE_TABLE, TOPICS, Event, simulate
from robowire_generators.robot.course import LAP_NS
from robowire_generators.robot.warehouse import DEPTH, WIDTH

START = 1_698_762_600_250_000_000
SECOND = 1_000_000_000


@pytest.fixture(scope="module")
def minute() -> list[Event]:
    """Simulate a minute."""
    return list(simulate(seed=11, start_ns=START, duration_ns=60 * SECOND))


def of(events: list[Event], topic: str) -> list[Event]:
    """Pick a topic."""
    return [event for event in events if event.topic == topic]


def test_all_fourteen_latched_topics_are_published(minute: list[Event]) -> None:
    """Within a minute, and marked as latched."""
    assert {event.topic for event in minute} >= set(LATCHED_TOPICS)
    assert all(TOPICS[topic].latched for topic in LATCHED_TOPICS)


@pytest.mark.parametrize("profile", list(PROFILE_TABLE))
def test_events_come_in_the_order_of_time(profile: str) -> None:
    """In every profile, from the start on, without an end."""
    times = [event.time_ns for event in islice(simulate(start_ns=START, profile=profile), 3000)]
    assert times == sorted(times)
    assert times[0] == START


def test_nothing_is_published_after_the_end() -> None:
    """The last moment belongs to the recording."""
    events = list(simulate(start_ns=START, duration_ns=750_000_000))
    assert max(event.time_ns for event in events) <= START + 750_000_000


def test_a_topic_alone_is_what_it_is_among_the_others(minute: list[Event]) -> None:
    """Topics do not depend on each other."""
    alone = list(simulate(seed=11, start_ns=START, duration_ns=60 * SECOND, topics=("/alerts", "/odom")))
    assert [e.time_ns for e in alone] == [e.time_ns for e in minute if e.topic in {"/alerts", "/odom"}]


def test_seeds_differ() -> None:
    """In where the robot is and when it speaks."""
    first, second = (list(simulate(seed=seed, start_ns=START, duration_ns=9 * SECOND)) for seed in (1, 2))
    assert [e.time_ns for e in first] != [e.time_ns for e in second]
    assert of(first, "/odom")[0].value != of(second, "/odom")[0].value


def test_recordings_that_follow_each_other_fit_together() -> None:
    """The robot is where it was: its place depends on time, not on when the recording started."""
    one = list(simulate(seed=4, start_ns=START, duration_ns=20 * SECOND, topics=("/pose",)))
    two = list(simulate(seed=4, start_ns=START + 10 * SECOND, duration_ns=9 * SECOND, topics=("/pose",)))

    def place(event: Event) -> tuple[float, float]:
        point = event.value["pose"]["pose"]["position"]
        return point["x"], point["y"]

    near = min(one, key=lambda event: abs(event.time_ns - two[0].time_ns))
    assert math.dist(place(near), place(two[0])) < 1.0


def test_latched_topics_speak_seldom_and_at_odd_moments(minute: list[Event]) -> None:
    """Three once only; two exactly on whole seconds; one twice at the same time; all others at odd times."""
    counts = {topic: len(of(minute, topic)) for topic in LATCHED_TOPICS}
    assert [topic for topic, count in counts.items() if count == 1] == ["/map/info", "/map_image", "/robot_model"]
    assert max(counts.values()) <= 40
    for topic in ("/jack_state", "/towing_state"):
        assert sum(event.time_ns % SECOND == 0 for event in of(minute, topic)) >= 3
    for topic in ("/local_path", "/alerts", "/nearby_robot_footprints"):
        assert not any(event.time_ns % SECOND == 0 for event in of(minute, topic))
    racks = [event.time_ns for event in of(minute, "/detected_features/racks_v2")]
    assert any(former == latter for former, latter in pairwise(racks))
    assert of(minute, "/detected_features/chargers")[0].time_ns > START + 7 * SECOND


def test_the_robot_moves_along_its_route_within_the_hall(minute: list[Event]) -> None:
    """Without jumps, and it comes a long way in a minute."""
    points = [event.value["pose"]["pose"]["position"] for event in of(minute, "/pose")]
    steps = [math.dist((a["x"], a["y"]), (b["x"], b["y"])) for a, b in pairwise(points)]
    assert max(steps) < 1.5
    assert sum(steps) > 20
    assert all(0 < point["x"] < WIDTH and 0 < point["y"] < DEPTH for point in points)


def test_odometry_and_commands_agree_with_the_movement(minute: list[Event]) -> None:
    """Where the robot drives it has speed."""
    speeds = [event.value["twist"]["twist"]["linear"]["x"] for event in of(minute, "/odom")]
    assert set(speeds) == {0.0, 0.8}


def test_the_laser_sees_walls_an_open_gate_and_glass() -> None:
    """Finite distances, infinity and NaN, as single-precision numbers."""
    scans = simulate(seed=11, start_ns=START, duration_ns=LAP_NS, topics=("/scan",))
    ranges = np.concatenate([event.value["ranges"] for event in scans])
    assert ranges.dtype == np.float32
    assert np.isfinite(ranges).mean() > 0.8
    assert np.isinf(ranges).any()
    assert np.isnan(ranges).any()
    assert ranges[np.isfinite(ranges)].min() >= 0.1
    assert ranges[np.isfinite(ranges)].max() <= 12


def test_the_battery_drains(minute: list[Event]) -> None:
    """Slowly, and a little with every message."""
    charges = [event.value["percentage"] for event in of(minute, "/battery")]
    assert charges == sorted(charges, reverse=True)
    assert 0 < charges[0] - charges[-1] < 0.01


def test_messages_hold_what_json_finds_hard(minute: list[Event]) -> None:
    """Strings that are not UTF-8, integers that no double holds, durations below zero, bytes, NaN and infinity."""
    status = of(minute, "/diagnostics")[0].value["status"][0]
    with pytest.raises(UnicodeDecodeError):
        status["hardware_id"].decode()
    serials = [sensor["serial"] for e in of(minute, "/sensor_manager_state") for sensor in e.value["sensors"]]
    assert any(int(float(serial)) != serial for serial in serials)
    assert any(e.value["remaining"] < 0 for e in simulate(start_ns=START, duration_ns=LAP_NS) if "planning" in e.topic)
    assert of(minute, "/camera/compressed")[0].value["data"].startswith(b"\x89PNG")
    assert any(math.isnan(event.value["force"]) for event in of(minute, "/towing_state"))
    assert any(
        math.isinf(rack["covariance"][8]) for rack in of(minute, "/detected_features/racks_v2")[1].value["racks"]
    )


def test_images_of_the_full_profile_share_their_memory() -> None:
    """Frames are views of one strip, so that large bags cost only the copy to the file."""
    events = islice(simulate(start_ns=START, profile="full", topics=("/camera/image_raw",)), 3)
    frames = [event.value["data"] for event in events]
    assert {len(frame) for frame in frames} == {640 * 480 * 3}
    assert len({id(frame.obj) for frame in frames}) == 1
