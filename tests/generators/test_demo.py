import hashlib
from itertools import pairwise
from pathlib import Path

import pytest
from robowire_fixtures.bags import LATCHED_TOPICS
from robowire_generators.demo import DEMO_BAGS, DemoBag, demo_set
from robowire_generators.recipe import Compression
from rosbags.rosbag1 import Reader

SECOND = 1_000_000_000
SOUND = [bag for bag in DEMO_BAGS if bag.breakage is None]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the set once."""
    folder = tmp_path_factory.mktemp("demo") / "bags"
    made = demo_set(folder)
    assert sorted(folder.iterdir()) == sorted(made)
    assert list(made) == sorted(made)
    return folder


def test_the_set_is_the_same_every_time(demo: Path, tmp_path: Path) -> None:
    """Names, bytes and times of modification."""
    again = demo_set(tmp_path)
    for path in again:
        twin = demo / path.name
        assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(twin.read_bytes()).digest()
        assert path.stat().st_mtime_ns == twin.stat().st_mtime_ns


def test_the_set_is_small_and_has_every_kind(demo: Path) -> None:
    """Under 1.5 MB; every compression, several connections, one bag without messages, one that is cut off."""
    assert sum(path.stat().st_size for path in demo.iterdir()) < 1_500_000
    assert {bag.compression for bag in SOUND} == set(Compression)
    assert len({bag.connections for bag in SOUND}) >= 3
    assert [bag.breakage for bag in DEMO_BAGS if bag.breakage] == ["no-messages", "truncated-in-chunk-data"]
    assert all(bag.duration_s % 900 for bag in DEMO_BAGS)


@pytest.mark.parametrize("bag", SOUND, ids=lambda bag: bag.name)
def test_a_sound_bag_has_what_latched_topics_need(demo: Path, bag: DemoBag) -> None:
    """All fourteen topics; some said all at the start, some speak again after the middle, many on whole seconds."""
    with Reader(demo / bag.name) as reader:
        messages = [(time_ns, connection.topic) for connection, time_ns, _ in reader.messages()]
        assert len(reader.chunk_infos) > 3
    start, end = messages[0][0], messages[-1][0]
    assert 15 * SECOND < end - start < 40 * SECOND
    assert 100 < len(messages) < 600
    latched = [(time_ns, topic) for time_ns, topic in messages if topic in LATCHED_TOPICS]
    counts = {topic: sum(1 for _, each in latched if each == topic) for topic in LATCHED_TOPICS}
    assert min(counts.values()) == 1
    assert sum(count >= 3 for count in counts.values()) >= 3
    middle = (start + end) // 2
    assert {topic for time_ns, topic in latched if time_ns > middle} >= {"/jack_state", "/towing_state", "/local_path"}
    assert {topic for time_ns, topic in latched if time_ns < middle} == set(LATCHED_TOPICS)
    assert any(time_ns > start + 5 * SECOND for time_ns in [_first(latched, topic) for topic in LATCHED_TOPICS])
    assert sum(time_ns % SECOND == 0 for time_ns, _ in messages) >= 5
    assert any(former == latter for former, latter in pairwise(sorted(latched)))


def _first(messages: list[tuple[int, str]], topic: str) -> int:
    return next(time_ns for time_ns, each in messages if each == topic)


@pytest.mark.parametrize("bag", DEMO_BAGS, ids=lambda bag: bag.name)
def test_a_bag_is_dated_at_the_end_of_its_recording(demo: Path, bag: DemoBag) -> None:
    """As a file is that was written until then."""
    recipe = bag.recipe(0)
    assert recipe.duration_ns is not None
    end_ns = recipe.start_ns + recipe.duration_ns
    assert abs((demo / bag.name).stat().st_mtime_ns - end_ns) <= 1000


def test_files_of_the_person_are_kept(tmp_path: Path) -> None:
    """A file of the same name is not replaced unless that is asked for."""
    (tmp_path / DEMO_BAGS[0].name).write_text("precious")
    with pytest.raises(FileExistsError):
        demo_set(tmp_path)
    assert (tmp_path / DEMO_BAGS[0].name).read_text() == "precious"
