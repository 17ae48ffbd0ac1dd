import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from robowire_generators import strategies
from robowire_generators.recipe import BagRecipe, Compression
from robowire_generators.rosbag1 import generate_bag
from robowire_generators.rosbag1_layout import Layout, Op
from robowire_generators.rosbag1_writer import BoundedWriter
from rosbags.rosbag1 import Reader

SECOND = 1_000_000_000


@pytest.mark.parametrize("compression", list(Compression))
def test_the_same_recipe_gives_the_same_bytes(tmp_path: Path, compression: Compression) -> None:
    """Byte for byte; another seed gives others."""
    recipe = BagRecipe(duration_s=3, compression=compression, chunk_size=10_000)
    first = generate_bag(tmp_path / "first.bag", recipe).path.read_bytes()
    again = generate_bag(tmp_path / "again.bag", recipe).path.read_bytes()
    other = generate_bag(tmp_path / "other.bag", BagRecipe(seed=1, duration_s=3)).path.read_bytes()
    assert first == again
    assert first != other


def test_the_bytes_are_the_same_in_another_process(tmp_path: Path) -> None:
    """Nothing depends on the hash seed or on what was made before."""
    here = generate_bag(tmp_path / "here.bag", BagRecipe(seed=5, duration_s=2)).path.read_bytes()
    code = (
        "from robowire_generators.rosbag1 import generate_bag; from robowire_generators.recipe import BagRecipe;"
        "import sys; generate_bag(sys.argv[1], BagRecipe(seed=5, duration_s=2))"
    )
    there = tmp_path / "there.bag"
    subprocess.run([sys.executable, "-c", code, str(there)], check=True, env={"PYTHONHASHSEED": "7"})
    assert there.read_bytes() == here


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(recipe=strategies.recipes(max_duration_s=2.0))
def test_any_recipe_makes_a_bag_that_matches_its_summary(tmp_path: Path, recipe: BagRecipe) -> None:
    """What is told of the bag is what a reader finds in it."""
    summary = generate_bag(tmp_path / "a.bag", recipe, overwrite=True)
    assert summary.size == summary.path.stat().st_size
    with Reader(summary.path) as reader:
        times = [time_ns for _, time_ns, _ in reader.messages()]
    assert (len(times), times[0], times[-1]) == (summary.messages, summary.start_ns, summary.end_ns)
    assert times[0] == recipe.start_ns
    assert recipe.duration_ns is not None
    assert times[-1] <= recipe.start_ns + recipe.duration_ns


@pytest.mark.parametrize("compression", list(Compression))
def test_a_size_is_met_to_within_a_chunk(tmp_path: Path, compression: Compression) -> None:
    """The recording ends when the file has the size; what closes the file comes on top."""
    recipe = BagRecipe(size=300_000, chunk_size=20_000, compression=compression)
    size = generate_bag(tmp_path / "a.bag", recipe).size
    assert 300_000 <= size < 300_000 + 60_000


def test_recording_ends_at_duration_or_size_whichever_comes_first(tmp_path: Path) -> None:
    """Both may be given."""
    short = generate_bag(tmp_path / "short.bag", BagRecipe(duration_s=1, size=10**7))
    small = generate_bag(tmp_path / "small.bag", BagRecipe(duration_s=1000, size=10**5))
    assert short.size < 10**6
    assert small.size < 2 * 10**5


def test_chunks_are_as_large_as_asked_for(tmp_path: Path) -> None:
    """A chunk is closed by the message that fills it."""
    sizes = {}
    for chunk_size in (1, 5_000, 10**6):
        recipe = BagRecipe(duration_s=4, chunk_size=chunk_size)
        summary = generate_bag(tmp_path / f"{chunk_size}.bag", recipe)
        chunks = Layout.of(summary.path.read_bytes()).all(Op.CHUNK)
        sizes[chunk_size] = (len(chunks), summary.messages)
    assert sizes[1][0] == sizes[1][1]
    assert sizes[1][0] > sizes[5_000][0] > sizes[10**6][0] == 1


def test_only_the_topics_asked_for_are_recorded(tmp_path: Path) -> None:
    """And each of them has the messages that it has in the whole recording."""
    summary = generate_bag(tmp_path / "a.bag", BagRecipe(topics=("/odom", "/alerts")))
    with Reader(summary.path) as reader:
        assert set(reader.topics) == {"/odom", "/alerts"}


def test_a_topic_that_is_not_in_the_profile_is_refused(tmp_path: Path) -> None:
    """Before anything is written."""
    with pytest.raises(ValueError, match="no topic '/camera/image_raw'"):
        generate_bag(tmp_path / "a.bag", BagRecipe(profile="small", topics=("/camera/image_raw",)))
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_kept(tmp_path: Path) -> None:
    """Unless overwriting is asked for."""
    path = tmp_path / "a.bag"
    path.write_text("precious")
    with pytest.raises(FileExistsError):
        generate_bag(path, BagRecipe(duration_s=0.1))
    assert path.read_text() == "precious"
    generate_bag(path, BagRecipe(duration_s=0.1), overwrite=True)
    assert path.read_bytes().startswith(b"#ROSBAG V2.0\n")


def test_a_run_that_is_cut_off_leaves_nothing(tmp_path: Path) -> None:
    """Also not when an old file was to be replaced: that one stays as it was."""
    path = tmp_path / "a.bag"
    path.write_text("precious")

    def interrupt(fraction: float) -> None:
        if fraction > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate_bag(path, BagRecipe(chunk_size=1000), overwrite=True, progress=interrupt)
    assert [each.name for each in tmp_path.iterdir()] == ["a.bag"]
    assert path.read_text() == "precious"


@pytest.mark.parametrize("recipe", [BagRecipe(chunk_size=5000), BagRecipe(size=200_000, chunk_size=5000)])
def test_progress_rises_from_nothing_to_all(tmp_path: Path, recipe: BagRecipe) -> None:
    """It is told after each chunk, by time or by size."""
    told: list[float] = []
    generate_bag(tmp_path / "a.bag", recipe, progress=told.append)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)
    assert len(told) > 10


def test_the_writer_keeps_nothing_of_a_message_that_is_written(tmp_path: Path) -> None:
    """Of a chunk on disk it knows only how many messages each connection has in it."""
    with BoundedWriter(tmp_path / "a.bag", chunk_size=1000, compression=Compression.NONE) as writer:
        connection = writer.add_connection("/a", "std_msgs/msg/String", msgdef="string data\n", md5sum="0" * 32)
        for count in range(1000):
            writer.write(connection, SECOND * count, b"\1\0\0\0a")
        kept: list[object] = [messages for chunk in writer.chunks[:-1] for messages in chunk.connections.values()]
        assert writer.chunks_written == len(kept) > 10
        assert all(isinstance(messages, range) for messages in kept)
    with Reader(tmp_path / "a.bag") as reader:
        assert reader.message_count == 1000


PEAK = """
import sys
from robowire_generators.recipe import BagRecipe
from robowire_generators.rosbag1 import generate_bag
generate_bag(sys.argv[1], BagRecipe(size=int(sys.argv[2])))
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from Linux's /proc")
def test_memory_does_not_grow_with_the_bag(tmp_path: Path) -> None:
    """Nine times the images take no more memory, to within a few MB."""

    def peak_mb(size: int) -> float:
        command = [sys.executable, "-c", PEAK, str(tmp_path / f"{size}.bag"), str(size)]
        run = subprocess.run(command, check=True, capture_output=True, text=True)
        (tmp_path / f"{size}.bag").unlink()
        return int(run.stdout) / 1024

    assert peak_mb(180_000_000) - peak_mb(20_000_000) < 8
