"""Bags are cut and joined into bags that others read."""

import bz2
from collections.abc import Callable, Iterator
from pathlib import Path

import lz4.frame
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from robowire_generators.strategies import SampleBag, bags
from robowire_mocks.formats.mcap_cut import Cut
from robowire_mocks.formats.opening import open_recorded
from robowire_mocks.formats.recorded import Kind, RecordedError
from robowire_mocks.formats.rosbag1_cut import bag_pieces
from robowire_mocks.formats.rosbag1_records import MAGIC, Op
from rosbags.rosbag1 import Reader

NewPath = Callable[[], Path]
Told = tuple[int, str, bytes]
UNPACK: dict[bytes, Callable[[bytes], bytes]] = {
    b"none": bytes,
    b"bz2": bz2.decompress,
    b"lz4": lambda data: bytes(lz4.frame.decompress(data)),
}
quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


def read(path: Path) -> list[Told]:
    """The messages as another reader reads them."""
    with Reader(path) as reader:
        return [(time, connection.topic, bytes(data)) for connection, time, data in reader.messages()]


def readable_from_record_to_record(data: bytes) -> bool:
    """Tell whether each message comes after the record of its connection, as those who do not seek want it."""
    known: set[bytes] = set()
    for fields, content in records(data[len(MAGIC) :]):
        if fields[b"op"][0] == Op.CHUNK:
            for inner, _ in records(UNPACK[fields[b"compression"]](content)):
                if inner[b"op"][0] == Op.CONNECTION:
                    known.add(inner[b"conn"])
                elif inner[b"conn"] not in known:
                    return False
    return True


def records(data: bytes) -> Iterator[tuple[dict[bytes, bytes], bytes]]:
    """The fields and the data of each record."""
    at = 0
    while at < len(data):
        header, at = block(data, at)
        content, at = block(data, at)
        fields, place = {}, 0
        while place < len(header):
            field, place = block(header, place)
            name, _, value = field.partition(b"=")
            fields[name] = value
        yield fields, content


def block(data: bytes, at: int) -> tuple[bytes, int]:
    """What stands behind its length, and where it ends."""
    end = at + 4 + int.from_bytes(data[at : at + 4], "little")
    return data[at + 4 : end], end


@quick
@given(st.lists(bags(), min_size=1, max_size=2), st.data())
def test_a_cut_holds_what_is_within(new_path: NewPath, samples: list[SampleBag], data: st.DataObject) -> None:
    """Of any bags, any range and any topics."""
    paths = [new_path() for _ in samples]
    for path, sample in zip(paths, samples, strict=True):
        path.write_bytes(sample.data)
    every = [one for path in paths for one in read(path)]
    bounds = st.sampled_from(sorted({one[0] for one in every}) or [5]).flatmap(
        lambda time: st.integers(max(time - 1, 0), time + 1)
    )
    first, last = sorted((data.draw(bounds), data.draw(bounds)))
    topics = data.draw(st.none() | st.frozensets(st.sampled_from(sorted({one[1] for one in every}) or ["/a"])))
    recordings = [open_recorded(path) for path in paths]
    assert {one.kind for one in recordings} == {Kind.BAG}
    made = new_path().with_suffix(".bag")
    made.write_bytes(b"".join(bag_pieces(recordings, Cut(first, last, topics))))
    chosen = [one for one in every if first <= one[0] <= last and (topics is None or one[1] in topics)]
    found = read(made) if chosen else []
    assert sorted(found) == sorted(chosen)
    assert [one[0] for one in found] == sorted(one[0] for one in found)
    assert open_recorded(made, verify=True).message_count == len(chosen)
    assert readable_from_record_to_record(made.read_bytes())


def test_what_is_no_bag_becomes_none(new_path: NewPath) -> None:
    """MCAP files stay MCAP."""
    from robowire_generators.mcap.sample import json_channel, sample_mcap

    path = new_path()
    path.write_bytes(sample_mcap([json_channel(1, "/a")], []).data)
    with pytest.raises(RecordedError, match="only bags"):
        list(bag_pieces([open_recorded(path)], Cut()))
