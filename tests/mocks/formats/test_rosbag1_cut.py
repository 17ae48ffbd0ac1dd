"""Bags are cut and joined into bags that others read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from robowire_generators.strategies import SampleBag, bags
from robowire_mocks.formats.mcap_cut import Cut
from robowire_mocks.formats.opening import open_recorded
from robowire_mocks.formats.recorded import Kind, RecordedError
from robowire_mocks.formats.rosbag1_cut import bag_pieces
from rosbags.rosbag1 import Reader

NewPath = Callable[[], Path]
Told = tuple[int, str, bytes]
quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


def read(path: Path) -> list[Told]:
    """The messages as another reader reads them."""
    with Reader(path) as reader:
        return [(time, connection.topic, bytes(data)) for connection, time, data in reader.messages()]


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


def test_what_is_no_bag_becomes_none(new_path: NewPath) -> None:
    """MCAP files stay MCAP."""
    from robowire_generators.mcap.sample import json_channel, sample_mcap

    path = new_path()
    path.write_bytes(sample_mcap([json_channel(1, "/a")], []).data)
    with pytest.raises(RecordedError, match="only bags"):
        list(bag_pieces([open_recorded(path)], Cut()))
