from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from robowire_generators import strategies
from robowire_generators.broken import BREAKAGES, Breakage, Harm, break_bag, generate_broken_bag
from robowire_generators.recipe import BagRecipe, Compression
from robowire_generators.rosbag1_layout import Layout, Op
from rosbags.rosbag1 import Reader

ALL = [pytest.param(breakage, id=name) for name, breakage in BREAKAGES.items()]


def read_all(path: Path) -> int:
    """Read every message with rosbags and count them."""
    with Reader(path) as reader:
        return sum(1 for _ in reader.messages())


@pytest.mark.parametrize("compression", list(Compression))
@pytest.mark.parametrize("breakage", ALL)
def test_a_reader_notices(
    recorded: dict[Compression, bytes], tmp_path: Path, breakage: Breakage, compression: Compression
) -> None:
    """What is broken cannot be read whole by rosbags; what is only unusual can."""
    whole = recorded[compression]
    path = tmp_path / "broken.bag"
    path.write_bytes(breakage.apply(whole))
    assert path.read_bytes() != whole
    if breakage.harm is Harm.NONE:
        assert read_all(path) == 0
    elif breakage.name == "definitions-garbled":  # rosbags gives bytes and leaves decoding to others
        with Reader(path) as reader:
            assert all(set(connection.msgdef.data) == {"?"} for connection in reader.connections)
    elif breakage.name == "index-of-nobody":  # rosbags drops the messages that it cannot attribute
        assert read_all(path) < len(_messages(whole, tmp_path))
    else:
        with pytest.raises(Exception, match=r"(?s).*"):
            read_all(path)


def _messages(bag: bytes, folder: Path) -> list[int]:
    path = folder / "whole.bag"
    path.write_bytes(bag)
    with Reader(path) as reader:
        return [time_ns for _, time_ns, _ in reader.messages()]


@pytest.mark.parametrize("breakage", ALL)
def test_breaking_is_reproducible(recorded: dict[Compression, bytes], breakage: Breakage) -> None:
    """The same bag is broken into the same bytes."""
    assert breakage.apply(recorded[Compression.NONE]) == breakage.apply(recorded[Compression.NONE])


def test_a_bag_is_cut_off_at_every_kind_of_boundary(recorded: dict[Compression, bytes]) -> None:
    """Within and after the bag header, chunks, indexes, connections and chunk infos."""
    whole = recorded[Compression.NONE]
    layout = Layout.of(whole)
    cuts = {len(b.apply(whole)) for name, b in BREAKAGES.items() if name.startswith("truncated")}
    for op in (Op.BAG_HEADER, Op.CHUNK, Op.INDEX, Op.CONNECTION, Op.CHUNK_INFO):
        assert any(record.start < cut < record.data for record in layout.all(op) for cut in cuts) or op is Op.INDEX, op
        assert any(record.data < cut < record.end for record in layout.all(op) for cut in cuts), op
    starts = {layout.first(op).start for op in (Op.BAG_HEADER, Op.CHUNK, Op.CONNECTION, Op.CHUNK_INFO)}
    assert starts <= cuts


@pytest.mark.parametrize("breakage", ALL)
def test_each_breakage_says_what_it_does(breakage: Breakage) -> None:
    """In one sentence."""
    assert breakage.summary.endswith(".")
    assert breakage.name == breakage.name.lower().replace("_", "-").replace(" ", "-")


def test_an_unknown_breakage_is_refused() -> None:
    """The error lists the known ones."""
    with pytest.raises(ValueError, match="chunk-damaged"):
        break_bag("smashed", b"")


@pytest.mark.parametrize("spoil", [lambda bag: bag[:-1], lambda _: b"no bag", lambda _: b"#ROSBAG V2.0\n"])
def test_only_a_valid_bag_can_be_broken(recorded: dict[Compression, bytes], spoil: Callable[[bytes], bytes]) -> None:
    """Anything else is an error of the caller."""
    with pytest.raises(ValueError, match="can be broken"):
        break_bag("chunk-damaged", spoil(recorded[Compression.NONE]))


def test_a_broken_bag_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """Like a sound one: an existing file stays unless it is to be replaced, and nothing else is left."""
    path = tmp_path / "broken.bag"
    written = generate_broken_bag(path, "truncated-last-byte", BagRecipe(duration_s=1))
    assert path.stat().st_size == written
    with pytest.raises(FileExistsError):
        generate_broken_bag(path, "empty")
    with pytest.raises(ValueError, match="no breakage"):
        generate_broken_bag(tmp_path / "other.bag", "smashed")
    assert [each.name for each in tmp_path.iterdir()] == ["broken.bag"]
    assert generate_broken_bag(path, "empty", overwrite=True) == 0


@settings(max_examples=25, deadline=None)
@given(strategies.broken_bags())
def test_any_bag_can_be_broken(broken: tuple[str, bytes]) -> None:
    """Whatever it holds; the name says how it was broken."""
    name, data = broken
    assert name in BREAKAGES
    assert isinstance(data, bytes)
