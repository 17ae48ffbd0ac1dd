"""The robot as MCAP: what is written is what readers in two languages find."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from mcap.reader import NonSeekingReader, SeekingReader
from robowire_generators.mcap.encodings import DIALECTS, Encoding
from robowire_generators.mcap.events import events
from robowire_generators.mcap.recipe import McapRecipe
from robowire_generators.mcap.recording import Recording, generate_mcap
from robowire_generators.mcap.writer import Compression


def recorded(recipe: McapRecipe) -> bytes:
    """Record in memory."""
    out = io.BytesIO()
    Recording(out, recipe).run()
    return out.getvalue()


def expected(recipe: McapRecipe) -> list[tuple[int, str, bytes]]:
    """Time, topic and bytes of what the robot publishes."""
    dialect = DIALECTS[recipe.encoding]
    return [(e.time_ns, e.topic, dialect.encode(e)) for e in events(recipe) if dialect.describe(e) is not None]


@pytest.mark.parametrize("encoding", list(Encoding))
@pytest.mark.parametrize(
    "how",
    [
        {"compression": Compression.LZ4, "chunk_size": 20_000},
        {"chunk_size": None, "channels": 3},
        {"index": False, "compression": Compression.NONE},
        {"statistics": False, "crcs": False, "chunk_size": 1},
    ],
    ids=" ".join,
)
def test_the_vendors_reader_finds_what_the_robot_published(encoding: Encoding, how: dict[str, Any]) -> None:
    """Every message is there with its time, topic and bytes, however the file is laid out."""
    recipe = McapRecipe(seed=5, duration_s=4, encoding=encoding, **how)
    reader = NonSeekingReader(io.BytesIO(recorded(recipe)), validate_crcs=True)
    messages = reader.iter_messages(log_time_order=False)
    assert [(m.log_time, c.topic, m.data) for _, c, m in messages] == expected(recipe)


@pytest.mark.parametrize(
    ("encoding", "compression"), [*zip(Encoding, [*Compression, *Compression], strict=True)], ids=str
)
def test_a_reader_in_javascript_decodes_every_message(
    encoding: Encoding, compression: Compression, read_mcap_in_node: Any, tmp_path: Path
) -> None:
    """What the file says of its messages is enough to decode them; attachments and metadata are there."""
    recipe = McapRecipe(seed=5, duration_s=4, encoding=encoding, compression=compression, chunk_size=20_000)
    *read, rest = read_mcap_in_node(generate_mcap(tmp_path / "a.mcap", recipe).path)
    sums = sorted((str(t), topic, hashlib.md5(data).hexdigest()) for t, topic, data in expected(recipe))
    assert sorted((each["logTime"], each["topic"], each["md5"]) for each in read) == sums
    assert [attachment["name"] for attachment in rest["attachments"]] == ["floor-plan.png", "calibration.yaml"]
    assert [record["name"] for record in rest["metadata"]] == ["robot", "foxglove"]
    if encoding is not Encoding.FLATBUFFER:
        assert all(each["message"] for each in read)
        places = {
            event.time_ns: event.value["pose"]["pose"]["position"]["x"]
            for event in events(recipe)
            if event.topic == "/odom"
        }
        for each in read:
            if each["topic"] == "/odom":
                pose = each["message"]["pose"]
                assert pose.get("pose", pose)["position"]["x"] == places.pop(int(each["logTime"]))
        assert not places


def test_the_same_recipe_gives_the_same_bytes() -> None:
    """Nothing of the moment or the machine is in a file; another seed is another robot."""
    recipe = McapRecipe(seed=1, duration_s=3, track_hz=100)
    assert recorded(recipe) == recorded(recipe)
    assert recorded(recipe) != recorded(McapRecipe(seed=2, duration_s=3, track_hz=100))


def test_a_topic_has_as_many_channels_as_asked() -> None:
    """Nodes take turns; each channel says who publishes."""
    recipe = McapRecipe(duration_s=10, channels=3, encoding=Encoding.ROS1, topics=("/odom",))
    summary = SeekingReader(io.BytesIO(recorded(recipe))).get_summary()
    assert summary is not None
    assert [channel.metadata["callerid"] for channel in summary.channels.values()] == ["/base", "/base_2", "/base_3"]
    assert {channel.topic for channel in summary.channels.values()} == {"/odom"}
    assert len(summary.schemas) == 1


def test_metadata_and_attachments_can_be_chosen() -> None:
    """The record that the platform reads names device and key; without them nothing is written."""
    reader = SeekingReader(io.BytesIO(recorded(McapRecipe(duration_s=1, device_name="carrier", key="run-1"))))
    assert [r.metadata for r in reader.iter_metadata() if r.name == "foxglove"] == [
        {"deviceName": "carrier", "key": "run-1"}
    ]
    bare = SeekingReader(io.BytesIO(recorded(McapRecipe(duration_s=1, metadata=False, attachments=False))))
    assert not list(bare.iter_metadata())
    assert not list(bare.iter_attachments())


def test_a_recording_ends_at_its_size_and_tells_how_far_it_is(tmp_path: Path) -> None:
    """The file has about the size asked for, and progress never falls."""
    told: list[float] = []
    recipe = McapRecipe(size=300_000, chunk_size=10_000, compression=Compression.NONE, profile="telemetry")
    summary = generate_mcap(tmp_path / "a.mcap", recipe, progress=told.append)
    assert 300_000 <= summary.size < 400_000
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)
    assert len(told) > 10


def test_a_recording_without_messages_is_valid(tmp_path: Path) -> None:
    """So short that nothing of the topic is published."""
    summary = generate_mcap(tmp_path / "a.mcap", McapRecipe(duration_s=0.01, topics=("/gps/fix",)))
    assert (summary.messages, summary.start_ns) == (0, None)
    with summary.path.open("rb") as stream:
        assert not list(SeekingReader(stream).iter_messages())


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    """Unless it may be replaced; nothing else is left beside it."""
    path = tmp_path / "a.mcap"
    path.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        generate_mcap(path)
    with pytest.raises(ValueError, match="has no topic '/nothing'"):
        generate_mcap(path, McapRecipe(topics=("/nothing",)), overwrite=True)
    with pytest.raises(ValueError, match="/battery has no form in the encoding protobuf"):
        generate_mcap(path, McapRecipe(topics=("/battery",)), overwrite=True)
    assert path.read_bytes() == b"mine"
    assert [each.name for each in tmp_path.iterdir()] == ["a.mcap"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"encoding": "morse"}, "There is no encoding 'morse'"),
        ({"compression": "bz2"}, "There is no compression 'bz2'"),
        ({"encoding": "ros2", "start_ns": 2**31 * 10**9}, "2038"),
        ({"channels": 0}, "1 to 100 channels"),
        ({"track_hz": -1.0}, "0 to 1000000 poses"),
        ({"topics": ("/track",)}, "how many poses a second"),
        ({"chunk_size": 0}, "chunk size"),
        ({"duration_s": float("nan")}, "duration"),
        ({"duration_s": float("inf"), "encoding": "ros2"}, "duration"),
    ],
)
def test_what_makes_no_recording_is_told(values: dict[str, Any], said: str) -> None:
    """One sentence says what is wrong."""
    with pytest.raises(ValueError, match=said):
        McapRecipe(**values)
