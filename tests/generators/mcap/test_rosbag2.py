"""ROS 2 bags of the robot are read by rosbags, whatever they are kept in."""

from pathlib import Path

import pytest
from robowire_generators.mcap.encodings import DIALECTS, Encoding
from robowire_generators.mcap.events import events
from robowire_generators.mcap.rosbag2 import Rosbag2Recipe, StorageId, generate_rosbag2
from robowire_generators.mcap.writer import Compression
from robowire_generators.robot import TOPICS
from rosbags.highlevel import AnyReader
from rosbags.interfaces import ConnectionExtRosbag2, QosDurability


@pytest.mark.parametrize("idl", [False, True])
@pytest.mark.parametrize("storage", list(StorageId))
def test_rosbags_reads_back_what_the_robot_published(storage: StorageId, idl: bool, tmp_path: Path) -> None:  # noqa: FBT001  # a parameter
    """Every message with its time, topic and bytes; every one can be decoded; latched topics are offered as such."""
    recipe = Rosbag2Recipe(seed=3, duration_s=6, storage=storage, idl=idl)
    summary = generate_rosbag2(tmp_path / "bag", recipe)
    published = [(event.time_ns, event.topic, DIALECTS[Encoding.ROS2].encode(event)) for event in events(recipe)]
    with AnyReader([summary.path]) as reader:
        read = [(time_ns, connection.topic, data) for connection, time_ns, data in reader.messages()]
        for connection, _, data in reader.messages():
            reader.deserialize(data, connection.msgtype)
        assert sorted(read) == sorted(published)
        assert (reader.message_count, reader.start_time) == (len(published), summary.start_ns)
        for connection in reader.connections:
            assert isinstance(connection.ext, ConnectionExtRosbag2)
            latched = connection.topic in TOPICS and TOPICS[connection.topic].latched
            durability = connection.ext.offered_qos_profiles[0].durability
            assert (durability is QosDurability.TRANSIENT_LOCAL) == latched


@pytest.mark.parametrize("storage", list(StorageId))
def test_the_same_recipe_gives_the_same_bytes(storage: StorageId, tmp_path: Path) -> None:
    """Every file of the folder."""
    recipe = Rosbag2Recipe(duration_s=3, storage=storage)
    for parent in ("one", "other"):
        (tmp_path / parent).mkdir()
        generate_rosbag2(tmp_path / parent / "bag", recipe)
    one, other = (
        {path.name: path.read_bytes() for path in (tmp_path / parent / "bag").iterdir()} for parent in ("one", "other")
    )
    assert one == other
    assert sorted(one) == sorted(("metadata.yaml", f"bag_0.{'db3' if storage is StorageId.SQLITE3 else 'mcap'}"))


def test_a_bag_ends_at_its_size(tmp_path: Path) -> None:
    """About as large as asked, and progress never falls."""
    told: list[float] = []
    recipe = Rosbag2Recipe(size=2_000_000, profile="telemetry")
    summary = generate_rosbag2(tmp_path / "bag", recipe, progress=told.append)
    assert 1_600_000 < summary.size < 2_400_000
    assert told == sorted(told)


def test_a_folder_that_is_there_stays(tmp_path: Path) -> None:
    """A bag may be replaced if one says so, anything else never."""
    path = tmp_path / "bag"
    generate_rosbag2(path, Rosbag2Recipe(duration_s=1))
    with pytest.raises(FileExistsError):
        generate_rosbag2(path)
    generate_rosbag2(path, Rosbag2Recipe(duration_s=1, storage=StorageId.MCAP), overwrite=True)
    assert (path / "bag_0.mcap").is_file()
    (path / "metadata.yaml").unlink()
    with pytest.raises(FileExistsError):
        generate_rosbag2(path, overwrite=True)
    assert [each.name for each in tmp_path.iterdir()] == ["bag"]


def test_only_mcap_compresses() -> None:
    """SQLite does not."""
    with pytest.raises(ValueError, match="Only the storage mcap compresses"):
        Rosbag2Recipe(compression=Compression.ZSTD)
